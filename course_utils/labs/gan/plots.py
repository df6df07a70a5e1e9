"""Pictures of 2-D GANs: what is real, what is generated, and what the discriminator makes of the plane."""

from collections.abc import Mapping

import torch
from matplotlib.axes import Axes
from torch import Tensor, nn

from course_utils.plotting import COLORS, Picture, picture

REAL, FAKE = COLORS[0], COLORS[1]


def lattice(extent: float, size: int) -> Tensor:
    """Points `(size², 2)` of a square lattice over [−extent, extent]², row by row from below."""
    ticks = torch.linspace(-extent, extent, size)
    return torch.cartesian_prod(ticks, ticks).flip(1)


@torch.no_grad()
def surface(discriminator: nn.Module, extent: float, size: int = 60) -> Tensor:
    """The discriminator's logits on `lattice`, `(size, size)`, row 0 below. A packed one judges copies of one point."""
    points = lattice(extent, size).repeat_interleave(discriminator.pack, dim=0)
    return discriminator(points).reshape(size, size)


def show_points(axes: Axes, real: Tensor, fake: Tensor, extent: float, discriminator: nn.Module | None = None) -> None:
    """Real and generated points; behind them, if given, D from 0 (generated) to 1 (real)."""
    if discriminator is not None:
        shade = surface(discriminator, extent).sigmoid()
        box = (-extent, extent, -extent, extent)
        axes.imshow(shade, extent=box, origin="lower", cmap="PuOr", vmin=0, vmax=1, alpha=0.6, interpolation="bilinear")
    axes.scatter(*real.T, s=5, color=REAL, linewidths=0, label="real")
    axes.scatter(*fake.T, s=5, color=FAKE, linewidths=0, label="generated", alpha=0.7)
    axes.set(xlim=(-extent, extent), ylim=(-extent, extent), aspect="equal", xticks=[], yticks=[])


def seeds_picture(rows: Mapping[str, Tensor], real: Tensor, *, title: str, alt: str, extent: float = 3.0) -> Picture:
    """One row for each setting, one column for each seed: draws `(S, n, 2)` over the real points `(n, 2)`."""
    columns = max(len(x) for x in rows.values())
    figure, axes = picture(len(rows), columns, title=title, alt=alt, height=0.5 + 1.45 * len(rows), squeeze=False)
    for number, (line, (name, runs)) in enumerate(zip(axes, rows.items(), strict=True)):
        for seed, (ax, x) in enumerate(zip(line, runs, strict=True)):
            show_points(ax, real[:300], x[:300], extent)
            if number == 0:
                ax.set_title(f"seed {seed}", fontsize=10)
        line[0].set_ylabel(name)
    axes[-1, -1].legend(loc="center", fontsize=7, markerscale=2, handletextpad=0.1, borderpad=0.2)
    return figure
