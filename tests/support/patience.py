"""Waiting with a limit."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(found: Callable[[], T], what: str, seconds: float = 120, every: float = 0.05) -> T:
    """The first true result of `found()`. Raises TimeoutError, which names `what`, after `seconds`."""
    end = time.monotonic() + seconds
    while not (result := found()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(every)
    return result
