"""The first process in the sandbox: imports the libraries once, then forks a clean process for each submission.

It never runs a line of the learner's. It reads jobs from stdin and writes records to stdout, one line of JSON each, keeps
the limits of time, memory, processes and output, and starts again without the cell in which a process died.
"""

import argparse
import base64
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path

from course_utils.grading import isolate, kernel, sandbox
from course_utils.grading.capture import Shell
from course_utils.grading.guard import World

RESTARTS, GRACE, TICK, PROCESSES, FLOOD = 6, 2.0, 0.05, 60, 20_000_000


class Child:
    """One process that runs one submission, seen from the nursery."""

    def __init__(self, nursery: "Nursery", job: dict) -> None:
        self.nursery, self.limits, self.buffer, self.received = nursery, job["limits"], b"", 0
        self.socket, far = socket.socketpair()
        self.pid = nursery.fork()
        if self.pid == 0:
            self.socket.close()
            nursery.become_child(far, job)
        far.close()
        self.threads = None

    def family(self) -> list[int]:
        """The processes that the submission runs."""
        if not self.nursery.sandboxed:
            return [self.pid]
        return [int(p) for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid())]

    def memory_mb(self) -> float:
        """Resident memory beyond what each process shares with the nursery."""
        sizes = [_resident(pid) for pid in self.family()]
        return sum(max(0, size - self.nursery.resident) for size in sizes) / 1e6

    def crowd(self) -> str | None:
        """What runs beside the process's one thread: a thread could change a test while it runs."""
        threads = len(list(Path(f"/proc/{self.pid}/task").iterdir())) if os.path.isdir("/proc/self") else 1
        self.threads = self.threads or threads  # on the first call nothing of the learner's has run
        if len(self.family()) > 1:
            return "a process was left running"
        return "a thread was left running" if threads > self.threads else None

    def ask(self, order: dict, seconds: float) -> tuple[dict | None, list[str], str]:
        """Run one cell. Return its signed answer (None if the process died), flags, and why it died."""
        token, flags, end, interrupted = os.urandom(16).hex(), [], time.monotonic() + seconds, False
        why = self._send({**order, "token": token})
        while not why:
            ready, _, _ = select.select([self.socket], [], [], TICK)
            data = self._receive() if ready else None
            if data == b"":
                return None, flags, "the kernel died"
            for line in self._lines(data or b""):
                message = _parse(line)
                if message.get("token") == token:
                    return {**message, "late": interrupted}, flags, ""
                flags.append(f"tried {message['flag']}" if isinstance(message.get("flag"), str) else "a forged result")
            if time.monotonic() > end and not interrupted:
                interrupted, end = True, end + GRACE
                self.kill(signal.SIGINT)
            elif time.monotonic() > end:
                why = f"not finished after {seconds:.0f} s, and the interrupt was ignored"
            else:
                why = self._excess()
        return None, flags, why

    def _send(self, order: dict) -> str:
        try:
            self.socket.sendall(json.dumps(order).encode() + b"\n")
        except OSError:
            return "the kernel died"
        return ""

    def _receive(self) -> bytes:
        try:
            return self.socket.recv(1 << 20)
        except OSError:
            return b""

    def _lines(self, data: bytes) -> list[bytes]:
        self.received += len(data)
        *lines, self.buffer = (self.buffer + data).split(b"\n")
        return lines

    def _excess(self) -> str:
        if self.memory_mb() > self.limits["memory_mb"]:
            return f"more than {self.limits['memory_mb']:.0f} MB of memory"
        if len(self.family()) > PROCESSES:
            return f"more than {PROCESSES} processes"
        return "too much output" if self.received > FLOOD else ""

    def kill(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def end(self) -> float:
        """Kill what is left; return the peak of resident memory, in MB."""
        self.socket.close()
        if not self.nursery.sandboxed:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self.kill(signal.SIGKILL)  # in the sandbox its whole process-id namespace goes with it
        return os.wait4(self.pid, 0)[2].ru_maxrss / 1e3


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0


def _parse(line: bytes) -> dict:
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


class Nursery:
    """The warm process: shell, libraries and their memory of themselves, ready to be forked."""

    def __init__(self, modules: list[str], sandboxed: bool, scratch: str) -> None:
        self.sandboxed, self.scratch = sandboxed, scratch
        for module in modules:
            with contextlib.suppress(Exception):  # the submission's own import will say what is wrong
                importlib.import_module(module)
        with contextlib.suppress(ImportError, AttributeError):
            import torch

            torch.set_num_threads(1)
        self.shell = Shell.instance()
        self.shell.run_cell("pass")
        gc.collect()
        gc.freeze()
        self.world = World()
        self.own = os.open("/proc/self/ns/pid", os.O_RDONLY) if sandboxed else None
        self.resident = _resident(os.getpid())
        self.keep = [folder for folder in sandbox.libraries() if folder.startswith("/tmp/")]
        if sandboxed:
            isolate.hide()

    def fork(self) -> int:
        if self.sandboxed:
            isolate.next_child_in_new_pid_namespace(self.own)
        return os.fork()

    def become_child(self, channel: socket.socket, job: dict) -> None:
        """Go from a copy of the nursery to a process without rights in an empty folder, serve, and exit."""
        try:
            os.setsid()
            limits = job["limits"]
            if self.sandboxed:
                isolate.private_folders(256, self.keep)
            isolate.limit(limits["memory_mb"], limits["total"])
            if self.sandboxed:
                isolate.drop_rights()
            self._settle(channel, job)
            kernel.serve(channel, job, self.shell, self.world)
        finally:
            os._exit(0)

    def _settle(self, channel: socket.socket, job: dict) -> None:
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        keep = channel.fileno()
        os.closerange(3, keep)
        os.closerange(keep + 1, 4096)
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
            child = Child(self, job)
            try:
                whole = self._attempt(child, job, record, start)
            finally:
                record["peak_mb"] = max(record["peak_mb"], child.end())
            if whole:
                break
        return {**record, "seconds": time.monotonic() - start}

    def _attempt(self, child: Child, job: dict, record: dict, start: float) -> bool:
        """Run the cells in order. Return False if the process died (then it is run again without that cell)."""
        child.crowd()
        for i, cell in enumerate(job["cells"]):
            known = record["outcomes"].get(str(i))
            if cell["kind"] == "text" or (known and (known["died"] or cell["kind"] == "test")):
                continue
            left = job["limits"]["total"] - (time.monotonic() - start)
            if left <= 0:
                record["outcomes"][str(i)] = _dead("the time for the whole notebook was over")
                continue
            crowd = child.crowd() if cell["kind"] == "test" else None
            answer, flags, why = child.ask({**cell, "i": i}, min(left, job["limits"]["cell"]))
            record["flags"] += [f"cell {i}: {flag}" for flag in flags]
            record["outcomes"][str(i)] = {"died": None, **(answer or _dead(why)), "crowd": crowd, "tripped": flags}
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
        cell = {"kind": "code", "source": "1 + 1"}
        job = {"cells": [cell], "limits": limits, "files": {}, "classes": []}
        sys.exit(0 if nursery.run(job)["outcomes"]["0"]["ok"] else "the sandboxed kernel does not answer")
    lines, out = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints goes to stderr
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in lines:
        print(json.dumps(nursery.run(json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    main()
