"""What an assignment should be: its released cells in order, and the full tests and points from the gradebook."""

import ast
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from course_utils.grading.score.source import bound, names, parse


class NotReleased(Exception):
    """The assignment cannot be graded because it was not released; the text says what to do."""


@dataclass(frozen=True)
class Cell:
    """One cell of the released notebook. `tests`: the whole source, hidden tests included, of a test cell."""

    id: str | None
    key: str
    type: str
    source: str
    tag: dict = field(default_factory=dict)
    tests: str = ""

    @property
    def kind(self) -> str:
        """plain · given (locked) · answer (to be tested) · test · written (a person grades it)."""
        if self.id is None:
            return "plain"
        if self.tag.get("task") or (self.tag.get("grade") and (self.tag.get("solution") or self.type != "code")):
            return "written"
        if self.tag.get("grade"):
            return "test"
        return "answer" if self.tag.get("solution") else "given"

    @property
    def points(self) -> float:
        return float(self.tag.get("points", 0))


@dataclass(frozen=True)
class Master:
    """One notebook of an assignment, and the files that come with it."""

    assignment: str
    notebook: str
    cells: list[Cell]
    metadata: dict
    files: dict[str, bytes]

    def by_id(self) -> dict[str, Cell]:
        return {cell.id: cell for cell in self.cells if cell.id}

    def stubs(self) -> list[str]:
        return [cell.source for cell in self.cells if cell.kind == "answer" and cell.type == "code"]

    def fingerprint(self) -> str:
        text = repr([(cell.id, cell.type, cell.source, cell.tests, sorted(cell.tag.items())) for cell in self.cells])
        return hashlib.sha256((text + repr(sorted(self.files.items()))).encode()).hexdigest()


def load(folder: Path, assignment: str, book: Gradebook) -> list[Master]:
    """The notebooks of a released assignment. folder: the released assignments'. Raises NotReleased."""
    try:
        entry = book.find_assignment(assignment)
    except MissingEntry:
        raise NotReleased(f"{assignment} is not in the gradebook: run `course release {assignment}` first.") from None
    files = [path for path in sorted((folder / assignment).rglob("*")) if path.is_file() and path.suffix != ".ipynb"]
    extra = {str(path.relative_to(folder / assignment)): path.read_bytes() for path in files}
    return [_notebook(folder / assignment / f"{nb.name}.ipynb", assignment, nb, extra) for nb in entry.notebooks]


def _notebook(path: Path, assignment: str, entry: object, files: dict[str, bytes]) -> Master:
    if not path.is_file():
        raise NotReleased(f"{path} is missing: run `course release {assignment}`.")
    sources = {cell.name: cell for cell in entry.source_cells}
    points = {cell.name: cell.max_score for cell in [*entry.grade_cells, *entry.task_cells]}
    content, cells = json.loads(path.read_text("utf-8")), []
    for raw in content["cells"]:
        tag = dict(raw["metadata"].get("nbgrader", {}))
        name, text = tag.get("grade_id"), "".join(raw["source"])
        if name is not None and (name not in sources or float(tag.get("points", 0)) != points.get(name, 0)):
            raise NotReleased(f"{path} and the gradebook differ in {name}: run `course release {assignment}`.")
        whole = sources[name].source if name is not None else ""
        cells.append(Cell(name, raw.get("id", ""), raw["cell_type"], text, tag, whole))
    return Master(assignment, entry.name, cells, content["metadata"], files)


def given(master: Master) -> dict:
    """What the tests may take from the assignment's own cells: imports, helpers and constants, but no answer's name."""
    answers = set().union(*(names(stub) for stub in master.stubs()))
    statements, found, imported = [], set(), set()
    for cell in master.cells:
        if cell.type == "code" and cell.kind in ("given", "plain"):
            for node in parse(cell.source):
                imports = isinstance(node, ast.Import | ast.ImportFrom)
                constant = isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
                if imports or constant or isinstance(node, ast.FunctionDef | ast.ClassDef):
                    statements.append(ast.unparse(node))
                    found |= set(bound(node)) - answers
                    imported |= set(bound(node)) - answers if imports else set()
    return {"given": statements, "given_names": sorted(found), "imported_names": sorted(imported)}


# Tests lean on the first ones; the last two take seconds, and learners plot.
ALWAYS = ["numpy.testing", "unittest.mock", "statistics", "matplotlib.pyplot", "matplotlib_inline.backend_inline"]


def modules(master: Master) -> list[str]:
    """The modules that the assignment uses anywhere: the nursery has them ready, and knows what they should be."""
    nodes = [
        node
        for cell in master.cells
        if cell.type == "code"
        for top in parse(cell.tests or cell.source)
        for node in ast.walk(top)
    ]
    found, alias = set(ALWAYS), {}
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
            alias |= {name.asname or name.name.partition(".")[0]: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    for node in nodes:
        root, _, rest = ast.unparse(node).partition(".") if isinstance(node, ast.Attribute) else ("", "", "")
        if root in alias and re.fullmatch(r"[\w.]+", rest):  # np.testing.assert_allclose loads numpy.testing
            found |= {f"{alias[root]}.{rest}", f"{alias[root]}.{rest.rpartition('.')[0]}".rstrip(".")}
    return sorted(found)
