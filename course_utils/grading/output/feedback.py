"""A page for each student: their work, their points, and the messages of the tests; no hidden test, no live script."""

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedNotebook

from course_utils.grading.output.again import again, for_page
from course_utils.grading.output.page import PAGE, block, fit, image, page, table
from course_utils.grading.score import master as masters
from course_utils.grading.score import prose
from course_utils.grading.score.apart import TookTooLong, apart
from course_utils.grading.score.book import FOR_GRADER, read_records, write_whole
from course_utils.grading.score.course import Course
from course_utils.grading.score.master import Master

WITHHELD = "(withheld)"
MANY, MESSAGE = 20_000, 500  # characters of one output, and of one message, that a page shows
CUT = "\n[cut here: too long]"


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
        return block(_redact(output["text"][:MANY], hidden), "output")
    if kind == "error":
        text = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
        return block(_redact(text[:MANY], hidden), "error")
    data = output.get("data", {})
    if "image/png" in data:
        said = data.get("text/plain", "<")  # a figure of the course says what is to be seen
        alt = "a figure that this cell draws" if said.startswith("<") else _redact(said[:1000], hidden)
        return image(data["image/png"], alt)
    return block(_redact(data["text/plain"][:MANY], hidden), "output") if "text/plain" in data else ""


def _work(master: Master, notebook: dict, hidden: list[str]) -> Iterator[str]:
    """The learner's cells. Of a test the released text is shown; words are shown as they were kept, which is safe."""
    known = master.by_id()
    for cell in notebook["cells"]:
        if FOR_GRADER in cell["metadata"].get("tags", []):
            continue
        official = known.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
        source = official.source if official and official.kind == "test" else cell["source"]
        if cell["cell_type"] == "code":
            yield block(source[:MANY] + (CUT if len(source) > MANY else ""))
            yield from (_output(output, hidden) for output in cell.get("outputs", []))
        else:
            yield prose.safe(source) if source.startswith(prose.INERT) else prose.html(for_page(source))


@dataclass(frozen=True)
class Known:
    """What the gradebook holds for one page."""

    student: str
    grades: list[tuple[str, float | None, float, bool]]  # question, points, of, whether a person still looks
    comments: list[tuple[str, str]]


def _known(entry: SubmittedNotebook) -> Known:
    grades = [
        (
            g.name,
            None if g.auto_score is None and g.manual_score is None else g.score,
            g.max_score,
            g.needs_manual_grade,
        )
        for g in entry.grades
    ]
    comments = [(comment.name, comment.comment) for comment in entry.comments if comment.comment]
    return Known(entry.student.id, grades, comments)


def _lost(known: Known) -> set[str]:
    """The questions that lost points, for good."""
    return {name for name, score, most, waits in known.grades if score is not None and score < most and not waits}


def _points(known: Known, state: dict, order: list[str]) -> str:
    rows: list[list[object]] = []
    for name, score, most, waits in sorted(known.grades, key=lambda grade: order.index(grade[0])):
        said = state.get("messages", {}).get(name, "").partition("\n")[0]
        shown = "a person still looks at this" if waits else said[:MESSAGE]
        rows.append([name, "–" if score is None else score, most, shown])
    points = [row[1] for row in rows if row[1] != "–"]
    rows.append(["sum", sum(points) if points else "–", sum(row[2] for row in rows), ""])
    return table(["question", "points", "of", ""], rows)


def _comments(known: Known) -> list[str]:
    pairs = [list(pair) for pair in known.comments]
    return ["<h2>Comments</h2>", table(["question", "comment"], pairs)] if pairs else []


def _page(master: Master, known: Known, folder: Path) -> str:
    """A student's page."""
    state = read_records(folder).get(master.notebook, {})
    hidden, why = _hidden(master), state.get("why")
    head: list[str] = []
    if why:
        told = f"This submission could not be graded: {why[:MESSAGE]}. {state.get('ask', '')}"
        head.append(f'<p class="note">{escape(told)}</p>')
    head.append(_redact(_points(known, state, list(master.by_id())), hidden))
    if state.get("notes"):
        head.append(block(_redact("\n".join(state["notes"])[:MANY], hidden)))
    head += [] if why else again(master.cells, _lost(known))
    work: Iterable[str] = []
    if not why:
        notebook = json.loads((folder / f"{master.notebook}.ipynb").read_text("utf-8"))
        work = ["<h2>Your notebook</h2>", *_work(master, notebook, hidden)]
    left = PAGE - 20_000 - sum(len(part.encode()) for part in head)
    return page(f"{master.notebook}: {known.student}", *head, *_comments(known), *fit(work, left))


def _for_exchange(submitted: Path, folder: Path) -> None:
    """Beside the page what `nbgrader release_feedback` wants, also for those who did not hand in by its exchange."""
    for name, otherwise in (("timestamp.txt", ""), ("submission_secret.txt", secrets.token_hex(16))):
        path = submitted / name
        known = path.is_file() and not path.is_symlink()
        write_whole(folder / name, path.read_text("utf-8", "replace") if known else otherwise)


def write(course: Course, gradebook: Gradebook, assignment: str) -> tuple[list[Path], list[tuple[str, str]]]:
    """Write feedback/<student>/<assignment>/<notebook>.html for all that is graded.

    Returns the pages, and by student why there is none: one learner's page that fails is not another's trouble.
    """
    pages, failed = [], []
    for master in masters.load(course.folder("release"), assignment, gradebook):
        for known in map(_known, gradebook.notebook_submissions(master.notebook, assignment)):
            folder = course.folder("autograded") / known.student / assignment
            path = course.folder("feedback") / known.student / assignment / f"{master.notebook}.html"
            try:
                if (folder / f"{master.notebook}.ipynb").is_file():
                    write_whole(path, apart(_page, master, known, folder))
                    _for_exchange(course.folder("submitted") / known.student / assignment, path.parent)
                    pages.append(path)
            except TookTooLong:
                failed.append((known.student, "what it holds takes too long to show"))
            except Exception as error:  # whatever this one student's files hold
                failed.append((known.student, str(error) or type(error).__name__))
    return pages, failed
