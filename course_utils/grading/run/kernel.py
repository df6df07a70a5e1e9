"""The process that runs a learner's cells, in an IPython shell, and is asked for values while a test runs elsewhere.

Nothing of a test is in this process: no source, no expected number. What its code does to itself, it does to itself.
"""

import json
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket

from course_utils.grading.run.capture import Shell
from course_utils.grading.run.link import Link
from course_utils.grading.run.wire import Broken


class Channel:
    """The socket to the nursery: orders come, and what became of each goes back with the order's own token."""

    def __init__(self, channel: socket) -> None:
        self.channel, self.buffer = channel, b""

    def order(self) -> dict | None:
        """The next order, or None if there are no more."""
        while b"\n" not in self.buffer:
            data = self.channel.recv(1 << 20)
            if not data:
                return None
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return json.loads(line)

    def answer(self, order: dict, outcome: dict) -> None:
        line = json.dumps({**outcome, "token": order["token"]}).encode()
        self.channel.sendall(b"\n" + line + b"\n")  # whatever the learner's code wrote here ends with the first one


def serve(channel: socket, values: socket, job: dict, shell: Shell) -> None:
    """Run the cells that come through `channel`, and answer what comes through `values`, until either is closed."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    orders, link = Channel(channel), Link(values, trusting=True, quiet=lambda: _silent(shell))
    link.names = shell.user_ns
    while True:
        try:
            ready, _, _ = select.select([channel, values], [], [])
            if values in ready:
                link.serve(*link.receive())
            elif (order := orders.order()) is None:
                return
            else:
                orders.answer(order, _run(order, job, shell))
        except Broken:
            return
        except KeyboardInterrupt:
            continue  # it came too late for what it was to end


@contextmanager
def _silent(shell: Shell) -> Iterator[None]:
    with shell.recording(0):
        yield


def _run(order: dict, job: dict, shell: Shell) -> dict:
    try:
        return _cell(order, job, shell)
    except BaseException as error:  # also an interrupt that came between the cell and this line
        return {"ok": False, "outputs": shell.outputs.items, "error": [type(error).__name__, text(error)]}


def _cell(order: dict, job: dict, shell: Shell) -> dict:
    with shell.recording(job["limits"]["output"]) as outputs:
        shell.run_cell(order["source"], store_history=True)
    return {"ok": shell.failed is None, "outputs": outputs.items, "error": shell.failed and list(shell.failed)}


def text(error: BaseException) -> str:
    """What an exception says; nothing if it cannot be asked."""
    try:
        return str(error)
    except BaseException:
        return ""
