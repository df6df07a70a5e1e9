"""Calls between the checker and the learner's process: each holds the other's things by number, and sends values.

Both sides are the same class. A call goes with its arguments, the modes of PyTorch and its random state; the answer
brings the value or the exception, and what the call changed: tensors and arrays in place, gradients, generators, the
training mode of modules. Whoever called writes that into its own. So `f(x)` does here what it does in one process.
A side that is `trusting`, the learner's, also takes objects of a library's class; the checker's side takes data alone.
"""

from collections.abc import Callable
from itertools import islice

import torch
from torch import Tensor, nn

from course_utils.grading.run import changes, codec
from course_utils.grading.run.codec import CannotCross
from course_utils.grading.run.reader import Reader
from course_utils.grading.run.wire import Broken, Wire
from course_utils.grading.run.writer import Writer

MANY = 100_000


class Link(Wire):
    """One side of the connection, which asks and answers."""

    # The side that asks

    def call(self, target: object, method: str | None, args: tuple, kwargs: dict) -> object:
        """Call a thing of the other side, or a method of it."""
        writer = Writer(self.stand_in, by_value=not self.trusting)
        writer.through = []
        fields = {"target": self.stand_in(target, writer)["id"], "method": method}
        fields |= {"args": writer(tuple(args)), "kwargs": writer(dict(kwargs))}
        inputs = [tensor for tensor in writer.tensors if tensor.requires_grad]
        through, inputs = list(writer.through), inputs + [p for m in writer.through for p in m.parameters()]
        fields["push"] = [[m._id, *m.pushed(writer)] for m in through]
        fields["modes"] = changes.modes() | (
            {} if self.trusting else {"rng": writer.blob(codec.raw(torch.get_rng_state()))}
        )
        answer, blobs = self.exchange(writer, do="call", **fields)
        return self._answer(answer, blobs, writer, through, inputs)

    def ask(self, do: str, **fields: object) -> object:
        """Ask for something that is no call: a name, an attribute, the items of an iterable."""
        writer = Writer(self.stand_in, by_value=not self.trusting)
        return self._answer(*self.exchange(writer, do=do, **fields), writer, [], [])

    def _answer(self, answer: dict, blobs: list[bytes], writer: Writer, through: list, inputs: list) -> object:
        try:
            reader = self.reader(answer, blobs)
            if "changed" in answer:
                self._apply(answer, reader, writer, through)
            if "error" in answer:
                error = changes.exception(answer["error"])
            else:
                error = None
                self._bridge(answer, reader, inputs)
                value = reader(answer["value"])
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, RecursionError) as problem:
            raise CannotCross(f"what comes back is no data ({problem})") from None
        if error is not None:
            raise error
        return value

    def _bridge(self, answer: dict, reader: Reader, inputs: list[Tensor]) -> None:
        """Tie the tensors that carry a gradient on the other side to the inputs on this one."""
        where = [n for n, entry in enumerate(answer["tensors"]) if entry["g"]]
        if not where or answer.get("graph") is None or not torch.is_grad_enabled():
            return
        start = torch.zeros((), requires_grad=True)
        values = [reader.tensors[n] for n in where]
        tied = _Bridge.apply(self, int(answer["graph"]), len(where), start, *values, *inputs)
        for n, tensor in zip(where, tied, strict=True):
            reader.tensors[n] = tensor

    def _apply(self, answer: dict, reader: Reader, writer: Writer, through: list) -> None:
        """Write into this side's own what the call has changed."""
        if not self.trusting:
            torch.set_grad_enabled(bool(answer["modes"]["grad"]))
            torch.set_default_dtype(reader({"t": "dtype", "v": answer["modes"]["dtype"]}))
            if answer["modes"]["rng"] is not None:
                changes.set_random(reader.blobs[answer["modes"]["rng"]])
        for number, data, requires, grad in answer["changed"]:
            changes.set_tensor(
                writer.tensors[number], data and reader(data), requires, grad and [reader(g) for g in grad]
            )
        for number, entry in answer["objects"]:
            changes.set_object(writer.objects[number], reader(entry))
        for module, state in zip(through, answer["states"], strict=True):
            module.take(state, reader)

    # The side that answers

    def serve(self, fields: dict, blobs: list[bytes]) -> None:
        """Do what is asked, and send the answer. Only Broken comes out of here."""
        writer = Writer(self.stand_in, by_value=not self.trusting)
        try:
            answer = getattr(self, f"_do_{fields['do']}")(fields, self.reader(fields, blobs), writer)
        except Broken:
            raise
        except BaseException as error:
            writer, answer = Writer(self.stand_in, by_value=False), {"error": changes.described(error)}
        self._send(writer.message(do="answer", re=fields.get("no"), **answer))

    def _only_learner(self) -> None:
        if not self.trusting:
            raise PermissionError("the tests cannot be looked into")

    def _do_name(self, fields: dict, reader: Reader, writer: Writer) -> dict:
        self._only_learner()
        if fields["name"] not in self.names:
            raise NameError(f"name {fields['name']!r} is not defined")
        return {"value": writer(self.names[fields["name"]])}

    def _do_get(self, fields: dict, reader: Reader, writer: Writer) -> dict:
        self._only_learner()
        with self.quiet():
            return {"value": writer(getattr(self.lent[fields["target"]], fields["name"]))}

    def _do_items(self, fields: dict, reader: Reader, writer: Writer) -> dict:
        self._only_learner()
        with self.quiet():
            return {"value": writer(list(islice(iter(self.lent[fields["target"]]), MANY)))}

    def _do_clear(self, fields: dict, reader: Reader, writer: Writer) -> dict:
        self._only_learner()
        self.clear()
        return {"value": None}

    def _do_vjp(self, fields: dict, reader: Reader, writer: Writer) -> dict:
        outs, ins = self.graphs[int(fields["graph"])]
        grads = [reader(entry) for entry in fields["grads"]]
        with self.quiet():
            found = torch.autograd.grad(outs, ins, grads, retain_graph=True, allow_unused=True) if ins else ()
        return {"value": writer([None if grad is None else grad.detach() for grad in found])}

    def _do_call(self, fields: dict, reader: Reader, writer: Writer) -> dict:
        target = self.lent[fields["target"]]
        if fields["method"] is not None:
            self._only_learner()
            target = getattr(target, fields["method"])
        leaves = changes.leaves(fields, reader, self.trusting)
        args, kwargs = reader(fields["args"]), reader(fields["kwargs"])
        for number, thing in reader.came:
            self.guests[id(thing)] = number
            self.graphs.append(([], [thing]))  # keeps it, and with it its id
        modules = [self._pushed(entry, reader) for entry in fields["push"]]
        answer = self._run(target, args, kwargs, fields, reader, writer)
        ins = [leaf for leaf, entry in zip(leaves, fields["tensors"], strict=True) if entry["g"]]
        outs = [tensor for tensor in writer.tensors if tensor.requires_grad]
        if outs:
            answer["graph"] = len(self.graphs)
            self.graphs.append((outs, ins + [p for module in modules for p in module.parameters()]))
        return answer | self._changes(leaves, fields, reader, writer, modules)

    def _pushed(self, entry: list, reader: Reader) -> nn.Module:
        number, state, training = entry
        module = self.lent[number]
        if state is not None:
            changes.set_state(module, reader(state))
        if training is not None and training != module.training:
            module.train(training)
        return module

    def _run(self, target: Callable, args: tuple, kwargs: dict, fields: dict, reader: Reader, writer: Writer) -> dict:
        """Call it in the modes of the side that asks; the value or the error, and the modes that it leaves."""
        outer, given = self._enter(fields["modes"], reader), None
        try:
            with self.quiet():
                answer = {"value": writer(target(*args, **kwargs))}
        except Broken:
            raise
        except BaseException as error:
            answer = {"error": changes.described(error)}
        finally:
            left = changes.modes()
            if self.trusting:
                given, state = reader.blobs[fields["modes"]["rng"]], codec.raw(torch.get_rng_state())
                left["rng"] = None if state == given else writer.blob(state)
            self._leave(*outer)
        return {**answer, "modes": left}

    def _enter(self, modes: dict, reader: Reader) -> tuple:
        """Set the modes of the side that asks, as far as they are this side's business; what they were."""
        outer = torch.is_grad_enabled(), torch.get_default_dtype(), torch.get_rng_state() if self.trusting else None
        torch.set_grad_enabled(bool(modes["grad"]))
        if self.trusting:
            torch.set_default_dtype(getattr(torch, modes["dtype"]))
            changes.set_random(reader.blobs[modes["rng"]])
        return outer

    def _leave(self, grad: bool, dtype: torch.dtype, random: Tensor | None) -> None:
        torch.set_grad_enabled(grad)
        if random is not None:
            torch.set_default_dtype(dtype)
            torch.set_rng_state(random)

    def _changes(self, leaves: list, fields: dict, reader: Reader, writer: Writer, modules: list) -> dict:
        pairs = enumerate(zip(leaves, fields["tensors"], strict=True))
        changed = [changes.tensor_change(n, leaf, entry, reader, writer) for n, (leaf, entry) in pairs]
        objects = [
            [n, changes.object_change(thing, reader.given.get(n), writer)] for n, thing in reader.objects.items()
        ]
        states = [self._state(module, writer) for module in modules]
        kept = [[n, entry] for n, entry in objects if entry is not None]
        return {"changed": [entry for entry in changed if entry], "objects": kept, "states": states}


class _Bridge(torch.autograd.Function):
    """The identity on what the other side returned; its gradient is asked for there."""

    @staticmethod
    def forward(ctx: object, link: Link, graph: int, count: int, start: Tensor, *tensors: Tensor) -> tuple[Tensor, ...]:
        ctx.link, ctx.graph, ctx.count = link, graph, count
        return tuple(tensor.clone() for tensor in tensors[:count])

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: object, *grads: Tensor) -> tuple:
        writer = Writer(ctx.link.stand_in, by_value=False)
        entries = [writer.tensor(grad.detach()) for grad in grads]
        fields = {"graph": ctx.graph, "grads": entries}
        answer = ctx.link.exchange(writer, do="vjp", **fields)
        found = ctx.link._answer(*answer, writer, [], [])
        return (None, None, None, None, *[None] * ctx.count, *found)
