"""Learning rates over a run, as shares of the highest; `progress` goes from 0 at the first step to 1 after the last.

`fit` takes torch's own one-cycle schedule, which moves Adam's momentum, too.
"""

import math

import torch


def one_cycle(progress: float) -> float:
    """Up from 4 % over the first 30 % of the steps, then down to 0. Source: Smith & Topin 2018 (arXiv:1708.07120)."""
    if progress < 0.3:
        return 0.04 + 0.96 * (1 - math.cos(math.pi * progress / 0.3)) / 2
    return (1 + math.cos(math.pi * (progress - 0.3) / 0.7)) / 2


def linear_decay(progress: float) -> float:
    """1 for half of the steps, then linearly down to 0."""
    return min(1.0, 2 * (1 - progress))


def set_rate(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """Set the learning rate of all parameters."""
    for group in optimizer.param_groups:
        group["lr"] = lr
