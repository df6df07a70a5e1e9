"""The Fréchet distance between Gaussians, known as FID on the features of an Inception network.

The trace of (Σ₁Σ₂)^½ is the sum of the roots of the eigenvalues of Σ₁Σ₂. That product is not symmetric; AᵀΣ₂A with
Σ₁ = A Aᵀ is, has the same eigenvalues, and its eigenvalues cost a tenth of a matrix square root. With fewer samples N
than features F it is smaller still: for centered features X and Y with Σ₁ = XᵀX and Σ₂ = YᵀY, they are those of
(XYᵀ)(XYᵀ)ᵀ.
"""

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course_utils.metrics.inputs import Array, as_array, as_features

# Of the largest value: what float32 features leave in a covariance of asymmetry or negative eigenvalues.
_TOLERANCE = 1e-6


def frechet_gaussians(mu_1: ArrayLike, sigma_1: ArrayLike, mu_2: ArrayLike, sigma_2: ArrayLike) -> float:
    """Squared Fréchet (2-Wasserstein) distance ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½) ≥ 0 of two Gaussians.

    Args: means `(F,)`, covariances `(F, F)`, which may be singular. The unit is that of the features, squared.
    Raises ValueError for shapes that do not fit, values that are not finite, a covariance that is not symmetric, or one
    with a negative eigenvalue, whose root would be imaginary.
    Source: Dowson & Landau 1982; Heusel et al. 2017 (arXiv:1706.08500), eq. 6.
    """
    mu_1, mu_2 = as_array(mu_1, "mu_1", 1), as_array(mu_2, "mu_2", 1)
    sigma_1, sigma_2 = as_array(sigma_1, "sigma_1", 2), as_array(sigma_2, "sigma_2", 2)
    shapes = [mu_1.shape * 2, sigma_1.shape, mu_2.shape * 2, sigma_2.shape]
    if len(set(shapes)) > 1:
        raise ValueError(f"Two means (F,) and two covariances (F, F) are needed; got {shapes[::2]} and {shapes[1::2]}.")
    for name, sigma in (("sigma_1", sigma_1), ("sigma_2", sigma_2)):
        if np.abs(sigma - sigma.T).max() > _TOLERANCE * np.abs(sigma).max():
            raise ValueError(
                f"{name} is not symmetric, so it is no covariance. Features are columns: np.cov(x, rowvar=False)."
            )
    traces = np.trace(sigma_1) + np.trace(sigma_2)
    return _distance(mu_1 - mu_2, traces, _trace_of_root(sigma_1, sigma_2))


def frechet_distance(real_features: ArrayLike, fake_features: ArrayLike) -> float:
    """The Fréchet distance of the Gaussians with the means and covariances of two sets of features; 0 is best.

    Biased upwards, the more the fewer samples there are: compare only distances from equal numbers of samples.
    Args: features `(N, F)` and `(M, F)`. Covariances divide by N − 1. Warns for N ≤ F, where they are singular.
    Raises ValueError for fewer than two samples, different widths, or features that are not finite.
    Source: Heusel et al. 2017 (arXiv:1706.08500), eq. 6.
    """
    real, fake = as_features(real=real_features, fake=fake_features)
    _warn_of_few(real, fake)
    return _from_samples(real, fake)


class Extrapolation(NamedTuple):
    """A line through the distances at several sample sizes, distance ≈ value + slope / size."""

    value: float  # at infinitely many samples
    slope: float
    sizes: Array  # (S,)
    distances: Array  # (S,), at each size the mean over draws


def frechet_extrapolated(
    real_features: ArrayLike,
    fake_features: ArrayLike,
    *,
    sizes: int = 10,
    repeats: int = 5,
    smallest: float = 0.2,
    seed: int = 0,
) -> Extrapolation:
    """The Fréchet distance at infinitely many samples, from a line in 1/N through the distances of subsets.

    Args: `sizes` numbers of samples, evenly spaced in 1/N from a share `smallest` of the smaller set to all of it; at
    each, the mean over `repeats` random draws. Warns and raises as `frechet_distance` does.
    Source: Chong & Forsyth 2020 (arXiv:1911.07023). Departure: both sets are drawn from, since both are biased; plain
    random draws from what is there in place of new ones from Sobol sequences.
    """
    real, fake = as_features(real=real_features, fake=fake_features)
    most = min(len(real), len(fake))
    _warn_of_few(real[: max(2, int(smallest * most))])
    rng, sizes_ = np.random.default_rng(seed), np.rint(1 / np.linspace(1 / (smallest * most), 1 / most, sizes))

    def mean_distance(n: int) -> float:
        draws = [(rng.permutation(len(real))[:n], rng.permutation(len(fake))[:n]) for _ in range(repeats)]
        return float(np.mean([_from_samples(real[i], fake[j]) for i, j in draws]))

    distances = np.array([mean_distance(int(n)) for n in sizes_])
    slope, value = np.polyfit(1 / sizes_, distances, 1)
    return Extrapolation(float(value), float(slope), sizes_, distances)


def _distance(shift: Array, traces: float, trace_of_root: float) -> float:
    distance = float(shift @ shift + traces - 2 * trace_of_root)
    return 0.0 if distance < 0 else distance  # rounding alone makes it negative


def _from_samples(real: Array, fake: Array) -> float:
    shift = real.mean(0) - fake.mean(0)
    x, y = ((features - features.mean(0)) / np.sqrt(len(features) - 1) for features in (real, fake))  # Σ = XᵀX
    return _distance(shift, (x * x).sum() + (y * y).sum(), _trace_of_root_from_factors(x, y))


def _trace_of_root_from_factors(x: Array, y: Array) -> float:
    """tr (Σ₁Σ₂)^½ for Σ₁ = XᵀX and Σ₂ = YᵀY, in the smallest of the three dimensions."""
    x, y = sorted((x, y), key=len)
    if len(x) > x.shape[1]:
        return _trace_of_root(x.T @ x, y.T @ y)
    cross = x @ y.T
    return _sum_of_roots(np.linalg.eigvalsh(cross @ cross.T))


def _trace_of_root(sigma_1: Array, sigma_2: Array) -> float:
    """tr (Σ₁Σ₂)^½ of two symmetric matrices that may be singular."""
    pairs = ((_factor(sigma_1), sigma_2), (_factor(sigma_2), sigma_1))
    factor, other = min(pairs, key=lambda pair: pair[0].shape[1])
    return _sum_of_roots(np.linalg.eigvalsh(factor.T @ other @ factor))


def _factor(sigma: Array) -> Array:
    """A `(F, rank)` with A Aᵀ = Σ. Raises ValueError if an eigenvalue is negative beyond rounding."""
    try:
        return np.linalg.cholesky(sigma)
    except np.linalg.LinAlgError:
        eigenvalues, eigenvectors = np.linalg.eigh(sigma)
    if eigenvalues[0] < -_TOLERANCE * abs(eigenvalues[-1]):
        raise ValueError(
            f"A covariance has the eigenvalue {eigenvalues[0]:.3g}, beside {eigenvalues[-1]:.3g}: it is no covariance, "
            "and the root of the product has an imaginary part. Compute it in float64, from the features at once."
        )
    kept = eigenvalues > len(sigma) * np.finfo(float).eps * eigenvalues[-1]
    return eigenvectors[:, kept] * np.sqrt(eigenvalues[kept])


def _sum_of_roots(eigenvalues: Array) -> float:
    """Σ √λ; what is negative here is rounding, since both covariances have been checked."""
    return float(np.sqrt(eigenvalues.clip(min=0)).sum())


def _warn_of_few(*sets: Array) -> None:
    n, width = min(len(features) for features in sets), sets[0].shape[1]
    if n <= width:
        warnings.warn(
            f"{n} samples for {width} features: the covariance is singular (rank {n - 1} at most), and the Fréchet "
            "distance is biased upwards, by much. Compare it only with distances from equal numbers of samples.",
            stacklevel=3,
        )
