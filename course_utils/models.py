"""The networks of the course: `forward` and `sample` only. Losses are in `losses`, the loop in `training`.

Networks emit logits and log-variances. Probabilities appear only when something is shown or sampled.
"""

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def mlp(*sizes: int, activation: Callable[[], nn.Module] = nn.ReLU) -> nn.Sequential:
    """A multilayer perceptron with these widths: `(B, sizes[0])` to `(B, sizes[-1])`, no activation at the end."""
    if len(sizes) < 2:
        raise ValueError(f"mlp needs the widths of at least two layers, got {sizes}.")
    layers = []
    for width_in, width_out in pairwise(sizes[:-1]):
        layers += [nn.Linear(width_in, width_out), activation()]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


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


class Generator(nn.Module):
    """G: z ~ N(0, I) to a point x; nothing but what the discriminator's gradient says ever tells it about the data.

    Args: `output` is applied at the end: nn.Sigmoid for images in [0, 1], None for points anywhere. With `classes`, it
    is conditional: forward(z, y) sees y `(B,)` as a one-hot vector (Mirza & Osindero 2014, arXiv:1411.1784).
    """

    def __init__(
        self,
        event: tuple[int, ...] = (1, 8, 8),
        latent: int = 16,
        hidden: int = 192,
        *,
        output: Callable[[], nn.Module] | None = nn.Sigmoid,
        classes: int = 0,
    ) -> None:
        super().__init__()
        self.event, self.latent, self.classes = tuple(event), latent, classes
        body = mlp(latent + classes, hidden, hidden, math.prod(event))
        self.net = body if output is None else nn.Sequential(*body, output())

    def forward(self, z: Tensor, *y: Tensor) -> Tensor:
        """z `(B, Z)`, and y `(B,)` if conditional, to x `(B, *event)`."""
        return self.net(_append_class(z, self.classes, y)).unflatten(-1, self.event)

    @torch.no_grad()
    def sample(self, n: int, *y: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """x `(n, *event)` for n draws of z from N(0, I), of the classes y `(n,)` if conditional."""
        return self(torch.randn(n, self.latent, generator=generator), *y)


class Discriminator(nn.Module):
    """D: a point x to one logit, high where x looks real.

    Args: `pack` points are judged together, one logit for each pack (PacGAN, Lin et al. 2018, arXiv:1712.04086);
    `spread` appends the last hidden layer's standard deviation in the batch (Karras et al. 2018, arXiv:1710.10196);
    `spectral` divides each weight by its largest singular value (Miyato et al. 2018, arXiv:1802.05957);
    `classes` makes it conditional, as in `Generator`.
    """

    def __init__(
        self,
        event: tuple[int, ...] = (1, 8, 8),
        hidden: int = 192,
        *,
        pack: int = 1,
        spread: bool = False,
        spectral: bool = False,
        classes: int = 0,
    ) -> None:
        super().__init__()
        self.event, self.pack, self.spread, self.classes = tuple(event), pack, spread, classes
        linear = SpectralLinear if spectral else nn.Linear
        self.body = nn.Sequential(
            linear(pack * (math.prod(event) + classes), hidden),
            nn.LeakyReLU(0.2),
            linear(hidden, hidden),
            nn.LeakyReLU(0.2),
        )
        self.head = linear(hidden + spread, 1)

    def forward(self, x: Tensor, *y: Tensor) -> Tensor:
        """x `(B, *event)`, and y `(B,)` if conditional, to logits `(B / pack,)`."""
        flat = _append_class(x.flatten(-len(self.event)), self.classes, y)
        features = self.body(flat.unflatten(-2, (-1, self.pack)).flatten(-2))
        if self.spread:
            spread = features.std(-2, keepdim=True).mean(-1, keepdim=True)
            features = torch.cat([features, spread.expand(*features.shape[:-1], 1)], dim=-1)
        return self.head(features).squeeze(-1)


def _append_class(values: Tensor, classes: int, y: tuple[Tensor, ...]) -> Tensor:
    return torch.cat([values, *(F.one_hot(label, classes).to(values.dtype) for label in y)], dim=-1)


class SpectralLinear(nn.Linear):
    """A linear map whose weight is divided by its largest singular value, found by power iteration."""

    def __init__(self, width_in: int, width_out: int) -> None:
        super().__init__(width_in, width_out)
        self.register_buffer("u", F.normalize(torch.ones(width_out, 1), dim=0))

    def forward(self, x: Tensor) -> Tensor:
        """x `(B, width_in)` to `(B, width_out)`, no longer than x plus the bias."""
        return x @ (self.weight / largest_singular_value(self.weight, self.u)).mT + self.bias


def largest_singular_value(weight: Tensor, u: Tensor) -> Tensor:
    """Its estimate uᵀ W v, `(…, 1, 1)`, after a step of power iteration, kept in u (Miyato et al. 2018, alg. 1)."""
    with torch.no_grad():
        v = F.normalize(weight.mT @ u, dim=-2)
        u.copy_(F.normalize(weight @ v, dim=-2))
    return u.mT.clone() @ weight @ v
