"""Each objective is taught, practiced and assessed somewhere, and the table says where."""

import dataclasses

import pytest

from course_utils import questions
from course_utils.teaching import trace
from course_utils.teaching.__main__ import KIT, contents

ROWS = trace.rows()


def test_every_objective_of_every_lecture_is_assessed():
    assert [hole for row in ROWS for hole in row.holes()] == []


def test_every_lecture_and_every_question_is_in_the_table():
    assert {row.lecture for row in ROWS} == {path.stem for path in (trace.ROOT / "lectures").glob("[0-9]*.py")}
    assert {question.id for row in ROWS for question in row.asked} == {question.id for question in questions.every()}


def test_every_task_of_every_assignment_practices_an_objective():
    tasks = {task for task, _, _ in trace._tasks(trace.ROOT)}
    assert tasks and tasks == {task for row in ROWS for task in row.tasks}


def test_a_question_taken_away_is_a_hole_with_a_name():
    row = next(row for row in ROWS if row.lecture == "03_vae" and row.number == 2)
    assert "ELBO" in row.objective and row.sections and any(task.startswith("03: Task") for task in row.tasks)
    (hole,) = dataclasses.replace(row, asked=[]).holes()
    assert hole.startswith("03_vae, objective 2") and "write one" in hole


def test_the_page_has_a_line_for_each_objective(tmp_path):
    (path,) = trace.kit(tmp_path)
    lines = [line for line in path.read_text().splitlines() if line.startswith("| ") and "|---" not in line]
    assert len(lines) == len(ROWS) + len(questions.names())


def test_a_hole_stops_the_kit(tmp_path, monkeypatch):
    rows = [*ROWS[1:], dataclasses.replace(ROWS[0], asked=[])]
    monkeypatch.setattr(trace, "rows", lambda: rows)
    with pytest.raises(ValueError, match="objective 1"):
        trace.kit(tmp_path)


def test_the_kit_says_what_it_holds_and_where_to_begin():
    said = contents([KIT / "trace.md", *(KIT / "gift" / f"{number}.txt" for number in range(3))])
    assert said.splitlines()[:2] == ["kit/trace.md", "kit/gift/: 3 files"] and "Begin with kit/timetable.md" in said
