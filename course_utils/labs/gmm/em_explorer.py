"""Lecture 02's explorer: EM on points in the plane, step by step. Wiring over `mixtures`; drawn once, then updated."""

import math
from functools import lru_cache
from itertools import pairwise

import ipywidgets
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from torch import Tensor

from course_utils.models import mixtures
from course_utils.models.mixtures import GMMParameters
from course_utils.plotting import COLORS, Picture, picture
from course_utils.plotting.diagrams import Arrow, Block, diagram
from course_utils.widgets.panel import LivePicture, Panel, View, choice, slider

STEPS, MOST = 40, 8  # how far EM can be followed, and how many components have a color
_PALETTE = np.array([to_rgb(color) for color in COLORS])
_CIRCLE = torch.tensor([[math.cos(t), math.sin(t)] for t in np.linspace(0, 2 * math.pi, 61)], dtype=torch.float64)


def _palette(k: int) -> np.ndarray:
    return _PALETTE[np.arange(k) % len(_PALETTE)]


class Path:
    """EM from a random start, one step computed when it is first asked for.

    Departure from the lecture: reg_covar is 1e-4, so that no component collapses and the explorer never stops.
    """

    def __init__(self, x: Tensor, k: int, covariance_type: str, seed: int) -> None:
        self.x, self.covariance_type = x, covariance_type
        self.thetas, self.log_px = [], []
        self._append(mixtures.start(x, k, torch.Generator().manual_seed(seed)))

    def _append(self, theta: GMMParameters) -> None:
        self.thetas.append(theta)
        self.log_px.append(mixtures.log_prob(self.x, *theta).mean().item())

    def at(self, step: int) -> tuple[GMMParameters, list[float]]:
        """The parameters after so many steps, and the mean log-likelihood in nats of step 0 to this one."""
        while len(self.thetas) <= step:
            r = mixtures.responsibilities(self.x, *self.thetas[-1])
            self._append(mixtures.m_step(self.x, r, self.covariance_type, reg_covar=1e-4))
        return self.thetas[step], self.log_px[: step + 1]


def ellipses(means: Tensor, covariances: Tensor, radius: float = 2.0) -> Tensor:
    """The closed curves at `radius` standard deviations of Gaussians in the plane: `(K, 61, 2)`."""
    return means[:, None] + radius * _CIRCLE.to(means) @ torch.linalg.cholesky(covariances).mT


def blend(r: Tensor) -> np.ndarray:
    """Each point's color, the components' colors mixed by its responsibilities r `(B, K)`: `(B, 3)`."""
    return r.numpy() @ _palette(r.shape[1])


def draw_mixture(axes: Axes, x: Tensor, theta: GMMParameters, title: str) -> None:
    """Draw points x `(N, 2)`, colored by responsibility, and each component's mean and 2-standard-deviation ellipse."""
    _, means, covariances = theta
    axes.scatter(*x.T, s=4, linewidths=0, color=blend(mixtures.responsibilities(x, *theta)))
    for curve, color in zip(ellipses(means, covariances), _palette(len(means)), strict=True):
        axes.plot(*curve.T, color=color, linewidth=1.8)
    axes.plot(*means.T, "P", color="white", markeredgecolor="black", markersize=7)
    axes.set_title(title, fontsize=10)
    axes.set(xlabel="x₁", ylabel="x₂", aspect="equal")
    axes.label_outer()


def gmm_diagram() -> Picture:
    """A mixture's blocks with shapes: how a point is drawn, and how Bayes' rule finds its component."""
    blocks = {
        "k ~ π": Block(0, 0, "B"),
        "N(μ_k, Σ_k)": Block(1, 0, kind="network"),
        "x": Block(2, 0, "B × D"),
        "Bayes' rule": Block(3, 0, kind="network"),
        "r = p(k|x)": Block(4, 0, "B × K"),
    }
    names = list(blocks)
    arrows = [Arrow(*pair) for pair in pairwise(names)]
    return diagram(blocks, arrows, title="A mixture: drawing a point, and finding its component")


class EMPicture:
    """The points with the mixture over them, and below the log-likelihood of every step so far; drawn once."""

    def __init__(self, x: Tensor) -> None:
        self.x = x
        self.picture, (plane, curve) = picture(
            2, 1, width=5, height=5.2, alt="EM on points in the plane", gridspec_kw={"height_ratios": [3.4, 1]}
        )
        low, high = (x.min(0).values - 0.5).tolist(), (x.max(0).values + 0.5).tolist()
        plane.set(xlabel="x₁", ylabel="x₂", xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
        curve.set(xlabel="EM step", ylabel="log p(x)\nnats a point", xlim=(-0.5, STEPS + 0.5), ylim=_limits(x))
        self.points = plane.scatter(*x.T, s=13, linewidths=0)
        (self.drawn,) = plane.plot([], [], "x", color="black", markersize=5)
        self.rings = [plane.plot([], [], color=color, linewidth=2.2)[0] for color in COLORS]
        (self.means,) = plane.plot([], [], "P", color="white", markeredgecolor="black", markersize=9)
        (self.curve,) = curve.plot([], [], ".-", color=COLORS[0])
        self.live = LivePicture(self.picture, [self.points, self.drawn, *self.rings, self.means, self.curve])

    def update(self, theta: GMMParameters, log_px: list[float], drawn: Tensor) -> tuple[bytes, str]:
        """The mixture theta, the log-likelihoods up to it, points drawn from it: PNG, and a caption that reads it."""
        self.points.set_facecolor(blend(mixtures.responsibilities(self.x, *theta)))
        curves = ellipses(theta.means, theta.covariances)
        for index, ring in enumerate(self.rings):
            ring.set_data(*(curves[index].T if index < len(curves) else ([], [])))
        self.means.set_data(*theta.means.T)
        self.drawn.set_data(*drawn.T)
        self.curve.set_data(range(len(log_px)), log_px)
        weights = ", ".join(f"{weight:.2f}" for weight in theta.weights)
        return self.live.png(), f"Step {len(log_px) - 1}: log p(x) = {log_px[-1]:.3f} nats a point; weights {weights}"


def _limits(x: Tensor) -> tuple[float, float]:
    """One axis for all settings, so that they can be compared: from below a usual start up to most components."""
    few, many = (Path(x, k, "full", 0).at(STEPS)[1] for k in (1, MOST))
    return min(few[0], many[0]) - 0.6, many[-1] + 0.1


def em_explorer(x: Tensor) -> Panel:
    """Step through EM on x `(N, 2)`, float64: number of components, covariance type, start, points drawn.

    Step and the sliders work by keyboard; ▶ is played by the browser, one step at a time, and can be stopped.
    """
    view = EMPicture(x)
    path = lru_cache(maxsize=32)(lambda *settings: Path(x, *settings))

    def show(k: int, covariance_type: str, seed: int, step: int, draws: int) -> dict[str, tuple[bytes, str]]:
        theta, log_px = path(k, covariance_type, seed).at(step)
        drawn = theta.sample(max(draws, 1), rng=torch.Generator().manual_seed(seed))[:draws]
        return {"em": view.update(theta, log_px, drawn)}

    controls = {
        "k": slider("K", 1, MOST, 3, "Number of components; EM starts again"),
        "covariance_type": choice("covariance", mixtures.TYPES, "full", "Shape of the components; EM starts again"),
        "seed": slider("start", 0, 19, 0, "Which data points the means start at; EM starts again"),
        "step": slider("step", 0, STEPS, 0, "Number of EM steps done"),
        "draws": slider("draw", 0, 400, 0, "Points drawn from the mixture as it is now", 20),
    }
    return _wire(show, controls, View(550, 572))


def _wire(show, controls: dict[str, ipywidgets.ValueWidget], view: View) -> Panel:
    step = controls["step"]

    def forward() -> None:
        step.value = min(step.value + 1, STEPS)

    def again(_: object) -> None:
        step.value = 0

    restart = dict.fromkeys(("k", "covariance_type", "seed"), again)
    buttons = {"Step": (forward, "One E-step and one M-step")}
    run = ipywidgets.Play(max=STEPS, interval=300, description="Run", tooltip="Run EM, one step after another")
    ipywidgets.link((run, "value"), (step, "value"))
    panel = Panel(show, controls, {"em": view}, follow=restart, buttons=buttons, extra=[run])
    panel.run = run
    return panel
