"""Checks of assignment 07, second part: precision and recall, extrapolation to infinitely many samples."""

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import number, pair
from course_utils.checks.kit.common import Answer, question, recognize, require


def _shares(real: Tensor, fake: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """The right (precision, recall) for k = 3, and what the usual mistakes give."""
    between = torch.cdist(real, fake)

    def shares(shift: int) -> tuple[Tensor, Tensor]:
        real_radius, fake_radius = (torch.cdist(s, s).sort(1).values[:, 3 + shift] for s in (real, fake))
        return between < real_radius[:, None], between < fake_radius

    (in_real, in_fake), (near_real, near_fake), (wide_real, wide_fake) = shares(0), shares(-1), shares(1)

    def both(precision: Tensor, recall: Tensor) -> Tensor:
        return torch.stack([precision.double(), recall.double()])

    def alike(radii: tuple[Tensor, Tensor]) -> Tensor:
        return both((between < radii[0][..., None]).any(0).double().mean(), (between < radii[1]).any(1).double().mean())

    sorted_ = [torch.cdist(points, points).sort(1).values[:, 1:4] for points in (real, fake)]
    every = torch.cat([real, fake])
    pooled = torch.cdist(every, every).sort(1).values[:, 3]
    right = both(in_real.any(0).double().mean(), in_fake.any(1).double().mean())
    self_counted = both(near_real.any(0).double().mean(), near_fake.any(1).double().mean())
    return right, {
        "have changed places. Precision is about the fakes, recall about the reals.": right.flip(0),
        "use the mean of the k nearest distances as the radius. Take the k-th distance itself.": alike(
            (sorted_[0].mean(1), sorted_[1].mean(1))
        ),
        "use neighbors among both sets together. A real's radius comes from reals, a fake's from fakes.": alike(
            (pooled[: len(real)], pooled[len(real) :])
        ),
        "use one radius for all balls, a mean. Each ball has its own.": alike(
            (sorted_[0][:, -1].mean()[None], sorted_[1][:, -1].mean()[None])
        ),
        "use one radius for all balls, a median. Each ball has its own.": alike(
            (sorted_[0][:, -1].median()[None], sorted_[1][:, -1].median()[None])
        ),
        "count each point as its own first neighbor: the distance 0 comes first, so take the next k.": self_counted,
        "use the neighbor after the k-th. Position 0 of the sorted distances is the point itself.": both(
            wide_real.any(0).double().mean(), wide_fake.any(1).double().mean()
        ),
        "are those of balls that have changed places: precision uses balls around reals, recall around fakes.": both(
            in_fake.any(0).double().mean(), in_real.any(1).double().mean()
        ),
        "are coverage and its like: count the points inside balls, not the balls with a point inside.": both(
            right[0], in_real.any(1).double().mean()
        ),
        "are averages over pairs. One ball that holds the point is enough: any, then mean.": both(
            in_real.double().mean(), in_fake.double().mean()
        ),
        "are densities: they count balls. Precision asks whether there is any.": both(
            in_real.double().sum(0).mean() / 3, in_fake.double().sum(1).mean() / 3
        ),
        "are counts. Return shares, between 0 and 1.": both(in_real.any(0).sum(), in_fake.any(1).sum()),
        "are percentages. Return shares, between 0 and 1.": 100 * right,
    }


@question
def precision_recall(answer: Answer) -> None:
    """Both shares on two clouds, with the neighbor counts and the roles that are confused most."""
    generator = torch.Generator().manual_seed(49)
    real = torch.randn(24, 2, generator=generator, dtype=torch.float64)
    fake = 0.6 * torch.randn(19, 2, generator=generator, dtype=torch.float64) + 0.8
    right, mistakes = _shares(real, fake)
    values = pair(answer(real, fake, 3), ("precision", "recall"), "precision_recall")
    numbers = torch.stack([number(value, name) for value, name in zip(values, ("precision", "recall"), strict=True)])
    recognize(numbers, right, mistakes, "Your precision and recall")
    far = pair(answer(real, real + 100, 3), ("precision", "recall"), "precision_recall")
    zero = all(number(value, "A share").item() == 0 for value in far)
    require(zero, "Precision and recall must be 0 where the two sets are far apart.")
    _on_a_line(answer)


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
        given = pair(answer(real, fake, 1), ("precision", "recall"), "precision_recall")
        found = torch.stack([number(value, name) for value, name in zip(given, ("precision", "recall"), strict=True)])
        named = {message: torch.tensor(pair_).double() for message, pair_ in mistakes.items()}
        recognize(found, torch.tensor(right).double(), named, f"precision_recall of {what}")


@question
def extrapolate(answer: Answer) -> None:
    """The value of a line in 1/N at infinitely many samples."""
    sizes = torch.tensor([100.0, 200.0, 500.0, 1000.0], dtype=torch.float64)
    distances = 2.5 + 300 / sizes + torch.tensor([0.02, -0.03, 0.01, 0.0], dtype=torch.float64)

    def line(x: Tensor) -> tuple[Tensor, Tensor]:
        slope, value = np.polyfit(x.numpy(), distances.numpy(), 1)
        return torch.tensor(slope), torch.tensor(value)

    (slope, right), (_, in_n), (_, in_log) = line(1 / sizes), line(sizes), line(sizes.log())
    last = (distances[-1] * sizes[-1] - distances[0] * sizes[0]) / (sizes[-1] - sizes[0])
    through = {
        "is the line through N at N = 0. Fit a line through 1/N, and read it at 1/N = 0.": in_n,
        "is the line through log N. The bias falls as 1/N.": in_log,
        "is the slope. The value at 1/N = 0 is the other coefficient.": slope,
        "is the distance of the largest set: it still has its bias.": distances[-1],
        "is the mean of the distances: all of them are biased upwards.": distances.mean(),
        "uses the first and the last size only. Fit all of them by least squares.": last,
    }
    recognize(number(answer(sizes, distances), "Your value"), right, through, "Your value")
