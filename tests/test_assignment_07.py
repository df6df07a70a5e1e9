"""Assignment 07 through nbgrader's own autograder: the stub, the solution, and every right and wrong answer."""

import nbgrader_course
import pytest
import test_checks
from assignment_checks import check_points, check_release

NAME = "07_fid_is"
QUESTIONS = list(test_checks.QUESTIONS[NAME])


def test_the_points_are_those_of_the_table_on_the_page():
    check_points(NAME, QUESTIONS, essay="which_metric", worth=6)


def test_the_release_leaks_nothing():
    check_release(NAME, stubs=len(QUESTIONS))


@pytest.mark.parametrize("part", [0, 1])
def test_each_right_answer_gets_its_marks_and_each_wrong_one_loses_only_its_own(part, tmp_path):
    assert nbgrader_course.judge(tmp_path, NAME, part, parts=2) == []
