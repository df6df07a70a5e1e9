"""What checks of random draws share: seeded generators, independence, the standard normal."""

import torch
from torch import Tensor

from course_utils.checks.kit.common import require, tensor

FIXED = "Draw from the generator that is given, with no seed and no generator of your own."
MANY = 20_000  # draws: their mean and standard deviation are then off by 0.03 less than once in ten thousand seeds


def many(value: object, columns: int, what: str) -> Tensor:
    """`value`, if it is a finite tensor (N, columns); otherwise CheckFailed."""
    count = len(value) if isinstance(value, Tensor) and value.dim() else MANY
    return tensor(value, (count, columns), what)


def seeded(seed: int) -> torch.Generator:
    """A new generator."""
    return torch.Generator().manual_seed(seed)


def repeats(rows: Tensor) -> bool:
    """Whether all rows are equal."""
    return torch.allclose(rows, rows[:1].expand_as(rows), atol=1e-4)


def unshared(draws: Tensor, name: str, shape: str = "(B, Z)") -> None:
    """Raise CheckFailed if the batch or the dimensions of `(N, Z)` share one draw.

    `name` is that of the draw, `shape` the one that it should have, in the letters of the assignment.
    """
    require(not repeats(draws), f"The whole batch shares one draw. Draw one for each data point: {name} is {shape}.")
    require(not repeats(draws.T), f"All dimensions share one draw. Draw one for each of them: {name} is {shape}.")


def independent(draws: Tensor, name: str, shape: str = "(B, Z)") -> None:
    """Raise CheckFailed if draws `(N, Z)` repeat or go together, over the batch or over the dimensions."""
    unshared(draws, name, shape)
    anew = f"Draw {name} anew for every number: its shape is {shape}."
    rows = torch.unique(draws.double().round(decimals=4), dim=0)
    require(len(rows) > 0.9 * len(draws), f"Of {len(draws)} draws only {len(rows)} differ. {anew}")
    together = torch.corrcoef(draws.T).fill_diagonal_(0).abs().max() if draws.shape[1] > 1 else torch.tensor(0.0)
    require(together < 0.05, f"The draws of different dimensions go together: a correlation of {together:.2f}. {anew}")


def standard_normal(draws: Tensor, what: str) -> None:
    """Raise CheckFailed unless `(N, Z)`, N about `MANY`, looks as if drawn from N(0, 1)."""
    mean, std = draws.mean(), draws.std()
    away = ((draws - mean) / std).abs()
    hint = "Is it torch.rand, which is uniform on [0, 1]? torch.randn is normal."
    require(away.max() > 3.2, f"{what} is not normal: of {len(draws)} draws none is far out. {hint}")
    tails = (away**4).mean()
    shape = f"{what} is not normal: its fourth moment is {tails:.1f} instead of 3. Draw with torch.randn."
    require(abs(tails - 3) < 0.5, shape)
    require(mean.abs() < 0.05, f"{what} has the mean {mean:.2f} instead of 0. Is something added to the noise?")
    factor = "Is there a factor, or a root too many or too few?"
    require(abs(std - 1) < 0.05, f"{what} has the standard deviation {std:.2f} instead of 1. {factor}")
