"""The course's folder as nbgrader's configuration describes it: what was handed in, and where everything lies."""

import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader, NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties

from course_utils.grading.score.files import CannotGrade, candidates, every
from course_utils.grading.score.master import Master
from course_utils.grading.score.record import text

MAX_EXTRA = 5_000_000  # bytes of a learner's own files beside the notebook
TRIED = 5  # files that may be the notebook


@dataclass(frozen=True)
class Submission:
    """One student's folder for one assignment."""

    student: str
    folder: Path
    timestamp: str | None

    @property
    def trouble(self) -> str:
        """Why no gradebook can hold this student's name; empty if one can."""
        odd = text(self.student) != self.student or not self.student.strip()
        return "the folder's name holds characters that no gradebook takes: rename it" if odd else ""

    def files(self) -> dict[str, bytes]:
        """The learner's own files beside the notebooks: ordinary ones, as far as they are small."""
        return self.beside()[0]

    def beside(self) -> tuple[dict[str, bytes], list[str]]:
        """The learner's own files, and the names of those that are left out because together they are too large."""
        found, out, left = {}, [], MAX_EXTRA
        for path in every(self.folder):
            usual = path.suffix.lower() not in (".ipynb", ".zip") and path.name != "timestamp.txt"
            with suppress(OSError):
                size = path.lstat().st_size
                name = text(str(path.relative_to(self.folder)))
                if not usual or not stat.S_ISREG(path.lstat().st_mode):
                    continue
                if size > left:
                    out.append(name)
                    continue
                found[name] = path.read_bytes()
                left -= size
        return found, out

    def fingerprint(self, master: Master) -> str:
        """What was handed in for this notebook, as a short text that changes with it."""
        digest = hashlib.sha256()
        try:
            digest.update(repr(sorted(self.files().items())).encode())
            for file in candidates(self.folder, master.notebook)[:TRIED]:
                digest.update(file.name.encode("utf-8", "replace") + file.read())
        except CannotGrade as why:
            digest.update(str(why).encode("utf-8", "replace"))
        return digest.hexdigest()


class Course:
    """The course in the current folder."""

    def __init__(self) -> None:
        # nbgrader calls alembic by its name for a new gradebook, also where the environment is not activated.
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        self.app = NbGrader()
        self.app.initialize(["--log-level=ERROR"])
        self.directory = CourseDirectory(parent=self.app)
        self.root = Path(self.directory.root)

    def folder(self, kind: str) -> Path:
        """The folder of a kind: source, release, submitted, autograded, feedback."""
        return self.root / getattr(self.directory, f"{kind}_directory")

    @property
    def assignments(self) -> list[str]:
        """The names of the masters."""
        source = self.folder("source")
        return sorted(path.name for path in source.iterdir() if any(path.glob("*.ipynb"))) if source.is_dir() else []

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """The gradebook; another program that writes it at the same moment is waited for."""
        url = self.directory.db_url
        url += ("&" if "?" in url else "?") + "timeout=60" if url.startswith("sqlite") else ""
        with Gradebook(url, self.directory.course_id) as book:
            yield book

    def release(self, assignment: str) -> str | None:
        """Generate the release with nbgrader; its error messages, or None."""
        done = NbGraderAPI(self.directory, parent=self.app).generate_assignment(assignment, force=True)
        return None if done["success"] else f"nbgrader: {done.get('log', '').strip()[-2000:]}"

    def submissions(self, assignment: str) -> list[Submission]:
        """What was handed in, by student's name."""
        found = []
        for folder in _folders(self.folder("submitted")):
            if not folder.name.startswith(".") and _is_folder(folder / assignment):
                found.append(
                    Submission(folder.name, folder / assignment, _stamp(folder / assignment / "timestamp.txt"))
                )
        return found

    def penalize(self, master: Master, student: str) -> None:
        """Let nbgrader's late-submission plugin, if the course has one, take off what it wants."""
        names = {"notebook": master.notebook, "assignment": master.assignment, "student": student}
        resources = {"nbgrader": {**names, "db_url": self.directory.db_url}}
        AssignLatePenalties(parent=self.app).preprocess(new_notebook(), resources)


def _folders(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _is_folder(path: Path) -> bool:
    """Whether a folder is there, or may be: one that cannot be looked into is told of by name."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except PermissionError:
        return True
    except OSError:
        return False


def _stamp(path: Path) -> str | None:
    try:
        status = path.lstat()
        found = path.read_text("utf-8", "replace").strip() if stat.S_ISREG(status.st_mode) else ""
    except OSError:
        return None
    return found if len(found) < 100 and _is_time(found) else None


def _is_time(text: str) -> bool:
    from nbgrader.utils import parse_utc

    try:
        return bool(text) and parse_utc(text) is not None
    except (ValueError, OverflowError):
        return False
