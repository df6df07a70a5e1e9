"""A restricted Boltzmann machine for the checks of assignment 09, where all is known by enumeration."""

import itertools

import torch
from torch import Tensor

from course_utils.checks.kit.common import require
from course_utils.checks.kit.draws import seeded

Machine = tuple[Tensor, Tensor, Tensor]


def machine(visible: int, hidden: int, seed: int = 0) -> Machine:
    """W (visible, hidden), b (visible,) and c (hidden,), standard normal."""
    rng = seeded(seed)
    sizes = ((visible, hidden), (visible,), (hidden,))
    return tuple(torch.randn(size, generator=rng) for size in sizes)  # type: ignore[return-value]


def binary(*shape: int, seed: int = 0) -> Tensor:
    """Zeros and ones."""
    return (torch.rand(shape, generator=seeded(seed)) < 0.5).float()


def states(units: int) -> Tensor:
    """All 2^units states, one in each row."""
    return torch.tensor(list(itertools.product((0.0, 1.0), repeat=units)))


def energies(x: Tensor, h: Tensor, rbm: Machine) -> Tensor:
    """E(x, h), (B,), term by term."""
    W, b, c = rbm
    return -(x * b).sum(1) - (h * c).sum(1) - torch.einsum("bi,ij,bj->b", x, W, h)


def free_energies(x: Tensor, rbm: Machine) -> Tensor:
    """F(x) = −log Σ_h exp(−E(x, h)), (B,), over all h, with gradients."""
    every = states(len(rbm[2])).to(x)
    pairs = [energies(row.expand(len(every), -1), every, rbm) for row in x]
    return -torch.stack(pairs).neg().logsumexp(1)


def leaves(rbm: Machine) -> Machine:
    """The same parameters, for which gradients are computed."""
    return tuple(part.clone().requires_grad_() for part in rbm)  # type: ignore[return-value]


def slopes(value: Tensor, rbm: Machine) -> dict[str, tuple[Tensor, Tensor]]:
    """For `gradients`: by name each parameter, and the gradient of value.sum() by it."""
    found = torch.autograd.grad(value.sum(), rbm)
    return {name: (leaf, slope) for name, leaf, slope in zip("Wbc", rbm, found, strict=True)}


def steep(seed: int = 0) -> Machine:
    """Five visible and three hidden units with inputs in the thousands, in float64: float32 is too coarse."""
    return tuple(1000 * part.double() for part in machine(5, 3, seed))  # type: ignore[return-value]


def finite(value: object, what: str, way: str) -> None:
    """Raise CheckFailed if a tensor holds nan or inf: for numbers in the thousands exp does."""
    bad = isinstance(value, Tensor) and not bool(torch.isfinite(value).all())
    require(not bad, f"{what} is not finite for weights in the thousands: exp(1000) is inf. {way}")


def shapes(right: Tensor) -> dict[str, Tensor]:
    """For `recognize`: what becomes of values (B,) that are reduced too far, or not far enough."""
    caller = "Return one value for each row, (B,): the mean over the batch is the caller's."
    return {
        f"is one number, averaged over the batch. {caller}": right.mean(),
        f"is one number, summed over the batch. {caller}": right.sum(),
        "has the shape (B, 1). Drop the last dimension (no keepdim).": right[:, None],
    }
