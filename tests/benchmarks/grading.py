"""How long a class takes: nbgrader's own autograder, this course's with one and two workers, and a Dask cluster of two.

    python -m tests.benchmarks.grading                        40 submissions of assignment 03 each way
    python -m tests.benchmarks.grading --stock 40             nbgrader grades 10 of them, unless told
    python -m tests.benchmarks.grading --short --many 400     and 400 with two workers: is the time for each the same?

The submissions are whole, training cells included: each has one answer of `tests/answers`, right and wrong in turn, the
rest as in the master. Left out is the one that loops over every number: its training takes a minute, whoever grades it.
`--short` leaves the training cells out: what remains is what grading itself costs.
Memory is what one process holds for itself (unique set size), the largest; "nursery" is the warm process of a worker.
"""

import argparse
import contextlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbgrader_course
import psutil

NAME, SLOW = "03_vae", "a loop over every number"
ENVIRONMENT = nbgrader_course.environment()
ROW = "{:<26} {:>11} {:>8} {:>11} {:>13} {:>10} {:>10}"


def course(folder: Path, students: int, short: bool) -> nbgrader_course.Course:
    """A course with a class of this size."""
    folder.mkdir()
    made = nbgrader_course.Course(folder, NAME)
    made.release(NAME)
    solved = nbgrader_course.solutions(NAME)
    chosen = random.Random(0)
    right, wrong = (
        [(q, a.source) for q, found in nbgrader_course.answers(NAME, kind).items() for a in found if SLOW not in a.note]
        for kind in ("right", "wrong")
    )
    for i in range(students):
        question, source = chosen.choice(wrong if i % 2 else right)
        made.submit(
            NAME, f"s{i:03}", solved | {question: source, "beta": f"Student {i} writes this."}, only_graded=short
        )
    return made


class Memory(threading.Thread):
    """The largest memory that one process below this one holds for itself (unique set size), sampled."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.nursery, self.going = 0.0, 0.0, True

    def run(self) -> None:
        while self.going:
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    held = process.memory_full_info().uss / 1e6
                    self.peak = max(self.peak, held)
                    if "--import" in process.cmdline() and process.name() != "bwrap":
                        self.nursery = max(self.nursery, held)
            time.sleep(1)


def measure(label: str, students: int, made: nbgrader_course.Course, *command: str) -> dict:
    """Run a command that grades the class; print and return its row; forget its results."""
    memory = Memory()
    memory.start()
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=made.root, env=ENVIRONMENT, capture_output=True, text=True
    )
    seconds = time.monotonic() - start
    memory.going = False
    assert done.returncode == 0, done.stdout + done.stderr
    marks = made.marks(NAME)
    load = psutil.getloadavg()[0]
    print(
        ROW.format(
            label,
            students,
            f"{seconds:.0f}",
            f"{seconds / students:.2f}",
            f"{memory.peak:.0f}",
            f"{memory.nursery:.0f}",
            f"{load:.1f}",
        ),
        flush=True,
    )
    shutil.rmtree(made.root / "autograded")
    (made.root / "gradebook.db").unlink()
    made.nbgrader("generate_assignment", NAME, "--force")
    return {"each": seconds / students, "marks": marks}


def dask(folder: Path) -> tuple[str, list[subprocess.Popen]]:
    """A scheduler and two workers on this machine."""
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", "8796", "--no-dashboard"]
    worker = ["worker", "tcp://127.0.0.1:8796", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    quiet = {"cwd": folder, "env": ENVIRONMENT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return "tcp://127.0.0.1:8796", [
        subprocess.Popen([sys.executable, "-m", "dask", *command], **quiet) for command in (scheduler, worker, worker)
    ]


def compare(folder: Path, options: argparse.Namespace) -> None:
    """Print a row for each way to grade, and how many times as fast as nbgrader (before and after) it is."""
    mine = ["course_utils.grading", "autograde", NAME]
    made = course(folder / "all", options.students, options.short)
    few = course(folder / "few", options.stock, options.short)
    stock = measure("nbgrader autograde", options.stock, few, "nbgrader", "autograde", NAME)
    rows = {
        workers: measure(f"course, {workers} workers", options.students, made, *mine, "--workers", workers)
        for workers in ("1", "2")
    }
    address, processes = dask(folder)
    rows["Dask"] = measure("course, Dask, 2 workers", options.students, made, *mine, "--cluster", address)
    for process in processes:
        process.kill()
    again = measure("nbgrader autograde, again", options.stock, few, "nbgrader", "autograde", NAME)
    same = all(row["marks"][student] == marks for row in rows.values() for student, marks in stock["marks"].items())
    base = statistics.mean([stock["each"], again["each"]])
    ratios = ", ".join(f"{name}: {base / row['each']:.1f}" for name, row in rows.items())
    print(f"same points: {same}. Times as fast, by workers: {ratios}")
    if options.many:
        many = course(folder / "many", options.many, options.short)
        row = measure("course, 2 workers", options.many, many, *mine, "--workers", "2")
        flat = row["each"] / rows["2"]["each"]
        print(f"seconds for each of {options.many}, over seconds for each of {options.students}: {flat:.2f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--stock", type=int, default=10)
    parser.add_argument("--many", type=int, default=0)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    print(ROW.format("", "submissions", "seconds", "s for each", "MB a process", "nursery", "load after"))
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), options)


if __name__ == "__main__":
    main()
