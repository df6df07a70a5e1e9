"""The process that runs the tests. None of the learner's code is in it: their names stand for what is in another one.

A name in a test is, in this order: what the assignment asks the learner to write; what the assignment's own cells
import or define; a builtin; whatever else the learner's code has made.
"""

import ast
import builtins
import contextlib
import signal
import traceback
from socket import socket

import torch

from course_utils.grading.run.capture import Shell
from course_utils.grading.run.codec import CannotCross
from course_utils.grading.run.kernel import Channel, text
from course_utils.grading.run.link import Link
from course_utils.grading.run.wire import Broken

HIDDEN = "### BEGIN HIDDEN TESTS"
NUMBERS = {"int", "float", "bool", "float32", "float64", "int64", "int32", "bool_"}


class Names(dict):
    """The names that a test sees. One that is not here is asked for in the learner's process."""

    def __init__(self, link: Link, asked: set[str]) -> None:
        super().__init__({"__builtins__": builtins, "__name__": "__main__"})
        self.link, self.asked = link, asked
        self.fetched: set[str] = set()

    def __missing__(self, name: str) -> object:
        if name not in self.asked and hasattr(builtins, name):
            raise KeyError(name)
        try:
            value = self.link.ask("name", name=name)
        except NameError:
            raise KeyError(name) from None
        self.fetched.add(name)
        self[name] = value
        return value

    def forget(self) -> None:
        """Drop what belongs to the learner: the next test asks again."""
        for name in self.fetched | self.asked:
            self.pop(name, None)
        self.fetched.clear()


def _bound(source: str) -> set[str]:
    """The names of the functions, classes and variables that a stub leaves to the learner."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set()
    found = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    targets = [node for top in body for node in ast.walk(top) if not isinstance(top, ast.FunctionDef | ast.ClassDef)]
    return found | {n.id for n in targets if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def serve(channel: socket, values: socket, job: dict, shell: Shell) -> None:
    """Run the tests that come through `channel` until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.seed()  # what a test draws without a seed is drawn anew in each run
    link, orders = Link(values, trusting=False), Channel(channel)
    names = Names(link, set().union(*map(_bound, job["stubs"])))
    for statement in job["given"]:
        with contextlib.suppress(Exception):  # reported by the cell that it stands in
            exec(compile(statement, "<given>", "exec"), names)
    names.forget()
    while (order := orders.order()) is not None:
        orders.answer(order, _test(order, job, shell, names))


def _test(order: dict, job: dict, shell: Shell, names: Names) -> dict:
    error, value, broken = None, None, False
    modes = torch.is_grad_enabled(), torch.get_default_dtype()
    with shell.recording(job["limits"]["output"]) as outputs:
        try:
            value = _run(order["source"], names)
        except Broken:
            broken = True
        except BaseException as failure:
            error = [type(failure).__name__, _said(failure, order["source"])]
        with contextlib.suppress(Broken):
            names.forget()
            names.link.clear()
            names.link.ask("clear")
    torch.set_grad_enabled(modes[0])
    torch.set_default_dtype(modes[1])
    if error:
        outputs.error(*error, [f"{error[0]}: {error[1]}"])
    elif value is not None and type(value).__name__ in NUMBERS:
        outputs.data("execute_result", {"text/plain": repr(value)})
    return {"ok": error is None, "error": error, "outputs": outputs.items, "broken": broken, **_credit(value)}


def _said(error: BaseException, source: str) -> str:
    """What an exception says; of one in a hidden test the first line, since numpy's next ones show what is wanted."""
    whole, frame = text(error), error.__traceback__
    lines = [entry.lineno for entry in traceback.extract_tb(frame) if entry.filename == "<test>"]
    if isinstance(error, CannotCross) and lines:
        whole += f" (line {lines[0]} of the test)"
    hidden = source[: source.find(HIDDEN)].count("\n") + 1 if HIDDEN in source else None
    if hidden is None or not lines or lines[0] < hidden:
        return whole
    return next((line for line in whole.splitlines() if line.strip()), "")


def _run(source: str, names: Names) -> object:
    """Run a test; return the value of its last line if that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<test>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<test>", "eval"), names) if last else None


def _credit(value: object) -> dict:
    """Partial credit as text, if the test ended in a number of a plain type; the type's name otherwise."""
    kind = type(value).__name__
    if value is None or type(value).__module__ not in ("builtins", "numpy"):
        return {"value": None, "kind": kind}
    return {"value": repr(float(value)) if kind in NUMBERS else None, "kind": kind}
