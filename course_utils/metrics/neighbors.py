"""Metrics of nearest neighbors: precision and recall, density and coverage, and a check for memorized training data.

A set's manifold is taken as the union of balls around its samples, each reaching to the sample's k-th nearest neighbor
in the same set. All distances are computed in blocks of rows, so that memory grows with N, not N².
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course_utils.metrics.inputs import Array, as_array, as_features

_BLOCK = 8_000_000  # elements of one block of distances: 64 MB
_ROUNDING = 1e-12  # of the squared norms: a squared distance below it is that of a copy
_TIE = 1e-9  # squared distances that differ by less than this share are equal


class PRDC(NamedTuple):
    """Shares in [0, 1], but for density, which can exceed 1."""

    precision: float
    recall: float
    density: float
    coverage: float


def prdc(real_features: ArrayLike, fake_features: ArrayLike, k: int = 5) -> PRDC:
    """How many fakes look real (precision, density), and how much of the real data is met (recall, coverage).

    - precision: the share of fakes inside at least one real sample's ball;
    - recall: the share of reals inside at least one fake's ball;
    - density: the mean number of real balls that a fake lies in, over k; one outlier among the reals counts less;
    - coverage: the share of reals with a fake inside their ball; one outlier among the fakes counts less.

    A ball's radius is the distance to the k-th nearest neighbor other than the sample itself; on the boundary is
    outside.
    Args: features `(N, F)` and `(M, F)`. Raises ValueError as `frechet_distance` does, and unless 1 ≤ k < N and M.
    Source: Kynkäänniemi et al. 2019 (arXiv:1904.06991), eqs. 1–2, there with boundaries inside; Naeem et al. 2020
    (arXiv:2002.09797), section 3, whose reference code we follow.
    """
    real, fake = as_features(real=real_features, fake=fake_features)
    if not 1 <= k < min(len(real), len(fake)):
        raise ValueError(f"k = {k} neighbors need more than k samples in each set: {len(real)} real, {len(fake)} fake.")
    real, fake = _centered(real, fake)
    real_radius, fake_radius = _squared_radii(real, k), _squared_radii(fake, k)
    hits, met, recalled = np.zeros(len(fake)), [], []
    for rows, squared in _squared_distances(real, fake):
        inside = squared < real_radius[rows, None]
        hits += inside.sum(0)
        met.append(inside.any(1))
        recalled.append((squared < fake_radius).any(1))
    precision, density = (hits > 0).mean(), hits.mean() / k
    return PRDC(
        float(precision), float(np.concatenate(recalled).mean()), float(density), float(np.concatenate(met).mean())
    )


def nearest_neighbors(features: ArrayLike, reference_features: ArrayLike) -> tuple[Array, np.ndarray]:
    """The distance of each sample to the nearest of the reference set, `(N,)`, and which one that is, int64 `(N,)`."""
    x, reference = _centered(*as_features(sample=features, reference=reference_features))
    squares, indices = [], []
    for _, squared in _squared_distances(x, reference):
        indices.append(squared.argmin(1))
        squares.append(squared.min(1))
    return np.sqrt(np.concatenate(squares)), np.concatenate(indices)


class Memorization(NamedTuple):
    """What the distances to the nearest training sample say about a set of fakes."""

    auc: float  # P(a fake is nearer to the training set than a held-out real sample); 0.5: no copying, 1: all copies
    near_copies: float  # share of fakes nearer to the training set than all but 1 % of held-out real samples
    distances: Array  # (M,) of the fakes
    held_out: Array  # (N,) of the held-out real samples


def memorization(fake_features: ArrayLike, train_features: ArrayLike, held_out_features: ArrayLike) -> Memorization:
    """Are fakes nearer to the training samples than new real samples are?

    Args: features `(M, F)`, `(T, F)`, `(N, F)`; the held-out samples come from the distribution of the training
    samples. Ties count one half. The AUC falls below 0.5 for bad fakes, too, which hides copies among them: read both
    numbers.
    Raises ValueError as `frechet_distance` does.
    Source: after Meehan, Chaudhuri & Dasgupta 2020 (arXiv:2004.05675): the AUC is their Mann–Whitney U, over
    the number of pairs. Departure: no division of the space into cells.
    """
    fake, train, new = as_features(fake=fake_features, train=train_features, held_out=held_out_features)
    distances, held_out = nearest_neighbors(fake, train)[0], nearest_neighbors(new, train)[0]
    ordered = np.sort(held_out)
    below, upto = (np.searchsorted(ordered, distances, side) / len(ordered) for side in ("left", "right"))
    auc = 1 - (below + upto).mean() / 2
    return Memorization(float(auc), float((distances < np.quantile(held_out, 0.01)).mean()), distances, held_out)


class Threshold(NamedTuple):
    """A distance below which an image is called a near copy, and the 95 % interval of the false positive rate."""

    value: float
    low: float
    high: float


def copy_threshold(held_out: ArrayLike, fpr: float = 0.01) -> Threshold:
    """The k-th smallest distance of n held-out real images to the training set, k = ⌊fpr (n + 1)⌋.

    A new real image falls below it with a probability that is Beta(k, n + 1 − k) distributed over held-out sets,
    whatever the distribution of the distances: its mean k / (n + 1) is at most `fpr`, its middle 95 % the
    interval. Images strictly below are called copies.
    Args: distances `(n,)`. Raises ValueError for another shape, NaN, and an n too small for a rate as small as that.
    Source: order statistics, David & Nagaraja 2003, section 2.1.
    """
    from scipy import stats  # slow to import

    distances = np.sort(as_array(held_out, "held_out", 1))
    n = len(distances)
    k = int(fpr * (n + 1) + 1e-9)
    if not 1 <= k <= n:
        raise ValueError(f"{n} held-out images cannot justify a false positive rate of {fpr}.")
    low, high = stats.beta(k, n + 1 - k).ppf([0.025, 0.975])
    return Threshold(float(distances[k - 1]), float(low), float(high))


def _centered(*sets: Array) -> list[Array]:
    """The sets moved by one mean: distances stay, and fewer digits are lost in ‖x‖² + ‖y‖² − 2 xᵀy."""
    return [features - sets[0].mean(0) for features in sets]


def _squared_distances(x: Array, y: Array) -> Iterator[tuple[slice, Array]]:
    """Rows of x and their squared distances `(rows, M)` to all of y, block after block."""
    squares_x, squares_y = np.square(x).sum(1), np.square(y).sum(1)
    step = max(1, _BLOCK // len(y))
    for start in range(0, len(x), step):
        rows = slice(start, min(start + step, len(x)))
        norms = squares_x[rows, None] + squares_y
        squared = norms - 2 * (x[rows] @ y.T)
        squared[squared < _ROUNDING * norms] = 0
        yield rows, squared


def _squared_radii(features: Array, k: int) -> Array:
    """To the k-th neighbor, not counting the sample itself, `(N,)`; a hair less, so that the neighbor lies outside."""
    parts = [np.partition(squared, k, axis=1)[:, k] for _, squared in _squared_distances(features, features)]
    return np.concatenate(parts) * (1 - _TIE)
