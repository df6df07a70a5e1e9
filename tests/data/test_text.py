"""Text: the frozen prose and how it is remade, the split by topic, letters as numbers, tasks, the planted crawl."""

import json

import pytest
import torch

from course_utils.data import text
from course_utils.data.crawl import GOOD, PURE, crawl
from course_utils.training import seeded


@pytest.fixture(scope="module")
def documents():
    return text.corpus()


def test_the_frozen_prose_is_there_plain_and_whole(documents):
    assert 150_000 < sum(len(document.text) for document in documents) < 250_000
    assert {document.topic for document in documents} == {f"{number:02d}" for number in range(1, 9)}
    assert len({document.name for document in documents}) == len(documents) == 17
    for document in documents:
        assert document.text.isascii() and document.text.endswith("\n") and len(document.text) > 4_000
        assert not any(sign in document.text for sign in ("```", "$$", "](", "**", "\\", "<details"))


def test_the_prose_is_remade_from_the_notebooks(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["# A *page*\n", "\n", "One $x$, σ, $\\mu$\n", "and [two](b.md).\n"]},
        {"cell_type": "code", "source": ["print(1)"]},
        {
            "cell_type": "markdown",
            "source": ["$$a=b$$\n\n```python\ncode\n```\n| a | b |\n\n## Further reading\n\n- X"],
        },
    ]
    for name in ("lectures/03_vae.ipynb", "assignments/03_vae/03_vae.ipynb", "lectures/08a_flows.ipynb"):
        page = tmp_path / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    file = tmp_path / "prose.txt"
    assert text.remake(tmp_path, file) == len(file.read_text())
    made = text.corpus(file)
    assert [(d.topic, d.name) for d in made] == [("03", "lecture 03"), ("08", "lecture 08a"), ("03", "assignment 03")]
    assert {d.text for d in made} == {"A page\nOne x, sigma, ~ and two.\n"}


def test_what_is_no_such_file_or_folder_says_so(tmp_path):
    (tmp_path / "other.txt").write_text("words")
    with pytest.raises(ValueError, match="remake it"):
        text.corpus(tmp_path / "other.txt")
    with pytest.raises(FileNotFoundError, match="course's folder"):
        text.remake(tmp_path, tmp_path / "prose.txt")


def test_the_split_holds_out_whole_topics(documents):
    for seed in range(3):
        train, test = text.split(documents, seed)
        assert len(train) + len(test) == len(documents) and len({d.topic for d in test}) == 2
        assert not {d.topic for d in train} & {d.topic for d in test}
    assert text.split(documents, 0) == text.split(documents, 0) != text.split(documents, 1)
    for wrong in (0, 8):
        with pytest.raises(ValueError, match="both sides"):
            text.split(documents, test=wrong)


def test_letters_become_numbers_and_letters_again(documents):
    alphabet = text.Characters(document.text for document in documents)
    for document in documents:
        tokens = alphabet.encode(document.text)
        assert tokens.dtype == torch.long and alphabet.decode(tokens) == document.text
        assert tokens.min() >= 0 and tokens.max() < len(alphabet)
    with pytest.raises(ValueError, match=r"not in the alphabet.*'ж'"):
        alphabet.encode("aж")


def followed(task, row, t):
    return task.x[row, t - task.distance[row, t]]


@pytest.mark.parametrize("distance", [2, 17, 39, None])
def test_a_key_is_asked_for_where_it_stood(distance):
    task = text.recall(200, 40, distance, seeded())
    assert task.x.shape == (200, 40) and (task.asked.sum(1) == 1).all() and task.asked[:, -1].all()
    assert ((task.x < text.KEYS).sum(1) == 2).all() and (task.x[:, -2] == task.kinds - 1).all()
    assert all(followed(task, row, 39) == task.x[row, 39] for row in range(200))
    assert set(task.distance[:, -1].tolist()) == ({distance} if distance else set(range(2, 40)))
    assert set(task.x[:, -1].tolist()) == set(range(text.KEYS)) and task.chance == 1 / text.KEYS


def test_brackets_are_balanced_and_each_closes_the_one_it_is_counted_from():
    task = text.brackets(200, 24, seeded())
    closing = task.x >= text.PAIRS
    assert torch.equal(closing, task.asked) and (closing.sum(1) == 12).all()
    for row in range(200):
        line = "".join("([{)]}"[token] for token in task.x[row].tolist())
        while any(pair in line for pair in ("()", "[]", "{}")):
            line = line.replace("()", "").replace("[]", "").replace("{}", "")
        assert line == ""
        assert all(followed(task, row, t) == task.x[row, t] - text.PAIRS for t in range(24) if task.asked[row, t])
    assert task.distance.max() > 12 and (task.distance[task.asked] % 2 == 1).all()


@pytest.mark.parametrize("distance", [4, 20, None])
def test_what_followed_once_follows_again(distance):
    task = text.induction(100, 41, distance, seeded())
    for row in range(100):
        for t in range(41):
            if task.asked[row, t]:
                assert followed(task, row, t) == task.x[row, t] and followed(task, row, t) != task.x[row, t - 1]
        far = int(task.distance[row, -1])
        assert len(set(task.x[row, :far].tolist())) == far and task.asked[row].sum() == 41 - far - 1


def test_a_table_is_new_in_each_sequence_and_who_remembers_is_right_as_often_as_said():
    task = text.few_shot(4_000, 6, seeded())
    assert task.asked[:, 1::2].all() and not task.asked[:, ::2].any()
    right = torch.zeros(6)
    for row in range(4_000):
        table = {}
        for k in range(6):
            cue, value = task.x[row, 2 * k : 2 * k + 2].tolist()
            assert table.setdefault(cue, value) == value
            far = int(task.distance[row, 2 * k + 1])
            seen = [j for j in range(k) if task.x[row, 2 * j] == cue]
            assert far == (2 * (k - seen[-1]) if seen else 0)
            right[k] += 1 if far else 1 / text.VALUES
    expected = 1 - 7 / 8 * 0.75 ** torch.arange(6)
    assert ((right / 4_000 - expected).abs() < 0.03).all() and len(task.x.unique(dim=0)) > 3_900


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: text.recall(2, 10, 1),
        lambda: text.recall(2, 10, 10),
        lambda: text.brackets(2, 7),
        lambda: text.induction(2, 20, 11),
        lambda: text.induction(2, 20, 3),
    ],
)
def test_tasks_refuse_what_cannot_be_asked(wrong):
    with pytest.raises(ValueError, match=r"distance must be|even length"):
        wrong()


def test_tasks_repeat_with_their_seed_and_leave_the_global_one_alone():
    kept = torch.get_rng_state()
    for make in (text.recall, text.brackets, text.induction, lambda n, length, rng: text.few_shot(n, length // 2, rng)):
        first, again, other = (make(20, 40, rng=seeded(seed)).x for seed in (0, 0, 1))
        assert torch.equal(first, again) and not torch.equal(first, other)
        task = make(200, 40, rng=seeded())
        assert set(task.x[task.asked].tolist()) == set(task.answers) and task.chance == 1 / len(task.answers)
        assert task.x.max() < task.kinds
    assert torch.equal(torch.get_rng_state(), kept)


@pytest.fixture(scope="module")
def pages(documents):
    return crawl(documents, seeded())


def test_the_crawl_holds_what_was_planted(pages, documents):
    kinds = [page.kind for page in pages]
    assert kinds.count("copy") == kinds.count("near copy") == 30 and kinds.count("personal") == 25
    for make, count in PURE.items():
        assert kinds.count(make.__name__) == count
    good = sum(kind in GOOD for kind in kinds)
    assert good > len(pages) / 2 and kinds.count("prose") > 100
    assert {page.topic for page in pages if page.kind == "prose"} == {document.topic for document in documents}


def test_copies_are_copies_and_near_copies_nearly(pages):
    for number, page in enumerate(pages):
        if page.kind == "copy":
            assert page.of < number and page.text == pages[page.of].text and pages[page.of].kind == "prose"
        elif page.kind == "near copy":
            original, words = set(pages[page.of].text.split()), set(page.text.split())
            assert page.text != pages[page.of].text and len(original & words) > 0.5 * len(original | words)
        else:
            assert page.of == -1


def test_the_secrets_of_a_page_stand_in_it_and_nowhere_else(pages):
    for page in pages:
        assert bool(page.secrets) == (page.kind == "personal")
        assert all(secret in page.text for secret in page.secrets)
    mail = {page.secrets[2] for page in pages if page.secrets}
    assert any("@" in address for address in mail) and any(" dot " in address for address in mail)


def test_a_crawl_repeats_with_its_seed_and_needs_enough_pages(documents):
    assert crawl(documents, seeded(1)) == crawl(documents, seeded(1)) != crawl(documents, seeded(2))
    with pytest.raises(ValueError, match="need as many pages"):
        crawl(documents[:1], seeded())
