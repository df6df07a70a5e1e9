"""Checks of assignment 11 of intervals: their bounds, and how often they cover what was hidden."""

from collections.abc import Callable
from statistics import NormalDist

import torch
from torch import Tensor

from course_utils.checks.applications.missing import covariance
from course_utils.checks.kit.answers import array, number, pair, refuses
from course_utils.checks.kit.cases import explained, loose
from course_utils.checks.kit.common import Answer, question, recognize, require
from course_utils.checks.kit.draws import seeded
from course_utils.checks.kit.properties import fixed


def _bounds(half: Callable[[Tensor, float], Tensor]) -> Callable[[Tensor, Tensor, float], Tensor]:
    """μ ± half(cov, level), as (2, M)."""

    def bounds(mu: Tensor, cov: Tensor, level: float) -> Tensor:
        return torch.stack([mu - half(cov, level), mu + half(cov, level)])

    return bounds


def _z(share: float) -> float:
    return NormalDist().inv_cdf(share)


def _std(cov: Tensor) -> Tensor:
    return cov.diagonal().sqrt()


_interval = _bounds(lambda cov, level: _z((1 + level) / 2) * _std(cov))
Z = "Two-sided: half of 1 − level lies on each side, so z is the quantile at (1 + level) / 2, 1.645 for 90 %."
INTERVALS: dict[str, Callable[..., Tensor]] = {
    f"has z = 1.96, that of 95 %, whatever the level. {Z}": _bounds(lambda cov, level: _z(0.975) * _std(cov)),
    f"has z = 1.645, that of 90 %, whatever the level. {Z}": _bounds(lambda cov, level: _z(0.95) * _std(cov)),
    f"has z = 2, whatever the level. {Z}": _bounds(lambda cov, level: 2 * _std(cov)),
    f"has z = 1, whatever the level. {Z}": _bounds(lambda cov, level: _std(cov)),
    f"has the one-sided z, the quantile at level: 1.282 for 90 %. {Z}": _bounds(
        lambda cov, level: _z(level) * _std(cov)
    ),
    f"has z = level. {Z}": _bounds(lambda cov, level: level * _std(cov)),
    "has the variance where its root is due: half a width is z times the standard deviation.": _bounds(
        lambda cov, level: _z((1 + level) / 2) * cov.diagonal()
    ),
    "is an interval of the mean: it is divided by √M. A value scatters by its own standard deviation.": _bounds(
        lambda cov, level: _z((1 + level) / 2) * _std(cov) / len(cov) ** 0.5
    ),
    "has low and high exchanged.": lambda mu, cov, level: _interval(mu, cov, level).flip(0),
    "is the half width on each side of 0: μ is missing.": lambda mu, cov, level: _interval(0 * mu, cov, level),
    "is half as wide as it should be.": _bounds(lambda cov, level: _z((1 + level) / 2) * _std(cov) / 2),
    "is twice as wide as it should be.": _bounds(lambda cov, level: 2 * _z((1 + level) / 2) * _std(cov)),
    "is (μ, half width). Return both bounds, (low, high).": lambda mu, cov, level: torch.stack(
        [mu, _z((1 + level) / 2) * _std(cov)]
    ),
    "takes the sums of the rows for variances. They stand on the diagonal.": _bounds(
        lambda cov, level: _z((1 + level) / 2) * cov.sum(1).abs().sqrt()
    ),
    "takes one variance for all entries. Each has its own, on the diagonal.": _bounds(
        lambda cov, level: _z((1 + level) / 2) * cov.diagonal().mean().sqrt() * torch.ones(len(cov)).double()
    ),
}


@question
def interval(answer: Answer) -> None:
    """Bounds at 90, 50, 99 and another level, for one entry and for several."""
    odd = round(0.6 + 0.25 * float(torch.rand((), generator=seeded(3))), 3)
    cases = [(1 + fixed(m, 1, seed=m)[:, 0].double(), covariance(m, m), level)
             for m, level in ((3, 0.9), (4, 0.5), (2, 0.99), (5, odd))]  # fmt: skip
    cases.append((torch.tensor([7.0]).double(), torch.tensor([[9.0]]).double(), 0.9))
    found = [pair(answer(*case), ("low", "high"), "interval") for case in cases]
    values = [torch.stack([loose(a), loose(b)]) if _paired(a, b) else None for a, b in found]
    explained([value if value is None else value.double() for value in values], cases,
              [_interval(*case) for case in cases], INTERVALS, "The interval")  # fmt: skip
    for bounds, (mu, cov, level) in zip(found, cases, strict=True):
        right = _interval(mu, cov, level)
        for name, bound, each in zip(("low", "high"), bounds, right, strict=True):
            said = f"The bound {name} at the level {level}"
            recognize(array(bound, tuple(mu.shape), said), each, {}, said)


def _paired(a: object, b: object) -> bool:
    first, second = loose(a), loose(b)
    return first is not None and second is not None and first.shape == second.shape


def _numbers(inside: Callable, width: Callable = torch.mean) -> Callable[..., Tensor]:
    """(share, width) from inside(truth, low, high) of the hidden cells, and the widths."""

    def numbers(truth: Tensor, low: Tensor, high: Tensor, hidden: Tensor) -> Tensor:
        t, a, b = truth[hidden], low[hidden], high[hidden]
        return torch.stack([inside(t, a, b).double().mean(), width(b - a)])

    return numbers


def _between(t: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return (a <= t) & (t <= b)


_coverage = _numbers(_between)


def _of_cells(which: Callable[[Tensor], Tensor]) -> Callable[..., Tensor]:
    return lambda truth, low, high, hidden: _coverage(truth, low, high, which(hidden))


def _by_axis(axis: int) -> Callable[..., Tensor]:
    """The mean of the shares of the columns (0) or of the rows (1) that have a hidden cell."""

    def numbers(truth: Tensor, low: Tensor, high: Tensor, hidden: Tensor) -> Tensor:
        inside = (_between(truth, low, high) & hidden).sum(axis) / hidden.sum(axis)
        return torch.stack([inside.double().nanmean(), _coverage(truth, low, high, hidden)[1]])

    return numbers


def _whole_rows(truth: Tensor, low: Tensor, high: Tensor, hidden: Tensor) -> Tensor:
    rows = (_between(truth, low, high) | ~hidden).all(1)[hidden.any(1)]
    return torch.stack([rows.double().mean(), _coverage(truth, low, high, hidden)[1]])


def _of_all(truth: Tensor, low: Tensor, high: Tensor, hidden: Tensor) -> Tensor:
    """Hidden cells inside, by the number of all cells."""
    share = (_between(truth, low, high) & hidden).double().mean()
    return torch.stack([share, _coverage(truth, low, high, hidden)[1]])


def _wide(truth: Tensor, low: Tensor, high: Tensor, hidden: Tensor) -> Tensor:
    return torch.stack([_coverage(truth, low, high, hidden)[0], (high - low).mean()])


EDGE = "A value on a bound is covered: low <= truth <= high."
COVERAGES: dict[str, Callable[..., Tensor]] = {
    "are those of all cells. An observed cell always lies in its interval of width 0: count hidden cells.": _of_cells(
        torch.ones_like
    ),
    "are those of the observed cells. Count where hidden is True.": _of_cells(torch.logical_not),
    "look at one side, truth <= high. A value below low is not covered, either.": _numbers(lambda t, a, b: t <= b),
    "look at one side, low <= truth. A value above high is not covered, either.": _numbers(lambda t, a, b: t >= a),
    f"leave out values on a bound. {EDGE}": _numbers(lambda t, a, b: (a < t) & (t < b)),
    f"leave out values on the upper bound. {EDGE}": _numbers(lambda t, a, b: (a <= t) & (t < b)),
    f"leave out values on the lower bound. {EDGE}": _numbers(lambda t, a, b: (a < t) & (t <= b)),
    "count what lies outside. Coverage is the share inside.": _numbers(lambda t, a, b: (t < a) | (t > b)),
    "have low and high exchanged: nothing is above high and below low.": _numbers(lambda t, a, b: (b <= t) & (t <= a)),
    "are percentages. Return a share, between 0 and 1.": _numbers(lambda t, a, b: 100.0 * _between(t, a, b)),
    "hold a number of cells. Return a share: divide by the number of hidden cells.": _numbers(
        lambda t, a, b: len(t) * _between(t, a, b).double()
    ),
    "divide by the number of all cells. Divide by that of the hidden ones.": _of_all,
    "are means over the columns' shares. Count each hidden cell alike.": _by_axis(0),
    "are means over the rows' shares. Count each hidden cell alike.": _by_axis(1),
    "count rows whose hidden cells are all covered. Count cells.": _whole_rows,
    "have half the width. The width is high − low.": _numbers(_between, lambda w: w.mean() / 2),
    "have the width with a negative sign. It is high − low.": _numbers(_between, lambda w: -w.mean()),
    "have the median width. Return the mean.": _numbers(_between, torch.median),
    "have the sum of the widths. Return the mean.": _numbers(_between, torch.sum),
    "have the width over all cells. Observed ones have none: take the hidden.": _wide,
}


def _masked(rows: int, columns: int, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(truth, low, high, hidden) in steps of ½: some values lie on a bound; an observed cell has low = truth = high."""
    rng = seeded(seed)
    truth = torch.randn(rows, columns, generator=rng, dtype=torch.float64).round(decimals=0)
    hidden = torch.rand(rows, columns, generator=rng) < 0.25 + 0.5 * (torch.arange(columns) == 1)
    middle = truth + torch.randint(-3, 4, truth.shape, generator=rng) / 2
    half = torch.randint(1, 4, truth.shape, generator=rng) / 2
    low, high = torch.where(hidden, middle - half, truth), torch.where(hidden, middle + half, truth)
    return truth, low, high, hidden


@question
def coverage(answer: Answer) -> None:
    """Share and mean width over hidden cells of three tables, one with cells that nobody knows; none hidden."""
    cases = [_masked(30, 4, 1), _masked(12, 7, 2), _masked(9, 3, 3)]
    unknown = torch.zeros(9, 3, dtype=torch.bool)
    unknown[::4, 2] = True
    truth, low, high, hidden = cases[2]
    gaps = [each.masked_fill(unknown, torch.nan) for each in (truth, low, high)]
    found = [pair(answer(*case), ("share", "width"), "coverage") for case in cases]
    values = [torch.stack([number(a, "The share"), number(b, "The width")]) for a, b in found]
    right = [_coverage(*case) for case in cases]
    other = all(torch.allclose(value.flip(0), each) for value, each in zip(values, right, strict=True))
    require(not other, "coverage returns its two numbers in another order. Return (share, width).")
    explained(values, cases, right, COVERAGES, "Share and width")
    for value, each in zip(values, right, strict=True):
        recognize(value, each, {}, "Share and width")
    known = (*gaps, hidden & ~unknown)
    share, width = pair(answer(*known), ("share", "width"), "coverage")
    nobody = "beside cells that are nan in all three tables and not hidden"
    times = (
        "nan comes out for cells that are nan and not hidden: nan · 0 is nan. Pick the hidden cells, as by [hidden]."
    )
    require(not any(part is not None and part.isnan().any() for part in (loose(share), loose(width))), times)
    recognize(number(share, f"The share {nobody}"), _coverage(*known)[0], {}, f"The share {nobody}")
    recognize(number(width, f"The width {nobody}"), _coverage(*known)[1], {}, f"The width {nobody}")
    refuses(answer, (truth, low, high, torch.zeros_like(hidden)), "no hidden cell")
