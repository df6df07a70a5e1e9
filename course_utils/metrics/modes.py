"""Mode coverage on 2-D mixtures whose modes are known: has a generator collapsed?"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course_utils.metrics.inputs import as_array


class ModeCoverage(NamedTuple):
    """What a set of samples covers of K known modes."""

    modes: int  # captured by at least one high-quality sample
    modes_with_share: int  # that hold at least `share` of their fair share, which is N / K samples
    high_quality: float  # share of samples within 3σ of a mode
    counts: np.ndarray  # (K,) high-quality samples of each mode


def mode_coverage(x: ArrayLike, modes: ArrayLike, std: float, *, share: float = 0.2) -> ModeCoverage:
    """Modes captured and share of good samples, by the protocol of VEEGAN and PacGAN: draw 2,500 samples.

    A sample is of high quality if it lies within 3 standard deviations of the nearest mode. A mode is captured if one
    such sample is nearest to it: strays count. So a second count asks for `share` of the mode's fair share, N / K.
    Args: samples `(N, D)`; centers `(K, D)` of equal isotropic Gaussians; their standard deviation along each axis.
    Raises ValueError for other shapes, values that are not finite, std ≤ 0 or a share outside [0, 1].
    Source: the synthetic experiments of Srivastava et al. 2017 (VEEGAN, arXiv:1705.07761) and Lin et al. 2018 (PacGAN,
    arXiv:1712.04086). Departure: the second count is this course's.
    """
    x, modes = as_array(x, "x", 2), as_array(modes, "modes", 2)
    if not len(x) or not len(modes) or x.shape[1] != modes.shape[1]:
        raise ValueError(f"Samples (N, D) and modes (K, D) are needed, got {x.shape} and {modes.shape}.")
    if not std > 0 or not 0 <= share <= 1:
        raise ValueError(f"std must be positive and share in [0, 1], got {std} and {share}.")
    distances = np.linalg.norm(x[:, None] - modes, axis=2)
    nearest, good = distances.argmin(1), distances.min(1) <= 3 * std
    counts = np.bincount(nearest[good], minlength=len(modes))
    enough = (counts >= share * len(x) / len(modes)) & (counts > 0)
    return ModeCoverage(int((counts > 0).sum()), int(enough.sum()), float(good.mean()), counts)
