"""What checks of random draws share: seeded generators, independence, the standard normal."""

import torch
from torch import Tensor

from course_utils.checks.kit.common import require

MANY = 20_000  # draws: their mean and standard deviation are then off by 0.03 less than once in ten thousand seeds


def seeded(seed: int) -> torch.Generator:
    """A new generator."""
    return torch.Generator().manual_seed(seed)


def repeats(rows: Tensor) -> bool:
    """Whether all rows are equal."""
    return torch.allclose(rows, rows[:1].expand_as(rows), atol=1e-4)


def independent(draws: Tensor, name: str) -> None:
    """Raise CheckFailed if draws `(N, Z)` repeat over the batch or over the dimensions; `name` is that of the draw."""
    require(not repeats(draws), f"The whole batch shares one draw. Draw one for each data point: {name} is (B, Z).")
    require(not repeats(draws.T), f"All dimensions share one draw. Draw one for each of them: {name} is (B, Z).")


def standard_normal(draws: Tensor, what: str) -> None:
    """Raise CheckFailed unless `(N, Z)`, N about `MANY`, looks as if drawn from N(0, 1)."""
    uniform = "Is it torch.rand, which is uniform on [0, 1]? torch.randn is normal."
    require(draws.mean().abs() < 0.05, f"{what} has the mean {draws.mean():.2f} instead of 0. {uniform}")
    require(abs(draws.std() - 1) < 0.05, f"{what} has the standard deviation {draws.std():.2f} instead of 1. {uniform}")
    require(draws.abs().max() > 3, f"{what} is not normal: of {len(draws)} draws none is beyond 3. {uniform}")
