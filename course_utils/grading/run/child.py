"""One process that runs one submission, seen from the nursery: asked cell by cell, held to its limits, and ended."""

import contextlib
import json
import os
import select
import signal
import socket
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_utils.grading.run.nursery import Nursery

GRACE, TICK, PROCESSES, FLOOD = 2.0, 0.05, 60, 20_000_000


class Child:
    """A forked process and the socket to it."""

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
        sizes = [resident(pid) for pid in self.family()]
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
        token, flags, end, interrupted = os.urandom(16).hex(), [], monotonic() + seconds, False
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
            if monotonic() > end and not interrupted:
                interrupted, end = True, end + GRACE
                self.kill(signal.SIGINT)
            elif monotonic() > end:
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


def resident(pid: int) -> int:
    """The resident memory of a process, in bytes; 0 if it is gone."""
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
