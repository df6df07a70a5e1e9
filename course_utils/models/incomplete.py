"""Gaussian mixtures of rows with gaps: fitted to what is seen, they tell what is not, with an interval.

Each row has its own mask `seen` `(B, D)`, bool; what stands in x where nothing was seen is never used. All rows are
done at once: a covariance in which a gap's row and column are those of the identity has the same inverse and
determinant over what is seen. For one mask that all rows share there is `mixtures.condition`.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from course_utils.models.mixtures import GMMParameters, start


class Mixed(NamedTuple):
    """For each entry a mixture of K normals: weights `(B, K)`, means and standard deviations `(B, K, D)`."""

    weights: Tensor
    means: Tensor
    sd: Tensor

    @property
    def mean(self) -> Tensor:
        """The guess of least expected squared error, `(B, D)`."""
        return (self.weights[:, :, None] * self.means).sum(1)

    def cdf(self, x: Tensor) -> Tensor:
        """P(entry ≤ x) for each entry of x `(B, D)`."""
        standard = (x[:, None] - self.means) / self.sd
        return (self.weights[:, :, None] * torch.special.ndtr(standard)).sum(1)

    def quantile(self, p: float, halvings: int = 40) -> Tensor:
        """The value below which an entry lies with probability p, `(B, D)`, by bisection."""
        reach = 10 * self.sd
        low, high = (self.means - reach).amin(1), (self.means + reach).amax(1)
        for _ in range(halvings):
            middle = (low + high) / 2
            below = self.cdf(middle) < p
            low, high = torch.where(below, middle, low), torch.where(below, high, middle)
        return (low + high) / 2

    def interval(self, level: float = 0.9) -> tuple[Tensor, Tensor]:
        """Bounds that hold an entry with this probability, each `(B, D)`, as much left out below as above."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)


class _Given(NamedTuple):
    """What is seen of rows tells of each component: log p(seen, k) `(B, K)`, E[x | seen, k], Cov[x | seen, k]."""

    log_joint: Tensor
    means: Tensor
    covariances: Tensor


def _given(x: Tensor, seen: Tensor, theta: GMMParameters) -> _Given:
    """Source: Little & Rubin 2019, section 11.2; Ghahramani & Jordan 1994, section 3."""
    mask = seen.to(theta.means.dtype)[:, None]  # (B, 1, D)
    eye, both = torch.eye(x.shape[1], dtype=mask.dtype), mask[..., :, None] * mask[..., None, :]
    factor = torch.linalg.cholesky(theta.covariances * both + eye * (1 - mask[..., None]))
    gap = torch.where(seen[:, None], x[:, None] - theta.means, 0.0)  # (B, K, D), 0 where nothing was seen
    to_seen = theta.covariances * mask[..., None, :]  # columns of what is seen
    gain = torch.cholesky_solve(to_seen.mT, factor).mT
    log_det = 2 * factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)
    squares = (gap[..., None, :] @ torch.cholesky_solve(gap[..., None], factor)).flatten(-3)
    log_p = -0.5 * (mask.sum(-1) * math.log(2 * math.pi) + log_det + squares)
    means = torch.where(seen[:, None], x[:, None], theta.means + (gain @ gap[..., None]).squeeze(-1))
    hidden = (1 - mask[..., :, None]) * (1 - mask[..., None, :])
    return _Given(theta.weights.log() + log_p, means, (theta.covariances - gain @ to_seen.mT) * hidden)


def log_prob(x: Tensor, seen: Tensor, theta: GMMParameters) -> Tensor:
    """log p(what is seen) in nats, `(B,)`; 0 for a row without any."""
    return _given(x, seen, theta).log_joint.logsumexp(1)


def conditional(x: Tensor, seen: Tensor, theta: GMMParameters) -> Mixed:
    """p(entry | what is seen of its row) for each entry. An entry that was seen has standard deviation 0.

    Args: x and seen `(B, D)`. Source: Bishop 2006, eq. 2.81, 2.82, for each component.
    """
    given = _given(x, seen, theta)
    variance = given.covariances.diagonal(dim1=-2, dim2=-1)
    return Mixed(given.log_joint.softmax(1), given.means, variance.clamp(min=0).sqrt())


def em(
    x: Tensor, seen: Tensor, k: int, steps: int = 30, reg_covar: float = 1e-3, rng: torch.Generator | None = None
) -> tuple[GMMParameters, list[float]]:
    """A mixture of k Gaussians from rows with gaps, by `steps` rounds of EM from columns filled with their means.

    Returns the parameters, and the mean of log p(seen) in nats before each step and at the end. `reg_covar` is added to
    the diagonals; without it the likelihood never falls. Raises ValueError for a column of which nothing was seen.
    Source: Dempster, Laird & Rubin 1977, section 4.1.3; Ghahramani & Jordan 1994.
    """
    if not seen.any(0).all():
        raise ValueError("a column has no value at all: leave it out, there is nothing to learn it from.")
    column = torch.where(seen, x, 0.0).sum(0) / seen.sum(0)
    theta = start(torch.where(seen, x, column), k, rng)
    theta = theta._replace(covariances=theta.covariances + reg_covar * torch.eye(x.shape[1], dtype=x.dtype))
    log_px = []
    for _ in range(steps):
        given = _given(x, seen, theta)
        log_px.append(given.log_joint.logsumexp(1).mean().item())
        theta = _m_step(given, reg_covar)
    return theta, [*log_px, log_prob(x, seen, theta).mean().item()]


def _m_step(given: _Given, reg_covar: float) -> GMMParameters:
    """As for complete rows, with each gap's expectation in its place, and its own spread added to the covariance."""
    r = given.log_joint.softmax(1)
    counts = r.sum(0)
    means = (r[:, :, None] * given.means).sum(0) / counts[:, None]
    centered = given.means - means
    spread = torch.einsum("bk,bki,bkj->kij", r, centered, centered)
    spread = (spread + torch.einsum("bk,bkij->kij", r, given.covariances)) / counts[:, None, None]
    return GMMParameters(
        counts / counts.sum(), means, spread + reg_covar * torch.eye(means.shape[1], dtype=means.dtype)
    )
