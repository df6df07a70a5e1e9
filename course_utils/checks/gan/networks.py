"""Checks of assignment 04: the two networks."""

import torch
from torch import Tensor

from course_utils.checks.kit.common import Answer, question, require, tensor
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


def _logits(images: object) -> Tensor:
    """The logits `(N, ...)` of pixels, nan where a pixel is too near to 0 or 1 to tell."""
    p = joined(images)
    return torch.where((p > 1e-4) & (p < 1 - 1e-4), p, torch.nan).logit()


@question
def Generator(answer: Answer) -> None:
    """Shapes for three events, pixels in [0, 1], one image for each code, gradients through and through."""
    net, z, x = from_codes(answer, 16, "G(z)")
    _pixels(x)
    trains(net, joined, z)
    bends(net, _logits, torch.randn(64, 7))
    wide(answer, torch.randn(2, 4), event=(7, 3), latent=4)


def _pixels(x: Tensor) -> None:
    """Raise CheckFailed unless the outputs lie in [0, 1] and use it."""
    low, high = x.min(), x.max()
    tanh = "is there a tanh at the end? The pixels of the data lie in [0, 1], so end in a sigmoid."
    require(low >= 0 or low < -1 or high > 1, f"G(z) lies in [−1, 1]: {tanh}")
    range_ = f"G(z) goes from {low:.2g} to {high:.2g}. Pixels lie in [0, 1]: end in a sigmoid."
    require(low >= 0 and high <= 1, range_)
    cut = (x == 0).double().mean()
    clamped = f"G(z) is exactly 0 in {cut:.0%} of the pixels: a clamp or ReLU passes no gradient there."
    require(cut < 0.2, f"{clamped} End in a sigmoid.")
    narrow = f"G(z) only goes from {low:.2g} to {high:.2g}: apply the sigmoid once, at the end."
    require(high > 0.85 and low < 0.15, narrow)


@question
def Discriminator(answer: Answer) -> None:
    """Shapes for three events, logits with no activation, one for each image, gradients through and through."""
    logits = build(answer, torch.rand(4, 1, 8, 8), (1, 8, 8), 64)(torch.rand(4, 1, 8, 8))
    column = isinstance(logits, Tensor) and logits.shape == (4, 1)
    note = "Drop the last dimension, for example by .squeeze(1): (B, 1) with (B,) would broadcast to (B, B)."
    require(not column, f"D(x) has the shape (B, 1). {note}")
    tensor(logits, (4,), "D(x)")
    tensor(build(answer, torch.rand(2, 7, 3), event=(7, 3), hidden=10)(torch.rand(2, 7, 3)), (2,), "D(x)")
    tensor(build(answer, torch.rand(3, 1, 8, 8))(torch.rand(3, 1, 8, 8)), (3,), "D(x)")
    x = torch.rand(256, 2, 3, 5)
    net = build(answer, x, event=(2, 3, 5), hidden=64)
    tensor(net(x), (256,), "D(x)")
    alone = net(x[:1])
    require(alone.shape == (1,), "D(x) of a batch of one image has the shape (). Use squeeze(1), not squeeze().")

    def column_of(value: object) -> Tensor:
        return tensor(value, (len(value),), "D(x)")[:, None]

    linear_output(net(100 * torch.randn(256, 2, 3, 5)), "D(x)", " The sigmoid is in the loss.")
    rowwise(Answer(lambda x: column_of(net(x)), "Discriminator"), x, "image")
    trains(net, column_of, x)
    bends(net, column_of, 3 * torch.rand(64, 2, 3, 5))
    linear_end(net, x)
    wide(answer, torch.rand(2, 7, 3), event=(7, 3))
