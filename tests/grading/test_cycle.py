"""The whole cycle by nbgrader's commands, for three students: from generating a release to the exported grades."""

import csv
import os
import re
import subprocess
from pathlib import Path

import pytest
from nbgrader_course import ROOT, Course, environment, points, solutions

NAME = "03_vae"
ESSAY = "beta"
HALF = ["reparameterize", "kl_standard_normal", "elbo"]
TEXT = "With β = 10 the KL is 0 nats: the posterior has collapsed."


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = Course(tmp_path_factory.mktemp("course"), NAME)
    course.release(NAME)
    right = solutions(NAME)
    course.submit(NAME, "right", right | {ESSAY: TEXT})
    course.submit(NAME, "half", {question: right[question] for question in HALF} | {ESSAY: TEXT})
    course.submit(NAME, "empty", {})
    course.autograde(NAME)
    return course


def test_the_cycle(course):
    worth = points(NAME)
    tests = {name: value for name, value in worth.items() if name != ESSAY}
    marks = course.marks(NAME)
    assert marks["right"] == tests | {ESSAY: None}, "all tests pass, and a person has to read the essay"
    kept = {f"test_{question}" for question in HALF}
    assert marks["half"] == {name: value if name in kept else 0 for name, value in tests.items()} | {ESSAY: None}
    assert marks["empty"] == dict.fromkeys(worth, 0), "an empty submission is graded without a person"

    # The page's own cells: with right answers all of them run, whatever the essay says.
    outputs = course.outputs(NAME, "right")
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert sum("text/html" in output.get("data", {}) for output in outputs) == 3, "three figures"

    course.grade_by_hand(NAME, "right", ESSAY, 5)
    course.grade_by_hand(NAME, "half", ESSAY, 1.5)
    course.nbgrader("generate_feedback", NAME)
    for student in ("right", "half", "empty"):
        page = (course.root / "feedback" / student / NAME / f"{NAME}.html").read_text()
        assert "test_kl_standard_normal" in page and "Score" in page
    assert "log_bernoulli is not written yet" in (course.root / "feedback/half" / NAME / f"{NAME}.html").read_text()

    course.nbgrader("export")
    with (course.root / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {student: float(row["score"]) for student, row in rows.items()} == {"right": 29, "half": 11.5, "empty": 0}
    assert {float(row["max_score"]) for row in rows.values()} == {30}


def test_validate_as_the_learners_page_writes_it_shows_each_message_whole():
    command = re.search(
        r"`\.venv/bin/(nbgrader validate \S+)`", (ROOT / "assignments" / "README.md").read_text()
    ).group(1)
    programs = Path(environment()["PATH"].split(os.pathsep)[0])
    done = subprocess.run(
        [programs / "nbgrader", *command.split()[1:]], cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    for question in solutions(NAME):
        why = f"{question} is not written yet: put your code in place of `raise NotImplementedError()`."
        assert why in " ".join(done.stdout.split()), done.stdout + done.stderr
    assert "..." not in [line[-3:] for line in done.stdout.splitlines()], "a line is cut off"
