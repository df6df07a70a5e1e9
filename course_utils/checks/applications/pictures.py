"""Checks of assignment 11 of small pictures: made smaller by means, and larger by the conditional mean."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.checks.kit.answers import array
from course_utils.checks.kit.cases import explained, loose
from course_utils.checks.kit.common import Answer, question, recognize
from course_utils.checks.kit.draws import seeded

BLOCK = "Each small pixel is the mean of its four: rows 2i, 2i + 1 and columns 2j, 2j + 1."


def _shrunk(x: Tensor) -> Tensor:
    return F.avg_pool2d(x[:, None], 2)[:, 0]


def _halves(x: Tensor) -> Tensor:
    """The rows 0, 1, … with those from the middle on, columns alike: four pictures put on each other."""
    b, h, w = x.shape
    return x.reshape(b, 2, h // 2, 2, w // 2).mean((1, 3))


SMALL: dict[str, Callable[[Tensor], Tensor]] = {
    f"picks every second pixel, from 0 on, and throws the others away. {BLOCK}": lambda x: x[:, ::2, ::2],
    f"picks every second pixel, from 1 on, and throws the others away. {BLOCK}": lambda x: x[:, 1::2, 1::2],
    f"holds sums. {BLOCK}": lambda x: 4 * _shrunk(x),
    f"holds half the sums. Divide by 4. {BLOCK}": lambda x: 2 * _shrunk(x),
    f"holds the largest of each four. {BLOCK}": lambda x: F.max_pool2d(x[:, None], 2)[:, 0],
    f"cuts the corner out. {BLOCK}": lambda x: x[:, : x.shape[1] // 2, : x.shape[2] // 2],
    f"puts the picture's quarters on each other: reshape to (B, H/2, 2, W/2, 2), not (B, 2, H/2, 2, W/2). {BLOCK}": (
        _halves
    ),
    f"takes the mean of columns 2j, 2j + 1 in row 2i alone. {BLOCK}": lambda x: F.avg_pool2d(x[:, None], (1, 2))[
        :, 0, ::2
    ],
    f"takes the mean of rows 2i, 2i + 1 in column 2j alone. {BLOCK}": lambda x: F.avg_pool2d(x[:, None], (2, 1))[
        :, 0, :, ::2
    ],
    f"takes means in the columns only: the rows are all still there. {BLOCK}": lambda x: F.avg_pool2d(
        x[:, None], (1, 2)
    )[:, 0],
    f"takes means in the rows only: the columns are all still there. {BLOCK}": lambda x: F.avg_pool2d(
        x[:, None], (2, 1)
    )[:, 0],
    f"is a blur of stride 1: blocks do not overlap. {BLOCK}": lambda x: F.avg_pool2d(x[:, None], 2, 1)[:, 0],
    f"takes runs of four pixels of the flattened picture. {BLOCK}": lambda x: x.reshape(
        len(x), x.shape[1] // 2, x.shape[2] // 2, 4
    ).mean(3),
    "has rows and columns exchanged.": lambda x: _shrunk(x).transpose(1, 2),
    "is flat. Return (B, H/2, W/2).": lambda x: _shrunk(x).flatten(1),
    "has an axis too many, for a channel. Return (B, H/2, W/2).": lambda x: _shrunk(x)[:, None],
    "is one picture: the batch is averaged away.": lambda x: _shrunk(x).mean(0),
}


@question
def shrink(answer: Answer) -> None:
    """2×2 means of square and of oblong pictures, of many and of one."""
    cases = [(torch.randn(*shape, generator=seeded(k)).double(),) for k, shape in enumerate(((5, 8, 8), (3, 6, 10)))]
    cases.append((torch.arange(16.0).double().reshape(1, 4, 4),))
    _judged(answer, cases, _shrunk, SMALL, "The small picture")


def _judged(answer: Answer, cases: list[tuple], right: Callable, mistakes: dict[str, Callable], what: str) -> None:
    found, expected = [loose(answer(*case)) for case in cases], [right(*case) for case in cases]
    explained([value if value is None else value.double() for value in found], cases, expected, mistakes, what)
    for value, each in zip(found, expected, strict=True):
        recognize(array(value, tuple(each.shape), what), each, {}, what)


def _flat(low: Tensor, low_train: Tensor, x_train: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    return low.flatten(1), low_train.flatten(1), x_train.flatten(1)


def _upsampled(
    solve: Callable[[Tensor, Tensor, float, int], Tensor],
    middle: Callable[[Tensor, Tensor], Tensor] = lambda low, train: train.mean(0),
    base: float = 1.0,
) -> Callable[..., Tensor]:
    """x̄ + (l − middle) W with W = solve(C_ll, C_lx, ridge, N), as pictures."""

    def pictures(low: Tensor, low_train: Tensor, x_train: Tensor, ridge: float) -> Tensor:
        small, l, x = _flat(low, low_train, x_train)  # noqa: E741
        n, dl, dx = len(l), l - l.mean(0), x - x.mean(0)
        weights = solve(dl.T @ dl / n, dl.T @ dx / n, ridge, n)
        return (base * x.mean(0) + (small - middle(small, l)) @ weights).reshape(-1, *x_train.shape[1:])

    return pictures


def _eye(matrix: Tensor) -> Tensor:
    return torch.eye(len(matrix)).double()


def _ridged(factor: Callable[[float, int], float]) -> Callable[[Tensor, Tensor, float, int], Tensor]:
    return lambda ll, lx, ridge, n: torch.linalg.solve(ll + factor(ridge, n) * _eye(ll), lx)


_right = _upsampled(_ridged(lambda ridge, n: ridge))


def _uncentered(low: Tensor, low_train: Tensor, x_train: Tensor, ridge: float) -> Tensor:
    """Second moments in place of covariances, and no means."""
    small, l, x = _flat(low, low_train, x_train)  # noqa: E741
    weights = torch.linalg.solve(l.T @ l / len(l) + ridge * torch.eye(l.shape[1]).double(), l.T @ x / len(l))
    return (small @ weights).reshape(-1, *x_train.shape[1:])


def _copied(low: Tensor, low_train: Tensor, x_train: Tensor, ridge: float) -> Tensor:
    return low.repeat_interleave(2, 1).repeat_interleave(2, 2)


def _smooth(low: Tensor, low_train: Tensor, x_train: Tensor, ridge: float) -> Tensor:
    return F.interpolate(low[:, None], scale_factor=2, mode="bicubic", align_corners=False)[:, 0]


def _nearest(low: Tensor, low_train: Tensor, x_train: Tensor, ridge: float) -> Tensor:
    small, l, _ = _flat(low, low_train, x_train)  # noqa: E741
    return x_train[torch.cdist(small, l).argmin(1)]


MEAN = "x̂ = x̄ + C_xl (C_ll + λ I)⁻¹ (l − l̄)."
LARGE: dict[str, Callable[..., Tensor]] = {
    f"is x̄ for every picture: what was seen is not used. {MEAN}": _upsampled(lambda ll, lx, r, n: 0 * lx),
    "is the small picture with its pixels copied. Use what the training pictures tell.": _copied,
    "is the small picture interpolated. Use what the training pictures tell.": _smooth,
    f"is the training picture with the nearest small one. The conditional mean is no copy. {MEAN}": _nearest,
    f"has no ridge: C_ll alone is inverted. {MEAN}": _upsampled(lambda ll, lx, r, n: torch.linalg.pinv(ll) @ lx),
    f"adds λ to every entry. λ I adds it on the diagonal. {MEAN}": _upsampled(
        lambda ll, lx, r, n: torch.linalg.solve(ll + r + 1e-12 * _eye(ll), lx)
    ),
    f"has λ / N: is it added to sums? C_ll is a mean, divide by N first. {MEAN}": _upsampled(
        _ridged(lambda ridge, n: ridge / n)
    ),
    f"has N λ in place of λ. {MEAN}": _upsampled(_ridged(lambda ridge, n: ridge * n)),
    f"subtracts λ. {MEAN}": _upsampled(_ridged(lambda ridge, n: -ridge)),
    f"has λ². {MEAN}": _upsampled(_ridged(lambda ridge, n: ridge**2)),
    "divides covariances by N − 1. Here N, so that λ means the same for everybody.": _upsampled(
        _ridged(lambda ridge, n: ridge * (n - 1) / n)
    ),
    f"has a ridge that is multiplied by the mean variance. {MEAN}": _upsampled(
        lambda ll, lx, r, n: torch.linalg.solve(ll + r * ll.diagonal().mean() * _eye(ll), lx)
    ),
    f"lacks the inverse of C_ll + λ I. {MEAN}": _upsampled(lambda ll, lx, r, n: lx),
    f"divides by variances alone: C_ll is a matrix. {MEAN}": _upsampled(
        lambda ll, lx, r, n: lx / (ll.diagonal() + r)[:, None]
    ),
    f"does not subtract l̄ from l. {MEAN}": _upsampled(
        _ridged(lambda ridge, n: ridge), lambda low, train: 0 * train.mean(0)
    ),
    f"subtracts the mean of the pictures to be enlarged. l̄ is the training mean. {MEAN}": _upsampled(
        _ridged(lambda ridge, n: ridge), lambda low, train: low.mean(0)
    ),
    f"subtracts one mean of all pixels. l̄ has a mean for each small pixel. {MEAN}": _upsampled(
        _ridged(lambda ridge, n: ridge), lambda low, train: train.mean()
    ),
    f"lacks x̄. {MEAN}": _upsampled(_ridged(lambda ridge, n: ridge), base=0.0),
    f"has second moments and no means: a line through 0. Subtract l̄, add x̄. {MEAN}": _uncentered,
    "is flat. Return pictures, (B, H, W).": lambda *case: _right(*case).flatten(1),
    "is cut to 0 … 1. Return the mean as it is.": lambda *case: _right(*case).clamp(0, 1),
    "has rows and columns exchanged.": lambda *case: _right(*case).transpose(1, 2),
}


def _trained(shape: tuple[int, int], n: int, b: int, ridge: float, seed: int) -> tuple[Tensor, Tensor, Tensor, float]:
    """(low, low_train, x_train, ridge): pictures whose pixels go together, with a mean of their own."""
    rng, (h, w) = seeded(seed), shape
    mix = torch.randn(6, h * w, generator=rng).double() / 4
    x = torch.randn(n + b, 6, generator=rng).double() @ mix + 0.15 * torch.randn(n + b, h * w, generator=rng).double()
    x = (x + torch.linspace(0, 1, h * w)).reshape(-1, h, w)
    return _shrunk(x[:b]) + 0.1, _shrunk(x[b:]), x[b:], ridge


@question
def upsample(answer: Answer) -> None:
    """Square and oblong pictures, fewer of them than pixels; one alone; a pixel that is always 0."""
    cases = [_trained((8, 8), 30, 5, 0.05, 1), _trained((4, 6), 12, 3, 0.3, 2)]
    _judged(answer, cases, _right, LARGE, "The large picture")
    low, low_train, x_train, _ = _trained((4, 4), 9, 1, 0.02, 3)
    border = torch.ones(4, 4).double()
    border[:2, 2:] = 0
    alone = (low * _shrunk(border[None])[0], low_train * _shrunk(border[None])[0], x_train * border, 0.02)
    _judged(answer, [alone], _right, LARGE, "The large picture, one with a pixel that is always 0,")
