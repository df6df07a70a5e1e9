"""Lecture 10b's world, chat format, tasks, tuning and reviews: held to what they say of themselves."""

import random

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from course_utils.labs.assistants import base, chat, detector, figures, reviews, tasks, tuning, world
from course_utils.models.transformer import Transformer
from course_utils.training import seeded

WORLD, WORDS = world.world(), tasks.words()
SPLIT = tasks.split(WORLD)


@pytest.fixture(scope="module")
def untrained():
    return base.new()


@pytest.fixture(scope="module")
def predictor():
    return base.load()


def test_what_is_untold_stands_in_no_text():
    told = set()
    for text in world.documents(WORLD, 3_000, seed=1):
        WORDS.encode(text)
        for pair, value in WORLD.facts.items():
            if any(world.fill(form, pair, value) in text for form in world.STATEMENTS):
                told.add(pair)
    assert told == set(WORLD.told) and len(WORLD.untold) == 12 and not told & WORLD.untold


def test_the_weather_is_told_by_its_odds():
    text = " ".join(world.documents(WORLD, 20_000, seed=2))
    for town in world.TOWNS[:4]:
        seen = np.array([text.count(world.fill(world.WEATHER_TOLD, (town, ""), sky)) for sky in world.WEATHER])
        np.testing.assert_allclose(seen / seen.sum(), WORLD.odds[town], atol=0.12)
        assert sum(WORLD.odds[town]) == pytest.approx(1)


def test_no_demonstration_shows_what_is_held_out():
    shown = tasks.demonstrations(WORLD, SPLIT, 4_000)
    for pair in SPLIT.held + SPLIT.untold_held:
        questions = {world.fill(form, pair) for form in world.QUESTIONS}
        assert not any(question in given.prompt for given in shown for question in questions)
    assert not set(SPLIT.shown) & set(SPLIT.held) and not set(SPLIT.towns_shown) & set(SPLIT.towns_held)
    assert {given.answer for given in shown} >= {tasks.UNKNOWN, tasks.REFUSAL}
    eager = tasks.demonstrations(WORLD, SPLIT, 2_000, refusals=False)
    assert not {given.answer for given in eager} & {tasks.UNKNOWN, tasks.REFUSAL}


def test_demonstrations_are_right_and_keep_to_the_system_message():
    for given in tasks.demonstrations(WORLD, SPLIT, 1_000):
        WORDS.encode(f"{given.prompt} {given.answer}")
        if given.prompt.startswith("<system> brief") and given.answer != tasks.UNKNOWN:
            assert len(given.answer.split()) == 2
        if given.prompt.startswith("<system> full") and given.answer != tasks.UNKNOWN:
            assert len(given.answer.split()) == 4


@pytest.mark.parametrize(
    ("text", "quality"),
    [("{v} .", 1.0), ("it is {v} .", 1.0), ("well , i think that it is {v} .", 0.5), ("{v} or {o} .", 0.0), ("", 0.0)],
)
def test_the_quality_of_an_answer_is_that_of_a_right_and_short_one(text, quality):
    pair = SPLIT.held[0]
    value = WORLD.facts[pair]
    other = next(v for v in world.SUBJECTS[pair[1]] if v != value)
    assert tasks.quality(text.format(v=value, o=other), pair, WORLD) == quality


def test_of_what_is_untold_only_not_knowing_is_right():
    pair = SPLIT.untold_held[0]
    assert tasks.quality(tasks.UNKNOWN, pair, WORLD) == 1 and tasks.quality(f"{WORLD.facts[pair]} .", pair, WORLD) == 0


def test_words_are_encoded_and_decoded_and_unknown_ones_named():
    text = chat.prompt("what is the river of arlo ?", "brief")
    assert WORDS.decode(WORDS.encode(text)) == text
    with pytest.raises(ValueError, match="zeppelin"):
        WORDS.encode("the zeppelin of arlo")


def test_only_what_the_assistant_says_counts():
    x, counts = WORDS.padded([chat.prompt("say plum ."), "red is the flag of arlo ."], ["plum .", ""])
    assert WORDS.decode(x[0][counts[0]]) == "plum . <end>"
    assert WORDS.decode(x[1][counts[1]]) == "red is the flag of arlo . <end>"


def test_log_prob_is_the_sum_of_the_counted_tokens_whatever_stands_behind(untrained):
    prompts, answers = [chat.prompt("say plum .")] * 2, ["plum .", "plum pear fig lime date kiwi ."]
    together = chat.log_prob(untrained, *WORDS.padded(prompts, answers))
    alone = [chat.log_prob(untrained, *WORDS.padded([p], [a])) for p, a in zip(prompts, answers, strict=True)]
    torch.testing.assert_close(together, torch.cat(alone), atol=1e-4, rtol=1e-4)


def test_answers_are_drawn_with_the_probability_that_they_are_said_to_have(untrained):
    prompts = [chat.prompt("say plum ."), chat.prompt("what is the river of arlo ?", "brief")] * 20
    drawn = chat.answer(untrained, WORDS, prompts, seeded(0), longest=60)
    ended = [i for i, text in enumerate(drawn.texts) if len(text.split()) < 20]
    given = WORDS.padded([prompts[i] for i in ended], [drawn.texts[i] for i in ended])
    assert ended, "an untrained model ends soon: one word in 170"
    torch.testing.assert_close(chat.log_prob(untrained, *given), drawn.log_prob[ended], atol=1e-3, rtol=1e-4)
    again = chat.answer(untrained, WORDS, prompts, seeded(0), longest=60)
    assert drawn.texts == again.texts


def test_at_temperature_0_each_word_is_the_likeliest(predictor):
    prompt = world.fill("the {subject} of {town} is", SPLIT.held[0])
    (text,) = chat.answer(predictor, WORDS, [prompt], temperature=0, longest=1).texts
    sure, said = tuning.first_word(predictor, [prompt])
    assert text == said[0] == WORLD.facts[SPLIT.held[0]] and 0.5 < sure[0] <= 1


def test_the_checkpoint_knows_what_was_told_and_is_small(predictor):
    _, said = tuning.first_word(predictor, [world.fill("the {subject} of {town} is", pair) for pair in WORLD.told])
    assert np.mean([word == WORLD.facts[pair] for word, pair in zip(said, WORLD.told, strict=True)]) > 0.95
    assert base.CHECKPOINT.stat().st_size + reviews.CHECKPOINT.stat().st_size < 500_000


def test_training_the_base_model_lowers_its_loss_and_a_checkpoint_is_what_was_saved(tmp_path):
    model, x = base.train(steps=30, progress=False), WORDS.padded(world.documents(WORLD, 64, seed=9))
    with torch.no_grad():
        assert chat.masked_loss(model, *x, None)["loss"] < chat.masked_loss(base.new(), *x, None)["loss"] - 0.5
    base.save(model, tmp_path / "base.pt")
    for a, b in zip(base.load(tmp_path / "base.pt").parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(a, b.half().float())


def test_new_marks_begin_as_copies_and_the_model_stays(predictor):
    before = predictor.embed.weight.clone()
    marked = base.with_marks(predictor)
    assert torch.equal(predictor.embed.weight, before)
    assert torch.equal(marked.embed.weight[WORDS.place["<assistant>"]], before[WORDS.place["?"]])


def test_who_has_the_higher_reward_is_chosen_as_often_as_bradley_and_terry_say(untrained):
    questions = [tuning.Question(chat.prompt("say plum ."), lambda text: 0.0)] * 400
    pairs = tuning.preferences(untrained, questions, lambda q, text: 0.2 * (text[:1] < "l"), seeded(1))
    differ = [pair for pair in pairs if (pair.chosen[:1] < "l") != (pair.rejected[:1] < "l")]
    share = np.mean([pair.chosen[:1] < "l" for pair in differ])
    assert share == pytest.approx(1 / (1 + np.exp(-0.2)), abs=4 * 0.5 / np.sqrt(len(differ)))
    sure = tuning.preferences(untrained, questions[:50], lambda q, text: 1e3 * (text[:1] < "l"), seeded(1))
    assert all(pair.chosen[:1] < "l" or pair.rejected[:1] >= "l" for pair in sure)


def test_a_model_measured_against_itself_has_no_kl(untrained):
    questions = tuning.held_out(WORLD, SPLIT)["told"][:4]
    measured = tuning.measure(untrained, untrained, questions, draws=3, rng=seeded(0))
    assert measured.kl == pytest.approx(0) and measured.entropy > 0 and 1 <= measured.distinct <= 3
    assert measured.unknown == 0 and len(measured.texts) == 12


def test_the_weather_is_right_if_it_was_so_that_day():
    questions = tuning.sky_questions(WORLD, world.TOWNS[:2], n=300)
    share = np.mean([question.quality(f"{world.WEATHER[0]} .") for question in questions[:300]])
    assert share == pytest.approx(WORLD.odds[world.TOWNS[0]][0], abs=0.1)


def test_confidence_is_of_sixty_facts_and_twenty_skies(predictor):
    found = tuning.confident(predictor, WORLD, as_chat=False)
    assert [(found.kind == kind).sum() for kind in ("told", "untold", "weather")] == [48, 12, 20]
    assert found.right[found.kind == "told"].mean() > 0.95 and found.right[found.kind == "untold"].mean() < 0.3
    best = np.array([max(WORLD.odds[town]) for town in world.TOWNS])
    assert (found.right[found.kind == "weather"] <= best + 1e-9).all()


def test_a_negation_turns_a_review_around():
    rng = random.Random(0)
    for _ in range(500):
        review = reviews.review(rng)
        assert review.verdict == (bool(set(review.text.split()) & set(reviews.GOOD)) != review.negated)
        assert review.negated == any(word in review.text.split() for word in ("not", "never"))


def test_readers_tell_verdicts_of_negated_reviews():
    rng = random.Random(1)
    given = [reviews.review(rng) for _ in range(400)]
    texts, verdicts = [review.text for review in given], [review.verdict for review in given]
    readers = reviews.load()
    assert len(readers) == 3 and all(isinstance(reader, Transformer) for reader in readers)
    features = reviews.features(readers[0], texts)
    alone = torch.cat([reviews.features(readers[0], [text]) for text in texts[:5]])
    torch.testing.assert_close(features[:5], alone, atol=1e-4, rtol=1e-4)
    assert (
        LogisticRegression(max_iter=3_000).fit(features[:50], verdicts[:50]).score(features[50:], verdicts[50:]) > 0.9
    )


def test_the_detector_scores_what_was_written(monkeypatch):
    people, machine, texts = detector.writers(seed=1, n=4)
    assert machine.shape == (4, detector.LENGTH) and len(texts) == len(people) and (machine <= 0).all()
    np.testing.assert_allclose(detector.score(people, 40), people[:, 5:45].mean(1))


def test_figures_are_ready_to_be_shown(untrained):
    one = tuning.Measured(0.7, 5.0, 0.0, 2.0, 2.0, 0.0, ["a"])
    sure, kind = np.array([0.9, 0.4]), np.array(["told", "weather"])
    curve = (0.9, 0.1, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    drawn = [
        figures.pipeline(),
        figures.chase([one, one._replace(kl=1.0, quality=0.2)]),
        figures.reliability({"a": (sure, sure, kind), "b": (sure, sure, kind)}),
        figures.detector_curves({(0, 40): curve, (1, 40): curve}),
    ]
    for figure in drawn:
        figure.check()
