"""Each assignment through nbgrader's own autograder: the stub, the solution, and every right and wrong answer."""

import re

import nbgrader_course
import pytest
from assignment_checks import check_points, check_release

from course_utils.grading.output.again import sections
from course_utils.grading.score.master import Cell
from course_utils.jupyter.execute import execute

# The cells that a person reads, with their points: the essay first.
READ = {
    "01_definitions": {"three_tasks": 7},
    "02_gmm": {"reading": 6},
    "03_vae": {"beta": 6},
    "04_gan": {"diagnosis": 6},
    "05_comparison": {"which_model": 6},
    "06_ethics": {"position": 6, "model_card": 4},
    "07_evaluation": {"which_metric": 6},
    "08_flows_diffusion": {"which_family": 6},
    "09_energy_graphs": {"reading_graph": 6},
    "10_language_models": {"what_it_rests_on": 6},
    "11_applications": {"would_you_use_it": 6},
}
PROJECT = "12_project"  # all of it is read by a person
PROJECT_READ = {"proposal": 4, "plan": 5, "results": 9, "ethics_sheet": 4, "project_card": 4, "peer_review": 4}
PROJECT_STUBS = ["data", "models", "experiment", "check"]
GIVEN_STUBS = {"03_vae": 2, "04_gan": 2}  # more functions to write than questions: both methods of a class
SECRETS = dict.fromkeys(("03_vae", "04_gan", "05_comparison", "06_ethics"), 60)  # the least; else 40
PARTS = [(name, part) for part in (0, 1) for name in READ]  # halves, and the longest not side by side: two processes


def questions(name):
    return list(nbgrader_course.answers(name, "right"))


def test_every_assignment_is_here():
    assert [*READ, PROJECT] == sorted(path.name for path in (nbgrader_course.ROOT / "solutions").glob("[0-9]*"))


@pytest.mark.parametrize("name", READ)
def test_the_points_are_those_of_the_table_on_the_page(name):
    (essay, worth), *more = READ[name].items()
    check_points(name, questions(name), essay, worth, **dict(more))


@pytest.mark.parametrize("name", READ)
def test_each_task_names_a_section_that_its_lecture_has(name):
    cells = nbgrader_course.read(nbgrader_course.ROOT / "assignments" / name / f"{name}.ipynb")
    tags = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    parts = zip(tags, cells, strict=True)
    released = [Cell(tag.get("grade_id"), "", c["cell_type"], nbgrader_course.source(c), tag) for tag, c in parts]
    found = sections(released)
    assert set(found) == set(nbgrader_course.points(name))
    for title, link, number in found.values():
        lecture = (nbgrader_course.ROOT / "assignments" / name / link).resolve()
        headings = re.findall(r"^# ##+ (.*)", lecture.with_suffix(".py").read_text(), re.MULTILINE)
        # Its words are enough: numbers, minutes and marks of a heading may change.
        assert any(title.casefold() in heading.casefold() for heading in headings), (title, headings)
        assert lecture.is_file() and lecture.name.startswith(number)


@pytest.mark.parametrize("name", READ)
def test_the_release_leaks_nothing(name):
    check_release(name, stubs=len(questions(name)) + GIVEN_STUBS.get(name, 0), least=SECRETS.get(name, 40))


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_each_right_answer_gets_its_marks_and_each_wrong_one_loses_only_its_own(name, part, tmp_path):
    assert nbgrader_course.judge(tmp_path, name, part, parts=2) == []


def test_the_points_of_the_project_are_those_of_its_table():
    text = (nbgrader_course.ROOT / "solutions" / PROJECT / f"{PROJECT}.py").read_text()
    assert nbgrader_course.points(PROJECT) == PROJECT_READ and sum(PROJECT_READ.values()) == 30
    assert all(f"`{name}` | {points} |" in text for name, points in PROJECT_READ.items())
    for name, points in PROJECT_READ.items():  # the criteria above an answer add up to its points
        above = text.partition(f'"grade_id": "{name}"')[0].rpartition("| criterion | points |")[2]
        assert sum(int(found) for found in re.findall(r"^# \| .* \| (\d) \|$", above, re.MULTILINE)) == points, name


def test_the_release_of_the_project_leaks_nothing():
    check_release(PROJECT, stubs=len(PROJECT_STUBS), least=120)


MODEL_ANSWER = """
recall = {name: table[:, 1] for name, table in found.items()}
assert abs(recall["mixture"].mean() - 0.58) < 0.06 and recall["VAE"].max() < 0.1
assert recall["control: known prints"].min() > 0.9 > 0.1 > recall["control: class means"].max()
assert 0.1 < longer[:, 1].min() and high < 0 and (found["control: known prints"][:, 2] == 1).all()
assert found["control: class means"][:, 0].min() > 0.95 > 0.75 > found["control: known prints"][:, 0].max()
assert found["VAE"][:, 2].max() == found["mixture"][:, 2].max() == 0
"""


def test_the_model_project_runs_and_gives_what_its_results_say():
    path = nbgrader_course.ROOT / "solutions" / PROJECT / f"{PROJECT}.ipynb"
    assert execute(path, after=MODEL_ANSWER).error is None
