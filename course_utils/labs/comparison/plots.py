"""The figures of lecture 05: what precision counts, each run of each model, and the verdicts with their intervals."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from torch import Tensor

from course_utils.labs.comparison.scoring import COLUMNS
from course_utils.labs.comparison.table import Run, column
from course_utils.labs.comparison.verdicts import Verdict
from course_utils.plotting import COLORS, Picture, picture

SHARED = {"sharey": True, "squeeze": False}
TICKS = (-50, -20, -5, -2, 0, 2, 5, 20, 50)
WORD_COLORS = {"supported": COLORS[2], "contradicted": COLORS[1], "undecided": "#777777"}


def balls(real: Tensor, fake: Tensor, k: int = 5) -> Picture:
    """Points `(N, 2)` and `(M, 2)`: left the balls of the real ones, for precision, right those of the fake ones."""
    alt = (
        f"Two panels of the same real and generated points. Left, a disc around each real point to its neighbor {k}; "
        "generated points outside all discs are wrong. Right, discs around generated points; real points outside all "
        "discs are missed."
    )
    figure, axes = picture(
        1, 2, alt=alt, title=f"A ball around each point, to its neighbor {k}", height=3.4, sharey=True
    )
    names = ("precision: drawn points in real balls", "recall: real points in drawn balls")
    for ax, name, centers in zip(axes, names, (real, fake), strict=True):
        radii = torch.cdist(centers, centers).kthvalue(k + 1).values  # the first is the point itself
        for center, r in zip(centers.tolist(), radii.tolist(), strict=True):
            ax.add_patch(Circle(center, r, color="#888888", alpha=0.12))
        ax.scatter(*real.T, s=12, color=COLORS[0], label="real")
        ax.scatter(*fake.T, s=14, color=COLORS[1], marker="x", label="drawn")
        ax.set(xlabel="feature 1", title=name, aspect="equal")
    axes[0].set_ylabel("feature 2")
    axes[1].legend(fontsize=8)
    return figure


def every_run(
    runs: Sequence[Run], names: Sequence[str], columns: Sequence[str], real: Mapping[str, float], alt: str
) -> Picture:
    """A panel a column, a dot a run, a row a model, and a dashed line at the value of real images."""
    rows = -(-len(columns) // 3)
    title = f"{len(column(runs, names[0], columns[0]))} runs of each; dashed: real images"
    figure, axes = picture(rows, min(3, len(columns)), alt=alt, title=title, height=2.3 * rows, **SHARED)
    for ax, key in zip(axes.flat, columns, strict=True):
        for place, name in enumerate(names):
            values = column(runs, name, key)
            ax.plot(values, [place] * len(values), "o", color=COLORS[place], alpha=0.5)
        ax.axvline(real[key], color="#555555", linestyle="--", linewidth=1)
        ax.set(xlabel=COLUMNS[key], yticks=range(len(names)), yticklabels=names)
    axes.flat[0].invert_yaxis()
    return figure


def conditions(
    runs: Sequence[Run], names: Sequence[str], times: Sequence[float], rates: Sequence[float], alt: str
) -> Picture:
    """Fréchet distance, a dot a run and a line through the means: by seconds of training, and by learning rate."""
    figure, (left, right) = picture(1, 2, alt=alt, title="The same models, other conditions", sharey=True)
    at_rates = {run.contender for run in runs}
    for name, color in zip(names, COLORS, strict=False):
        _dots(left, times, [column(runs, name, "frechet", seconds) for seconds in times], color, name)
        rated = [f"{name}, rate {rate:g}" for rate in rates]
        if rated[0] in at_rates:
            _dots(right, rates, [column(runs, contender, "frechet") for contender in rated], color, name)
    left.set(xlabel="seconds of training", ylabel="Fréchet distance, test", xscale="log", yscale="log")
    left.set_xticks(times, times)
    left.set_xticks([], minor=True)
    right.set(xlabel="learning rate", xscale="log")
    left.legend(fontsize=8)
    return figure


def _dots(ax: Axes, x: Sequence[float], rows: Sequence[Sequence[float]], color: str, label: str) -> None:
    """The values at each x, and a line through their means."""
    for place, values in zip(x, rows, strict=True):
        ax.plot([place] * len(values), values, "o", color=color, alpha=0.4, markersize=4)
    ax.plot(x, [np.mean(values) for values in rows], color=color, label=label)


def forest(groups: Mapping[str, Mapping[str, Verdict]], level: float) -> Picture:
    """A line for each claim: the difference of means and its interval, in units of the runs' spread; the number beside.

    Differences of other columns have other units. In spreads, they share one axis, linear up to 2 and logarithmic
    beyond.
    """
    rows = [row for group, verdicts in groups.items() for row in ((group, None), *verdicts.items())]
    said = "; ".join(f"{group}: " + ", ".join(f"{n} {v.word}" for n, v in g.items()) for group, g in groups.items())
    title = f"Claims and their {level:.2%} intervals"
    figure, ax = picture(alt=f"{title}. {said}.", title=title, height=0.9 + 0.24 * len(rows))
    for place, (name, verdict) in enumerate(rows):
        if verdict:
            _line(ax, place, verdict)
        else:
            ax.text(-0.01, place, name, transform=ax.get_yaxis_transform(), ha="right", va="center", weight="bold")
    places = [place for place, (_, verdict) in enumerate(rows) if verdict]
    ax.set_xscale("symlog", linthresh=2, linscale=1)
    low, high = ax.get_xlim()
    ax.set_xticks(ticks := [tick for tick in TICKS if low <= tick <= high], ticks)
    ax.set_xticks([], minor=True)
    ax.set_yticks(places, [rows[place][0] for place in places], fontsize=8)
    ax.set(ylim=(len(rows) - 0.4, -0.6), xlabel="difference of means, in spreads of the runs")
    ax.axvline(0, color="#444444", linewidth=1)
    return figure


def _line(ax: Axes, place: int, verdict: Verdict) -> None:
    """One interval, and at the right what it says."""
    mean, low, high = np.array(verdict[1:4]) / verdict.spread
    color = WORD_COLORS[verdict.word]
    ax.plot([low, high], [place, place], color=color, linewidth=2, solid_capstyle="butt")
    ax.plot([mean], [place], "o", color=color, markersize=5)
    text = f"{round(verdict.mean, 2) + 0.0:+.2f} {verdict.word}"
    ax.text(1.01, place, text, transform=ax.get_yaxis_transform(), fontsize=8, va="center", color=color)


def triangle(runs: Sequence[Run], names: Sequence[str], real: Mapping[str, float], alt: str) -> Picture:
    """Quality against speed, and against diversity: a dot a run, a ring at each model's mean; dashed: real images."""
    figure, axes = picture(1, 2, alt=alt, title="Quality, speed, diversity", height=3.8, sharey=True)
    for name, color in zip(names, COLORS, strict=False):
        frechet, recall, ms = (np.array(column(runs, name, key)) for key in ("frechet", "recall", "sample_ms"))
        for ax, x in zip(axes, (1e6 / ms, recall), strict=True):
            ax.plot(x, frechet, "o", color=color, alpha=0.3, markersize=4)
            ax.plot(x.mean(), frechet.mean(), "o", color=color, markersize=9, fillstyle="none", label=name)
    for ax in axes:
        ax.axhline(real["frechet"], color="#555555", linestyle="--", linewidth=1)
    axes[1].axvline(real["recall"], color="#555555", linestyle="--", linewidth=1)
    axes[0].set(xlabel="images a second, one core", xscale="log", yscale="log", ylabel=COLUMNS["frechet"])
    axes[0].set_yticks(ticks := [2, 3, 5, 10, 20], ticks)
    axes[0].set_yticks([], minor=True)
    axes[1].set(xlabel="recall")
    axes[1].legend(fontsize=8)
    return figure
