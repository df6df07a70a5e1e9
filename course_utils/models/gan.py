"""The two players of a GAN. Their losses are in `losses`, their steps in `training.gan`."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from course_utils.models.layers import SpectralLinear, append_class, check_labels, mlp


class Generator(nn.Module):
    """G: z ~ N(0, I) to a point x; nothing but what the discriminator's gradient says ever tells it about the data.

    Args: `output` is applied at the end: nn.Sigmoid for images in [0, 1], None for points anywhere. With `classes`, it
    is conditional: forward(z, y) sees y `(B,)` as a one-hot vector (Mirza & Osindero 2014, arXiv:1411.1784).
    """

    lead: tuple[int, ...] = ()  # (S,) where S networks are stacked

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
        return self.net(append_class(z, self.classes, y)).unflatten(-1, self.event)

    @torch.no_grad()
    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """x `(n, *event)` for n draws of z from N(0, I), of the classes y `(n,)` if conditional.

        Stacked by `ensemble.stack`, each network has its own n draws, `(S, n, *event)`, all of the same classes.
        """
        check_labels(n, y, self.classes)
        labels = () if y is None else (y.expand(*self.lead, n),)
        return self(torch.randn(*self.lead, n, self.latent, generator=rng), *labels)


class Discriminator(nn.Module):
    """D: a point x to one logit, high where x looks real.

    Args: `pack` points are judged together, one logit for each pack (PacGAN, Lin et al. 2018, arXiv:1712.04086);
    `minibatch_stddev` appends the last hidden layer's standard deviation in the batch (Karras et al. 2018,
    arXiv:1710.10196);
    `spectral` divides each weight by its largest singular value (Miyato et al. 2018, arXiv:1802.05957);
    `classes` makes it conditional, as in `Generator`.
    """

    def __init__(
        self,
        event: tuple[int, ...] = (1, 8, 8),
        hidden: int = 192,
        *,
        pack: int = 1,
        minibatch_stddev: bool = False,
        spectral: bool = False,
        classes: int = 0,
    ) -> None:
        super().__init__()
        self.event, self.pack, self.classes = tuple(event), pack, classes
        self.minibatch_stddev = minibatch_stddev
        linear = SpectralLinear if spectral else nn.Linear
        self.body = nn.Sequential(
            linear(pack * (math.prod(event) + classes), hidden),
            nn.LeakyReLU(0.2),
            linear(hidden, hidden),
            nn.LeakyReLU(0.2),
        )
        self.head = linear(hidden + minibatch_stddev, 1)

    def forward(self, x: Tensor, *y: Tensor) -> Tensor:
        """x `(B, *event)`, and y `(B,)` if conditional, to logits `(B / pack,)`."""
        flat = append_class(x.flatten(-len(self.event)), self.classes, y)
        features = self.body(flat.unflatten(-2, (-1, self.pack)).flatten(-2))
        if self.minibatch_stddev:
            stddev = features.std(-2, keepdim=True).mean(-1, keepdim=True)
            features = torch.cat([features, stddev.expand(*features.shape[:-1], 1)], dim=-1)
        return self.head(features).squeeze(-1)
