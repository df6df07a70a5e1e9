"""The one writer: points, flags and the graded notebook, into nbgrader's gradebook and its `autograded` folder."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from sqlalchemy.exc import DBAPIError

from course_utils.grading.score import prose
from course_utils.grading.score.master import Master
from course_utils.grading.score.match import lines
from course_utils.grading.score.verdict import Verdict

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

    Text of a learner's is kept as HTML in which nothing lives: the formgrader shows a notebook with its owner's rights.
    The outputs are those of a clean record, so there is nothing in them that a browser would run.
    """
    tags, out = {cell.id: cell.tag for cell in master.cells if cell.id}, _flags(flags) if flags else []
    given = {cell.source for cell in master.cells}
    for i, cell in enumerate(cells):
        metadata = {"nbgrader": tags[cell["id"]]} if cell.get("id") else {}
        entry = {"cell_type": cell["type"], "id": f"cell-{i}", "metadata": metadata, "source": cell["source"]}
        if cell["type"] == "code":
            outcome = record["outcomes"].get(str(i)) or {"outputs": []}
            entry |= {"execution_count": None, "outputs": outcome["outputs"] or _note(outcome)}
        elif cell["source"] not in given:
            entry |= {"cell_type": "markdown", "source": cell.get("shown") or prose.inert(cell["source"])}
        out.append(entry)
    return json.dumps({"cells": out, "metadata": master.metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def _flags(flags: list[str]) -> list[dict]:
    """What the grader should look at, in a first cell that feedback leaves out. Indented: nothing in it lives."""
    shown = [f"    {line}" for flag in flags for line in flag.splitlines()]
    source = "\n".join(["**To be looked at** (a flag is no verdict; feedback does not show this):", "", *shown])
    return [{"cell_type": "markdown", "id": FOR_GRADER, "metadata": {"tags": [FOR_GRADER]}, "source": source}]


def _note(outcome: dict) -> list[dict]:
    died = outcome.get("died")
    return [{"output_type": "error", "ename": "NotFinished", "evalue": died, "traceback": [died]}] if died else []


def gradebook_trouble(error: DBAPIError) -> str:
    """What to do about a gradebook that cannot be read or written."""
    why = str(error.orig)
    ways = {
        "locked": "another program writes it: close it (a formgrader page, a running command), then start again",
        "readonly": "it, or its folder, may only be read: give yourself the right to write, then start again",
        "unable to open": "it, or its folder, cannot be opened: look at the rights, then start again",
        "disk": "the disk is full or fails: make room, then start again",
        "full": "the disk is full: make room, then start again",
        "malformed": "it is damaged: put back your last copy, then start again",
        "not a database": "it is damaged: put back your last copy, then start again",
        "no such": "it is of another version of nbgrader: run `nbgrader db upgrade`, then start again",
    }
    way = next((way for word, way in ways.items() if word in why), "look at it, then start again")
    return f"the gradebook cannot be used ({why}): {way}. What was graded is kept."


def to_look_at(points: dict[str, float], worth: dict[str, float], flags: list[str]) -> set[str]:
    """The tests that wait for a person: those that flags name, else one for all flags, so that one click settles it."""
    named = {name for name in points if any(flag.startswith(f"{name}: ") for flag in flags)}
    full = [name for name in points if points[name] == worth.get(name)]
    return named if named or not flags else set([*full, *points][:1])


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
        waiting = to_look_at(verdict.points, {c["id"]: c["points"] for c in cells if c.get("id")}, verdict.flags)
        known = not resubmitted and before.get("flags") == verdict.flags  # then what a person settled stays settled
        for grade in entry.grades:
            if grade.name in verdict.points:
                grade.auto_score = verdict.points[grade.name]
                grade.manual_score = None if resubmitted else grade.manual_score
                open_ = grade.needs_manual_grade if known else grade.manual_score is None
                grade.needs_manual_grade = grade.name in waiting and open_
            else:
                self._written(master, grade, answers[grade.name], before.get("answers", {}).get(grade.name))
        for comment in entry.comments:
            cell = master.by_id()[comment.name]
            comment.auto_comment = "No response." if lines(answers[cell.id]) == lines(cell.source) else None
        entry.flagged = bool(verdict.flags) and (entry.flagged or not known)
        self.gradebook.db.commit()
        written = {cell.id: answers[cell.id] for cell in master.cells if cell.kind == "written"}
        self._files(master, {**state, "answers": written}, notebook(master, cells, record, verdict.flags))

    def settle(self, master: Master, student: str) -> tuple[float, list[str]] | None:
        """Accept the points of the tests as they stand; these points, and what still waits. None: nothing is graded."""
        try:
            entry = self.gradebook.find_submission_notebook(master.notebook, master.assignment, student)
        except MissingEntry:
            return None
        tests = {cell.id for cell in master.cells if cell.kind == "test"}
        for grade in (grade for grade in entry.grades if grade.name in tests and grade.auto_score is not None):
            grade.needs_manual_grade = False
        entry.flagged = False
        self.gradebook.db.commit()
        known = [grade for grade in entry.grades if grade.name in tests]
        return sum(grade.score for grade in known), [grade.name for grade in entry.grades if grade.needs_manual_grade]

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
        ask = f"\n\nTo ask of the student: {state['ask']}" if state.get("ask") else ""
        told = f"# This submission could not be graded\n\n{state['why']}{ask}"
        why = {"type": "markdown", "source": told}
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
