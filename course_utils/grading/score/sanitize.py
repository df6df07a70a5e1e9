"""From whatever was handed in to the cells that are to be run: the assignment's tests around the learner's work.

The released notebook says which cells there must be, and their metadata; the submission gives the answers and any cells
of the learner's own. Each repair is noted. Only a file that holds no cells at all cannot be graded.
"""

import json
import re
import stat
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

from course_utils.grading.score.master import Cell, Master, parse

MAX_BYTES = 100_000_000


class CannotGrade(Exception):
    """There is nothing to grade; the text says why, to the student too."""


def find(folder: Path, master: Master) -> tuple[Path, list[str]]:
    """The file that is this notebook's submission, also under a name that a browser or a learner made of it."""
    right = folder / f"{master.notebook}.ipynb"
    if right.is_symlink() or right.exists():
        return right, []
    found = [path for path in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]
    if not found:
        raise CannotGrade("no notebook was handed in")
    best = max(found, key=lambda path: SequenceMatcher(None, path.stem.lower(), master.notebook.lower()).ratio())
    return best, [f"the file was named {best.name}"]


def read(path: Path) -> bytes:
    """The bytes of a submitted file. Raises CannotGrade for what is no ordinary file of a bearable size."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise CannotGrade("the notebook is a link or no ordinary file")
        if status.st_size > MAX_BYTES:
            raise CannotGrade(f"the file is larger than {MAX_BYTES / 1e6:.0f} MB")
        return path.read_bytes()
    except OSError as error:
        raise CannotGrade(f"the file cannot be read: {error.strerror}") from None


def cells(content: bytes) -> list[dict]:
    """The cells of a notebook file, of any format version, as type, source, grade_id and key. Raises CannotGrade."""
    if not content.strip():
        raise CannotGrade("the file is empty")
    try:
        notebook = json.loads(content.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise CannotGrade(f"the file is not a whole notebook (broken JSON: {str(error)[:100]})") from None
    found = notebook.get("cells") if isinstance(notebook, dict) else None
    if found is None and isinstance(notebook, dict) and isinstance(notebook.get("worksheets"), list):
        found = [c for sheet in notebook["worksheets"] if isinstance(sheet, dict) for c in sheet.get("cells") or []]
    if not isinstance(found, list):
        raise CannotGrade("the file is not a notebook: it has no cells")
    return [_plain(cell) for cell in found if isinstance(cell, dict)]


def _plain(cell: dict) -> dict:
    source = cell.get("source", cell.get("input", ""))
    text = "".join(part for part in source if isinstance(part, str)) if isinstance(source, list) else source
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    tag = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "raw") else "markdown"
    name = tag.get("grade_id")
    text = text.encode("utf-8", "replace").decode() if isinstance(text, str) else ""  # no half characters
    return {"type": kind, "source": text, "id": name if isinstance(name, str) else None, "key": str(cell.get("id", ""))}


def lines(text: str) -> list[str]:
    """The lines of a text without what only spacing changes."""
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]


def _match(raw: list[dict], master: Master) -> list[Cell | None]:
    """For each submitted cell the cell of the assignment that it is, by grade_id, by cell id, or by its text."""
    ids = master.by_id()
    keys = {cell.key: cell for cell in ids.values() if cell.key}
    taken = {cell["id"] for cell in raw if cell["id"] in ids}
    locked = {tuple(lines(c.source)): c for c in ids.values() if c.kind in ("test", "given")}
    found = []
    for cell in raw:
        match = ids.get(cell["id"]) or keys.get(cell["key"]) or locked.get(tuple(lines(cell["source"])))
        lost = match and cell["id"] not in ids and match.id in taken  # a copy whose tag was removed
        found.append(None if lost and match.kind in ("answer", "written") else match)
    return found


def sanitize(content: bytes, master: Master) -> tuple[list[dict], list[str]]:
    """The cells to run and to show, in order, and what had to be repaired. Raises CannotGrade."""
    raw, notes, out = cells(content), [], []
    if not raw:
        raise CannotGrade("the notebook has no cells")
    matches = _match(raw, master)
    groups: dict[str, list[int]] = {}
    for i, match in enumerate(matches):
        if match is not None:
            groups.setdefault(match.id, []).append(i)
    for i, (cell, match) in enumerate(zip(raw, matches, strict=True)):
        if match is None:
            out.append(_own(cell))
            if cell["id"]:
                notes.append(f"unknown cell {cell['id']}: taken as the learner's own")
        else:
            out += _place(i, raw, match, groups[match.id], notes.append)
    for position, cell in enumerate(master.cells):
        if cell.id and cell.id not in groups:
            notes.append(f"cell {cell.id} was missing" + ("" if cell.kind == "answer" else ": put back"))
            _insert(out, _official(cell, "# deleted" if cell.kind == "answer" else None), position, master)
    return out, notes


def _own(cell: dict, kind: str | None = None) -> dict:
    kind = kind or cell["type"]
    return {
        "kind": "code" if kind == "code" else "text",
        "type": kind,
        "source": cell["source"],
        "id": None,
        "points": 0,
    }


def _official(cell: Cell, source: str | None = None) -> dict:
    """A cell as the assignment has it, with the learner's text in it if one is given."""
    kind = {"test": "test", "answer": "code"}.get(cell.kind, "code" if cell.type == "code" else "text")
    text = source if source is not None else (cell.tests if cell.kind == "test" else cell.source)
    return {"kind": kind, "type": cell.type, "source": text, "id": cell.id, "points": cell.points}


def _place(i: int, raw: list[dict], match: Cell, group: list[int], note: Callable[[str], None]) -> list[dict]:
    """What becomes of submitted cell i, one of the `group` of cells that are the same cell of the assignment."""
    cell = raw[i]
    if i == group[0] and len(group) > 1:
        note(f"cell {match.id} was split or copied ({len(group)} parts)")
    if cell["type"] != match.type:
        note(f"cell {match.id} had become a {cell['type']} cell")
    if match.kind in ("test", "given"):
        chosen = group[-1] if match.kind == "test" else group[0]
        if i == chosen:
            return [_official(match)]
        foreign = set(lines(cell["source"])) - set(lines(match.source))
        return [_own(cell)] if foreign else []
    parts = [raw[j]["source"] for j in group]
    if match.kind == "written":
        changed = [part for part in parts if lines(part) != lines(match.source)]
        return [_official(match, "\n\n".join(changed or parts[:1]))] if i == group[0] else []
    joined = "\n".join(parts)
    if len(parts) > 1 and parse(joined) and not all(parse(part) or not part.strip() for part in parts):
        return [_official(match, joined)] if i == group[0] else []
    worked = [j for j in group if lines(raw[j]["source"]) != lines(match.source)] or group[:1]
    if i == worked[0]:
        return [_official(match, cell["source"])]
    return [_own(cell, "code")] if i in worked else []


def _insert(out: list[dict], cell: dict, position: int, master: Master) -> None:
    """Put a missing cell where it belongs: tests as late as the order allows, given cells as early."""
    order = [c.id for c in master.cells]
    places = {c["id"]: i for i, c in enumerate(out) if c.get("id")}
    if master.cells[position].kind == "given":
        before = [places[name] for name in order[:position] if name in places]
        out.insert(max(before) + 1 if before else 0, cell)
    else:
        after = [places[name] for name in order[position + 1 :] if name in places]
        out.insert(min(after) if after else len(out), cell)
