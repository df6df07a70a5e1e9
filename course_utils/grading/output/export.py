"""The grades as a table, in which ungraded, failed and zero differ."""

import csv
import re
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student, SubmittedAssignment

from course_utils.grading.score.autograde import FAILED
from course_utils.grading.score.book import read_records
from course_utils.grading.score.course import Course
from course_utils.grading.score.master import NotReleased
from course_utils.grading.score.record import text

COLUMNS = ["assignment", "student_id", "last_name", "first_name", "email", "status", "score", "max_score", "penalty"]
CELL = 30_000  # characters; a spreadsheet's cell holds 32,767
FINISHED, WAITS, ABSENT, LEFT = "graded", "a person has to look", "not handed in", "not graded yet"


def status(entry: SubmittedAssignment | None, folder: Path, handed_in: bool) -> tuple[str, str, list[str]]:
    """What is known of a student's assignment: the status, why (if it could not be graded), and flags."""
    records = read_records(folder)
    flags = [flag for state in records.values() for flag in state.get("flags", [])]
    failed = [state["why"] for state in records.values() if state.get("status") == FAILED]
    if failed:
        done = entry is not None and not entry.needs_manual_grade  # a person gave the points by hand
        return (FINISHED if done else FAILED), "; ".join(failed), flags
    if entry is None or (not records and all(g.auto_score is None for nb in entry.notebooks for g in nb.grades)):
        return (LEFT if handed_in else ABSENT), "", flags
    return (WAITS if entry.needs_manual_grade else FINISHED), "", flags


def rows(course: Course, gradebook: Gradebook, assignment: Assignment) -> list[dict]:
    """One row for each student of the gradebook or of the folder of submissions. An empty score is no zero."""
    handed_in = course.submissions(assignment.name)
    submitted = {submission.student for submission in handed_in if not submission.trouble}
    entries = {entry.student.id: entry for entry in gradebook.assignment_submissions(assignment.name)}
    students = {student.id: student for student in gradebook.students}
    odd = {"assignment": assignment.name, "status": FAILED, "max_score": assignment.max_score}
    return [
        _row(course, assignment, name, students.get(name), entries.get(name), name in submitted)
        for name in sorted(students.keys() | submitted)
    ] + [{**odd, "student_id": text(s.student), "why": s.trouble} for s in handed_in if s.trouble]


def _row(
    course: Course,
    assignment: Assignment,
    name: str,
    student: Student | None,
    entry: SubmittedAssignment | None,
    handed_in: bool,
) -> dict:
    what, why, flags = status(entry, course.folder("autograded") / name / assignment.name, handed_in)
    row: dict = {"assignment": assignment.name, "student_id": name, "status": what, "max_score": assignment.max_score}
    for column in ("last_name", "first_name", "email"):
        row[column] = getattr(student, column, None) or ""
    if entry is not None and what in (FINISHED, WAITS):
        grades = [grade for notebook in entry.notebooks for grade in notebook.grades]
        known = [g for g in grades if g.auto_score is not None or g.manual_score is not None]
        row |= {grade.name: grade.score for grade in known}
        row |= {"score": entry.score, "penalty": entry.late_submission_penalty}
    return {**row, "why": why, "flags": "; ".join(flags), "submitted": (entry and entry.timestamp) or ""}


def _lms(kind: str, assignment: Assignment, table: list[dict]) -> tuple[list[str], list[dict]]:
    """The columns that a platform imports, for those whose grade is finished: an empty field would delete a grade.

    Moodle lets the instructor map any columns. Canvas wants these, in this order, and the row of possible points.
    """
    names = ["Username", "Email address"] if kind == "moodle" else ["Student", "ID", "SIS Login ID", "Section"]
    out = [{"Student": "    Points Possible", assignment.name: assignment.max_score}] if kind == "canvas" else []
    for row in (row for row in table if row["status"] == FINISHED):
        full = ", ".join(part for part in (row["last_name"], row["first_name"]) if part)
        entry = {"Username": row["student_id"], "Email address": row["email"], "Student": full or row["student_id"]}
        entry |= {"SIS Login ID": row["student_id"]}
        points = row.get("score", 0) - (row.get("penalty") or 0)
        out.append({name: text for name, text in entry.items() if name in names} | {assignment.name: points})
    return [*names, assignment.name], out


# What a spreadsheet takes for a formula, also behind spaces, line ends or characters of no width, and in wide letters.
FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\ufeff']*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def _spreadsheet_safe(row: dict) -> dict:
    """No cell that a spreadsheet would take for a formula: a learner chooses file names and messages."""
    marks = {key: "'" if isinstance(value, str) and FORMULA.match(value) else "" for key, value in row.items()}
    return {k: marks[k] + text(v, CELL) if isinstance(v, str) else v for k, v in row.items()}


def choose(gradebook: Gradebook, names: list[str]) -> list[Assignment]:
    """The assignments of these names; all, if none is named. Raises NotReleased for a name that is not known."""
    try:
        return [gradebook.find_assignment(name) for name in names] or gradebook.assignments
    except MissingEntry:
        known = ", ".join(assignment.name for assignment in gradebook.assignments) or "none"
        raise NotReleased(f"{' or '.join(names)} is not in the gradebook, which has: {known}.") from None


def write(course: Course, gradebook: Gradebook, names: list[str], lms: str | None, to: str | None) -> Path:
    """Write the table of some assignments (of all, if none is named); the file.

    Raises RuntimeError where a platform's file is asked for, but not of one assignment.
    """
    if lms and len(names) != 1:
        raise RuntimeError(f"a file for {lms} holds one assignment: name it, as in `course export 03_vae --lms {lms}`.")
    chosen = choose(gradebook, names)
    table = [row for assignment in chosen for row in rows(course, gradebook, assignment)]
    cells = [cell for a in chosen for notebook in a.notebooks for cell in [*notebook.grade_cells, *notebook.task_cells]]
    columns = [*COLUMNS, *dict.fromkeys(cell.name for cell in cells), "why", "flags", "submitted"]
    if lms:
        columns, table = _lms(lms, chosen[0], table)
    path = course.root / (to or (f"grades_{lms}.csv" if lms else "grades.csv"))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(map(_spreadsheet_safe, table))
    return path
