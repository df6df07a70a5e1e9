"""Live curves of a training run: an `on_step` hook for `training`, which draws while the run goes on."""

import math
import time
from collections.abc import Sequence
from typing import Any

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from course_utils.plotting import COLORS, CSS_DPI, Picture, picture
from course_utils.training import History, State
from course_utils.widgets.panel import LivePicture, View


def binned(values: Sequence[float], bins: int = 300) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At most `bins` means of consecutive values, and the mean index of each."""
    y = np.asarray(values, dtype=float)
    starts = np.arange(0, len(y), max(1, math.ceil(len(y) / bins)))
    counts = np.diff([*starts, len(y)])
    return starts + (counts - 1) / 2, np.add.reduceat(y, starts) / counts


class LiveCurves(ipywidgets.VBox):
    """An `on_step` hook of `training` which draws the terms of the run while it goes on.

    Args: `panels`, each a term or several that share axes; `unit` of their values. It draws at the end, and before that
    at most every `interval` seconds and with at most the `share` of the time. Raises ValueError for an unknown term.
    """

    def __init__(
        self,
        *panels: str | tuple[str, ...],
        title: str = "Training",
        unit: str = "nats",
        interval: float = 0.25,
        share: float = 0.08,
    ) -> None:
        self.panels = [(panel,) if isinstance(panel, str) else tuple(panel) for panel in panels]
        self.title, self.unit, self.interval, self.share = title, unit, interval, share
        self.history, self.total, self._next = History(), 1, 0.0
        figure, self._lines = self._axes()
        self._live = LivePicture(figure)
        width, height = (round(inches * CSS_DPI) for inches in figure.get_size_inches())
        self.view = View(width, height)
        super().__init__([self.view])
        self.draw()

    def __call__(self, state: State) -> None:
        """Take what the loop gives after each step."""
        if state.history is not self.history:  # a new run
            if unknown := [term for term in self._lines if term not in state.history]:
                raise ValueError(f"live_curves: no term {unknown}; this run records {list(state.history)}.")
            self._next = time.perf_counter() + self.interval  # the first points alone would show nothing
        self.history, self.total = state.history, state.total
        if state.step + 1 == state.total or state.history.interrupted or time.perf_counter() >= self._next:
            self.draw()

    def draw(self) -> None:
        """Draw what is known now."""
        start = time.perf_counter()
        said = self._update(self._live.picture, self._lines)
        self.view.put(self._live.png(), said, f"{self.title}. {said}")
        now = time.perf_counter()
        self._next = now + max(self.interval, (now - start) / self.share)

    def figure(self) -> Picture:
        """The curves so far, as a Picture for the page."""
        figure, lines = self._axes()
        figure.alt = f"Line chart: {self.title}. {self._update(figure, lines)}"
        return figure

    def _axes(self) -> tuple[Picture, dict[str, Any]]:
        figure, axes = picture(1, len(self.panels), title=self.title, alt=self.title, height=3.0, squeeze=False)
        lines, colors = {}, iter(COLORS * len(self.panels))
        for ax, terms in zip(axes[0], self.panels, strict=True):
            lines |= {term: ax.plot([], [], color=next(colors), label=term)[0] for term in terms}
            ax.set(xlabel="step", ylabel=f"{terms[0]} ({self.unit})" if len(terms) == 1 else self.unit)
            ax.grid(axis="y")
            if len(terms) > 1:
                ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(terms), frameon=False)
        return figure, lines

    def _update(self, figure: Picture, lines: dict[str, Any]) -> str:
        """Put the history into the lines; returns in words where they stand."""
        for term, line in lines.items():
            line.set_data(*binned(self.history.get(term, ())))
        for ax in figure.axes:
            ax.set_xlim(0, max(1, self.total - 1))
            # The first steps, often far off, would flatten everything after them: scale to what follows.
            shown = [line.get_ydata()[len(line.get_ydata()) // 20 :] for line in ax.get_lines()]
            if values := np.concatenate(shown).tolist():
                low, high = min(values), max(values)
                margin = 0.05 * (high - low) or 0.5
                ax.set_ylim(low - margin, high + margin)
        ends = [f"{term} {self.history[term][-1]:.4g}" for term in lines if self.history.get(term)]
        return f"step {self.history.steps} of {self.total}: {', '.join(ends)} ({self.unit})" if ends else "waiting"


def live_curves(*panels: str | tuple[str, ...], **options: Any) -> LiveCurves:
    """A hook for `training.fit(..., on_step=...)`, to be shown before; see `LiveCurves` for the options."""
    return LiveCurves(*panels, **options)
