"""From a job to its record: a pure function that any executor can run, here or on another machine.

Nurseries are kept warm from job to job, as many as run at once. A job is a dictionary of plain values; what runs it
needs this package and its libraries, and no course.
"""

import atexit
import json
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from course_utils.grading.run import sandbox

START_SECONDS, SLACK_SECONDS = 600, 60
LIMITS = {"cell": 60.0, "total": 600.0, "memory_mb": 2000.0, "output": 100_000}


_starter = ThreadPoolExecutor(1)
_all: set["Nursery"] = set()


class NurseryDied(Exception):
    """The process that forks the submissions' processes ended or does not answer."""


class Nursery:
    """The warm, sandboxed process (module `nursery`), seen from outside."""

    def __init__(self, modules: list[str], unsafe: bool) -> None:
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115  (open as long as the process runs)
        self.folder = tempfile.TemporaryDirectory()
        command = [sys.executable, "-m", "course_utils.grading.run.nursery", "--import", ",".join(modules)]
        command = [*command, "--unsafe", self.folder.name] if unsafe else sandbox.wrap(command)
        self.key = (modules, unsafe)
        # bubblewrap ends with the thread that started it, so this is one that lives as long as the program.
        self.process = _starter.submit(
            subprocess.Popen,
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            start_new_session=True,  # Ctrl-C is for the command, which then ends its nurseries
            env=sandbox.environment(self.folder.name),
        ).result()
        _all.add(self)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.buffer = b""
        self._line(START_SECONDS)

    def _line(self, seconds: float) -> dict:
        end = time.monotonic() + seconds
        while b"\n" not in self.buffer:
            if not self.selector.select(max(0, end - time.monotonic())):
                self._died("does not answer")
            data = self.process.stdout.read1(1 << 20)
            if not data:
                self._died("ended")
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return json.loads(line)

    def _died(self, what: str) -> None:
        self.close()
        self.log.seek(0)
        last = self.log.read()[-2000:].strip().splitlines()[-1:]
        raise NurseryDied(": ".join([f"the grading process {what}", *last]))

    def run(self, job: dict) -> dict:
        try:
            self.process.stdin.write(json.dumps(job).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            self._died("ended")
        return self._line(job["limits"]["total"] + SLACK_SECONDS)

    def close(self) -> None:
        _all.discard(self)
        self.process.kill()
        self.process.wait()


_idle: list[Nursery] = []
_lock = threading.Lock()
_closed = threading.Event()


def _take(modules: list[str], unsafe: bool) -> Nursery:
    """An idle nursery for these modules, or a new one; what is idle for others is ended."""
    if _closed.is_set():
        raise NurseryDied("the program ends")
    with _lock:
        same = [n for n in _idle if n.key == (modules, unsafe) and n.process.poll() is None]
        for nursery in [n for n in _idle if n not in same]:
            _idle.remove(nursery)
            nursery.close()
        if same:
            _idle.remove(same[0])
            return same[0]
    return Nursery(modules, unsafe)


def close_all() -> None:
    """End every nursery, also those at work, and start no other: the program ends."""
    _closed.set()
    for nursery in list(_all):
        nursery.close()


atexit.register(close_all)


def run(job: dict) -> dict:
    """Run one job; a nursery that dies is replaced once. The record's "error" says what went wrong, or is None."""
    why = ""
    for _ in range(2):
        try:
            nursery = _take(job["modules"], job["unsafe"])
            record = nursery.run(job)
            with _lock:
                _idle.append(nursery)
            return {**record, "error": None, "sandboxed": not job["unsafe"]}
        except (NurseryDied, sandbox.NoSandbox, ValueError) as error:
            why = str(error)
    nothing = {"outcomes": {}, "flags": [], "seconds": 0.0, "peak_mb": 0.0, "restarts": 0}
    return {**nothing, "error": why, "sandboxed": not job["unsafe"]}


@contextmanager
def executor(workers: int, cluster: str | None) -> Iterable[Executor]:
    """Where jobs run: as many local sandboxes as `workers`, or a Dask cluster's workers."""
    if cluster is None:
        try:
            with ThreadPoolExecutor(workers) as pool:  # a thread only waits for its sandboxed process
                try:
                    yield pool
                except BaseException:  # an interrupt: do not wait for what runs
                    pool.shutdown(wait=False, cancel_futures=True)
                    close_all()
                    raise
        finally:
            _closed.clear()  # no thread is left: a later run in this program may start its own
    else:
        from distributed import Client

        with Client(cluster, timeout="30s") as client:
            yield client.get_executor(pure=False, retries=2)
