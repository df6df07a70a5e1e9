"""The contenders, all with one parameter budget: a Gaussian mixture, a VAE, and a GAN without and with the R1 penalty.

Settings were chosen by the validation images and seeds that the table does not use: see `tuning`. Where rates beside
each other are equally good, the one was taken whose neighbors on both sides are good as well.
"""

import math
from functools import cache, partial

import numpy as np
import torch
from sklearn.mixture import GaussianMixture
from torch import Tensor, nn

from course_utils import losses
from course_utils.labs.comparison.boxes import log_box
from course_utils.labs.comparison.protocol import LEVELS, Contender, Model, Splits, to_levels, width_for
from course_utils.models import VAE, Discriminator, Generator, first_weights, mixtures, reparameterize
from course_utils.training.gan import GAN, GANConfig
from course_utils.training.schedules import linear_decay, one_cycle, set_rate

PIXELS, LATENT, COMPONENTS, BATCH = 64, 8, 10, 64
BUDGET = mixtures.free_parameters(COMPONENTS, PIXELS)  # 21,449: what ten full covariances have


def count(*networks: nn.Module) -> int:
    """How many numbers training chooses in these networks."""
    return sum(p.numel() for network in networks for p in network.parameters())


@cache
def vae_width(budget: int = BUDGET) -> int:
    """The hidden width at which a VAE, encoder and decoder, has the budget."""
    return width_for(lambda h: _count_unbuilt(partial(VAE, latent=LATENT, hidden=h)), budget)


@cache
def gan_width(budget: int = BUDGET) -> int:
    """The hidden width at which a GAN, generator and discriminator, has the budget."""
    players = (partial(Generator, latent=LATENT), Discriminator)
    return width_for(lambda h: sum(_count_unbuilt(partial(player, hidden=h)) for player in players), budget)


def _count_unbuilt(build: partial) -> int:
    with torch.device("meta"):  # shapes without memory
        return count(build())


def dequantized(x: Tensor, rng: torch.Generator) -> Tensor:
    """x plus uniform noise as wide as one gray level, flat and in float64: what a density can be asked about."""
    noise = torch.rand(x.shape, generator=rng, dtype=torch.float64) - 0.5
    return (x + noise / LEVELS).flatten(1)


class Mixture(Model):
    """Gaussians, by default ten with full covariances. A step is one start of EM; the one with the best validation
    density is kept."""

    def __init__(self, splits: Splits, seed: int, *, kind: str = "full", reg_covar: float = 1e-2) -> None:
        self.x, self.seed, self.starts, self.best, self.theta = splits.fit.flatten(1).double(), seed, 0, -math.inf, None
        self.validation = dequantized(splits.validation, torch.Generator().manual_seed(0))
        components = width_for(lambda k: mixtures.free_parameters(k, PIXELS, kind), BUDGET)
        self.parameters = self.drawing = mixtures.free_parameters(components, PIXELS, kind)
        self.settings = {"n_components": components, "covariance_type": kind, "reg_covar": reg_covar}

    def step(self, progress: float) -> None:
        number = 1000 * self.seed + self.starts
        fitted = GaussianMixture(**self.settings, random_state=number).fit(self.x.numpy())
        score, self.starts = fitted.score(self.validation.numpy()), self.starts + 1
        if score > self.best:
            self.best, self.theta = score, mixtures.from_sklearn(fitted)

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        return to_levels(self.theta.sample(n, y=y, rng=rng).float().view(-1, 1, 8, 8))

    def log_weights(self, x: Tensor, draws: int, rng: torch.Generator) -> Tensor:
        """P(16 x) is the probability of what rounds to x, a box for each component, whose estimates are averaged."""
        lower, upper = (side.numpy() for side in cell(x.repeat(draws, 1, 1, 1)))
        u = torch.rand(lower.shape, generator=rng, dtype=torch.float64).clamp_min(1e-12).numpy()
        components = zip(self.theta.means.numpy(), np.linalg.cholesky(self.theta.covariances.numpy()), strict=True)
        boxes = [log_box(lower, upper, mean, factor, u) for mean, factor in components]
        log_p = self.theta.weights.log()[:, None] + torch.from_numpy(np.stack(boxes))
        return log_p.logsumexp(0).view(draws, len(x))


def cell(x: Tensor) -> tuple[Tensor, Tensor]:
    """The limits, `(B, D)` in float64, of what `to_levels` takes to x: black and white have the tails as well."""
    x = x.flatten(1).double()
    lower, upper = x - 0.5 / LEVELS, x + 0.5 / LEVELS
    return lower.masked_fill(x == 0, -math.inf), upper.masked_fill(x == 1, math.inf)


class TrainedVAE(Model):
    """A β-VAE, Bernoulli pixels, with a one-cycle learning rate. Gray levels are no coin flips: so β is below 1.

    The loss is divided by β: then the likelihood keeps its weight 1 / β against Adam's ε, and numbers are the table's.
    """

    latent = LATENT

    def __init__(self, splits: Splits, seed: int, *, beta: float = 0.25, lr: float, means: bool = False) -> None:
        self.means = means  # show p(x | z) by its mean instead of a draw
        with first_weights(seed):
            self.vae = VAE(latent=LATENT, hidden=vae_width())
        self.x, self.beta, self.lr, self.rng = splits.fit, beta, lr, torch.Generator().manual_seed(seed)
        self.optimizer = torch.optim.Adam(self.vae.parameters(), lr, fused=True)
        self.parameters, self.drawing = count(self.vae), count(self.vae.decoder)

    def step(self, progress: float) -> None:
        x = self.x[torch.randint(len(self.x), (BATCH,), generator=self.rng)]
        x_logits, mu, logvar = self.vae(x, self.rng)
        kl = losses.kl_standard_normal(mu, logvar)
        loss = -losses.elbo(losses.log_bernoulli(x, x_logits), kl, self.beta).mean() / self.beta
        set_rate(self.optimizer, self.lr * one_cycle(progress))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    @torch.no_grad()
    def decode(self, z: Tensor) -> Tensor:
        return self.vae.decode(z).sigmoid()

    def draw(self, z: Tensor, rng: torch.Generator | None = None) -> Tensor:
        """Each level from its binomial, as in `log_weights`; or the mean, if the model was built to show that."""
        p = self.decode(z)
        return to_levels(p) if self.means else torch.binomial(torch.full_like(p, LEVELS), p, generator=rng) / LEVELS

    @torch.no_grad()
    def log_weights(self, x: Tensor, draws: int, rng: torch.Generator) -> Tensor | None:
        """p(z) P(16 x | z) / q(z | x), each pixel's level binomial: 16 coin flips with the decoder's probability.

        None if means are shown: these are not draws of that model.
        """
        if self.means:
            return None
        mu, logvar = self.vae.encode(x)
        zero = torch.zeros_like(mu)

        def log_weight() -> Tensor:
            z = reparameterize(mu, logvar, rng)
            log_pz, log_qz = losses.log_gaussian(z, zero, zero), losses.log_gaussian(z, mu, logvar)
            return log_binomial(x, self.vae.decode(z)) + log_pz - log_qz

        return torch.stack([log_weight() for _ in range(draws)])


def log_binomial(x: Tensor, x_logits: Tensor) -> Tensor:
    """log P(16 x | z) ≤ 0 in nats, each of the 17 levels 16 x binomial with 16 trials; summed over pixels: `(B,)`."""
    k = LEVELS * x.flatten(1)
    ways = math.lgamma(LEVELS + 1) - torch.lgamma(k + 1) - torch.lgamma(LEVELS - k + 1)
    return LEVELS * losses.log_bernoulli(x, x_logits) + ways.sum(1)


class TrainedGAN(Model):
    """A GAN, non-saturating; the running mean of the generator draws; linear decay over the second half."""

    latent = LATENT

    def __init__(self, splits: Splits, seed: int, *, r1: float = 0.0, lr: float) -> None:
        with first_weights(seed):
            networks = Generator(latent=LATENT, hidden=gan_width()), Discriminator(hidden=gan_width())
        x = splits.fit
        config = GANConfig(batch_size=BATCH, lr=lr, r1=r1, average=0.99)
        self.gan = GAN(*networks, lambda n, rng: (x[torch.randint(len(x), (n,), generator=rng)],), config, seed=seed)
        self.parameters, self.drawing, self.lr = count(*networks), count(networks[0]), lr

    def step(self, progress: float) -> None:
        for optimizer in (self.gan.opt_d, self.gan.opt_g):
            set_rate(optimizer, self.lr * linear_decay(progress))
        self.gan.step()

    @torch.no_grad()
    def decode(self, z: Tensor) -> Tensor:
        return self.gan.averaged(z)


NETWORKS = {"VAE": TrainedVAE, "GAN": TrainedGAN, "GAN + R1": partial(TrainedGAN, r1=1.0)}
RATES = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064)
BEST_RATES = {"VAE": 0.016, "GAN": 0.008, "GAN + R1": 0.008}


def at_rate(name: str, lr: float) -> Contender:
    """A network with another learning rate."""
    return Contender(f"{name}, rate {lr:g}", partial(NETWORKS[name], lr=lr))


CONTENDERS = (
    Contender("mixture", Mixture),
    *(Contender(name, partial(build, lr=BEST_RATES[name])) for name, build in NETWORKS.items()),
)
MEANS = Contender("VAE, means", partial(TrainedVAE, lr=BEST_RATES["VAE"], means=True))  # the same VAE, shown otherwise
VARIANTS = (  # the same networks with another β, another weight of the penalty
    *(
        Contender(f"VAE β={name}", partial(TrainedVAE, lr=BEST_RATES["VAE"], beta=beta))
        for name, beta in {"1": 1.0, "1/16": 1 / 16}.items()
    ),
    Contender("GAN + R1 × 3", partial(TrainedGAN, lr=BEST_RATES["GAN + R1"], r1=3.0)),
)
