"""A GAN on the plane that is trained a little at a time and remembers how it looked: behind the live trainer."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course_utils.data.toys import toy
from course_utils.labs.gan.experiment import REMEDIES
from course_utils.labs.gan.plots import surface
from course_utils.metrics import mode_coverage
from course_utils.models import Discriminator, Generator, first_weights
from course_utils.training.gan import GAN, LOSSES, GANConfig

EXTENT = 3.0  # the plane that is shown is [−EXTENT, EXTENT]²
SETS = ("ring", "grid", "moons", "my points")
# The remedies that change nothing but the discriminator, which is what one may choose it by.
DISCRIMINATORS = {name: options for name, (options, changes) in REMEDIES.items() if not changes}
MY_POINTS = "-1 -1; 0 1.5; 1 -1; 1.5 1"
SHOWN = 256  # generated points in a picture
START = GANConfig(lr=4e-3)
# What one presses a button for: what it changes of the setup, and what it shows on ring within 800 steps of G, on the
# seeds 0 to 2.
PRESETS: dict[str, tuple[dict[str, object], str]] = {
    "healthy": ({"penalty": 0.1}, "R1 penalty: all eight modes, and they stay"),
    "collapse": ({"d_steps": 3}, "Three steps of D for one of G: three modes are left"),
    "oscillation": ({"loss": "wasserstein"}, "A critic without penalty: the points are thrown from side to side"),
    "strong D": ({"loss": "minimax", "lr_ratio": 4.0, "d_steps": 5}, "D wins, and the minimax loss tells G nothing"),
    "critic": ({"loss": "wasserstein", "penalty": 0.1, "d_steps": 3}, "The same critic with penalty: modes come back"),
}
KEPT = 400  # pictures remembered; beyond that every other one is forgotten


@dataclass(frozen=True)
class Setup:
    """Everything one may choose: the real points, the discriminator by its remedy, the seed, and how both train."""

    data: str = "ring"
    points: str = MY_POINTS
    discriminator: str = "plain"
    seed: int = 0
    config: GANConfig = START

    @classmethod
    def of(cls, *, penalty: float = 0.0, **values: Any) -> "Setup":
        """From the fields of a Setup and of its config; `penalty` weighs R1, or for Wasserstein's loss WGAN-GP."""
        own = {field.name: values.pop(field.name) for field in fields(cls) if field.name in values}
        kind = "gradient_penalty" if values.get("loss") == "wasserstein" else "r1"
        return cls(**own, config=replace(START, **{kind: penalty}, **values))


@dataclass(frozen=True)
class Frame:
    """One moment: steps of D and G so far, generated points `(n, 2)`, G's loss's gradient there, D on a lattice."""

    steps: tuple[int, int]
    fake: NDArray[np.float32]
    gradient: NDArray[np.float32]
    surface: NDArray[np.float32]
    d_loss: float
    g_loss: float
    modes: int | None
    good: float | None


def parse_points(text: str) -> Tensor:
    """Points `(K, 2)` from "x y; x y; …" or one on each line. Raises ValueError that says what is wrong."""
    parts = [part.replace(",", " ").split() for part in text.replace("\n", ";").split(";") if part.strip()]
    try:
        points = torch.tensor([[float(number) for number in part] for part in parts])
    except ValueError as error:
        raise ValueError("Write points as two numbers each, such as: -1 0; 1 0.5; 0 2") from error
    if points.dim() != 2 or points.shape[1] != 2 or not points.isfinite().all() or points.abs().max() > EXTENT:
        raise ValueError(
            f"Each point is two numbers between −{EXTENT:g} and {EXTENT:g}; separate points by ; or a line."
        )
    return points


def real_points(setup: Setup) -> tuple[Callable[[int, torch.Generator], Tensor], Tensor | None, float]:
    """How to draw real points, their modes if they have any, and the standard deviation of a mode."""
    if setup.data == "my points":
        centers = parse_points(setup.points)

        def scatter(n: int, rng: torch.Generator) -> Tensor:
            chosen = torch.randint(len(centers), (n,), generator=rng)
            return centers[chosen] + 0.1 * torch.randn(n, 2, generator=rng)

        return scatter, centers, 0.1
    if setup.data == "moons":
        moons, middle = toy("moons"), torch.tensor([0.5, 0.25])
        return lambda n, rng: 1.6 * (moons.sample(n, rng=rng) - middle), None, 0.1
    data = toy("ring", std=0.1) if setup.data == "ring" else toy("grid", spacing=1.1, std=0.08)
    return data.sample, data.modes, 0.1 if setup.data == "ring" else 0.08


class Session:
    """A GAN built from a `Setup`, trained by `advance`, `d_only` and `g_only`, each of which records a frame."""

    def __init__(self, setup: Setup) -> None:
        self.setup, self.frames, self.every, self.done = setup, [], 1, [0, 0]
        sample, self.modes, self.std = real_points(setup)
        with first_weights(setup.seed):
            networks = (
                Generator((2,), 16, 64, output=None),
                Discriminator((2,), 64, **DISCRIMINATORS[setup.discriminator]),
            )
        self.gan = GAN(*networks, lambda n, rng: (sample(n, rng=rng),), setup.config, seed=setup.seed)
        rng = torch.Generator().manual_seed(setup.seed + 1)
        self.z, self.x = torch.randn(SHOWN, 16, generator=rng), sample(SHOWN, rng=rng)
        self.losses = {"d_loss": float("nan"), "g_loss": float("nan")}
        self.record()

    def advance(self, steps: int) -> None:
        """Some steps as configured: `d_steps` of D and one of G each."""
        for _ in range(steps):
            self._took(self.gan.step(), self.setup.config.d_steps, 1)
        self.record()

    def d_only(self, steps: int = 1) -> None:
        """Some steps of D."""
        for _ in range(steps):
            self._took(self.gan.d_step(), 1, 0)
        self.record()

    def g_only(self) -> None:
        """One step of G."""
        self._took(self.gan.g_step(), 0, 1)
        self.record()

    def _took(self, terms: dict[str, Tensor], d_steps: int, g_steps: int) -> None:
        self.done = [self.done[0] + d_steps, self.done[1] + g_steps]
        self.losses |= {name: terms[name].item() for name in self.losses if name in terms}

    def record(self) -> None:
        """Remember how things look now."""
        D, fake = self.gan.D, self.gan.G(self.z).detach().requires_grad_()
        loss = LOSSES[self.setup.config.loss][1](D(fake))
        (gradient,) = torch.autograd.grad(loss.sum(), fake)
        shade = surface(D, EXTENT, 33)
        if self.setup.config.loss == "wasserstein":  # a score has no zero of its own: show it relative to its spread
            shade = (shade - shade.median()) / (shade.std() + 1e-6)
        covered = None if self.modes is None else mode_coverage(fake.detach(), self.modes, self.std)
        counts = (None, None) if covered is None else (covered.modes_with_share, covered.high_quality)
        arrays = [values.detach().numpy() for values in (fake, gradient, shade.sigmoid())]
        self.frames.append(Frame(tuple(self.done), *arrays, *self.losses.values(), *counts))
        if len(self.frames) > KEPT:
            del self.frames[1:-1:2]

    def caption(self, frame: Frame) -> str:
        """A frame in words."""
        d_loss, g_loss = ("–" if math.isnan(loss) else f"{loss:.2f}" for loss in (frame.d_loss, frame.g_loss))
        text = f"steps: D {frame.steps[0]}, G {frame.steps[1]} · loss of D {d_loss}, of G {g_loss}"
        if frame.modes is None:
            return text
        return f"{text} · modes {frame.modes} of {len(self.modes)} · good points {frame.good:.0%}"
