"""A page for each student: their work, their points, and the messages of the tests; no hidden test, no live script."""

import json
import re
import secrets
from html import escape
from pathlib import Path

import mistune
from nbgrader.api import Gradebook, SubmittedNotebook

from course_utils.grading.output.page import block, image, page, table
from course_utils.grading.score import master as masters
from course_utils.grading.score.book import FOR_GRADER, read_records, write_whole
from course_utils.grading.score.course import Course
from course_utils.grading.score.master import Master

WITHHELD = "(withheld)"
MANY = 20_000  # characters of one output that a page shows


def _hidden(master: Master) -> list[str]:
    """The lines of the hidden tests that the release does not show, and the strings in them that would tell as much."""
    shown = {line.strip() for cell in master.cells for line in cell.source.splitlines()}
    tests = [line.strip() for cell in master.cells if cell.kind == "test" for line in cell.tests.splitlines()]
    return sorted({line for line in tests if len(line) > 8 and line not in shown}, key=len, reverse=True)


def _redact(text: str, hidden: list[str]) -> str:
    """The text without lines of hidden tests, also where quotes or line ends in them are escaped."""
    for line in hidden:
        for form in {line, repr(line)[1:-1], json.dumps(line)[1:-1]}:
            text = text.replace(form, WITHHELD)
    return text


def _output(output: dict, hidden: list[str]) -> str:
    kind = output.get("output_type")
    if kind == "stream":
        text = re.sub(r"[^\n]*\r(?!\n)", "", output["text"])  # of a progress bar the last state
        return block(_redact(text[:MANY], hidden), "output")
    if kind == "error":
        text = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
        return block(_redact(text[:MANY], hidden), "error")
    data = output.get("data", {})
    if "image/png" in data:
        said = data.get("text/plain", "<")  # a figure of the course says what is to be seen
        alt = "a figure that this cell draws" if said.startswith("<") else _redact(said[:1000], hidden)
        return image(data["image/png"], alt)
    return block(_redact(data["text/plain"][:MANY], hidden), "output") if "text/plain" in data else ""


def _cells(master: Master, notebook: dict, hidden: list[str]) -> list[str]:
    known, parts = master.by_id(), []
    markdown = mistune.create_markdown(escape=True, plugins=["table"])
    for cell in notebook["cells"]:
        if FOR_GRADER in cell["metadata"].get("tags", []):
            continue
        official = known.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
        source = official.source if official and official.kind == "test" else cell["source"]
        if cell["cell_type"] == "markdown":
            parts.append(re.sub(r"<img [^>]*>", "", markdown(source)))
        else:
            parts += [block(source), *(_output(output, hidden) for output in cell.get("outputs", []))]
    return parts


def _points(entry: SubmittedNotebook, state: dict, order: list[str]) -> str:
    rows: list[list[object]] = []
    for grade in sorted(entry.grades, key=lambda grade: order.index(grade.name)):
        open_ = grade.auto_score is None and grade.manual_score is None
        message = state.get("messages", {}).get(grade.name, "")
        waits = "a person still looks at this" if grade.needs_manual_grade else message.partition("\n")[0]
        rows.append([grade.name, "–" if open_ else grade.score, grade.max_score, waits])
    known = [row[1] for row in rows if row[1] != "–"]
    rows.append(["sum", sum(known) if known else "–", sum(row[2] for row in rows), ""])
    return table(["question", "points", "of", ""], rows)


def _comments(entry: SubmittedNotebook) -> list[str]:
    found = [(comment.name, comment.comment) for comment in entry.comments if comment.comment]
    return ["<h2>Comments</h2>", table(["question", "comment"], [list(pair) for pair in found])] if found else []


def _student_page(master: Master, entry: SubmittedNotebook, folder: Path) -> str:
    state = read_records(folder).get(master.notebook, {})
    notebook = json.loads((folder / f"{master.notebook}.ipynb").read_text("utf-8"))
    hidden = _hidden(master)
    why = (
        [f'<p class="note">This submission could not be graded: {escape(state["why"])}.</p>']
        if state.get("why")
        else []
    )
    notes = [block(_redact("\n".join(state["notes"]), hidden))] if state.get("notes") else []
    points = _redact(_points(entry, state, list(master.by_id())), hidden)
    work = [] if why else ["<h2>Your notebook</h2>", *_cells(master, notebook, hidden)]
    return page(f"{master.notebook}: {entry.student.id}", *why, points, *notes, *_comments(entry), *work)


def _for_exchange(submitted: Path, folder: Path) -> None:
    """Beside the page what `nbgrader release_feedback` wants, also for those who did not hand in by its exchange."""
    for name, otherwise in (("timestamp.txt", ""), ("submission_secret.txt", secrets.token_hex(16))):
        path = submitted / name
        known = path.is_file() and not path.is_symlink()
        write_whole(folder / name, path.read_text("utf-8", "replace") if known else otherwise)


def write(course: Course, gradebook: Gradebook, assignment: str) -> list[Path]:
    """Write feedback/<student>/<assignment>/<notebook>.html for all that is graded; the pages."""
    pages = []
    for master in masters.load(course.folder("release"), assignment, gradebook):
        for entry in gradebook.notebook_submissions(master.notebook, assignment):
            folder = course.folder("autograded") / entry.student.id / assignment
            if (folder / f"{master.notebook}.ipynb").is_file():
                path = course.folder("feedback") / entry.student.id / assignment / f"{master.notebook}.html"
                write_whole(path, _student_page(master, entry, folder))
                _for_exchange(course.folder("submitted") / entry.student.id / assignment, path.parent)
                pages.append(path)
    return pages
