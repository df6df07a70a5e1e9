"""Several cases at once: a mistake is named if it alone gives every result that came back."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import plain
from course_utils.checks.kit.common import Answer, close, recognize, require

Function = Callable[..., Tensor]
Mistakes = Mapping[str, Function]  # what is said, and what the mistake computes from the same arguments


def judged(answer: Answer, cases: Sequence[tuple], right: Function, mistakes: Mistakes, what: str) -> None:
    """Raise CheckFailed unless the tensors that `answer` returns for all cases are those of `right`."""
    found, expected = [answer(*case) for case in cases], [right(*case).detach() for case in cases]
    explained(found, cases, expected, mistakes, what)
    for value, each in zip(found, expected, strict=True):
        recognize(value, each, {}, what)


def explained(
    found: Sequence[object], cases: Sequence[tuple], expected: Sequence[Tensor], mistakes: Mistakes, what: str
) -> None:
    """Raise CheckFailed if results are not those expected, and one mistake gives all of them."""
    numbers = [loose(value) for value in found]
    if all(_same(value, each) for value, each in zip(numbers, expected, strict=True)):
        return
    for message, mistake in mistakes.items():
        gives = all(_same(value, mistake(*case).detach()) for value, case in zip(numbers, cases, strict=True))
        require(not gives, f"{what} {message}")


def loose(value: object) -> Tensor | None:
    """A tensor of whatever holds numbers, or None; nan and every shape are welcome."""
    if isinstance(value, Tensor):
        return value.detach()
    try:
        items = [plain(item) for item in value] if isinstance(value, tuple | list) else value
        return torch.as_tensor(np.asarray(items, dtype=float))
    except (TypeError, ValueError):
        return None


def _same(value: Tensor | None, other: Tensor) -> bool:
    return value is not None and close(value, other)
