"""Change every solution cell in one place at a time: which changes do the visible tests catch, the hidden, and neither?

`python -m tests.benchmarks.mutants` counts them. A mutant that changes nothing a caller can see is listed with its
reason in `answers/<assignment>/equivalent.txt`, one on each line: `question: the changed line # reason`.
"""

import ast
import contextlib
import copy
import io
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import nbgrader_course

SECONDS = 10  # of processor time for a test cell, in case a mutant no longer ends; the slowest takes 1
MODULES = {"torch", "F", "nn", "np", "math"}
GIVEN = {"args", "decorator_list", "bases", "keywords"}  # of a definition: not the learner's
OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div, ast.Mult],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
}
TWINS = {
    "min": ["max"], "max": ["min"], "argmin": ["argmax"], "argmax": ["argmin"], "mean": ["sum"], "sum": ["mean"],
    "floor": ["ceil"], "ceil": ["floor"], "round": ["floor"], "zeros": ["ones"], "ones": ["zeros"], "rand": ["randn"],
    "randn": ["rand"], "var": ["std"], "std": ["var"], "any": ["all"], "all": ["any"], "exp": ["expm1"],
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: the line as it is afterwards, and the source of the whole cell."""

    question: str
    line: str
    source: str


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in place of this node: another operator, constant, axis, comparison, order, or a part left out."""
    match node:
        case ast.BinOp() | ast.BoolOp():
            for other in OPERATORS.get(type(node.op), []):
                yield _with(node, op=other())
        case ast.Compare(ops=[op]):
            for other in OPERATORS.get(type(op), []):
                yield _with(node, ops=[other()])
        case ast.UnaryOp():
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Call():
            yield from _calls(node)
        case ast.Tuple(elts=[first, second, *rest]) if isinstance(node.ctx, ast.Load):
            yield _with(node, elts=[second, first, *rest])
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield ast.Pass()
        case ast.If() | ast.IfExp():
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension(ifs=[_, *rest]):
            yield _with(node, ifs=rest)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    """A call with an argument left out, two exchanged, a method not called, or another function of the family."""
    for number in range(len(node.keywords)):
        yield _with(node, keywords=node.keywords[:number] + node.keywords[number + 1 :])
    for number in range(len(node.args) - 1):
        swapped = list(node.args)
        swapped[number : number + 2] = swapped[number + 1], swapped[number]
        yield _with(node, args=swapped)
    if isinstance(node.func, ast.Attribute):
        chained = not (isinstance(node.func.value, ast.Name) and node.func.value.id in MODULES)
        if chained:
            yield node.func.value
        for other in TWINS.get(node.func.attr, []):
            yield _with(node, func=_with(node.func, attr=other))
        if chained and node.args:
            yield _with(node, args=[])
    elif isinstance(node.func, ast.Name) and node.args:
        for other in TWINS.get(node.func.id, []):
            yield _with(node, func=ast.Name(other, ast.Load()))
        if len(node.args) == 1:
            yield node.args[0]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """(parent, field, index) of every node that the learner writes: not the signature, not the docstring."""
    for field, value in ast.iter_fields(node):
        if field in GIVEN and isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not _docstring(child):
                yield node, field, index
                yield from _places(child)


def _docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def mutants(question: str, source: str) -> list[Mutant]:
    """Every mutant of a cell, each once."""
    tree = ast.parse(source)
    original, found = ast.unparse(tree), {}
    for parent, field, index in list(_places(tree)):
        holder = getattr(parent, field)
        node = holder if index is None else holder[index]
        for variant in variants(node):
            setattr(parent, field, variant) if index is None else holder.__setitem__(index, variant)
            text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree)))
            setattr(parent, field, node) if index is None else holder.__setitem__(index, node)
            if text != original and text not in found:
                found[text] = Mutant(question, _difference(original, text), text)
    return list(found.values())


def _difference(original: str, text: str) -> str:
    lines = original.splitlines()
    changed = [line.strip() for number, line in enumerate(text.splitlines()) if lines[number : number + 1] != [line]]
    return changed[0] if changed else "(a line less)"


class Endless(BaseException):
    """A test that took longer than SECONDS."""


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Raise Endless after SECONDS, whatever the code in between catches."""

    def stop(*_: object) -> None:
        raise Endless

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def assignments() -> list[str]:
    """The names of all assignments."""
    return sorted(path.name for path in nbgrader_course.ANSWERS.iterdir() if path.is_dir())


@cache
def cells(assignment: str) -> dict[str, str]:
    """The sources of the master's cells by grade_id."""
    tag, source = nbgrader_course.tag, nbgrader_course.source
    return {tag(cell, "grade_id"): source(cell) for cell in nbgrader_course.master(assignment)}


def passes(names: dict[str, object], source: str) -> bool:
    """Whether the code runs to its end, in time."""
    try:
        with limited(), contextlib.redirect_stdout(io.StringIO()):
            exec(source, names)
    except (Exception, Endless, SystemExit):
        return False
    return True


def verdict(assignment: str, question: str, source: str) -> str:
    """Who catches this answer: "visible", "hidden", or "nobody"."""
    parts = ["", *(f"_{part}" for part in nbgrader_course.further(assignment, question))]
    tests = [cells(assignment)[f"test_{question}{part}"].partition("### BEGIN HIDDEN TESTS") for part in parts]
    names: dict[str, object] = {"__name__": "__main__"}
    exec(cells(assignment)["setup"], names)
    if not passes(names, source) or not all(passes(names, visible) for visible, _, _ in tests):
        return "visible"
    return "nobody" if all(passes(names, hidden) for _, _, hidden in tests) else "hidden"


def equivalent(assignment: str) -> dict[tuple[str, str], str]:
    """The reasons why mutants change nothing that a caller can see, by question and changed line."""
    path = nbgrader_course.ANSWERS / assignment / "equivalent.txt"
    found = {}
    for entry in path.read_text().splitlines() if path.exists() else []:
        what, _, reason = entry.partition("  # ")
        question, _, line = what.partition(": ")
        if line:
            found[question, line.strip()] = reason.strip()
    return found


def sources(assignment: str, every: bool) -> Iterator[tuple[str, str]]:
    """(question, source) of the master's answers, and of every right answer if asked for."""
    yield from nbgrader_course.solutions(assignment).items()
    for question, found in nbgrader_course.answers(assignment, "right").items() if every else ():
        yield from ((question, answer.source) for answer in found)


def run(assignment: str, *, every: bool = False, step: int = 1) -> dict[str, list[Mutant]]:
    """The mutants of an assignment by verdict: visible, hidden, equivalent, escaped. `step`: one in so many."""
    known, found = equivalent(assignment), {name: [] for name in ("visible", "hidden", "equivalent", "escaped")}
    for question, source in sources(assignment, every):
        assert verdict(assignment, question, source) == "nobody", f"the unchanged answer to {question} fails"
        for mutant in mutants(question, source)[::step]:
            if (question, mutant.line) in known:
                found["equivalent"].append(mutant)
                continue
            judged = verdict(assignment, question, mutant.source)
            found["escaped" if judged == "nobody" else judged].append(mutant)
    return found
