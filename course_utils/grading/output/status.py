"""Where an assignment stands, for a terminal: who handed in, is graded, waits, failed; and the next command to type."""

from collections.abc import Iterator

from nbgrader.api import Assignment, Gradebook

from course_utils.grading.output import export
from course_utils.grading.score import master as masters
from course_utils.grading.score.apart import TookTooLong, apart
from course_utils.grading.score.autograde import FAILED
from course_utils.grading.score.book import read_records
from course_utils.grading.score.course import Course
from course_utils.grading.score.master import Master
from course_utils.grading.score.record import line

NAMES = 12  # students that a line names
AGAIN = "handed in again"


def _again(course: Course, released: list[Master], assignment: str) -> set[str]:
    """The students whose work changed since it was graded."""
    found = set()
    for submission in course.submissions(assignment):
        known = read_records(course.folder("autograded") / submission.student / assignment)
        for master in released:
            before = known.get(master.notebook, {}).get("submitted")
            if before and before != submission.fingerprint(master):
                found.add(submission.student)
    return found


def _next(name: str, by: dict[str, list[str]], flagged: list[str], pages: bool) -> str:
    if export.LEFT in by or AGAIN in by:
        return f"course autograde {name}"
    if export.WAITS in by:
        waits = [student for student in by[export.WAITS] if student in flagged]
        settle = f"; to accept flagged points: course settle {line(waits[0], 80)} {name}" if waits else ""
        return f"make lab (Formgrader → Manual Grading → {name}){settle}"
    if FAILED in by:
        return f"ask for the files again (see above), then: course autograde {name}"
    if export.FINISHED not in by:
        return "none: nobody handed in"
    return f"course export {name}" if pages else f"course feedback {name}"


def _section(course: Course, gradebook: Gradebook, assignment: Assignment) -> Iterator[str]:
    name, rows = assignment.name, export.rows(course, gradebook, assignment)
    released = masters.load(course.folder("release"), name, gradebook)
    try:
        again = apart(_again, course, released, name, seconds=120)
    except TookTooLong:
        again = set()
    by: dict[str, list[str]] = {}
    for row in rows:
        by.setdefault(AGAIN if row["student_id"] in again else row["status"], []).append(row["student_id"])
    yield f"{name}: {len(rows)} students"
    for status in (export.FINISHED, export.WAITS, FAILED, export.LEFT, AGAIN, export.ABSENT):
        students = by.get(status, [])
        shown = ", ".join(line(student, 40) for student in students[:NAMES]) + (" …" if len(students) > NAMES else "")
        yield f"  {len(students):4d} {status}" + (f": {shown}" if students and status != export.FINISHED else "")
    for student in by.get(FAILED, []):
        for state in read_records(course.folder("autograded") / student / name).values():
            if state.get("ask"):
                yield f"       {line(student, 40)}: {line(state.get('why', ''))}. To ask: {line(state['ask'])}"
    pages = [
        student for student in by.get(export.FINISHED, []) if (course.folder("feedback") / student / name).is_dir()
    ]
    flagged = [row["student_id"] for row in rows if row.get("flags")]
    yield f"  next: {_next(name, by, flagged, bool(pages))}"


def lines(course: Course, gradebook: Gradebook, names: list[str]) -> list[str]:
    """The state of these assignments, or of all; of a master that is not released, that it is not."""
    known = [entry.name for entry in gradebook.assignments]
    missing = [name for name in course.assignments if name not in known and (not names or name in names)]
    chosen = [name for name in (names or known) if name not in missing]
    out = [f"{name}: not released\n  next: course release {name}" for name in missing]
    for assignment in export.choose(gradebook, chosen) if chosen else []:
        out += _section(course, gradebook, assignment)
    return out or ["No assignment: there is no notebook in the folder of the masters."]
