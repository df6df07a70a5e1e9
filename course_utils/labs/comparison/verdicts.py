"""What runs over several seeds say of a claim: supported, contradicted or undecided, by one rule for all claims."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from course_utils.labs.comparison.table import Run, column
from course_utils.metrics.intervals import welch_interval

FEWEST_FOR_SPREAD = 5  # two runs are equally far from their median, whatever their spread
RULE = (
    "supported: the whole interval of the difference of means is above 0; contradicted: it is below 0; "
    "undecided: it contains 0, or a model has fewer than two runs, or five for a claim on the spread."
)


class Verdict(NamedTuple):
    """A word, the difference of means, its interval, and the spread of the runs: the root of both variances' mean."""

    word: str
    mean: float
    low: float
    high: float
    spread: float = np.nan

    def __str__(self) -> str:
        return f"{self.word:12s} {self.mean:+7.2f} [{self.low:+7.2f}, {self.high:+7.2f}]"


def verdict(better: Sequence[float], worse: Sequence[float], level: float = 0.95) -> Verdict:
    """Do scores of independent runs, higher being better, support that the first model is better? By Welch's interval.

    Scores that are not finite (a failed run) are left out. If neither model's scores differ the interval has no width.
    """
    a, b = (np.array([value for value in values if np.isfinite(value)]) for values in (better, worse))
    if min(len(a), len(b)) < 2:
        return _undecided(a, b)
    mean, low, high = welch_interval(a, b, level)
    word = "supported" if low > 0 else "contradicted" if high < 0 else "undecided"
    return Verdict(word, mean, low, high, float(np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)))


def _undecided(a: np.ndarray, b: np.ndarray) -> Verdict:
    """There are too few runs for an interval."""
    mean = float(a.mean() - b.mean()) if len(a) and len(b) else np.nan
    return Verdict("undecided", mean, -np.inf, np.inf)


class Claim(NamedTuple):
    """`better` has a higher `column` than `worse`; with the sign −1 a lower one. `spread`: of the spread over seeds."""

    text: str
    better: str
    worse: str
    column: str
    sign: int = 1
    spread: bool = False


def judged(claim: Claim, runs: Sequence[Run], level: float = 0.95, budget: float | None = None) -> Verdict:
    """The verdict on a claim from two models' runs. A seed that both have used pairs nothing: it draws other numbers.

    For a claim on the spread, a run counts by its distance from the median of its contender's runs (Brown & Forsythe
    1974): the larger these distances, the larger the spread.
    """
    a, b = (np.array(column(runs, name, claim.column, budget)) for name in (claim.better, claim.worse))
    if claim.spread and min(len(a), len(b)) < FEWEST_FOR_SPREAD:
        return _undecided(np.array([]), np.array([]))
    if claim.spread:
        a, b = (np.abs(values - np.nanmedian(values)) for values in (a, b))
    return verdict(claim.sign * a, claim.sign * b, level)
