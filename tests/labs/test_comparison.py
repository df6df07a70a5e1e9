"""The bench of lecture 05: equal budgets, repeatable runs, measures with a known answer, verdicts by their rule."""

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from course_utils import data
from course_utils.labs import comparison as bench
from course_utils.labs.comparison import boxes, contenders, explorer, plots, protocol, scoring, table, tuning, verdicts
from course_utils.models import mixtures


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def splits():
    return bench.splits()


@pytest.fixture(scope="module")
def classifier(splits):
    return bench.classifier_of(splits)


class Stub(bench.Model):
    """Gray images; notes what it is asked to do."""

    def __init__(self, splits=None, seed=0, value=0.5):
        self.seed, self.value, self.seen = seed, value, []

    def step(self, progress):
        self.seen.append(progress)

    def sample(self, n, *, y=None, rng=None):
        return (self.value + 0.05 * torch.randn(n, 1, 8, 8, generator=rng)).clamp(0, 1)


# Equal conditions.


def test_no_digit_is_in_two_splits_and_none_is_lost(splits):
    every = [tuple(x.flatten().tolist()) for part in splits[:3] for x in part]
    known = torch.cat([data.images("digits", split)[0] for split in ("train", "test")])
    assert [len(part) for part in splits] == [1077, 360, 360, 1437]
    assert sorted(every) == sorted(tuple(x.flatten().tolist()) for x in known)
    assert torch.equal(splits.test, data.images("digits", "test")[0])
    x, y = data.images("digits", "train")
    own = {tuple(image.flatten().tolist()): label for image, label in zip(x, y.tolist(), strict=True)}
    learned = torch.cat([splits.fit, splits.validation])
    assert [own[tuple(image.flatten().tolist())] for image in learned] == splits.y.tolist()


def test_larger_images_are_made_as_the_digits_were():
    x = torch.zeros(2, 1, 28, 28)
    x[0, 0, :14, :14], x[1] = 0.6, 0.4  # a quarter of the image counts as white, the other image as black
    blocks = data.as_blocks(x)
    quarter = torch.zeros(8, 8)
    quarter[:4, :4] = 1
    assert torch.equal(blocks[0, 0], quarter) and not blocks[1].any()
    noisy = data.as_blocks(torch.rand(50, 1, 28, 28, generator=seeded()))
    assert torch.equal(protocol.to_levels(noisy), noisy) and len(noisy.unique()) > 10
    assert torch.equal(data.as_blocks(blocks), blocks)


def test_another_data_set_takes_the_place_of_the_digits(monkeypatch):
    asked = []

    def images(name, split, *, limit):
        asked.append((name, split, limit))
        return torch.rand(limit, 1, 28, 28, generator=seeded()), torch.arange(limit) % 10

    monkeypatch.setattr(data, "images", images)
    parts = bench.splits("mnist")
    assert asked == [("mnist", "train", 1437), ("mnist", "test", 360)]
    assert [tuple(part.shape) for part in parts] == [(1077, 1, 8, 8), (360, 1, 8, 8), (360, 1, 8, 8), (1437,)]
    assert torch.equal(protocol.to_levels(parts.fit), parts.fit)


@pytest.mark.parametrize("contender", bench.CONTENDERS, ids=lambda contender: contender.name)
def test_every_contender_keeps_the_parameter_budget(contender, splits):
    model = contender.build(splits, 0)
    assert abs(model.parameters / contenders.BUDGET - 1) < 0.05 and 0 < model.drawing <= model.parameters


def test_what_is_counted_is_what_training_moves(splits):
    vae = contenders.TrainedVAE(splits, 0, lr=0.01)
    gan = contenders.TrainedGAN(splits, 0, lr=0.01).gan
    assert contenders.TrainedVAE(splits, 0, lr=0.01).parameters == sum(
        p.numel() for group in vae.optimizer.param_groups for p in group["params"]
    )
    moved = [p for opt in (gan.opt_d, gan.opt_g) for group in opt.param_groups for p in group["params"]]
    assert contenders.TrainedGAN(splits, 0, lr=0.01).parameters == sum(p.numel() for p in moved)


def test_width_for_finds_the_nearest_and_refuses_what_is_not_near():
    assert protocol.width_for(lambda h: h * h, 10_000) == 100
    assert protocol.width_for(lambda h: h * h, 10_200) == 101
    with pytest.raises(ValueError, match="nearest to 50"):
        protocol.width_for(lambda h: 100 * h, 50)
    with pytest.raises(ValueError, match="nearest to 9999"):
        protocol.width_for(lambda h: h, 9999, widest=10)


def test_seconds_per_step_are_those_of_the_clock():
    now = [0.0]

    class Ticking(Stub):
        def step(self, progress):
            now[0] += 0.02

    contender = bench.Contender("ticking", Ticking)
    assert protocol.seconds_per_step(contender, None, clock=lambda: now[0]) == pytest.approx(0.02)


def test_steps_fill_the_budget_and_there_is_at_least_one(monkeypatch):
    monkeypatch.setattr("course_utils.labs.comparison.protocol.seconds_per_step", lambda contender, splits: 0.01)
    contender = bench.Contender("any", Stub)
    assert [protocol.steps_for(contender, None, budget) for budget in (3.0, 0.001)] == [300, 1]
    assert protocol.steps_for(replace(contender, steps=7), None, 3.0) == 7


def test_a_run_goes_from_the_beginning_to_the_end_of_the_schedule():
    model = protocol.train(bench.Contender("any", Stub), None, 5, 4).model
    assert model.seen == [0, 0.25, 0.5, 0.75] and model.seed == 5


@pytest.mark.parametrize("contender", bench.CONTENDERS, ids=lambda contender: contender.name)
def test_the_same_seed_and_steps_give_the_same_model_and_leave_global_randomness_alone(contender, splits):
    torch.manual_seed(3)
    before = torch.get_rng_state()
    drawn = [protocol.train(contender, splits, seed, 2).model.sample(4, rng=seeded()) for seed in (1, 1, 2)]
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])
    assert torch.equal(torch.get_rng_state(), before)
    assert drawn[0].shape == (4, 1, 8, 8) and drawn[0].min() >= 0 and drawn[0].max() <= 1
    assert torch.equal(drawn[0], protocol.to_levels(drawn[0])), "draws have the gray levels of the data"


def test_more_starts_of_em_never_lower_the_validation_likelihood(splits):
    model = contenders.Mixture(splits, 1)
    best, kept = [], []
    for _ in range(6):
        model.step(0)
        best.append(model.best)
        kept.append(mixtures.log_prob(model.validation, *model.theta).mean().item())
    assert best == sorted(best) and len(set(best)) > 1, "the first start was best by chance: take another seed"
    assert kept == pytest.approx(best)


def test_schedules():
    assert [contenders.one_cycle(p) for p in (0, 0.3, 1)] == pytest.approx([0.04, 1, 0])
    assert contenders.one_cycle(0.3 - 1e-9) == pytest.approx(1)
    assert [contenders.linear_decay(p) for p in (0, 0.5, 0.75, 1)] == pytest.approx([1, 1, 0.5, 0])


def test_the_tuning_prints_what_each_setting_reached(classifier, monkeypatch, capsys):
    monkeypatch.setattr(tuning, "SEEDS", range(100, 102))
    monkeypatch.setattr(tuning, "MIXTURES", [("full", 0.01)])
    monkeypatch.setattr(tuning, "GRID", {"VAE β=1": partial(contenders.TrainedVAE, beta=1.0)})
    monkeypatch.setattr(tuning, "RATES", [0.01] * 4)
    tuning.tune_mixtures(classifier)
    tuning.tune_networks(classifier, budget=0.01)
    mixture, *networks = capsys.readouterr().out.splitlines()
    assert "log P ≥ -9" in mixture and 1 < float(mixture.split()[4]) < 10
    assert len(networks) == 4 and all(float(line.split()[4]) > 20 for line in networks), "hardly trained"


def test_a_model_without_codes_must_say_how_it_draws():
    with pytest.raises(NotImplementedError, match="Model has no codes"):
        bench.Model().sample(3)


# Measures.


def test_sharpness_of_noise_of_a_ramp_and_of_one_pixel():
    ramp = torch.arange(8.0).expand(1, 1, 8, 8)
    assert scoring.sharpness(ramp) == 0
    noise = 0.1 * torch.randn(2000, 1, 8, 8, generator=seeded())
    assert scoring.sharpness(noise) == pytest.approx(20 * 0.01, rel=0.02)  # 4² + 4 × 1² variances
    one = torch.zeros(1, 1, 5, 5)
    one[..., 2, 2] = 1
    assert scoring.sharpness(one) == pytest.approx((16 + 4) / 9)


def test_levels_are_binomial_and_their_probabilities_sum_to_one():
    logit, levels = torch.tensor(0.7, dtype=torch.float64), torch.arange(17, dtype=torch.float64)
    log_p = contenders.log_binomial(levels.view(17, 1, 1, 1) / 16, logit.expand(17, 1, 1, 1))
    theirs = torch.distributions.Binomial(16, logits=logit).log_prob(levels)
    assert torch.allclose(log_p, theirs) and log_p.exp().sum().item() == pytest.approx(1)


def test_the_probability_of_a_box_is_that_of_scipy():
    rng = np.random.default_rng(0)
    factor, mean = (
        np.linalg.cholesky(np.array([[1.0, 0.6, -0.3], [0.6, 0.8, 0.1], [-0.3, 0.1, 0.5]])),
        np.array([0.2, 0, 1]),
    )
    lower, upper = np.array([-np.inf, -0.3, 0.9]), np.array([0.1, 0.4, np.inf])
    rows = 20_000
    log_p = boxes.log_box(*(np.tile(side, (rows, 1)) for side in (lower, upper)), mean, factor, rng.random((rows, 3)))
    theirs = stats.multivariate_normal(mean, factor @ factor.T).cdf(upper, lower_limit=lower)
    assert np.exp(log_p).mean() == pytest.approx(theirs, rel=0.01)


def test_independent_coordinates_are_exact_far_into_both_tails():
    lower, upper = np.array([[-np.inf, 5.0, -31.0, 30.0]]), np.array([[0.5, 6.0, -30.0, np.inf]])
    log_p = boxes.log_box(lower, upper, np.zeros(4), np.eye(4), np.full((1, 4), 0.5))
    exact = stats.norm.logcdf([0.5, -30, -30]).sum() + np.log(stats.norm.sf(5) - stats.norm.sf(6))
    assert log_p == pytest.approx(exact, abs=1e-6)


def test_what_a_mixture_draws_is_what_its_likelihood_counts(splits):
    """Over the levels of an image of one wide pixel and 63 that are almost sure, P sums to 1, and draws agree."""
    model = contenders.Mixture(splits, 0)
    covariance = (1e-6 * torch.eye(64)).double()
    covariance[0, 0] = 0.5**2
    means = torch.full((1, 64), 0.5).double()
    model.theta = mixtures.GMMParameters(torch.ones(1).double(), means, covariance[None])
    every = torch.full((17, 1, 8, 8), 0.5)
    every[:, 0, 0, 0] = torch.arange(17) / 16
    p = model.log_weights(every, 1, seeded()).exp()[0]
    drawn = model.sample(20_000, rng=seeded(1))[:, 0, 0, 0].mul(16).long().bincount(minlength=17) / 20_000
    assert p.sum().item() == pytest.approx(1) and p[0] > 0.15 < p[16], "the tails belong to black and white"
    assert torch.allclose(p.float(), drawn, atol=0.012)


def test_what_a_vae_draws_is_what_its_likelihood_counts(splits):
    model = contenders.TrainedVAE(splits, 0, lr=0.01)
    z = torch.zeros(20_000, 8)
    drawn = model.draw(z, seeded())[:, 0, 4, 4].mul(16).long().bincount(minlength=17) / len(z)
    logit = model.vae.decode(z[:1])[0, 0, 4, 4].expand(17, 1, 1, 1)
    p = contenders.log_binomial(torch.arange(17.0).view(17, 1, 1, 1) / 16, logit).exp()
    assert torch.allclose(p, drawn, atol=0.012)
    model.means = True
    assert len(model.draw(z, seeded()).unique(dim=0)) == 1
    assert math.isnan(scoring.log_px(model, splits.test, seeded())), "means are not draws of this likelihood"


def test_a_vae_whose_decoder_ignores_z_has_a_known_probability(splits):
    model = contenders.TrainedVAE(splits, 0, lr=0.01)
    nn.init.zeros_(model.vae.decoder[0].weight)
    x = splits.test[:20]
    exact = contenders.log_binomial(x, model.vae.decode(torch.zeros(20, 8))).mean().item()
    assert scoring.log_px(model, x, seeded(), draws=4000) == pytest.approx(exact, abs=0.05)


def test_more_draws_tighten_the_bound(splits):
    model = protocol.train(bench.Contender("VAE", partial(contenders.TrainedVAE, lr=0.01)), splits, 0, 60).model
    bounds = [scoring.log_px(model, splits.test, seeded(), draws) for draws in (1, 10, 100)]
    assert bounds == sorted(bounds) and bounds[-1] < 0


def test_real_digits_against_themselves_are_perfect_and_copies_are_noticed(classifier, splits):
    same = scoring.of_samples([splits.test], classifier)
    assert same["frechet"] == pytest.approx(0, abs=1e-3) and same["recall"] == same["precision"] == 1
    assert same["sharpness"] == pytest.approx(1) and same["classes"] == 10
    assert scoring.of_samples([splits.fit[:360]], classifier)["near_copies"] == 1
    assert bench.real_floor(classifier, 0)["near_copies"] < 0.05


def test_a_class_that_is_missing_is_counted(classifier, splits):
    kept = classifier.classes(splits.test) < 7
    assert scoring.of_samples([splits.test[kept]], classifier)["classes"] == 7


class Linear(Stub):
    """A decoder that is linear in z."""

    latent = 2

    def decode(self, z):
        pattern = torch.linspace(0, 1, 64).view(1, 8, 8)
        return 0.5 + 0.05 * z[:, :1, None, None] * pattern


def test_a_linear_decoder_moves_evenly(classifier):
    scores = scoring.of_latent(Linear(), classifier, seeded())
    assert scores["jump"] == pytest.approx(1, abs=1e-4)

    class Bent(Linear):
        def decode(self, z):
            return super().decode(z.sign())

    assert scoring.of_latent(Bent(), classifier, seeded())["jump"] > 5, "all of the way in one step"


def test_what_a_model_lacks_is_not_a_number(classifier):
    scores = bench.scores(Stub(), classifier, 0)
    assert {name for name, value in scores.items() if math.isnan(value)} == {
        "log_px",
        "between",
        "jump",
        "class_from_z",
    }
    assert list(scores) == list(scoring.COLUMNS)


def test_a_run_whose_pixels_are_not_finite_has_failed(classifier):
    _, run = table.one_run(bench.Contender("nan", partial(Stub, value=math.nan)), classifier, 0, 1)
    assert run.failed and math.isnan(run.scores["frechet"])


# The race, the file, the table.


def test_the_race_keeps_every_run_and_the_first_models(classifier):
    pair = [bench.Contender(name, Stub, steps=2) for name in ("a", "b")]
    runs, trained = bench.race(pair, classifier, [4, 5], budget=1.0, progress=False)
    assert [(run.contender, run.seed, run.steps) for run in runs] == [
        ("a", 4, 2),
        ("a", 5, 2),
        ("b", 4, 2),
        ("b", 5, 2),
    ]
    assert {name: model.seed for name, model in trained.items()} == {"a": 4, "b": 4}


def made_up(name, values, column="frechet", budget=3.0, classes=10):
    empty = dict.fromkeys(scoring.COLUMNS, math.nan) | {"classes": float(classes)}
    return [
        table.Run(name, seed, budget, 9, 100, 50, 3.0, 4.0, empty | {column: value})
        for seed, value in enumerate(values)
    ]


def test_a_file_gives_back_what_was_written(tmp_path):
    runs = made_up("a", [1.25, 2.5]) + made_up("b", [math.nan], classes=3)
    table.write(tmp_path / "table.csv", runs)
    assert repr(bench.read(tmp_path / "table.csv")) == repr(runs), "repr, since nan differs from itself"


def test_the_table_has_means_spreads_dashes_and_failures():
    said = bench.text(made_up("a", [1.0, 3.0]) + made_up("b", [5.0, 5.0], "recall", classes=9))
    line = {row[:14].strip(): row[14:].split("  ") for row in said.splitlines()}
    assert [cell.strip() for cell in line["Fréchet, test"] if cell.strip()] == ["2.00 ± 1.41", "–"]
    assert [cell.strip() for cell in line["failed runs"] if cell.strip()] == ["0 of 2", "2 of 2"]


def test_a_page_may_show_some_columns_beside_real_images(classifier):
    real = [run.scores for run in table.real_runs(classifier, range(2))]
    said = bench.text(made_up("a", [1.0, 3.0]), real, ["recall"]).splitlines()
    assert said[0].split() == ["real", "images", "a"] and said[1].startswith("recall") and "±" in said[1]
    assert said[2].startswith("parameters")


def test_the_committed_table_is_whole():
    runs, first = bench.read(), table.TABLE_FILE.read_text().splitlines()[0]
    assert first.startswith("# 20") and "torch" in first and first.endswith("python -m course_utils.labs.comparison")
    for contender in bench.CONTENDERS:
        assert len(table.column(runs, contender.name, "frechet", 3.0)) == 10
        for budget, seeds in ((0.75, 5), (12.0, 5)):
            assert len(table.column(runs, contender.name, "frechet", budget)) == seeds
    assert all(
        len(table.column(runs, f"{name}, rate {lr:g}", "frechet")) == 3
        for name in contenders.NETWORKS
        for lr in contenders.RATES
    )
    assert len(table.column(runs, table.REAL, "recall")) == 10
    draws, means = ([r for r in runs if (r.contender, r.budget) == (name, 3)] for name in ("VAE", "VAE, means"))
    assert [(r.seed, r.steps) for r in draws] == [(r.seed, r.steps) for r in means], "the same networks"
    assert all(math.isnan(r.scores["log_px"]) for r in means) and not any(math.isnan(r.scores["log_px"]) for r in draws)
    main = [run for run in runs if run.contender in {c.name for c in bench.CONTENDERS}]
    assert all(abs(run.parameters / contenders.BUDGET - 1) < 0.05 for run in main)


def agrees(run, rows):
    """Is a run like the rows of the file? With the same versions it is the same as its own row, but for the time.

    Another processor rounds otherwise, and rounding grows over hundreds of steps until the run is like one of another
    seed. So each score may differ from the mean of the rows by 4 of their standard deviations, and 1 % for those that
    hardly vary.
    """
    for name in ("frechet", "precision", "recall", "sharpness", "log_px"):
        values = np.array([row.scores[name] for row in rows])
        if not abs(run.scores[name] - values.mean()) <= 4 * values.std(ddof=1) + 0.01 * abs(values.mean()):
            return False
    return True


@pytest.mark.parametrize("name", ["mixture", "VAE"])
def test_a_run_of_the_table_can_be_repeated(name, classifier):
    of = {c.name: [r for r in bench.read() if (r.contender, r.budget) == (c.name, 0.75)] for c in bench.CONTENDERS}
    contender = next(c for c in bench.CONTENDERS if c.name == name)
    _, run = table.one_run(contender, classifier, of[name][0].seed, of[name][0].steps)
    assert agrees(run, of[name])
    assert not any(agrees(run, rows) for other, rows in of.items() if other != name), "this check tells nothing apart"


# Verdicts.


def test_the_interval_is_that_of_scipy():
    rng = np.random.default_rng(0)
    a, b = rng.normal(0.3, 1, 12), rng.normal(0, 3, 7)
    ours = verdicts.verdict(a, b, 0.9)
    theirs = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))
    assert ours.spread == pytest.approx(math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2))


@pytest.mark.parametrize(
    "better, worse, word",
    [
        ([1.0, 1.1, 0.9], [0.0, 0.1], "supported"),
        ([-1.0, -1.1, -0.9], [0.0, 0.1, 0.2], "contradicted"),
        ([1.0, -1.0, 0.2], [0.0, 0.1, 0.2], "undecided"),
        ([1.0], [0.0, 0.1], "undecided"),
        ([1.0, math.nan], [0.0, 0.1], "undecided"),
        ([1.0, 1.1, 0.9, math.nan], [0.0, 0.1], "supported"),
        ([], [], "undecided"),
    ],
)
def test_the_word_follows_from_the_interval(better, worse, word):
    assert verdicts.verdict(better, worse).word == word


def test_a_claim_is_asked_of_independent_runs():
    runs = made_up("a", [1.0, 2.0, 3.0]) + made_up("b", [4.0, 5.1, 5.9, 5.0])
    assert bench.judged(bench.Claim("", "b", "a", "frechet"), runs).word == "supported"
    assert bench.judged(bench.Claim("", "b", "a", "frechet", -1), runs).word == "contradicted"
    with pytest.raises(ValueError, match="no runs of 'c'"):
        bench.judged(bench.Claim("", "c", "a", "frechet"), runs)
    alike = made_up("a", [1.0, 5.0, 9.0, 13.0]) + made_up("b", [1.1, 5.1, 9.1, 13.1])
    assert bench.judged(bench.Claim("", "b", "a", "frechet"), alike).word == "undecided", (
        "no pairs, though they look alike"
    )


def test_a_claim_on_the_spread_compares_distances_from_the_median():
    calm, wild = [5.0, 5.1, 4.9, 5.05, 4.95, 5.0], [1.0, 9.0, 2.0, 8.0, 0.5, 9.5]
    runs = made_up("calm", calm) + made_up("wild", wild)
    assert bench.judged(bench.Claim("", "wild", "calm", "frechet", 1, True), runs).word == "supported"
    assert bench.judged(bench.Claim("", "wild", "calm", "frechet"), runs).word == "undecided"
    two_each = [run for run in runs if run.seed < 2]
    assert bench.judged(bench.Claim("", "wild", "calm", "frechet", 1, True), two_each).word == "undecided"


# The figures.


def test_a_forest_has_a_line_for_each_verdict_and_says_it_in_words():
    groups = {"A": {"first": verdicts.verdict([1.0, 1.2, 0.9], [0.0, 0.1]), "second": verdicts.verdict([1, 2], [1, 2])}}
    figure = plots.forest(groups, 0.95)
    figure.check()
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels == ["first", "second"]
    assert "A: first supported, second undecided" in figure.alt
    ends = [
        line.get_xdata() for line in figure.axes[0].lines if len(line.get_xdata()) == 2 and line.get_ydata()[0] == 1
    ]
    first = groups["A"]["first"]
    assert np.allclose(ends[0], np.array([first.low, first.high]) / first.spread)


def test_every_run_is_a_dot_beside_the_value_of_real_images():
    runs = made_up("a", [1.0, 2.0]) + made_up("b", [3.0, 4.0])
    figure = plots.every_run(runs, ["a", "b"], ["frechet"], {"frechet": 0.5}, "dots")
    assert [list(line.get_xdata()) for line in figure.axes[0].lines] == [[1, 2], [3, 4], [0.5, 0.5]]


def test_conditions_draw_each_run_by_time_and_networks_by_rate():
    runs = made_up("a", [1.0, 2.0]) + made_up("a, rate 0.1", [4.0]) + made_up("b", [3.0])
    left, right = plots.conditions(runs, ["a", "b"], [3.0], [0.1], "dots").axes
    assert [list(line.get_ydata()) for line in left.lines] == [[1, 2], [1.5], [3], [3]]
    assert [list(line.get_ydata()) for line in right.lines] == [[4], [4]]


def test_a_ball_reaches_to_the_fifth_neighbor():
    figure = plots.balls(torch.arange(6.0)[:, None] * torch.tensor([1.0, 0.0]), torch.randn(9, 2, generator=seeded()))
    assert [patch.radius for patch in figure.axes[0].patches] == pytest.approx([5, 4, 3, 3, 4, 5])


# The explorer.


@pytest.fixture
def two(splits):
    return {"VAE": contenders.TrainedVAE(splits, 0, lr=0.01), "GAN": contenders.TrainedGAN(splits, 0, lr=0.01)}


def test_one_position_is_decoded_and_walked(two, classifier):
    z = torch.linspace(-1, 1, 8)
    images, said = explorer.at(two["VAE"], classifier, z, axis=2)
    end = z.clone()
    end[2] = 3
    assert torch.allclose(images[0], two["VAE"].decode(z[None])[0]) and len(images) == 10
    assert torch.allclose(images[-1], two["VAE"].decode(end[None])[0])
    assert said.startswith(f"read as {classifier.classes(images[:1]).item()} (")


def test_a_slider_moves_both_models_and_reset_puts_it_back(two, classifier):
    panel = explorer.same_place(two, classifier)
    first = {name: view.image.value for name, view in panel.views.items()}
    panel.set(z3=2.5, walk=4)
    assert panel.exception is None
    assert all(view.image.value != first[name] for name, view in panel.views.items())
    panel.buttons["Random z"].click()
    assert len({panel.values[f"z{i}"] for i in range(1, 9)}) > 4
    panel.reset()
    assert {name: view.image.value for name, view in panel.views.items()} == first


def test_models_without_a_common_code_are_refused(two, classifier):
    with pytest.raises(ValueError, match="one dimension"):
        explorer.same_place({**two, "linear": Linear()}, classifier)
    with pytest.raises(ValueError, match="one dimension"):
        explorer.same_place({"stub": Stub()}, classifier)
