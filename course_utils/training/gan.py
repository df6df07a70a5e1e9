"""Adversarial training as the lecture writes it: a step of the discriminator, a step of the generator.

The networks may be plain or stacked by `models.ensemble`: then every seed has its own data, noise and optimizer state.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from course_utils import losses
from course_utils.training.loop import History, OnStep, loop
from course_utils.training.schedules import linear_decay

LOSSES: dict[str, tuple[Callable[[Tensor, Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
    "non-saturating": (losses.discriminator_loss, losses.generator_loss),
    "minimax": (losses.discriminator_loss, losses.generator_loss_minimax),
    "wasserstein": (losses.critic_loss, losses.critic_generator_loss),
}
# n real points, and their classes if the GAN is conditional
Draw = Callable[[int, torch.Generator], tuple[Tensor, ...]]


@dataclass(frozen=True)
class GANConfig:
    """What one chooses: the loss, D's steps for each of G's, Adam's learning rates, and the remedies' strengths.

    `lr_ratio` is D's learning rate over G's; `instance_noise` the standard deviation of noise on all that D sees
    (Sønderby et al. 2017, arXiv:1610.04490); `r1` and `gradient_penalty` weigh the two penalties; `average` is
    the decay of the running mean of G's weights (Yazıcı et al. 2019, arXiv:1806.04498), which `GAN.averaged` holds; 0
    turns each of these off.
    """

    loss: str = "non-saturating"
    batch_size: int = 64
    d_steps: int = 1
    lr: float = 1e-3
    lr_ratio: float = 1.0
    beta1: float = 0.5
    instance_noise: float = 0.0
    r1: float = 0.0
    gradient_penalty: float = 0.0
    average: float = 0.0

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise ValueError(f"unknown loss {self.loss!r}: choose one of {', '.join(map(repr, LOSSES))}.")


class GAN:
    """A generator and a discriminator, their optimizers, and where the noise comes from.

    Args: `draw(n, rng)` gives a tuple: n real points, and for a conditional GAN their classes. What the
    last steps saw is kept for drawing: `x`, `x_fake`, and `gradient`, that of G's loss at each generated point, which G
    is asked to move the other way.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        draw: Draw,
        config: GANConfig | None = None,
        *,
        seed: int = 0,
    ) -> None:
        self.G, self.D, self.draw, self.config = generator, discriminator, draw, config or GANConfig()
        self.averaged = copy.deepcopy(generator)
        self.rng = torch.Generator().manual_seed(seed)
        self.lead = generator.lead
        self.d_loss, self.g_loss = LOSSES[self.config.loss]
        self.opt_g = self._adam(generator, self.config.lr)
        self.opt_d = self._adam(discriminator, self.config.lr * self.config.lr_ratio)
        self.x = self.x_fake = self.gradient = None

    def _adam(self, network: nn.Module, lr: float) -> torch.optim.Optimizer:
        return torch.optim.Adam(network.parameters(), lr=lr, betas=(self.config.beta1, 0.99), fused=True)

    def real(self) -> list[Tensor]:
        """A batch of real points `(B, *event)`, and classes if there are, `(S, B, …)` for stacked networks."""
        shape = (*self.lead, self.config.batch_size)
        tensors = self.draw(shape[0] * shape[-1] if self.lead else shape[0], self.rng)
        return [values.unflatten(0, shape) if self.lead else values for values in tensors]

    def draw_z(self) -> Tensor:
        """z ~ N(0, I), `(B, Z)`."""
        return torch.randn(*self.lead, self.config.batch_size, self.G.latent, generator=self.rng)

    def _with_noise(self, x: Tensor) -> Tensor:
        std = self.config.instance_noise
        return x + std * torch.randn(x.shape, generator=self.rng) if std else x

    def d_step(self) -> dict[str, Tensor]:
        """One update of D; G does not change. Returns the terms to record."""
        x, *y = self.real()
        with torch.no_grad():
            x_fake = self.G(self.draw_z(), *y)
        seen, seen_fake = self._with_noise(x), self._with_noise(x_fake)
        real_logits, fake_logits = self.D(seen, *y), self.D(seen_fake, *y)
        loss = self.d_loss(real_logits, fake_logits)
        if self.config.r1:
            loss = loss + self.config.r1 * losses.r1_penalty(lambda v: self.D(v, *y), seen)
        if self.config.gradient_penalty:
            dims = len(self.lead) + 1
            penalty = losses.gradient_penalty(lambda v: self.D(v, *y), seen, seen_fake, self.rng, batch_dims=dims)
            loss = loss + self.config.gradient_penalty * penalty
        self._update(self.opt_d, loss)
        self.x, self.x_fake = x, x_fake
        return {"d_loss": loss.mean(), "real_logit": real_logits.mean(), "fake_logit": fake_logits.mean()}

    def g_step(self) -> dict[str, Tensor]:
        """One update of G; D does not change. Returns the terms to record."""
        _, *y = self.real() if self.G.classes else (None,)
        x_fake = self.G(self.draw_z(), *y)
        x_fake.retain_grad()
        self.D.requires_grad_(False)
        loss = self.g_loss(self.D(self._with_noise(x_fake), *y))
        self._update(self.opt_g, loss)
        self.D.requires_grad_(True)
        self.x_fake, self.gradient = x_fake.detach(), loss.shape[-1] * x_fake.grad
        if self.config.average:
            self._average()
        return {"g_loss": loss.mean(), "g_gradient": self.gradient.flatten(len(self.lead) + 1).norm(dim=-1).mean()}

    def _update(self, optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
        """The mean over the batch is minimized; the sum over stacked networks leaves each its own gradient."""
        optimizer.zero_grad()
        loss.mean(-1).sum().backward()
        optimizer.step()

    def _average(self) -> None:
        pairs = [list(network.parameters()) for network in (self.averaged, self.G)]
        with torch.no_grad():
            torch._foreach_lerp_(*pairs, 1 - self.config.average)

    def step(self, _: int = 0) -> dict[str, Tensor]:
        """`d_steps` updates of D, then one of G."""
        for _ in range(self.config.d_steps):
            terms = self.d_step()
        return terms | self.g_step()

    def train(self, steps: int, *, decay: bool = False, on_step: OnStep | None = None, **options: object) -> History:
        """`steps` steps in `training.loop`; with `decay`, learning rates fall linearly to 0 over the second half."""
        rates = [(group, group["lr"]) for opt in (self.opt_d, self.opt_g) for group in opt.param_groups]

        def step_fn(step: int) -> dict[str, Tensor]:
            for group, lr in rates:
                group["lr"] = lr * linear_decay(step / steps) if decay else lr
            return self.step()

        return loop(step_fn, steps, on_step=on_step, **options)
