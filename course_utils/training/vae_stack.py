"""Several VAEs trained side by side, each on its own images: for what must be seen over seeds and training sets."""

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils import models
from course_utils.models.ensemble import stack
from course_utils.training.loop import History, loop


class VAEs:
    """S VAEs of one shape, Bernoulli pixels; their first weights come from the seeds seed, seed + 1, …

    Images are flat, `(S, N, D)` in [0, 1]. The likelihood counts `weight` times, as in lecture 07, since gray levels
    are not coin flips; so `objective` is no bound on a log-likelihood, but what is maximized.
    """

    def __init__(
        self, runs: int, pixels: int = 64, *, latent: int = 8, hidden: int = 128, weight: float = 4.0, seed: int = 0
    ) -> None:
        self.runs, self.latent, self.weight = runs, latent, weight
        plain = []
        for k in range(runs):
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed + k)
                plain.append(models.VAE((pixels,), latent, hidden))
        self.encoder = stack([vae.encoder for vae in plain])
        self.decoder = stack([vae.decoder for vae in plain])

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x `(S, B, D)` to (mu, logvar), each `(S, B, Z)`."""
        mu, logvar = self.encoder(x).chunk(2, dim=-1)
        return mu, logvar

    def objective(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """weight · log p(x|z) − KL in nats, `(S, B)`, one draw of z for each x `(S, B, D)`."""
        mu, logvar = self.encode(x)
        x_logits = self.decoder(models.reparameterize(mu, logvar, rng))
        log_px_z = -F.binary_cross_entropy_with_logits(x_logits, x, reduction="none").sum(-1)
        kl = -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(-1)
        return self.weight * log_px_z - kl

    def fit(
        self, x: Tensor, steps: int, *, weights: Tensor | None = None, lr: float = 3e-3, seed: int = 0, **bar: object
    ) -> History:
        """`steps` steps of Adam, one-cycle, on batches of 64 drawn with replacement, by `weights` `(S, N)` if given.

        Args: x `(S, N, D)`, each VAE's own images; `bar` goes to `training.loop`: progress, description, on_step.
        """
        rng = torch.Generator().manual_seed(seed)
        parameters = [*self.encoder.parameters(), *self.decoder.parameters()]
        optimizer = torch.optim.Adam(parameters, lr=lr, fused=True)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps)
        weights = torch.ones(x.shape[:2]) if weights is None else weights
        run = torch.arange(self.runs)[:, None]

        def step_fn(step: int) -> dict[str, Tensor]:
            chosen = torch.multinomial(weights, 64, replacement=True, generator=rng)
            loss = -self.objective(x[run, chosen], rng).mean(-1)
            optimizer.zero_grad()
            loss.sum().backward()
            optimizer.step()
            scheduler.step()
            return {"loss": loss.mean()}

        return loop(step_fn, steps, **bar)

    @torch.no_grad()
    def score(self, x: Tensor, draws: int = 10, seed: int = 0) -> Tensor:
        """The objective of x `(S, B, D)`, averaged over draws of z: `(S, B)`, high where the model knows x well."""
        rng = torch.Generator().manual_seed(seed)
        return torch.stack([self.objective(x, rng) for _ in range(draws)]).mean(0)

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> Tensor:
        """Pixel probabilities `(S, n, D)` for n draws of z from the prior, the same z for each VAE."""
        z = torch.randn(n, self.latent, generator=torch.Generator().manual_seed(seed))
        return self.decoder(z.expand(self.runs, n, self.latent)).sigmoid()

    @torch.no_grad()
    def reconstruct(self, x: Tensor) -> Tensor:
        """x `(S, B, D)` through the code's mean and back: pixel probabilities `(S, B, D)`."""
        return self.decoder(self.encode(x)[0]).sigmoid()
