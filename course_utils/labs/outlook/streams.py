"""A stream that drifts: three groups of points on a circle that turns while they come, and a film of who follows."""

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from course_utils.plotting import COLORS, Picture, picture
from course_utils.widgets.panel import LivePicture, Panel, View, slider

GROUPS, RADIUS, SPREAD = 3, 2.0, 0.35


def centers(turned: Tensor) -> Tensor:
    """The groups' true centers `(N, 3, 2)` after so many turns `(N,)` of the circle."""
    angle = 2 * math.pi * (torch.arange(GROUPS) / GROUPS + turned[:, None])
    return RADIUS * torch.stack([angle.cos(), angle.sin()], -1)


def stream(n: int, turns: float, rng: torch.Generator | None = None) -> Tensor:
    """n points `(n, 2)`, float64, in the order they come: each of a group drawn evenly, while the circle turns."""
    turned = turns * torch.arange(n, dtype=torch.float64) / n
    group = torch.randint(GROUPS, (n,), generator=rng)
    noise = torch.randn(n, 2, generator=rng, dtype=torch.float64)
    return centers(turned)[torch.arange(n), group] + SPREAD * noise


def true_log_prob(x: Tensor, turns: float) -> Tensor:
    """log p(x_t) in nats, `(n,)`, under the circle as it stood when each of x `(n, 2)` came: what no model can beat."""
    where = centers(turns * torch.arange(len(x), dtype=torch.float64) / len(x))
    squares = (x[:, None] - where).square().sum(-1) / SPREAD**2
    return torch.logsumexp(-0.5 * squares, 1) - math.log(GROUPS * 2 * math.pi * SPREAD**2)


def film(x: Tensor, paths: Mapping[str, Tensor], scores: Mapping[str, Tensor], window: int = 80) -> Panel:
    """Left the last points and each model's means at a time, right what each has paid so far.

    paths: means before each point, `(n, K, 2)`; scores: log p of each point when it came, `(n,)`.
    """
    figure, moving = _axes(paths, scores, len(x))

    def show(time: int) -> dict[str, LivePicture]:
        moving["points"].set_offsets(x[max(0, time - window) : time + 1])
        for name, path in paths.items():
            moving[name].set_offsets(path[time])
        moving["now"].set_xdata([time, time])
        return {"film": live}

    moving["points"].set_offsets(x[:1])
    live = LivePicture(figure, moving.values())
    time = slider("time", 0, len(x) - 1, len(x) // 2, "Points that have come", 1)
    return Panel(show, {"time": time}, {"film": View(720)})


def smooth(values: Tensor, width: int = 150) -> np.ndarray:
    """Means over `width` neighbors, `(n − width + 1,)`."""
    return np.convolve(values.numpy(), np.full(width, 1 / width), "valid")


def _axes(paths: Mapping[str, Tensor], scores: Mapping[str, Tensor], n: int) -> tuple[Picture, dict]:
    alt = "Left: the last points of the stream, and the means of each model. Right: each model's running mean of log p."
    figure, (left, right) = picture(1, 2, width=7.2, height=3.4, title="Who follows the stream?", alt=alt)
    moving = {"points": left.scatter([], [], s=6, color="#9AA5B1")}
    for (name, path), color in zip(paths.items(), COLORS, strict=False):
        moving[name] = left.scatter(*path[0].T, s=70, marker="X", color=color, edgecolor="white", label=name)
        line = smooth(scores[name])
        right.plot(np.arange(len(line)) + n - len(line), line, color=color, label=name)
    moving["now"] = right.axvline(0, color="black", linewidth=1)
    left.set(xlim=(-3.4, 3.4), ylim=(-3.4, 3.4), xlabel="$x_1$", ylabel="$x_2$", title="the last points, and means")
    right.set(xlabel="points that have come", ylabel="log p of the next, nats", title="mean of 150 points")
    right.legend(fontsize=8, loc="lower left")
    left.set_aspect("equal")
    return figure, moving
