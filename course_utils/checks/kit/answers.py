"""What a learner's function returns, as float64 tensors: Python numbers, numpy arrays and tensors are all welcome."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.common import Answer, CheckFailed, quiet, require, verb


def number(value: object, what: str) -> Tensor:
    """One finite real number as a float64 tensor without dimensions; CheckFailed says what it is otherwise."""
    require(value is not None, f"{what} {verb('is', what)} None instead of a number. Is the return missing?")
    complex_ = "the root of a matrix that is not symmetric picks up an imaginary part by rounding. Take it of A Σ₂ A."
    require(not np.iscomplexobj(np.asarray(plain(value))), f"{what} {verb('is', what)} a complex number: {complex_}")
    shape = tuple(np.shape(plain(value)))
    require(math.prod(shape) == 1, f"{what} {verb('has', what)} the shape {shape}. Return one number.")
    result = torch.tensor(float(np.asarray(plain(value), dtype=float).reshape(())), dtype=torch.float64)
    finite = "0 log 0, or the square root of an eigenvalue that rounding made negative, becomes nan: avoid it."
    require(torch.isfinite(result), f"{what} {verb('is', what)} {result.item()}. {finite}")
    return result


def plain(value: object) -> object:
    return value.detach().numpy() if isinstance(value, Tensor) else value


def pair(value: object, names: Sequence[str], what: str) -> list[object]:
    """Two values, or CheckFailed."""
    both = isinstance(value, tuple | list) and len(value) == 2
    got = f"{len(value)} values" if isinstance(value, tuple | list) else type(value).__name__
    require(both, f"{what} must return two values, ({', '.join(names)}); it returns {got}.")
    return list(value)


def values(value: object, what: str) -> Tensor:
    """Finite numbers, whatever their shape, as a float64 tensor; CheckFailed says what they are otherwise."""
    require(value is not None, f"{what} {verb('is', what)} None. Is the return missing?")
    items = [plain(item) for item in value] if isinstance(value, tuple | list) else plain(value)
    result = torch.as_tensor(np.asarray(items, dtype=float))
    require(torch.isfinite(result).all(), f"{what} {verb('holds', what)} nan or inf.")
    return result


def array(value: object, shape: tuple[int, ...], what: str) -> Tensor:
    """A finite float64 tensor of this shape, or CheckFailed."""
    require(value is not None, f"{what} {verb('is', what)} None. Is the return missing?")
    array = torch.as_tensor(np.asarray(plain(value), dtype=float))
    require(array.shape == shape, f"{what} {verb('has', what)} the shape {tuple(array.shape)} instead of {shape}.")
    require(torch.isfinite(array).all(), f"{what} {verb('holds', what)} nan or inf.")
    return array


def refuses(answer: Answer, args: tuple[object, ...], problem: str) -> None:
    """Raise CheckFailed unless the function raises ValueError for these arguments."""
    try:
        with quiet():
            value = answer.function(*args)
    except ValueError:
        return
    except Exception as error:
        raise CheckFailed(f"{answer.name} raises {type(error).__name__} for {problem}. Raise ValueError.") from None
    raise CheckFailed(
        f"{answer.name} returns {value} for {problem}. A metric that goes on silently is dangerous: raise ValueError."
    )
