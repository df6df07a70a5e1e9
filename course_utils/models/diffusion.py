"""Diffusion models: noise added by a schedule, a network that takes it away, and samplers.

Time t runs from 0, data, to `LAST`, noise: x_t = √ᾱ(t) x_0 + √(1 − ᾱ(t)) ε with ᾱ(t) = cos²(π t / 2), so that
x_t = cos θ · x_0 + sin θ · ε at the angle θ = π t / 2. Samplers are plain functions of (denoise, x, times):
`denoise(x, t)` is the guess of x_0, learned or exact (`score`), and `times` falls from noise to 0.
"""

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.models.layers import check_labels, mlp

LAST = 0.99  # at t = 1 nothing of x_0 would be left, and a guess of the noise could not be turned into one of x_0
PREDICTS = ("x_0", "noise", "v")
Denoise = Callable[[Tensor, Tensor], Tensor]


def alpha_bar(t: Tensor) -> Tensor:
    """The share ᾱ of x_0's variance that x_t keeps, 1 at t = 0. Source: Nichol & Dhariwal 2021, eq. 17, with s = 0."""
    return (math.pi / 2 * t).cos() ** 2


def times(steps: int, last: float = LAST, dtype: torch.dtype | None = None) -> Tensor:
    """Equal steps from noise at `last` down to 0: `(steps + 1,)`."""
    return torch.linspace(last, 0, steps + 1, dtype=dtype)


def _angle(t: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    """cos θ and sin θ at times t `(B,)`, or one for all, shaped to multiply x `(B, *event)`."""
    theta = (math.pi / 2 * t).reshape(*t.shape, *(1,) * (x.dim() - t.dim()))
    return theta.cos(), theta.sin()


def q_sample(x_0: Tensor, t: Tensor, epsilon: Tensor) -> Tensor:
    """A draw of q(x_t | x_0) = N(√ᾱ x_0, (1 − ᾱ) I), made of ε ~ N(0, I). Args: x_0, epsilon `(B, *event)`, t `(B,)`.

    Source: Ho, Jain & Abbeel 2020 (arXiv:2006.11239), eq. 4.
    """
    cos, sin = _angle(t, x_0)
    return cos * x_0 + sin * epsilon


def target(x_0: Tensor, t: Tensor, epsilon: Tensor, predicts: str) -> Tensor:
    """What the network is to give: x_0, the noise ε, or v = cos θ · ε − sin θ · x_0 (Salimans & Ho 2022, section 4)."""
    cos, sin = _angle(t, x_0)
    return {"x_0": x_0, "noise": epsilon, "v": cos * epsilon - sin * x_0}[predicts]


def to_x_0(predicted: Tensor, x: Tensor, t: Tensor, predicts: str) -> Tensor:
    """The guess of x_0 that a guess of x_0, of the noise or of v at x = x_t amounts to."""
    cos, sin = _angle(t, x)
    if predicts == "noise":
        return (x - sin * predicted) / cos
    return predicted if predicts == "x_0" else cos * x - sin * predicted


def to_noise(x_0: Tensor, x: Tensor, t: Tensor) -> Tensor:
    """The noise ε for which x = x_t comes from x_0; t > 0. With x_0 = E[x_0|x_t] the score of p_t is −ε / √(1 − ᾱ)."""
    cos, sin = _angle(t, x)
    return (x - cos * x_0) / sin


# Samplers.


def ddpm_step(x: Tensor, x_0: Tensor, t: Tensor, s: Tensor, noise: Tensor) -> Tensor:
    """A draw of q(x_s | x_t, x_0), s < t: no noise is added where s = 0. Source: Ho et al. 2020, eq. 6 and 7."""
    at, after = alpha_bar(t), alpha_bar(s)
    alpha = at / after
    mean = (after.sqrt() * (1 - alpha) * x_0 + alpha.sqrt() * (1 - after) * x) / (1 - at)
    return mean + ((1 - alpha) * (1 - after) / (1 - at)).clamp(min=0).sqrt() * noise


def ddim_step(x: Tensor, x_0: Tensor, t: Tensor, s: Tensor) -> Tensor:
    """x_s from the same x_0 and the same noise as x_t. Source: Song, Meng & Ermon 2021 (arXiv:2010.02502), eq. 12."""
    return q_sample(x_0, s, to_noise(x_0, x, t))


@torch.no_grad()
def ddpm(denoise: Denoise, x: Tensor, times: Tensor, rng: torch.Generator | None = None) -> Tensor:
    """Ancestral sampling: guess x_0, draw x_s from q(x_s | x_t, x_0), and again. Ho et al. 2020, Algorithm 2.

    Args: x `(B, *event)`, noise; times `(T + 1,)`, falling to 0. Returns `(B, *event)`. Departure: any times. With many
    steps it follows the reverse SDE (Song et al. 2021, arXiv:2011.13456, eq. 6).
    """
    for t, s in pairwise(times.unbind()):
        x = ddpm_step(x, denoise(x, t), t, s, torch.randn(x.shape, generator=rng, dtype=x.dtype))
    return x


@torch.no_grad()
def ddim(denoise: Denoise, x: Tensor, times: Tensor) -> Tensor:
    """Sampling without new noise: guess x_0 and the noise, mix them for the next time. Song et al. 2021, eq. 12, σ = 0.

    Args and return as for `ddpm`. With many steps it follows the probability-flow ODE (`score.flow`).
    """
    for t, s in pairwise(times.unbind()):
        x = ddim_step(x, denoise(x, t), t, s)
    return x


def guided(with_class: Tensor, without: Tensor, weight: float) -> Tensor:
    """Classifier-free guidance: 0 forgets the class, 1 is p(x | y), above 1 exaggerates what the class adds.

    The same weight for guesses of x_0, noise or v. Source: Ho & Salimans 2022 (arXiv:2207.12598), eq. 6; 1 + w there.
    """
    return without + weight * (with_class - without)


# The network.


class Denoiser(nn.Module):
    """A perceptron that sees x_t, the time and, if there are classes, the class, and guesses x_0, the noise or v.

    With `pixels` the data are images in [0, 1]; inside they lie in [−1, 1]. The class number `classes` means "none".
    `steps` and `guidance` are how `sample` draws. Stacked by `ensemble.stack`, the number of networks comes first.
    Source: Ho et al. 2020; guidance: Ho & Salimans 2022. Departure: no U-Net, residual layers on flat images.
    """

    lead: tuple[int, ...] = ()

    def __init__(
        self,
        event: tuple[int, ...] = (1, 8, 8),
        classes: int = 0,
        hidden: int = 192,
        *,
        predicts: str = "x_0",
        pixels: bool = True,
        steps: int = 50,
        guidance: float = 1.0,
    ) -> None:
        super().__init__()
        if predicts not in PREDICTS:
            raise ValueError(f"predicts must be one of {', '.join(PREDICTS)}; got {predicts!r}.")
        self.event, self.classes, self.predicts, self.pixels = tuple(event), classes, predicts, pixels
        self.steps, self.guidance = steps, guidance
        width = math.prod(event)
        self.embed = mlp(2 * len(_WAVES) + (classes + 1 if classes else 0), hidden, hidden, activation=nn.SiLU)
        self.first, self.last = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.blocks = nn.ModuleList(mlp(hidden, hidden, hidden, activation=nn.SiLU) for _ in range(2))

    def forward(self, x: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        """x_t `(B, *event)`, t `(B,)` or one for all, y `(B,)` or None, to what the network predicts, `(B, *event)`."""
        flat = x.flatten(-len(self.event))
        given = self.embed(self.conditions(t.expand(flat.shape[:-1]), y))
        h = self.first(flat)
        for block in self.blocks:
            h = h + block(F.silu(h + given))
        return self.last(F.silu(h)).unflatten(-1, self.event)

    def conditions(self, t: Tensor, y: Tensor | None) -> Tensor:
        """The time's features and, if there are classes, the class (None: the number `classes`) as a one-hot vector."""
        if not self.classes:
            return time_features(t)
        y = torch.full(t.shape, self.classes) if y is None else y.expand(t.shape)
        return torch.cat([time_features(t), F.one_hot(y, self.classes + 1).to(t)], -1)

    def denoise(self, x: Tensor, t: Tensor, y: Tensor | None = None, guidance: float = 1.0) -> Tensor:
        """The guess of x_0, `(B, *event)`, guided towards the class y if there is one."""
        guess = self(x, t, y)
        if y is not None and guidance != 1:
            guess = guided(guess, self(x, t), guidance)
        return to_x_0(guess, x, t, self.predicts)

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n draws `(n, *event)` by `ddpm` in `steps` steps; of classes y `(n,)`, or of any."""
        if y is not None:
            check_labels(n, y, self.classes)
        noise = torch.randn(*self.lead, n, *self.event, generator=rng)
        x = ddpm(lambda x, t: self.denoise(x, t, y, self.guidance), noise, times(self.steps), rng)
        return (0.5 * x + 0.5).clamp(0, 1) if self.pixels else x


_WAVES = [0.5 * math.pi * 2**k for k in range(5)]  # how fast the time features turn, in radians over the whole time


def time_features(t: Tensor) -> Tensor:
    """Times t `(B,)` as sines and cosines, slow and fast: `(B, 10)`."""
    waves = t[..., None] * torch.tensor(_WAVES, dtype=t.dtype)
    return torch.cat([waves.sin(), waves.cos()], -1)


def denoising_loss(
    model: Denoiser, x: Tensor, y: Tensor | None = None, rng: torch.Generator | None = None, drop: float = 0.15
) -> Tensor:
    """The squared error of what the model predicts, summed over the event: `(B,)`. A time and a noise for each x.

    Args: x `(B, *event)`; y `(B,)`, each forgotten with probability `drop`, so that one network learns p(x | y) and
    p(x). Source: Ho et al. 2020, eq. 14, Algorithm 1; for y Ho & Salimans 2022, Algorithm 1.
    """
    x_0 = 2 * x - 1 if model.pixels else x
    batch = x.shape[: x.dim() - len(model.event)]
    t, epsilon = LAST * torch.rand(batch, generator=rng), torch.randn(x.shape, generator=rng)
    if y is not None and drop:
        y = torch.where(torch.rand(batch, generator=rng) < drop, model.classes, y)
    guess = model(q_sample(x_0, t, epsilon), t, y)
    return (guess - target(x_0, t, epsilon, model.predicts)).square().flatten(len(batch)).sum(-1)
