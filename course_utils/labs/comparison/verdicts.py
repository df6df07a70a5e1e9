"""What runs over several seeds say of a claim: supported, contradicted or undecided, by one rule for all claims."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from course_utils.labs.comparison.table import Run, column
from course_utils.metrics.intervals import mean_interval

FEWEST_FOR_SPREAD = 5  # two runs are equally far from their median, whatever their spread
RULE = (
    "supported: the whole interval of the mean difference is above 0; contradicted: it is below 0; "
    "undecided: it contains 0, or there are fewer than two differences, or five for a claim on the spread."
)


class Verdict(NamedTuple):
    """A word, the mean of the differences, and the interval behind the word."""

    word: str
    mean: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.word:12s} {self.mean:+7.2f} [{self.low:+7.2f}, {self.high:+7.2f}]"


def verdict(differences: Sequence[float], level: float = 0.95) -> Verdict:
    """Do differences, one a seed, positive where they favor a claim, support it? By Student's t-interval of their mean.

    Differences that are not finite (a failed run) are left out. Equal differences have an interval of width 0.
    """
    values = np.array([value for value in differences if np.isfinite(value)])
    if len(values) < 2:
        return Verdict("undecided", float(values.sum()) if len(values) else np.nan, -np.inf, np.inf, len(values))
    mean, low, high = mean_interval(values, level)
    word = "supported" if low > 0 else "contradicted" if high < 0 else "undecided"
    return Verdict(word, mean, low, high, len(values))


class Claim(NamedTuple):
    """`better` has a higher `column` than `worse`; with the sign −1 a lower one. `spread`: of the spread over seeds."""

    text: str
    better: str
    worse: str
    column: str
    sign: int = 1
    spread: bool = False


def judged(claim: Claim, runs: Sequence[Run], level: float = 0.95, budget: float | None = None) -> Verdict:
    """The verdict on a claim from the differences of runs with the same seed.

    For a claim on the spread, a run counts by its distance from the median of its contender's runs (Brown & Forsythe
    1974): the larger these distances, the larger the spread. Raises ValueError if the numbers of runs differ.
    """
    sides = [np.array(column(runs, name, claim.column, budget)) for name in (claim.better, claim.worse)]
    if sides[0].shape != sides[1].shape:
        raise ValueError(
            f"{claim.better!r} has {len(sides[0])} runs, {claim.worse!r} {len(sides[1])}: pairs are needed."
        )
    if claim.spread and len(sides[0]) < FEWEST_FOR_SPREAD:
        return Verdict("undecided", np.nan, -np.inf, np.inf, len(sides[0]))
    if claim.spread:
        sides = [np.abs(values - np.nanmedian(values)) for values in sides]
    return verdict(claim.sign * (sides[0] - sides[1]), level)
