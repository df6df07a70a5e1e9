"""Values as text and bytes, from one process to another: plain data, and by number what is no plain data.

What a process reads here can make nothing run: a number, a text, a container, an array or a tensor of an exact type, or
a number that stands for something of its own or of the other process. Nothing is pickled. In one direction only, from
the checker to the learner's process (`trusted` there), an object of a library's class travels too, by its attributes.
"""

import builtins
import importlib
import re
import sys
from collections import OrderedDict

import torch
from torch import Tensor, nn

DEPTH, ITEMS, BYTES, HEADER = 40, 2_000_000, 256_000_000, 64_000_000
DTYPE = re.compile(r"[<>|=]?([biufcUSmM])\d+(\[\w+\])?")
LIBRARIES = ("torch", "numpy", "math", "operator", "scipy", "builtins", "collections", "functools")
HERE_AND_THERE = (*LIBRARIES, "course_utils", "torchvision")
PLAIN_CLASSES = (nn.Module, torch.optim.Optimizer)
CONTAINERS = {"tuple": tuple, "list": list, "set": set, "frozenset": frozenset}
MAPPINGS = {"dict": dict, "OrderedDict": OrderedDict}


class CannotCross(TypeError):
    """A value that does not go from one process to the other; the text says which, and what to do."""


def found(module: str, name: str) -> object:
    """What a module calls by this dotted name."""
    value: object = importlib.import_module(module)
    for part in name.split("."):
        value = getattr(value, part)
    return value


def importable(value: object, roots: tuple[str, ...]) -> tuple[str, str] | None:
    """The module and the name under which another process finds the same class or function, or None."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    module = "torch" if module is None and getattr(torch, str(name), None) is value else module
    if not isinstance(module, str) or not isinstance(name, str) or module.partition(".")[0] not in roots:
        return None
    try:
        return (module, name) if found(module, name) is value else None
    except (ImportError, AttributeError):
        return None


def travels(value: object) -> bool:
    """Whether an object, with all modules in it, is of classes that the other process has too."""
    parts = value.modules() if isinstance(value, nn.Module) else [value]
    return all(importable(type(part), HERE_AND_THERE) for part in parts)


def raw(tensor: Tensor) -> bytes:
    """The numbers of a dense tensor, in its own order of dimensions, as bytes."""
    if tensor.layout != torch.strided or tensor.device.type != "cpu" or tensor.is_quantized:
        raise CannotCross(f"a tensor that is {tensor.layout} on {tensor.device}: only a dense one on the CPU is data")
    whole = tensor.detach().resolve_conj().resolve_neg()
    flat = whole.clone(memory_format=torch.contiguous_format).reshape(-1)  # one number, of any stride, is "contiguous"
    return flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""


def cooked(name: str, shape: list[int], data: bytes) -> Tensor:
    """The tensor of these numbers. Raises ValueError for what is none."""
    dtype = getattr(torch, name) if re.fullmatch(r"\w+", name) else None
    sizes = [int(size) for size in shape]
    if not isinstance(dtype, torch.dtype) or any(size < 0 for size in sizes):
        raise ValueError("no tensor")
    flat = torch.frombuffer(bytearray(data), dtype=torch.uint8) if data else torch.empty(0, dtype=torch.uint8)
    return flat.view(dtype).reshape(sizes)


def exception_class(names: list[list[str]]) -> type[BaseException]:
    """The nearest class of an exception that this process knows too, of Python's own or a library's."""
    for module, name in names:
        known = vars(builtins).get(name) if module == "builtins" else None
        ours = module.partition(".")[0] in LIBRARIES or module.startswith("course_utils.checks.")
        if ours and module in sys.modules:
            try:
                known = found(module, name)
            except (AttributeError, ImportError):
                known = None
        if isinstance(known, type) and issubclass(known, BaseException):
            return known
    return Exception
