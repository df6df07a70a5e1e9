"""What nbgrader's own autograder and this course's make of each hostile submission, as a Markdown table.

    python -m tests.benchmarks.hostile_cases                 every case of hostile.py, some minutes
    python -m tests.benchmarks.hostile_cases loop hard_exit  only these

Each case resubmits for a student who has full marks, and another student hands in a right notebook after it. nbgrader
grades each case in a copy of the course, alone in a bubblewrap of its own: a case may hang, or hurt what it reaches.
"""

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from grading_course import NAME, POINTS, Course
from hostile import ALL, CASES, NONE, TAMPERING, Case
from nbgrader_course import environment

SECONDS, CELL_SECONDS, MEGABYTES, PROCESSES = 75, "5", 4000, 200
CONFIG = "c.KernelManager.transport_encryption = 'auto'\nc.OverwriteCells.add_missing_cells = True\n"


def nbgrader(folder: Path) -> tuple[str, str]:
    """Run `nbgrader autograde` locked in with this folder: how it ended, in words, and its log."""
    alone = ["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--die-with-parent", "--new-session"]
    place = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind", str(folder), str(folder)]
    grade = [sys.executable, "-m", "nbgrader", "autograde", NAME, f"--Execute.timeout={CELL_SECONDS}"]
    env = environment() | {"HOME": str(folder), "TMPDIR": str(folder), "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
    path = folder.with_suffix(".log")  # not in the folder: a case deletes it
    with path.open("w") as log:
        process = subprocess.Popen(
            ["bwrap", *alone, *place, "--chdir", str(folder), "--", *grade, "--Execute.shutdown_kernel=immediate"],
            env=env,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 10**6, MEGABYTES * 10**6)),
        )
        how = watch(process)
    return how, path.read_text(errors="replace")


def watch(process: subprocess.Popen) -> str:
    """Wait for a process and all below it, not for ever."""
    end = time.monotonic() + SECONDS
    while process.poll() is None:
        family = list(below(process.pid))
        if time.monotonic() > end or len(family) > PROCESSES:
            process.kill()  # the namespace of its processes goes with it
            process.wait()
            return "hangs" if time.monotonic() > end else f"over {PROCESSES} processes, stopped"
        time.sleep(0.2)
    return "the run fails" if process.returncode else ""


def below(pid: int) -> Iterator[int]:
    """The processes below this one."""
    try:
        yield from (child.pid for child in psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return


def submit(course: Course, student: str, content: object, file: str, day: int) -> None:
    """Hand in, in place of what was there before."""
    shutil.rmtree(course.root / "submitted" / student, ignore_errors=True)
    if isinstance(content, dict):
        content = json.dumps(content).replace("ROOT", repr(str(course.root)))
    path = course.submit(student, content, file)
    (path.parent / "timestamp.txt").write_text(f"2026-01-{day:02} 12:00:00 UTC")


def points(course: Course, student: str) -> tuple[float | None, ...]:
    """What the gradebook holds; raises if it holds nothing that can be read."""
    return tuple(course.points(student).values())


def said(found: tuple, name: str) -> str:
    """Points, in words. What tampers leaves one question wrong, and two right."""
    if None in found:
        return "no grade"
    case = CASES[name]
    right = 5 if name in TAMPERING else sum(value for value in case.points if value is not None)
    if sum(found) == right and case.points != NONE:
        return f"{right:g} points, right"
    if sum(found) < right and found == case.points:
        return f"{sum(found):g} of {right:g} points until a person looks"
    return f"**{sum(found):g} points** instead of " + ("no grade" if case.points == NONE else f"{right:g}")


def stock(base: Path, name: str, folder: Path) -> str:
    """What nbgrader makes of a case."""
    shutil.copytree(base, folder)
    course = Course.__new__(Course)
    course.root = folder
    case, right = CASES[name], course.released()
    submit(course, "case", case.make(right), case.file, 2)
    submit(course, "other", right, f"{NAME}.ipynb", 1)
    start = time.time()
    how, _ = nbgrader(folder)
    if not (folder / "submitted").is_dir():
        return "**the course's folder is deleted**"
    result = [how] if how else []
    graded = folder / "autograded" / "case" / NAME / f"{NAME}.ipynb"
    try:
        found = points(course, "case")
        if not how and graded.is_file() and graded.stat().st_mtime > start:
            result.append(said(found, name))
            result += ["30 MB kept"] if graded.stat().st_size > 5e6 else []
        else:
            result.append("no grade" if None in found else f"**stale grade** ({sum(found):g} points)")
    except Exception as error:
        result.append(f"**gradebook unreadable** ({type(error).__name__})")
    return ", ".join([*result, *other(course)])


def other(course: Course) -> list[str]:
    """What happened to the student after the case."""
    try:
        found = points(course, "other")
    except Exception:
        return ["**other student ungraded**"]
    return [] if found == tuple(POINTS.values()) else [f"**other student: {found}**"]


def ours(root: Path, cases: dict[str, Case]) -> dict[str, str]:
    """What `course autograde` makes of the cases, all in one class."""
    course = Course(root)
    course.course("release", NAME)
    right = course.released()
    for name in cases:
        submit(course, name, right, f"{NAME}.ipynb", 1)
    course.course("autograde", NAME)
    for i, (name, case) in enumerate(cases.items()):
        submit(course, name, case.make(right), case.file, 2)
        submit(course, f"{name}_{i}", right, f"{NAME}.ipynb", 1)
    course.course("autograde", NAME, "--cell-seconds", "2", "--memory-mb", "1000")
    return {name: _ours(course, name, f"{name}_{i}") for i, name in enumerate(cases)}


def _ours(course: Course, name: str, good: str) -> str:
    known, found = course.known(name), points(course, name)
    result = [f"not graded: {known['why'].partition('(')[0].strip()}"] if None in found else [said(found, name)]
    result += ["flagged"] if known.get("flags") else []
    return ", ".join([*result, *([] if points(course, good) == ALL else ["**other student wrong**"])])


def main() -> None:
    """Print the table."""
    cases = {name: CASES[name] for name in sys.argv[1:] or CASES}
    os.environ.update(environment())
    with tempfile.TemporaryDirectory() as place:
        base, mine = Path(place, "base"), Path(place, "ours")
        base.mkdir()
        mine.mkdir()
        course = Course(base)
        (base / "nbgrader_config.py").write_text((base / "nbgrader_config.py").read_text() + CONFIG)
        with contextlib.redirect_stdout(sys.stderr):
            course.course("release", NAME)
            own = ours(mine, cases)
        submit(course, "case", course.released(), f"{NAME}.ipynb", 1)
        how, log = nbgrader(base)
        assert not how and points(course, "case") == ALL, log
        print("| case | nbgrader autograde | course autograde |\n|---|---|---|")
        for name in cases:
            print(f"| {name} | {stock(base, name, Path(place, name))} | {own[name]} |", flush=True)
            shutil.rmtree(Path(place, name), ignore_errors=True)


if __name__ == "__main__":
    main()
