"""Variational autoencoders: `forward` and `sample` only. Losses are in `losses`, the loop in `training`.

They emit logits and log-variances. Probabilities appear only when something is shown or sampled.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.models.layers import mlp


def reparameterize(mu: Tensor, logvar: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """A draw z = mu + σ ε with ε ~ N(0, I), through which gradients reach mu and logvar.

    Args: mu and logvar, `(B, Z)`. Returns `(B, Z)`. Source: Kingma & Welling 2014, section 2.4.
    """
    epsilon = torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)
    return mu + (0.5 * logvar).exp() * epsilon


class VAE(nn.Module):
    """A variational autoencoder, Bernoulli pixels: q(z|x) = N(mu, exp(logvar)), p(z) = N(0, I), p(x|z) from x_logits.

    Source: Kingma & Welling 2014, appendix C. Departure: ReLU in place of tanh, two hidden layers each way.
    """

    def __init__(self, event: tuple[int, ...] = (1, 8, 8), latent: int = 8, hidden: int = 128) -> None:
        super().__init__()
        self.event, self.latent = tuple(event), latent
        pixels = math.prod(event)
        self.encoder = mlp(pixels, hidden, hidden, 2 * latent)
        self.decoder = mlp(latent, hidden, hidden, pixels)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x `(B, *event)` to (mu, logvar), each `(B, Z)`."""
        mu, logvar = self.encoder(x.flatten(1)).chunk(2, dim=1)
        return mu, logvar

    def decode(self, z: Tensor) -> Tensor:
        """z `(B, Z)` to x_logits `(B, *event)`."""
        return self.decoder(z).unflatten(1, self.event)

    def forward(self, x: Tensor, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """x `(B, *event)` to (x_logits, mu, logvar), through one draw of z for each x."""
        mu, logvar = self.encode(x)
        return self.decode(reparameterize(mu, logvar, generator)), mu, logvar

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Pixel probabilities `(n, *event)` for n draws of z from the prior."""
        return self.decode(torch.randn(n, self.latent, generator=generator)).sigmoid()


class ConditionalVAE(nn.Module):
    """A VAE of p(x | y): encoder and decoder both see the class y, `(B,)` int64, as a one-hot vector.

    Source: Sohn, Lee & Yan 2015. Departure: the prior is N(0, I) for every class.
    """

    def __init__(
        self, classes: int = 10, event: tuple[int, ...] = (1, 8, 8), latent: int = 8, hidden: int = 128
    ) -> None:
        super().__init__()
        self.classes, self.event, self.latent = classes, tuple(event), latent
        pixels = math.prod(event)
        self.encoder = mlp(pixels + classes, hidden, hidden, 2 * latent)
        self.decoder = mlp(latent + classes, hidden, hidden, pixels)

    def _with_class(self, values: Tensor, y: Tensor) -> Tensor:
        return torch.cat([values, F.one_hot(y, self.classes).to(values.dtype)], dim=1)

    def encode(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """x `(B, *event)` and y `(B,)` to (mu, logvar), each `(B, Z)`."""
        mu, logvar = self.encoder(self._with_class(x.flatten(1), y)).chunk(2, dim=1)
        return mu, logvar

    def decode(self, z: Tensor, y: Tensor) -> Tensor:
        """z `(B, Z)` and y `(B,)` to x_logits `(B, *event)`."""
        return self.decoder(self._with_class(z, y)).unflatten(1, self.event)

    def forward(self, x: Tensor, y: Tensor, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """x `(B, *event)` and y `(B,)` to (x_logits, mu, logvar), through one draw of z for each x."""
        mu, logvar = self.encode(x, y)
        return self.decode(reparameterize(mu, logvar, generator), y), mu, logvar

    @torch.no_grad()
    def sample(self, y: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Pixel probabilities `(B, *event)`, one draw for each class in y `(B,)`."""
        return self.decode(torch.randn(len(y), self.latent, generator=generator), y).sigmoid()
