"""Grade a class: read each submission, run the jobs on an executor, write each result as it comes."""

import hashlib
import json
import sys
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from tqdm import tqdm

from course_utils.grading.run import worker
from course_utils.grading.score import master as masters
from course_utils.grading.score.apart import TookTooLong, apart
from course_utils.grading.score.book import Book, gradebook_trouble, read_records
from course_utils.grading.score.course import Course, Submission
from course_utils.grading.score.files import CannotGrade
from course_utils.grading.score.intake import Intake, intake
from course_utils.grading.score.job import make_job
from course_utils.grading.score.master import Master
from course_utils.grading.score.record import clean
from course_utils.grading.score.sanitize import sanitize
from course_utils.grading.score.verdict import Verdict, judge

VERSION = "2"  # raise it when the same submission would be graded differently
GRADED, FAILED, SAME = "graded", "could not be graded", "unchanged"
HARD = CannotGrade("what was handed in takes too long to read", "Please hand in the notebook without copied cells.")
LATE = ("not finished", "time for the whole")  # what a record says of what ran out of time
BUSY = 0.8  # share of its time that a cell computed, beyond which nobody else kept it waiting


class Stopped(RuntimeError):
    """The run cannot go on, for anybody; the text says what to do."""


@dataclass
class Task:
    """One notebook of one submission."""

    master: Master
    submission: Submission
    state: dict
    read: Intake
    again: bool = False  # whether it ran out of time once, beside others


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
    cells, _ = sanitize(_as_notebook(master), master)
    return cells, make_job(master, cells, {}, options.limits, options.unsafe)


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
        self.beside = options.workers > 1 or options.cluster is not None  # whether submissions run beside others

    def prepare(self, master: Master, submission: Submission) -> Task | None:
        """The task of a submission; None if it is graded already or cannot be graded (then this is recorded)."""
        if submission.trouble:
            self.results.append((submission.student, FAILED, submission.trouble))
            return None
        try:
            print_ = apart(submission.fingerprint, master)
        except TookTooLong:
            print_ = ""
        whole = hashlib.sha256(f"{VERSION} {print_} {master.fingerprint()}".encode()).hexdigest()
        state = {"student": submission.student, "timestamp": submission.timestamp, "submitted": print_}
        known = read_records(self.book.folder(submission.student, master.assignment)).get(master.notebook, {})
        if known.get("fingerprint") == whole and not self.options.force:
            self.results.append((submission.student, SAME, known.get("why", "")))
            return None
        state |= {"fingerprint": whole, "notes": []}
        try:
            read = apart(intake, submission, master, self.options.limits, self.options.unsafe)
        except (CannotGrade, TookTooLong) as error:
            self._fail(master, state, error if isinstance(error, CannotGrade) else HARD)
            return None
        return Task(master, submission, {**state, "notes": read.notes}, read)

    def _fail(self, master: Master, state: dict, why: CannotGrade) -> None:
        self.book.clear(master, {**state, "status": FAILED, "why": why.why, "ask": why.ask})
        self.results.append((state["student"], FAILED, f"{why.why}. {why.ask}".rstrip(". ")))

    def finish(self, task: Task, record: dict) -> None:
        """Write one result."""
        if record["error"]:  # not the learner's: try again
            why = CannotGrade(record["error"], "")
            self._fail(task.master, {**task.state, "fingerprint": ""}, why)
            return
        verdict = judge(task.read.cells, record)
        notes = [*task.state["notes"], *verdict.unfinished]
        measured = {name: record.get(name) for name in ("seconds", "peak_mb", "restarts", "sandboxed")}
        questions = {"points": verdict.points, "messages": verdict.messages, "flags": verdict.flags}
        state = {**task.state, **questions, **measured, "status": GRADED, "notes": notes}
        self.book.save(task.master, state, task.read.cells, record, verdict)
        self.course.penalize(task.master, task.submission.student)
        self.results.append((task.submission.student, GRADED, _details(verdict, notes)))

    def grade(self, assignment: str, pool: Executor) -> None:
        """Grade what was handed in and is not graded yet."""
        found = self.course.submissions(assignment)
        found = [s for s in found if self.options.student in (None, s.student)]
        released = masters.load(self.course.folder("release"), assignment, self.book.gradebook)
        # All is read before anything runs: a process is best forked from a program that has no threads yet.
        read = [[self._guarded(s, lambda s=s, m=m: self.prepare(m, s)) for s in found] for m in released]
        for prepared in read:
            tasks = [task for task in prepared if task is not None]
            if tasks:
                self._collect({pool.submit(worker.run, task.read.job): task for task in tasks}, pool)

    def _collect(self, futures: dict[Future, Task], pool: Executor) -> None:
        """Write the results as they come. What ran out of time beside others runs once more, alone, at the end."""
        late: list[Task] = []
        with tqdm(total=len(futures), unit="submission", disable=not self.options.progress, smoothing=0.1) as bar:
            for future in as_completed(futures):
                task = futures[future]
                self._guarded(task.submission, lambda t=task, f=future: self._finish_future(t, f, late))
                bar.update()
            bar.total += len(late)
            for task in late:
                task.again = True
                alone = pool.submit(worker.run, task.read.job)
                self._guarded(task.submission, lambda t=task, f=alone: self._finish_future(t, f, late))
                bar.update()

    def _finish_future(self, task: Task, future: Future, late: list[Task]) -> None:
        try:
            record = clean(future.result())
        except Exception as error:  # the executor lost it: a cluster that is gone, for example
            why = f"the worker was lost ({type(error).__name__}: {error})"
            self._fail(task.master, {**task.state, "fingerprint": ""}, CannotGrade(why, ""))
            return
        if ran_out(record) and self.beside and not task.again and not record["error"]:
            late.append(task)
        else:
            self.finish(task, record)

    def _guarded(self, submission: Submission, step: Callable[[], Task | None]) -> Task | None:
        """One student's trouble, even a defect of this program, is not another's. A gradebook that fails is all's."""
        try:
            return step()
        except DBAPIError as error:
            self.book.gradebook.db.rollback()
            raise Stopped(gradebook_trouble(error)) from None
        except OSError as error:  # a full disk, a folder that cannot be written
            self.book.gradebook.db.rollback()
            why = f"its files: {error.strerror or error}: {error.filename or ''}".rstrip(": ")
        except Exception as error:
            self.book.gradebook.db.rollback()
            traceback.print_exc(file=sys.stderr)
            why = f"a defect of the grading program: {type(error).__name__}: {error}"
        self.results.append((submission.student, FAILED, why))
        return None


def ran_out(record: dict) -> bool:
    """Whether a cell of this record ended for want of time, which may have been another submission's doing."""
    ends = [outcome for outcome in record["outcomes"].values() if _late(outcome)]
    return any("cpu" not in outcome or outcome["cpu"] < BUSY * outcome.get("seconds", 0) for outcome in ends)


def _late(outcome: dict) -> bool:
    return bool(outcome.get("late")) or any(words in (outcome["died"] or "") for words in LATE)


def _details(verdict: Verdict, notes: Iterable[str]) -> str:
    parts = [f"{sum(verdict.points.values()):g} points"]
    parts += [f"{len(verdict.flags)} to look at: {verdict.flags[0]}"] if verdict.flags else []
    return "; ".join([*parts, *notes])
