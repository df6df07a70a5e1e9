"""Writes a value, and what it refers to, as one message."""

import json
import numbers
import struct
from collections import OrderedDict, defaultdict
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from course_utils.grading.run import codec
from course_utils.grading.run.codec import CONTAINERS, HERE_AND_THERE, CannotCross, importable, raw


class Writer:
    """One message being written. `stand_in(value)` describes what is no plain data; `by_value`: objects travel."""

    def __init__(self, stand_in: Callable[[object, "Writer"], dict], by_value: bool) -> None:
        self.stand_in, self.by_value = stand_in, by_value
        self.blobs: list[bytes] = []
        self.tensors: list[Tensor] = []
        self.table: list[dict] = []
        self.objects: list[object] = []
        self.known: dict[int, dict] = {}
        self.items = self.size = 0

    def blob(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > codec.BYTES:
            raise CannotCross(f"more than {codec.BYTES / 1e6:.0f} MB")
        self.blobs.append(data)
        return len(self.blobs) - 1

    def tensor(self, value: Tensor) -> dict:
        if id(value) not in self.known:
            entry = {"d": str(value.dtype)[6:], "s": list(value.shape), "b": self.blob(raw(value))}
            entry |= {"g": value.requires_grad, "leaf": value.is_leaf, "p": isinstance(value, nn.Parameter)}
            self.known[id(value)] = {"t": "tensor", "n": len(self.tensors)}
            self.tensors.append(value)
            self.table.append(entry)
            if value.is_leaf and value.requires_grad and value.grad is not None:
                entry["grad"] = self.tensor(value.grad.detach())
        return self.known[id(value)]

    def array(self, value: np.ndarray) -> dict:
        if value.dtype.kind == "O":
            return {"t": "objects", "s": list(value.shape), "v": self(value.reshape(-1).tolist())}
        if not codec.DTYPE.fullmatch(value.dtype.str):
            raise CannotCross(f"an array of {value.dtype}")
        key = id(value)
        if key not in self.known:
            data = np.ascontiguousarray(value).tobytes()
            self.known[key] = {"t": "array", "d": value.dtype.str, "s": list(value.shape), "b": self.blob(data)}
            self.known[key]["n"] = len(self.objects)
            self.objects.append(value)
        return self.known[key]

    def __call__(self, value: object, depth: int = 0) -> object:
        self.items += 1
        if depth > codec.DEPTH or self.items > codec.ITEMS:
            raise CannotCross("a value of too many parts, or nested too deeply")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, numbers.Number) and not isinstance(value, np.generic):
            return self._number(value)
        if isinstance(value, str):
            return {"t": "str", "v": str.__str__(value)} if type(value) is not str else value
        for name, cls in CONTAINERS.items():
            if isinstance(value, cls):
                return {"t": name, "v": [self(item, depth + 1) for item in cls.__iter__(value)]}
        if (isinstance(value, dict) and not self.by_value) or type(value) in (dict, OrderedDict, defaultdict):
            kind = "OrderedDict" if isinstance(value, OrderedDict) else "dict"
            pairs = [[self(k, depth + 1), self(v, depth + 1)] for k, v in dict.items(value)]
            return {"t": kind, "v": pairs}
        return self._library(value, depth)

    def _number(self, value: numbers.Number) -> object:
        if isinstance(value, int):
            value = int(value)
            return value if abs(value) < 2**53 else {"t": "int", "v": hex(value)}
        if isinstance(value, numbers.Real):
            value = float(value)
            return value if np.isfinite(value) else {"t": "float", "v": repr(value)}
        if isinstance(value, numbers.Complex):
            return {"t": "complex", "v": [repr(float(value.real)), repr(float(value.imag))]}
        return {"t": "float", "v": repr(float(value))}

    def _library(self, value: object, depth: int) -> dict:
        if isinstance(value, Tensor):
            return self.tensor(value)
        if isinstance(value, np.generic):
            return {"t": "scalar", "v": self.array(np.asarray(value))}
        if isinstance(value, np.ndarray):
            return self.array(np.asarray(value))
        if isinstance(value, bytes | bytearray):
            return {"t": "bytes", "b": self.blob(bytes(value))}
        if isinstance(value, range | slice):
            return {"t": type(value).__name__, "v": [self(x) for x in (value.start, value.stop, value.step)]}
        if isinstance(value, torch.dtype | torch.device) or value is Ellipsis:
            return {"t": type(value).__name__, "v": str(value).removeprefix("torch.")}
        if isinstance(value, torch.Generator) and value.device.type == "cpu":
            return self._object(value, {"t": "generator", "b": self.blob(raw(value.get_state()))})
        borrowed = getattr(type(value), "is_stand_in", False)
        if self.by_value and isinstance(value, codec.PLAIN_CLASSES) and not borrowed and codec.travels(value):
            return self._by_value(value, depth)
        if self.by_value and (name := importable(value, codec.LIBRARIES)):
            return {"t": "library", "v": list(name)}
        if hasattr(type(value), "__array__") and not callable(value):
            return self.array(np.asarray(value))
        return self.stand_in(value, self)

    def _object(self, value: object, entry: dict) -> dict:
        if id(value) in self.known:
            return self.known[id(value)]
        self.known[id(value)] = {"t": "again", "n": len(self.objects)}
        self.objects.append(value)
        return {**entry, "n": len(self.objects) - 1}

    def _by_value(self, value: object, depth: int) -> dict:
        if id(value) in self.known:
            return self.known[id(value)]
        entry = self._object(value, {"t": "object", "c": list(importable(type(value), HERE_AND_THERE))})
        return {**entry, "v": self(dict(vars(value)), depth + 1), "id": self.stand_in(value, self)["id"]}

    def message(self, **fields: object) -> bytes:
        """The whole message, with the tensors that its values refer to."""
        header = json.dumps({**fields, "tensors": self.table, "sizes": [len(blob) for blob in self.blobs]}).encode()
        return struct.pack(">Q", len(header)) + header + b"".join(self.blobs)
