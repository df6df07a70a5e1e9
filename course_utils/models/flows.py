"""Normalizing flows of affine coupling layers, and one masked layer for the other family of exact likelihood.

`forward` runs from data to noise and returns (z, log |det ∂z/∂x|), `inverse` runs back. Stacked by `ensemble.stack`,
all shapes have the number of networks in front, `(S, B, D)`.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils import losses
from course_utils.models.layers import check_labels, mlp


def alternating(size: int, layers: int) -> Tensor:
    """Masks `(layers, size)`, bool: every second coordinate is kept, the others in the next layer."""
    return (torch.arange(size) + torch.arange(layers)[:, None]) % 2 == 0


class Coupling(nn.Module):
    """An affine coupling layer: what the mask `(D,)` keeps stays; the rest becomes x exp(s) + t, s and t from the kept.

    The Jacobian is triangular, with exp(s) on its diagonal. Source: Dinh et al. 2017 (arXiv:1605.08803), eq. 4 to 9.
    Departure: s = limit · tanh(·/limit), so that no scale leaves exp(±limit); there the limit is learned.
    Raises ValueError if the mask keeps all or nothing.
    """

    def __init__(self, mask: Tensor, hidden: int = 64, depth: int = 2, limit: float = 2.0) -> None:
        super().__init__()
        if mask.dim() != 1 or not 0 < mask.sum() < len(mask):
            raise ValueError(f"A coupling layer keeps some coordinates and moves the others; got the mask {mask}.")
        self.limit = limit
        self.register_buffer("mask", mask.bool(), persistent=False)  # no weight: the same for all stacked networks
        self.net = mlp(len(mask), *[hidden] * depth, 2 * len(mask))
        nn.init.zeros_(self.net[-1].weight)  # with the bias zero, too: the layer begins as the identity
        nn.init.zeros_(self.net[-1].bias)

    def scale_and_shift(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """s and t, each `(B, D)`, 0 where the mask keeps x `(B, D)`; they see only what it keeps."""
        s, t = self.net(x * self.mask).chunk(2, dim=-1)
        return self.limit * torch.tanh(s / self.limit) * ~self.mask, t * ~self.mask

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x `(B, D)` to z `(B, D)` and log |det ∂z/∂x| `(B,)`."""
        s, t = self.scale_and_shift(x)
        return x * s.exp() + t, s.sum(-1)

    def inverse(self, z: Tensor) -> Tensor:
        """The x `(B, D)` that `forward` turns into z `(B, D)`."""
        s, t = self.scale_and_shift(z)
        return (z - t) * (-s).exp()


class Flow(nn.Module):
    """A normalizing flow on `(D,)`: log p(x) = log p_base(f(x)) + log |det ∂f/∂x| in nats, f the layers in turn.

    Args: the masks `(L, D)`, a coupling layer each; `base`, anything with `sample` and `log_prob` in D dimensions, None
    for N(0, I); `options` go to `Coupling`. Source: Rezende & Mohamed 2015 (arXiv:1505.05770); Dinh et al. 2017, eq. 2.
    """

    lead: tuple[int, ...] = ()  # (S,) where S flows are stacked

    def __init__(self, masks: Tensor, base: Any = None, **options: Any) -> None:
        super().__init__()
        self.size, self.base = masks.shape[1], base
        self.layers = nn.ModuleList(Coupling(mask, **options) for mask in masks)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x `(B, D)` to z `(B, D)` and log |det ∂z/∂x| `(B,)`, the sum of the layers'."""
        log_det = x.new_zeros(x.shape[:-1])
        for layer in self.layers:
            x, one = layer(x)
            log_det = log_det + one
        return x, log_det

    def inverse(self, z: Tensor) -> Tensor:
        """The x `(B, D)` that `forward` turns into z `(B, D)`."""
        for layer in reversed(self.layers):
            z = layer.inverse(z)
        return z

    def log_base(self, z: Tensor) -> Tensor:
        """The base's log-density in nats, `(B,)`, of z `(B, D)`."""
        if self.base is None:
            return losses.log_gaussian(z, z.new_zeros(()), z.new_zeros(()), batch_dims=z.dim() - 1)
        return self.base.log_prob(z.flatten(0, -2)).unflatten(0, z.shape[:-1])

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x) in nats, `(B,)`, exactly, for x `(B, D)`."""
        z, log_det = self(x)
        return self.log_base(z) + log_det

    @torch.no_grad()
    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n points `(n, D)`, in one pass. There are no classes y to ask for."""
        check_labels(n, y, 0)
        return self.inverse(self.base_draws(n, rng))

    def base_draws(self, n: int, rng: torch.Generator | None = None) -> Tensor:
        """n draws of the base, z `(n, D)`."""
        if self.base is None:
            return torch.randn(*self.lead, n, self.size, generator=rng)
        return self.base.sample(n * math.prod(self.lead), rng=rng).reshape(*self.lead, n, self.size)

    def path(self, z: Tensor) -> list[Tensor]:
        """z `(B, D)` from base to data, layer by layer: L + 1 tensors, the first z, the last x."""
        steps = [z]
        for layer in reversed(self.layers):
            steps.append(layer.inverse(steps[-1]))
        return steps


class LinearAutoregression(nn.Module):
    """p(x) = Π_d p(x_d | x_1 … x_{d−1}) for x in {0, 1}: each pixel a logistic regression on those before it.

    All in one linear layer whose weights for pixels not yet drawn are masked. Source: Frey 1998, "fully visible sigmoid
    belief network"; with hidden layers it is MADE (Germain et al. 2015, arXiv:1502.03509).
    """

    def __init__(self, event: Sequence[int]) -> None:
        super().__init__()
        self.event = tuple(event)
        size = math.prod(self.event)
        self.weight, self.bias = nn.Parameter(torch.zeros(size, size)), nn.Parameter(torch.zeros(size))
        self.register_buffer("mask", torch.ones(size, size).tril(-1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """x `(B, *event)` to x_logits `(B, *event)`; each sees only the pixels before it, row by row."""
        return F.linear(x.flatten(1), self.weight * self.mask, self.bias).unflatten(1, self.event)

    def log_prob(self, x: Tensor) -> Tensor:
        """log P(x) in nats, `(B,)`, exactly, for x `(B, *event)` of zeros and ones."""
        return losses.log_bernoulli(x, self(x))

    @torch.no_grad()
    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n images `(n, *event)` of zeros and ones, pixel by pixel. There are no classes y to ask for."""
        check_labels(n, y, 0)
        return self.path(torch.rand(n, len(self.bias), generator=rng))[0]

    @torch.no_grad()
    def path(self, coins: Tensor) -> tuple[Tensor, Tensor]:
        """Images `(n, *event)` from coins `(n, D)` in [0, 1), and each pixel's probability when its turn came."""
        x, probability = torch.zeros_like(coins), torch.zeros_like(coins)
        weight = self.weight * self.mask
        for d in range(coins.shape[1]):
            probability[:, d] = (x @ weight[d] + self.bias[d]).sigmoid()
            x[:, d] = (coins[:, d] < probability[:, d]).to(x.dtype)
        return x.unflatten(1, self.event), probability.unflatten(1, self.event)


def dequantize(x: Tensor, levels: int, rng: torch.Generator | None = None) -> Tensor:
    """Gray levels x = k / (levels − 1) to (k + u) / levels, u uniform on [0, 1): the mean log-density of the result,
    minus log(levels) a pixel, bounds log P(k) from below (Theis et al. 2016, arXiv:1511.01844, eq. 10).

    Args: x in [0, 1], any shape. Returns the same shape, in [0, 1).
    """
    k = (x * (levels - 1)).round()
    return (k + torch.rand(x.shape, generator=rng, dtype=x.dtype)) / levels


def bits_per_pixel(log_px: Tensor, pixels: int, levels: int) -> Tensor:
    """Bits a pixel, `(B,)`, from the log-density in nats `(B,)` of dequantized images of so many pixels and levels."""
    return math.log2(levels) - log_px / (pixels * math.log(2))
