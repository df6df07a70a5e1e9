"""Daily returns made by a known process, so that the true tail risk is known: volatility that clusters, and jumps.

process = Process()
r, variance = process.paths(1, 1000, seeded(0))    # (1, 1000) in percent, (1, 1001)
"""

from typing import NamedTuple

import torch
from torch import Tensor

Rng = torch.Generator | None


class Process(NamedTuple):
    """r_t = sqrt(v_t) ε_t, v_{t+1} = ω + (α + γ [r_t < 0]) r_t² + β v_t: a loss raises the variance more than a gain.

    ε has mean 0 and variance 1: a normal that on the share `jumps` of days is `jump` times as wide as on the others.
    Source: Glosten, Jagannathan & Runkle 1993 (doi 10.1111/j.1540-6261.1993.tb05128.x); jumps in place of Student's t.
    Returns are in percent a day, their variance in the long run is `long_run`.
    """

    omega: float = 0.03
    alpha: float = 0.02
    gamma: float = 0.08
    beta: float = 0.91
    jumps: float = 0.05
    jump: float = 3.0

    @property
    def long_run(self) -> float:
        """E[r²] = ω / (1 − α − γ/2 − β), in percent²."""
        return self.omega / (1 - self.alpha - self.gamma / 2 - self.beta)

    def shocks(self, shape: tuple[int, ...], rng: Rng = None) -> Tensor:
        """Independent ε of that shape."""
        wide = torch.where(torch.rand(shape, generator=rng) < self.jumps, self.jump, 1.0)
        scale = (1 - self.jumps + self.jumps * self.jump**2) ** 0.5
        return torch.randn(shape, generator=rng) * wide / scale

    def next_variance(self, variance: Tensor, r: Tensor) -> Tensor:
        """Tomorrow's variance from today's and today's return, of any one shape."""
        return self.omega + (self.alpha + self.gamma * (r < 0)) * r.square() + self.beta * variance

    def paths(self, n: int, days: int, rng: Rng = None, variance: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """n paths: returns `(n, days)` and the variance before each day and after the last, `(n, days + 1)`.

        `variance` `(n,)` is the first day's; without it each path has first run for 500 days from the long run's.
        Raises ValueError for a variance of another shape.
        """
        if variance is None:
            start = torch.full((n,), self.long_run)
            variance = self.paths(n, 500, rng, start)[1][:, -1]
        if variance.shape != (n,):
            raise ValueError(f"variance must be ({n},), one a path, got {tuple(variance.shape)}.")
        r, v = self.shocks((days, n), rng), [variance]
        for today in r:  # the shocks become the returns where they stand: a second table would cost as much again
            today *= v[-1].sqrt()
            v.append(self.next_variance(v[-1], today))
        return r.T, torch.stack(v, 1)
