"""Lecture 11a's explorers: any comparison of the recorded table, and a threshold that costs money."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from course_utils.labs.predictions import defects
from course_utils.labs.predictions.table import Results, chosen
from course_utils.metrics.inputs import Array
from course_utils.metrics.intervals import mean_interval
from course_utils.plotting import COLORS, Picture, picture
from course_utils.widgets.panel import LivePicture, Panel, View, choice, slider

GENERATIVE = ("Gaussian", "CVAE", "VAE features", "M2", "mixture", "mixture of 3", "VAE")
TARGETS = {"coverage": 0.9}  # where a metric is best in the middle


class Bars:
    """Means and 95 % intervals of all methods of one task, data and metric, at any of its settings."""

    def __init__(self, results: Results, task: str, data: str, metric: str, height: float = 2.6) -> None:
        rows = chosen(results, task=task, data=data, metric=metric)
        self.settings = list(dict.fromkeys(key.setting for key in rows))
        self.names = list(dict.fromkeys(key.method for key in rows))
        self.values = {(key.setting, key.method): mean_interval(values) for key, values in rows.items()}
        self.title, self.metric = f"{task}: {metric} on {data}", metric
        self.picture, axes = picture(title=self.title, alt=self.title, width=6.4, height=height)
        self.dots, self.whiskers = zip(*(self._row(axes, y, name) for y, name in enumerate(self.names)), strict=True)
        axes.set_yticks(range(len(self.names)), self.names)
        axes.set_ylim(len(self.names) - 0.5, -0.5)
        low, high = (f(v) for f, v in ((min, [i.low for i in self.values.values()]),
                                       (max, [i.high for i in self.values.values()])))  # fmt: skip
        axes.set(xlim=(low - 0.05 * (high - low), high + 0.05 * (high - low)), xlabel=f"{metric}, mean of ten seeds")
        axes.grid(axis="x")
        if metric in TARGETS:
            axes.axvline(TARGETS[metric], color="#555555", linestyle="--")

    def _row(self, axes: Axes, y: int, name: str) -> tuple[Line2D, Line2D]:
        color = COLORS[1] if name in GENERATIVE else COLORS[0]
        return axes.plot([], [], "o", color=color)[0], axes.plot([], [], "-", color=color, linewidth=2)[0]

    def move(self, setting: str) -> str:
        """Show a setting, and say it in words."""
        for y, name in enumerate(self.names):
            found = self.values[setting, name]
            self.dots[y].set_data([found.value], [y])
            self.whiskers[y].set_data([found.low, found.high], [y, y])
        said = ", ".join(f"{name} {self.values[setting, name].value:.3f}" for name in self.names)
        self.picture.alt = f"{self.title}, {setting}: {said}. Generative methods are orange."
        return f"{setting}: {said}"

    @property
    def moving(self) -> list[Line2D]:
        return [*self.dots, *self.whiskers]


def still(results: Results, task: str, data: str, metric: str, setting: str) -> Picture:
    """The explorer on paper."""
    bars = Bars(results, task, data, metric)
    bars.move(setting)
    bars.picture.suptitle(f"{bars.title}, {setting}")
    return bars.picture


def table_explorer(results: Results, task: str, data: str, setting: str, metric: str) -> Panel:
    """Controls for data, setting and metric, with their first values; generative methods are orange."""
    rows = chosen(results, task=task)
    several, metrics, settings = (list(dict.fromkeys(key[index] for key in rows)) for index in (1, 4, 2))
    bars = {(d, m): Bars(results, task, d, m) for d in several for m in metrics}
    live = {pair: LivePicture(one.picture, one.moving) for pair, one in bars.items()}

    def show(data: str, setting: str, metric: str) -> dict[str, tuple[bytes, str]]:
        said = bars[data, metric].move(setting)
        return {"bars": (live[data, metric].png(), said)}

    controls = {
        "setting": choice("setting", settings, setting, "What the answer may depend on"),
        "metric": choice("metric", metrics, metric, "What is measured"),
        "data": choice("data", several, data, "Which data set"),
    }
    return Panel(show, controls, {"bars": View(704, 286)})


class Inspection:
    """Scores of good and bad test parts, for a threshold and prices."""

    def __init__(self, good: Array, bad: Array) -> None:
        self.good, self.bad = good, bad
        self.thresholds = np.quantile(np.concatenate([good, bad]), np.linspace(0, 1, 201))

    def caption(self, percent: int, prices: defects.Prices) -> str:
        """What the line gets at the threshold that lets this share of good parts pass."""
        at = self.threshold(percent)
        found = defects.line(self.good, self.bad, at, prices)
        best = defects.line(self.good, self.bad, defects.cheapest(self.good, self.bad, prices), prices)
        return (
            f"yield {float(found.accepted):.1%}; bad among kept {float(found.escapes / found.accepted):.2%}; "
            f"a kept part costs {float(found.cost):.3f} (cheapest {float(best.cost):.3f})"
        )

    def threshold(self, percent: int) -> float:
        """The score that this percentage of good parts stays below."""
        return float(np.quantile(self.good, percent / 100))


def cost_explorer(good: Array, bad: Array, name: str) -> Panel:
    """A threshold on the scores of good and bad parts; what passes, and what a kept part costs, as prices change."""
    line = Inspection(good, bad)
    figure, (left, right) = picture(1, 2, width=6.6, height=2.8, alt="Scores, and the cost of a kept part")
    low, high = np.quantile(np.concatenate([good, bad]), [0, 0.99])
    bins = np.linspace(low, high, 40)
    left.hist(good, bins, color=COLORS[0], alpha=0.6, label="good")
    left.hist(bad, bins, color=COLORS[1], alpha=0.6, label="bad")
    at_left = left.axvline(low, color="black")
    left.set(title=f"scores: {name}", xlabel="score", ylabel="parts")
    left.legend(frameon=False)
    (curve,) = right.plot([], [], color=COLORS[2])
    (dot,) = right.plot([], [], "ko")
    right.set(xlim=(50, 100), ylim=(1, 3), title="what a kept part costs", xlabel="good parts let pass, %")
    right.set_ylabel("cost, in parts made")
    live = LivePicture(figure, [at_left, curve, dot])
    percents = np.arange(50, 101)
    thresholds = np.array([line.threshold(int(p)) for p in percents])

    def show(percent: int, bad_share: float, escape: int) -> dict[str, tuple[bytes, str]]:
        prices = defects.Prices(bad_share / 100, float(escape))
        cost = defects.line(good, bad, thresholds, prices).cost
        curve.set_data(percents, cost)
        dot.set_data([percent], [cost[percent - 50]])
        at_left.set_xdata([line.threshold(percent)] * 2)
        return {"line": (live.png(), line.caption(percent, prices))}

    controls = {
        "percent": slider("good pass", 50, 100, 90, "The threshold: the percentage of good parts that pass"),
        "bad_share": slider("bad, %", 0.5, 20.0, 5.0, "How many parts in a hundred are bad", 0.5),
        "escape": slider("escape", 1, 100, 20, "What a bad part that passes costs, in parts made"),
    }
    return Panel(show, controls, {"line": View(726, 308)})
