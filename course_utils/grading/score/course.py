"""The course's folder as nbgrader's configuration describes it: what was handed in, and where everything lies."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader, NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties

from course_utils.grading.score import sanitize
from course_utils.grading.score.master import Master

MAX_EXTRA = 5_000_000  # bytes of a learner's own files beside the notebook


@dataclass(frozen=True)
class Submission:
    """One student's folder for one assignment."""

    student: str
    folder: Path
    timestamp: str | None

    def files(self) -> dict[str, bytes]:
        """The learner's own files beside the notebooks: ordinary ones, as far as they are small."""
        found, left = {}, MAX_EXTRA
        for path in sorted(self.folder.rglob("*")):
            usual = path.suffix != ".ipynb" and path.name != "timestamp.txt" and ".ipynb_checkpoints" not in path.parts
            if usual and path.is_file() and not path.is_symlink() and path.stat().st_size <= left:
                found[str(path.relative_to(self.folder))] = path.read_bytes()
                left -= path.stat().st_size
        return found

    def fingerprint(self, master: Master) -> str:
        """What was handed in for this notebook, as a short text that changes with it."""
        digest = hashlib.sha256(repr(sorted(self.files().items())).encode())
        try:
            path, _ = sanitize.find(self.folder, master)
            digest.update(path.name.encode() + sanitize.read(path))
        except sanitize.CannotGrade as why:
            digest.update(str(why).encode())
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
        folder = self.folder("submitted")
        found = []
        for path in sorted(folder.glob(f"*/{assignment}")):
            if path.is_dir() and not path.parent.name.startswith("."):
                stamp = path / "timestamp.txt"
                text = stamp.read_text("utf-8", "replace").strip() if stamp.is_file() and not stamp.is_symlink() else ""
                found.append(Submission(path.parent.name, path, text if _is_time(text) else None))
        return found

    def penalize(self, master: Master, student: str) -> None:
        """Let nbgrader's late-submission plugin, if the course has one, take off what it wants."""
        names = {"notebook": master.notebook, "assignment": master.assignment, "student": student}
        resources = {"nbgrader": {**names, "db_url": self.directory.db_url}}
        AssignLatePenalties(parent=self.app).preprocess(new_notebook(), resources)


def _is_time(text: str) -> bool:
    from nbgrader.utils import parse_utc

    try:
        return bool(text) and parse_utc(text) is not None
    except (ValueError, OverflowError):
        return False
