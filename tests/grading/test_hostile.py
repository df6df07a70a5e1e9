"""The hostile submissions, each between good ones in one class: each gets what it must, and nobody else notices."""

import json

import pytest
from grading_course import NAME, POINTS, Course
from hostile import CREDITS, ROBUST, SECRETS, TAMPERING

from course_utils.grading.run import worker

HOARD = "b'1' * 120_000_000"
CHILDREN = f"""
import subprocess, sys, time
keep = [subprocess.Popen([sys.executable, "-c", "import time; b = {HOARD}; time.sleep(60)"]) for _ in range(8)]
time.sleep(60)
"""
GRANDCHILDREN = CHILDREN.replace('"import time; b', '"import os, time; os.fork() and time.sleep(60); b')
SHARING = "import os, time\nfor _ in range(20): os.fork() or (time.sleep(2), os._exit(0))\ntime.sleep(3)"
UNOWNED = """
import ctypes, os
for take in (lambda: os.memfd_create("hoard"), lambda: os.close(ctypes.CDLL(None).shmget(0, 1_000_000, 0o1600))):
    try:
        take()
        print("had")
    except OSError:
        print("refused")
"""


def cell(source, memory_mb):
    """What becomes of one cell under a limit of memory."""
    limits = {"cell": 30.0, "total": 30.0, "memory_mb": memory_mb, "output": 100_000}
    cells = [{"kind": "code", "type": "code", "id": None, "points": 0, "source": source}]
    job = {
        "cells": cells,
        "limits": limits,
        "files": {},
        "stubs": [],
        "given": [],
        "modules": ["torch"],
        "unsafe": False,
    }
    return worker.run(job)["outcomes"]["0"]


@pytest.mark.needs("sandbox")
def test_memory_is_that_of_all_processes():
    assert cell(CHILDREN, 600)["died"] == "more than 600 MB of memory"
    assert cell(GRANDCHILDREN, 600)["died"] == "more than 600 MB of memory"
    assert cell(SHARING, 200)["ok"], "what forked processes share is counted once"


@pytest.mark.needs("sandbox")
def test_memory_that_belongs_to_no_process_is_refused():
    outcome = cell(UNOWNED, 600)
    assert outcome["ok"] and "refused\\nrefused" in json.dumps(outcome["outputs"])


def student(cases, name):
    return f"{list(cases).index(name):03}_{name}"


def grade(folder, cases):
    """Grade a class in which each case has a good submission behind it."""
    course = Course(folder)
    assert course.course("release", NAME) == 0
    right = course.released()
    for i, (name, case) in enumerate(cases.items()):
        content = case.make(right)
        if isinstance(content, dict):
            content = json.dumps(content).replace("ROOT", repr(str(course.root)))
        course.submit(student(cases, name), content, case.file)
        course.submit(f"{i:03}_zgood", right)
    failing = any(case.why for case in cases.values())
    assert course.course("autograde", NAME, "--cell-seconds", "2", "--memory-mb", "1000") == int(failing)
    return course


def complaints(course, cases):
    """What differs from what the cases say; and every good submission that lost or gained anything."""
    found = []
    for i, (name, case) in enumerate(cases.items()):
        known, points = course.known(student(cases, name)), tuple(course.points(student(cases, name)).values())
        flags, why = known.get("flags", []), known.get("why", "")
        if points != case.points or case.why not in why or (known["status"] == "graded") == bool(case.why):
            found.append(f"{name}: {points} instead of {case.points}, {known['status']} {why} {known.get('messages')}")
        if case.flag is not None and not (any(case.flag in flag for flag in flags) if case.flag else not flags):
            found.append(f"{name}: the flags are {flags} instead of {case.flag or 'none'}")
        good = course.known(f"{i:03}_zgood")
        if course.points(f"{i:03}_zgood") != POINTS or good["flags"]:
            found.append(f"the good submission after {name}: {good}")
    return found


def test_there_are_cases_enough():
    assert len(ROBUST) + len(CREDITS) + len(TAMPERING) >= 35


@pytest.mark.needs("sandbox")
def test_each_accident_gets_the_points_of_what_was_right_in_it(tmp_path):
    course = grade(tmp_path, ROBUST)
    assert complaints(course, ROBUST) == []
    assert "image/png" in course.printed(student(ROBUST, "figure"))
    assert len(course.printed(student(ROBUST, "prints_30_mb"))) < 1_000_000
    assert (course.root / "gradebook.db").stat().st_size < 10_000_000


@pytest.mark.needs("sandbox")
def test_tampering_gains_nothing_and_is_flagged(tmp_path):
    cases = CREDITS | TAMPERING
    course = grade(tmp_path, cases)
    assert complaints(course, cases) == []
    seen = course.printed(student(cases, "reads_and_writes_everything"))
    assert "[False, False, False]\\n[] []" in seen and seen.count("refused") == 2 and "no network" in seen
    assert "found []" in course.printed(student(cases, "looks_for_files"))
    for name in cases:
        assert not [line for line in SECRETS if line in course.printed(student(cases, name))]


@pytest.mark.needs("sandbox")
def test_what_is_no_file_cannot_be_graded(tmp_path):
    course = Course(tmp_path)
    assert course.course("release", NAME) == 0
    course.submit("good", course.released())
    link = course.submit("link", b"")
    link.unlink()
    link.symlink_to(course.root / "gradebook.db")
    (course.root / "submitted" / "nothing" / NAME).mkdir(parents=True)
    assert course.course("autograde", NAME) == 1
    assert "link" in course.known("link")["why"] and "no notebook" in course.known("nothing")["why"]
    assert set(course.points("link").values()) == {None} and course.points("good") == POINTS
