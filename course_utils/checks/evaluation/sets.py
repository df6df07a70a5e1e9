"""Checks of assignment 07, second part: precision and recall, extrapolation to infinitely many samples."""

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import number, pair
from course_utils.checks.kit.common import Answer, question, recognize, require


def _both(precision: Tensor, recall: Tensor) -> Tensor:
    return torch.stack([precision.double(), recall.double()])


def _radii(points: Tensor, neighbor: int) -> Tensor:
    """The distance of each point to its neighbor of that number; 0 is the point itself."""
    return torch.cdist(points, points).sort(1).values[:, neighbor]


def _covered(between: Tensor, real: Tensor, fake: Tensor) -> Tensor:
    """(precision, recall) for balls of these radii, one for each point or one for all."""
    return _both((between < real[..., None]).any(0).double().mean(), (between < fake).any(1).double().mean())


def _radius_mistakes(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """What wrong radii give for k = 3."""
    between, every = torch.cdist(real, fake), torch.cat([real, fake])
    kth, pooled = [_radii(points, 3) for points in (real, fake)], _radii(every, 3)
    means = [torch.stack([_radii(points, k) for k in (1, 2, 3)]).mean(0) for points in (real, fake)]
    both_sets = pooled[: len(real)], pooled[len(real) :]
    itself = "count each point as its own first neighbor: the distance 0 comes first, so take the next k."
    later = "use the neighbor after the k-th. Position 0 of the sorted distances is the point itself."
    radii = {
        "use the mean of the k nearest distances as the radius. Take the k-th distance itself.": means,
        "use neighbors among both sets together. A real's radius comes from reals, a fake's from fakes.": both_sets,
        "use one radius for all balls, a mean. Each ball has its own.": [each.mean()[None] for each in kth],
        "use one radius for all balls, a median. Each ball has its own.": [each.median()[None] for each in kth],
        itself: [_radii(points, 2) for points in (real, fake)],
        later: [_radii(points, 4) for points in (real, fake)],
    }
    return {message: _covered(between, *pair_) for message, pair_ in radii.items()}


def _share_mistakes(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """What wrong ways to count give for k = 3, with the right radii."""
    between = torch.cdist(real, fake)
    in_real, in_fake = between < _radii(real, 3)[:, None], between < _radii(fake, 3)
    precision, recall = in_real.any(0).double().mean(), in_fake.any(1).double().mean()
    balls = in_real.double().sum(0).mean() / 3, in_fake.double().sum(1).mean() / 3
    (nearest_real, of_real), (nearest_fake, of_fake) = between.min(0), between.min(1)
    nearest = _both(
        (nearest_real < _radii(real, 3)[of_real]).double().mean(),
        (nearest_fake < _radii(fake, 3)[of_fake]).double().mean(),
    )
    return {
        "have changed places. Precision is about the fakes, recall about the reals.": _both(recall, precision),
        "are those of balls that have changed places: precision uses balls around reals, recall around fakes.": _both(
            in_fake.any(0).double().mean(), in_real.any(1).double().mean()
        ),
        "are coverage and its like: count the points inside balls, not the balls with a point inside.": _both(
            precision, in_real.any(1).double().mean()
        ),
        "are averages over pairs. One ball that holds the point is enough: any, then mean.": _both(
            in_real.double().mean(), in_fake.double().mean()
        ),
        "are densities: they count balls. Precision asks whether there is any.": _both(*balls),
        "look at the ball of the nearest center alone. One of the other balls may hold the point, too.": nearest,
        "compare squared distances with radii. Square both or none.": _covered(
            between.square(), _radii(real, 3), _radii(fake, 3)
        ),
        "are counts. Return shares, between 0 and 1.": _both(in_real.any(0).sum(), in_fake.any(1).sum()),
        "are percentages. Return shares, between 0 and 1.": 100 * _both(precision, recall),
    }


@question
def precision_recall(answer: Answer) -> None:
    """Both shares on two clouds, with the neighbor counts and the roles that are confused most."""
    generator = torch.Generator().manual_seed(49)
    real = torch.randn(24, 2, generator=generator, dtype=torch.float64)
    fake = 0.6 * torch.randn(19, 2, generator=generator, dtype=torch.float64) + 0.8
    right = _covered(torch.cdist(real, fake), _radii(real, 3), _radii(fake, 3))
    mistakes = _share_mistakes(real, fake) | _radius_mistakes(real, fake)
    recognize(_numbers(answer(real, fake, 3)), right, mistakes, "Your precision and recall")
    zero = not _numbers(answer(real, real + 100, 3)).any()
    require(zero, "Precision and recall must be 0 where the two sets are far apart.")
    _on_a_line(answer)


def _numbers(value: object) -> Tensor:
    """The two numbers (2,), or CheckFailed."""
    names = "precision", "recall"
    both = pair(value, names, "precision_recall")
    return torch.stack([number(each, name) for each, name in zip(both, names, strict=True)])


def _on_a_line(answer: Answer) -> None:
    """Whole numbers, exact in any precision: points on a boundary, and duplicates, neighbors at the distance 0."""
    edge = "counts a point on the boundary of a ball as inside. It is outside (<, not <=)."
    twice = "leaves duplicates out. Another sample in the same place is a neighbor, at the distance 0."
    cases = (
        ([3.0, 4, 6, 9, 11], [2.0, 3, 6, 8, 11, 13], (4 / 6, 4 / 5), {edge: (1.0, 1.0)}, "points on a boundary"),
        ([0.0, 2, 2, 6, 8], [3.0, 4, 6, 8, 8, 10], (3 / 6, 1 / 5), {twice: (4 / 6, 2 / 5)}, "points that occur twice"),
    )
    for reals, fakes, right, mistakes, what in cases:
        real, fake = (torch.tensor(points, dtype=torch.float64)[:, None] for points in (reals, fakes))
        named = {message: torch.tensor(pair_).double() for message, pair_ in mistakes.items()}
        recognize(_numbers(answer(real, fake, 1)), torch.tensor(right).double(), named, f"precision_recall of {what}")


@question
def extrapolate(answer: Answer) -> None:
    """The value of a line in 1/N at infinitely many samples."""
    sizes = torch.tensor([100.0, 200.0, 500.0, 1000.0], dtype=torch.float64)
    distances = 2.5 + 300 / sizes + torch.tensor([0.02, -0.03, 0.01, 0.0], dtype=torch.float64)

    def line(x: Tensor) -> tuple[Tensor, Tensor]:
        slope, value = np.polyfit(x.numpy(), distances.numpy(), 1)
        return torch.tensor(slope), torch.tensor(value)

    (slope, right), (_, in_n), (_, in_log) = line(1 / sizes), line(sizes), line(sizes.log())
    bent = torch.tensor(np.polyfit(1 / sizes.numpy(), distances.numpy(), 2)[2])
    last = (distances[-1] * sizes[-1] - distances[0] * sizes[0]) / (sizes[-1] - sizes[0])
    through = {
        "is the line through N at N = 0. Fit a line through 1/N, and read it at 1/N = 0.": in_n,
        "is the line through log N. The bias falls as 1/N.": in_log,
        "is the line through 1/√N. The bias falls as 1/N.": line(sizes**-0.5)[1],
        "is that of a parabola. Fit a straight line.": bent,
        "is the slope. The value at 1/N = 0 is the other coefficient.": slope,
        "is the distance of the largest set: it still has its bias.": distances[-1],
        "is the mean of the distances: all of them are biased upwards.": distances.mean(),
        "uses the first and the last size only. Fit all of them by least squares.": last,
    }
    recognize(number(answer(sizes, distances), "Your value"), right, through, "Your value")
