"""Checks of assignment 04: which modes a generator covers."""

from collections.abc import Iterator

import torch
from torch import Tensor

from course_utils.checks.kit.answers import number
from course_utils.checks.kit.common import Answer, question, require

STD = 0.25  # three of it are 0.75, which a floating-point number holds exactly
MODES = torch.tensor([[0.0, 0], [1, 0], [4, 0], [0, 4], [4, 4], [8, 0], [0, 8], [8, 4], [4, 8], [8, 8]])
GOOD = [[0.375, 0.0], [-0.5, 0.5], [8.0, 4.75], [4.5, 8.5], [8.25, 7.75], [0.25, 4.0], [0.25, 3.75], [4.5, 4.5]]
BAD = [[8.625, 8.625], [4.625, -0.625], [4.8125, 0.0], [5.5, 4.0], [4.0, 5.75], [8, 2], [6, 6], [2.5, 2.5], [0, 6.75]]
POINTS, FAR = torch.tensor(GOOD + BAD), torch.tensor(BAD)  # (8, 4.75) is good just so, (8.625, 8.625) is not


def _coverage(good: Tensor, nearest: Tensor) -> tuple[float, float]:
    """(captured, high_quality) of points (N,) that are good or not, with the mode nearest to each."""
    return float(len(nearest[good].unique())), good.double().mean().item()


def _mistakes(x: Tensor, modes: Tensor, std: float) -> Iterator[tuple[str, tuple[float, float]]]:
    """What is wrong, and the (captured, high_quality) that it gives."""
    apart = (x[:, None] - modes).abs().double()
    distances = apart.norm(dim=2)
    distance, nearest = distances.min(1)
    within = distances <= 3 * std
    captured, share = _coverage(distance <= 3 * std, nearest)
    several, number_of = float(within.any(0).sum()), share * len(x)
    yield from _other_distances(apart, std)
    yield "leaves out a distance of exactly 3 std. At most 3 std is good: <=.", _coverage(distance < 3 * std, nearest)
    yield "takes good for one standard deviation. It is three.", _coverage(distance <= std, nearest)
    yield "takes good for two standard deviations. It is three.", _coverage(distance <= 2 * std, nearest)
    squared = "compares the squared distance with 3 std. Take the root, or compare with (3 std)²."
    yield squared, _coverage(distance**2 <= 3 * std, nearest)
    yield "uses the variance, 3 std². It is 3 std.", _coverage(distance <= 3 * std**2, nearest)
    if std != STD:
        own = "judges by another standard deviation than std. Take std as it is given."
        yield own, _coverage(distance <= 3 * STD, nearest)
    yield "counts a point for every mode it is near to. It belongs to the nearest alone.", (several, share)
    strays = "counts every mode that is nearest to some point, good or not. Only good points count."
    yield strays, (float(len(nearest.unique())), share)
    yield "counts good points. captured counts modes, each once.", (number_of, share)
    yield "returns the two values in the wrong order: (captured, high_quality).", (share, captured)
    yield "divides captured by the number of modes. Return a count.", (captured / len(modes), share)
    yield "returns the number of good points. Divide it by N.", (captured, number_of)
    yield "divides the good points by the number of modes. Divide by N.", (captured, number_of / len(modes))
    mean, average = within.double().mean().item(), "averages over points and modes. Take the nearest mode first."
    yield average, (captured, mean)
    yield average, (several, mean)
    modes_share = "returns the share of captured modes. high_quality is the share of good points."
    yield modes_share, (captured, captured / len(modes))
    yield modes_share, (several, several / len(modes))
    yield "returns the good points in percent. Return a share between 0 and 1.", (captured, 100 * share)


def _other_distances(apart: Tensor, std: float) -> Iterator[tuple[str, tuple[float, float]]]:
    """The same for other distances, and for the first modes alone; `apart` is |x − mode|, (N, K, 2)."""
    for what, other in (("compares each coordinate", apart.amax(2)), ("adds up the coordinates", apart.sum(2))):
        least, index = other.min(1)
        yield f"{what}. Take the Euclidean distance.", _coverage(least <= 3 * std, index)
        both = float((other <= 3 * std).any(0).sum()), (least <= 3 * std).double().mean().item()
        yield f"{what}, and counts a point for several modes. Take the Euclidean distance to the nearest.", both
    least, index = apart.norm(dim=2)[:, :8].min(1)
    eight = "looks at the first 8 modes only. There are K of them."
    yield eight, _coverage(least <= 3 * std, index)
    least, index = apart.norm(dim=2).min(1)
    within = least <= 3 * std
    yield eight, (_coverage(within & (index < 8), index)[0], within.double().mean().item())


def _judge(answer: Answer, x: Tensor, modes: Tensor, std: float, case: str) -> None:
    """Raise CheckFailed, with the mistake's name if it is known, unless both values are right."""
    value = answer(x, modes, std)
    pair = isinstance(value, tuple | list) and len(value) == 2
    require(pair, f"mode_coverage must return two values, (captured, high_quality). It returns {type(value).__name__}.")
    found = tuple(float(number(each, name)) for each, name in zip(value, ("captured", "high_quality"), strict=True))
    distance, nearest = torch.cdist(x.double(), modes.double()).min(1)
    right = _coverage(distance <= 3 * std, nearest)

    def same(other: tuple[float, float]) -> bool:
        return all(abs(a - b) < 1e-4 for a, b in zip(found, other, strict=True))

    for message, wrong in _mistakes(x, modes, std):
        require(same(right) or not same(wrong), f"mode_coverage {message}")
    got = f"mode_coverage returns ({found[0]:g}, {found[1]:.3g}) for {case}; ({right[0]:g}, {right[1]:.3g}) is right."
    require(same(right), f"{got} Nearest mode of each point, good ones, then count and share.")


@question
def mode_coverage(answer: Answer) -> None:
    """(captured, high_quality) where each known mistake gives its own pair; other sizes; no good point; a crowd."""
    _judge(answer, POINTS, MODES, STD, f"{len(POINTS)} points and {len(MODES)} modes")
    _judge(answer, 4 * POINTS[3:], 4 * MODES[3:], 4 * STD, "a picture four times as wide, with std = 1")
    _judge(answer, FAR, MODES[:3], STD, "points of which none is good")
    crowd = torch.cat([MODES[4:5].expand(299, 2), MODES[7:8]])
    _judge(answer, crowd, MODES, STD, "299 points on one mode and one on another: a single good point captures")
