"""Kingma's M2: a conditional VAE whose class is a second code, known for some images and guessed for the rest."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils import losses
from course_utils.models.layers import mlp
from course_utils.models.vae import ConditionalVAE, reparameterize


class M2(nn.Module):
    """p(y) p(z) p(x | y, z) with q(y | x) and q(z | x, y); classes are equally likely beforehand.

    An image x holds gray levels in [0, 1], counted as `levels` coin flips a pixel up to a constant, as Binomial.
    Stacked by `ensemble.stack`, all shapes have the number of networks in front.
    Source: Kingma, Rezende, Mohamed & Welling 2014 (arXiv:1406.5298), section 2.1, M2.
    """

    lead: tuple[int, ...] = ()

    def __init__(
        self,
        classes: int = 10,
        event: tuple[int, ...] = (1, 8, 8),
        latent: int = 8,
        hidden: int = 64,
        levels: float = 1.0,
    ) -> None:
        super().__init__()
        self.classes, self.levels = classes, levels
        self.vae = ConditionalVAE(classes, event, latent, hidden)
        self.classifier = mlp(math.prod(event), hidden, classes)

    def y_logits(self, x: Tensor) -> Tensor:
        """q(y | x) of x `(…, B, *event)` as logits `(…, B, classes)`."""
        return self.classifier(x.flatten(-len(self.vae.event)))

    def elbo(self, x: Tensor, y: Tensor, rng: torch.Generator | None = None) -> Tensor:
        """A bound on log p(x, y) in nats, `(…, B)`, by one draw of z for each x `(…, B, *event)` with y `(…, B)`."""
        mu, logvar = self.vae.encode(x, y)
        x_logits = self.vae.decode(reparameterize(mu, logvar, rng), y)
        log_px = self.levels * losses.log_bernoulli(x, x_logits, batch_dims=y.dim())
        return log_px - math.log(self.classes) - losses.kl_standard_normal(mu, logvar, batch_dims=y.dim())

    def elbo_of_each_class(self, x: Tensor, rng: torch.Generator | None = None) -> Tensor:
        """`elbo` with every class in turn, `(…, B, classes)`."""
        n, axis = x.shape[-1 - len(self.vae.event)], -1 - len(self.vae.event)
        y = torch.arange(self.classes).repeat_interleave(n).expand(*x.shape[:axis], -1)
        both = self.elbo(torch.cat([x] * self.classes, dim=axis), y, rng)
        return both.unflatten(-1, (self.classes, n)).mT

    def loss(
        self, x: Tensor, y: Tensor, x_free: Tensor, rng: torch.Generator | None = None, alpha: float = 1.0
    ) -> Tensor:
        """Minus both bounds, each a mean over its batch, and alpha times the classifier's cross-entropy: `(…)`.

        Args: labeled x with y, and x_free without labels. Source: eq. 6 to 9. Departure: both kinds of batch count
        alike, however many labels there are.
        """
        free = losses.marginal_elbo(self.elbo_of_each_class(x_free, rng), self.y_logits(x_free))
        wrong = F.cross_entropy(self.y_logits(x).movedim(-1, 1), y, reduction="none")
        return -self.elbo(x, y, rng).mean(-1) - free.mean(-1) + alpha * wrong.mean(-1)
