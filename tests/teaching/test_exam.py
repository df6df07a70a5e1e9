"""An exam: the same for the same seed, as asked for; each variant's key is that of its own paper; the commands."""

import dataclasses
import re
import sys
from html import escape
from xml.etree import ElementTree

import pytest
from test_exports import number, several

from course_utils import questions
from course_utils.questions import Choice, markup
from course_utils.teaching.__main__ import COMMANDS, main
from course_utils.teaching.exports import command, paper, pdf, variants

BANK = questions.every()


def exam(seed=7, count=20, papers=3):
    return variants.variants(variants.choose(BANK, count, seed), papers, seed)


def test_a_seed_gives_the_same_exam_and_another_seed_another():
    assert exam() == exam() and exam() != exam(seed=8)
    assert {a.question.id for a in exam()[0].asked} != {a.question.id for a in exam(seed=8)[0].asked}


def test_the_variants_ask_the_same_questions_in_other_orders():
    papers = exam()
    asked = [[one.question.id for one in variant.asked] for variant in papers]
    assert len({frozenset(ids) for ids in asked}) == 1 and len({tuple(ids) for ids in asked}) == 3
    assert len(set(asked[0])) == 20 and len({variant.points for variant in papers}) == 1
    options = [{one.question.id: one.options for one in variant.asked} for variant in papers]
    assert options[0] != options[1] != options[2]


def test_each_lecture_has_its_share():
    for seed in range(5):
        lectures = [question.lecture for question in variants.choose(BANK, 2 * len(questions.names()), seed)]
        assert {lectures.count(name) for name in questions.names()} == {2}


@pytest.mark.parametrize("count", [0, -1, len(BANK) + 1])
def test_more_questions_than_there_are_is_refused(count):
    with pytest.raises(ValueError, match=rf"ask for 1 to {len(BANK)}, or for more lectures"):
        variants.choose(BANK, count, 1)


@pytest.mark.parametrize("count", [0, 27])
def test_variants_have_letters(count):
    with pytest.raises(ValueError, match="1 to 26"):
        variants.variants(BANK[:1], count, 1)


def sections(html):
    body = re.sub("<meta[^>]*>", "", html.removeprefix("<!DOCTYPE html>"))
    return ElementTree.fromstring(body).findall(".//section")


def lettered(section):
    """What stands beside each letter, as text."""
    lines = section.findall("ol/li")
    return {"".join(line[0].itertext())[-1]: "".join(line[1].itertext()) for line in lines}


def text(source):
    return "".join(ElementTree.fromstring(f"<div>{markup.html(source)}</div>").itertext())


@pytest.mark.parametrize("variant", variants.variants(BANK, 2, 3), ids=lambda variant: variant.letter)
def test_the_key_names_what_stands_beside_its_letters_on_the_paper(variant):
    asked_on_paper = sections(paper.paper(variant, "Exam"))
    assert len(asked_on_paper) == len(variant.asked) == len(BANK)
    for asked, section in zip(variant.asked, asked_on_paper, strict=True):
        question, beside = asked.question, lettered(section)
        chosen = [beside[letter] for letter in asked.key.split()]
        if question.kind == "order":
            assert chosen == [text(step) for step in question.steps]
            assert list(beside.values()) != chosen
        elif question.choices:
            assert sorted(chosen) == sorted(text(choice.text) for choice in question.choices if choice.right)
            assert len(beside) == len(question.choices)


def test_a_paper_gives_nothing_away_and_the_key_gives_every_reason():
    variant = exam(count=len(BANK), papers=1)[0]
    handed_out, key = paper.paper(variant, "Exam"), paper.key(variant, "Exam")
    for asked in variant.asked:
        question = asked.question
        assert f">{question.id}<" in key and question.id not in handed_out
        reasons = [c.because for c in question.choices] + [c.misconception for c in question.choices if c.misconception]
        for why in [*reasons, question.answer, *question.points, *([question.because] if question.because else [])]:
            assert markup.html(why) in key
            assert len(why) < 40 or markup.html(why) not in handed_out


def test_hostile_texts_stay_texts():
    question = dataclasses.replace(
        several(), ask="<script>alert(1)</script> & $a<b$", choices=(Choice("</li>", True, "'"),)
    )
    [variant] = variants.variants([question], 1, 1)
    for page in (paper.paper(variant, "<title>"), paper.key(variant, "<title>")):
        assert escape("<script>alert(1)</script> & ") in page and "<script" not in page
        assert len(sections(page)) == 1


def test_a_number_stands_in_the_key_with_its_tolerance_and_unit():
    [variant] = variants.variants([number(compute="2 / 3", tolerance=0.01, unit="nats")], 1, 1)
    assert "0.66667 ± 0.01 nats" in paper.key(variant, "Exam") and "0.666" not in paper.paper(variant, "Exam")


@pytest.mark.needs("browser")
def test_the_exam_is_printed_with_its_key(tmp_path, capsys):
    arguments = ["--lectures", "03_vae", "04_gan", "--questions", "4", "--variants", "2", "--seed", "7"]
    assert main(["exam", *arguments, "--out", str(tmp_path)]) == 0
    names = {f"exam_7{letter}{key}.{form}" for letter in "AB" for key in ("", "_key") for form in ("html", "pdf")}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert set(capsys.readouterr().out.split()) == {str(tmp_path / name) for name in names}
    for path in tmp_path.glob("*.pdf"):
        assert path.read_bytes().startswith(b"%PDF") and re.search(rb"/Type\s*/Page\b", path.read_bytes())


def test_without_playwright_there_is_the_html_and_a_word(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert main(["exam", "--questions", "2", "--variants", "1", "--out", str(tmp_path)]) == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".html"}
    assert "Playwright is not installed. Print the HTML" in capsys.readouterr().err


def test_without_a_browser_there_is_the_html_and_a_word(tmp_path, monkeypatch):
    bad = tmp_path / "chromium"
    bad.write_text("#!/bin/sh\nexit 1\n")
    bad.chmod(0o755)
    monkeypatch.setattr(pdf, "BROWSERS", (str(bad),))
    assert "No PDF: no Chromium starts" in pdf.print_pages({tmp_path / "a.pdf": "<p>a</p>"})
    assert not (tmp_path / "a.pdf").exists()


def test_levels_are_taken_as_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "print_pages", lambda pages: "")
    assert main(["exam", "--level", "remember", "--questions", "3", "--variants", "1", "--out", str(tmp_path)]) == 0
    key = next(tmp_path.glob("*_key.html")).read_text()
    shown = [question for question in BANK if f">{question.id}<" in key]
    assert len(shown) == 3 and {question.level for question in shown} == {"remember"}


def test_an_export_writes_a_file_a_lecture(tmp_path, capsys):
    for form, (ending, write) in command.FORMATS.items():
        assert main(["export", "--format", form, "--lecture", "03_vae", "--out", str(tmp_path / form)]) == 0
        [path] = (tmp_path / form).iterdir()
        assert path.name == f"03_vae{ending}" and path.read_bytes() == write(questions.load("03_vae"))
        assert str(path) in capsys.readouterr().out


def test_the_kit_has_every_lecture_in_every_format(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "print_pages", lambda pages: "no PDF")
    made = [path for name in ("export", "exam") for path in __import__(COMMANDS[name], fromlist="_").kit(tmp_path)]
    assert len(made) == len(command.FORMATS) * len(questions.names()) + 6 and all(path.stat().st_size for path in made)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["export", "--format", "moodle", "--lecture", "03_vea"],
            "no questions named 03_vea. There are: 01_definitions",
        ),
        (["exam", "--lectures", "nothing"], "no questions named nothing"),
        (["exam", "--questions", "0"], "0 questions were asked for"),
        (["exam", "--variants", "27"], "ask for 1 to 26"),
        (["exam", "--questions", "2", "--out", "/dev/null/exam"], "/dev/null/exam"),
    ],
)
def test_what_cannot_be_is_said_in_words(capsys, arguments, says):
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert says in said and "Traceback" not in said
