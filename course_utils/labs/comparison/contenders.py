"""The contenders, all with one parameter budget: a Gaussian mixture, a VAE, and a GAN without and with the R1 penalty.

Settings were chosen by the validation digits and seeds that the table does not use. The mixture's, by likelihood, from
three types of covariance, as many components as the budget allows, and four values of reg_covar. The networks', by
Fréchet distance: β and the penalty's weight from 1, 1/4, 1/16 and 1, 3, 10; then the rate of each from `RATES`.
"""

import math
from functools import cache, partial

import torch
from sklearn.mixture import GaussianMixture
from torch import Tensor, nn

from course_utils import losses
from course_utils.labs.comparison.protocol import Contender, Model, Splits, width_for
from course_utils.models import VAE, Discriminator, Generator, first_weights, mixtures, reparameterize
from course_utils.training.gan import GAN, GANConfig
from course_utils.training.schedules import linear_decay, one_cycle, set_rate

PIXELS, LEVELS, LATENT, COMPONENTS, BATCH = 64, 16, 8, 10, 64
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
    """Ten Gaussians with full covariances. A step is one start of EM; the best by validation likelihood is kept."""

    def __init__(self, splits: Splits, seed: int) -> None:
        self.x, self.seed, self.starts, self.best, self.theta = splits.fit.flatten(1).double(), seed, 0, -math.inf, None
        self.validation = dequantized(splits.validation, torch.Generator().manual_seed(0))
        self.parameters = self.drawing = mixtures.free_parameters(COMPONENTS, PIXELS)

    def step(self, progress: float) -> None:
        number = 1000 * self.seed + self.starts
        fitted = GaussianMixture(COMPONENTS, reg_covar=1e-3, random_state=number).fit(self.x.numpy())
        score, self.starts = fitted.score(self.validation.numpy()), self.starts + 1
        if score > self.best:
            self.best, self.theta = score, mixtures.from_sklearn(fitted)

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        x = self.theta.sample(n, y=y, rng=rng)
        return x.float().clamp(0, 1).view(-1, 1, 8, 8)

    def log_weights(self, x: Tensor, draws: int, rng: torch.Generator) -> Tensor:
        """P(16 x) is the mean density over one gray level's cube, times its volume."""
        log_px = [self.theta.log_prob(dequantized(x, rng)) for _ in range(draws)]
        return torch.stack(log_px) - PIXELS * math.log(LEVELS)


class TrainedVAE(Model):
    """A β-VAE, Bernoulli pixels, with a one-cycle learning rate. Gray levels are no coin flips: so β is below 1.

    The loss is divided by β: then the likelihood keeps its weight 1 / β against Adam's ε, and numbers are the table's.
    """

    latent = LATENT

    def __init__(self, splits: Splits, seed: int, *, beta: float = 0.25, lr: float) -> None:
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

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        return self.vae.sample(n, y=y, rng=rng)

    @torch.no_grad()
    def decode(self, z: Tensor) -> Tensor:
        return self.vae.decode(z).sigmoid()

    @torch.no_grad()
    def log_weights(self, x: Tensor, draws: int, rng: torch.Generator) -> Tensor:
        """p(z) P(16 x | z) / q(z | x), each pixel's level binomial: 16 coin flips with the decoder's probability."""
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

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        return self.gan.averaged.sample(n, y=y, rng=rng)

    @torch.no_grad()
    def decode(self, z: Tensor) -> Tensor:
        return self.gan.averaged(z)


NETWORKS = {"VAE": TrainedVAE, "GAN": TrainedGAN, "GAN + R1": partial(TrainedGAN, r1=3.0)}
RATES = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064)
BEST_RATES = {"VAE": 0.032, "GAN": 0.008, "GAN + R1": 0.008}


def at_rate(name: str, lr: float) -> Contender:
    """A network with another learning rate."""
    return Contender(f"{name}, rate {lr:g}", partial(NETWORKS[name], lr=lr))


CONTENDERS = (
    Contender("mixture", Mixture),
    *(Contender(name, partial(build, lr=BEST_RATES[name])) for name, build in NETWORKS.items()),
)
VARIANTS = tuple(  # the same VAE with another β
    Contender(f"VAE β={name}", partial(TrainedVAE, lr=BEST_RATES["VAE"], beta=beta))
    for name, beta in {"1": 1.0, "1/16": 1 / 16}.items()
)
