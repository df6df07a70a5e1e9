"""Which submitted cell is which cell of the assignment.

By its grade_id, or by the cell's own id; else by its text; and what was written in words, where a tool or the learner
lost all of these, by its place between known cells and its likeness to the released text, else by what is left over.
"""

import re
from difflib import SequenceMatcher

from course_utils.grading.score.master import Cell, Master
from course_utils.grading.score.source import parse

LIKE, LOOKED_AT = 0.6, 3_000  # likeness that finds a cell out of its place; characters compared


def lines(text: str) -> list[str]:
    """The lines of a text without what only spacing changes."""
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]


def likeness(one: str, other: str) -> float:
    """0 for nothing in common, 1 for the same words."""
    return SequenceMatcher(None, one[:LOOKED_AT].split(), other[:LOOKED_AT].split(), autojunk=False).ratio()


class Match:
    """For each submitted cell the position of a cell of the assignment, or None: the learner's own."""

    def __init__(self, raw: list[dict], master: Master) -> None:
        self.raw, self.cells = raw, master.cells
        self.found: list[int | None] = [None] * len(raw)
        self.how: dict[str, str] = {}  # by grade_id, for what was not found by a name
        self._by_name()
        self._by_text()
        for position in [i for i, cell in enumerate(self.cells) if cell.kind == "written"]:
            if position not in self.found:
                self._by_place(position)
        self._below()

    def cell(self, i: int) -> Cell | None:
        """The assignment's cell that submitted cell i is; None for the learner's own, and for what has no grade_id."""
        position = self.found[i]
        return None if position is None or self.cells[position].id is None else self.cells[position]

    def _by_name(self) -> None:
        ids = {cell.id: i for i, cell in enumerate(self.cells) if cell.id}
        keys = {cell.key: i for i, cell in enumerate(self.cells) if cell.id and cell.key}
        tagged = {ids[cell["id"]] for cell in self.raw if cell["id"] in ids}
        for i, cell in enumerate(self.raw):
            position = ids.get(cell["id"], keys.get(cell["key"]))
            copy = position in tagged and cell["id"] not in ids  # a copy whose tag was removed
            if position is not None and not (copy and self.cells[position].kind in ("answer", "written")):
                self.found[i] = position

    def _by_text(self) -> None:
        """Cells as they were released. Where two have one text, as stubs have, neither is meant."""
        texts: dict[tuple, list[int]] = {}
        for i, cell in enumerate(self.cells):
            texts.setdefault(tuple(lines(cell.source)), []).append(i)
        for i, cell in enumerate(self.raw):
            same = texts.get(tuple(lines(cell["source"])), []) if self.found[i] is None else []
            if len(same) == 1 and (same[0] not in self.found or self.cells[same[0]].kind in ("test", "given")):
                self.found[i] = same[0]

    def _gap(self, position: int) -> range:
        """The submitted cells between the nearest known ones before and after this cell of the assignment."""
        before = [i for i, known in enumerate(self.found) if known is not None and known < position]
        after = [i for i, known in enumerate(self.found) if known is not None and known > position]
        return range(max(before, default=-1) + 1, min(after, default=len(self.raw)))

    def _words(self, i: int) -> bool:
        """Whether this is the learner's own text: no code."""
        cell = self.raw[i]
        words = cell["type"] != "code" or (cell["source"].strip() and not parse(cell["source"]))
        return self.found[i] is None and bool(words) and bool(cell["source"].strip())

    def _by_place(self, position: int) -> None:
        official = self.cells[position]
        near, place = [i for i in self._gap(position) if self._words(i)], "by its place"
        if not near:
            every = [i for i in range(len(self.raw)) if self._words(i)]
            near = [i for i in every if likeness(self.raw[i]["source"], official.source) >= LIKE]
            place = "by its likeness to the released text"
        if near:
            best = max(near, key=lambda i: likeness(self.raw[i]["source"], official.source))
            self.found[best], self.how[official.id] = position, place

    def _below(self) -> None:
        """Text below a written answer, up to the next known cell or code, counts as part of it."""
        last = None
        for i in range(len(self.raw)):
            if self._words(i) and last is not None and self.raw[i]["type"] != "code":
                self.found[i] = last
            else:
                position = self.found[i]
                last = position if position is not None and self.cells[position].kind == "written" else None

    def loose(self) -> list[int]:
        """The learner's own text that stands in none of the answers."""
        return [i for i in range(len(self.raw)) if self._words(i)]
