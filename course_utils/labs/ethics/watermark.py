"""Two toy watermarks with a key, what is done to marked images, and what one learns from many of them.

Images are `(N, 1, H, W)` in [0, 1]. Spread spectrum: a faint pattern on all pixels, found by correlation. Low bits: the
last of eight bits of each pixel, found by counting. Neither is fit for use; both are here to be broken.
"""

import torch
from scipy import stats
from torch import Tensor
from torch.nn import functional as F


def rounded(x: Tensor, levels: int = 256) -> Tensor:
    """x cut to [0, 1] and rounded to this many gray levels, as a file would store it."""
    return (x.clamp(0, 1) * (levels - 1)).round() / (levels - 1)


def key_pattern(key: int, shape: tuple[int, ...] = (1, 8, 8)) -> Tensor:
    """As many −1 as +1 (one more if the number is odd), in an order that the key decides, float32 of this shape."""
    signs = torch.ones(shape).flatten()
    signs[: len(signs) // 2] = -1
    return signs[torch.randperm(len(signs), generator=torch.Generator().manual_seed(key))].view(shape)


def embed(x: Tensor, pattern: Tensor, strength: float = 0.05) -> Tensor:
    """Spread spectrum: x + strength · pattern, stored in 256 gray levels. Source: Cox et al. 1997, eq. 1.

    Departure: in pixels, not in the largest coefficients of a cosine transform.
    """
    return rounded(x + strength * pattern)


class Detector:
    """Finds a pattern by correlation with what is unusual in an image, and knows its share of false alarms.

    The score of x is a linear filter Σ⁻¹ pattern, the best one against images with the covariance Σ; it is given in
    standard deviations z of the unmarked images that the detector was calibrated on. An image is found where z lies
    above the normal distribution's quantile for `fpr`.

    Args: `unmarked`, images `(N, 1, H, W)` from which Σ is estimated; `calibration`, *other* unmarked images, like
    those it will be asked about: on the images behind Σ the score scatters less than on new ones, and a threshold set
    there raises more false alarms than it states; `noise_std`, the standard deviation of pixel noise that the filter
    reckons with: without it all weight goes to pixels that never vary.
    Source: the matched filter; on whitening, Cox, Miller & Bloom, Digital Watermarking, 2002.
    """

    def __init__(
        self, pattern: Tensor, unmarked: Tensor, calibration: Tensor, *, noise_std: float = 0.05, fpr: float = 0.01
    ) -> None:
        flat = unmarked.flatten(1).double()
        covariance = torch.cov(flat.T) + noise_std**2 * torch.eye(flat.shape[1], dtype=torch.float64)
        self.filter = torch.linalg.solve(covariance, pattern.flatten().double())
        raw = calibration.flatten(1).double() @ self.filter
        self.mean, self.std = raw.mean(), raw.std()
        self.threshold = float(stats.norm.isf(fpr))

    def score(self, x: Tensor) -> Tensor:
        """z of each image, `(N,)`: about N(0, 1) without the mark."""
        return (x.flatten(1).double() @ self.filter - self.mean) / self.std

    def found(self, x: Tensor) -> Tensor:
        """Whether each image is taken for marked, bool `(N,)`."""
        return self.score(x) > self.threshold


def embed_bits(x: Tensor, pattern: Tensor) -> Tensor:
    """Low bits: each pixel's last of eight bits is 1 where the pattern is +1, else 0."""
    levels = (x.clamp(0, 1) * 255).round()
    return (levels - levels % 2 + (pattern > 0)) / 255


def matching_bits(x: Tensor, pattern: Tensor) -> Tensor:
    """How many pixels' last bits are those of the pattern, int64 `(N,)`."""
    return ((x.clamp(0, 1) * 255).round() % 2 == (pattern > 0)).flatten(1).sum(1)


def bits_needed(pixels: int, fpr: float = 0.01) -> int:
    """The smallest number of matching bits that coin flips reach with at most this probability (exact binomial)."""
    return int(stats.binom.isf(fpr, pixels, 0.5)) + 1


def estimated_pattern(marked: Tensor, unmarked: Tensor) -> Tensor:
    """What averaging gives away: mean of marked images minus mean of unmarked ones, `(1, H, W)`."""
    return marked.mean(0) - unmarked.mean(0)


def noisy(x: Tensor, std: float, seed: int = 0) -> Tensor:
    """x with Gaussian noise, stored again."""
    return rounded(x + std * torch.randn(x.shape, generator=torch.Generator().manual_seed(seed)))


def blurred(x: Tensor, width: float) -> Tensor:
    """x under a Gaussian blur of this standard deviation in pixels (0: unchanged), stored again."""
    line = torch.exp(-(torch.arange(-3, 4.0) ** 2) / (2 * width**2 + 1e-6))
    kernel = (line[:, None] * line / line.sum() ** 2)[None, None]
    return rounded(F.conv2d(F.pad(x, (3, 3, 3, 3), mode="replicate"), kernel))


def shifted(x: Tensor, pixels: float) -> Tensor:
    """x moved right by 0 to 1 pixel (linear interpolation; 0 comes in at the left), stored again.

    Raises ValueError for another distance.
    """
    if not 0 <= pixels <= 1:
        raise ValueError(f"Images are shifted by 0 to 1 pixel, not {pixels}.")
    return rounded((1 - pixels) * x + pixels * F.pad(x, (1, 0))[..., :-1])


def cropped(x: Tensor, border: float) -> Tensor:
    """x with a frame of this many pixels faded to 0 (2.5: two pixels, and the third by half), stored again."""
    rows, columns = (torch.arange(float(n)) for n in x.shape[-2:])
    inside = torch.minimum(_to_edge(rows)[:, None], _to_edge(columns))
    return rounded(x * (inside - border).clamp(0, 1))


def _to_edge(places: Tensor) -> Tensor:
    return torch.minimum(places, places.flip(0)) + 1
