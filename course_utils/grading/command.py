"""The instructor's command.

course release 03_vae       make the release from the master, and check that it leaks nothing
course check 03_vae         does the master pass each of its tests, and the released stub none?
course autograde 03_vae     grade what was handed in; start it again at any time, it goes on where it was
course feedback 03_vae      a page for each student, without hidden tests
course status               who handed in, who is graded, who waits for you, and the next command
course settle ada 03_vae    accept the points of a flagged submission as they stand
course export               grades.csv, in which ungraded, failed and zero differ; also for Moodle and Canvas
course report               one page on the whole class
"""

import argparse
import signal
import sys
import warnings
from collections import Counter

from course_utils.grading.run import sandbox, worker
from course_utils.grading.score.record import line

EVERYBODY_GRADED, SOME_FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="course", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    of_one = {"release": _release, "check": _check, "autograde": _autograde, "feedback": _feedback, "settle": _settle}
    of_many = {"status": _status, "export": _export, "report": _report}
    for name, run in (of_one | of_many).items():
        sub = commands.add_parser(name)
        sub.set_defaults(run=run)
        if name == "settle":
            sub.add_argument("student")
        sub.add_argument("assignment", nargs="*" if name in of_many else None, default=None)
        if name in ("check", "autograde"):
            _how_to_run(sub)
        if name == "autograde":
            sub.add_argument("--student", help="only this one")
            sub.add_argument("--force", action="store_true", help="also what is graded already")
        if name == "export":
            sub.add_argument("--lms", choices=["moodle", "canvas"], help="write the columns that this platform imports")
        if name in ("export", "report"):
            sub.add_argument("--to", help="the file to write")
    return parser


def _how_to_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="local processes (default: 2)")
    parser.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler, such as tcp://10.0.0.5:8786")
    parser.add_argument("--unsafe", action="store_true", help="run submissions without a sandbox, with all your rights")
    parser.add_argument("--cell-seconds", type=float, default=worker.LIMITS["cell"])
    parser.add_argument("--total-seconds", type=float, default=worker.LIMITS["total"])
    parser.add_argument("--memory-mb", type=float, default=worker.LIMITS["memory_mb"])


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return 0 (all well), 1 (some could not be graded), 2 (refused) or 130 (interrupted)."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: what is written stays whole
    from sqlalchemy.exc import DBAPIError, SAWarning

    from course_utils.grading.score.book import gradebook_trouble
    from course_utils.grading.score.master import NotReleased

    warnings.filterwarnings("ignore", category=SAWarning)  # nbgrader's own queries, each for each new submission

    try:
        return options.run(options)
    except (NotReleased, RuntimeError, sandbox.NoSandbox) as error:
        why = str(error)
    except DBAPIError as error:
        why = gradebook_trouble(error)
    except BlockingIOError:
        why = "another command is grading this course at this moment."
    except OSError as error:
        why = f"{error.filename or 'a file'}: {error.strerror or error}. Mend that, then give the same command again."
    except KeyboardInterrupt:
        print("\ncourse: interrupted. What was graded is kept; the same command goes on from here.", file=sys.stderr)
        return INTERRUPTED
    print(f"course: {line(why, 2000)}", file=sys.stderr)
    return REFUSED


def _course() -> object:
    from course_utils.grading.score.course import Course

    return Course()


def _safe(options: argparse.Namespace) -> None:
    """Raise NoSandbox unless submissions can be locked in, or the instructor insists."""
    if options.unsafe:
        print("course: --unsafe: submissions run with all your rights on this machine.", file=sys.stderr)
    elif options.cluster is None and (why := sandbox.probe()):
        raise sandbox.NoSandbox(f"{why}. Submissions are not run without a sandbox unless you say --unsafe.")


def _run_options(options: argparse.Namespace) -> object:
    from course_utils.grading.score.autograde import Options

    limits = {"cell": options.cell_seconds, "total": options.total_seconds, "memory_mb": options.memory_mb}
    chosen = {name: getattr(options, name, None) for name in ("workers", "cluster", "unsafe", "student")}
    return Options(limits, **chosen, force=getattr(options, "force", False))


def _release(options: argparse.Namespace) -> int:
    course = _course()
    error = course.release(options.assignment)
    if error:
        raise RuntimeError(error)
    print(f"Released to {course.folder('release') / options.assignment}.")
    return 0


def _check(options: argparse.Namespace) -> int:
    from course_utils.grading.score.check import check

    _safe(options)
    complaints = check(_course(), options.assignment, _run_options(options))
    print("\n".join(complaints) or f"{options.assignment}: the master passes every test, the stub passes none.")
    return SOME_FAILED if complaints else 0


def _autograde(options: argparse.Namespace) -> int:
    from course_utils.grading.score.autograde import FAILED, GRADED, SAME, Run
    from course_utils.grading.score.book import Book, only_writer

    course, chosen = _course(), _run_options(options)
    _safe(options)
    with only_writer(course.root), course.gradebook() as gradebook:
        run = Run(course, Book(gradebook, course.folder("autograded")), chosen)
        with worker.executor(chosen.workers, chosen.cluster) as pool:
            run.grade(options.assignment, pool)
    for student, what, details in sorted(run.results):
        if what == GRADED:
            print(f"{line(student, 80)}: {line(details)}")
        elif details:
            print(f"{line(student, 80)}: {'still ' if what == SAME else ''}{FAILED}: {line(details)}")
    counts = Counter(what for _, what, _ in run.results)
    unsafe = " WITHOUT A SANDBOX" if chosen.unsafe else ""
    print(
        f"{options.assignment}{unsafe}: " + ", ".join(f"{n} {what}" for what, n in counts.items() or [("handed in", 0)])
    )
    failed = any(what != GRADED and details for _, what, details in run.results)
    return SOME_FAILED if failed else EVERYBODY_GRADED


def _feedback(options: argparse.Namespace) -> int:
    from course_utils.grading.output.feedback import write

    course = _course()
    with course.gradebook() as gradebook:
        pages, failed = write(course, gradebook, options.assignment)
    for student, why in failed:
        print(f"{line(student, 80)}: no page: {line(why)}")
    print(f"{len(pages)} pages in {course.folder('feedback')}.")
    return SOME_FAILED if failed else 0


def _status(options: argparse.Namespace) -> int:
    from course_utils.grading.output.status import lines

    course = _course()
    with course.gradebook() as gradebook:
        print("\n".join(lines(course, gradebook, options.assignment)))
    return 0


def _settle(options: argparse.Namespace) -> int:
    from course_utils.grading.score import master as masters
    from course_utils.grading.score.book import Book, only_writer

    course = _course()
    with only_writer(course.root), course.gradebook() as gradebook:
        book = Book(gradebook, course.folder("autograded"))
        for master in masters.load(course.folder("release"), options.assignment, gradebook):
            settled = book.settle(master, options.student)
            if settled is None:
                raise RuntimeError(f"nothing of {options.student}'s is graded in {options.assignment}.")
            points, waits = settled
            still = f"; a person still looks at {', '.join(waits)}" if waits else ""
            print(f"{line(options.student, 80)}: the {points:g} points of the tests are accepted{still}.")
    return 0


def _export(options: argparse.Namespace) -> int:
    from course_utils.grading.output.export import write

    course = _course()
    with course.gradebook() as gradebook:
        path = write(course, gradebook, options.assignment, options.lms, options.to)
    print(f"Written: {path}")
    return 0


def _report(options: argparse.Namespace) -> int:
    from course_utils.grading.output.report import write

    course = _course()
    with course.gradebook() as gradebook:
        path = write(course, gradebook, options.assignment, options.to)
    print(f"Written: {path}")
    return 0
