"""The hostile submissions, each between good ones in one class: each gets what it must, and nobody else notices."""

import json

import pytest
from grading_course import NAME, POINTS, Course
from hostile import CASES, SECRETS, TAMPERING


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = Course(tmp_path_factory.mktemp("class"))
    assert course.course("release", NAME) == 0
    right = course.released()
    for i, (name, case) in enumerate(CASES.items()):
        content = case.make(right)
        if isinstance(content, dict):
            content = json.dumps(content).replace("ROOT", repr(str(course.root)))
        course.submit(f"{i:03}_{name}", content, case.file)
        course.submit(f"{i:03}_good", right)
    link = course.submit("999_link", right)
    link.unlink()
    link.symlink_to(course.root / "gradebook.db")
    (course.root / "submitted" / "999_nothing" / NAME).mkdir(parents=True)
    assert course.course("autograde", NAME, "--cell-seconds", "2", "--memory-mb", "1000") == 1, "some cannot be graded"
    return course


@pytest.mark.parametrize("number, name", list(enumerate(CASES)), ids=list(CASES))
def test_each_case_gets_what_was_right_in_it(course, number, name):
    case, student = CASES[name], f"{number:03}_{name}"
    known = course.known(student)
    assert tuple(course.points(student).values()) == case.points, json.dumps(known, indent=1)
    assert case.why in known.get("why", "") and (known["status"] == "graded") == (not case.why)
    flags = known.get("flags", [])
    if case.flag is not None:
        assert any(case.flag in flag for flag in flags) if case.flag else not flags, flags


def test_everybody_else_is_graded_as_always(course):
    for i in range(len(CASES)):
        assert course.points(f"{i:03}_good") == POINTS
        assert not course.known(f"{i:03}_good")["flags"]


def test_what_is_no_file_cannot_be_graded(course):
    assert "link" in course.known("999_link")["why"] and "no notebook" in course.known("999_nothing")["why"]
    assert set(course.points("999_link").values()) == {None}


def test_the_sandbox_shows_nothing_and_keeps_nothing(course):
    number = {name: f"{i:03}_{name}" for i, name in enumerate(CASES)}
    seen = course.printed(number["reads_and_writes_everything"])
    assert "[False, False, False]\\n[] []" in seen and seen.count("refused") == 2 and "no network" in seen
    assert "[]" in course.printed(number["looks_for_files"])
    assert "image/png" in course.printed(number["figure"])


def test_no_output_of_a_learner_holds_a_hidden_test(course):
    for i, name in enumerate(TAMPERING, start=len(CASES) - len(TAMPERING)):
        assert not [line for line in SECRETS if line in course.printed(f"{i:03}_{name}")]
