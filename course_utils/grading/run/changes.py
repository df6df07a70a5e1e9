"""What a call carries beside its values: the modes of PyTorch, what it changed in place, and an exception as data."""

import inspect
import traceback
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from course_utils.grading.run import codec
from course_utils.grading.run.codec import CannotCross
from course_utils.grading.run.reader import Reader
from course_utils.grading.run.writer import Writer

PACKAGES = str(Path(torch.__file__).parents[1])
OWN = str(Path(__file__).parents[2])


def modes() -> dict:
    return {"grad": torch.is_grad_enabled(), "dtype": str(torch.get_default_dtype())[6:]}


def set_random(state: bytes) -> None:
    torch.set_rng_state(torch.frombuffer(bytearray(state), dtype=torch.uint8))


def signature(value: object) -> list | None:
    """The parameters of a callable as [name, kind, whether there is a default]."""
    try:
        found = inspect.signature(value).parameters.values()
        return [[p.name, int(p.kind), p.default is not p.empty] for p in found]
    except (TypeError, ValueError, RecursionError):
        return None


def described(error: BaseException) -> dict:
    """An exception as data: its classes, its text, and the learner's own line in which it came up."""
    try:
        text = str(error)
    except BaseException:
        text = ""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f.line for f in frames if f.line and not f.filename.startswith((OWN, PACKAGES, "<frozen"))]
    own = [getattr(error, "own_line", None) or "", *own]
    classes = [[str(cls.__module__), str(cls.__qualname__)] for cls in type(error).__mro__]
    return {"name": type(error).__name__, "classes": classes, "text": text[:100_000], "line": own[-1]}


def exception(about: dict) -> BaseException:
    """The exception that these data describe, of the nearest class that is known here."""
    base, text = codec.exception_class([list(map(str, pair)) for pair in about["classes"]]), str(about["text"])
    body = {"__str__": lambda self: text, "__init__": lambda self, *_: None, "own_line": str(about["line"])[:500]}
    try:
        made = type(str(about["name"])[:200], (base,), body)
        return made.__new__(made, text)
    except TypeError:
        return type(str(about["name"])[:200], (Exception,), body)(text)


def leaves(fields: dict, reader: Reader, parameters: bool) -> list[Tensor]:
    """Give the tensors of a request their gradients' beginnings; what is no leaf at home becomes a copy of one."""
    leaves = []
    for number, entry in enumerate(fields["tensors"]):
        leaf = reader.tensors[number]
        if entry["p"] and parameters:
            leaf = nn.Parameter(leaf, requires_grad=bool(entry["g"]))
        elif entry["g"]:
            leaf.requires_grad_()
        leaves.append(leaf)
        with torch.enable_grad():
            reader.tensors[number] = leaf.clone() if entry["g"] and not entry["leaf"] else leaf
    for leaf, entry in zip(leaves, fields["tensors"], strict=True):
        if "grad" in entry:
            leaf.grad = leaves[entry["grad"]["n"]]
    return leaves


def tensor_change(number: int, leaf: Tensor, entry: dict, reader: Reader, writer: Writer) -> list | None:
    """What of a tensor is not as it came: its numbers, requires_grad, its gradient; None if all is."""
    now = reader.tensors[number]
    data = None if codec.raw(now) == reader.blobs[entry["b"]] else writer.tensor(now.detach())
    requires = None if now.requires_grad == entry["g"] else now.requires_grad
    grad, old = leaf.grad if leaf.is_leaf else None, entry.get("grad")
    same = (grad is None) == (old is None)
    if same and grad is not None:
        same = codec.raw(grad) == reader.blobs[_place(old, reader)]
    changed = None if same else [] if grad is None else [writer.tensor(grad.detach())]
    return None if data is None and requires is None and changed is None else [number, data, requires, changed]


def _place(entry: dict, reader: Reader) -> int:
    """Where the bytes of a tensor are that came in a message."""
    return reader.header["tensors"][entry["n"]]["b"]


def object_change(thing: object, given: bytes | None, writer: Writer) -> object:
    """What of an array, a generator or a module is not as it came."""
    if isinstance(thing, np.ndarray):
        return None if thing.tobytes() == given else writer.array(thing)
    if isinstance(thing, torch.Generator):
        state = codec.raw(thing.get_state())
        return None if state == given else {"t": "bytes", "b": writer.blob(state)}
    if isinstance(thing, nn.Module):
        kept = {name: value for name, value in vars(thing).items() if not name.startswith("_")}
        return writer({name: value for name, value in kept.items() if _is_plain(value)})
    return None


def _is_plain(value: object) -> bool:
    try:
        Writer(_refuse, by_value=False)(value)
    except CannotCross:
        return False
    return True


def _refuse(value: object, _: Writer) -> dict:
    raise CannotCross(f"a {type(value).__name__} is no plain value")


def set_tensor(own: Tensor, data: Tensor | None, requires: bool | None, grad: list | None) -> None:
    with torch.no_grad():
        if data is not None:
            try:
                own.copy_(data)
            except RuntimeError:
                own.data = data
    if requires is not None and own.is_leaf:
        own.requires_grad_(bool(requires))
    if grad is not None:
        own.grad = grad[0] if grad else None


def set_object(own: object, value: object) -> None:
    if isinstance(own, np.ndarray):
        own[...] = value
    elif isinstance(own, torch.Generator):
        own.set_state(torch.frombuffer(bytearray(value), dtype=torch.uint8))
    elif isinstance(own, nn.Module):
        vars(own).update({name: part for name, part in value.items() if name in vars(own) and name[0] != "_"})


def set_state(module: nn.Module, values: dict[str, Tensor]) -> None:
    with torch.no_grad():
        for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
            if name in values:  # a lazy layer's numbers are known on the other side after the first call
                tensor.copy_(values[name])
