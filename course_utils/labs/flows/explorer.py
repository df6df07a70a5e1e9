"""Lecture 08a's explorer: a flow in the plane, layer by layer, as a warped grid beside the density."""

from collections.abc import Sequence

import ipywidgets
import numpy as np
import torch
from matplotlib.collections import LineCollection
from torch import Tensor

from course_utils.models.flows import Flow
from course_utils.plotting import COLORS, Picture, picture
from course_utils.widgets.panel import LivePicture, Panel, View, slider

REACH, LINES, FINE = 2.5, 11, 101  # the grid's half width in the base, its lines each way, points on a line
PIXELS = 161  # of the density's picture, each way
Window = tuple[float, float, float, float]  # left, right, bottom, top


def grid_lines() -> Tensor:
    """Straight lines of a square grid around the origin: `(2 LINES, FINE, 2)`."""
    ticks, along = torch.linspace(-REACH, REACH, LINES), torch.linspace(-REACH, REACH, FINE)
    across = torch.stack(torch.meshgrid(ticks, along, indexing="ij"), -1)
    return torch.cat([across, across.flip(-1)])


@torch.no_grad()
def warped(flow: Flow, points: Tensor) -> list[Tensor]:
    """Points of the base `(…, 2)` after 0, 1, … L layers on their way to the data: L + 1 tensors of that shape."""
    return [step.view(points.shape) for step in flow.path(points.reshape(-1, 2))]


@torch.no_grad()
def density(flow: Flow, window: Window, done: int, pixels: int = PIXELS) -> Tensor:
    """The density after `done` layers on the way from base to data, at the middles of the window's pixels.

    `(pixels, pixels)`, the first row at the bottom. Points are taken back through these layers alone.
    """
    left, right, low, high = window
    middle = (torch.arange(pixels) + 0.5) / pixels
    h = torch.stack(torch.meshgrid(left + (right - left) * middle, low + (high - low) * middle, indexing="xy"), -1)
    h, log_det = h.view(-1, 2), torch.zeros(pixels**2)
    for layer in flow.layers[len(flow.layers) - done :]:
        h, one = layer(h)
        log_det = log_det + one
    return (flow.log_base(h) + log_det).exp().view(pixels, pixels)


class FlowPicture:
    """The grid with points on the left, the density on the right, after any number of layers; all frames drawn once."""

    def __init__(self, flow: Flow, window: Window, seed: int = 0) -> None:
        self.flow, self.total = flow, len(flow.layers)
        self.lines = warped(flow, grid_lines())
        self.points = warped(flow, flow.base_draws(400, torch.Generator().manual_seed(seed)))
        self.shades = [density(flow, window, done) for done in range(self.total + 1)]
        self.picture, (grid, shade) = picture(1, 2, width=6.4, height=3.4, alt="A grid and a density", sharey=True)
        for ax, title in ((grid, "grid and points"), (shade, "density")):
            ax.set(xlim=window[:2], ylim=window[2:], aspect="equal", xlabel="x₁", title=title)
        grid.set_ylabel("x₂")
        self.grid = grid.add_collection(LineCollection([], colors="#8A97A6", linewidths=0.7))
        (self.dots,) = grid.plot([], [], ".", color=COLORS[1], markersize=3)
        self.shade = shade.imshow(np.zeros((PIXELS, PIXELS)), extent=window, origin="lower", cmap="Blues")
        self.live = LivePicture(self.picture, [self.grid, self.dots, self.shade])
        self.frames = [self._draw(done) for done in range(self.total + 1)]  # few, and too slow to draw at each move

    def _draw(self, done: int) -> tuple[bytes, str]:
        """After `done` layers: PNG, and a caption that reads it."""
        self.grid.set_segments(self.lines[done].numpy())
        self.dots.set_data(*self.points[done].numpy().T)
        shade = self.shades[done]
        self.shade.set_data(shade.numpy())
        self.shade.set_clim(0, shade.max().item())
        where = {0: "the base", self.total: "the model of the data"}.get(done, "on the way")
        return self.live.png(), f"{done} of {self.total} layers done: {where}; the highest density is {shade.max():.2f}"


def still(flow: Flow, window: Window, stages: Sequence[int]) -> Picture:
    """The warped grid and points drawn, after so many layers each, side by side: the explorer on paper."""
    alt = f"A square grid with Gaussian points bends, layer by layer, into the data's shape: {stages} layers passed."
    title = "From noise to data: the grid, and points drawn"
    figure, axes = picture(1, len(stages), title=title, alt=alt, height=2.5, sharey=True)
    for ax, done in zip(axes, stages, strict=True):
        ax.add_collection(LineCollection(warped(flow, grid_lines())[done].numpy(), colors="#8A97A6", linewidths=0.6))
        drawn = warped(flow, flow.base_draws(300, torch.Generator().manual_seed(0)))[done]
        ax.plot(*drawn.numpy().T, ".", color=COLORS[1], markersize=2)
        ax.set(xlim=window[:2], ylim=window[2:], aspect="equal", xlabel="x₁", title=f"{done} layers")
    axes[0].set_ylabel("x₂")
    return figure


def flow_explorer(flow: Flow, window: Window) -> Panel:
    """Walk through the layers of a flow in the plane, forward and back; ▶ plays them in the browser."""
    view = FlowPicture(flow, window)
    layer = slider("layers", 0, view.total, 0, "How many layers have been passed, from the base to the data")
    run = ipywidgets.Play(max=view.total, interval=500, description="Run", tooltip="Pass one layer after another")
    ipywidgets.link((run, "value"), (layer, "value"))
    panel = Panel(lambda layer: {"flow": view.frames[layer]}, {"layer": layer}, {"flow": View(704, 374)}, extra=[run])
    panel.run = run
    return panel
