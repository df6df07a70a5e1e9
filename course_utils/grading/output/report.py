"""One page on the whole class: how the points fall, what was hard, which mistakes are common, what needs a person."""

import re
from collections import Counter
from html import escape
from pathlib import Path
from statistics import median

from nbgrader.api import Assignment, Gradebook

from course_utils import plotting
from course_utils.grading.output import export
from course_utils.grading.output.page import PAGE, fit, image, page, table
from course_utils.grading.score.book import read_records, write_whole
from course_utils.grading.score.course import Course
from course_utils.grading.score.verdict import HELD

MESSAGES, SHOWN = 15, 200


def _figure(assignment: Assignment, scores: list[float], shares: dict[str, float]) -> str:
    best = max(assignment.max_score, 1)
    middle = f"median {median(scores):g} of {best:g}" if scores else "nobody is graded yet"
    low = (
        f"; hardest: {min(shares, key=shares.get)}, {100 * min(shares.values()):.0f} % of its points" if shares else ""
    )
    alt = f"Two panels on {assignment.name}: the points of {len(scores)} students ({middle}), and the mean share{low}."
    height = max(2.6, 0.3 * len(shares) + 1)
    figure, (left, right) = plotting.picture(1, 2, alt=alt, title=assignment.name, height=height)
    left.hist(scores, bins=[best * i / 10 for i in range(11)])
    left.yaxis.get_major_locator().set_params(integer=True)
    left.set(xlabel="points", ylabel="students")
    right.barh(range(len(shares)), [100 * share for share in shares.values()])
    right.set_yticks(range(len(shares)), list(shares))
    right.invert_yaxis()
    right.set(xlabel="mean share of the points (%)", xlim=(0, 100))
    return image(plotting.to_png(figure), alt)


def _shares(gradebook: Gradebook, assignment: Assignment) -> dict[str, float]:
    """The mean share of its points that each question got, over those who have points for it."""
    found: dict[str, list[float]] = {}
    for entry in gradebook.assignment_submissions(assignment.name):
        for grade in (grade for notebook in entry.notebooks for grade in notebook.grades):
            if grade.max_score and (grade.auto_score is not None or grade.manual_score is not None):
                found.setdefault(grade.name, []).append(grade.score / grade.max_score)
    return {name: sum(values) / len(values) for name, values in found.items()}


def _first_line(message: str) -> str:
    """The first line of a message, without the type of a failed test: equal mistakes count together."""
    text = re.sub(r"^(CheckFailed|AssertionError): ", "", message).strip()
    return text.partition("\n")[0][:200] or "an assertion without a message"


def _section(course: Course, gradebook: Gradebook, assignment: Assignment) -> list[str]:
    rows = export.rows(course, gradebook, assignment)
    folder = course.folder("autograded")
    states = [
        (r["student_id"], s) for r in rows for s in read_records(folder / r["student_id"] / assignment.name).values()
    ]
    scores = [row["score"] for row in rows if "score" in row]
    shares = _shares(gradebook, assignment)
    counts = Counter(row["status"] for row in rows)
    messages = Counter((q, _first_line(m)) for _, s in states for q, m in s.get("messages", {}).items() if m != HELD)
    flagged = [[student, flag[:SHOWN]] for student, s in states for flag in s.get("flags", [])[:SHOWN]]
    trouble = [
        [r["student_id"], r["status"], r["why"][:SHOWN]]
        for r in rows
        if r["status"] not in (export.FINISHED, export.WAITS)
    ]
    hardest = sorted(shares.items(), key=lambda item: item[1])
    parts = [f"<h2>{escape(assignment.name)}</h2>", table(["status", "students"], [list(i) for i in counts.items()])]
    parts += [_figure(assignment, scores, shares)]
    parts += _titled("Hardest questions", ["question", "mean share, %"], [[n, round(100 * v)] for n, v in hardest])
    common = [[question, text, n] for (question, text), n in messages.most_common(MESSAGES)]
    parts += _titled("Commonest messages", ["question", "message", "students"], common)
    parts += _titled("To be looked at (a flag is no verdict)", ["student", "what"], flagged)
    parts += _titled("Without a grade", ["student", "status", "why"], trouble)
    return [*parts, *_runtime(states)]


def _titled(title: str, head: list[str], rows: list[list[object]]) -> list[str]:
    return [f"<h3>{title}</h3>", table(head, rows) if rows else "<p>None.</p>"]


def _runtime(states: list[tuple[str, dict]]) -> list[str]:
    seconds = [state["seconds"] for _, state in states if state.get("seconds") is not None]
    if not seconds:
        return []
    peak = max(state["peak_mb"] for _, state in states if state.get("peak_mb") is not None)
    unsafe = sum(not state.get("sandboxed", True) for _, state in states)
    times = f"median {median(seconds):.1f} s, longest {max(seconds):.1f} s"
    text = f"{len(seconds)} notebooks ran: {times}, peak {peak:.0f} MB."
    warning = f'<p class="note">{unsafe} of them ran without a sandbox (--unsafe).</p>' if unsafe else ""
    return ["<h3>Runtime</h3>", f"<p>{text}</p>", warning]


def write(course: Course, gradebook: Gradebook, names: list[str], to: str | None) -> Path:
    """Write the page on some assignments (on all, if none is named); the file."""
    parts = [part for assignment in export.choose(gradebook, names) for part in _section(course, gradebook, assignment)]
    path = course.root / (to or "report.html")
    write_whole(path, page("The class", *fit(parts, PAGE)))
    return path
