"""The contenders that lecture 08b adds to the bench, a normalizing flow and a diffusion model, under the same rules.

Both draw 17 gray levels and give the probability of exactly these draws. Settings were chosen as `tuning` says.
"""

import math
from functools import cache, partial
from itertools import pairwise

import torch
from torch import Tensor
from torch.distributions import Normal

from course_utils.labs.comparison.contenders import BATCH, BUDGET, PIXELS, cell, count
from course_utils.labs.comparison.protocol import LEVELS, Contender, Model, Splits, to_levels, width_for
from course_utils.models import first_weights
from course_utils.models.diffusion import LAST, Denoiser, alpha_bar, ddpm_step, denoising_loss, q_sample
from course_utils.models.flows import Flow, alternating
from course_utils.models.layers import check_labels
from course_utils.training.schedules import one_cycle, set_rate

FEW, MANY = 5, 20  # steps in which the diffusion model draws
UNIT, ZERO, ONE = Normal(0.0, 1.0), torch.zeros(()), torch.ones(())


def spread_over_cell(x: Tensor, rng: torch.Generator, tail: float) -> tuple[Tensor, Tensor]:
    """A draw v of a q(v | x) over what rounds to x, `(B, D)`, and log q(v | x), `(B,)`, from images x of 17 levels.

    Uniform over a level's width. Black and white have all that lies beyond as well: there a normal with the standard
    deviation `tail`, its mean two of these beyond the edge, cut off at the edge. So P(16 x) = E_q[p(v) / q(v | x)].
    """
    lower, upper = cell(x)
    u = torch.rand(lower.shape, generator=rng, dtype=lower.dtype).clamp_min(1e-12)
    share = UNIT.cdf(torch.tensor(2.0, dtype=lower.dtype))
    z = UNIT.icdf(u * share)  # at most 2, where the edge is
    v = torch.where(lower.isinf(), upper + tail * (z - 2), lower + u / LEVELS)
    v = torch.where(upper.isinf(), lower - tail * (z - 2), v)
    log_tail = UNIT.log_prob(z) - math.log(tail) - share.log()
    log_q = torch.where(lower.isinf() | upper.isinf(), log_tail, math.log(LEVELS))
    return v.float(), log_q.sum(1).float()


@cache
def flow_width(layers: int, budget: int = BUDGET) -> int:
    """The hidden width at which a flow has the budget."""
    masks = alternating(PIXELS, layers)

    def parameters(h: int) -> int:
        with torch.device("meta"):  # shapes without memory
            return count(Flow(masks, hidden=h))

    return width_for(parameters, budget)


class TrainedFlow(Model):
    """Affine coupling layers, trained by exact likelihood on `spread_over_cell`, with a one-cycle learning rate.

    A draw is rounded to the nearest level, as the mixture's. There are as many codes as pixels: so no `latent`.
    """

    def __init__(self, splits: Splits, seed: int, *, lr: float, layers: int = 4, tail: float = 1 / 8) -> None:
        with first_weights(seed):
            self.flow = Flow(alternating(PIXELS, layers), hidden=flow_width(layers))
        self.x, self.lr, self.tail, self.rng = splits.fit, lr, tail, torch.Generator().manual_seed(seed)
        self.mean, self.sd = self.x.mean(), self.x.std()
        self.optimizer = torch.optim.Adam(self.flow.parameters(), lr, fused=True)
        self.parameters = self.drawing = count(self.flow)

    def step(self, progress: float) -> None:
        x = self.x[torch.randint(len(self.x), (BATCH,), generator=self.rng)]
        v, _ = spread_over_cell(x, self.rng, self.tail)
        set_rate(self.optimizer, self.lr * one_cycle(progress))
        self.optimizer.zero_grad()
        (-self.log_density(v).mean()).backward()
        self.optimizer.step()

    def log_density(self, v: Tensor) -> Tensor:
        """log p(v) in nats, `(B,)`, of images `(B, 64)` before they are rounded."""
        return self.flow.log_prob((v - self.mean) / self.sd) - PIXELS * self.sd.log()

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        return to_levels(self.mean + self.sd * self.flow.sample(n, y=y, rng=rng)).view(-1, 1, 8, 8)

    @torch.no_grad()
    def log_weights(self, x: Tensor, draws: int, rng: torch.Generator) -> Tensor:
        """p(v) / q(v | x), whose mean is P(16 x)."""
        spread = (spread_over_cell(x, rng, self.tail) for _ in range(draws))
        return torch.stack([self.log_density(v) - log_q for v, log_q in spread])


@cache
def denoiser_width(budget: int = BUDGET) -> int:
    """The hidden width at which a denoiser, with a standard deviation for each pixel, has the budget."""

    def parameters(h: int) -> int:
        with torch.device("meta"):
            return count(Denoiser(hidden=h)) + PIXELS

    return width_for(parameters, budget)


class TrainedDiffusion(Model):
    """A denoiser that predicts x_0, with a one-cycle learning rate; ancestral sampling in `steps` steps.

    The last step goes from the time `least` to 0, with noise of a standard deviation for each pixel, and rounds to
    levels (Ho et al. 2020, section 3.3). So a draw has a probability, and its bound is that of exactly this sampler.
    """

    def __init__(self, splits: Splits, seed: int, *, lr: float, steps: int = MANY, least: float = 0.15) -> None:
        with first_weights(seed):
            self.net = Denoiser(hidden=denoiser_width())
        self.x, self.lr, self.rng, self.sd = splits.fit, lr, torch.Generator().manual_seed(seed), None
        self.times = torch.linspace(LAST, least, steps)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr, fused=True)
        self.parameters = self.drawing = count(self.net) + PIXELS

    def step(self, progress: float) -> None:
        x = self.x[torch.randint(len(self.x), (BATCH,), generator=self.rng)]
        set_rate(self.optimizer, self.lr * one_cycle(progress))
        self.optimizer.zero_grad()
        denoising_loss(self.net, x, rng=self.rng).mean().backward()
        self.optimizer.step()
        self.sd = None  # that of another network

    @torch.no_grad()
    def last_sd(self) -> Tensor:
        """The root mean square of what the last guess misses of the images to learn from, `(1, 8, 8)`."""
        if self.sd is None:
            rng, x_0 = torch.Generator().manual_seed(0), 2 * self.x - 1
            noisy = q_sample(x_0, self.times[-1], torch.randn(x_0.shape, generator=rng))
            self.sd = (x_0 - self.net.denoise(noisy, self.times[-1])).square().mean(0).sqrt().clamp_min(1e-3)
        return self.sd

    @torch.no_grad()
    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        check_labels(n, y, 0)
        x = torch.randn(n, 1, 8, 8, generator=rng)
        for t, s in pairwise(self.times.unbind()):
            x = ddpm_step(x, self.net.denoise(x, t), t, s, torch.randn(x.shape, generator=rng))
        x = self.net.denoise(x, self.times[-1]) + self.last_sd() * torch.randn(x.shape, generator=rng)
        return to_levels(0.5 * x + 0.5)

    @torch.no_grad()
    def log_weights(self, x: Tensor, draws: int, rng: torch.Generator) -> Tensor:
        """p(path) P(16 x | path) / q(path | x) for paths of the forward process, whose mean is P(16 x)."""
        return torch.stack([self._log_weight(x, rng) for _ in range(draws)])

    def _log_weight(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """One path, from the most noise to the least: each step's two Gaussians share their standard deviation."""
        x_0 = 2 * x - 1
        noised = Normal(q_sample(x_0, self.times[0], ZERO), (1 - alpha_bar(self.times[0])).sqrt())
        now, log_w = _drawn(noised, UNIT, rng)
        for t, s in pairwise(self.times.unbind()):
            sd = ddpm_step(ZERO, ZERO, t, s, ONE)
            knows, guesses = (Normal(ddpm_step(now, g, t, s, ZERO), sd) for g in (x_0, self.net.denoise(now, t)))
            now, gained = _drawn(knows, guesses, rng)
            log_w = log_w + gained
        lower, upper = cell(x)
        guess, sd = 0.5 * self.net.denoise(now, self.times[-1]) + 0.5, 0.5 * self.last_sd()
        ends = Normal(guess.flatten(1).double(), sd.flatten().double())
        return log_w + (ends.cdf(upper) - ends.cdf(lower)).clamp_min(1e-300).log().sum(1).float()


def _drawn(q: Normal, p: Normal, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """A draw x of q, `(B, *event)`, and log p(x) − log q(x), `(B,)`."""
    x = q.mean + q.stddev * torch.randn(q.mean.shape, generator=rng)
    return x, (p.log_prob(x) - q.log_prob(x)).flatten(1).sum(1)


RATES_CHOSEN = {"flow": 0.016, "diffusion": 0.008}
NEWCOMERS = (
    Contender("flow", partial(TrainedFlow, lr=RATES_CHOSEN["flow"])),
    Contender("diffusion", partial(TrainedDiffusion, lr=RATES_CHOSEN["diffusion"])),
)
IN_FEW_STEPS = Contender(  # the same networks, which draw in fewer steps
    f"diffusion, {FEW} steps", partial(TrainedDiffusion, lr=RATES_CHOSEN["diffusion"], steps=FEW)
)
