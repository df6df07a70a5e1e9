"""Lecture 11b's figures."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import NullFormatter, ScalarFormatter
from numpy.typing import NDArray

from course_utils.labs.creations.chemistry import Round
from course_utils.metrics.intervals import Interval
from course_utils.plotting import COLORS, Picture, diagrams, picture


def repair_diagram() -> Picture:
    """One formula for three repairs: what is known, what is drawn, what is shown."""
    blocks = {
        "picture x": diagrams.Block(0, 0, "64 pixels"),
        "damage": diagrams.Block(1, 0, "A x + noise", "network"),
        "seen y": diagrams.Block(2, 0, "16 to 64 numbers"),
        "p(x | y)": diagrams.Block(3, 0, "from a model of x", "network"),
        "mean": diagrams.Block(4, 0, "least squares"),
        "draw": diagrams.Block(4, 1, "looks real"),
        "other pictures": diagrams.Block(3, 1, "give p(x)"),
    }
    pairs = [("picture x", "damage"), ("damage", "seen y"), ("seen y", "p(x | y)"), ("other pictures", "p(x | y)")]
    pairs += [("p(x | y)", "mean"), ("p(x | y)", "draw")]
    return diagrams.diagram(
        blocks, [diagrams.Arrow(*p) for p in pairs], title="Repair: condition a model on what is left"
    )


def tradeoff(points: Mapping[str, tuple[float, float]], real: float) -> Picture:
    """Each way to repair by its squared error and its distance from real pictures."""
    said = "; ".join(f"{name}: error {error:.4f}, distance {far:.2f}" for name, (error, far) in points.items())
    figure, ax = picture(title="Two goals: close to the truth, close to real pictures", alt=f"Scatter plot. {said}.")
    for number, (name, point) in enumerate(points.items()):
        ax.plot(*point, "o", color=COLORS[number % len(COLORS)], markersize=8)
        ax.annotate(name, point, xytext=(7, 5), textcoords="offset points")
    ax.axhline(real, color="#555555", linestyle="--", label="real test pictures")
    ax.set(xlabel="mean squared error of a pixel", ylabel="Fréchet distance", yscale="log")
    ax.yaxis.set_major_formatter(ScalarFormatter())
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_yticks([0.1, 0.3, 1, 3])
    ax.set_xlim(0, 1.25 * max(error for error, _ in points.values()))
    ax.legend()
    return figure


def clusters(r: NDArray[np.float64], variance: NDArray[np.float64], guess: NDArray[np.float64]) -> Picture:
    """Returns with the true standard deviation of each day and a model's guess of it."""
    alt = f"{len(r)} daily returns from {r.min():.1f} to {r.max():.1f} percent; restless weeks stand together."
    figure, ax = picture(title="Returns come in calm and restless weeks", alt=alt, height=3)
    ax.bar(np.arange(len(r)), r, width=1, color="#B8C4D0", label="return")
    ax.plot(np.sqrt(variance[: len(r)]), color=COLORS[2], label="true standard deviation")
    ax.plot(np.sqrt(guess[: len(r)]), "--", color=COLORS[1], linewidth=1, label="GARCH's guess, from the past alone")
    ax.set(xlabel="day", ylabel="percent")
    ax.legend(ncols=3, loc="lower left", fontsize=8)
    return figure


def chased(rounds: Sequence[Sequence[Round]]) -> Picture:
    """Guessed and true activity over the rounds of a search, mean and range of the runs."""
    figure, ax = picture(title="A property is chased through its predictor", alt="guess and truth", height=3.2)
    for number, part in enumerate(("guessed", "true")):
        values = np.array([[getattr(each, part) for each in run] for run in rounds])
        ax.plot(values.mean(0), color=COLORS[number], label=f"activity, {part}")
        ax.fill_between(
            range(values.shape[1]), values.min(0), values.max(0), color=COLORS[number], alpha=0.2, linewidth=0
        )
    ax.set(xlabel="rounds of search", ylabel="mean of the 50 kept")
    ax.legend()
    last = [np.mean([getattr(run[-1], part) for run in rounds]) for part in ("guessed", "true")]
    figure.alt = f"Guessed activity climbs to {last[0]:.1f}; the true one rises, then falls to {last[1]:.1f}."
    return figure


def gains(found: Mapping[str, Mapping[object, Interval]], xlabel: str, ylabel: str, title: str) -> Picture:
    """Intervals of gains against what they depend on; above 0 the method helps."""
    said = "; ".join(
        f"{name}: " + ", ".join(f"{at} {gain}" for at, gain in each.items()) for name, each in found.items()
    )
    figure, ax = picture(title=title, alt=f"{ylabel} against {xlabel}. {said}.", height=3)
    for number, (name, each) in enumerate(found.items()):
        at = np.arange(len(each)) + 0.08 * (number - (len(found) - 1) / 2)
        middle, low, high = np.array([*each.values()]).T
        ax.errorbar(at, middle, [middle - low, high - middle], fmt="o", capsize=3, color=COLORS[number], label=name)
        ax.set_xticks(range(len(each)), [str(key) for key in each])
    ax.axhline(0, color="#555555", linewidth=1)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
    return figure


def verdict_table(rows: Sequence[Sequence[object]], head: Sequence[str]) -> str:
    """Rows below their heads, columns as wide as they must be."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    wide = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, wide, strict=True)).rstrip() for row in cells)
