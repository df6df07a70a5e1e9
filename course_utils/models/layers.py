"""What the networks are made of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@contextmanager
def first_weights(seed: int) -> Iterator[None]:
    """Networks built inside get their first weights from the seed; torch's global random state stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def mlp(*sizes: int, activation: Callable[[], nn.Module] = nn.ReLU) -> nn.Sequential:
    """A multilayer perceptron with these widths: `(B, sizes[0])` to `(B, sizes[-1])`, no activation at the end."""
    if len(sizes) < 2:
        raise ValueError(f"mlp needs the widths of at least two layers, got {sizes}.")
    layers = []
    for width_in, width_out in pairwise(sizes[:-1]):
        layers += [nn.Linear(width_in, width_out), activation()]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def append_class(values: Tensor, classes: int, y: tuple[Tensor, ...]) -> Tensor:
    """values `(…, F)` with each label in y, `(…,)` int64, appended as a one-hot vector `(…, classes)`."""
    return torch.cat([values, *(F.one_hot(label, classes).to(values.dtype) for label in y)], dim=-1)


def check_labels(n: int, y: Tensor | None, classes: int) -> None:
    """Raise ValueError unless y are n labels `(n,)` where a model has classes, and None where it has not."""
    if classes and (y is None or y.shape != (n,)):
        given = "None" if y is None else f"the shape {tuple(y.shape)}"
        raise ValueError(f"This model draws from p(x | y): sample({n}, y=…) needs {n} classes y, got {given}.")
    if not classes and y is not None:
        raise ValueError("This model has no classes: call sample(n) without y.")


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
