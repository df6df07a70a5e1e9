"""Code in the wrong cell: a test whose names the learner bound further down runs after that cell."""

import ast
from functools import lru_cache

from course_utils.grading.score.master import Cell, Master
from course_utils.grading.score.match import lines
from course_utils.grading.score.source import names, parse, takes

_names, _takes = lru_cache(10_000)(names), lru_cache(10_000)(takes)
ELSEWHERE = "# Answered in another cell."


def by_need(out: list[dict], master: Master, notes: list[str]) -> None:
    """Take stubs away that would hide an answer given elsewhere, and move tests behind what they need."""
    _stubs(out, master, notes)
    for name in [cell["id"] for cell in out if cell["kind"] == "test"]:
        at = next(i for i, cell in enumerate(out) if cell["id"] == name)
        needed = _late(out, at)
        if needed:
            target = max(needed.values())
            out.insert(target, out.pop(at))  # behind it: everything moved up by one
            notes.append(f"{name} runs further down, behind the cell that holds {', '.join(sorted(needed))[:100]}")


def _own_code(cell: dict) -> bool:
    return cell["kind"] == "code" and not cell["given"]


def _wanted(stub: Cell) -> set[str]:
    """The functions and classes that an answer's cell asks for; if none, its variables."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name for node in parse(stub.source) if isinstance(node, kinds)} or _names(stub.source)


def _stubs(out: list[dict], master: Master, notes: list[str]) -> None:
    ids = master.by_id()
    untouched = [
        cell
        for cell in out
        if cell["id"] in ids
        and ids[cell["id"]].kind == "answer"
        and (cell["source"] == "# deleted" or lines(cell["source"]) == lines(ids[cell["id"]].source))
    ]
    worked = [cell for cell in out if _own_code(cell) and not any(cell is stub for stub in untouched)]
    bound = set().union(*(_names(cell["source"]) for cell in worked))
    for stub in untouched:
        wanted = _wanted(ids[stub["id"]])
        if wanted and wanted <= bound:
            stub["source"] = ELSEWHERE
            notes.append(f"{stub['id']} is answered in another cell")


def _late(out: list[dict], at: int) -> dict[str, int]:
    """The names that this test takes, directly or through the learner's code, and that are bound only below it."""
    binds: dict[str, list[int]] = {}
    for i, cell in enumerate(out):
        if cell["kind"] == "code":
            for name in _names(cell["source"]):
                binds.setdefault(name, []).append(i)
    queue, seen, late = list(_takes(out[at]["source"]) - _names(out[at]["source"])), set(), {}
    while queue:
        name = queue.pop()
        if name in seen or name not in binds:
            continue
        seen.add(name)
        earlier = [i for i in binds[name] if i < at]
        if not earlier and _own_code(out[binds[name][0]]):
            late[name] = binds[name][0]
        queue += [used for i in (earlier or binds[name][:1]) for used in _takes(out[i]["source"])]
    return late
