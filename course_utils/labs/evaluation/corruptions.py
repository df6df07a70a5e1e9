"""Four ways to damage real images for lecture 07, and the figure of what every metric says of them."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.plotting import COLORS, Picture, picture
from course_utils.widgets.sweep import Level

NOISE, BLUR = 0.4, 0.15  # at full strength: standard deviation of the noise; width of the blur, a share of the image's


def blurred(images: Tensor, width: float) -> Tensor:
    """Images `(N, 1, H, W)` convolved with a Gaussian of standard deviation `width` in pixels, edges repeated."""
    reach = max(1, round(2.5 * BLUR * images.shape[-1]))
    kernel = torch.exp(-(torch.arange(-reach, reach + 1.0) ** 2) / (2 * width**2 + 1e-6))
    kernel = (kernel[:, None] * kernel / kernel.sum() ** 2)[None, None]
    return F.conv2d(F.pad(images, (reach,) * 4, mode="replicate"), kernel)


def corrupt(kind: str, strength: float, fresh: Tensor, labels: Tensor, train: Tensor) -> tuple[Tensor, str]:
    """Fresh images `(N, 1, H, W)` with labels `(N,)` in 0–9 damaged by `strength` from 0 to 1, and it in words.

    "noise", "blur", "dropped classes" (the last ones first), or "copies" (of training images `(M, 1, H, W)`, M ≥ N).
    Raises ValueError for another kind.
    """
    if kind == "noise":
        noise = torch.randn(fresh.shape, generator=torch.Generator().manual_seed(0))
        return (fresh + NOISE * strength * noise).clamp(0, 1), f"noise of sd {NOISE * strength:.2f}"
    if kind == "blur":
        width = BLUR * strength * fresh.shape[-1]
        return blurred(fresh, width), f"blur of {width:.2f} pixels"
    if kind == "dropped classes":
        kept = 10 - round(9 * strength)
        return fresh[labels < kept], f"only 0 to {kept - 1}"
    if kind == "copies":
        copied = round(strength * len(fresh))
        return torch.cat([train[:copied], fresh[copied:]]), f"{strength:.0%} copied"
    raise ValueError(f"unknown kind {kind!r}: choose noise, blur, dropped classes or copies")


def sweep_figure(sweep: Mapping[str, Sequence[Level]], floor: Mapping[str, tuple[float, float]]) -> Picture:
    """Each metric in a row, each corruption in a column; gray: the band `floor[metric]`, real against real."""
    alt = "Every metric in a row, every corruption in a column, against the corruption's strength. " + _said(sweep)
    figure, axes = picture(len(floor), len(sweep), width=7.2, height=9.5, sharex=True, sharey="row", alt=alt)
    for row, name in zip(axes, floor, strict=True):
        row[0].set_ylabel(name.replace(" ", "\n", 1), fontsize=9)
        for ax, levels in zip(row, sweep.values(), strict=True):
            ax.axhspan(*floor[name], color="#BBBBBB", alpha=0.6, linewidth=0)
            ax.plot(np.linspace(0, 1, len(levels)), [level.values[name] for level in levels], color=COLORS[0])
    for top, bottom, kind in zip(axes[0], axes[-1], sweep, strict=True):
        top.set_title(kind, fontsize=10)
        bottom.set_xlabel("strength")
    for ax in axes[:2].flat:
        ax.set_yscale("symlog", linthresh=10)  # the distances: linear up to 10, logarithmic beyond
    return figure


def _said(sweep: Mapping[str, Sequence[Level]]) -> str:
    """What each metric says at the weakest and at the strongest level, in words."""
    ends = {kind: (levels[0].values, levels[-1].values) for kind, levels in sweep.items()}
    lines = [f"{k}: {', '.join(f'{m} {a[m]:.2g} to {b[m]:.2g}' for m in a)}." for k, (a, b) in ends.items()]
    return " ".join(lines)
