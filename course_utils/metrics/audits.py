"""Numbers of an audit, each with its interval: ROC and AUC, shares read by a fallible judge, a threshold for copies.

Scores are higher for what is looked for: members of the training set, generated images. Everything is in float64.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from course_utils.metrics.inputs import Array, as_array


class Area(NamedTuple):
    """An area under the ROC curve, and the bounds of its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def auc(positive: ArrayLike, negative: ArrayLike, z: float = 1.96) -> Area:
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
    return Area(float(value), float(max(0, value - half)), float(min(1, value + half)))


def roc(positive: ArrayLike, negative: ArrayLike) -> tuple[Array, Array]:
    """The ROC curve: shares of negatives (false alarms) and of positives (found) at or above each threshold.

    Two arrays `(T,)` that rise from 0 to 1, the threshold falling from +∞ through every score. Raises as `auc` does.
    """
    positive, negative = _scores(positive=positive, negative=negative)
    thresholds = np.unique(np.concatenate([positive, negative]))
    curves = [np.append(1 - np.searchsorted(np.sort(s), thresholds) / len(s), 0)[::-1] for s in (negative, positive)]
    return curves[0], curves[1]


def found_at(positive: ArrayLike, negative: ArrayLike, false_alarms: float = 0.01) -> float:
    """The largest share of positives found by a threshold that at most this share of the negatives reaches.

    Raises as `auc` does, and ValueError unless 0 ≤ false_alarms < 1. Source: Carlini et al. 2022 (arXiv:2112.03570).
    """
    if not 0 <= false_alarms < 1:
        raise ValueError(f"The share of false alarms must lie in [0, 1), got {false_alarms}.")
    alarms, found = roc(positive, negative)
    return float(found[alarms <= false_alarms + 1e-12].max())


def corrected_share(share: float, found: float, false_alarms: float) -> float:
    """The true share of a group behind the share that a judge reads: (share − false_alarms) / (found − false_alarms).

    Args: `found` is P(read as the group | is), `false_alarms` P(read as the group | is not), both from labeled data
    that the judge has not seen. The result may leave [0, 1]: then the judge errs otherwise on these images.
    Raises ValueError unless 0 ≤ false_alarms < found ≤ 1. Source: Rogan & Gladen 1978.
    """
    if not 0 <= false_alarms < found <= 1:
        raise ValueError(f"The judge must find more than it invents: found {found}, false alarms {false_alarms}.")
    return (share - false_alarms) / (found - false_alarms)


def verdict(trained: float, shares: Sequence[float], lost: float = 0.2) -> str:
    """What became of a rare group's share, from the shares of several seeds.

    "lost" if all lie below `lost` times the share in the training data; else "skew amplified" if all lie below it,
    "skew reduced" if all lie above, "kept" if they lie on both sides. Raises ValueError without shares.
    """
    if not len(shares):
        raise ValueError("A verdict needs the share of at least one seed.")
    if max(shares) < lost * trained:
        return "lost"
    if max(shares) < trained:
        return "skew amplified"
    return "skew reduced" if min(shares) > trained else "kept"


class Threshold(NamedTuple):
    """A distance below which an image is called a near copy, and the 95 % interval of the share of false alarms."""

    value: float
    low: float
    high: float


def copy_threshold(held_out: ArrayLike, false_alarms: float = 0.01) -> Threshold:
    """The k-th smallest distance of n held-out real images to the training set, k = ⌊false_alarms (n + 1)⌋.

    A new real image falls below it with a probability that is Beta(k, n + 1 − k) distributed over held-out sets,
    whatever the distribution of the distances: its mean k / (n + 1) is at most `false_alarms`, its middle 95 % the
    interval. Images strictly below are called copies.
    Args: distances `(n,)`. Raises ValueError as `auc` does, and if n is too small for a share as small as that.
    Source: order statistics, David & Nagaraja 2003, section 2.1.
    """
    distances = np.sort(_scores(held_out=held_out)[0])
    n = len(distances)
    k = int(false_alarms * (n + 1) + 1e-9)
    if not 1 <= k <= n:
        raise ValueError(f"{n} held-out images cannot justify a false-alarm rate of {false_alarms}.")
    low, high = stats.beta(k, n + 1 - k).ppf([0.025, 0.975])
    return Threshold(float(distances[k - 1]), float(low), float(high))


def _scores(**sets: ArrayLike) -> list[Array]:
    """Each set as a float64 array `(n,)` with at least two finite numbers; ValueError, which names the set, if not."""
    arrays = [as_array(values, name, 1) for name, values in sets.items()]
    for name, array in zip(sets, arrays, strict=True):
        if len(array) < 2:
            raise ValueError(f"{name} needs at least two scores, got {len(array)}.")
    return arrays
