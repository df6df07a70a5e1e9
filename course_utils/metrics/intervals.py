"""Intervals for what is estimated from few runs or few answers; the computing is scipy's.

`scipy.stats` is imported where it is needed: it would take longer to import than the rest of the package together.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course_utils.metrics.inputs import as_array


class Interval(NamedTuple):
    """An estimate, and the bounds of its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def wilson_interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Bounds of an interval for the probability behind so many successes in so many trials.

    Raises ValueError unless 0 ≤ successes ≤ trials and trials ≥ 1. Source: Wilson 1927; Brown, Cai & DasGupta 2001.
    """
    from scipy import stats

    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"{successes} successes in {trials} trials are not possible.")
    interval = stats.binomtest(int(successes), int(trials)).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)


def mean_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """The mean of values `(n,)`, one a run, and Student's t-interval for it. Equal values: an interval of width 0.

    Raises ValueError for fewer than two values, or one that is not finite. Source: Student 1908.
    """
    from scipy import stats

    values = _runs(values=values)[0]
    half = stats.t.ppf((1 + level) / 2, len(values) - 1) * stats.sem(values)
    return Interval(*(float(values.mean() + side * half) for side in (0, -1, 1)))


def welch_interval(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Interval:
    """The difference of two means, of a `(n,)` minus of b `(m,)`, and Welch's t-interval for it.

    The runs are independent of each other, and the two spreads may differ: for two models, each trained with several
    seeds, a seed shared by both pairs nothing. Where values within a and within b are equal it has no width.
    Raises ValueError for fewer than two values in a or b, or one that is not finite. Source: Welch 1947.
    """
    from scipy import stats

    a, b = _runs(a=a, b=b)
    difference = float(a.mean() - b.mean())
    if not a.var() + b.var():
        return Interval(difference, difference, difference)
    interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(level)
    return Interval(difference, float(interval.low), float(interval.high))


def paired_interval(a: ArrayLike, b: ArrayLike, level: float = 0.95, test_over_train: float = 0.0) -> Interval:
    """The mean of a − b, both `(n,)`, one a seed that gave both the same data, and its t-interval.

    Splits of one data set share most of their points, so plain Student is too narrow. With n_test / n_train as
    `test_over_train` the variance of the mean is (1 / n + n_test / n_train) s², s² that of the differences.
    Raises ValueError for lengths that differ, fewer than two, a value not finite, or a negative ratio.
    Source: Student 1908; Nadeau & Bengio 2003 (10.1023/A:1024068626366), section 3.
    """
    from scipy import stats

    a, b = _runs(a=a, b=b)
    if len(a) != len(b) or test_over_train < 0:
        raise ValueError(f"need pairs, and n_test / n_train ≥ 0: got {len(a)} and {len(b)}, {test_over_train}.")
    difference, n = a - b, len(a)
    half = stats.t.ppf((1 + level) / 2, n - 1) * np.sqrt((1 / n + test_over_train) * difference.var(ddof=1))
    return Interval(*(float(difference.mean() + side * half) for side in (0, -1, 1)))


def verdict(*gains: Interval) -> str:
    """In a word, from the interval of a method's gain over its baseline at each setting of what it may depend on.

    "helps" if each lies wholly above 0, "does not help" if none does, else "depends". A gain that the seeds leave
    open counts as none: who wants to use the method has to show it. Raises ValueError without an interval.
    """
    if not gains:
        raise ValueError("a verdict needs at least one interval of a gain.")
    shown = [gain.low > 0 for gain in gains]
    return "helps" if all(shown) else "depends" if any(shown) else "does not help"


def _runs(**sets: ArrayLike) -> list[np.ndarray]:
    """Each set as a float64 array `(n,)` of at least two finite numbers; ValueError, which names the set, if not."""
    arrays = [as_array(values, name, 1) for name, values in sets.items()]
    for name, array in zip(sets, arrays, strict=True):
        if len(array) < 2:
            raise ValueError(f"{name}: an interval needs at least two numbers, got {len(array)}.")
    return arrays
