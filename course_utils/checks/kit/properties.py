"""Properties that any right answer has, whatever its numbers: each closes a class of mistakes for every assignment.

That a call leaves arguments and global state alone needs no line in a check: `Answer` looks by itself, see `state`.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from course_utils.checks.kit.common import Answer, close, require


def fixed(*shape: int, seed: int = 0) -> Tensor:
    """Standard normal numbers `shape`, always the same; ValueError if two sizes are equal: no swap would show."""
    if len(set(shape)) < len(shape):
        raise ValueError(f"Two sizes of {shape} are equal.")
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def draws_by_default(answer: Answer, *args: object, read: Callable[[object], Tensor]) -> Tensor:
    """Raise CheckFailed unless `answer(*args)`, with no generator, draws anew from torch's global one; what it draws.

    `read` makes a tensor of what the function returns, and may raise CheckFailed itself.
    """

    def draw(seed: int | None = None) -> Tensor:
        if seed is not None:
            torch.manual_seed(seed)
        return read(answer(*args))

    first, second, again = draw(1), draw(), draw(1)
    without = f"{answer.name} without a generator"
    alike = f"{without} returns the same at every call: is nothing drawn, or from a new torch.Generator()?"
    require(not torch.equal(first, second), f"{alike} Pass generator=None on to torch: that is its global one.")
    seeded = f"{without} must repeat after torch.manual_seed: draw from torch's global generator."
    require(torch.equal(first, again), f"{seeded} generator=None means just that.")
    return first


def one_row(
    answer: Answer, rows: Sequence[Tensor], rest: Sequence[object] = (), *, read: Callable[[object], Tensor]
) -> None:
    """Raise CheckFailed unless a batch of one row gives what the whole batch gives for it, in the same shape (1, …).

    `answer(*rows, *rest)`: each of `rows` has the batch in dimension 0; `read` makes a tensor (B, …) of the result.
    """
    whole = read(answer(*rows, *rest))
    alone = read(answer(*(part[-1:] for part in rows), *rest))
    shape = tuple(whole[-1:].shape)
    lost = f"{answer.name} returns the shape {tuple(alone.shape)} for a batch of one, instead of {shape}."
    require(tuple(alone.shape) == shape, f"{lost} squeeze() without a dimension drops the batch, too.")
    mixed = f"{answer.name} returns something else for a point alone than in a batch. Keep the rows apart."
    require(close(alone, whole[-1:], 1e-3), mixed)


def any_order(
    answer: Answer, rows: Sequence[Tensor], rest: Sequence[object] = (), *, read: Callable[[object], Tensor]
) -> None:
    """Raise CheckFailed unless the result, one for all rows, stays when the rows of every input are turned round."""
    turned = (part.flip(0) for part in rows)
    same = close(read(answer(*turned, *rest)), read(answer(*rows, *rest)), 1e-3)
    require(same, f"{answer.name} returns something else when the same points come in another order.")


def precise(value: Tensor, what: str) -> Tensor:
    """`value`, made from float64 numbers, if it is float64; otherwise CheckFailed."""
    dtype = str(value.dtype).removeprefix("torch.")
    lost = f"{what}: {dtype} comes out where float64 goes in, and digits are lost."
    require(value.dtype == torch.float64, f"{lost} Build what you add with dtype=x.dtype, and convert nothing.")
    return value
