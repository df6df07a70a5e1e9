"""The job of a submission: plain values that say what a worker is to run."""

import base64

from course_utils.grading.run import worker
from course_utils.grading.score.master import Master, classes, given, modules
from course_utils.grading.score.source import names


def make_job(master: Master, cells: list[dict], files: dict[str, bytes], limits: dict, unsafe: bool) -> dict:
    """The job for a sanitized submission. files: what lies beside it; the assignment's own files come first."""
    answers = [cell["source"] for cell in cells if cell.get("id") and master.by_id()[cell["id"]].kind == "answer"]
    stubs = master.stubs()
    return {
        "cells": [{**{k: v for k, v in cell.items() if k != "shown"}, "stub_fails": True} for cell in cells],
        "stubs": stubs,
        "answers": sorted(set().union(*(names(text) for text in [*answers, *stubs]))),
        "modules": modules(master),
        "classes": classes(master),
        "files": {name: base64.b64encode(data).decode() for name, data in {**files, **master.files}.items()},
        "limits": {**worker.LIMITS, **limits},
        "unsafe": unsafe,
        **given(master),
    }
