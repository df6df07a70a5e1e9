"""Try an assignment before a class does: the master as a submission, and the released stub as one."""

import json

from course_utils.grading.run import worker
from course_utils.grading.score import master as masters
from course_utils.grading.score.autograde import Options, stub_fails, stub_job
from course_utils.grading.score.course import Course
from course_utils.grading.score.job import make_job
from course_utils.grading.score.master import Master
from course_utils.grading.score.record import clean
from course_utils.grading.score.sanitize import sanitize
from course_utils.grading.score.verdict import Verdict, judge

APART = "If the test passes in JupyterLab, it asks for what stays in the learner's process: see solutions/README.md, 4."
SECRET = ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME")


def check(course: Course, assignment: str, options: Options) -> list[str]:
    """Complaints: secrets in the release, tests that the master fails, tests that the stub passes."""
    complaints = []
    with course.gradebook() as gradebook, worker.executor(options.workers, options.cluster) as pool:
        for master in masters.load(course.folder("release"), assignment, gradebook):
            text = (course.folder("release") / assignment / f"{master.notebook}.ipynb").read_text("utf-8")
            complaints += [f"the release holds {mark}" for mark in SECRET if mark in text]
            cells, job = stub_job(master, options)
            tried, right = pool.submit(worker.run, job), _solution(course, master)
            solved = pool.submit(worker.run, make_job(master, right, {}, options.limits, options.unsafe))
            records = [clean(tried.result()), clean(solved.result())]
            for record in records:
                if record["error"]:
                    raise RuntimeError(record["error"])
            passing = [name for name, fails in stub_fails(cells, records[0]).items() if not fails]
            complaints += [f"{name}: the released stub passes it" for name in passing]
            complaints += _lost(right, records[1])
    return complaints


def _solution(course: Course, master: Master) -> list[dict]:
    path = course.folder("source") / master.assignment / f"{master.notebook}.ipynb"
    cells, _ = sanitize(path.read_bytes(), master)
    return cells


def _lost(cells: list[dict], record: dict) -> list[str]:
    """The tests in which the master loses points, and why."""
    verdict = judge(cells, record)
    worth = {cell["id"]: cell["points"] for cell in cells if cell["kind"] == "test"}
    lost = [name for name, points in verdict.points.items() if points < worth[name]]
    return [
        f"{name}: the master gets {verdict.points[name]:g} of {worth[name]:g}: {why(verdict, name)}" for name in lost
    ]


def why(verdict: Verdict, name: str) -> str:
    """The message of a failed test, or the flags; and what else may be the cause where the test asserted nothing."""
    message = verdict.messages.get(name) or json.dumps(verdict.flags)
    return message if message.startswith("AssertionError") else f"{message}. {APART}"
