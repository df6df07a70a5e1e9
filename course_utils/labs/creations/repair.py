"""Lecture 11b's repairs: pictures of D pixels seen as y = A x + noise, and what several methods make of y.

A picture is a row of D numbers. `Damage` holds A and the noise; `posterior` is p(x | y) of a mixture, in closed form.
"""

from typing import NamedTuple

import torch
from sklearn.neighbors import KNeighborsRegressor
from torch import Tensor
from torch.nn import functional as F

from course_utils.data import as_blocks, images
from course_utils.models.mixtures import GMMParameters, condition, draw_given

TRAIN, TEST = 1437, 360  # pictures to learn from, and for the test: as many as the digits have
SIDE = 8
CROSS = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])


class Damage(NamedTuple):
    """y = A x + noise · ε: `matrix` A `(M, D)`, `noise` the standard deviation; `name` as in `damage`."""

    name: str
    matrix: Tensor
    noise: float

    def apply(self, x: Tensor, rng: torch.Generator | None = None) -> Tensor:
        """y `(B, M)` of pictures x `(B, D)`."""
        y = x @ self.matrix.T
        return y + self.noise * torch.randn(y.shape, generator=rng)


def damage(name: str, amount: float = 1.0) -> Damage:
    """One of three ways to spoil a picture of 8 × 8 pixels; ValueError for another.

    "noise" of standard deviation `amount`; "hole": a square of `amount` × `amount` pixels in the middle is lost;
    "small": the mean of each 2 × 2 pixels is kept. The last two have a noise of 0.01.
    """
    one = torch.eye(SIDE**2)
    if name == "noise":
        return Damage(name, one, amount)
    if name == "small":
        return Damage(name, F.avg_pool2d(one.view(-1, 1, SIDE, SIDE), 2).flatten(1).T, 0.01)
    if name != "hole":
        raise ValueError(f"unknown damage {name!r}: choose 'noise', 'hole' or 'small'.")
    first = (SIDE - round(amount)) // 2
    lost = torch.zeros(SIDE, SIDE, dtype=torch.bool)
    lost[first : first + round(amount), first : first + round(amount)] = True
    return Damage(name, one[~lost.flatten()], 0.01)


def digits(seed: int, train: int = TRAIN, *, dataset: str = "digits") -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """All digits, shuffled: pictures to learn from `(train, 64)`, for the test `(360, 64)`, and the labels of both.

    Of another data set of `data.images` as many, made 8×8 by `data.as_blocks`.
    """
    both = [images(dataset, part, limit=limit) for part, limit in (("train", TRAIN), ("test", TEST))]
    x, y = as_blocks(torch.cat([part[0] for part in both])).flatten(1), torch.cat([part[1] for part in both])
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    learn, test = order[:train], order[TRAIN:]
    return x[learn], x[test], y[learn], y[test]


def joint(theta: GMMParameters, way: Damage) -> GMMParameters:
    """The mixture of (y, x), M + D numbers, of a mixture of x."""
    both = torch.cat([way.matrix, torch.eye(way.matrix.shape[1])]).to(theta.means)
    covariances = both @ theta.covariances @ both.T
    seen = torch.arange(len(way.matrix))
    covariances[:, seen, seen] += way.noise**2
    return GMMParameters(theta.weights, theta.means @ both.T, covariances)


class Posterior(NamedTuple):
    """p(x | y) of a mixture, for each y: weights `(B, K)`, means `(B, K, D)`, covariances `(K, D, D)`."""

    weights: Tensor
    means: Tensor
    covariances: Tensor

    def mean(self) -> Tensor:
        """E[x | y], `(B, D)`."""
        return (self.weights[:, :, None] * self.means).sum(1)

    def sample(self, rng: torch.Generator | None = None) -> Tensor:
        """One x for each y, `(B, D)`."""
        component = torch.multinomial(self.weights, 1, generator=rng)[:, 0]
        zero = torch.zeros_like(self.means[0])
        return self.means[torch.arange(len(component)), component] + draw_given(component, zero, self.covariances, rng)


def posterior(theta: GMMParameters, way: Damage, y: Tensor) -> Posterior:
    """p(x | y) for y `(B, M)`, x of the mixture theta; float64."""
    both = joint(theta, way)
    seen = torch.arange(both.means.shape[1]) < len(way.matrix)
    weights, means, covariances = condition(y.to(both.means), seen, *both)
    jitter = 1e-7 * torch.eye(covariances.shape[-1], dtype=covariances.dtype)
    return Posterior(weights, means, (covariances + covariances.mT) / 2 + jitter)


def gaussian(x: Tensor, ridge: float = 1e-3) -> GMMParameters:
    """One Gaussian, its covariance with `ridge` on the diagonal, as a mixture; float64. One picture has no spread."""
    x = x.double()
    covariance = torch.cov(x.T, correction=min(1, len(x) - 1)) + ridge * torch.eye(x.shape[1], dtype=x.dtype)
    return GMMParameters(torch.ones(1, dtype=x.dtype), x.mean(0, keepdim=True), covariance[None])


def by_class(x: Tensor, label: Tensor, ridge: float = 1e-2) -> GMMParameters:
    """A mixture with one Gaussian for each class: weights, means, covariances counted, no EM."""
    parts = [gaussian(x[label == k], ridge) for k in label.unique()]
    share = torch.bincount(label)[label.unique()].double() / len(label)
    return GMMParameters(share, *(torch.cat([part[i] for part in parts]) for i in (1, 2)))


def by_rule(way: Damage, y: Tensor, kind: str) -> Tensor:
    """What one does without learning, `(B, D)`.

    For a small picture "nearest" or "bicubic"; for noise the "median" of 3 × 3 pixels; for a hole "edges".
    """
    if kind == "median":
        windows = F.unfold(F.pad(_square(y), (1, 1, 1, 1), mode="replicate"), 3)
        return windows.median(1).values
    if kind == "edges":
        return _from_edges(way, y)
    options = {"align_corners": False} if kind == "bicubic" else {}
    return F.interpolate(_square(y), size=(SIDE, SIDE), mode=kind, **options).flatten(1)


def _from_edges(way: Damage, y: Tensor, rounds: int = 60) -> Tensor:
    """Each lost pixel as the mean of its four neighbors, again and again: as heat spreads from the edges."""
    known = way.matrix.sum(0).bool()
    x = y @ way.matrix
    for _ in range(rounds):
        around = F.conv2d(F.pad(_square(x), (1, 1, 1, 1), mode="replicate"), CROSS[None, None] / 4)
        x = torch.where(known, x, around.flatten(1))
    return x


def neighbors(x: Tensor, way: Damage, y: Tensor, k: int = 5, rng: torch.Generator | None = None) -> Tensor:
    """The mean of the k training pictures that look most like y once they are damaged, too: `(B, D)`."""
    found = KNeighborsRegressor(k).fit(way.apply(x, rng), x).predict(y)
    return torch.from_numpy(found)


def _square(y: Tensor) -> Tensor:
    side = round(y.shape[1] ** 0.5)
    return y.view(-1, 1, side, side)
