"""Variational autoencoders: `forward` and `sample` only. Losses are in `losses`, the loop in `training`.

They emit logits and log-variances. Probabilities appear only when something is shown or sampled.
"""

import math

import torch
from torch import Tensor, nn

from course_utils.models.layers import append_class, check_labels, mlp


def reparameterize(mu: Tensor, logvar: Tensor, rng: torch.Generator | None = None) -> Tensor:
    """A draw z = mu + σ ε with ε ~ N(0, I), through which gradients reach mu and logvar.

    Args: mu and logvar, `(B, Z)`. Returns `(B, Z)`. Source: Kingma & Welling 2014, section 2.4.
    """
    epsilon = torch.randn(mu.shape, generator=rng, dtype=mu.dtype, device=mu.device)
    return mu + (0.5 * logvar).exp() * epsilon


class VAE(nn.Module):
    """A variational autoencoder, Bernoulli pixels: q(z|x) = N(mu, exp(logvar)), p(z) = N(0, I), p(x|z) from x_logits.

    Stacked by `ensemble.stack`, all shapes have the number of networks in front, `(S, B, …)`.
    Source: Kingma & Welling 2014, appendix C. Departure: ReLU in place of tanh, two hidden layers each way.
    """

    lead: tuple[int, ...] = ()  # (S,) where S networks are stacked

    def __init__(self, event: tuple[int, ...] = (1, 8, 8), latent: int = 8, hidden: int = 128) -> None:
        super().__init__()
        self.event, self.latent = tuple(event), latent
        pixels = math.prod(event)
        self.encoder = mlp(pixels, hidden, hidden, 2 * latent)
        self.decoder = mlp(latent, hidden, hidden, pixels)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x `(B, *event)` to (mu, logvar), each `(B, Z)`."""
        mu, logvar = self.encoder(x.flatten(-len(self.event))).chunk(2, dim=-1)
        return mu, logvar

    def decode(self, z: Tensor) -> Tensor:
        """z `(B, Z)` to x_logits `(B, *event)`."""
        return self.decoder(z).unflatten(-1, self.event)

    def forward(self, x: Tensor, rng: torch.Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """x `(B, *event)` to (x_logits, mu, logvar), through one draw of z for each x."""
        mu, logvar = self.encode(x)
        return self.decode(reparameterize(mu, logvar, rng)), mu, logvar

    @torch.no_grad()
    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """Pixel probabilities `(n, *event)` for n draws of z from the prior. There are no classes y to ask for."""
        check_labels(n, y, 0)
        return self.decode(torch.randn(*self.lead, n, self.latent, generator=rng)).sigmoid()


class ConditionalVAE(nn.Module):
    """A VAE of p(x | y): encoder and decoder both see the class y, `(B,)` int64, as a one-hot vector.

    Stacked by `ensemble.stack`, all shapes have the number of networks in front, `(S, B, …)`.
    Source: Sohn, Lee & Yan 2015. Departure: the prior is N(0, I) for every class.
    """

    lead: tuple[int, ...] = ()  # (S,) where S networks are stacked

    def __init__(
        self, classes: int = 10, event: tuple[int, ...] = (1, 8, 8), latent: int = 8, hidden: int = 128
    ) -> None:
        super().__init__()
        self.classes, self.event, self.latent = classes, tuple(event), latent
        pixels = math.prod(event)
        self.encoder = mlp(pixels + classes, hidden, hidden, 2 * latent)
        self.decoder = mlp(latent + classes, hidden, hidden, pixels)

    def encode(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """x `(B, *event)` and y `(B,)` to (mu, logvar), each `(B, Z)`."""
        mu, logvar = self.encoder(append_class(x.flatten(-len(self.event)), self.classes, (y,))).chunk(2, dim=-1)
        return mu, logvar

    def decode(self, z: Tensor, y: Tensor) -> Tensor:
        """z `(B, Z)` and y `(B,)` to x_logits `(B, *event)`."""
        return self.decoder(append_class(z, self.classes, (y,))).unflatten(-1, self.event)

    def forward(self, x: Tensor, y: Tensor, rng: torch.Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """x `(B, *event)` and y `(B,)` to (x_logits, mu, logvar), through one draw of z for each x."""
        mu, logvar = self.encode(x, y)
        return self.decode(reparameterize(mu, logvar, rng), y), mu, logvar

    @torch.no_grad()
    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """Pixel probabilities `(n, *event)`, one draw for each class in y `(n,)`, which it cannot do without."""
        check_labels(n, y, self.classes)
        return self.decode(torch.randn(*self.lead, n, self.latent, generator=rng), y.expand(*self.lead, n)).sigmoid()


class GaussianVAE(nn.Module):
    """A VAE of rows of a table: p(x | z) = N(mean, exp(logvar)), both by the decoder, and an input c beside x.

    c `(B, side)` goes to the encoder, and with `conditional` to the decoder too: a class as one-hot vector there, or a
    mask of what is seen for the encoder alone. Log-variances stay above `floor`, or one row alone could have infinite
    likelihood. Stacked by `ensemble.stack`, all shapes have the number of networks in front.
    Source: Kingma & Welling 2014, appendix C.2; Mattei & Frellsen 2018 (arXiv:1802.04826) on the floor.
    """

    lead: tuple[int, ...] = ()

    def __init__(
        self,
        features: int,
        side: int = 0,
        conditional: bool = True,
        latent: int = 4,
        hidden: int = 32,
        floor: float = -5.0,
    ) -> None:
        super().__init__()
        self.features, self.latent, self.conditional, self.floor = features, latent, conditional, floor
        self.encoder = mlp(features + side, hidden, 2 * latent)
        self.decoder = mlp(latent + side * conditional, hidden, 2 * features)

    def encode(self, x: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """x `(B, features)` and c `(B, side)` to (mu, logvar) of z, each `(B, Z)`."""
        mu, logvar = self.encoder(torch.cat([x, c], dim=-1)).chunk(2, dim=-1)
        return mu, logvar

    def decode(self, z: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """z `(B, Z)` and c `(B, side)` to (mean, logvar) of x, each `(B, features)`."""
        given = torch.cat([z, c], dim=-1) if self.conditional else z
        mean, logvar = self.decoder(given).chunk(2, dim=-1)
        return mean, self.floor + nn.functional.softplus(logvar - self.floor)

    @torch.no_grad()
    def sample(self, n: int, c: Tensor, *, rng: torch.Generator | None = None) -> Tensor:
        """n rows `(n, features)`, one for each c `(n, side)`: a draw of z, then a draw of x, its noise included."""
        z = torch.randn(*self.lead, n, self.latent, generator=rng)
        return reparameterize(*self.decode(z, c.expand(*self.lead, *c.shape[-2:])), rng)
