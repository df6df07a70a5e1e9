"""Read what a learner wrote in a process of its own, with a deadline and a limit of memory.

The process is forked from this one, so it starts in milliseconds and knows all that this one knows; what it does to
itself, it does to a copy. It runs none of the learner's code.
"""

import contextlib
import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection

SECONDS, MEGABYTES = 20.0, 2_000
PATIENCE = 6  # times as long on the clock: the machine may be busy


class TookTooLong(Exception):
    """The reading was stopped, or ended without a result."""


class Failed(Exception):
    """The reading raised an exception of which only the text is known."""


def _limit() -> None:
    with contextlib.suppress(OSError, ValueError), open("/proc/self/statm") as file:
        most = int(file.read().split()[0]) * resource.getpagesize() + MEGABYTES * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _answer(far: Connection, work: Callable[..., object], arguments: tuple) -> None:
    _limit()
    try:
        far.send((work(*arguments), None))
    except BaseException as error:  # also MemoryError and RecursionError
        far.send((None, error if type(error).__module__.startswith("course_utils") else Failed(f"{error!r:.300}")))


def apart(work: Callable[..., object], *arguments: object, seconds: float = SECONDS) -> object:
    """What work(*arguments) returns or raises. Raises TookTooLong after PATIENCE times as long, or if it died."""
    near, far = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_answer, args=(far, work, arguments), daemon=True)
    process.start()
    far.close()
    try:
        value, error = near.recv() if near.poll(PATIENCE * seconds) else (None, TookTooLong())
    except (EOFError, OSError):
        value, error = None, TookTooLong()
    finally:
        process.kill()
        process.join()
        near.close()
    if error:
        raise error
    return value
