"""VAEs trained side by side, each on its own images: a stacked `models.VAE`, its losses and `fit` in one place."""

from collections.abc import Mapping

import torch
from torch import Tensor

from course_utils import losses, models
from course_utils.models.ensemble import stack
from course_utils.training.loop import History, fit, seeded


class VAEs:
    """S VAEs of one shape, Bernoulli pixels; their first weights come from the seeds seed, seed + 1, …

    Images are flat, `(S, N, D)` in [0, 1]. The likelihood counts `weight` = 1 / β times, as in lecture 07, since gray
    levels are not coin flips; so `objective` is no bound on a log-likelihood, but what is maximized.
    """

    def __init__(
        self, runs: int, pixels: int = 64, *, latent: int = 8, hidden: int = 128, weight: float = 4.0, seed: int = 0
    ) -> None:
        self.runs, self.latent, self.weight = runs, latent, weight
        plain = []
        for k in range(runs):
            with models.first_weights(seed + k):
                plain.append(models.VAE((pixels,), latent, hidden))
        self.model = stack(plain)
        self.encoder, self.decoder, self.encode = self.model.encoder, self.model.decoder, self.model.encode

    def objective(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """(log p(x|z) − β KL) / β in nats, `(S, B)`, one draw of z for each x `(S, B, D)`."""
        x_logits, mu, logvar = self.model(x, rng)
        log_px_z = losses.log_bernoulli(x, x_logits, batch_dims=2)
        return self.weight * losses.elbo(log_px_z, losses.kl_standard_normal(mu, logvar, batch_dims=2), 1 / self.weight)

    def fit(self, x: Tensor, steps: int, **options: object) -> History:
        """`steps` steps on x `(S, N, D)`, each VAE's own images; options, such as `weights` `(S, N)`, go to `fit`."""

        def loss(_: object, x: Tensor, rng: torch.Generator) -> Mapping[str, Tensor]:
            return {"loss": -self.objective(x, rng).mean(-1)}

        return fit(self.model, loss, x, steps=steps, **options)

    @torch.no_grad()
    def score(self, x: Tensor, draws: int = 10, seed: int = 0) -> Tensor:
        """The objective of x `(S, B, D)`, averaged over draws of z: `(S, B)`, high where the model knows x well."""
        rng = seeded(seed)
        return torch.stack([self.objective(x, rng) for _ in range(draws)]).mean(0)

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> Tensor:
        """Pixel probabilities `(S, n, D)` for n draws of z from the prior, the same z for each VAE."""
        z = torch.randn(n, self.latent, generator=seeded(seed))
        return self.model.decode(z.expand(self.runs, n, self.latent)).sigmoid()

    @torch.no_grad()
    def reconstruct(self, x: Tensor) -> Tensor:
        """x `(S, B, D)` through the code's mean and back: pixel probabilities `(S, B, D)`."""
        return self.model.decode(self.encode(x)[0]).sigmoid()
