"""The README files: their links lead somewhere, and their tables name each lecture and assignment with its minutes."""

import re
from pathlib import Path

import nbformat
import nbgrader_course
import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), ROOT / "lectures" / "guides" / "README.md"])
LECTURES = sorted(ROOT.glob("lectures/[0-9]*.ipynb"))
ASSIGNMENTS = sorted(ROOT.glob("assignments/*/*.ipynb"))


def name(path):
    return str(path.relative_to(ROOT))


def links(page):
    found = re.findall(r"\]\(([^)#]+)", page.read_text())
    return {(page.parent / target).resolve() for target in found if "://" not in target}


def row(page, notebook):
    """Return the cells of the table row that links the notebook."""
    for line in page.read_text().splitlines():
        targets = [(page.parent / target).resolve() for target in re.findall(r"\]\(([^)]+)\)", line)]
        if line.startswith("|") and notebook in targets:
            return [cell.strip() for cell in line.strip("|").split("|")]
    raise AssertionError(f"no table in {name(page)} names {name(notebook)}")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_each_link_leads_to_a_file(page):
    assert [target for target in links(page) if not target.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_each_make_command_exists(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    code = re.findall(r"```.*?```|`[^`\n]+`", page.read_text(), re.S)
    assert set(re.findall(r"\bmake ([a-z]+)", " ".join(code))) <= targets


@pytest.mark.parametrize("notebook", LECTURES + ASSIGNMENTS, ids=name)
def test_the_tables_name_each_notebook_with_its_minutes(notebook):
    first = nbformat.read(notebook, as_version=4).cells[0].source
    minutes = re.search(r"\*\*Time:\*\* ([\d–]+ hours|[\d–]+(?= minutes))", first).group(1)
    own_page = ROOT / notebook.relative_to(ROOT).parts[0] / "README.md"
    for page in (ROOT / "README.md", own_page):
        assert minutes in row(page, notebook), f"{name(page)} and {name(notebook)} differ in the minutes"


@pytest.mark.parametrize("notebook", LECTURES, ids=name)
def test_the_minutes_of_a_lecture_are_those_of_its_sections(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    found = re.findall(r"^## (▸?).*\((\d+) min\)$", "\n".join(cell.source for cell in cells), re.M)
    core, depth = (sum(int(m) for mark, m in found if bool(mark) is folds) for folds in (False, True))
    said = re.search(r"\*\*Time:\*\* (\d+) minutes(.*?), and\s+(\d+)\s+of depth", cells[0].source, re.S)
    assert core <= int(said[1]) <= core + 5 and int(said[3]) == depth, "the first cell takes up to five minutes"
    sessions = [int(number) for number in re.findall(r"\d+", said[2])] or [int(said[1])]
    assert max(sessions) <= 75 and sum(sessions) == int(said[1])


PROJECT = "12_project"  # weeks, which its length does not tell
WRITING = {"06_ethics": 50}  # minutes for the answers in words: 20, but a position and a card take longer


def minutes(assignment):
    """How long a reader needs: the rule stands in the learner's guide."""
    cells = nbgrader_course.master(assignment)
    words = solution = given = 0
    for cell in cells:
        text = nbgrader_course.source(cell)
        if nbgrader_course.tag(cell, "grade"):
            continue
        written = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", text, re.S)
        solution += sum(len(part.split("\n")) - 1 for part in written)
        words += len(text.split()) if cell["cell_type"] == "markdown" else 0
        given += len(text.splitlines()) if cell["cell_type"] == "code" and not written else 0
    return words / 200 + 2 * solution + given / 10 + WRITING.get(assignment, 20)


@pytest.mark.parametrize("assignment", [path.stem for path in ASSIGNMENTS if path.stem != PROJECT])
def test_the_minutes_of_an_assignment_follow_from_its_length(assignment):
    first = nbgrader_course.source(nbgrader_course.master(assignment)[0])
    least, most = map(int, re.search(r"\*\*Time:\*\* (\d+)–(\d+) minutes", first).groups())
    assert abs(least - minutes(assignment)) <= 5 and abs(most - 1.5 * least) <= 5
