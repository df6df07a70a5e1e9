"""What is made from something else is what would be made from it now: notebooks from scripts, releases from masters."""

import json
from pathlib import Path

import jupytext
import nbformat
import nbgrader_course
import pytest

from course_utils.jupyter.wrap import wrap_script

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted([*ROOT.glob("lectures/*.py"), *ROOT.glob("lectures/[a-z]*/*.py"), *ROOT.glob("solutions/*/*.py")])
ASSIGNMENTS = sorted(path.name for path in ROOT.glob("solutions/[0-9]*"))
FOLDERS = ("lectures", "lectures/[a-z]*", "solutions/*", "assignments/*")
NOTEBOOKS = sorted(path for folder in FOLDERS for path in ROOT.glob(f"{folder}/*.ipynb"))


def name(path):
    return str(path.relative_to(ROOT))


def cells(notebook):
    return [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in notebook.cells]


def test_there_is_something_to_compare():
    assert len(SCRIPTS) >= 2 and len(NOTEBOOKS) >= 3


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_a_notebook_holds_what_its_script_says(script):
    notebook = nbformat.read(script.with_suffix(".ipynb"), as_version=4)
    hint = f"run `make sync`: {name(script)} and its notebook differ"
    for ours, theirs in zip(cells(jupytext.read(script)), cells(notebook), strict=False):
        assert ours == theirs, hint
    assert len(jupytext.read(script).cells) == len(notebook.cells), hint


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_the_paragraphs_of_a_script_are_filled(script):
    text = script.read_text()
    assert wrap_script(text) == text, f"run `make sync`: {name(script)} has lines that break too early or too late"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_a_committed_notebook_has_no_outputs_one_kernel_and_stable_cell_ids(path):
    notebook = json.loads(path.read_text())
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code), "clear the outputs before you commit"
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "jupytext" not in notebook["metadata"], "pairing is set in jupytext.toml, not in the notebook"
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    nbformat.validate(nbformat.from_dict(notebook))


def test_a_notebook_without_a_script_is_noticed():
    paired = {script.with_suffix(".ipynb") for script in SCRIPTS}
    assert {path for path in NOTEBOOKS if "assignments" not in path.relative_to(ROOT).parts} <= paired


def test_every_master_is_released():
    assert ASSIGNMENTS and sorted(path.name for path in ROOT.glob("assignments/[0-9]*")) == ASSIGNMENTS


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_release_is_what_its_master_gives(assignment, tmp_path):
    made, committed = nbgrader_course.generate_release(tmp_path, assignment), ROOT / "assignments" / assignment
    assert [path.name for path in made.iterdir()] == [f"{assignment}.ipynb"], "only the notebook may be released"
    assert [path.name for path in committed.iterdir() if path.name[0] != "."] == [f"{assignment}.ipynb"]
    for path in made.iterdir():
        assert path.read_bytes() == (committed / path.name).read_bytes(), "run `make release`, and commit what it makes"
