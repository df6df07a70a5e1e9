"""The kernel Inception distance: a squared maximum mean discrepancy whose estimate has no bias."""

import math
from collections.abc import Iterator
from itertools import islice

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
    Args: features `(N, F)` and `(M, F)`; the mean over `subsets` pairs of `subset_size` samples of each (default:
    1,000, or half of the smaller set). Returns the mean over subsets and their standard deviation, which is that of
    one subset, not of the mean (subsets overlap). Memory: the features, and a few `(subset_size, subset_size)` blocks.
    Raises ValueError as `frechet_distance` does, and for subsets that are larger than a set or smaller than 2.
    Source: Bińkowski et al. 2018 (arXiv:1801.01401), section 4; the estimator is eq. 3 of Gretton et al. 2012.
    Departure: both sets are shuffled and cut into blocks, and each real block is compared with each fake one, before
    the next shuffle. Each pair of blocks is a random subset as before; a block's mean kernel with itself is computed
    once.
    """
    real, fake = as_features(real=real_features, fake=fake_features)
    most = min(len(real), len(fake))
    size = subset_size if subset_size is not None else min(1000, max(2, most // 2))
    if not 2 <= size <= most or subsets < 1:
        raise ValueError(
            f"{subsets} subsets of {size} samples cannot be drawn from {len(real)} real and {len(fake)} fake."
        )
    values = list(islice(_values(real, fake, size, math.ceil(math.sqrt(subsets)), seed), subsets))
    return Estimate(float(np.mean(values)), float(np.std(values, ddof=1)) if subsets > 1 else float("nan"))


def _values(real: Array, fake: Array, size: int, side: int, seed: int) -> Iterator[float]:
    """The estimates from pairs of blocks of `size` samples, `side` blocks of each set between two shuffles; endless."""
    rng = np.random.default_rng(seed)
    while True:
        ys = [(y, _within(y)) for y in _blocks(fake, size, side, rng)]
        for x in _blocks(real, size, side, rng):
            within_x = _within(x)
            for y, within_y in ys:
                yield within_x + within_y - 2 * _between(x, y)


def _blocks(features: Array, size: int, most: int, rng: np.random.Generator) -> Iterator[Array]:
    """Up to `most` blocks of `size` rows each, no row in two of them."""
    order = rng.permutation(len(features))
    return (features[order[i * size : (i + 1) * size]] for i in range(min(most, len(features) // size)))


def _within(x: Array) -> float:
    """The mean kernel of all pairs of two different samples: without the diagonal there is no bias."""
    base, n = _base(x, x), len(x)
    return (_sum_of_cubes(base) - float((np.diagonal(base) ** 3).sum())) / (n * (n - 1))


def _between(x: Array, y: Array) -> float:
    return _sum_of_cubes(_base(x, y)) / (len(x) * len(y))


def _base(x: Array, y: Array) -> Array:
    """xᵀy / F + 1 for all pairs; half the work where y is x, which numpy sees."""
    base = x @ y.T
    base /= x.shape[1]
    base += 1
    return base


def _sum_of_cubes(base: Array) -> float:
    return float(np.vdot(base * base, base))
