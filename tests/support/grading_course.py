"""A course in an empty folder with one small assignment, `tiny`, and a class that hands it in."""

import copy
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from nbgrader.api import Gradebook

from course_utils.grading import command

NAME = "tiny"
CONFIG = """c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
"""
ANSWERS = {
    "double": "def double(x):\n    return 2 * x",
    "mean": "def mean(values):\n    return sum(values) / len(values)",
    "evens": "def evens(n):\n    return n // 2",
}
TESTS = {
    "double": "assert double(2) == 4\n### BEGIN HIDDEN TESTS\n"
    "np.testing.assert_allclose(double(np.array([1.5, -2])), [3, -4], err_msg='the secret of double')\n"
    "### END HIDDEN TESTS",
    "mean": "assert mean([3]) == 3\n### BEGIN HIDDEN TESTS\n"
    "assert math.isclose(mean([1, 2, 6]), 3), 'the secret of mean'\n### END HIDDEN TESTS",
    "evens": "# The function itself says how many points: a careless test, as they happen.\nevens(4)",
}
POINTS = {"double": 2, "mean": 3, "evens": 2}
ESSAY = "*Your words here.*"
MEANS = """## A mean
In the lecture: [Sums, and
means](../../lectures/09_sums.ipynb).

<details><summary>A hint</summary>

`sum` adds.

</details>"""


def _cell(kind: str, source: str, **tag: object) -> dict:
    metadata = {"nbgrader": {"schema_version": 3, "task": False, **tag}} if tag else {}
    name = str(tag.get("grade_id", f"plain-{len(source)}"))
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": name.replace("_", "-"), "metadata": metadata, "source": source, **code}


def master() -> dict:
    """The instructor's notebook."""
    cells = [_cell("markdown", "# A small assignment")]
    cells += [
        _cell("code", "import math\n\nimport numpy as np", grade_id="setup", grade=False, locked=True, solution=False)
    ]
    for name, answer in ANSWERS.items():
        head, body = answer.split("\n")
        text = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        test = {"grade": True, "locked": True, "solution": False, "points": POINTS[name]}
        cells += [_cell("markdown", MEANS)] if name == "mean" else []
        cells += [_cell("code", text, grade_id=name, grade=False, locked=False, solution=True)]
        cells += [_cell("code", TESTS[name], grade_id=f"test_{name}", **test)]
    cells += [_cell("markdown", ESSAY, grade_id="essay", grade=True, locked=False, solution=True, points=5)]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def position(notebook: dict, name: str) -> int:
    """Where the cell with this grade_id stands."""
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    return ids.index(name)


def put(notebook: dict, name: str, source: str) -> dict:
    """The same notebook with another text in the cell of this grade_id."""
    notebook = copy.deepcopy(notebook)
    notebook["cells"][position(notebook, name)]["source"] = source
    return notebook


def insert(notebook: dict, before: str, source: str) -> dict:
    """The same notebook with a code cell of the learner's own before the cell of this grade_id."""
    notebook = copy.deepcopy(notebook)
    notebook["cells"].insert(position(notebook, before), _cell("code", source))
    return notebook


class Course:
    """The course's folder, and the command run in it."""

    def __init__(self, folder: Path) -> None:
        """The course in this folder, begun if there is none."""
        self.root = folder
        if (folder / "nbgrader_config.py").exists():
            return
        (folder / "nbgrader_config.py").write_text(CONFIG)
        (folder / "solutions" / NAME).mkdir(parents=True)
        (folder / "solutions" / NAME / f"{NAME}.ipynb").write_text(json.dumps(master()))

    def copy(self, folder: Path) -> "Course":
        """The same course as it is now, in another folder."""
        shutil.copytree(self.root, folder, dirs_exist_ok=True)
        return Course(folder)

    def course(self, *arguments: str) -> int:
        """Run `course …` in this folder; its exit status."""
        before = Path.cwd()
        os.chdir(self.root)
        try:
            return command.main(list(arguments))
        finally:
            os.chdir(before)

    def released(self, answers: Mapping[str, str] = ANSWERS) -> dict:
        """The released notebook with these answers in it."""
        notebook = json.loads((self.root / "assignments" / NAME / f"{NAME}.ipynb").read_text())
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        for name, source in answers.items():
            notebook = put(notebook, name, source)
        return notebook

    def submit(self, student: str, content: dict | str | bytes, name: str = f"{NAME}.ipynb") -> Path:
        """Hand in a notebook (or whatever these bytes are); the file."""
        text = json.dumps(content) if isinstance(content, dict) else content
        path = self.root / "submitted" / student / NAME / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def points(self, student: str) -> dict[str, float | None]:
        """The autograder's points by question, from the gradebook."""
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as book:
            entry = book.find_submission_notebook(NAME, NAME, student)
            found = {grade.name: grade.auto_score for grade in entry.grades}
        return {name: found[f"test_{name}"] for name in POINTS}

    def known(self, student: str) -> dict:
        """What the command wrote beside the graded notebook."""
        path = self.root / "autograded" / student / NAME / ".grading.json"
        return json.loads(path.read_text())[NAME]

    def printed(self, student: str) -> str:
        """All text that the submission's cells printed or raised when it was graded."""
        notebook = json.loads((self.root / "autograded" / student / NAME / f"{NAME}.ipynb").read_text())
        outputs = [o for cell in notebook["cells"] for o in cell.get("outputs", [])]
        return "\n".join(json.dumps(output) for output in outputs)
