"""Gaussian mixtures: what lecture 02 writes on the page, tested, for the lectures that need a mixture as a baseline.

A module of its own and not a part of `losses`: density, EM, sampling and conditional share one set of parameters, which
`GMMParameters` carries. Every covariance is a full matrix, whatever its type, so that each formula is written once.
Densities are in nats; use float64.

theta, log_px = em(x, start(x, 3, rng), steps=50)
theta.log_prob(x).mean()        # log_px[-1]; the function log_prob(x, *theta), which the page writes, says the same
theta.sample(100, rng=rng)      # (100, D)
"""

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor

from course_utils.models.layers import check_labels

TYPES = ("full", "tied", "diag", "spherical")  # scikit-learn's names


class GMMParameters(NamedTuple):
    """A mixture's parameters: weights `(K,)`, which sum to 1, means `(K, D)`, covariances `(K, D, D)`."""

    weights: Tensor
    means: Tensor
    covariances: Tensor

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x) in nats, `(B,)`, of points x `(B, D)`."""
        return log_prob(x, *self)

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n points `(n, D)`, each of the component that y `(n,)` names, or by default of one drawn by its weight."""
        component = draw_components(n, self.weights, rng) if y is None else y
        check_labels(n, component, len(self.weights))
        return draw_given(component, self.means, self.covariances, rng)


class BernoulliMixture(NamedTuple):
    """A mixture over binary x: weights `(K,)`, which sum to 1, and each component's pixel probabilities `(K, D)`."""

    weights: Tensor
    probabilities: Tensor

    def log_joint(self, x: Tensor) -> Tensor:
        """log π_k + Σ_d log p(x_d | k) in nats: `(B, K)`, for binary x `(B, D)`. Source: Bishop 2006, section 9.3.3."""
        return self.weights.log() + x @ self.probabilities.log().T + (1 - x) @ (1 - self.probabilities).log().T

    def log_prob(self, x: Tensor) -> Tensor:
        """log P(x) in nats, `(B,)`, exactly."""
        return torch.logsumexp(self.log_joint(x), dim=1)

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n binary draws `(n, D)`, each of the component that y `(n,)` names, or of one drawn by its weight."""
        component = draw_components(n, self.weights, rng) if y is None else y
        check_labels(n, component, len(self.weights))
        return (torch.rand(n, self.probabilities.shape[1], generator=rng) < self.probabilities[component]).float()


def em_bernoulli(
    x: Tensor, k: int, steps: int = 60, rng: torch.Generator | None = None, pseudo: float = 1.0
) -> BernoulliMixture:
    """`steps` rounds of EM on binary x `(N, D)` from k random components.

    Each component counts `pseudo` more images that look like the mean, so that no probability is 0 or 1; with 0 the
    likelihood never falls. Source: Bishop 2006, section 9.3.3.
    """
    mean = (x.sum(0) + 0.5) / (len(x) + 1)
    theta = BernoulliMixture(torch.full((k,), 1 / k), 0.25 + 0.5 * torch.rand(k, x.shape[1], generator=rng))
    for _ in range(steps):
        r = torch.softmax(theta.log_joint(x), dim=1)
        counts = r.sum(0) + 1e-6
        theta = BernoulliMixture(counts / counts.sum(), (r.T @ x + pseudo * mean) / (counts[:, None] + pseudo))
    return theta


def log_components(x: Tensor, means: Tensor, covariances: Tensor) -> Tensor:
    """log N(x | μ_k, Σ_k) in nats, by Cholesky factors Σ = L Lᵀ: log det Σ = 2 Σ log diag L, and L⁻¹(x − μ) is white.

    Args: x `(B, D)`, means `(K, D)`, covariances `(K, D, D)`. Returns `(B, K)`.
    Raises torch.linalg.LinAlgError for a covariance that is not positive definite.
    """
    factor = torch.linalg.cholesky(covariances)
    white = torch.linalg.solve_triangular(factor, x.T - means[:, :, None], upper=False)  # (K, D, B)
    log_det = 2 * factor.diagonal(dim1=1, dim2=2).log().sum(1)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + log_det + white.square().sum(1).T)


def log_joint(x: Tensor, weights: Tensor, means: Tensor, covariances: Tensor) -> Tensor:
    """log π_k + log N(x | μ_k, Σ_k) in nats: `(B, K)`."""
    return weights.log() + log_components(x, means, covariances)


def log_prob(x: Tensor, weights: Tensor, means: Tensor, covariances: Tensor) -> Tensor:
    """log Σ_k π_k N(x | μ_k, Σ_k) in nats, by log-sum-exp: `(B,)`. Source: Bishop 2006, eq. 9.7."""
    return torch.logsumexp(log_joint(x, weights, means, covariances), dim=1)


def responsibilities(x: Tensor, weights: Tensor, means: Tensor, covariances: Tensor) -> Tensor:
    """p(component k | x), rows that sum to 1: `(B, K)`. The E-step. Source: Bishop 2006, eq. 9.13."""
    return torch.softmax(log_joint(x, weights, means, covariances), dim=1)


def m_step(x: Tensor, r: Tensor, covariance_type: str = "full", reg_covar: float = 0.0) -> GMMParameters:
    """The parameters that maximize Σ_nk r_nk (log π_k + log N(x_n | μ_k, Σ_k)) for responsibilities r `(B, K)`.

    Args: reg_covar is added to the diagonals, as in scikit-learn. Source: Bishop 2006, eq. 9.17, 9.19, 9.22.
    """
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]  # (K, B, D)
    covariances = (r.T[:, :, None] * centered).mT @ centered / counts[:, None, None]
    shaped = _constrain(covariances, counts / len(x), covariance_type)
    return GMMParameters(counts / len(x), means, shaped + reg_covar * torch.eye(x.shape[1], dtype=x.dtype))


def _constrain(full: Tensor, weights: Tensor, covariance_type: str) -> Tensor:
    """The best covariances of a type, `(K, D, D)`, from the best full ones."""
    if covariance_type not in TYPES:
        raise ValueError(f"unknown covariance type {covariance_type!r}: choose one of {', '.join(TYPES)}")
    variances = full.diagonal(dim1=1, dim2=2)
    if covariance_type == "tied":
        return (weights[:, None, None] * full).sum(0).expand_as(full)
    if covariance_type == "spherical":
        variances = variances.mean(1, keepdim=True).expand_as(variances)
    return full if covariance_type == "full" else torch.diag_embed(variances)


def start(x: Tensor, k: int, rng: torch.Generator | None = None) -> GMMParameters:
    """A plain start for EM: means at k different data points, all covariances the data's own, equal weights."""
    means = x[torch.randperm(len(x), generator=rng)[:k]]
    return GMMParameters(torch.full((k,), 1 / k, dtype=x.dtype), means, torch.cov(x.T, correction=0).expand(k, -1, -1))


def em(
    x: Tensor, theta: GMMParameters, steps: int, covariance_type: str = "full", reg_covar: float = 0.0
) -> tuple[GMMParameters, list[float]]:
    """`steps` rounds of E-step and M-step from theta.

    Returns the last parameters, and the mean log-likelihood in nats before each step and at the end: steps + 1 numbers,
    which never fall while reg_covar is 0. Source: Dempster, Laird & Rubin 1977.
    """
    log_px = [log_prob(x, *theta).mean().item()]
    for _ in range(steps):
        theta = m_step(x, responsibilities(x, *theta), covariance_type, reg_covar)
        log_px.append(log_prob(x, *theta).mean().item())
    return theta, log_px


def sample(
    n: int, weights: Tensor, means: Tensor, covariances: Tensor, rng: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """n draws, first the component, then the point: x `(n, D)` and the components `(n,)`."""
    component = draw_components(n, weights, rng)
    return draw_given(component, means, covariances, rng), component


def draw_components(n: int, weights: Tensor, rng: torch.Generator | None = None) -> Tensor:
    """n components drawn by their weights, int64 `(n,)`."""
    return torch.multinomial(weights, n, replacement=True, generator=rng)


def draw_given(component: Tensor, means: Tensor, covariances: Tensor, rng: torch.Generator | None = None) -> Tensor:
    """A point of each component named, `(n, D)`, with Σ = L Lᵀ: μ + L ε, ε ~ N(0, I)."""
    noise = torch.randn(len(component), means.shape[1], 1, generator=rng, dtype=means.dtype)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2)


def free_parameters(k: int, d: int, covariance_type: str = "full") -> int:
    """Numbers that may be chosen freely: k − 1 weights, k d means, and the covariances of the type."""
    one = d * (d + 1) // 2
    covariances = {"full": k * one, "tied": one, "diag": k * d, "spherical": k}
    return k - 1 + k * d + covariances[covariance_type]


def bic(log_px: Tensor, parameters: int) -> float:
    """Bayesian information criterion, parameters · log n − 2 Σ log p(x): lower is better. Args: log_px `(n,)` in nats.

    Source: Schwarz 1978, eq. 1.1, times −2.
    """
    return parameters * math.log(len(log_px)) - 2 * log_px.sum().item()


def condition(
    x_seen: Tensor, seen: Tensor, weights: Tensor, means: Tensor, covariances: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """p(hidden | seen), a mixture for each data point: weights `(B, K)`, means `(B, K, H)`, covariances `(K, H, H)`.

    Args: x_seen `(B, S)`; seen `(D,)`, bool, says which S coordinates these are. Source: Bishop 2006, eq. 2.81, 2.82.
    """
    seen_seen, seen_hidden = covariances[:, seen][:, :, seen], covariances[:, seen][:, :, ~seen]
    gain = torch.linalg.solve(seen_seen, seen_hidden)  # (K, S, H)
    moved = means[:, None, ~seen] + (x_seen - means[:, None, seen]) @ gain  # (K, B, H)
    left = covariances[:, ~seen][:, :, ~seen] - seen_hidden.mT @ gain
    return responsibilities(x_seen, weights, means[:, seen], seen_seen), moved.transpose(0, 1), left


def impute(x_seen: Tensor, seen: Tensor, weights: Tensor, means: Tensor, covariances: Tensor) -> Tensor:
    """E[hidden | seen], the guess of least expected squared error: `(B, H)`. Arguments as for `condition`."""
    given, moved, _ = condition(x_seen, seen, weights, means, covariances)
    return (given[:, :, None] * moved).sum(1)


def lift(theta: GMMParameters, basis: Tensor, center: Tensor, variance: float) -> GMMParameters:
    """The mixture of center + z basis + noise, z from theta: noise of this variance in all directions the basis lacks.

    Without the noise these x would lie in a plane and have no density. As in probabilistic PCA (Tipping & Bishop 1999).
    Args: theta in d dimensions; basis `(d, D)` with orthonormal rows, as `PCA.components_`; center `(D,)`.
    """
    rest = torch.eye(len(center), dtype=basis.dtype) - basis.T @ basis
    covariances = basis.T @ theta.covariances @ basis + variance * rest
    return GMMParameters(theta.weights, center + theta.means @ basis, covariances)


def from_sklearn(model: Any) -> GMMParameters:
    """The parameters, in float64, of a fitted `sklearn.mixture.GaussianMixture` of any covariance type."""
    means, given = torch.as_tensor(model.means_), torch.as_tensor(model.covariances_)
    k, d = means.shape
    if model.covariance_type in ("full", "tied"):
        covariances = given.expand(k, d, d)
    else:
        covariances = torch.diag_embed(given.view(k, -1).expand(k, d))
    return GMMParameters(torch.as_tensor(model.weights_), means, covariances)
