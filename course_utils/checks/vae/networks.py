"""Checks of assignment 03: the two networks, and sampling."""

import torch
from torch import Tensor, nn

from course_utils.checks.kit.common import Answer, close, question, recognize, require, tensor
from course_utils.checks.kit.draws import FIXED, MANY, independent, seeded, standard_normal
from course_utils.checks.kit.networks import (
    bends,
    build,
    from_codes,
    joined,
    linear_end,
    linear_output,
    rowwise,
    trains,
    wide,
)
from course_utils.checks.kit.properties import draws_by_default, fixed


def _pair(value: object, shape: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """(mu, logvar), both of this shape, or CheckFailed."""
    several = isinstance(value, tuple | list)
    got = f"{len(value)} values" if several else f"one {type(value).__name__}"
    require(several and len(value) == 2, f"Encoder must return two tensors, (mu, logvar). It returns {got}.")
    return tensor(value[0], shape, "mu"), tensor(value[1], shape, "logvar")


@question
def Encoder(answer: Answer) -> None:
    """Shapes for three events, outputs with no activation, one code for each image, gradients through and through."""
    _pair(build(answer, torch.rand(4, 1, 8, 8), (1, 8, 8), 5, 64)(torch.rand(4, 1, 8, 8)), (4, 5))
    _pair(build(answer, torch.rand(2, 7, 3), event=(7, 3), latent=4, hidden=10)(torch.rand(2, 7, 3)), (2, 4))
    _pair(build(answer, torch.rand(3, 1, 8, 8))(torch.rand(3, 1, 8, 8)), (3, 8))
    x = torch.rand(64, 2, 3, 5)
    net = build(answer, x, event=(2, 3, 5), latent=32, hidden=64)
    mu, logvar = _pair(net(x), (64, 32))
    require(not close(mu, logvar), "mu and logvar are the same numbers. Give each its own outputs: 2 Z in all.")
    rowwise(net, x, "image")
    linear_output(mu, "mu")
    linear_output(logvar, "logvar", " The encoder returns log σ², which is negative where σ < 1, not σ.")
    trains(net, joined, x)
    bends(net, joined, 3 * torch.rand(64, 2, 3, 5))
    linear_end(net, x)
    wide(answer, torch.rand(2, 7, 3), event=(7, 3), latent=4)


@question
def Decoder(answer: Answer) -> None:
    """Shapes for three events, logits with no activation, one image for each code, gradients through and through."""
    net, z, x_logits = from_codes(answer, 8, "x_logits")
    linear_output(x_logits, "x_logits", " The sigmoid comes in the likelihood.")
    trains(net, joined, z)
    bends(net, joined, 3 * torch.randn(64, 7))
    linear_end(net, z)
    wide(answer, torch.randn(2, 4), event=(7, 3), latent=4)


class _Recorder(nn.Module):
    """A decoder from `latent` dimensions to events (1, 2, 2) that keeps the codes it was given."""

    def __init__(self, latent: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(fixed(latent, 4))
        self.codes: list[Tensor] = []

    def forward(self, z: Tensor) -> Tensor:
        shape, latent = tuple(getattr(z, "shape", ())), len(self.weight)
        fits = len(shape) == 2 and shape[1] == latent
        require(fits, f"The decoder is given the shape {shape}, not codes (n, latent) with latent = {latent}.")
        self.codes.append(z.detach())
        return (z @ self.weight).unflatten(1, (1, 2, 2))


def _draw(answer: Answer, n: int, *generator: torch.Generator, latent: int = 3) -> tuple[object, Tensor]:
    """What `sample` returns for n draws, and the codes `(n, latent)` that it gave to the decoder."""
    decoder = _Recorder(latent).train(latent == 3)  # the mode stays, whichever it is
    images = answer(decoder, n, latent, *generator)
    require(decoder.codes, "sample does not call the decoder.")
    z = torch.cat(decoder.codes)
    require(len(z) == n, f"The decoder is given {len(z)} codes for n = {n}. z is (n, latent).")
    return images, z


@question
def sample(answer: Answer) -> None:
    """sigmoid(decoder(z)) with n codes z ~ N(0, I) from the generator, and no graph."""
    generator = seeded(1)
    images, z = _draw(answer, 5, generator)
    logits = _Recorder(3)(z).detach()
    p = logits.sigmoid()
    wrong = {
        "are logits. Apply the sigmoid once: an image shows probabilities.": logits,
        "have gone through the sigmoid twice.": p.sigmoid(),
        "are a softmax. Pixels are independent: each has a sigmoid of its own.": logits.flatten(1)
        .softmax(1)
        .view_as(p),
        "are clamped logits. Apply the sigmoid.": logits.clamp(0, 1),
        "are log-probabilities. Return the probabilities.": p.log(),
        "have lost the shape of the event. Return (n, *event), as the decoder does.": p.flatten(1),
    }
    binary = isinstance(images, Tensor) and bool(((images == 0) | (images == 1)).all())
    require(not binary, "The images hold only 0 and 1: they are rounded or tossed. Return the probabilities.")
    recognize(images, p, wrong, "The images")
    require(not images.requires_grad, "The images carry the decoder's graph. Sample under torch.no_grad().")
    fresh = not torch.equal(z, _draw(answer, 5, generator)[1])
    require(fresh, f"Two calls in a row give the same images. {FIXED}")
    used = torch.equal(z, _draw(answer, 5, seeded(1))[1])
    require(used, f"Two generators with the same seed give different images: the generator is not used. {FIXED}")
    for generator in ([seeded(2)], []):
        codes = _draw(answer, MANY // 2, *generator, latent=6)[1]
        independent(codes, "z", "(n, latent)")
        standard_normal(codes, "The code z")
    draws_by_default(answer, _Recorder(2), 5, 2, read=lambda value: tensor(value, (5, 1, 2, 2), "The images"))
