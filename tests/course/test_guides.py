"""The study guides: one a lecture, its parts, the page's own objectives, links that lead there, a sum that is right."""

import importlib
import re
from pathlib import Path

import pytest
import sections

LECTURES = sorted((Path(__file__).parents[2] / "lectures").glob("[0-9]*.ipynb"))
GUIDES = sorted((Path(__file__).parents[2] / "lectures" / "guides").glob("*.ipynb"))
PARTS = ["Know by heart", "Formulas", "By hand", "Ten questions", "Common errors", "Checklist"]
WORDS = 950  # three pages as nbconvert prints them

each_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)


def part(guide, name):
    return re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", sections.text(guide), re.M | re.S)[1]


def items(text):
    """The items of a list, each on one line."""
    return [" ".join(item.split()) for item in re.split(r"^(?:- |\d+\. )", text, flags=re.M)[1:]]


def code(guide):
    return "\n".join(cell.source for cell in sections.cells(guide) if cell.cell_type == "code")


def test_each_lecture_has_a_guide():
    assert [path.name for path in GUIDES] == [path.name for path in LECTURES]
    listed = re.findall(r"^- \[.*\]\((.*)\)$", (GUIDES[0].parent / "README.md").read_text(), re.M)
    assert listed == [path.name for path in GUIDES]


@each_guide
def test_a_guide_has_its_parts_and_is_short(guide):
    text = sections.text(guide)
    assert re.findall(r"^## (.*)", text, re.M) == PARTS
    assert 5 <= len(items(part(guide, "Know by heart"))) <= 8
    assert len(re.sub(r"\]\([^)]*\)|</?(?:details|summary)>", "", text).split()) <= WORDS


@each_guide
def test_ten_questions_have_ten_folded_answers(guide):
    asked = part(guide, "Ten questions")
    assert re.findall(r"^\*\*(\d+)\.\*\*", asked, re.M) == [str(number) for number in range(1, 11)]
    answers = re.findall(r"<details><summary>Answer</summary>\n\n(.+?)\n</details>", asked, re.S)
    assert len(answers) == 10 and all(answers)


@each_guide
def test_the_objectives_are_the_lecture_s_own_and_lead_to_its_sections(guide):
    page = next(path for path in LECTURES if path.name == guide.name)
    listed = items(part(guide, "Checklist"))
    assert [re.sub(r"^☐ |: \[[^\[]+\]\([^)]*#.*", "", item) for item in listed] == sections.objectives(page)
    for item in listed + items(part(guide, "Common errors")):
        assert sections.LINK.search(item), f"no section is named: {item}"


@each_guide
def test_the_links_of_a_guide_lead_to_the_sections_they_name(guide):
    assert [wrong for link in sections.links(guide) if (wrong := sections.complaint(link))] == []
    others = re.findall(r"\]\(([^)#]+)\)", sections.text(guide))
    assert [target for target in others if "://" not in target and not (guide.parent / target).exists()] == []


@each_guide
def test_each_formula_names_the_function_that_computes_it(guide):
    for item in items(part(guide, "Formulas")):
        names = re.findall(r"`((?:\w+\.)+\w+)`", item)
        assert names, f"no function: {item}"
        for name in names:
            room, *rest = name.split(".")
            found = importlib.import_module("torch" if room == "torch" else f"course_utils.{room}")
            for step in rest:
                inside = f"{found.__name__}.{step}"
                found = getattr(found, step, None) or importlib.import_module(inside)
            assert callable(found), f"{name} computes nothing"


@each_guide
def test_the_sum_by_hand_is_what_the_package_gives_and_a_wrong_one_is_noticed(guide, capsys):
    source = code(guide)
    assert "course_utils" in source and "assert " in source
    exec(compile(source, guide.name, "exec"), {})
    assert "by hand" in capsys.readouterr().out
    wrong, changed = re.subn(r"^by_hand = (.*)$", r"by_hand = 1.1 * (\1) + 0.1", source, flags=re.M)
    assert changed == 1
    with pytest.raises(AssertionError):
        exec(compile(wrong, guide.name, "exec"), {})
