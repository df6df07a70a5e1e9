"""The explorer of a sweep: how metrics answer to images that are corrupted more and more."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from torch import Tensor

from course_utils.plotting import COLORS, picture
from course_utils.widgets.panel import LivePicture, Panel, View, choice, image_png, slider

TITLE = "What each metric says (gray: real against real)"


@dataclass(frozen=True)
class Level:
    """One strength of a corruption: a few of the images, and what each metric said of all of them."""

    label: str  # the strength in words, "noise 0.2"
    images: Tensor  # (n, 1, H, W) in [0, 1]
    values: Mapping[str, float]


def tiled(images: Tensor, columns: int = 5) -> np.ndarray:
    """The first images `(n, 1, H, W)` in rows of `columns`, a light line between them; n is cut to whole rows."""
    rows = max(1, len(images) // columns)
    cells = np.pad(images[: rows * columns, 0].numpy(), ((0, 0), (0, 1), (0, 1)), constant_values=0.12)
    _, high, wide = cells.shape
    return cells.reshape(rows, -1, high, wide).transpose(0, 2, 1, 3).reshape(rows * high, -1)[:-1, :-1]


class SweepPicture:
    """A panel for each metric: its value against the strength of one corruption, the chosen strength marked.

    `floor[metric]` is (low, high), what real data give against real data: a gray band.
    """

    def __init__(
        self, sweep: Mapping[str, Sequence[Level]], floor: Mapping[str, tuple[float, float]], title: str = TITLE
    ) -> None:
        self.sweep, self.names = sweep, list(next(iter(sweep.values()))[0].values)
        rows = math.ceil(len(self.names) / 3)
        alt = "Metrics against the strength of a corruption"
        self.figure, axes = picture(rows, 3, alt=alt, width=5.1, height=1.25 * rows, sharex=True)
        self.figure.suptitle(title, fontsize=10)
        self.panels = dict(zip(self.names, axes.flat, strict=False))
        for unused in axes.flat[len(self.names) :]:
            unused.remove()
        for name, ax in self.panels.items():
            self._prepare(ax, name, floor.get(name, (0, 0)))
        for ax in list(self.panels.values())[3 * (rows - 1) :]:
            ax.set_xlabel("strength", fontsize=9)
        self.lines = {name: ax.plot([], [], color=COLORS[0])[0] for name, ax in self.panels.items()}
        self.marks = {name: ax.plot([], [], "o", color=COLORS[1])[0] for name, ax in self.panels.items()}
        self.numbers = {name: _number(ax) for name, ax in self.panels.items()}
        moving = [self.lines, self.marks, self.numbers]
        self.live = LivePicture(self.figure, [artist for artists in moving for artist in artists.values()])

    def _prepare(self, ax: Axes, name: str, band: tuple[float, float]) -> None:
        """Limits that hold for all corruptions, so that the layout never changes."""
        every = [level.values[name] for levels in self.sweep.values() for level in levels]
        margin = 0.08 * (max(every) - min(every)) or 0.1  # a metric that no corruption moves
        if max(every) > 100:
            ax.set_yscale("symlog", linthresh=10)  # linear up to 10, logarithmic beyond
        ax.set(xlim=(-0.05, 1.05), xticks=[0, 0.5, 1])
        ax.set_title(name, fontsize=7.5, loc="left")
        ax.tick_params(labelsize=8)
        ax.set_ylim(min(every) - min(margin, 5), max(every) + 2 * margin)
        ax.axhspan(*band, color="#BBBBBB", alpha=0.6, linewidth=0)

    def png(self, kind: str, index: int) -> tuple[bytes, str]:
        """The picture for a corruption and the number of its level, as a PNG file, and the same in words."""
        levels, strength = self.sweep[kind], np.linspace(0, 1, len(self.sweep[kind]))
        for name, value in levels[index].values.items():
            self.lines[name].set_data(strength, [level.values[name] for level in levels])
            self.marks[name].set_data([strength[index]], [value])
            self.numbers[name].set_text(f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}")
        values = ", ".join(f"{name} {value:.3g}" for name, value in levels[index].values.items())
        return self.live.png(), f"{kind}, {levels[index].label}: {values}."


def _number(ax: Axes) -> Text:
    """Where the value at the mark is written: above a panel, on the right."""
    return ax.text(1, 1.05, "", transform=ax.transAxes, ha="right", fontsize=8, weight="bold")


def corruption_explorer(
    sweep: Mapping[str, Sequence[Level]], floor: Mapping[str, tuple[float, float]], *, title: str = TITLE
) -> Panel:
    """Choose a corruption and its strength: the images and every metric, looked up in a sweep computed before.

    All corruptions have the same number of levels, from none to full, and the same metrics.
    Raises ValueError if they have not.
    """
    shapes = {(len(levels), *level.values) for levels in sweep.values() for level in levels}
    if len(shapes) != 1:
        raise ValueError("Every corruption needs the same number of levels, and every level the same metrics.")
    drawn, steps = SweepPicture(sweep, floor, title), next(iter(shapes))[0]

    def show(kind: str, strength: int) -> dict[str, object]:
        level = sweep[kind][strength]
        sheet = tiled(level.images, columns=10)
        return {
            "images": (image_png(sheet, max(1, 540 // sheet.shape[1])), f"{kind}: {level.label}"),
            "metrics": drawn.png(kind, strength),
        }

    controls = {
        "kind": choice("corruption", list(sweep), next(iter(sweep)), "What is done to the images"),
        "strength": slider("strength", 0, steps - 1, 0, "How strongly: 0 is not at all"),
    }
    high = round(560 * drawn.figure.get_figheight() / drawn.figure.get_figwidth())
    panel = Panel(show, controls, {"images": View(540, 108), "metrics": View(560, high)})
    panel.views["metrics"].caption.layout.display = "none"  # its words stay as the picture's title: numbers are in it
    return panel
