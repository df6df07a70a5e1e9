"""The audit numbers of lecture 06 against scikit-learn, simulation, and cases whose answer is known."""

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.metrics import roc_auc_score, roc_curve

from course_utils.labs.ethics import shares
from course_utils.metrics import neighbors, roc


def scores(m, n, shift=1.0, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(shift, 1, m), rng.normal(size=n)


@pytest.mark.parametrize("digits", [8, 0])
def test_auc_and_roc_are_those_of_scikit_learn_with_and_without_ties(digits):
    positive, negative = (np.round(s, digits) for s in scores(40, 70))
    label, both = np.repeat([1, 0], [40, 70]), np.concatenate([positive, negative])
    area = roc.auc(positive, negative)
    assert area.value == pytest.approx(roc_auc_score(label, both))
    alarms, found, _ = roc_curve(label, both, drop_intermediate=False)
    ours = roc.roc_curve(positive, negative)
    np.testing.assert_allclose(ours[0], alarms)
    np.testing.assert_allclose(ours[1], found)
    assert np.trapezoid(ours[1], ours[0]) == pytest.approx(area.value)


def test_auc_is_turned_over_by_a_minus_sign_and_blind_to_the_scale():
    positive, negative = scores(30, 50)
    area = roc.auc(positive, negative)
    turned = roc.auc(-positive, -negative)
    assert turned.value == pytest.approx(1 - area.value)
    assert turned.high - turned.low == pytest.approx(area.high - area.low)
    assert roc.auc(np.exp(positive), np.exp(negative)) == pytest.approx(area)


def test_the_interval_is_delongs_written_out():
    positive, negative = (np.round(s, 1) for s in scores(25, 35))
    wins = np.array([[(a > b) + (a == b) / 2 for b in negative] for a in positive])
    half = 1.96 * np.sqrt(wins.mean(1).var(ddof=1) / 25 + wins.mean(0).var(ddof=1) / 35)
    area = roc.auc(torch.tensor(positive), torch.tensor(negative))
    assert area.low == pytest.approx(wins.mean() - half)
    assert area.high == pytest.approx(min(1, wins.mean() + half))


def test_the_interval_holds_the_truth_in_about_95_of_100_draws():
    truth = stats.norm.cdf(1 / np.sqrt(2))
    areas = [roc.auc(*scores(100, 100, seed=seed)) for seed in range(400)]
    held = np.mean([area.low <= truth <= area.high for area in areas])
    assert 0.92 < held < 0.98


def test_all_told_apart_is_1_and_all_alike_is_one_half():
    assert roc.auc([3.0, 4.0], [1.0, 2.0]) == (1, 1, 1)
    assert roc.auc([1.0, 1.0], [1.0, 1.0]) == (0.5, 0.5, 0.5)
    assert str(roc.auc([3.0, 4.0], [1.0, 2.0])) == "1.00 (1.00 to 1.00)"


def test_tpr_at_fpr_counts_above_the_threshold_that_the_negatives_allow():
    negative = np.arange(100.0)
    positive = np.array([98.5, 99.5, 50.0, 200.0])
    assert roc.tpr_at_fpr(positive, negative, 0.0) == 0.5
    assert roc.tpr_at_fpr(positive, negative, 0.01) == 0.75  # 98.5 has one of 100 above it
    assert roc.tpr_at_fpr(positive, negative, 0.5) == 1.0
    assert roc.tpr_at_fpr(np.zeros(4), np.zeros(4), 0.3) == 0, "ties may not be split"
    with pytest.raises(ValueError, match="false positive rate"):
        roc.tpr_at_fpr(positive, negative, 1.0)


@pytest.mark.parametrize("bad", [[1.0], [[1.0, 2.0]], [1.0, float("nan")]])
def test_bad_scores_are_refused_by_name(bad):
    with pytest.raises(ValueError, match="negative"):
        roc.auc([1.0, 2.0], bad)


def test_a_corrected_share_undoes_the_judges_errors():
    for share in (0.0, 0.09, 0.5, 1.0):
        read = 0.97 * share + 0.02 * (1 - share)
        assert shares.corrected_share(read, 0.97, 0.02) == pytest.approx(share)
    assert shares.corrected_share(0.3, 1, 0) == 0.3
    for found, alarms in ((0.5, 0.5), (0.2, 0.9), (1.2, 0.0)):
        with pytest.raises(ValueError, match="find more than it invents"):
            shares.corrected_share(0.3, found, alarms)


def test_the_copy_threshold_is_an_order_statistic_with_its_beta_interval():
    distances = np.random.default_rng(0).permutation(np.arange(1.0, 400))
    threshold = neighbors.copy_threshold(distances, 0.01)
    assert threshold.value == 4 and (distances < threshold.value).sum() == 3
    assert (threshold.low, threshold.high) == pytest.approx(stats.beta(4, 396).ppf([0.025, 0.975]))
    with pytest.raises(ValueError, match="60 held-out images cannot justify"):
        neighbors.copy_threshold(distances[:60], 0.01)
    assert neighbors.copy_threshold(distances[:99], 0.01).value == distances[:99].min()


@pytest.mark.parametrize("law", ["exponential", "normal", "uniform"])
def test_false_alarms_follow_the_stated_distribution_whatever_the_law(law):
    rng = np.random.default_rng(0)
    draw = getattr(rng, law)
    new = np.sort(draw(size=100_000))
    rates, inside = [], []
    for _ in range(500):
        threshold = neighbors.copy_threshold(draw(size=399), 0.02)
        rates.append(np.searchsorted(new, threshold.value) / len(new))
        inside.append(threshold.low <= rates[-1] <= threshold.high)
    assert np.mean(rates) == pytest.approx(8 / 400, rel=0.06)
    assert 0.92 < np.mean(inside) < 0.98
