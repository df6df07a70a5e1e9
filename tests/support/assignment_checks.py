"""What holds for every assignment: points as its page says, and a release that leaks nothing."""

import json

import nbgrader_course


def check_points(name: str, questions: list[str], essay: str, worth: int, **more: int) -> None:
    """The graded cells are the questions', the essay's and `more` of its kind, with the table's points, 30 in all."""
    text = (nbgrader_course.ROOT / "solutions" / name / f"{name}.py").read_text()
    points = nbgrader_course.points(name)
    assert list(points) == [*(f"test_{question}" for question in questions), essay, *more]
    for question in questions:
        assert f"`{question}` | {points[f'test_{question}']} |" in text
    assert f"sum | {sum(points.values())} |" in text
    assert (sum(points.values()), points[essay]) == (30, worth)
    assert more == {cell: points[cell] for cell in more}


def check_release(name: str, stubs: int, least: int = 40) -> None:
    """`stubs` functions are left to write; none of the secrets, more than `least` lines of the master, is released."""
    text = (nbgrader_course.ROOT / "assignments" / name / f"{name}.ipynb").read_text()
    for word in ("BEGIN SOLUTION", "BEGIN HIDDEN", "hidden test:", "Mark scheme", "Model answer"):
        assert word not in text
    lines = {line.strip() for cell in json.loads(text)["cells"] for line in cell["source"]}
    secrets = nbgrader_course.secrets(name)
    assert len(secrets) > least and not secrets & lines
    assert text.count("raise NotImplementedError()") == stubs + text.count("`raise NotImplementedError()`")
