"""Assignment 03 through `course autograde` and through nbgrader's own autograder: the same points."""

import json
import os
import subprocess
import sys

import nbgrader_course
import pytest

NAME = "03_vae"
ROOT = nbgrader_course.ROOT


def class_of(course):
    """A class that behaves well: the master, the stub, and every other right and wrong answer, a few at a time."""
    solved = nbgrader_course.solutions(NAME)
    course.submit(NAME, "right", solved | {"beta": "The posterior has collapsed."})
    course.submit(NAME, "stub", {}, only_graded=True)
    for kind in ("right", "wrong"):
        pool = nbgrader_course.answers(NAME, kind)
        for number in range(0, max(map(len, pool.values())), 4):
            chosen = {question: found[number].source for question, found in pool.items() if number < len(found)}
            course.submit(NAME, f"{kind}{number}", solved | chosen, only_graded=True)


def ours(course, *arguments):
    command = [sys.executable, "-m", "course_utils.grading", *arguments]
    done = subprocess.run(command, cwd=course.root, env=nbgrader_course.environment(), capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.needs("sandbox")
def test_the_same_points_as_nbgrader_on_good_submissions(tmp_path):
    course = nbgrader_course.Course(tmp_path, NAME)
    course.release(NAME)
    class_of(course)
    course.autograde(NAME)
    theirs = course.marks(NAME)
    assert len(theirs) >= 6
    os.rename(tmp_path / "gradebook.db", tmp_path / "theirs.db")
    subprocess.run(["rm", "-rf", str(tmp_path / "autograded")], check=True)
    assert ours(course, "release", NAME)[0] == 0
    status, printed = ours(course, "autograde", NAME)
    assert status == 0, printed
    assert course.marks(NAME) == theirs, printed
    records = [json.loads(path.read_text())[NAME] for path in tmp_path.glob("autograded/*/*/.grading.json")]
    assert not [flag for record in records for flag in record["flags"]], "no honest answer is flagged"
    # nbgrader's commands go on from here.
    course.nbgrader("generate_feedback", NAME)
    course.nbgrader("export")
    assert ours(course, "check", NAME)[0] == 0
