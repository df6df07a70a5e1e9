"""Assignment 04 through nbgrader's own autograder: the stub, the solution, and every right and wrong answer."""

import json

import nbgrader_course
import pytest
import test_checks

NAME = "04_gan"
QUESTIONS = list(test_checks.QUESTIONS[NAME])
ESSAY = "diagnosis"


def test_the_points_are_those_of_the_table_on_the_page():
    text = (nbgrader_course.ROOT / "solutions" / NAME / f"{NAME}.py").read_text()
    worth = nbgrader_course.points(NAME)
    assert list(worth) == [*(f"test_{question}" for question in QUESTIONS), ESSAY]
    for question in QUESTIONS:
        assert f"`{question}` | {worth[f'test_{question}']} |" in text
    assert f"sum | {sum(worth.values())} |" in text
    assert (sum(worth.values()), worth[ESSAY]) == (30, 6)


def test_the_release_leaks_nothing():
    text = (nbgrader_course.ROOT / "assignments" / NAME / f"{NAME}.ipynb").read_text()
    for word in ("BEGIN SOLUTION", "BEGIN HIDDEN", "hidden test:", "Mark scheme", "Model answer"):
        assert word not in text
    lines = {line.strip() for cell in json.loads(text)["cells"] for line in cell["source"]}
    secrets = nbgrader_course.secrets(NAME)
    assert len(secrets) > 60 and not secrets & lines
    assert text.count("raise NotImplementedError()") == len(QUESTIONS) + 2 + text.count("`raise NotImplementedError()`")


@pytest.mark.parametrize("part", [0, 1])
def test_each_right_answer_gets_its_marks_and_each_wrong_one_loses_only_its_own(part, tmp_path):
    assert nbgrader_course.judge(tmp_path, NAME, part, parts=2) == []
