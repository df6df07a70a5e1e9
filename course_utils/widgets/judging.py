"""Explorers for judging generated images: how metrics answer to a corruption, and a game, "real or generated?"."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from torch import Tensor

from course_utils.metrics.intervals import wilson_interval
from course_utils.plotting import COLORS, CSS_DPI, picture
from course_utils.widgets.panel import LIVE_DENSITY, Panel, View, choice, image_png, png_file, slider

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

    `floor[metric]` is (low, high), what real data give against real data: a gray band. Panels and lines are drawn once
    for each corruption and kept; a move adds only marks and numbers, which takes a tenth of the time.
    """

    def __init__(
        self, sweep: Mapping[str, Sequence[Level]], floor: Mapping[str, tuple[float, float]], title: str = TITLE
    ) -> None:
        self.sweep, self.names = sweep, list(next(iter(sweep.values()))[0].values)
        rows = math.ceil(len(self.names) / 3)
        alt = "Metrics against the strength of a corruption"
        self.figure, axes = picture(rows, 3, alt=alt, width=5.1, height=1.25 * rows, sharex=True)
        self.figure.set_dpi(CSS_DPI * LIVE_DENSITY)
        self.figure.suptitle(title, fontsize=10)
        self.panels = dict(zip(self.names, axes.flat, strict=False))
        for unused in axes.flat[len(self.names) :]:
            unused.remove()
        for name, ax in self.panels.items():
            self._prepare(ax, name, floor.get(name, (0, 0)))
        for ax in list(self.panels.values())[3 * (rows - 1) :]:
            ax.set_xlabel("strength", fontsize=9)
        self.lines = {name: ax.plot([], [], color=COLORS[0])[0] for name, ax in self.panels.items()}
        self.backgrounds: dict[str, Any] = {}
        for kind in sweep:
            self._background(kind)

    def _prepare(self, ax: Axes, name: str, band: tuple[float, float]) -> None:
        """Limits that hold for all corruptions, so that the layout never changes."""
        every = [level.values[name] for levels in self.sweep.values() for level in levels]
        margin = 0.08 * (max(every) - min(every))
        if max(every) > 100:
            ax.set_yscale("symlog", linthresh=10)  # linear up to 10, logarithmic beyond
        ax.set(xlim=(-0.05, 1.05), xticks=[0, 0.5, 1])
        ax.set_title(name, fontsize=7.5, loc="left")
        ax.tick_params(labelsize=8)
        ax.set_ylim(min(every) - min(margin, 5), max(every) + 2 * margin)
        ax.axhspan(*band, color="#BBBBBB", alpha=0.6, linewidth=0)

    def _background(self, kind: str) -> Any:
        """Everything but marks and numbers, as pixels."""
        if kind not in self.backgrounds:
            levels = self.sweep[kind]
            for name, line in self.lines.items():
                line.set_data(np.linspace(0, 1, len(levels)), [level.values[name] for level in levels])
            self.figure.canvas.draw()
            self.figure.set_layout_engine("none")  # computed once, then kept
            self.backgrounds[kind] = self.figure.canvas.copy_from_bbox(self.figure.bbox)
        return self.backgrounds[kind]

    def png(self, kind: str, index: int) -> tuple[bytes, str]:
        """The picture for a corruption and the number of its level, as a PNG file, and the same in words."""
        canvas, levels = self.figure.canvas, self.sweep[kind]
        canvas.restore_region(self._background(kind))
        at, values = index / (len(levels) - 1), levels[index].values
        for name, ax in self.panels.items():
            ax.draw_artist(ax.add_artist(Line2D([at], [values[name]], marker="o", color=COLORS[1])))
            shown = f"{values[name]:.2f}" if abs(values[name]) < 10 else f"{values[name]:.0f}"
            above = {"transform": ax.transAxes, "ha": "right", "fontsize": 8, "weight": "bold"}
            ax.draw_artist(ax.text(1, 1.05, shown, **above))
            ax.texts[-1].remove()
            ax.lines[-1].remove()
        said = ", ".join(f"{name} {value:.3g}" for name, value in values.items())
        return png_file(canvas.buffer_rgba()), f"{kind}, {levels[index].label}: {said}."


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


@dataclass
class Game:
    """Images in random order, half of them real, and the answers so far: `answers[i]` is True for "real"."""

    images: Tensor  # (n, 1, H, W)
    real: Sequence[bool]
    answers: list[bool] = field(default_factory=list)

    def answer(self, real: bool) -> None:
        """Say of the image on show whether it is real; nothing happens once all are answered."""
        if len(self.answers) < len(self.images):
            self.answers.append(real)

    @property
    def right(self) -> int:
        return sum(given == truth for given, truth in zip(self.answers, self.real, strict=False))

    @property
    def score(self) -> str:
        """The share of right answers with its interval, in words."""
        n = len(self.answers)
        if not n:
            return f"Image 1 of {len(self.images)}: real or generated?"
        low, high = wilson_interval(self.right, n)
        last = f"The last one was {'real' if self.real[n - 1] else 'generated'}. "
        end = "" if n < len(self.images) else " That was all."
        return f"{last}{self.right} of {n} right ({self.right / n:.0%}), 95 % interval {low:.0%} to {high:.0%}.{end}"


def new_game(real: Tensor, fake: Tensor, trials: int = 30, seed: int = 0) -> Game:
    """A game with `trials` images, half from each set `(N, 1, H, W)`. Raises ValueError if a set is too small."""
    half, rng = trials // 2, np.random.default_rng(seed)
    if trials < 2 or trials % 2 or half > min(len(real), len(fake)):
        raise ValueError(
            f"{trials} trials need an even number and {half} images of each; {len(real)}, {len(fake)} are given."
        )
    picked = [images[i] for images in (real, fake) for i in rng.permutation(len(images))[:half]]
    order = rng.permutation(trials)
    return Game(np.stack([picked[i].numpy() for i in order]), [bool(i < half) for i in order])


def real_or_generated(real: Tensor, fake: Tensor, *, trials: int = 30, seed: int = 0, size: int = 160) -> Panel:
    """The game: say of each image whether it is real. Reset begins again with the same images."""
    game = new_game(real, fake, trials, seed)

    def show() -> dict[str, tuple[bytes, str]]:
        index = min(len(game.answers), trials - 1)
        return {"image": (image_png(game.images[index], max(1, size // game.images.shape[-1])), game.score)}

    buttons = {
        "Real": (lambda: game.answer(True), "I think this image is real"),
        "Generated": (lambda: game.answer(False), "I think a model made this image"),
    }
    panel = Panel(show, {}, {"image": View(size, size)}, buttons=buttons, on_reset=game.answers.clear)
    panel.views["image"].caption.layout.max_width = "560px"
    panel.game = game
    return panel
