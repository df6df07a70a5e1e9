"""Lecture 11a's lab: its tasks leak nothing, its methods do what they say, its costs are those of the formula."""

import numpy as np
import pytest
import torch
from scipy import stats
from torch.distributions import Bernoulli

from course_utils.labs.predictions import cvae, defects, explorer, figures, labels, missing, rare, table, tuning
from course_utils.metrics.intervals import Interval


@pytest.mark.parametrize("data", rare.DATA)
def test_a_rare_class_keeps_test_rows_apart_and_fewer_rows_within_more(data):
    few, many = (rare.task(data, 3, count) for count in (5, 20))
    assert few.y.sum() == 5 and many.y.sum() == 20 and (few.y == 0).sum() == (many.y == 0).sum() == rare.COMMON[data]
    assert not {row.tobytes() for row in many.x} & {row.tobytes() for row in many.x_test}
    if data == "digits":
        assert {row.tobytes() for row in few.x} < {row.tobytes() for row in many.x}
    else:
        np.testing.assert_allclose(many.x.mean(0), 0, atol=1e-9)
    with pytest.raises(ValueError, match="unknown data"):
        rare.task("flowers", 0)


@pytest.mark.parametrize("data", rare.DATA)
def test_each_way_of_balancing_makes_the_classes_equal_and_leaves_the_test_alone(data):
    task = rare.task(data, 0, 8)
    ways = [rare.copies, rare.smote, rare.gaussian]
    for make in ways:
        more = rare.with_rows(task, make(task))
        assert more.missing == 0 and more.x_test is task.x_test and len(more.x) == 2 * rare.COMMON[data]
    own = task.x[task.y == 1]
    assert {row.tobytes() for row in rare.copies(task)} <= {row.tobytes() for row in own}
    made = rare.smote(task)
    assert made.min(0) == pytest.approx(np.maximum(made.min(0), own.min(0)))  # between rows, never outside
    assert rare.draws([task, task], steps=3).shape == (2, task.missing, task.x.shape[1])


def test_a_gaussian_of_the_rare_class_has_its_mean_and_the_mixed_covariance():
    task = rare.task("breast cancer", 0, 20)
    many = task._replace(x=np.concatenate([task.x[task.y == 0]] * 60 + [task.x[task.y == 1]]),
                         y=np.repeat([0, 1], [60 * 150, 20]))  # fmt: skip
    drawn, own = rare.gaussian(many, own=0.25), task.x[task.y == 1]
    np.testing.assert_allclose(drawn.mean(0), own.mean(0), atol=0.06)
    wanted = 0.25 * np.cov(own.T, bias=True) + 0.75 * np.cov(task.x[task.y == 0].T, bias=True)
    np.testing.assert_allclose(np.cov(drawn.T), wanted, atol=0.1)


def test_moving_an_image_by_nothing_leaves_it_and_else_keeps_the_ink_near():
    rows = rare.task("digits", 0, 10).x[:30]
    np.testing.assert_allclose(rare.moved(rows, pixels=0.0, degrees=0.0), rows, atol=1e-9)
    pixel = np.zeros((2000, 64))
    pixel[:, 27] = 1.0  # row 3, column 3, a half from the middle
    middle = rare.moved(pixel, pixels=0.4, degrees=0.0).mean(0).reshape(8, 8)
    assert middle.sum() == pytest.approx(1, abs=0.02)
    assert middle.sum(0) @ np.arange(8) == pytest.approx(3, abs=0.05)


def test_sensitivity_is_counted_at_the_specificity():
    task = rare.task("digits", 0, 20)
    model = rare.classifier(task)
    score = model.decision_function(task.x_test)
    common = np.sort(score[task.y_test == 0])
    threshold = common[int(np.ceil(0.95 * len(common))) - 1]
    assert rare.sensitivity(model, task) == pytest.approx((score[task.y_test == 1] > threshold).mean(), abs=0.03)
    assert rare.sensitivity(model, task, 0.98) <= rare.sensitivity(model, task, 0.9)


def test_few_labels_are_spread_over_the_classes_and_the_rest_is_masked():
    task = labels.task(0, 20)
    assert np.bincount(task.y[task.known]).tolist() == [2] * 10
    assert (task.masked >= 0).sum() == 20 and (task.masked[task.known] == task.y[task.known]).all()
    assert set(labels.task(0, 10).known) < set(task.known)
    with pytest.raises(ValueError, match="multiple"):
        labels.task(0, 15)


@pytest.mark.parametrize("name", labels.METHODS)
def test_each_way_with_few_labels_is_better_than_guessing(name):
    short = {
        "VAE features": {"steps": 300, "levels": 16.0},
        "M2": {"steps": 60},
        "network, labels alone": {"steps": 200},
    }
    assert all(0.3 < found <= 1 for found in labels.METHODS[name]([labels.task(0, 100)], **short.get(name, {})))


@pytest.mark.parametrize("kind", defects.KINDS)
def test_a_defect_changes_an_image_and_stays_in_range(kind):
    x = rare.task("digits", 0, 5).x[3]
    spoiled = defects.spoil(x, kind, np.random.default_rng(0))
    assert spoiled.shape == x.shape and spoiled.min() >= 0 and spoiled.max() <= 1 and abs(spoiled - x).max() > 0.1
    if kind == "scratch":
        assert ((spoiled != x).reshape(8, 8).any(0).sum() == 1) or ((spoiled != x).reshape(8, 8).any(1).sum() == 1)
    assert (defects.spoil(x, "void", np.random.default_rng(1)) <= x).all()
    with pytest.raises(ValueError, match="unknown kind"):
        defects.spoil(x, "rust", np.random.default_rng(0))


def test_a_line_costs_what_the_formula_says():
    good, bad, prices = np.array([1.0, 2, 3, 4]), np.array([3.5, 5.0]), defects.Prices(0.1, 30.0)
    found = defects.line(good, bad, 3.6, prices)
    accepted, escapes = 0.9 * 3 / 4 + 0.1 / 2, 0.1 / 2
    assert found == pytest.approx((accepted, escapes, (1 + 30 * escapes) / accepted))
    every = defects.line(good, bad, np.inf, prices)
    assert every == pytest.approx((1, 0.1, 4)) and defects.line(good, bad, 0.0, prices).cost == np.inf


def test_the_cheapest_threshold_is_the_cheapest_and_follows_the_price():
    rng = np.random.default_rng(0)
    good, bad = rng.normal(0, 1, 300), rng.normal(2, 1, 300)
    found = [defects.cheapest(good, bad, defects.Prices(0.05, escape)) for escape in (0.0, 5.0, 100.0)]
    assert found[0] == max(good.max(), bad.max()) > found[1] > found[2]  # all pass where an escape is free
    grid = np.linspace(-4, 6, 500)
    prices = defects.Prices(0.05, 5.0)
    assert defects.line(good, bad, found[1], prices).cost <= defects.line(good, bad, grid, prices).cost.min()


@pytest.mark.parametrize("name", defects.METHODS)
def test_each_score_of_oddness_finds_specks_on_few_parts(name):
    task = defects.task(0, 200)
    score = defects.METHODS[name](
        [task], **{"VAE": {"steps": 150}, "isolation forest": {"samples": 100}}.get(name, {})
    )[0]
    assert stats.mannwhitneyu(score(task.bad_test), score(task.good_test)).statistic / len(task.bad_test) ** 2 > 0.55


def test_parts_that_were_learned_from_are_dirty_as_told():
    clean, dirty = defects.task(2, 100), defects.task(2, 100, dirty=0.1)
    assert (clean.good != dirty.good).any(1).sum() == 10 and (clean.good_test == dirty.good_test).all()


@pytest.mark.parametrize("at_random", [True, False])
def test_gaps_have_their_share_and_hide_large_values_only_if_not_at_random(at_random):
    tasks = [missing.task("diabetes", seed, 0.3, at_random) for seed in range(3)]
    assert np.mean([task.gap.mean() for task in tasks]) == pytest.approx(0.3 * 0.9 + 0.0, abs=0.04)
    hidden, seen = (np.concatenate([t.x_test[t.gap == gap] for t in tasks]) for gap in (True, False))
    assert (hidden.mean() - seen.mean() > 0.5) is not at_random
    for task in tasks:
        assert (task.x_gaps[~task.gap] == task.x_test[~task.gap]).all() and not task.gap.all(1).any()
    with pytest.raises(ValueError, match="unknown data"):
        missing.task("irises", 0)


@pytest.mark.parametrize("name", missing.METHODS)
def test_each_imputer_guesses_no_worse_than_the_mean_and_holds_most_truths(name):
    task = missing.task("diabetes", 0)
    filled = missing.METHODS[name]([task], **({"steps": 300} if name == "VAE" else {}))[0]
    assert missing.error(task, filled) <= missing.error(task, missing.mean(task))
    assert 0.8 < missing.coverage(task, filled) < 0.98 and (filled.low <= filled.high)[task.gap].all()


def test_the_interval_score_is_that_of_a_hand_count():
    task = missing.Task(np.zeros((1, 2)), np.full((1, 2), np.nan), np.array([[0.0, 3.0]]))
    filled = missing.Filled(np.zeros((1, 2)), -np.ones((1, 2)), np.ones((1, 2)))
    assert missing.interval_score(task, filled) == pytest.approx((2 + 2 + 20 * 2) / 2)
    assert missing.coverage(task, filled) == 0.5 and missing.error(task, filled) == pytest.approx(np.sqrt(4.5))


def test_the_loss_of_gaps_ignores_what_stands_in_them():
    from course_utils import models, training

    with models.first_weights(0):
        net = models.GaussianVAE(3, 3, conditional=False)
    x, seen = torch.randn(1, 5, 3), torch.ones(1, 5, 3)
    seen[..., 0] = 0
    changed = x.clone()
    changed[..., 0] = 9.0
    values = [missing.gaps_loss(net, v * seen, seen, training.seeded(0))["loss"] for v in (x, changed)]
    assert torch.equal(*values)


def test_image_and_table_losses_are_bounds_of_their_models():
    from course_utils import models, training

    with models.first_weights(0):
        image, row = models.ConditionalVAE(2, (4,), 2, 8), models.GaussianVAE(4, 2, latent=2)
    x, y = torch.rand(1, 6, 4).round(), torch.ones(1, 6, dtype=torch.long)
    z = torch.randn(4000, 2, generator=training.seeded(1))
    logits = image.decode(z, torch.ones(4000, dtype=torch.long))
    log_px = Bernoulli(logits=logits[:, None]).log_prob(x[0]).sum(-1).logsumexp(0) - np.log(4000)
    bound = -torch.stack([cvae.image_loss(image, x, y, training.seeded(s))["loss"] for s in range(50)]).mean()
    assert bound < log_px.mean() + 0.01
    assert cvae.table_loss(row, x, y, training.seeded(0))["loss"].shape == (1,)


def test_the_recorded_table_holds_every_comparison_with_ten_finite_values():
    results = table.read()
    for name in table.PARTS:
        assert any(key.task.startswith({"labels": "few labels"}.get(name, name)) for key in results)
    assert all(values.shape == (10,) and np.isfinite(values).all() for values in results.values())
    for key in table.chosen(results, task="missing values", metric="coverage"):
        assert {"error", "interval score"} <= {other.metric for other in results if other[:4] == key[:4]}
    with pytest.raises(ValueError, match="nothing"):
        table.chosen(results, task="cooking")


def test_the_table_reads_back_what_it_wrote(tmp_path):
    key = table.Key("t", "d", "10 things", "m", "AUC")
    table.write(tmp_path / "t.csv", {key: np.arange(10) / 16})
    assert table.read(tmp_path / "t.csv")[key] == pytest.approx(np.arange(10) / 16, abs=1e-4)


def test_a_gain_counts_what_is_lower_as_better_where_lower_is_better():
    a, b = np.arange(10.0), np.arange(10.0) + 1
    assert table.gain(a, b, "error").value == 1 and table.gain(a, b, "AUC").value == -1
    assert table.signed(Interval(0.5, -0.25, 1.25)) == "+0.500 (-0.250 to +1.250)"


def test_a_verdict_looks_at_all_settings_of_the_table():
    rng = np.random.default_rng(0)
    results = {}
    for setting, lead in (("1 x", 0.3), ("2 x", -0.3)):
        base = rng.random(10)
        results[table.Key("t", "d", setting, "plain", "AUC")] = base
        results[table.Key("t", "d", setting, "VAE", "AUC")] = base + lead + 0.01 * rng.random(10)
    row = table.verdicts(results, [(table.Key("t", "d", "1 x", "VAE", "AUC"), "plain")])[0]
    assert row.said == "depends" and row.gain.low > 0.25 and "depends" in table.verdict_text([row])


def test_the_explorers_follow_their_sliders(capsys):
    results = table.read()
    panel = explorer.table_explorer(results, "missing values", "wine", "20% at random", "error")
    before = bytes(panel.views["bars"].image.value)
    panel.controls["setting"].value = "20% not at random"
    assert panel.exception is None and bytes(panel.views["bars"].image.value) != before
    assert panel.views["bars"].caption.value.startswith("20% not at random: mean")
    panel.controls["metric"].value = "coverage"
    panel.controls["data"].value = "diabetes"
    assert panel.exception is None
    panel.reset()
    assert bytes(panel.views["bars"].image.value) == before


def test_the_cost_explorer_says_what_the_formula_says():
    rng = np.random.default_rng(0)
    good, bad = rng.normal(0, 1, 400), rng.normal(2, 1, 400)
    panel = explorer.cost_explorer(good, bad, "x")
    panel.set(percent=80, bad_share=10.0, escape=50)
    found = defects.line(good, bad, np.quantile(good, 0.8), defects.Prices(0.1, 50.0))
    assert panel.exception is None and f"a kept part costs {float(found.cost):.3f}" in panel.views["line"].caption.value


def test_the_figures_are_ready_to_be_shown():
    results, task = table.read(), missing.task("wine", 0)
    for figure in (
        figures.protocol_diagram(),
        figures.over_settings(results, "few labels", "digits", "accuracy"),
        figures.truth_and_intervals(task, missing.mean(task), "mean"),
        explorer.still(results, "rare class", "digits", "accuracy", "10 rare"),
    ):
        figure.check()


def test_chosen_settings_are_candidates():
    lists = {**tuning.RARE, "labels": tuning.LABELS, "defects": tuning.DEFECTS, "missing": tuning.MISSING}
    for part, methods in tuning.CHOSEN.items():
        for name, settings in methods.items():
            assert settings in lists[part][name] and len(lists[part][name]) <= 6
