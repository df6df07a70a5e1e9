"""What the checks of assignment 08 share: a noise schedule, and its wrong readings."""

from collections.abc import Callable

import torch
from torch import Tensor

ALPHA_BAR = torch.tensor([1.0, 0.95, 0.8, 0.55, 0.3, 0.12, 0.02])  # T = 6
ALPHA = torch.cat([torch.ones(1), ALPHA_BAR[1:] / ALPHA_BAR[:-1]])  # α_t = ᾱ_t / ᾱ_{t−1}, with α_0 = 1

# What a learner may take for ᾱ_t, with what is wrong about it.
READINGS: dict[str, Callable[[Tensor], Tensor]] = {
    "takes α_t for ᾱ_t. The product of all α up to t, ᾱ_t, is alpha_bar[t] itself.": lambda t: ALPHA[t],
    "takes alpha_bar[t - 1]: t is one too small. ᾱ_0 = 1 stands at index 0, so ᾱ_t is alpha_bar[t].": lambda t: (
        ALPHA_BAR[t - 1]
    ),
    "takes alpha_bar[t + 1]: t is one too large. ᾱ_0 = 1 stands at index 0, so ᾱ_t is alpha_bar[t].": lambda t: (
        ALPHA_BAR.roll(-1)[t]
    ),
    "takes the product of alpha_bar once more. alpha_bar is the product already.": lambda t: ALPHA_BAR.cumprod(0)[t],
    "takes one t for the whole batch. Each image has its own: alpha_bar[t] is (B,).": lambda t: ALPHA_BAR[
        t[:1].expand_as(t)
    ],
}


def like(level: Tensor, x: Tensor) -> Tensor:
    """`(B,)` as `(B, 1, …)`, so that it broadcasts against x `(B, *event)`."""
    return level.reshape(-1, *[1] * (x.dim() - 1))
