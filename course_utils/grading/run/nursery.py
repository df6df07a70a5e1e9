"""The first process in the sandbox: imports the libraries once, then forks two clean processes for each submission.

One runs the learner's cells, the other the tests: see `kernel` and `checker`. This one runs no line of the learner's.
It reads jobs from stdin and writes records to stdout, one line of JSON each; it keeps the limits of time, memory,
processes and output, and starts again without the cell in which a process died.
"""

import argparse
import base64
import contextlib
import gc
import importlib
import json
import os
import socket
import sys
import time
from pathlib import Path

from course_utils.grading.run import checker, isolate, kernel, sandbox
from course_utils.grading.run.capture import Shell
from course_utils.grading.run.child import Pair, resident

RESTARTS = 6
ROLES = {"learner": kernel.serve, "checker": checker.serve}
# What these modules import only when they are called, a second each: here once, not in every submission.
LATER = {"torch": ["torch._dynamo"], "course_utils.data": ["sklearn.datasets", "sklearn.model_selection"]}


class Nursery:
    """The warm process: shell and libraries, ready to be forked."""

    def __init__(self, modules: list[str], sandboxed: bool, scratch: str) -> None:
        self.sandboxed, self.scratch = sandboxed, scratch
        self.shell = Shell.instance()  # before matplotlib, which then draws into its cells
        self._load(modules)
        self._load([name for module in modules for name in LATER.get(module, [])])
        with contextlib.suppress(ImportError, AttributeError):
            import torch

            torch.set_num_threads(1)
        self.shell.run_cell("pass")
        gc.collect()
        gc.freeze()
        vars(sys.modules["course_utils"]).pop("grading")  # a learner's code need not find this program by its name
        self.own = os.open("/proc/self/ns/pid", os.O_RDONLY) if sandboxed else None
        self.resident = resident(os.getpid())
        self.keep = [folder for folder in sandbox.libraries() if folder.startswith("/tmp/")]
        if sandboxed:
            isolate.hide()

    @staticmethod
    def _load(modules: list[str]) -> None:
        for module in modules:
            with contextlib.suppress(Exception):  # the submission's own import will say what is wrong
                importlib.import_module(module)

    def fork(self) -> int:
        if self.sandboxed:
            isolate.next_child_in_new_pid_namespace(self.own)
        return os.fork()

    def become_child(self, role: str, sockets: list[socket.socket], job: dict) -> None:
        """Go from a copy of the nursery to a process without rights in an empty folder, serve, and exit."""
        try:
            os.setsid()
            limits = job["limits"]
            if self.sandboxed:
                isolate.private_folders(256, self.keep)
            isolate.limit(limits["memory_mb"], limits["total"])
            if self.sandboxed:
                isolate.drop_rights()
                isolate.own_memory_only()
            self._settle(sockets, job)
            ROLES[role](*sockets, job, self.shell)
        finally:
            os._exit(0)

    def _settle(self, sockets: list[socket.socket], job: dict) -> None:
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        keep = sorted(each.fileno() for each in sockets)
        for low, high in zip([2, *keep], [*keep, 4096], strict=True):
            os.closerange(low + 1, high)
        folder = Path("/tmp/work" if self.sandboxed else self.scratch)
        folder.mkdir(exist_ok=True)
        for name, text in job["files"].items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(base64.b64decode(text))
        os.chdir(folder)
        sys.path[:] = [*(entry for entry in sys.path if entry), str(folder)]  # last: a learner's torch.py hides nothing
        for name in [name for name in sys.modules if name.startswith("course_utils.grading")]:
            del sys.modules[name]

    def run(self, job: dict) -> dict:
        """Run a submission; return its record. Never raises for what the submission does."""
        start = time.monotonic()
        record: dict = {"outcomes": {}, "flags": [], "peak_mb": 0.0, "restarts": 0}
        for attempt in range(RESTARTS):
            record["restarts"] = attempt
            pair = Pair(self, job)
            try:
                whole = self._attempt(pair, job, record, start)
            finally:
                record["peak_mb"] = max(record["peak_mb"], pair.end())
            if whole:
                break
        return {**record, "seconds": time.monotonic() - start}

    def _attempt(self, pair: Pair, job: dict, record: dict, start: float) -> bool:
        """Run the cells in order. Return False if the process died (then it is run again without that cell)."""
        for i, cell in enumerate(job["cells"]):
            known = record["outcomes"].get(str(i))
            if cell["kind"] == "text" or (known and (known["died"] or cell["kind"] == "test")):
                continue
            left = job["limits"]["total"] - (time.monotonic() - start)
            if left <= 0:
                record["outcomes"][str(i)] = _dead("the time for the whole notebook was over")
                continue
            began, before = time.monotonic(), pair.cpu()
            answer, why = pair.ask(cell, min(left, job["limits"]["cell"]))
            spent = {"seconds": time.monotonic() - began, "cpu": max(0.0, pair.cpu() - before)}
            record["outcomes"][str(i)] = {"died": None, **(answer or _dead(why)), **spent}
            if answer is None:
                return False
        return True


def _dead(why: str) -> dict:
    return {"ok": False, "died": why, "outputs": [], "error": ["NotFinished", why], "seconds": 0.0}


def main() -> None:
    """Read jobs, write records, until stdin is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--import", dest="modules", default="")
    parser.add_argument("--unsafe", metavar="FOLDER", help="no sandbox; submissions run in this folder")
    parser.add_argument("--probe", action="store_true")
    options = parser.parse_args()
    nursery = Nursery([m for m in options.modules.split(",") if m], not options.unsafe, options.unsafe or "")
    if options.probe:
        limits = {"cell": 5, "total": 5, "memory_mb": 500, "output": 1000}
        cell = {"kind": "code", "source": "two = 1 + 1"}
        test = {"kind": "test", "source": "assert two == 2"}
        job = {"cells": [cell, test], "limits": limits, "files": {}, "stubs": [], "given": []}
        done = nursery.run(job)["outcomes"]
        sys.exit(0 if done["0"]["ok"] and done["1"]["ok"] else "the sandboxed processes do not answer")
    lines, out = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints goes to stderr
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in lines:
        print(json.dumps(nursery.run(json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    main()
