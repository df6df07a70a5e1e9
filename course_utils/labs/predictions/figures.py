"""Lecture 11a's figures: the protocol as a diagram, a curve from the recorded table, intervals against the truth."""

import numpy as np

from course_utils.labs.predictions.missing import Filled, Task
from course_utils.labs.predictions.table import Results, chosen
from course_utils.plotting import COLORS, Picture, curves, picture
from course_utils.plotting.diagrams import Arrow, Block, diagram


def protocol_diagram() -> Picture:
    """One seed of the protocol: what is made from the training rows never meets the test rows."""
    blocks = {
        "data": Block(0, 0.5, "one seed"),
        "train": Block(1, 0, "rows to learn"),
        "test": Block(1, 1, "locked away"),
        "generator": Block(2, 0, "train only", "network"),
        "made rows": Block(3, 0, "more to learn"),
        "plain": Block(3, 1, "tuned alike", "network"),
        "helped": Block(4, 0, "tuned alike", "network"),
        "a − b": Block(5, 0.5, "one number", "loss"),
    }
    pairs = [("data", "train"), ("data", "test"), ("train", "generator"), ("generator", "made rows")]
    pairs += [("made rows", "helped"), ("test", "plain"), ("helped", "a − b"), ("plain", "a − b")]
    return diagram(blocks, [Arrow(*pair) for pair in pairs], title="One seed: the same split for both, one difference")


def over_settings(results: Results, task: str, data: str, metric: str) -> Picture:
    """Each method's ten seeds over the settings, as mean and standard deviation; settings begin with a number."""
    rows = chosen(results, task=task, data=data, metric=metric)
    names = list(dict.fromkeys(key.method for key in rows))
    x = sorted({int(key.setting.split()[0]) for key in rows})
    values = {name: np.stack([v for key, v in rows.items() if key.method == name], axis=1) for name in names}
    unit = next(iter(rows)).setting.split()[1]
    return curves(values, x=x, title=f"{task}, {data}: recorded", xlabel=f"number of {unit}", ylabel=metric, height=3.6)


def truth_and_intervals(task: Task, filled: Filled, name: str, shown: int = 40) -> Picture:
    """The first gaps, sorted by their guess: truth as dots, each with its 90 % interval."""
    guess, low, high, truth = (values[task.gap][:shown] for values in (*filled, task.x_test))
    order = np.argsort(guess)
    held = (low <= truth) & (truth <= high)
    title = f"{name}: {held.mean():.0%} of {len(truth)} gaps lie in their 90 % interval"
    figure, ax = picture(title=title, height=2.8, alt=f"Intervals and truths in the order of the guess. {title}.")
    ax.vlines(range(len(order)), low[order], high[order], color="#9BB8D3", linewidth=3, label="90 % interval")
    for inside, color, label in ((True, COLORS[2], "truth inside"), (False, COLORS[1], "outside")):
        place = np.flatnonzero(held[order] == inside)
        ax.plot(place, truth[order][place], "o", color=color, markersize=4, label=label)
    ax.set(xlabel="gap, in the order of its guess", ylabel="standard deviations")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure
