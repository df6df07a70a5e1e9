"""The one writer: points, flags and the graded notebook, into nbgrader's gradebook and its `autograded` folder."""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedNotebook

from course_utils.grading.score.master import Master
from course_utils.grading.score.sanitize import lines
from course_utils.grading.score.verdict import Verdict

STILL = ("text/plain", "image/png", "image/jpeg")
FOR_GRADER = "for-the-grader"
RECORD = ".grading.json"  # beside the graded notebook: what the command knows beyond the gradebook


@contextmanager
def only_writer(root: Path) -> Iterator[None]:
    """Hold the course's lock. Raises BlockingIOError if another command grades at this moment."""
    with (root / ".grading.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, "utf-8")
    if path.exists():
        os.chmod(path, 0o644)  # nbgrader writes its files read-only
    os.replace(part, path)


def read_records(folder: Path) -> dict[str, dict]:
    """What is known of a student's graded assignment, by notebook."""
    try:
        return json.loads((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def notebook(master: Master, cells: list[dict], record: dict, flags: list[str]) -> str:
    """The graded notebook: the cells that ran, with their outputs and the assignment's own metadata.

    A tag in a learner's text gets a character of no width behind its "<", and is shown instead of obeyed.
    """
    tags, out = {cell.id: cell.tag for cell in master.cells if cell.id}, _flags(flags) if flags else []
    given = {cell.source for cell in master.cells}
    for i, cell in enumerate(cells):
        metadata = {"nbgrader": tags[cell["id"]]} if cell.get("id") else {}
        entry = {"cell_type": cell["type"], "id": f"cell-{i}", "metadata": metadata, "source": cell["source"]}
        if cell["type"] == "code":
            outcome = record["outcomes"].get(str(i)) or {"outputs": []}
            entry |= {"execution_count": None, "outputs": [_still(o) for o in outcome["outputs"] or _note(outcome)]}
        elif cell["source"] not in given:
            entry["source"] = re.sub(r"<(?=[A-Za-z/!?])|(?i:(?<=javascript)(?=:))", "\\g<0>\u200b", cell["source"])
        out.append(entry)
    return json.dumps({"cells": out, "metadata": master.metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def _still(output: dict) -> dict:
    """An output without what a browser would run: the formgrader shows HTML as it is, with the grader's rights."""
    if "data" not in output:
        return output
    return {**output, "metadata": {}, "data": {kind: value for kind, value in output["data"].items() if kind in STILL}}


def _flags(flags: list[str]) -> list[dict]:
    """What the grader should look at, in a first cell that feedback leaves out. Indented: nothing in it lives."""
    shown = [f"    {line}" for flag in flags for line in flag.splitlines()]
    source = "\n".join(["**To be looked at** (a flag is no verdict; feedback does not show this):", "", *shown])
    return [{"cell_type": "markdown", "id": FOR_GRADER, "metadata": {"tags": [FOR_GRADER]}, "source": source}]


def _note(outcome: dict) -> list[dict]:
    died = outcome.get("died")
    return [{"output_type": "error", "ename": "NotFinished", "evalue": died, "traceback": [died]}] if died else []


class Book:
    """The gradebook, open for one run of a command."""

    def __init__(self, gradebook: Gradebook, autograded: Path) -> None:
        self.gradebook, self.autograded = gradebook, autograded

    def folder(self, student: str, assignment: str) -> Path:
        return self.autograded / student / assignment

    def _submission(self, master: Master, student: str, timestamp: str | None) -> SubmittedNotebook:
        self.gradebook.update_or_create_student(student)
        known = {"timestamp": timestamp} if timestamp else {}
        self.gradebook.update_or_create_submission(master.assignment, student, **known)
        return self.gradebook.find_submission_notebook(master.notebook, master.assignment, student)

    def save(self, master: Master, state: dict, cells: list[dict], record: dict, verdict: Verdict) -> None:
        """Replace what the gradebook holds of this notebook by this result."""
        before = read_records(self.folder(state["student"], master.assignment)).get(master.notebook, {})
        entry = self._submission(master, state["student"], state["timestamp"])
        answers = {cell["id"]: cell["source"] for cell in cells if cell.get("id")}
        resubmitted = before.get("submitted") != state["submitted"]
        for grade in entry.grades:
            if grade.name in verdict.points:
                grade.auto_score = verdict.points[grade.name]
                grade.manual_score = None if resubmitted else grade.manual_score
                grade.needs_manual_grade = bool(verdict.flags) and grade.manual_score is None
            else:
                self._written(master, grade, answers[grade.name], before.get("answers", {}).get(grade.name))
        for comment in entry.comments:
            cell = master.by_id()[comment.name]
            comment.auto_comment = "No response." if lines(answers[cell.id]) == lines(cell.source) else None
        entry.flagged = bool(verdict.flags)
        self.gradebook.db.commit()
        written = {cell.id: answers[cell.id] for cell in master.cells if cell.kind == "written"}
        self._files(master, {**state, "answers": written}, notebook(master, cells, record, verdict.flags))

    @staticmethod
    def _written(master: Master, grade: object, answer: str, before: str | None) -> None:
        """A person grades what was written; what they gave stays as long as the text does."""
        if lines(answer) == lines(master.by_id()[grade.name].source):
            grade.auto_score, grade.manual_score, grade.needs_manual_grade = 0.0, None, False
            return
        if answer != before:
            grade.manual_score = None
        grade.auto_score, grade.needs_manual_grade = None, grade.manual_score is None

    def clear(self, master: Master, state: dict) -> None:
        """Record that this notebook could not be graded: no grade of an earlier submission stays."""
        entry = self._submission(master, state["student"], state["timestamp"])
        for grade in entry.grades:
            grade.auto_score, grade.manual_score, grade.needs_manual_grade = None, None, True
        entry.flagged = True
        self.gradebook.db.commit()
        why = {"type": "markdown", "source": f"# This submission could not be graded\n\n{state['why']}"}
        # With the assignment's own cells below, the formgrader has fields for points that a person gives.
        official = [{"type": cell.type, "id": cell.id, "source": cell.source} for cell in master.cells if cell.id]
        self._files(master, state, notebook(master, [why, *official], {"outcomes": {}}, []))

    def _files(self, master: Master, state: dict, text: str) -> None:
        """The graded notebook, its timestamp, and last of all the record that says that all is written."""
        folder = self.folder(state["student"], master.assignment)
        write_whole(folder / f"{master.notebook}.ipynb", text)
        if state["timestamp"]:
            write_whole(folder / "timestamp.txt", state["timestamp"])
        for name, data in master.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        write_whole(folder / RECORD, json.dumps({**read_records(folder), master.notebook: state}, indent=1))
