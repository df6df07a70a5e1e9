"""From the cells that were handed in to those that are to be run: the assignment's tests around the learner's work.

The released notebook says which cells there must be, and their metadata; the submission gives the answers and any cells
of the learner's own. Each repair is noted, and nothing that a learner wrote is dropped without a note.
"""

import ast

from course_utils.grading.score import files, order
from course_utils.grading.score.files import CannotGrade
from course_utils.grading.score.master import Cell, Master
from course_utils.grading.score.match import Match, lines
from course_utils.grading.score.source import bound, names, parse

NOTES = 60


def sanitize(content: bytes, master: Master) -> tuple[list[dict], list[str]]:
    """The cells to run and to show, in order, and what had to be repaired. Raises CannotGrade."""
    raw, notes = files.cells(content)
    if not raw:
        raise CannotGrade("the notebook has no cells")
    work = _Work(raw, master, notes)
    work.place()
    work.put_back()
    work.words_elsewhere()
    order.by_need(work.out, master, notes)
    more = [f"and {len(notes) - NOTES} other repairs"] if len(notes) > NOTES else []
    return work.out, notes[:NOTES] + more


def _own(source: str, kind: str, given: bool = False) -> dict:
    """A cell that the assignment does not have; `given`: it is one of its plain cells."""
    code = kind == "code"
    own = {"kind": "code" if code else "text", "type": kind, "source": source, "id": None, "points": 0}
    return own | {"given": given}


def _official(cell: Cell, source: str | None = None) -> dict:
    """A cell as the assignment has it, with the learner's text in it if one is given."""
    kind = {"test": "test", "answer": "code"}.get(cell.kind, "code" if cell.type == "code" else "text")
    text = source if source is not None else (cell.tests if cell.kind == "test" else cell.source)
    given = cell.kind in ("test", "given")
    return {"kind": kind, "type": cell.type, "source": text, "id": cell.id, "points": cell.points, "given": given}


def _foreign(source: str, official: Cell) -> str:
    """The learner's own code in a cell that is not theirs to write: what the assignment's cell does not have.

    Of a given cell, names that it binds itself are left as it has them.
    """
    texts = [official.source, official.tests]
    mine, theirs = parse(source), {ast.unparse(node) for text in texts for node in parse(text)}
    if not mine:
        known = {line for text in texts for line in lines(text)}
        return source if set(lines(source)) - known else ""
    kept = set(names(official.source)) if official.kind == "given" else set()
    called = {"print", "display"} | {name for text in texts for name in _calls(text)}
    own = [n for n in mine if ast.unparse(n) not in theirs and not isinstance(n, ast.Assert | ast.Pass)]
    own = [n for n in own if not isinstance(n, ast.Expr) or (_callee(n) or "print") not in called]
    return "\n".join(ast.unparse(node) for node in own if not bound(node) or set(bound(node)) - kept)


def _callee(node: ast.stmt) -> str | None:
    """What an expression that is a call calls; None for another."""
    is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return ast.unparse(node.value.func) if is_call else None


def _calls(source: str) -> list[str]:
    return [name for name in map(_callee, parse(source)) if name]


class _Work:
    """One notebook on its way."""

    def __init__(self, raw: list[dict], master: Master, notes: list[str]) -> None:
        self.raw, self.master, self.notes = raw, master, notes
        self.match = Match(raw, master)
        self.out: list[dict] = []
        self.groups: dict[str, list[int]] = {}
        for i in range(len(raw)):
            cell = self.match.cell(i)
            if cell:
                self.groups.setdefault(cell.id, []).append(i)

    def place(self) -> None:
        """What becomes of each submitted cell."""
        ids, placed = self.master.by_id(), {}
        self.notes += [f"{name} was found {how}" for name, how in self.match.how.items()]
        for name, group in self.groups.items():
            kind, official = ids[name].kind, ids[name]
            if len(group) > 1 and kind != "written":
                self.notes.append(f"cell {name} was split or copied ({len(group)} parts)")
            if self.raw[group[0]]["type"] != official.type:
                self.notes.append(f"cell {name} had become a {self.raw[group[0]]['type']} cell")
            placed |= {"written": self._written, "answer": self._answer}.get(kind, self._locked)(official, group)
        for i, cell in enumerate(self.raw):
            if self.match.cell(i) is None:
                placed[i] = [_own(cell["source"], cell["type"], given=self.match.found[i] is not None)]
                if cell["id"]:
                    self.notes.append(f"unknown cell {cell['id']}: taken as the learner's own")
            self.out += placed.get(i, [])

    def _written(self, official: Cell, group: list[int]) -> dict[int, list[dict]]:
        parts = [self.raw[i]["source"] for i in group]
        changed = [part for part in parts if lines(part) != lines(official.source)]
        if len(changed) > 1:
            self.notes.append(f"{official.id} is the text of {len(changed)} cells")
        return {group[0]: [_official(official, "\n\n".join(changed or parts[:1]))]}

    def _answer(self, official: Cell, group: list[int]) -> dict[int, list[dict]]:
        """A cell that was split in the middle is joined again; of copies, each that was worked on runs."""
        parts = [self.raw[i]["source"] for i in group]
        broken = [part for part in parts if part.strip() and not parse(part)]
        if len(parts) > 1 and broken and parse("\n".join(parts)):
            return {group[0]: [_official(official, "\n".join(parts))]}
        worked = [i for i in group if lines(self.raw[i]["source"]) != lines(official.source)] or group[:1]
        copies = {i: [_own(self.raw[i]["source"], "code")] for i in worked[1:]}
        return {worked[0]: [_official(official, self.raw[worked[0]]["source"])], **copies}

    def _locked(self, official: Cell, group: list[int]) -> dict[int, list[dict]]:
        """The assignment's own cell; what the learner wrote into it runs before a test, and after a given cell."""
        chosen, placed = (group[-1] if official.kind == "test" else group[0]), {}
        for i in group:
            source = self.raw[i]["source"]
            if official.type == "code":
                own = _foreign(source, official)
            else:
                known = set(lines(official.source))
                own = "\n".join(line for line in source.splitlines() if lines(line) and lines(line)[0] not in known)
            extra = [_own(own, official.type)] if own.strip() else []
            if extra and i in (chosen, group[0]):
                what = ", ".join(sorted(names(own))) if official.type == "code" else "text"
                self.notes.append(f"what was written into the cell {official.id} stands beside it: {what[:100]}")
            mine = [_official(official)] if i == chosen else []
            placed[i] = [*extra, *mine] if official.kind == "test" else [*mine, *extra]
        return placed

    def put_back(self) -> None:
        """What the assignment has and the submission has not."""
        for position, cell in enumerate(self.master.cells):
            if cell.id and cell.id not in self.groups:
                self.notes.append(f"cell {cell.id} was missing" + ("" if cell.kind == "answer" else ": put back"))
                self._insert(_official(cell, "# deleted" if cell.kind == "answer" else None), position)

    def _insert(self, cell: dict, position: int) -> None:
        """Put a missing cell where it belongs: tests as late as the order allows, given cells as early."""
        order_ = [c.id for c in self.master.cells]
        places = {c["id"]: i for i, c in enumerate(self.out) if c.get("id")}
        if self.master.cells[position].kind == "given":
            before = [places[name] for name in order_[:position] if name in places]
            self.out.insert(max(before) + 1 if before else 0, cell)
        else:
            after = [places[name] for name in order_[position + 1 :] if name in places]
            self.out.insert(min(after) if after else len(self.out), cell)

    def words_elsewhere(self) -> None:
        """Where nothing was written into an answer's cell, text elsewhere may be the answer: a person will see it."""
        ids = self.master.by_id()
        written = [(i, c) for i, c in enumerate(self.out) if c["id"] and ids[c["id"]].kind == "written"]
        blank = [(i, c) for i, c in written if lines(c["source"]) == lines(ids[c["id"]].source)]
        found: dict[str, list[str]] = {}
        for i, cell in enumerate(self.out):
            if blank and cell["id"] is None and cell["kind"] == "text" and not cell["given"] and cell["source"].strip():
                nearest = min(blank, key=lambda pair: abs(pair[0] - i))[1]
                found.setdefault(nearest["id"], []).append(cell["source"])
        for cell in (cell for _, cell in blank if cell["id"] in found):
            cell["source"] = "\n\n".join(found[cell["id"]])
            self.notes.append(f"nothing stands in the cell {cell['id']}: text from elsewhere is taken for it")
