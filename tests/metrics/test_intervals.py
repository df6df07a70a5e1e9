"""Intervals: against their formulas, against scipy where it has them, and by how often they hold the truth."""

import math

import numpy as np
import pytest
from scipy import stats

from course_utils.metrics import intervals


@pytest.mark.parametrize("right, trials", [(0, 10), (3, 10), (18, 30), (600, 1000), (30, 30)])
def test_wilson_interval_by_its_formula(right, trials):
    z, share = 1.959964, right / trials
    shrink = 1 + z**2 / trials
    center = (share + z**2 / (2 * trials)) / shrink
    half = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2)) / shrink
    expected = max(0, center - half), min(1, center + half)
    assert intervals.wilson_interval(right, trials) == pytest.approx(expected, abs=1e-6)


def test_impossible_counts_are_refused():
    for right, trials in ((-1, 3), (4, 3), (0, 0)):
        with pytest.raises(ValueError, match="not possible"):
            intervals.wilson_interval(right, trials)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_interval_of_a_mean_is_that_of_scipy(level):
    values = np.random.default_rng(0).normal(2, 3, 7)
    theirs = stats.ttest_1samp(values, 0).confidence_interval(level)
    assert intervals.mean_interval(values, level) == pytest.approx((values.mean(), theirs.low, theirs.high))
    assert intervals.mean_interval([2.5, 2.5, 2.5]) == (2.5, 2.5, 2.5)


def test_welch_interval_by_its_formula():
    rng = np.random.default_rng(1)
    a, b = rng.normal(1, 1, 6), rng.normal(0, 4, 9)
    u, v = a.var(ddof=1) / 6, b.var(ddof=1) / 9
    freedom = (u + v) ** 2 / (u**2 / 5 + v**2 / 8)  # Welch–Satterthwaite
    half, difference = stats.t.ppf(0.975, freedom) * math.sqrt(u + v), a.mean() - b.mean()
    expected = difference, difference - half, difference + half
    assert intervals.welch_interval(a, b) == pytest.approx(expected)
    assert intervals.welch_interval([1.0, 1.0], [3.0, 3.0]) == (-2, -2, -2)


def test_welch_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(2)
    held = [low <= 1 <= high for _, low, high in (welch(rng) for _ in range(2000))]
    assert 0.93 < np.mean(held) < 0.97


def welch(rng):
    return intervals.welch_interval(rng.normal(1, 1, 5), rng.normal(0, 3, 8))


@pytest.mark.parametrize("bad", [[1.0], [1.0, math.nan], [[1.0, 2.0]]])
def test_too_few_or_bad_values_are_refused(bad):
    with pytest.raises(ValueError, match="a"):
        intervals.welch_interval(bad, [1.0, 2.0])
    with pytest.raises(ValueError, match="values"):
        intervals.mean_interval(bad)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_a_paired_interval_is_that_of_scipys_paired_test(level):
    rng = np.random.default_rng(3)
    a, b = rng.normal(1, 2, 8), rng.normal(0, 2, 8)
    theirs = stats.ttest_rel(a, b).confidence_interval(level)
    assert intervals.paired_interval(a, b, level) == pytest.approx(((a - b).mean(), theirs.low, theirs.high))


def test_shared_points_widen_a_paired_interval_by_nadeau_and_bengio():
    a, b = np.random.default_rng(4).normal(size=(2, 10))
    plain, wide = (intervals.paired_interval(a, b, test_over_train=ratio) for ratio in (0.0, 0.25))
    assert wide.value == plain.value
    assert (wide.high - wide.low) / (plain.high - plain.low) == pytest.approx(math.sqrt((0.1 + 0.25) / 0.1))
    for wrong in ((a, b[:5], 0.0), (a, b, -0.1)):
        with pytest.raises(ValueError, match="pairs"):
            intervals.paired_interval(*wrong[:2], test_over_train=wrong[2])


def test_a_verdict_is_helps_only_if_every_interval_is_above_zero():
    above, open_, below = (intervals.Interval(v, v - 1, v + 1) for v in (2.0, 0.5, -2.0))
    assert intervals.verdict(above) == intervals.verdict(above, above) == "helps"
    assert intervals.verdict(open_) == intervals.verdict(open_, below) == "does not help"
    assert intervals.verdict(above, open_) == intervals.verdict(below, above) == "depends"
    with pytest.raises(ValueError, match="interval"):
        intervals.verdict()
