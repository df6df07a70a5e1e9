"""What holds for every assignment: points as on its page, a release that is the committed one and leaks nothing."""

import json
from pathlib import Path

import nbgrader_course


def check_points(name: str, questions: list[str], essay: str, worth: int) -> None:
    """The graded cells are the questions' and the essay's, with the points of the page's table, 30 in all."""
    text = (nbgrader_course.ROOT / "solutions" / name / f"{name}.py").read_text()
    points = nbgrader_course.points(name)
    assert list(points) == [*(f"test_{question}" for question in questions), essay]
    for question in questions:
        assert f"`{question}` | {points[f'test_{question}']} |" in text
    assert f"sum | {sum(points.values())} |" in text
    assert (sum(points.values()), points[essay]) == (30, worth)


def check_release(folder: Path, name: str, stubs: int) -> None:
    """`stubs` functions are left to write; nothing of their solutions, hidden tests and mark scheme is released."""
    release = nbgrader_course.generate_release(folder, name)
    assert [path.name for path in release.iterdir()] == [f"{name}.ipynb"], "only the notebook may be released"
    text = (release / f"{name}.ipynb").read_text()
    committed = nbgrader_course.ROOT / "assignments" / name / f"{name}.ipynb"
    assert text == committed.read_text(), "run `make release`: the committed release is not what the master gives"
    for word in ("BEGIN SOLUTION", "BEGIN HIDDEN", "hidden test:", "Mark scheme", "Model answer"):
        assert word not in text
    lines = {line.strip() for cell in json.loads(text)["cells"] for line in cell["source"]}
    secrets = nbgrader_course.secrets(name)
    assert len(secrets) > 40 and not secrets & lines
    assert text.count("raise NotImplementedError()") == stubs + text.count("`raise NotImplementedError()`")
