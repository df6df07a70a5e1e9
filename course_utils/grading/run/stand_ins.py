"""What one process holds of another's things: something to call, an object with attributes, a network."""

import functools
import inspect
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from course_utils.grading.run import codec
from course_utils.grading.run.reader import Reader
from course_utils.grading.run.writer import Writer

if TYPE_CHECKING:
    from course_utils.grading.run.link import Link


def make(link: "Link", number: int, about: dict, reader: Reader) -> object:
    """The stand-in for the thing that these data describe."""
    if about["kind"] == "module":
        return Network(link, number, about, reader)
    return (Function if about["kind"] == "callable" else Thing)(link, number, about)


def _signature(about: dict) -> inspect.Signature | None:
    parameters = about.get("signature")
    if not isinstance(parameters, list):
        return None
    made = []
    for name, kind, default in parameters:
        more = {"default": None} if default else {}
        made.append(inspect.Parameter(str(name), inspect._ParameterKind(int(kind)), **more))
    return inspect.Signature(made)


class Thing:
    """An object of the other process: its attributes are asked for there. It is not equal to anything but itself."""

    is_stand_in = True

    def __init__(self, link: "Link", number: int, about: dict) -> None:
        fields = {"_link": link, "_id": number, "_type": str(about["type"])[:200], "__name__": str(about["name"])[:200]}
        fields |= {"__signature__": _signature(about)}
        vars(self).update(fields)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._link.ask("get", target=self._id, name=name)

    def __setattr__(self, name: str, value: object) -> None:
        raise codec.CannotCross(f"a test cannot set {name} of the learner's {self._type}: it lives in another process")

    def __repr__(self) -> str:
        return f"<a {self._type}>"

    def __bool__(self) -> bool:
        raise codec.CannotCross(f"a {self._type} is neither true nor false here: it is no plain value")

    def __iter__(self) -> Iterator:
        return iter(self._link.ask("items", target=self._id))

    def __len__(self) -> int:
        try:
            return self._link.call(self, "__len__", (), {})
        except AttributeError:
            raise TypeError(f"a {self._type} has no length") from None

    def __getitem__(self, key: object) -> object:
        return self._link.call(self, "__getitem__", (key,), {})


class Function(Thing):
    """A function or class of the other process."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self._link.call(self, None, args, kwargs)


class Network(nn.Module):
    """A module of the other process. Its parameters are here as copies, which go there before a call if changed."""

    is_stand_in = True

    def __init__(self, link: "Link", number: int, about: dict, reader: Reader) -> None:
        super().__init__()
        own = {name: nn.Parameter(reader(t), requires_grad=bool(g)) for name, t, g in about["parameters"]}
        fields = {"_link": link, "_id": number, "_own": own, "_sent": -1, "_type": str(about["type"])[:200]}
        fields |= {"_kept": {str(name): reader(t) for name, t in about["buffers"]}}
        fields |= {"training": bool(about["training"]), "_mode": bool(about["training"])}
        forward = functools.partial(link.call, self, None)
        vars(self).update(fields, forward=lambda *args, **kwargs: forward(args, kwargs))
        if signature := _signature(about):
            self.forward.__signature__ = signature
        vars(self)["_sent"] = self._version()

    def _version(self) -> tuple:
        return tuple((id(t), t._version, t.data_ptr()) for t in [*self._own.values(), *self._kept.values()])

    def pushed(self, writer: Writer) -> tuple[object, bool | None]:
        """What has to go to the other process before a call: the numbers if they changed here, and the mode."""
        now, mode = self._version(), self.training if self.training != self._mode else None
        state = None
        if now != self._sent:
            state = writer({name: tensor.detach() for name, tensor in {**self._own, **self._kept}.items()})
        vars(self).update(_sent=now, _mode=self.training)
        return state, mode

    def take(self, state: dict, reader: Reader) -> None:
        """Write into the copies what the module's numbers are now."""
        found = {str(name): (reader(tensor), grad) for name, tensor, grad in state["parameters"]}
        self._own.update({n: nn.Parameter(found[n][0].clone()) for n in found if n not in self._own})  # lazy till now
        with torch.no_grad():
            for name, own in self._own.items():
                value, grad = found[name]
                if not torch.equal(own, value):
                    own.copy_(value)
                own.requires_grad_(bool(grad))
            for name, tensor in state["buffers"]:
                if not torch.equal(self._kept.setdefault(str(name), value := reader(tensor)), value):
                    self._kept[name].copy_(value)
        mode = bool(state["training"])
        vars(self).update(_sent=self._version(), _mode=mode, training=mode)

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._link.ask("get", target=self._id, name=name)

    def named_parameters(self, *_: object, **__: object) -> Iterator[tuple[str, nn.Parameter]]:
        yield from self._own.items()

    def named_buffers(self, *_: object, **__: object) -> Iterator[tuple[str, Tensor]]:
        yield from self._kept.items()

    def state_dict(self, *_: object, **__: object) -> OrderedDict[str, Tensor]:
        return OrderedDict((name, tensor.detach()) for name, tensor in {**self._own, **self._kept}.items())

    def load_state_dict(self, state: dict[str, Tensor], *_: object, **__: object) -> None:
        with torch.no_grad():
            for name, own in {**self._own, **self._kept}.items():
                own.copy_(state[name])

    def _apply(self, *_: object, **__: object) -> "Network":
        raise codec.CannotCross(f"a test cannot convert the learner's {self._type}: convert what it is given")

    def __repr__(self) -> str:
        return f"<the network {self._type}>"
