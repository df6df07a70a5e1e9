"""One submission, read: its file found, its cells put in order, its words made safe to show, its job made.

All of it may take long on what a learner wrote, so `apart` runs it in a process of its own.
"""

from dataclasses import dataclass

from course_utils.grading.score import prose
from course_utils.grading.score.course import MAX_EXTRA, TRIED, Submission
from course_utils.grading.score.files import CannotGrade, File, candidates
from course_utils.grading.score.job import make_job
from course_utils.grading.score.master import Master
from course_utils.grading.score.match import lines
from course_utils.grading.score.record import text
from course_utils.grading.score.sanitize import sanitize


@dataclass(frozen=True)
class Intake:
    """What there is to grade."""

    cells: list[dict]
    notes: list[str]
    job: dict


def _answered(cells: list[dict], master: Master) -> bool:
    """Whether anything in these cells is a learner's."""
    ids = master.by_id()
    return any(
        lines(cell["source"]) != lines(ids[cell["id"]].source) if cell["id"] else not cell["given"]
        for cell in cells
        if cell["kind"] != "test" and cell["source"] != "# deleted"
    )


def _read(file: File, master: Master) -> tuple[list[dict], list[str]] | CannotGrade:
    try:
        return sanitize(file.read(), master)
    except CannotGrade as why:
        return why


def choose(found: list[File], master: Master) -> tuple[list[dict], list[str]]:
    """The cells and notes of the newest file in which something is answered; the notes say what was chosen.

    Raises CannotGrade if none of the files can be graded.
    """
    read = [(file, _read(file, master)) for file in found[:TRIED]]
    good = [(file, result) for file, result in read if not isinstance(result, CannotGrade)]
    if not good:
        raise read[0][1]
    file, (cells, notes) = next((pair for pair in good if _answered(pair[1][0], master)), good[0])
    notes = [f"the file was named {text(file.name, 100)}", *notes] if file.name != f"{master.notebook}.ipynb" else notes
    if len(found) > 1:
        names = ", ".join(text(other.name, 100) for other in found[:TRIED])
        why = "the newer one" if file is found[0] else "the newest one that can be read and holds answers"
        notes = [f"{len(found)} notebooks were handed in ({names}): {text(file.name, 100)} is graded, {why}", *notes]
    return cells, notes


def intake(submission: Submission, master: Master, limits: dict, unsafe: bool) -> Intake:
    """Read a submission. Raises CannotGrade."""
    cells, notes = choose(candidates(submission.folder, master.notebook), master)
    given = {cell.source for cell in master.cells}
    for cell in cells:
        if cell["type"] != "code" and cell["source"] not in given:
            cell["shown"] = prose.inert(cell["source"])
    files, out = submission.beside()
    if out:
        names = ", ".join(name[:100] for name in out[:5]) + (f" and {len(out) - 5} more" if len(out) > 5 else "")
        notes.append(f"left out, since files beside the notebook have {MAX_EXTRA / 1e6:.0f} MB in all: {names}")
    return Intake(cells, notes, make_job(master, cells, files, limits, unsafe))
