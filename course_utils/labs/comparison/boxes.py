"""The probability that a Gaussian vector falls into a box, by the simulator of Geweke, Hajivassiliou and Keane."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri_exp

Array = NDArray[np.float64]


def log_box(lower: Array, upper: Array, mean: Array, factor: Array, u: Array) -> Array:
    """The logarithms of unbiased estimates of P(lower < x < upper) for x ~ N(mean, L Lᵀ), one for each row, `(B,)`.

    One coordinate after the other is drawn within its limits, given those before it; the estimate is the product of the
    probabilities of these limits. It is exact if L is diagonal.

    Args: lower and upper `(B, D)`, infinite where there is no limit; mean `(D,)`; factor L `(D, D)`, lower triangular;
    u `(B, D)`, uniform on (0, 1). Source: Genz 1992, section 3; Hajivassiliou, McFadden & Ruud 1996.
    """
    white, log_p = np.zeros_like(lower), np.zeros(len(lower))
    for d in range(len(mean)):
        center = mean[d] + white[:, :d] @ factor[d, :d]
        a, b = ((limits[:, d] - center) / factor[d, d] for limits in (lower, upper))
        white[:, d], inside = _between(a, b, u[:, d])
        log_p += inside
    return log_p


def _between(a: Array, b: Array, u: Array) -> tuple[Array, Array]:
    """The u-quantile of N(0, 1) between a and b, and the logarithm of the probability of that interval."""
    upper_half = a + b > 0  # there Φ rounds to 1: take the mirror image
    a, b = np.where(upper_half, -b, a), np.where(upper_half, -a, b)
    log_a, log_b = log_ndtr(a), log_ndtr(b)
    drawn = ndtri_exp(np.logaddexp(log_a + np.log1p(-u), log_b + np.log(u)))
    return np.where(upper_half, -drawn, drawn), log_b + np.log1p(-np.exp(log_a - log_b))
