"""A Dask cluster: a real scheduler and two workers in processes of their own, which hold no course and no gradebook."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from grading_course import NAME, POINTS, Course, insert, put
from patience import wait_until

from course_utils.grading.run import worker

PACKAGE = Path(worker.__file__).parents[3]
SECONDS = 180


def start(folder, *command):
    """Start a program of dask, with its log in a file; the process."""
    env = os.environ | {"PYTHONPATH": str(PACKAGE), "OMP_NUM_THREADS": "1"}
    log = (folder / f"{command[0]}{len(list(folder.iterdir()))}.log").open("w")
    return subprocess.Popen([sys.executable, "-m", "dask", *command], cwd=folder, env=env, stdout=log, stderr=log)


@pytest.fixture
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dask")
    scheduler = start(folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    processes, log = [scheduler], next(folder.glob("scheduler*"))
    try:
        pattern = r"Scheduler at: +(tcp://\S+)"
        address = wait_until(lambda: re.search(pattern, log.read_text()), "the scheduler's address").group(1)
        for _ in range(2):
            arguments = ["--nthreads", "1", "--no-dashboard", "--death-timeout", "60", "--local-directory", str(folder)]
            processes.append(start(folder, "worker", address, "--no-nanny", *arguments))
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.needs("sandbox")
def test_a_worker_killed_in_mid_run_loses_nothing(tmp_path, cluster, request):
    address, workers = cluster
    course = Course(tmp_path)
    course.course("release", NAME)
    right = insert(course.released(), "double", "import time; time.sleep(0.5)")
    wrong = put(right, "mean", "def mean(values):\n    return 0")
    for i in range(12):
        course.submit(f"s{i:02}", wrong if i % 3 == 0 else right)
    env = os.environ | {"PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, "-m", "course_utils.grading", "autograde", NAME, "--cluster", address]
    run = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True)
    request.addfinalizer(run.kill)
    graded = "autograded/*/*/.grading.json"
    wait_until(lambda: len(list(tmp_path.glob(graded))) >= 2 or run.poll() is not None, "two graded submissions")
    victim = psutil.Process(workers[0].pid)
    wait_until(lambda: "bwrap" in [child.name() for child in victim.children()], "a sandbox under the first worker")
    workers[0].kill()
    printed, _ = run.communicate(timeout=SECONDS)
    assert run.returncode == 0 and "12 graded" in printed, printed
    for i in range(12):
        assert course.points(f"s{i:02}") == (POINTS | {"mean": 0} if i % 3 == 0 else POINTS)
        assert course.known(f"s{i:02}")["sandboxed"]
    assert workers[1].poll() is None
