"""The file that a learner handed in, whatever a platform, a browser or an editor made of it, and the cells in it.

A file that cannot be read raises CannotGrade: its text says why, and its `ask` what to ask the learner for.
"""

import io
import json
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from course_utils.grading.score.record import text

MAX_BYTES, MAX_FILES, MAX_CELLS, MAX_TEXT = 100_000_000, 2_000, 3_000, 10_000_000
SAVE = "Please open your notebook in Jupyter, save it, and hand in the file whose name ends in .ipynb"
AGAIN = f"{SAVE}. If it no longer opens, tell me, and hand in the last copy that does."
LARGE = "Please clear the outputs (Edit → Clear Outputs of All Cells), save, and hand it in again."


class CannotGrade(Exception):
    """There is nothing to grade. The text says why, to the student too; `ask` is what they should do."""

    def __init__(self, why: str, ask: str = AGAIN) -> None:
        super().__init__(why, ask)  # both, for another process
        self.why, self.ask = why, ask

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True)
class File:
    """A file that may be the notebook: itself, or a member of a zip archive."""

    path: Path
    time: float
    member: str = ""

    @property
    def name(self) -> str:
        return f"{self.path.name}: {self.member}" if self.member else self.path.name

    @property
    def stem(self) -> str:
        return re.sub(r"\.ipynb.*$", "", Path(self.member or self.path).name, flags=re.IGNORECASE)

    def read(self) -> bytes:
        """The bytes. Raises CannotGrade for what is no ordinary file of a bearable size."""
        whole = read(self.path)
        if not self.member:
            return whole
        try:
            with zipfile.ZipFile(io.BytesIO(whole)) as archive, archive.open(self.member) as file:
                found = file.read(MAX_BYTES + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
            raise CannotGrade(f"the archive {self.path.name} cannot be opened ({error})") from None
        if len(found) > MAX_BYTES:
            raise CannotGrade(f"the file is larger than {MAX_BYTES / 1e6:.0f} MB", LARGE)
        return found


def every(folder: Path) -> Iterator[Path]:
    """The files of a folder, without those that systems leave there."""
    seen = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in (".ipynb_checkpoints", "__MACOSX", "__pycache__"))
        for name in sorted(names):
            seen += 1
            if seen > MAX_FILES:
                raise CannotGrade(f"more than {MAX_FILES} files were handed in", f"{SAVE}, and no folders of data.")
            if not name.startswith("._"):
                yield Path(place, name)


def _time(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _members(path: Path) -> Iterator[File]:
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist()[:MAX_FILES]:
                parts = Path(entry.filename).parts
                usual = parts and "__MACOSX" not in parts and not parts[-1].startswith("._")
                if usual and ".ipynb_checkpoints" not in parts and parts[-1].lower().endswith(".ipynb"):
                    yield File(path, _time(path), entry.filename)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return


def candidates(folder: Path, notebook: str) -> list[File]:
    """The files that may be this notebook: of those with its name the newer first. Raises CannotGrade."""
    try:
        os.listdir(folder)
    except OSError as error:
        raise CannotGrade(
            f"the folder cannot be read ({error.strerror}): the instructor mends its rights", ""
        ) from None
    files = list(every(folder))
    found = [File(path, _time(path)) for path in files if path.suffix.lower() == ".ipynb"]
    found = found or [member for path in files if path.suffix.lower() == ".zip" for member in _members(path)]
    found = found or [File(path, _time(path)) for path in files if ".ipynb" in path.name.lower()]
    if not found:
        others = ", ".join(text(path.name, 60) for path in files if path.name != "timestamp.txt")
        raise CannotGrade("no notebook was handed in" + (f", but {others[:200]}" if others else ""), f"{SAVE}.")
    named = [file for file in found if _plain(notebook) in _plain(file.stem)]
    if not named:
        like = {file: SequenceMatcher(None, file.stem.lower()[:200], notebook.lower()).ratio() for file in found}
        named = [file for file in found if like[file] == max(like.values())]
    return sorted(named, key=lambda file: (-round(file.time), file.stem != notebook, len(file.name)))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def read(path: Path) -> bytes:
    """The bytes of a submitted file. Raises CannotGrade for what is no ordinary file of a bearable size."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise CannotGrade("the notebook is a link or no ordinary file", f"{SAVE} itself.")
        if status.st_size > MAX_BYTES:
            raise CannotGrade(f"the file is larger than {MAX_BYTES / 1e6:.0f} MB", LARGE)
        return path.read_bytes()
    except OSError as error:
        raise CannotGrade(f"the file cannot be read ({error.strerror}): the instructor mends its rights", "") from None


def cells(content: bytes) -> tuple[list[dict], list[str]]:
    """The cells of a notebook file, of any format version and encoding, as type, source, id and key; and notes."""
    if not content.strip(b"\0 \t\r\n"):
        raise CannotGrade("the file is empty")
    written = content.decode(json.detect_encoding(content), errors="replace").lstrip("\ufeff\0 \t\r\n")
    try:
        notebook, end = json.JSONDecoder().raw_decode(written)
    except (ValueError, RecursionError) as error:
        reason = text(str(error), 100)
        raise CannotGrade(f"the file is not a whole notebook (broken JSON: {reason})") from None
    notes = ["what follows the notebook in its file was left out"] if written[end:].strip("\0 \t\r\n") else []
    found = notebook.get("cells") if isinstance(notebook, dict) else None
    if found is None and isinstance(notebook, dict) and isinstance(notebook.get("worksheets"), list):
        sheets = [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        found = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(found, list):
        raise CannotGrade("the file is not a notebook: it has no cells", f"{SAVE}.")
    pictures = [cell["attachments"] for cell in found if isinstance(cell, dict) and cell.get("attachments")]
    if pictures:
        notes.append("pictures are attached to texts: they are in the file that was handed in, and nowhere else")
    known = [_cell(cell) for cell in found if isinstance(cell, dict)]
    if len(known) > MAX_CELLS or sum(len(cell["source"]) for cell in known) > MAX_TEXT:
        most = f"{MAX_CELLS} cells, or {MAX_TEXT / 1e6:.0f} million characters"
        raise CannotGrade(
            f"the notebook holds more than {most}", "Please hand in the notebook without the copied cells."
        )
    return known, notes


def _cell(cell: dict) -> dict:
    source = cell.get("source", cell.get("input", ""))
    whole = "".join(part for part in source if isinstance(part, str)) if isinstance(source, list) else source
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    tag = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "raw") else "markdown"
    whole = whole.encode("utf-8", "replace").decode() if isinstance(whole, str) else ""  # no half characters
    name = text(tag["grade_id"], 200) if isinstance(tag.get("grade_id"), str) else None
    key = cell.get("id") or metadata.get("id")
    return {"type": kind, "source": whole, "id": name, "key": text(key, 200) if isinstance(key, str) else ""}
