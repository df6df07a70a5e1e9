"""The plans of the syllabus: whole where they say so, and nothing is due before it was taught."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "lectures" / "syllabus.md").read_text()
LECTURES = sorted(path.stem for path in ROOT.glob("lectures/[0-9]*.py"))
ASSIGNMENTS = sorted(path.name for path in ROOT.glob("solutions/[0-9]*"))
PLANS = {title: body for title, body in re.findall(r"^### (.*?)\n(.*?)(?=^##)", TEXT, re.M | re.S)}
WEEKS = [title for title in PLANS if "weeks" in title]


def weeks(plan):
    return [line.split("|")[1:-1] for line in PLANS[plan].splitlines() if re.match(r"\| \d", line)]


def taught(cells):
    """The lectures of a row, as two digits."""
    return set(re.findall(r"\]\((\d\d)[ab]?_\w+\.ipynb\)", " ".join(cells)))


def test_the_longest_plan_has_every_lecture_and_every_assignment():
    body = PLANS[WEEKS[0]]
    assert [name for name in LECTURES if f"({name}.ipynb)" not in body] == []
    assert [name for name in ASSIGNMENTS if f"/{name}.ipynb)" not in body] == []


@pytest.mark.parametrize("plan", WEEKS)
def test_nothing_is_due_before_its_lecture(plan):
    seen = set()
    for _, first, second, due in weeks(plan):
        assert set(re.findall(r"\b(\d\d)\b(?=,|\]| *$)", due.strip())) <= seen, due
        seen |= taught([first, second])
    assert seen


@pytest.mark.parametrize("plan", WEEKS)
def test_a_plan_has_as_many_weeks_as_it_says(plan):
    words = {"Four": 4, "Eight": 8, "Fourteen": 14}
    assert len(weeks(plan)) == words[plan.split()[0]]


def test_every_lecture_has_its_reading():
    reading = TEXT.partition("## Reading")[2]
    numbers = re.findall(r"^\| (\d\d[ab]?) \|", reading, re.M)
    assert numbers == [name.partition("_")[0] for name in LECTURES]
