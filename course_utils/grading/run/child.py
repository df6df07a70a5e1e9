"""The processes of one submission, seen from the nursery: asked cell by cell, held to their limits, and ended."""

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


class Pair:
    """The two processes of a submission, and the sockets to them: one runs the learner's cells, the other the tests."""

    def __init__(self, nursery: "Nursery", job: dict) -> None:
        self.nursery, self.limits = nursery, job["limits"]
        values = dict(zip(("learner", "checker"), socket.socketpair(), strict=True))
        self.sockets: dict[str, socket.socket] = {}
        self.pids: dict[str, int] = {}
        self.buffers = {"learner": b"", "checker": b""}
        self.received = 0
        for role, value in values.items():
            self.sockets[role], far = socket.socketpair()
            self.pids[role] = nursery.fork()
            if self.pids[role] == 0:
                nursery.become_child(role, [far, value], job)
            far.close()
        for value in values.values():
            value.close()

    def family(self) -> list[int]:
        """The processes that the learner's code runs."""
        if not self.nursery.sandboxed:
            return [self.pids["learner"]]
        others = {1, os.getpid(), self.pids["checker"]}
        return [int(p) for p in os.listdir("/proc") if p.isdigit() and int(p) not in others]

    def memory_mb(self) -> float:
        """Resident memory beyond what is shared with the nursery.

        Forked processes share the nursery's pages, those that run another program do not. So where what all hold could
        be too much, the kernel counts: of a page that n processes share, an n-th for each.
        """
        family = self.family()
        most = sum(map(resident, family)) - self.nursery.resident
        if most > self.limits["memory_mb"] * 1e6 and len(family) > 1 and self.nursery.sandboxed:
            most = sum(map(proportional, family)) - self.nursery.resident
        return max(0, most) / 1e6

    def cpu(self) -> float:
        """Seconds of processor time that the submission's processes and the checker have used."""
        return sum(map(computed, [*self.family(), self.pids["checker"]]))

    def ask(self, cell: dict, seconds: float) -> tuple[dict | None, str]:
        """Run one cell. Return what became of it (None if a process died), and why it died."""
        role = "checker" if cell["kind"] == "test" else "learner"
        token, end, interrupted = os.urandom(16).hex(), monotonic() + seconds, False
        why = self._send(role, {"source": cell["source"], "token": token})
        while not why:
            ready, _, _ = select.select([self.sockets[role]], [], [], TICK)
            data = self._receive(role) if ready else None
            if data == b"":
                return None, "the kernel died"
            for line in self._lines(role, data or b""):
                message = _parse(line)
                if message.get("broken"):
                    return None, self._excess() or "the kernel died"
                if message.get("token") == token:
                    return {**message, "late": interrupted}, ""
            if monotonic() > end and not interrupted:
                interrupted, end = True, end + GRACE
                self.kill("learner", signal.SIGINT)
            elif monotonic() > end:
                why = f"not finished after {seconds:.0f} s, and the interrupt was ignored"
            else:
                why = self._excess()
        return None, why

    def _send(self, role: str, order: dict) -> str:
        try:
            self.sockets[role].sendall(json.dumps(order).encode() + b"\n")
        except OSError:
            return "the kernel died"
        return ""

    def _receive(self, role: str) -> bytes:
        try:
            return self.sockets[role].recv(1 << 20)
        except OSError:
            return b""

    def _lines(self, role: str, data: bytes) -> list[bytes]:
        self.received += len(data)
        *lines, self.buffers[role] = (self.buffers[role] + data).split(b"\n")
        return lines

    def _excess(self) -> str:
        if self.memory_mb() > self.limits["memory_mb"]:
            return f"more than {self.limits['memory_mb']:.0f} MB of memory"
        if len(self.family()) > PROCESSES:
            return f"more than {PROCESSES} processes"
        return "too much output" if self.received > FLOOD else ""

    def kill(self, role: str, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pids[role], number)

    def end(self) -> float:
        """Kill what is left; return the learner's peak of resident memory, in MB."""
        peaks = {}
        for role, pid in self.pids.items():
            self.sockets[role].close()
            if not self.nursery.sandboxed:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            self.kill(role, signal.SIGKILL)  # in the sandbox its whole process-id namespace goes with it
            peaks[role] = os.wait4(pid, 0)[2].ru_maxrss / 1e3
        return peaks["learner"]


def resident(pid: int) -> int:
    """The resident memory of a process, in bytes; 0 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0


def proportional(pid: int) -> int:
    """The proportional set size of a process, in bytes; where that cannot be seen all it holds; 0 if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return resident(pid)


def computed(pid: int) -> float:
    """Seconds of processor time of a process and of its children that ended; 0 if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


def _parse(line: bytes) -> dict:
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
