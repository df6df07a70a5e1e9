"""The process that runs one submission: the learner's cells in an IPython shell, the tests apart from it.

A test is not run by the shell, whose every part the learner's code can replace, but by `exec` on a namespace of its own
with fresh builtins and fresh imports. Before it, the libraries are put back as they were, and a forked copy of this
process tries the test on the released stubs: where they pass, something makes the test pass that is no answer.
"""

import ast
import builtins
import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from socket import socket

from course_utils.grading.run import guard
from course_utils.grading.run.capture import Shell

__builtins__ = dict(vars(builtins))  # as in `guard`
STUB_SECONDS = 5
NUMBERS = {"int", "float", "bool", "float32", "float64", "int64", "int32", "bool_"}


def _orders(channel: socket, answer: dict) -> Iterator[dict]:
    """Yield the cells to run, one by one, and sign what `answer` holds after each.

    The token that signs comes with the cell and lives here alone, in a generator that is suspended while the cell
    runs: no frame above the learner's code refers to it.
    """
    with channel.makefile("rw", encoding="utf-8") as file:
        for line in file:
            order = json.loads(line)
            token = order.pop("token")
            answer.clear()
            yield order
            file.write(json.dumps({**answer, "token": token}) + "\n")
            file.flush()


def serve(channel: socket, job: dict, shell: Shell, world: guard.World) -> None:
    """Run the cells that come through `channel` until it is closed."""
    guard.watch(lambda event: os.write(channel.fileno(), json.dumps({"flag": event}).encode() + b"\n"))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    answer: dict = {}
    for order in _orders(channel, answer):
        start = time.monotonic()
        try:
            result = _test(order, job, shell, world) if order["kind"] == "test" else _cell(order, job, shell)
        except BaseException as error:  # also an interrupt that came between the cell and this line
            result = {"ok": False, "outputs": shell.outputs.items, "error": [type(error).__name__, _text(error)]}
        answer.update(result, seconds=time.monotonic() - start)


def _cell(order: dict, job: dict, shell: Shell) -> dict:
    with shell.recording(job["limits"]["output"]) as outputs:
        shell.run_cell(order["source"], store_history=True)
    return {"ok": shell.failed is None, "outputs": outputs.items, "error": shell.failed and list(shell.failed)}


def _test(order: dict, job: dict, shell: Shell, world: guard.World) -> dict:
    before, classes = world.changes(restore=True), world.disarm(job["classes"])
    world.calm()
    stub_passed = order["stub_fails"] and _stub_passes(order, job, shell, world)
    error, value = None, None
    namespace, shadowed = _namespace(job, shell, world)
    with Shell.recording(shell, job["limits"]["output"]) as outputs:
        try:
            value = _run(order["source"], namespace)
        except BaseException as failure:
            error = [type(failure).__name__, _text(failure)]
    during = world.changes(restore=True)
    if error:
        outputs.error(*error, [f"{error[0]}: {error[1]}"])
    elif value is not None and type(value).__name__ in NUMBERS:
        outputs.data("execute_result", {"text/plain": repr(value)})
    fresh = {name: namespace[name] for name in namespace.keys() - job["given_names"] if name != "__builtins__"}
    shell.user_ns.update(fresh)
    evidence = {"before": before + shadowed, "during": during, "classes": classes, "stub_passed": stub_passed}
    return {"ok": error is None, "error": error, "outputs": outputs.items, **evidence, **_credit(value)}


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return ""


def _namespace(job: dict, shell: Shell, world: guard.World) -> tuple[dict, list[str]]:
    """A copy of the learner's names, in which the assignment's own imports and helpers are what they should be."""
    namespace = {**shell.user_ns, "__builtins__": dict(world.builtins)}
    for name in world.builtins.keys() & namespace.keys():
        if not name.startswith("_"):
            del namespace[name]  # a builtin that the learner's code hides (often without meaning harm)
    fresh: dict = {"__builtins__": namespace["__builtins__"], "__name__": "__main__"}
    for statement in job["given"]:
        with contextlib.suppress(Exception):  # reported by the cell that it stands in
            exec(compile(statement, "<given>", "exec"), fresh)
    given = {name: fresh[name] for name in job["given_names"] if name in fresh}
    imported = [name for name in job["imported_names"] if name in given]
    shadowed = [name for name in imported if shell.user_ns.get(name, given[name]) is not given[name]]
    namespace.update(given)
    return namespace, [f"the name {name}" for name in shadowed]


def _run(source: str, namespace: dict) -> object:
    """Run a test; return the value of its last line if that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<test>", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "<test>", "eval"), namespace) if last else None


def _credit(value: object) -> dict:
    """Partial credit as text, if the test ended in a number of a plain type; the type's name otherwise."""
    kind = type(value).__name__
    if value is None or type(value).__module__ not in ("builtins", "numpy"):
        return {"value": None, "kind": kind}
    return {"value": repr(float(value)) if kind in NUMBERS else None, "kind": kind}


def _stub_passes(order: dict, job: dict, shell: Shell, world: guard.World) -> bool:
    """Whether the test passes, in a copy of this process, with the released stubs in place of the learner's answers."""
    child = os.fork()
    if child == 0:
        passed = False
        try:
            with Shell.recording(shell, 0):
                for name in job["answers"]:
                    shell.user_ns.pop(name, None)
                for stub in job["stubs"]:
                    with contextlib.suppress(BaseException):
                        exec(compile(stub, "<stub>", "exec"), shell.user_ns)
                _run(order["source"], _namespace(job, shell, world)[0])
                passed = True
        finally:
            os._exit(7 if passed else 8)
    end = time.monotonic() + STUB_SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 7
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False
