"""Three "generators" for assignment 07, to be told from their numbers alone. Whoever reads on spoils the riddle."""

from typing import NamedTuple

import torch
from torch import Tensor

MADE = {
    "A": "fresh real digits with Gaussian noise of standard deviation 0.3: all classes, each image bad.",
    "B": "500 of the training images themselves: it generates nothing.",
    "C": "fresh real digits of the classes 0, 1, 4, 6 and 7 only, each three times: good images, half of them missing.",
}


class Riddle(NamedTuple):
    """Real training images, 500 fresh real images, and 500 images from each generator, by its letter."""

    train: Tensor
    fresh: Tensor
    generated: dict[str, Tensor]


def riddle(x: Tensor, y: Tensor) -> Riddle:
    """Split real images x (N, 1, H, W), N ≥ 1100, with labels y (N,), and let the three generators make theirs."""
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    train, fresh = x[order[:600]], x[order[600:1100]]
    noise = torch.randn(fresh.shape, generator=torch.Generator().manual_seed(0))
    few = fresh[torch.isin(y[order[600:1100]], torch.tensor([0, 1, 4, 6, 7]))]
    made = {"A": (fresh + 0.3 * noise).clamp(0, 1), "B": train[:500], "C": few.repeat(3, 1, 1, 1)[:500]}
    return Riddle(train, fresh, made)


def reveal(**diagnoses: str) -> str:
    """How A, B and C were made, beside a diagnosis of each in a few words; without one of each, only a request."""
    missing = [name for name in MADE if not diagnoses.get(name, "").strip(" .?")]
    if missing:
        return (
            f"First say in a few words what is wrong with {', '.join(missing)}: then this cell shows how it was made."
        )
    return "\n".join(f"{name}: you say: {diagnoses[name]}\n   made as: {how}" for name, how in MADE.items())
