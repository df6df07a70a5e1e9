"""Grade a class: sanitize each submission, run the jobs on an executor, write each result as it comes."""

import hashlib
import json
import sys
import traceback
from collections.abc import Iterable
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass

from tqdm import tqdm

from course_utils.grading.run import worker
from course_utils.grading.score import master as masters
from course_utils.grading.score import sanitize
from course_utils.grading.score.book import Book, read_records
from course_utils.grading.score.course import Course, Submission
from course_utils.grading.score.master import Master
from course_utils.grading.score.verdict import Verdict, judge

VERSION = "1"  # raise it when the same submission would be graded differently
GRADED, FAILED, SAME = "graded", "could not be graded", "unchanged"


@dataclass
class Task:
    """One notebook of one submission."""

    master: Master
    submission: Submission
    state: dict
    cells: list[dict]
    job: dict


@dataclass
class Options:
    """What the command line chose."""

    limits: dict
    workers: int = 1
    cluster: str | None = None
    unsafe: bool = False
    force: bool = False
    student: str | None = None
    progress: bool = True


def stub_job(master: Master, options: Options) -> tuple[list[dict], dict]:
    """The released notebook itself as a submission."""
    cells, _ = sanitize.sanitize(_as_notebook(master), master)
    return cells, worker.make_job(master, cells, {}, options.limits, options.unsafe)


def _as_notebook(master: Master) -> bytes:
    cells = [{"cell_type": c.type, "metadata": {"nbgrader": c.tag}, "source": c.source} for c in master.cells]
    return json.dumps({"cells": cells}).encode()


def stub_fails(cells: list[dict], record: dict) -> dict[str, bool]:
    """By test, whether the released stub fails it. Where it passes, it can tell nothing about a submission."""
    passed = {cell["id"] for i, cell in enumerate(cells) if (record["outcomes"].get(str(i)) or {}).get("ok")}
    return {cell["id"]: cell["id"] not in passed for cell in cells if cell["kind"] == "test"}


class Run:
    """One run of `course autograde` over an assignment."""

    def __init__(self, course: Course, book: Book, options: Options) -> None:
        self.course, self.book, self.options = course, book, options
        self.results: list[tuple[str, str, str]] = []  # student, what happened, details

    def prepare(self, master: Master, submission: Submission) -> Task | None:
        """The task of a submission; None if it is graded already or cannot be graded (then this is recorded)."""
        print_ = submission.fingerprint(master)
        whole = hashlib.sha256(f"{VERSION} {print_} {master.fingerprint()}".encode()).hexdigest()
        state = {"student": submission.student, "timestamp": submission.timestamp, "submitted": print_}
        known = read_records(self.book.folder(submission.student, master.assignment)).get(master.notebook, {})
        if known.get("fingerprint") == whole and not self.options.force:
            self.results.append((submission.student, SAME, known.get("why", "")))
            return None
        state |= {"fingerprint": whole, "notes": []}
        try:
            path, notes = sanitize.find(submission.folder, master)
            cells, repairs = sanitize.sanitize(sanitize.read(path), master)
        except sanitize.CannotGrade as why:
            self._fail(master, state, str(why))
            return None
        files = submission.files()
        job = worker.make_job(master, cells, files, self.options.limits, self.options.unsafe)
        return Task(master, submission, {**state, "notes": notes + repairs}, cells, job)

    def _fail(self, master: Master, state: dict, why: str) -> None:
        self.book.clear(master, {**state, "status": FAILED, "why": why})
        self.results.append((state["student"], FAILED, why))

    def finish(self, task: Task, record: dict) -> None:
        """Write one result."""
        if record["error"]:
            self._fail(task.master, {**task.state, "fingerprint": ""}, record["error"])  # not the learner's: try again
            return
        verdict = judge(task.cells, record)
        notes = [*task.state["notes"], *verdict.unfinished]
        measured = {name: record[name] for name in ("seconds", "peak_mb", "restarts", "sandboxed")}
        questions = {"points": verdict.points, "messages": verdict.messages, "flags": verdict.flags}
        state = {**task.state, **questions, **measured, "status": GRADED, "notes": notes}
        self.book.save(task.master, state, task.cells, record, verdict)
        self.course.penalize(task.master, task.submission.student)
        self.results.append((task.submission.student, GRADED, _details(verdict, notes)))

    def grade(self, assignment: str, pool: Executor) -> None:
        """Grade what was handed in and is not graded yet."""
        found = self.course.submissions(assignment)
        found = [s for s in found if self.options.student in (None, s.student)]
        for master in masters.load(self.course.folder("release"), assignment, self.book.gradebook):
            prepared = [self._guarded(self.prepare, master, submission) for submission in found]
            tasks = [task for task in prepared if task is not None]
            if tasks:
                self._collect({pool.submit(worker.run, task.job): task for task in tasks})

    def _collect(self, futures: dict[Future, Task]) -> None:
        bar = tqdm(total=len(futures), unit="submission", disable=not self.options.progress, smoothing=0.1)
        with bar:
            for future in as_completed(futures):
                self._guarded(self._finish_future, futures[future], future)
                bar.update()

    def _finish_future(self, task: Task, future: Future) -> None:
        try:
            record = future.result()
        except Exception as error:  # the executor lost it: a cluster that is gone, for example
            nothing = {"outcomes": {}, "flags": [], "seconds": 0.0, "peak_mb": 0.0, "restarts": 0, "sandboxed": True}
            record = {**nothing, "error": f"the worker failed: {type(error).__name__}: {error}"}
        self.finish(task, record)

    def _guarded(self, step: object, *arguments: object) -> object:
        """One student's trouble, even a defect of this program, is not another's."""
        try:
            return step(*arguments)
        except Exception as error:
            self.book.gradebook.db.rollback()
            if not isinstance(error, OSError):  # a full disk, a folder that cannot be written: said in one line
                traceback.print_exc(file=sys.stderr)
            student = next(
                a for a in (getattr(x, "submission", x) for x in arguments) if isinstance(a, Submission)
            ).student
            kind = "its files" if isinstance(error, OSError) else "a defect of the grading program"
            self.results.append((student, FAILED, f"{kind}: {type(error).__name__}: {error}"))
            return None


def _details(verdict: Verdict, notes: Iterable[str]) -> str:
    parts = [f"{sum(verdict.points.values()):g} points"]
    parts += [f"{len(verdict.flags)} to look at: {verdict.flags[0]}"] if verdict.flags else []
    return "; ".join([*parts, *notes])
