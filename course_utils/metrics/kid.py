"""The kernel Inception distance: a squared maximum mean discrepancy whose estimate has no bias."""

import numpy as np
from numpy.typing import ArrayLike

from course_utils.metrics.inputs import Array, Estimate, as_features


def kid(
    real_features: ArrayLike,
    fake_features: ArrayLike,
    *,
    subsets: int = 100,
    subset_size: int | None = None,
    seed: int = 0,
) -> Estimate:
    """Squared MMD, E k(x, x') + E k(y, y') − 2 E k(x, y) with k(x, y) = (xᵀy / F + 1)³; 0 on average if both are equal.

    The estimate has no bias, so that it can be below zero. The kernel is cubic in the features: scale them to about
    unit variance, or its numbers say little.
    Args: features `(N, F)` and `(M, F)`; the mean over random `subsets` of `subset_size` samples of each (default:
    1,000, or half of the smaller set). Returns the mean over subsets and their standard deviation, which is that of
    one subset, not of the mean (subsets overlap). Memory: the features, and three `(subset_size, subset_size)` blocks.
    Raises ValueError as `frechet_distance` does, and for subsets that are larger than a set or smaller than 2.
    Source: Bińkowski et al. 2018 (arXiv:1801.01401), section 4; the estimator is eq. 3 of Gretton et al. 2012.
    """
    real, fake = as_features(real=real_features, fake=fake_features)
    most = min(len(real), len(fake))
    size = subset_size if subset_size is not None else min(1000, max(2, most // 2))
    if not 2 <= size <= most or subsets < 1:
        raise ValueError(
            f"{subsets} subsets of {size} samples cannot be drawn from {len(real)} real and {len(fake)} fake."
        )
    rng = np.random.default_rng(seed)
    draws = [(rng.permutation(len(real))[:size], rng.permutation(len(fake))[:size]) for _ in range(subsets)]
    values = np.array([_mmd2(real[i], fake[j]) for i, j in draws])
    return Estimate(float(values.mean()), float(values.std(ddof=1)) if subsets > 1 else float("nan"))


def _mmd2(x: Array, y: Array) -> float:
    """The unbiased estimate: pairs of different samples within a set, all pairs between sets."""
    n, m = len(x), len(y)
    within_x, within_y, between = _kernel(x, x), _kernel(y, y), _kernel(x, y)
    return float(
        (within_x.sum() - np.trace(within_x)) / (n * (n - 1))
        + (within_y.sum() - np.trace(within_y)) / (m * (m - 1))
        - 2 * between.mean()
    )


def _kernel(x: Array, y: Array) -> Array:
    base = x @ y.T  # half the work where y is x: numpy sees it
    base /= x.shape[1]
    base += 1
    return base * base * base
