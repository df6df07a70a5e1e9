"""What one learner's cells print, raise and are named stops nobody's pages, tables and lines; nothing of it is live.

The worker is a stand-in here that runs the cells in this process, or answers with a record that a learner forged.
"""

import base64
import contextlib
import csv
import io
import json
import re
import sqlite3
import threading
import time

import nbformat
import pytest
from grading_course import NAME, POINTS, Course, insert, put
from hypothesis import HealthCheck, given, settings
from nbgrader.api import Gradebook
from sqlalchemy.exc import OperationalError
from strange import notebooks

from course_utils.grading.output import feedback
from course_utils.grading.output.page import PAGE
from course_utils.grading.run import sandbox, worker
from course_utils.grading.score import autograde, record
from course_utils.grading.score.book import Book, gradebook_trouble
from course_utils.grading.score.verdict import judge

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\1" * 200_000).decode()
ONE_AT_A_TIME = threading.Lock()
HALF = "\ud800 \x1b[2J\x1b]0;x\x07 \u202e \x00 <script>alert(1)</script>"


def outcome(cell, space):
    """What the sandbox says of a cell, near enough."""
    printed, error = io.StringIO(), None
    with ONE_AT_A_TIME, contextlib.redirect_stdout(printed):  # workers are threads here, and share one stdout
        try:
            exec(cell["source"], space)
        except BaseException as raised:
            error = [type(raised).__name__, str(raised)]
    outputs = [{"output_type": "stream", "name": "stdout", "text": printed.getvalue()}] if printed.getvalue() else []
    known = {"ok": error is None, "error": error, "outputs": outputs, "died": None, "late": False, "seconds": 0.1}
    lists = {"before": [], "during": [], "classes": [], "tripped": []}
    return known | lists | {"value": None, "kind": "NoneType", "stub_passed": False, "crowd": None}


def honest(job):
    """A record as from a worker."""
    space = {}
    found = {str(i): outcome(c, space) for i, c in enumerate(job["cells"]) if c["kind"] != "text"}
    numbers = {"seconds": 1.0, "peak_mb": 100.0, "restarts": 0, "sandboxed": True}
    return {"outcomes": found, "flags": [], "error": None, **numbers}


FORGED = [
    {"output_type": "stream", "text": HALF},
    {"output_type": "stream", "name": 7, "text": ["a", HALF]},
    {"output_type": "stream", "name": "stdout"},
    {"output_type": "video", "text": "x"},
    {"output_type": "error", "ename": HALF, "evalue": 5, "traceback": [HALF, None, {"a": 1}]},
    {"output_type": "error"},
    {"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script>", "text/plain": HALF}},
    {"output_type": "display_data", "data": {"image/png": "'><script>alert(1)</script>", "text/plain": ["x"]}},
    {"output_type": "execute_result", "data": "x", "metadata": 3},
    {"output_type": "display_data", "data": {"image/png": PNG[:400], "application/javascript": "alert(1)"}},
    None,
    "x",
]


def with_outputs(*items, **more):
    """A worker in whose records the cell that says MINE shows these items, and whose tests say `more`."""

    def run(job):
        made = honest(job)
        for i, cell in enumerate(job["cells"]):
            if "MINE" in cell["source"]:
                made["outcomes"][str(i)]["outputs"] = list(items)
                made["flags"] = more.get("flags", [])
                made["outcomes"]["x"], made["outcomes"]["999"] = 7, None
            if cell["kind"] == "test" and more.get("message") and any("MINE" in c["source"] for c in job["cells"]):
                made["outcomes"][str(i)] |= {"ok": False, "error": ["ValueError", more["message"]]}
        return made

    return run


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = Course(tmp_path_factory.mktemp("pages"))
    assert course.course("release", NAME) == 0
    return course


@pytest.fixture
def course(released, tmp_path, monkeypatch):
    import shutil

    shutil.copytree(released.root, tmp_path, dirs_exist_ok=True)
    course = Course.__new__(Course)
    course.root = tmp_path
    monkeypatch.setattr(worker, "run", honest)
    monkeypatch.setattr(sandbox, "probe", lambda: None)
    return course


def mine(course):
    return insert(course.released(), "double", "MINE = 1")


def page(course, student):
    return (course.root / "feedback" / student / NAME / f"{NAME}.html").read_text("utf-8")


def all_pages(course, expected=0):
    return [course.course("feedback", NAME), course.course("report"), course.course("export")] == [expected, 0, 0]


def test_forged_outputs_half_characters_and_escapes_reach_no_page(course, monkeypatch, capsys):
    monkeypatch.setattr(worker, "run", with_outputs(*FORGED, flags=[HALF, 5], message=HALF))
    course.submit("ada", mine(course))
    course.submit("zoe", course.released())
    assert course.course("autograde", NAME) == 0 and all_pages(course)
    graded = json.loads((course.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb").read_text("utf-8"))
    nbformat.validate(graded)
    for text in (page(course, "ada"), (course.root / "report.html").read_text("utf-8")):
        assert "<script>alert" not in text and "\x1b" not in text and "␛]0;x␇ ⟨U+202E⟩ ␀" in text
    assert course.points("zoe") == POINTS and page(course, "zoe")
    assert "\x1b" not in capsys.readouterr().out


def test_a_question_that_lost_points_names_the_section_of_the_lecture(course):
    right = put(course.released(), "essay", "Words.")
    course.submit("ada", right)
    course.submit("bob", put(right, "mean", "def mean(values):\n    return 0"))
    course.submit("eve", b"{")
    assert course.course("autograde", NAME) == 1 and course.course("feedback", NAME) == 0
    link = '<a href="../../../lectures/09_sums.ipynb" rel="noopener noreferrer">'
    assert "Read again</h2>\n<p>" in page(course, "bob")
    assert f"{link}Lecture 09, Sums, and means</a>: <code>test_mean</code></li>" in page(course, "bob")
    assert f"{link}Sums, and\nmeans</a>" in page(course, "ada"), "the task itself"
    assert "<p><strong>A hint</strong></p>\n<p><code>sum</code> adds.</p>" in page(course, "ada")
    for student in ("ada", "eve"):
        assert "Read again" not in page(course, student)


def test_nobody_forges_a_line_in_the_terminal(course, capsys):
    notebook = course.released()
    for cell in (c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "double"):
        cell["metadata"]["nbgrader"]["grade_id"] = "x\nbob: 7 points\x1b[1A\ud800"
    course.submit("ada", notebook)
    course.submit("eve\nbob: 7 points", course.released())
    course.course("autograde", NAME)
    course.course("feedback", NAME)
    course.course("status")
    printed = capsys.readouterr().out
    assert "bob: 7 points" in printed and not re.search(r"^\s*bob", printed, re.MULTILINE) and "\x1b" not in printed


def test_a_name_that_no_gradebook_takes_is_told_and_the_others_are_graded(course, capsys):
    course.submit("ada", course.released())
    course.submit("b\udcffb", course.released())
    assert course.course("autograde", NAME) == 1 and "rename it" in capsys.readouterr().out
    assert course.points("ada") == POINTS and all_pages(course)
    with (course.root / "grades.csv").open(encoding="utf-8") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["graded", "could not be graded"]


def test_a_page_that_fails_is_one_line(course, capsys):
    for student in ("ada", "bob", "zoe"):
        course.submit(student, course.released())
    course.course("autograde", NAME)
    (course.root / "autograded" / "bob" / NAME / f"{NAME}.ipynb").chmod(0o644)
    (course.root / "autograded" / "bob" / NAME / f"{NAME}.ipynb").write_text("{")
    capsys.readouterr()
    assert all_pages(course, expected=1)
    assert "bob: no page: " in capsys.readouterr().out and page(course, "ada") and page(course, "zoe")


def test_a_page_is_never_large_and_says_what_is_left_out(course, monkeypatch):
    pictures = [{"output_type": "display_data", "data": {"image/png": PNG, "text/plain": "<Figure>"}}] * 30
    monkeypatch.setattr(worker, "run", with_outputs(*pictures, message="m" * 5_000_000))
    course.submit("ada", mine(course))
    course.submit("long", insert(mine(course), "mean", "print('y' * 10)\n" * 200_000))
    assert course.course("autograde", NAME) == 0 and all_pages(course)
    for student in ("ada", "long"):
        assert len(page(course, student).encode()) <= PAGE
    assert page(course, "ada").count("<img") >= 4 and "is left out" in page(course, "ada")


def test_long_lines_take_time_in_proportion(course):
    def seconds(length):
        start = time.process_time()
        found = record.stream("x" * length), record.stream("\r" * length), record.stream("ab\r" * (length // 3))
        assert all(len(text) <= length + 30 for text in found)
        return time.process_time() - start

    seconds(1000)
    assert seconds(400_000) < 100 * max(seconds(40_000), 0.001), "ten times the length, not a hundred times the time"
    assert record.stream(" 10%\r 50%\r100%\ndone\r\n") == "100%\ndone\n"


def test_the_essay_and_its_mathematics_are_shown_and_nothing_in_them_lives(course):
    essay = "We see $\\beta > 1$ and [x](JAVASCRIPT&colon;alert(5)).\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    course.submit("ada", put(course.released(), "essay", essay))
    course.course("autograde", NAME)
    course.course("feedback", NAME)
    assert "<mi>β</mi>" in page(course, "ada") and "<td>1</td>" in page(course, "ada")
    kept = (course.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb").read_text("utf-8")
    assert "javascript" not in (kept + page(course, "ada")).lower()


def test_no_field_of_the_table_is_a_formula():
    from course_utils.grading.output.export import _spreadsheet_safe

    bad = ["=1", "\n=1", "\r\n =1", "\t=1", "\u200b=1", "\ufeff+1", "@x", "-1+2", "'=1", "＝1", "\x00=1", "|x", "%x"]
    assert all(value.startswith("'") for value in _spreadsheet_safe({str(i): v for i, v in enumerate(bad)}).values())
    fine = {"a": "Ada", "b": 3.5, "c": "x=1", "d": "", "e": None}
    assert _spreadsheet_safe(fine) == fine


@pytest.mark.parametrize(
    ("why", "way"),
    [
        ("database is locked", "close it"),
        ("attempt to write a readonly database", "right to write"),
        ("database or disk is full", "make room"),
        ("unable to open database file", "rights"),
        ("file is not a database", "last copy"),
    ],
)
def test_a_gradebook_that_cannot_be_used_stops_the_run_with_what_to_do(course, monkeypatch, capsys, why, way):
    course.submit("ada", course.released())
    error = OperationalError("UPDATE", {}, sqlite3.OperationalError(why))
    assert way in gradebook_trouble(error)

    def fail(*_):
        raise error

    monkeypatch.setattr(Book, "save", fail)
    assert course.course("autograde", NAME) == 2
    printed = capsys.readouterr()
    assert way in printed.err and "defect" not in printed.out + printed.err


def test_a_full_disk_is_no_defect(course, monkeypatch, capsys):
    course.submit("ada", course.released())
    course.course("autograde", NAME)

    def full(*_):
        raise OSError(28, "No space left on device", "grades.csv")

    monkeypatch.setattr("course_utils.grading.output.export.write", full)
    assert course.course("export") == 2
    assert "grades.csv: No space left on device. Mend that" in capsys.readouterr().err


def test_what_ran_out_of_time_beside_others_runs_again_alone(course, monkeypatch):
    seen = []

    def slow(job):
        made = honest(job)
        if any("MINE" in cell["source"] for cell in job["cells"]):
            seen.append(1)
            tests = [str(i) for i, cell in enumerate(job["cells"]) if cell["kind"] == "test"]
            burner = any("BURN" in cell["source"] for cell in job["cells"])
            if len(seen) == 1 or burner:
                made["outcomes"][tests[0]] |= {
                    "ok": False,
                    "late": True,
                    "cpu": 60.0 if burner else 3.0,
                    "seconds": 60.0,
                }
        return made

    monkeypatch.setattr(worker, "run", slow)
    course.submit("ada", mine(course))
    assert course.course("autograde", NAME) == 0 and course.points("ada") == POINTS and len(seen) == 2
    course.submit("eve", insert(mine(course), "double", "BURN = 1"))
    assert course.course("autograde", NAME) == 0 and len(seen) == 3, "who computed all the time needs no second run"
    assert course.points("eve")["double"] == 0


def needs(course, student):
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as book:
        entry = book.find_submission_notebook(NAME, NAME, student)
        return sorted(grade.name for grade in entry.grades if grade.needs_manual_grade)


def test_a_flagged_submission_is_settled_at_once(course, monkeypatch, capsys):
    def flagged(cells, record):
        verdict = judge(cells, record)
        verdict.flags.append("something to look at")
        return verdict

    monkeypatch.setattr(autograde, "judge", flagged)
    for student in ("ada", "eve"):
        course.submit(student, put(mine(course), "essay", "Words."))
    course.course("autograde", NAME)
    assert needs(course, "ada") == ["essay", "test_double"], "one test stands for all"
    capsys.readouterr()
    assert course.course("status") == 0
    assert f"course settle ada {NAME}" in capsys.readouterr().out
    assert course.course("settle", "ada", NAME) == 0
    assert "7 points of the tests are accepted; a person still looks at essay" in capsys.readouterr().out
    assert needs(course, "ada") == ["essay"] and course.points("ada") == POINTS
    course.course("autograde", NAME, "--force")
    assert needs(course, "ada") == ["essay"] and needs(course, "eve") == ["essay", "test_double"]
    assert course.course("settle", "nobody", NAME) == 2 and "nothing of nobody's" in capsys.readouterr().err


def test_status_tells_the_next_command(course, monkeypatch, capsys):
    def said():
        capsys.readouterr()
        assert course.course("status") == 0
        return capsys.readouterr().out

    assert "next: none: nobody handed in" in said()
    course.submit("ada", course.released())
    assert "1 not graded yet: ada" in said() and f"next: course autograde {NAME}" in said()
    course.course("autograde", NAME)
    assert "1 graded" in said() and f"next: course feedback {NAME}" in said()
    course.course("feedback", NAME)
    assert f"next: course export {NAME}" in said()
    course.submit("ada", put(course.released(), "essay", "Words."))
    assert "1 handed in again: ada" in said()
    course.submit("eve", b"")
    course.course("autograde", NAME)
    told = said()
    assert "1 a person has to look: ada" in told and "next: make lab (Formgrader" in told and "settle" not in told
    assert "eve: the file is empty. To ask: Please open your notebook" in told
    (course.root / "solutions" / "next").mkdir()
    (course.root / "solutions" / "next" / "next.ipynb").write_text("{}")
    assert "next: not released\n  next: course release next" in said()


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(notebooks())
def test_a_class_around_a_strange_one_is_graded_as_without_it(course, strange):
    import shutil

    for name in ("submitted", "autograded", "feedback"):
        shutil.rmtree(course.root / name, ignore_errors=True)
    essay = put(course.released(), "essay", "Words.")
    course.submit("ada", essay)
    course.submit("m", json.dumps(strange).encode("utf-8", "surrogatepass"))
    course.submit("zoe", essay)
    course.course("autograde", NAME)
    course.course("feedback", NAME)
    assert course.points("ada") == course.points("zoe") == POINTS
    assert page(course, "ada").replace("ada", "zoe") == page(course, "zoe")
    assert course.known("m")["status"] in (autograde.GRADED, autograde.FAILED)
    assert course.course("report") == course.course("export") == 0 and feedback.PAGE == PAGE
