"""Each lecture runs whole: headless, offline, within Binder's memory, with alt texts, and shows what it says."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from course_utils.jupyter import claims, execute

FOLDER = Path(__file__).parents[2] / "lectures"
LECTURES = sorted(FOLDER.glob("[0-9]*.ipynb"))
CELL_LINES, CLASS_LINES = 15, 30
BINDER_MB = 1000  # what Binder guarantees to a session; it stops at twice that


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_there_are_lectures():
    assert LECTURES


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_a_lecture_has_solutions_to_run(path):
    assert any(claims.solutions(path))


def code(path, depth=None):
    """The code cells as syntax trees; `depth`: only those that fold away, or only the others."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    chosen = [c.source for c in cells if depth in (None, "depth" in c.metadata.get("tags", []))]
    return [ast.parse(re.sub("^[%!].*", "", source, flags=re.MULTILINE)) for source in chosen]


def names(trees, context):
    """The names that are bound or used (`ast.Store`, `ast.Load`) in cells."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    found = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, context)}
    if context is ast.Load:
        return found
    found |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    found |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    aliases = [alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names]
    return found | {alias.asname or alias.name.partition(".")[0] for alias in aliases}


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_a_code_cell_is_short(path):
    for tree in code(path):
        own = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
        sizes = [node.end_lineno - node.lineno + 1 for node in own]
        most = CLASS_LINES if any(isinstance(node, ast.ClassDef) for node in tree.body) else CELL_LINES
        assert sum(sizes) <= most, ast.unparse(tree)


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_nothing_in_the_core_needs_what_folds_away(path):
    core, depth = code(path, depth=False), code(path, depth=True)
    only_there = names(depth, ast.Store) - names(core, ast.Store)
    assert names(core, ast.Load) & only_there == set()


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_lecture_and_its_folded_solutions_run_whole_and_offline(path):
    ledger = Path(__file__).parents[1] / "claims" / f"{path.stem}.toml"
    result, verdicts = claims.run(path, claims.load(ledger) if ledger.exists() else [], timeout=900)
    assert result.passed, result.error
    assert result.peak_mb < BINDER_MB
    pictures = [o.data for o in outputs(result.notebook) if o.output_type in ("display_data", "execute_result")]
    assert any("text/html" in data for data in pictures), "a lecture without a single picture"
    for data in pictures:
        assert "image/png" not in data, "a figure without alt text: return a plotting.Picture"
        assert "<img" not in data.get("text/html", "") or 'alt="' in data["text/html"]
    fallen = [f"“{v.claim.quote}”, but {v.claim.holds} with {v.values}" for v in verdicts if not v.held]
    assert not fallen, "the page does not show what it says: " + "; ".join(fallen)
    assert "Warning" not in "".join(o.text for o in outputs(result.notebook) if o.output_type == "stream")


def test_the_practice_page_runs_offline_asks_and_keeps_nothing_until_one_answers():
    result = execute.execute(FOLDER / "practice.ipynb", timeout=300)
    assert result.passed, result.error
    shown = [output.get("data", {}) for output in outputs(result.notebook)]
    assert sum("application/vnd.jupyter.widget-view+json" in data for data in shown) == 2
    assert not (FOLDER / "practice.jsonl").exists()
