"""The activities: each sheet whole, the table names each, and those with code run and print their table."""

import re
from pathlib import Path

import pytest

from course_utils.jupyter.execute import execute

LECTURES = Path(__file__).parents[2] / "lectures"
TEXT = (LECTURES / "activities.md").read_text()
SHEETS = dict(re.findall(r"^## (\d+ · .*?)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S))
NOTEBOOKS = sorted((LECTURES / "activities").glob("*.ipynb"))


def anchor(title):
    """A heading's name in a link: lower case, signs gone, spaces as hyphens."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("title", SHEETS)
def test_a_sheet_has_all_its_parts(title):
    for part in ("**Goal.**", "**Hand in**", "**Rubric.**", "<summary>A model result</summary>"):
        assert SHEETS[title].count(part) == 1, part
    assert "1. " in SHEETS[title] and SHEETS[title].count("</details>") == 1


def test_the_table_names_each_sheet_with_its_minutes():
    rows = re.findall(r"^\| (\d+) \| \[(.*?)\]\(#(.*?)\) \| .* \| (\d+) \| [\w ]+ \|$", TEXT, re.M)
    assert [f"{number} · {title}" for number, title, _, _ in rows] == list(SHEETS)
    assert [link for _, _, link, _ in rows] == [anchor(title) for title in SHEETS]


def test_each_notebook_belongs_to_a_sheet():
    assert NOTEBOOKS and {f"activities/{path.name}" for path in NOTEBOOKS} == set(
        re.findall(r"\]\((activities/\w+\.ipynb)\)", TEXT)
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_prints_its_table(path):
    result = execute(path)
    assert result.passed, result.error
    cells = [cell for cell in result.notebook.cells if cell.cell_type == "code"]
    printed = "".join(output.get("text", "") for cell in cells for output in cell.outputs)
    assert "±" in printed and "Warning" not in printed
