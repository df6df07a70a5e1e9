"""A temporary course for the tests of the assignments: release, submit, autograde, read marks, all by nbgrader itself.

The right and wrong answers lie in `tests/answers/<assignment>/{right,wrong}.py`, as sections `# %% question: note`. The
question is the grade_id of a solution cell, and `test_<question>` that of its test cell. The note says how a right
answer is done, or is a part of the message that a wrong one must meet, after "hidden: " if only the hidden tests find
it wrong. A section is put into its cell as it stands.

Further test cells of a question are called `test_<question>_<part>`; the note of an answer that only such a test finds
wrong begins with the part: "refuses: a part of its message".
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import warm_kernel

ROOT = Path(__file__).parents[2]
ANSWERS = Path(__file__).parents[1] / "answers"


@dataclass(frozen=True)
class Answer:
    """One section of an answers file."""

    question: str
    note: str
    source: str
    hidden: bool  # only the hidden tests find it wrong
    part: str = ""  # which further test cell of the question finds it wrong; "": the first one

    @property
    def test(self) -> str:
        """The grade_id of the test cell that finds it wrong."""
        return "_".join(filter(None, ("test", self.question, self.part)))


def answers(assignment: str, kind: str) -> dict[str, list[Answer]]:
    """The answers of one kind, "right" or "wrong", by question, in the order of the file."""
    text = (ANSWERS / assignment / f"{kind}.py").read_text()
    _, *parts = re.split(r"^# %% (\w+): *(.*)\n", text, flags=re.MULTILINE)
    found: dict[str, list[Answer]] = {}
    for question, note, source in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        part = next((part for part in further(assignment, question) if note.startswith(f"{part}: ")), "")
        note = note.removeprefix(f"{part}: ") if part else note
        hidden, note = note.startswith("hidden: "), note.removeprefix("hidden: ").strip()
        found.setdefault(question, []).append(Answer(question, note, source.strip(), hidden, part))
    return found


def environment() -> dict[str, str]:
    """The environment of nbgrader and its kernels: this Python's programs, the package from this tree, one thread."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    package = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return os.environ | {"PATH": path, "PYTHONPATH": package, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def read(path: Path) -> list[dict]:
    """The cells of a notebook."""
    return json.loads(path.read_text())["cells"]


def tag(cell: Mapping, name: str) -> object:
    """What nbgrader's metadata of a cell say under that name, for example "grade_id"; None if nothing."""
    return cell["metadata"].get("nbgrader", {}).get(name)


def source(cell: Mapping) -> str:
    """A cell's text."""
    return "".join(cell["source"])


@cache
def master(assignment: str) -> list[dict]:
    """The cells of the master."""
    return read(ROOT / "solutions" / assignment / f"{assignment}.ipynb")


def points(assignment: str) -> dict[str, int]:
    """The points of the graded cells, by grade_id."""
    return {tag(cell, "grade_id"): tag(cell, "points") for cell in master(assignment) if tag(cell, "grade")}


def solutions(assignment: str) -> dict[str, str]:
    """The master's answers to the questions that have a test cell, by grade_id."""
    tested = {cell_id.removeprefix("test_") for cell_id in points(assignment) if cell_id.startswith("test_")}
    return {tag(cell, "grade_id"): source(cell) for cell in master(assignment) if tag(cell, "grade_id") in tested}


def further(assignment: str, question: str) -> list[str]:
    """The parts of a question that have a test cell of their own, `test_<question>_<part>`."""
    longer = [other for other in solutions(assignment) if other.startswith(f"{question}_")]
    own = [name for name in points(assignment) if name.startswith(f"test_{question}_")]
    names = [name for name in own if not any(name.startswith(f"test_{other}") for other in longer)]
    return [name.removeprefix(f"test_{question}_") for name in names]


def secrets(assignment: str) -> set[str]:
    """The lines of the master that no learner may get: in a BEGIN … END region, or in a cell that a person grades."""
    secret, public = set(), set()
    for cell in master(assignment):
        hidden = by_hand = bool(tag(cell, "grade") and tag(cell, "solution"))
        for line in source(cell).splitlines():
            hidden = by_hand or ((hidden or "### BEGIN " in line) and "### END " not in line)
            (secret if hidden else public).add(line.strip())
    return {line for line in secret - public if len(line) > 12}


class Course:
    """A course in an empty folder, with the configuration of this one and the masters of the assignments asked for."""

    def __init__(self, folder: Path, *assignments: str) -> None:
        self.root = folder
        self.environment = environment()
        shutil.copy(ROOT / "nbgrader_config.py", folder)
        for assignment in assignments:
            shutil.copytree(ROOT / "solutions" / assignment, folder / "solutions" / assignment)

    def nbgrader(self, *command: str) -> str:
        """Run `nbgrader …` in the course; its output. Raises AssertionError with the output if it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def release(self, assignment: str) -> Path:
        """Generate the release; its folder."""
        self.nbgrader("generate_assignment", assignment)
        return self.root / "assignments" / assignment

    def submit(self, assignment: str, student: str, replace: Mapping[str, str], *, only_graded: bool = False) -> Path:
        """Hand in the release with the sources of some cells, by grade_id, replaced; the file handed in.

        `only_graded` empties the code cells that nbgrader does not know: training, which costs time and no points.
        """
        notebook = json.loads((self.root / "assignments" / assignment / f"{assignment}.ipynb").read_text())
        missing = set(replace) - {tag(cell, "grade_id") for cell in notebook["cells"]}
        assert not missing, f"no cells {missing} in {assignment}"
        for cell in notebook["cells"]:
            if tag(cell, "grade_id") in replace:
                cell["source"] = replace[tag(cell, "grade_id")]
            elif only_graded and cell["cell_type"] == "code" and tag(cell, "grade_id") is None:
                cell["source"] = ""
        path = self.root / "submitted" / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))
        return path

    def autograde(self, assignment: str) -> str:
        """Autograde every submission; nbgrader's output."""
        return self.nbgrader("autograde", assignment, "--Execute.shutdown_kernel=immediate", "--Execute.timeout=180")

    def marks(self, assignment: str) -> dict[str, dict[str, float | None]]:
        """What the gradebook holds: by student and grade_id the points, None where a person has to give them."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as book:
            return {
                submission.student.id: {
                    grade.name: None if grade.needs_manual_grade else grade.score
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in book.assignment_submissions(assignment)
            }

    def grade_by_hand(self, assignment: str, student: str, cell_id: str, score: float) -> None:
        """Give the points of a cell that a person grades, as the formgrader does."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as book:
            grade = book.find_grade(cell_id, assignment, assignment, student)
            grade.manual_score, grade.needs_manual_grade = score, False
            book.db.commit()

    def outputs(self, assignment: str, student: str, cell_id: str | None = None) -> list[dict]:
        """The outputs of an autograded submission, of one cell or of all."""
        cells = read(self.root / "autograded" / student / assignment / f"{assignment}.ipynb")
        wanted = [cell for cell in cells if cell_id is None or tag(cell, "grade_id") == cell_id]
        return [output for cell in wanted for output in cell.get("outputs", [])]

    def error(self, assignment: str, student: str, cell_id: str) -> str:
        """The message of the error that a cell of an autograded submission ended with, or ""."""
        outputs = self.outputs(assignment, student, cell_id)
        return next((output["evalue"] for output in outputs if output["output_type"] == "error"), "")


def generate_release(folder: Path, assignment: str) -> Path:
    """Generate one assignment's release from its master in an empty folder; the release's folder."""
    return Course(folder, assignment).release(assignment)


def judge(folder: Path, assignment: str, part: int = 0, parts: int = 1) -> list[str]:
    """Autograde the stub and every right and wrong answer; what is not as it should be, in words.

    A submission holds one answer to each question, the master's where there are no more of its kind. A right answer has
    to get all points of its question, a wrong one none, and the message that its note says.
    `part` of `parts`: only one submission in `parts`, so that processes can share the work.
    """
    submissions: dict[str, dict[str, Answer]] = {"stub": {}}
    for kind in ("right", "wrong"):
        pool = answers(assignment, kind)
        for number in range(max(map(len, pool.values()))):
            chosen = {question: found[number] for question, found in pool.items() if number < len(found)}
            submissions[f"{kind}{number}"] = chosen
    course, shared = Course(folder, assignment), list(submissions)[part::parts]
    course.release(assignment)
    for name in shared:
        chosen = {question: answer.source for question, answer in submissions[name].items()}
        others = {} if name == "stub" else solutions(assignment)
        course.submit(assignment, name, others | chosen, only_graded=True)
    with warm_kernel.serving(folder, course.environment) as course.environment:
        course.autograde(assignment)
    marks, complaints = course.marks(assignment), []
    for name in shared:
        for question in solutions(assignment):
            answer = submissions[name].get(question)
            for part in ("", *further(assignment, question)):
                test = "_".join(filter(None, ("test", question, part)))
                wrong = name.startswith("wrong") and answer is not None
                if wrong and answer.part != part and not answer.part:
                    continue  # a wrong value may be refused rightly or not
                spoiled = name == "stub" or (wrong and answer.part == part)
                expected = 0 if spoiled else points(assignment)[test]
                error, note = course.error(assignment, name, test), answer.note if answer else ""
                if marks[name][test] != expected or (spoiled and note not in error):
                    got = f"{marks[name][test]} instead of {expected} points, and the message: {error or 'none'}"
                    complaints.append(f"{name}, {test} ({note or 'as in the master'}): {got}")
    return complaints
