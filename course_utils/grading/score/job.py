"""The job of a submission: plain values that say what a worker is to run."""

import base64

from course_utils.grading.run import worker
from course_utils.grading.score.master import Master, given, modules


def make_job(master: Master, cells: list[dict], files: dict[str, bytes], limits: dict, unsafe: bool) -> dict:
    """The job for a sanitized submission. files: what lies beside it; the assignment's own files come first."""
    return {
        "cells": [{k: v for k, v in cell.items() if k != "shown"} for cell in cells],
        "stubs": master.stubs(),
        "modules": modules(master),
        "files": {name: base64.b64encode(data).decode() for name, data in {**files, **master.files}.items()},
        "limits": {**worker.LIMITS, **limits},
        "unsafe": unsafe,
        **given(master),
    }
