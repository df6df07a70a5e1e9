"""What a call of the learner's function must leave as it was: PyTorch's global state, and every argument."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

Facts = dict[str, object]  # what is said if it changes: what it was, a plain value or a copy

GRADIENTS = "leaves gradients switched off or on for everybody. `with torch.no_grad():` ends by itself."
DTYPE = "leaves another default dtype: do not call torch.set_default_dtype."
RANDOM = "changes torch's global random state. Draw from the generator that is given: no seed of your own."


def facts(function: Callable, args: Sequence[object], kwargs: Mapping[str, object]) -> Facts:
    """What a call `function(*args, **kwargs)` must not change. The keys continue the name of the function.

    Modes of PyTorch; its global random state if a generator is given; values and `requires_grad` of tensors and arrays,
    however nested; of modules, `requires_grad`, train or eval mode, and the weights unless an optimizer is given, too.
    """
    arguments = _named(function, args, kwargs)
    found: Facts = {GRADIENTS: torch.is_grad_enabled(), DTYPE: torch.get_default_dtype()}
    values = list(arguments.values())
    if any(isinstance(value, torch.Generator) for value in values):
        found[RANDOM] = torch.get_rng_state()
    trained = any(isinstance(value, torch.optim.Optimizer) for value in values)
    for name, value in arguments.items():
        found.update(_of(name, value, trained))
    return found


def changed(before: Facts, after: Facts) -> str | None:
    """The key of the first fact that is not as it was, or None."""
    return next((key for key, value in before.items() if not _same(value, after.get(key))), None)


def restore(before: Facts) -> None:
    """Set PyTorch's modes as they were, so that one mistake does not spoil what runs next."""
    torch.set_grad_enabled(bool(before[GRADIENTS]))
    torch.set_default_dtype(before[DTYPE])


def _named(function: Callable, args: Sequence[object], kwargs: Mapping[str, object]) -> dict[str, object]:
    """The arguments by the names of the signature; numbered where there is none that fits."""
    try:
        called = function.forward if isinstance(function, nn.Module) else function
        return dict(inspect.signature(called).bind(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        return {f"argument {number}": value for number, value in enumerate(args, 1)} | dict(kwargs)


def _of(name: str, value: object, trained: bool) -> Iterator[tuple[str, object]]:
    if isinstance(value, Tensor):
        yield f"changes its input in place (a method that ends in _, or +=): {name}. Make a new tensor.", _copy(value)
        yield f"changes requires_grad of {name}. Leave it as it was.", value.requires_grad
    elif isinstance(value, np.ndarray):
        yield f"changes its input in place (such as by += or .sort()): {name}. Make a new array.", value.copy()
    elif isinstance(value, nn.Module):
        yield from _of_module(name, value, trained)
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            yield from _of(f"{name}[{number}]", item, trained)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _of(f"{name}[{key!r}]", item, trained)


def _of_module(name: str, module: nn.Module, trained: bool) -> Iterator[tuple[str, object]]:
    parameters = list(module.parameters())
    frozen = f"leaves {name} frozen: set requires_grad back to True afterwards."
    yield frozen, [p.requires_grad for p in parameters]
    mode = f"leaves {name} in another mode. Note {name}.training first, and end with {name}.train(that)."
    yield mode, [part.training for part in module.modules()]
    if not trained:
        weights = f"changes the weights of {name}. Leave them as they are."
        yield weights, torch.cat([_copy(p).flatten().double() for p in parameters]) if parameters else None


def _copy(value: Tensor) -> Tensor:
    return value.detach().clone()


def _same(value: object, other: object) -> bool:
    if isinstance(value, Tensor | np.ndarray):
        return bool(np.array_equal(np.asarray(value), np.asarray(other), equal_nan=np.asarray(value).dtype.kind == "f"))
    return value == other
