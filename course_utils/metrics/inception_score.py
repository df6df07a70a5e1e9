"""The Inception Score: are single samples clear, and all of them together varied, in the eyes of a classifier?"""

import warnings

import numpy as np
from numpy.typing import ArrayLike

from course_utils.metrics.inputs import Array, Estimate, as_array


def inception_score(probabilities: ArrayLike, splits: int = 1, seed: int | None = None) -> Estimate:
    """exp(E_x KL(p(y|x) ‖ p(y))), from 1 (worst) to the number of classes, with p(y) the mean of p(y|x).

    It never sees real data. Biased downwards, the more the fewer samples a split has: libraries use 10 splits, for
    50,000 samples. Use one for few.
    Args: `probabilities` p(y|x) `(N, classes)`, each row a distribution; `splits` parts, as equal as can be, in the
    order given or, with a `seed`, shuffled. Returns the mean of the parts' scores and their standard deviation (over
    splits − 1). Warns if a part has fewer samples than there are classes. Raises ValueError for another shape, fewer
    than two samples in a part, values that are not finite, negative, or rows that do not sum to 1 (logits, say).
    Source: Salimans et al. 2016 (arXiv:1606.03498), section 4; Barratt & Sharma 2018 (arXiv:1801.01973) on the splits.
    """
    p = _distributions(probabilities)
    if not 1 <= splits <= len(p) // 2:
        raise ValueError(f"{splits} splits of {len(p)} samples: each split needs at least 2, and there must be one.")
    if len(p) // splits < p.shape[1]:
        warnings.warn(
            f"{len(p) // splits} samples in a split for {p.shape[1]} classes: no score can exceed the number of "
            "samples. Use fewer splits or more samples.",
            stacklevel=2,
        )
    order = np.arange(len(p)) if seed is None else np.random.default_rng(seed).permutation(len(p))
    scores = np.array([_score(p[part]) for part in np.array_split(order, splits)])
    return Estimate(float(scores.mean()), float(scores.std(ddof=1)) if splits > 1 else float("nan"))


def _score(p: Array) -> float:
    """exp of the mutual information between sample and class: H(y) − E H(y|x)."""
    return float(np.exp(_entropy(p.mean(0)) - _entropy(p).mean()))


def _entropy(p: Array) -> Array:
    """−Σ p log p over the last dimension, in nats, with 0 log 0 = 0."""
    return -(p * np.log(np.where(p > 0, p, 1))).sum(-1)


def _distributions(probabilities: ArrayLike) -> Array:
    p = as_array(probabilities, "probabilities", 2)
    if len(p) < 2 or not p.shape[1]:
        raise ValueError(f"At least two samples (N, classes) are needed, got the shape {p.shape}.")
    if p.min() < 0 or np.abs(p.sum(1) - 1).max() > 1e-4:
        raise ValueError(
            f"Rows must be probabilities; the smallest value is {p.min():.4g} and the rows sum to "
            f"{p.sum(1).min():.4g} … {p.sum(1).max():.4g}. Logits need a softmax over classes first."
        )
    return p / p.sum(1, keepdims=True)  # float32 leaves 1e-7
