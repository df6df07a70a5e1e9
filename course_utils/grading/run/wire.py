"""One end of the socket between the checker and the learner's process: whole messages, and things by number."""

import contextlib
import struct
from collections.abc import Callable
from socket import socket

from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from course_utils.grading.run import codec, stand_ins
from course_utils.grading.run.changes import signature
from course_utils.grading.run.reader import Reader, read_message
from course_utils.grading.run.writer import Writer


class Broken(Exception):
    """The other process is gone, or sends what is no message."""


class Wire:
    """One side of the connection. quiet: what the learner's code writes while it is called goes there."""

    def __init__(self, channel: socket, trusting: bool, quiet: Callable = contextlib.nullcontext) -> None:
        self.channel, self.trusting, self.quiet = channel, trusting, quiet
        self.names: dict = {}  # what the other side may ask for by name
        self.asked = 0  # requests are numbered, so that an answer that came too late is none to the next one
        self.count = 0  # numbers are not used twice: what is kept from an earlier test finds nothing
        self.clear()

    def clear(self) -> None:
        """Forget what was lent out and what was borrowed: the test is over."""
        self.lent: dict[int, object] = {}
        self.numbers: dict[int, int] = {}
        self.borrowed: dict[int, object] = {}
        self.guests: dict[int, int] = {}
        self.graphs: list[tuple[list[Tensor], list[Tensor]]] = []

    # Messages

    def _send(self, message: bytes) -> None:
        try:
            self.channel.sendall(message)
        except OSError as error:
            raise Broken(str(error)) from None

    def _read(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            try:
                part = self.channel.recv(min(1 << 20, size - len(data)))
            except OSError:
                part = b""
            if not part:
                raise Broken("the learner's process ended")
            data += part
        return bytes(data)

    def receive(self) -> tuple[dict, list[bytes]]:
        """The next message. Raises Broken if there is none, or if it is none."""
        (size,) = struct.unpack(">Q", self._read(8))
        try:
            if size > codec.HEADER:
                raise ValueError("too long")
            return read_message(self._read(size), self._read)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Broken(f"no message: {error}") from None

    def exchange(self, writer: Writer, **fields: object) -> tuple[dict, list[bytes]]:
        """Send a request; answer what the other side asks meanwhile; return its answer to this request."""
        self.asked += 1
        number = self.asked
        self._send(writer.message(no=number, **fields))
        while True:
            answer, blobs = self.receive()
            if answer.get("do") != "answer":
                self.serve(answer, blobs)
            elif answer.get("re") == number:
                return answer, blobs

    # Things and their numbers

    def number(self, thing: object) -> int:
        """The number under which the other side knows a thing of this side."""
        if id(thing) not in self.numbers:
            self.numbers[id(thing)] = self.count
            self.lent[self.count] = thing
            self.count += 1
        return self.numbers[id(thing)]

    def stand_in(self, value: object, writer: Writer) -> dict:
        """What stands for a value that is no data."""
        mine = getattr(type(value), "is_stand_in", False) and object.__getattribute__(value, "_link") is self
        if mine:
            writer.__dict__.setdefault("through", [])
            if isinstance(value, nn.Module) and value not in writer.through:
                writer.through.append(value)
            return {"t": "yours", "id": object.__getattribute__(value, "_id")}
        if id(value) in self.guests:
            return {"t": "yours", "id": self.guests[id(value)]}
        about = {"t": "mine", "id": self.number(value), "name": _name(value), "type": type(value).__name__}
        if isinstance(value, nn.Module) and not writer.by_value:
            return about | {"kind": "module", "signature": signature(value.forward), **self._state(value, writer)}
        return about | {"kind": "callable" if callable(value) else "object", "signature": signature(value)}

    @staticmethod
    def _state(module: nn.Module, writer: Writer) -> dict:
        known = [(name, p) for name, p in module.named_parameters() if not is_lazy(p)]  # a lazy layer has them later
        parameters = [[name, writer.tensor(p.detach()), p.requires_grad] for name, p in known]
        buffers = [[name, writer.tensor(b.detach())] for name, b in module.named_buffers() if not is_lazy(b)]
        return {"parameters": parameters, "buffers": buffers, "training": module.training}

    def reader(self, fields: dict, blobs: list[bytes]) -> Reader:
        reader: Reader
        reader = Reader(fields, blobs, lambda entry: self._meaning(entry, reader), self.trusting)
        return reader

    def _meaning(self, entry: dict, reader: Reader) -> object:
        number = entry["id"]
        if not isinstance(number, int):
            raise ValueError("no number")
        if entry["t"] == "yours":
            return self.lent[number]
        if entry["t"] != "mine":
            raise ValueError("no value")
        if number not in self.borrowed:
            self.borrowed[number] = stand_ins.make(self, number, entry, reader)
        return self.borrowed[number]

    def serve(self, fields: dict, blobs: list[bytes]) -> None:
        """Do what the other side asks."""
        raise NotImplementedError


def _name(value: object) -> str:
    name = getattr(value, "__name__", None)
    return name[:200] if isinstance(name, str) else type(value).__name__
