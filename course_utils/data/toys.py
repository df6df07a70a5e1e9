"""Two-dimensional sets whose density is known, so that a model of them can be judged exactly.

ring = toy("ring", std=0.05)
x = ring.sample(1000, rng=torch.Generator().manual_seed(0))     # (1000, 2)
entropy = -ring.log_prob(x).mean()                              # nats, by Monte Carlo
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

__all__ = ["Arcs", "Mixture", "Squares", "Toy", "toy"]


class Toy(ABC):
    """A distribution on the plane.

    Attributes:
        name: as given to `toy`.
        modes: (K, 2) the centers of the modes, or None where the set is no union of separate modes.
    """

    name: str
    modes: Tensor | None = None

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n independent points, (n, 2), drawn with `rng` (None: torch's global one).

        y (n,) names the part (component, arc, square) each is to come from; by default it is drawn, too.
        """
        return self.sample_labelled(n, y=y, rng=rng)[0]

    def sample_labelled(
        self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None
    ) -> tuple[Tensor, Tensor]:
        """The points that `sample` gives, (n, 2), and the part each came from, int64 (n,)."""
        if n < 1:
            raise ValueError(f"n must be at least 1, got {n}")
        if y is not None and y.shape != (n,):
            raise ValueError(f"y must name the part of each of the {n} points, got the shape {tuple(y.shape)}")
        part = self._draw_parts(n, rng) if y is None else y
        return self._draw_from(part, rng), part

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x) in nats, (B,), for points x (B, 2), in the floating-point type of x."""
        if x.ndim != 2 or x.shape[1] != 2 or not x.is_floating_point():
            raise ValueError(f"x must be floating-point of shape (B, 2), got {x.dtype} of shape {tuple(x.shape)}")
        return torch.cat([self._log_density(part) for part in x.split(4096)])  # bounds the memory

    @abstractmethod
    def _draw_parts(self, n: int, rng: torch.Generator | None) -> Tensor: ...

    @abstractmethod
    def _draw_from(self, part: Tensor, rng: torch.Generator | None) -> Tensor: ...

    @abstractmethod
    def _log_density(self, x: Tensor) -> Tensor: ...


@dataclass(frozen=True, eq=False)
class Mixture(Toy):
    """Gaussian mixture Σ_k weights_k N(means_k, covariances_k), optionally twisted around the origin.

    A twist turns each point by twist · (distance from the origin) radians. It keeps areas and the distance, so the
    density at a point is the density of the mixture at the point turned back.

    Attributes:
        weights: (K,); means: (K, 2) and covariances: (K, 2, 2), before the twist.
        modes: the means after the twist; overlap between components shifts the maxima of the density a little.
    """

    name: str
    weights: Tensor
    means: Tensor
    covariances: Tensor
    twist: float = 0.0

    @property
    def modes(self) -> Tensor:
        return _turn(self.means, self.twist)

    def _draw_parts(self, n: int, rng: torch.Generator | None) -> Tensor:
        return torch.multinomial(self.weights, n, replacement=True, generator=rng)

    def _draw_from(self, part: Tensor, rng: torch.Generator | None) -> Tensor:
        noise = torch.randn(len(part), 2, 1, generator=rng)
        x = self.means[part] + (torch.linalg.cholesky(self.covariances)[part] @ noise).squeeze(-1)
        return _turn(x, self.twist)

    def _log_density(self, x: Tensor) -> Tensor:
        gaussians = MultivariateNormal(self.means.to(x), self.covariances.to(x))
        return MixtureSameFamily(Categorical(self.weights.to(x)), gaussians).log_prob(_turn(x, -self.twist))


@dataclass(frozen=True, eq=False)
class Arcs(Toy):
    """Points spread evenly along arcs of circles, each arc equally likely, plus N(0, std² I) noise.

    The density is an integral of Gaussians along the arcs. It is computed by Gauss-Legendre quadrature with 8 nodes on
    each piece of length 2 std or less: in float64 the error of log p is below 1e-6 up to 6 std from the arcs.

    Attributes:
        centers: (A, 2); radii, starts, spans: (A,), the latter two in radians.
        std: of the noise.
    """

    name: str
    centers: Tensor
    radii: Tensor
    starts: Tensor
    spans: Tensor
    std: float

    def _points(self, arc: Tensor, t: Tensor) -> Tensor:
        angle = self.starts.to(t)[arc] + self.spans.to(t)[arc] * t
        return self.centers.to(t)[arc] + self.radii.to(t)[arc, None] * torch.stack([angle.cos(), angle.sin()], -1)

    def _draw_parts(self, n: int, rng: torch.Generator | None) -> Tensor:
        return torch.randint(len(self.radii), (n,), generator=rng)

    def _draw_from(self, part: Tensor, rng: torch.Generator | None) -> Tensor:
        x = self._points(part, torch.rand(len(part), generator=rng))
        return x + self.std * torch.randn(len(part), 2, generator=rng)

    def _log_density(self, x: Tensor) -> Tensor:
        nodes, weights = map(torch.from_numpy, np.polynomial.legendre.leggauss(8))  # on [-1, 1]
        pieces = math.ceil((self.radii * self.spans).max().item() / (2 * self.std))
        t = ((torch.arange(pieces)[:, None] + (nodes + 1) / 2) / pieces).flatten()  # along an arc, from 0 to 1
        arc = torch.arange(len(self.radii)).repeat_interleave(len(t))
        log_weight = (weights / 2 / pieces / len(self.radii)).log().repeat(pieces * len(self.radii))
        points = self._points(arc, t.repeat(len(self.radii))).to(x)  # (Q, 2)
        squares = (x[:, None, 0] - points[:, 0]).square() + (x[:, None, 1] - points[:, 1]).square()  # (B, Q)
        log_normal = -0.5 * squares / self.std**2 - math.log(2 * math.pi * self.std**2)
        return torch.logsumexp(log_weight.to(x) + log_normal, dim=1)


@dataclass(frozen=True, eq=False)
class Squares(Toy):
    """Uniform on squares that do not overlap; log p is -inf outside.

    Attributes:
        centers: (K, 2); side: of each square.
    """

    name: str
    centers: Tensor
    side: float

    def _draw_parts(self, n: int, rng: torch.Generator | None) -> Tensor:
        return torch.randint(len(self.centers), (n,), generator=rng)

    def _draw_from(self, part: Tensor, rng: torch.Generator | None) -> Tensor:
        return self.centers[part] + self.side * (torch.rand(len(part), 2, generator=rng) - 0.5)

    def _log_density(self, x: Tensor) -> Tensor:
        inside = ((x[:, None] - self.centers.to(x)).abs() <= self.side / 2).all(-1).any(-1)
        density = 1 / (len(self.centers) * self.side**2)
        return torch.where(inside, math.log(density), -math.inf).to(x)


def toy(name: str, **options: float) -> Toy:
    """A 2-D set by name. Options, with their defaults:

    - "ring": modes=8, radius=2.0, std=0.02. Equal Gaussians on a circle (Metz et al. 2017, "Unrolled GANs"). VEEGAN
      (Srivastava et al. 2017) and PacGAN (Lin et al. 2018) use the same figure at half the size: radius=1, std=0.01.
    - "grid": side=5, spacing=2.0, std=0.05. side² equal Gaussians on a square grid (VEEGAN; PacGAN).
    - "moons": std=0.05. Two interleaved half circles of radius 1, as in scikit-learn's `make_moons`.
    - "circles": factor=0.5, std=0.05. Circles of radius 1 and `factor`, half of the points on each (`make_circles`).
    - "checkerboard": cells=4, side=2.0. Uniform on every other square of a cells × cells board around the origin.
    - "blobs": three anisotropic Gaussians of weights 0.5, 0.3, 0.2.
    - "pinwheel": arms=5, radius=2.0, radial_std=0.6, tangential_std=0.15, twist=0.8. Gaussians that point outwards,
      twisted. As in Johnson et al. (2016), but turned in proportion to the distance from the origin, not exponentially
      in a coordinate: this makes the density exact.

    Raises:
        ValueError: unknown name, or an option that is not positive (`twist` may be anything).
        TypeError: an option the set does not have.
    """
    if name not in _TOYS:
        raise ValueError(f"unknown toy set {name!r}: choose one of {', '.join(map(repr, _TOYS))}")
    for option, value in options.items():
        if option != "twist" and not value > 0:
            raise ValueError(f"{option} must be positive, got {value!r}")
    return _TOYS[name](**options)


def ring(modes: int = 8, radius: float = 2.0, std: float = 0.02) -> Mixture:
    return _equal_gaussians("ring", radius * _directions(modes), std**2 * torch.eye(2))


def grid(side: int = 5, spacing: float = 2.0, std: float = 0.05) -> Mixture:
    ticks = spacing * (torch.arange(side) - (side - 1) / 2)
    return _equal_gaussians("grid", torch.cartesian_prod(ticks, ticks), std**2 * torch.eye(2))


def moons(std: float = 0.05) -> Arcs:
    starts = torch.tensor([0.0, math.pi], dtype=torch.float64)  # π in float32 would show in log p at the tips
    centers = torch.tensor([[0.0, 0.0], [1.0, 0.5]])
    return Arcs("moons", centers, torch.ones(2), starts, torch.full_like(starts, math.pi), std)


def circles(factor: float = 0.5, std: float = 0.05) -> Arcs:
    starts = torch.zeros(2, dtype=torch.float64)
    return Arcs("circles", torch.zeros(2, 2), torch.tensor([1.0, factor]), starts, starts + 2 * math.pi, std)


def checkerboard(cells: int = 4, side: float = 2.0) -> Squares:
    cell = torch.cartesian_prod(torch.arange(cells), torch.arange(cells))
    black = cell[cell.sum(1) % 2 == 0]
    return Squares("checkerboard", side * (black - (cells - 1) / 2), side)


def blobs() -> Mixture:
    weights = torch.tensor([0.5, 0.3, 0.2])
    means = torch.tensor([[-1.5, -0.5], [1.5, 1.0], [1.25, -2.0]])
    covariances = torch.tensor([[[0.7, 0.45], [0.45, 0.5]], [[0.3, -0.3], [-0.3, 0.6]], [[0.6, 0.0], [0.0, 0.1]]])
    return Mixture("blobs", weights, means, covariances)


def pinwheel(
    arms: int = 5, radius: float = 2.0, radial_std: float = 0.6, tangential_std: float = 0.15, twist: float = 0.8
) -> Mixture:
    out = _directions(arms)
    along = torch.stack([out, torch.stack([-out[:, 1], out[:, 0]], -1)], -1)  # (arms, 2, 2): columns outwards, sideways
    covariances = along @ torch.diag(torch.tensor([radial_std**2, tangential_std**2])) @ along.mT
    return _equal_gaussians("pinwheel", radius * out, covariances, twist)


_TOYS: dict[str, Callable[..., Toy]] = {
    f.__name__: f for f in (ring, grid, moons, circles, checkerboard, blobs, pinwheel)
}


def _equal_gaussians(name: str, means: Tensor, covariances: Tensor, twist: float = 0.0) -> Mixture:
    count = len(means)
    return Mixture(name, torch.full((count,), 1 / count), means, covariances.expand(count, 2, 2), twist)


def _directions(count: int) -> Tensor:
    angle = 2 * math.pi * torch.arange(count) / count
    return torch.stack([angle.cos(), angle.sin()], -1)


def _turn(x: Tensor, twist: float) -> Tensor:
    if twist == 0:
        return x
    angle = twist * x.norm(dim=-1)
    c, s = angle.cos(), angle.sin()
    return torch.stack([c * x[..., 0] - s * x[..., 1], s * x[..., 0] + c * x[..., 1]], -1)
