"""Grading by a user who is not root: the tests run as whoever starts them, and that may be root."""

import ast
import os
import pwd
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.grading.run import sandbox

pytestmark = pytest.mark.needs("sandbox")

TESTS = Path(__file__).parents[1]
SECONDS = 300
GRADE = """
import json, os, sys
from pathlib import Path
from grading_course import NAME, Course, put

course = Course(Path(sys.argv[1]))
assert course.course("release", NAME) == 0
course.submit("right", course.released())
course.submit("wrong", put(course.released(), "mean", "def mean(values): return 0"))
course.submit("loop", put(course.released(), "mean", "def mean(values):\\n    while True: pass"))
course.submit("dies", put(course.released(), "mean", "import os\\ndef mean(values): os.abort()"))
status = course.course("autograde", NAME, "--cell-seconds", "2")
students = ("right", "wrong", "loop", "dies")
points = {student: sum(course.points(student).values()) for student in students}
print(json.dumps({"uid": os.getuid(), "status": status, "sandboxed": course.known("right")["sandboxed"], **points}))
"""
# A name space of its own, in which the folders that hold Python and this tree can be entered by everybody.
OPEN = """set -e

{opened}
exec setpriv --reuid={user} --regid={group} --clear-groups {command}
"""


def closed(folder: Path) -> Path | None:
    """The outermost folder on the way that not everybody may enter."""
    ways = [*reversed(folder.resolve().parents), folder.resolve()]
    return next((way for way in ways if not way.stat().st_mode & 0o001), None)


def entered(folders: list[str]) -> str:
    """Shell lines that make these folders, and nothing else of what is closed, visible to everybody."""
    lines: dict[str, list[str]] = {}
    for number, folder in enumerate(sorted({str(Path(folder).resolve()) for folder in folders}), 3):
        if shut := closed(Path(folder)):
            lines.setdefault(str(shut), []).append(f"{number} {folder}")
    text = []
    for shut, known in lines.items():
        pairs = [pair.split(" ", 1) for pair in known]
        text += [f"exec {number}<{shlex.quote(folder)}" for number, folder in pairs]
        text += [f"mount -t tmpfs -o mode=755 none {shlex.quote(shut)}"]
        for number, folder in pairs:
            name = shlex.quote(folder)
            text += [
                f"mkdir -p {name}",
                f"mount --no-canonicalize --bind /proc/self/fd/{number} {name}",
                f"exec {number}<&-",
            ]
    return "\n".join(text)


def as_somebody_else(command: list[str], folder: Path) -> list[str]:
    """The command, run by `nobody`, to whom the folder is given."""
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    needed = [*sandbox.libraries(), str(TESTS.parent), str(folder)]
    user = {"user": nobody.pw_uid, "group": nobody.pw_gid}
    script = OPEN.format(opened=entered(needed), command=shlex.join(command), **user)
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]


def test_a_class_is_graded_by_an_ordinary_user(tmp_path):
    folder = tmp_path / "course"
    folder.mkdir()
    command = [sys.executable, "-c", GRADE, str(folder)]
    command = as_somebody_else(command, folder) if os.getuid() == 0 else command
    path = os.pathsep.join([str(TESTS / "support"), str(TESTS.parent)])
    env = os.environ | {"PYTHONPATH": path, "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd="/", timeout=SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.strip().splitlines()[-1]
    assert '"status": 0, "sandboxed": true, "right": 7.0, "wrong": 4.0, "loop": 4.0, "dies": 4.0' in last
    assert '"uid": 0' not in last


def test_the_sandbox_holds_libraries_and_neither_the_course_nor_an_exchange_nor_a_home():
    # nbgrader's own place for an exchange is /usr/local/share/nbgrader, which this machine may not have.
    shares = "[os.listdir(path) for path in ('/usr/share', '/usr/local/share') if os.path.isdir(path)]"
    look = f"import os, sys; print([os.path.exists(path) for path in sys.argv[1:]], sorted(set(sum({shares}, []))))"
    root = TESTS.parent
    inside = [str(root / "course_utils"), "/usr/bin", "/tmp"]
    outside = [str(root / "solutions"), str(root / "tests"), "/home", "/srv", "/var", "/etc/passwd", "/usr/src"]
    command = sandbox.wrap([sys.executable, "-c", look, *inside, *outside])
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    exist, shared = ast.literal_eval(done.stdout.replace("] [", "], ["))
    assert exist == [True] * len(inside) + [False] * len(outside), done.stdout
    assert set(shared) <= set(sandbox.SHARED)
