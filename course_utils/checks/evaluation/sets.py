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

    right = both(in_real.any(0).double().mean(), in_fake.any(1).double().mean())
    self_counted = both(near_real.any(0).double().mean(), near_fake.any(1).double().mean())
    return right, {
        "have changed places. Precision is about the fakes, recall about the reals.": right.flip(0),
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
    generator = torch.Generator().manual_seed(2)
    real = torch.randn(40, 2, generator=generator, dtype=torch.float64)
    fake = 0.6 * torch.randn(30, 2, generator=generator, dtype=torch.float64) + 0.8
    right, mistakes = _shares(real, fake)
    values = pair(answer(real, fake, 3), ("precision", "recall"), "precision_recall")
    numbers = torch.stack([number(value, name) for value, name in zip(values, ("precision", "recall"), strict=True)])
    recognize(numbers, right, mistakes, "Your precision and recall")
    far = pair(answer(real, real + 100, 3), ("precision", "recall"), "precision_recall")
    zero = all(number(value, "A share").item() == 0 for value in far)
    require(zero, "Precision and recall must be 0 where the two sets are far apart.")


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
