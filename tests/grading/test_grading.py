"""The command over a term: start again, resubmit, interrupt, refuse; feedback, export and report."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from grading_course import ANSWERS, ESSAY, NAME, POINTS, TESTS, Course, insert, put
from nbconvert import HTMLExporter
from nbgrader.api import Gradebook
from patience import wait_until

from course_utils.grading.run import sandbox, worker
from course_utils.grading.score import autograde

TOO_MANY = "def evens(n):\n    return 1000"  # a careless test takes it for its points

PACKAGE = Path(autograde.__file__).parents[3]


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = Course(tmp_path_factory.mktemp("released"))
    assert course.course("release", NAME) == 0
    return course


@pytest.fixture
def course(released, tmp_path):
    return released.copy(tmp_path)


TOO_MANY = "def evens(n):\n    return 1000"  # a careless test takes it for its points


def rows(course, name="grades.csv"):
    with (course.root / name).open() as file:
        return {row.get("student_id") or row.get("Username"): row for row in csv.DictReader(file)}


def give(course, student, question, points):
    """Points by a person, as the formgrader writes them."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as book:
        grade = book.find_grade(question, NAME, NAME, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


@pytest.mark.needs("sandbox")
def test_check_finds_a_test_that_the_stub_passes(released, tmp_path, capsys):
    assert released.course("check", NAME) == 0
    bad = Course(tmp_path)
    path = tmp_path / "solutions" / NAME / f"{NAME}.ipynb"
    notebook = put(json.loads(path.read_text()), "test_mean", "assert 1 + 1 == 2")
    path.write_text(json.dumps(put(notebook, "test_evens", "assert evens(4) == 5")))
    assert bad.course("release", NAME) == 0 and bad.course("check", NAME) == 1
    printed = capsys.readouterr().out
    assert "test_mean: the released stub passes it" in printed and "test_evens: the master gets 0 of 2" in printed


@pytest.mark.needs("sandbox")
def test_check_says_what_a_test_asks_that_stays_in_the_learners_process(tmp_path, capsys):
    bad = Course(tmp_path)
    path = tmp_path / "solutions" / NAME / f"{NAME}.ipynb"
    notebook = put(json.loads(path.read_text()), "test_mean", "assert mean([3]) == 3\nmean.limit = 3")
    source = "import inspect\nassert 'return' in inspect.getsource(double)"
    path.write_text(json.dumps(put(notebook, "test_double", source)))
    assert bad.course("release", NAME) == 0 and bad.course("check", NAME) == 1
    double, mean = capsys.readouterr().out.splitlines()[-2:]
    assert "test_double: the master gets 0 of 2" in double and "what stays in the learner's process" in double
    assert "cannot set limit of the learner's function" in mean and "line 2 of the test" in mean


@pytest.mark.needs("sandbox")
def test_a_second_run_grades_only_what_is_new_or_changed(course, capsys):
    right = course.released()
    for student in ("ada", "bob", "eve"):
        course.submit(student, right)
    assert course.course("autograde", NAME) == 0
    stamps = {s: (course.root / "autograded" / s / NAME / f"{NAME}.ipynb").stat().st_mtime_ns for s in ("ada", "bob")}
    course.submit("bob", put(right, "mean", "def mean(values):\n    return 0"))
    course.submit("eve", b"{")
    give(course, "bob", "test_mean", 3)  # of the earlier submission
    capsys.readouterr()
    assert course.course("autograde", NAME) == 1
    assert "1 unchanged, 1 could not be graded, 1 graded" in capsys.readouterr().out
    now = {s: (course.root / "autograded" / s / NAME / f"{NAME}.ipynb").stat().st_mtime_ns for s in ("ada", "bob")}
    assert now["ada"] == stamps["ada"] and now["bob"] > stamps["bob"]
    assert course.points("bob") == {**POINTS, "mean": 0}
    assert set(course.points("eve").values()) == {None}, "no grade of the earlier submission stays"
    assert course.course("export") == 0
    assert rows(course)["bob"]["score"] == "4.0", "nor a person's points for another answer"
    assert rows(course)["eve"]["status"] == "could not be graded" and rows(course)["eve"]["score"] == ""
    assert course.course("autograde", NAME) == 1 and "eve: still could not be graded" in capsys.readouterr().out
    course.submit("eve", right)
    assert course.course("autograde", NAME) == 0 and course.points("eve") == POINTS


@pytest.mark.needs("sandbox")
def test_what_a_person_gave_stays_while_the_answer_stays(course):
    essay = put(course.released(), "essay", "My thoughts.")
    course.submit("ada", essay)
    course.course("autograde", NAME)
    give(course, "ada", "essay", 4.5)
    course.submit("ada", put(essay, "mean", "def mean(values):\n    return 0"))
    course.course("autograde", NAME)
    course.course("export")
    assert rows(course)["ada"]["essay"] == "4.5" and rows(course)["ada"]["status"] == "graded"
    course.submit("ada", put(essay, "essay", "Other thoughts."))
    course.course("autograde", NAME)
    course.course("export")
    assert rows(course)["ada"]["essay"] == "" and rows(course)["ada"]["status"] == "a person has to look"


@pytest.mark.needs("sandbox")
def test_an_interrupted_run_goes_on_where_it_was(course, request):
    right = insert(course.released(), "double", "import time; time.sleep(0.5)")
    for i in range(8):
        course.submit(f"s{i}", put(right, "essay", f"I am s{i}."))
    command = [sys.executable, "-m", "course_utils.grading", "autograde", NAME, "--workers", "1"]
    env = os.environ | {"PYTHONPATH": str(PACKAGE)}
    process = subprocess.Popen(command, cwd=course.root, env=env, stderr=subprocess.PIPE, text=True)
    request.addfinalizer(process.kill)
    graded = "autograded/*/*/.grading.json"
    wait_until(lambda: len(list(course.root.glob(graded))) >= 2 or process.poll() is not None, "two graded submissions")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and "goes on from here" in errors
    done = {path.parent.parent.name for path in course.root.glob("autograded/*/*/.grading.json")}
    assert 2 <= len(done) < 8
    before = {name: (course.root / "autograded" / name / NAME / ".grading.json").stat().st_mtime_ns for name in done}
    assert course.course("autograde", NAME) == 0
    assert all(course.points(f"s{i}") == POINTS for i in range(8))
    after = {name: (course.root / "autograded" / name / NAME / ".grading.json").stat().st_mtime_ns for name in done}
    assert after == before, "nothing is graded twice"


def test_without_a_sandbox_it_refuses_unless_told(course, monkeypatch, capsys):
    course.submit("ada", course.released())
    monkeypatch.setattr(sandbox, "probe", sandbox.probe.__wrapped__)
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    assert course.course("autograde", NAME) == 2
    assert "--unsafe" in capsys.readouterr().err and not (course.root / "autograded").exists()
    assert course.course("autograde", NAME, "--unsafe", "--workers", "1") == 0
    assert course.points("ada") == POINTS and "WITHOUT A SANDBOX" in capsys.readouterr().out
    assert course.course("report") == 0
    assert "1 of them ran without a sandbox" in (course.root / "report.html").read_text()


@pytest.mark.needs("sandbox")
def test_a_worker_that_dies_is_replaced(course, monkeypatch):
    course.submit("ada", course.released())
    killed = []

    def die_once(self, job, run=worker.Nursery.run):
        if not killed:
            killed.append(self.process.pid)
            self.process.kill()
            self.process.wait()
        return run(self, job)

    monkeypatch.setattr(worker.Nursery, "run", die_once)
    assert course.course("autograde", NAME) == 0
    assert killed and course.points("ada") == POINTS


@pytest.mark.needs("sandbox")
def test_a_defect_of_the_program_or_a_full_disk_costs_nobody_else(course, monkeypatch, capsys):
    trouble = {"bob": KeyError("a defect"), "eve": OSError(28, "No space left on device")}
    for student in ("ada", *trouble, "zoe"):
        course.submit(student, course.released())
    save = autograde.Book.save

    def broken(self, master, state, *rest):
        if state["student"] in trouble:
            raise trouble[state["student"]]
        save(self, master, state, *rest)

    monkeypatch.setattr(autograde.Book, "save", broken)
    assert course.course("autograde", NAME) == 1
    printed = capsys.readouterr().out
    assert "bob: could not be graded: a defect" in printed and "eve: could not be graded: its files" in printed
    assert course.points("ada") == course.points("zoe") == POINTS
    monkeypatch.undo()
    assert course.course("autograde", NAME) == 0 and course.points("bob") == course.points("eve") == POINTS


@pytest.mark.needs("sandbox")
def test_a_name_with_spaces_and_umlauts_and_a_notebook_of_300_cells(course):
    notebook = course.released()
    for i in range(300):
        notebook = insert(notebook, "double", f"print({i})")
    course.submit("Jörg von Groß", notebook)
    assert course.course("autograde", NAME) == course.course("feedback", NAME) == course.course("export") == 0
    assert course.points("Jörg von Groß") == POINTS and rows(course)["Jörg von Groß"]["score"] == "7.0"
    assert (course.root / "feedback" / "Jörg von Groß" / NAME / f"{NAME}.html").is_file()


@pytest.mark.needs("sandbox")
def test_feedback_shows_work_and_messages_but_no_hidden_test_and_no_script(course):
    curve = "plotting.curves({'a': [1, 2]}, title='T', xlabel='x', ylabel='y', alt='A < line.')"
    figure = f"from course_utils import plotting\n{curve}"
    spy = "def double(x):\n    raise ValueError(open('/proc/self/status').name + EVIL)"
    evil = "EVIL = '<script>alert(1)</script>'\nprint(EVIL)\nfrom IPython.display import HTML\nHTML(EVIL)"
    notebook = insert(put(course.released(), "double", spy), "double", evil)
    notebook = put(notebook, "essay", "<script>alert(2)</script> <img src=x onerror=alert(3)> [a](javascript:alert(4))")
    notebook = insert(notebook, "mean", figure)
    notebook = put(notebook, "mean", f"def mean(values):\n    raise ValueError({TESTS['mean'][::-1]!r}[::-1])")
    secret = course.submit("ada", notebook).with_name("submission_secret.txt")
    secret.write_text("as by nbgrader submit")
    course.submit("bob", course.released({"mean": ANSWERS["mean"]}))
    course.course("autograde", NAME)
    assert course.course("feedback", NAME) == 0
    page = (course.root / "feedback" / "ada" / NAME / f"{NAME}.html").read_text()
    assert (course.root / "feedback" / "ada" / NAME / secret.name).read_text() == "as by nbgrader submit"
    assert (course.root / "feedback" / "bob" / NAME / "timestamp.txt").is_file(), "nbgrader release_feedback reads it"
    assert "ValueError: /proc/self/status" in page and "assert double(2) == 4" in page, "the message, the visible test"
    for live in ("<script", "<img src=x", 'href="javascript'):
        assert live not in page
    for text in TESTS.values():
        hidden = [line for line in text.partition("HIDDEN TESTS")[2].splitlines() if "assert" in line]
        assert not [line for line in hidden if line in page or line.replace("'", "&#x27;") in page]
    assert '<img alt="A &lt; line." src="data:image/png;base64,' in page
    graded = course.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    shown, _ = HTMLExporter(embed_images=False).from_filename(str(graded))  # as the formgrader does
    for live in ("<script>alert", "<img src=x", 'href="javascript:'):
        assert live not in shown
    other = (course.root / "feedback" / "bob" / NAME / f"{NAME}.html").read_text()
    assert "NotImplementedError" in other and "No response." in other


@pytest.mark.needs("sandbox")
def test_the_grader_reads_the_flags_above_the_work_and_can_give_points_for_what_could_not_be_graded(course):
    course.submit("cheat", put(course.released(), "evens", TOO_MANY))
    course.submit("broken", b"{")
    assert course.course("autograde", NAME) == 1 and course.course("feedback", NAME) == 0
    graded = {
        s: json.loads((course.root / "autograded" / s / NAME / f"{NAME}.ipynb").read_text())
        for s in ("cheat", "broken")
    }
    assert "    test_evens: no points, gives 1000.0 of 2 points" in graded["cheat"]["cells"][0]["source"]
    assert "gives 1000" not in (course.root / "feedback" / "cheat" / NAME / f"{NAME}.html").read_text()
    ids = {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in graded["broken"]["cells"]}
    assert {"test_double", "test_mean", "test_evens", "essay"} <= ids
    for question, points in {"test_double": 2, "test_mean": 0, "test_evens": 0, "essay": 1}.items():
        give(course, "broken", question, points)
    assert course.course("export") == 0
    assert (rows(course)["broken"]["status"], rows(course)["broken"]["score"]) == ("graded", "3.0")
    assert course.course("autograde", NAME) == 1, "it still cannot be graded by itself"
    assert course.course("export") == 0 and rows(course)["broken"]["score"] == "3.0", "what a person gave stays"


def class_of_all_kinds(course):
    """Somebody of each status."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as book:
        book.add_student("absent", email="absent@example.org", first_name="A", last_name="=1+1")
    course.submit("full", put(course.released(), "essay", "Text."))
    course.submit("zero", course.released({}))
    course.submit("broken", b"")
    course.submit("cheat", put(course.released({}), "evens", TOO_MANY))
    assert course.course("autograde", NAME) == 1
    course.submit("late", course.released())


@pytest.mark.needs("sandbox")
def test_export_and_report_tell_zero_failed_and_absent_apart(course):
    class_of_all_kinds(course)
    assert course.course("export") == course.course("report") == 0
    table = rows(course)
    assert {name: (row["status"], row["score"]) for name, row in table.items()} == {
        "absent": ("not handed in", ""),
        "broken": ("could not be graded", ""),
        "cheat": ("a person has to look", "0.0"),
        "full": ("a person has to look", "7.0"),
        "late": ("not graded yet", ""),
        "zero": ("graded", "0.0"),
    }
    assert table["broken"]["why"] == "the file is empty" and "gives 1000" in table["cheat"]["flags"]
    assert table["absent"]["last_name"].startswith("'"), "no formula for the spreadsheet"
    report = (course.root / "report.html").read_text()
    for text in (
        "Hardest questions",
        "NotImplementedError",
        "gives 1000.0 of 2 points",
        "the file is empty",
        'alt="Two panels',
    ):
        assert text in report
    assert ESSAY not in report


@pytest.mark.needs("sandbox")
def test_a_file_for_a_platform_holds_finished_grades_and_no_empty_field_that_would_delete_one(course, capsys):
    class_of_all_kinds(course)
    assert course.course("export", NAME, "--lms", "moodle") == course.course("export", NAME, "--lms", "canvas") == 0
    assert {name: row[NAME] for name, row in rows(course, "grades_moodle.csv").items()} == {"zero": "0.0"}
    head, possible, *students = list(csv.reader((course.root / "grades_canvas.csv").open()))
    assert head == ["Student", "ID", "SIS Login ID", "Section", NAME]
    assert possible[0].strip() == "Points Possible" and possible[-1] == "12.0"
    assert students == [["zero", "", "zero", "", "0.0"]]
    assert course.course("export", "--lms", "moodle") == 2 and "name it" in capsys.readouterr().err
    for command in ("export", "report"):
        assert course.course(command, "nothing") == 2 and f"which has: {NAME}" in capsys.readouterr().err


@pytest.mark.needs("sandbox")
def test_two_commands_do_not_write_at_once(course, capsys):
    from course_utils.grading.score.book import only_writer

    course.submit("ada", course.released())
    with only_writer(course.root):
        assert course.course("autograde", NAME) == 2
    assert "another command" in capsys.readouterr().err


@pytest.mark.needs("sandbox")
def test_nothing_is_graded_before_a_release_or_with_another_one(course, capsys):
    assert course.course("autograde", "nothing") == 2 and "course release nothing" in capsys.readouterr().err
    path = course.root / "assignments" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace('"points": 3', '"points": 30'))
    assert course.course("autograde", NAME) == 2 and "differ in test_mean" in capsys.readouterr().err
