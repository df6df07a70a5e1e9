"""What every metric does first: features as float64 arrays of the right shape, or an error that names the culprit."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class Estimate(NamedTuple):
    """A metric's value and its spread: the standard deviation over splits or subsets (nan if there is only one)."""

    value: float
    spread: float


def as_array(values: ArrayLike, name: str, dimensions: int) -> Array:
    """A tensor or array as float64. Raises ValueError for another number of dimensions, or values not finite."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != dimensions:
        raise ValueError(f"{name} must have {dimensions} dimension(s), got the shape {array.shape}.")
    if not np.isfinite(array).all():
        bad = np.count_nonzero(~np.isfinite(array))
        raise ValueError(f"{name} holds {bad} value(s) that are NaN or infinite, of {array.size}.")
    return array


def as_features(**sets: ArrayLike) -> list[Array]:
    """Each set of features as a float64 array (N, F), in the order given.

    Raises ValueError, naming the set, for another shape, fewer than two samples, no features, values that are not
    finite, or widths F that differ.
    """
    arrays = {name: as_array(values, f"{name} features", 2) for name, values in sets.items()}
    for name, array in arrays.items():
        if len(array) < 2 or not array.shape[1]:
            raise ValueError(f"{name} features need at least 2 samples and 1 feature, got the shape {array.shape}.")
    if len({array.shape[1] for array in arrays.values()}) > 1:
        widths = ", ".join(f"{name} has {array.shape[1]}" for name, array in arrays.items())
        raise ValueError(f"The sets have different numbers of features: {widths}. Use one extractor for all.")
    return list(arrays.values())
