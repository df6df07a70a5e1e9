"""How well a score tells positives from negatives: the ROC curve, the area under it, and its left end.

Scores are higher for what is looked for: members of the training set, generated images. Everything is in float64.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from sklearn import metrics as sklearn_metrics

from course_utils.metrics.inputs import Array, as_array
from course_utils.metrics.intervals import Interval


def auc(positive: ArrayLike, negative: ArrayLike, z: float = 1.96) -> Interval:
    """P(a positive scores higher than a negative), ties one half, with a 95 % interval (z = 1.96), cut to [0, 1].

    0.5 is guessing. The interval is AUC ± z s with s² = var(V)/m + var(W)/n, where V is each positive's share of
    negatives below it and W each negative's share of positives above it; it has no width where all are told apart.
    Args: scores `(m,)` and `(n,)`. Raises ValueError for another shape, NaN, or fewer than two scores.
    Source: DeLong, DeLong & Clarke-Pearson 1988; ranks as in Sun & Xu 2014.
    """
    positive, negative = _scores(positive=positive, negative=negative)
    m, n = len(positive), len(negative)
    ranks = stats.rankdata(np.concatenate([positive, negative]))
    above = (ranks[:m] - stats.rankdata(positive)) / n  # V
    below = 1 - (ranks[m:] - stats.rankdata(negative)) / m  # W
    half = z * np.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n)
    value = above.mean()
    return Interval(float(value), float(max(0, value - half)), float(min(1, value + half)))


def roc_curve(positive: ArrayLike, negative: ArrayLike) -> tuple[Array, Array]:
    """The ROC curve by scikit-learn: false and true positive rate, shares at or above each threshold.

    Two arrays `(T,)` that rise from 0 to 1, the threshold falling from +∞ through every score. Raises as `auc` does.
    """
    positive, negative = _scores(positive=positive, negative=negative)
    is_positive = np.repeat([1, 0], [len(positive), len(negative)])
    scores = np.concatenate([positive, negative])
    fpr, tpr, _ = sklearn_metrics.roc_curve(is_positive, scores, drop_intermediate=False)
    return fpr, tpr


def tpr_at_fpr(positive: ArrayLike, negative: ArrayLike, fpr: float = 0.01) -> float:
    """The largest true positive rate of a threshold whose false positive rate is at most `fpr`.

    Raises as `auc` does, and ValueError unless 0 ≤ fpr < 1. Source: Carlini et al. 2022 (arXiv:2112.03570).
    """
    if not 0 <= fpr < 1:
        raise ValueError(f"The false positive rate must lie in [0, 1), got {fpr}.")
    false, true = roc_curve(positive, negative)
    return float(true[false <= fpr + 1e-12].max())


def _scores(**sets: ArrayLike) -> list[Array]:
    """Each set as a float64 array `(n,)` with at least two finite numbers; ValueError, which names the set, if not."""
    arrays = [as_array(values, name, 1) for name, values in sets.items()]
    for name, array in zip(sets, arrays, strict=True):
        if len(array) < 2:
            raise ValueError(f"{name} needs at least two scores, got {len(array)}.")
    return arrays
