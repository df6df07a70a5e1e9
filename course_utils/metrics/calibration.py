"""Whether confidence can be trusted: of what is said with 80 % confidence, 80 % should be right."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course_utils.metrics.inputs import Array, as_array


class Reliability(NamedTuple):
    """Bins of confidence that hold answers: mean confidence, share that is right, and how many, each `(bins,)`."""

    confidence: Array
    accuracy: Array
    count: Array

    @property
    def error(self) -> float:
        """The expected calibration error: the mean of |accuracy − confidence| over bins, weighted by their answers."""
        return float((self.count * np.abs(self.accuracy - self.confidence)).sum() / self.count.sum())


def reliability(confidence: ArrayLike, right: ArrayLike, bins: int = 10) -> Reliability:
    """Answers in `bins` equal intervals (low, high] of confidence; empty ones are left out.

    Args: confidence in [0, 1] and whether each answer is right (or with which probability, in [0, 1]), both `(N,)`.
    Raises ValueError for values outside, lengths that differ, no answers, or fewer than one bin.
    Source: Naeini, Cooper & Hauskrecht 2015; Guo et al. 2017 (arXiv:1706.04599), eq. 3.
    """
    p, truth = as_array(confidence, "confidence", 1), as_array(right, "right", 1)
    if len(p) != len(truth) or not len(p) or bins < 1:
        raise ValueError(f"need as many answers as confidences, and a bin: got {len(truth)}, {len(p)}, {bins}.")
    if min(p.min(), truth.min()) < 0 or max(p.max(), truth.max()) > 1:
        raise ValueError("confidence and right must lie in [0, 1].")
    place = np.clip(np.ceil(p * bins).astype(int) - 1, 0, bins - 1)
    count, held = np.bincount(place, minlength=bins), np.unique(place)
    means = [np.bincount(place, values, bins)[held] / count[held] for values in (p, truth)]
    return Reliability(*means, count[held].astype(float))
