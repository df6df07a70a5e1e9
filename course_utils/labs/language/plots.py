"""Lecture 10a's figures: a transformer's blocks, who looks at whom, accuracy by distance, scaling with its fits."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from numpy.typing import NDArray
from torch import Tensor

from course_utils.labs.language.runs import Fit
from course_utils.plotting import COLORS, Picture, diagrams, picture

Points = tuple[Sequence[float], Sequence[float]]
AXES = {"parameters": "parameters", "data": "characters of text", "compute": "processor seconds"}


def transformer_diagram() -> Picture:
    """From tokens to the next one's probability, with shapes."""
    blocks = {
        "tokens": diagrams.Block(0, 0, "B × T"),
        "embed": diagrams.Block(1, 0, "B × T × C", "network"),
        "attention": diagrams.Block(2, 0, "+ its input", "network"),
        "MLP": diagrams.Block(3, 0, "+ its input", "network"),
        "logits": diagrams.Block(4, 0, "B × T × V", "network"),
        "−log p": diagrams.Block(5, 0, "next token", "loss"),
        "H heads": diagrams.Block(2, 1, "B × H × T × T"),
        "again": diagrams.Block(3, 1, "2 to 100 ×"),
    }
    row = list(blocks)[:6]
    arrows = [diagrams.Arrow(*ends) for ends in (*pairwise(row), ("H heads", "attention"), ("MLP", "again"))]
    return diagrams.diagram(blocks, arrows, title="A transformer: attention mixes places, the MLP works on each")


def weights_picture(weights: Tensor, symbols: str, title: str) -> Picture:
    """Attention weights `(T, T)`: a row for each token that looks, a column for each looked at."""
    most = [symbols[row.argmax()] + f" (number {int(row.argmax()) + 1})" for row in weights]
    said = ", ".join(f"{one} looks most at {other}" for one, other in zip(symbols, most, strict=True))
    figure, ax = picture(width=4.2, height=3.6, title=title, alt=f"A triangle of weights: {said}.")
    ax.imshow(weights, cmap="Blues", vmin=0, vmax=1)
    for t, row in enumerate(weights.tolist()):
        for s, weight in enumerate(row[: t + 1]):
            ax.text(s, t, f"{weight:.2f}", ha="center", va="center", fontsize=7, color="w" if weight > 0.6 else "k")
    ax.set_xticks(range(len(symbols)), list(symbols))
    ax.set_yticks(range(len(symbols)), list(symbols))
    ax.set(xlabel="looked at", ylabel="looks")
    return figure


def accuracy_picture(accuracy: Mapping[str, Mapping[str, Points]], chance: Mapping[str, float]) -> Picture:
    """For each task and model the share right at each distance, beside chance."""
    said = "; ".join(
        f"{task}: "
        + ", ".join(f"{who} {shares[-1]:.2f} at {distances[-1]}" for who, (distances, shares) in both.items())
        for task, both in accuracy.items()
    )
    title = "Accuracy against the distance of the answer"
    figure, axes = picture(1, len(accuracy), title=title, height=3.2, sharey=True, alt=f"{title}. {said}.")
    for ax, (task, both) in zip(axes, accuracy.items(), strict=True):
        for (who, points), mark in zip(both.items(), (".", "x"), strict=False):
            ax.plot(*points, marker=mark, label=who)
        ax.axhline(chance[task], color="#555555", linestyle="--", label="chance")
        ax.set(title=task, xlabel="distance (tokens)", ylim=(0, 1.05))
    axes[0].set_ylabel("share right")
    axes[0].legend(frameon=False, loc="center")
    return figure


def scaling_picture(points: Mapping[str, tuple[NDArray, NDArray]], fits: Mapping[str, Fit]) -> Picture:
    """Held-out loss in log-log axes, the fit to all but the last run, and that one."""
    said = "; ".join(
        f"{part}: the last is {fit.measured:.2f}, the line says {fit.predicted:.2f}" for part, fit in fits.items()
    )
    title = "Held-out loss, a line through all but the largest run"
    figure, axes = picture(1, len(points), title=title, height=3.4, sharey=True, alt=f"{title}. {said}.")
    for ax, (part, (at, loss)) in zip(axes, points.items(), strict=True):
        ax.loglog(at[:-1], loss[:-1], "o", label="fitted")
        ax.loglog(at[-1:], loss[-1:], "s", color=COLORS[1], label="held out")
        ax.loglog(at, fits[part].line(at), "--", color="#555555")
        ax.set(title=part, xlabel=AXES[part])
        ax.set_yticks([1.5, 2, 2.5, 3], ["1.5", "2", "2.5", "3"])
        ax.minorticks_off()
    axes[0].set_ylabel("nats per character")
    axes[0].legend(frameon=False)
    return figure
