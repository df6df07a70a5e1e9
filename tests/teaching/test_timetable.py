"""The speaker's script: each slide has its note, the minutes fit their sessions, and the controls it names exist."""

import ast
import re
from pathlib import Path

import pytest

from course_utils.jupyter import claims
from course_utils.teaching import timetable
from course_utils.teaching.__main__ import main

ROOT = Path(__file__).parents[2]
SCRIPTS = timetable.scripts(ROOT / "lectures")
SESSIONS = {"90 minutes": (80, 90), "45 minutes": (38, 45)}  # the rest of the longer one is for questions
NOT_YET = {"11a_predictions", "11b_creations", "12_outlook"}  # their notes are free in form, without the two versions
lectures = pytest.mark.parametrize("notes", SCRIPTS.values(), ids=SCRIPTS)
FORM = """# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Ink (6 min)

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min (45: 3, tour: 1)</summary>
#
# **Open.** "Stretch it."
#
# **On.** Next, a determinant.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · More ink (2 min)
"""
GOOD = FORM[: FORM.index("# %% [markdown] slideshow", FORM.index("</details>"))]


def written(folder, script):
    path = folder / "lecture.py"
    path.write_text(script, encoding="utf-8")
    return path


def test_every_lecture_has_a_script():
    assert set(SCRIPTS) == {path.stem for path in ROOT.glob("lectures/*.py")} - NOT_YET


@lectures
def test_a_note_is_neither_a_stub_nor_a_page(notes):
    assert {note.slide: len(note.text.split()) for note in notes if not 60 <= len(note.text.split()) <= 130} == {}


@lectures
def test_a_lecture_has_all_that_a_speaker_needs(notes):
    assert "Prepare" in notes[0].parts, "what to prepare stands in the opening note"
    assert {part for note in notes for part in note.parts} == set(timetable.PARTS)
    assert [note.slide for note in notes if len(note.parts) < 3] == []


@lectures
@pytest.mark.parametrize("version", SESSIONS)
def test_the_minutes_fit_the_session(notes, version):
    least, most = SESSIONS[version]
    assert least <= timetable.total(notes, timetable.VERSIONS.index(version)) <= most


def test_the_tour_fits_a_session_and_visits_each_lecture():
    tour = {name: timetable.total(notes, 2) for name, notes in SCRIPTS.items()}
    assert 75 <= sum(tour.values()) <= 90 and min(tour.values()) > 0, tour


@lectures
def test_a_slide_of_a_shorter_version_is_not_orphaned(notes):
    assert notes[0].minutes[1], "the 45 minutes, too, begin with the opening"


def literals(path):
    """Patterns of the texts in a module; what an f-string fills in may be any word."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        if isinstance(node, ast.JoinedStr):
            yield "".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in node.values)


def controls(lecture):
    """Patterns that the labels of a page's controls match: texts of its labs, and of the explorers that it calls."""
    script = (ROOT / "lectures" / f"{lecture}.py").read_text(encoding="utf-8")
    labs = re.findall(r"from course_utils\.labs(?:\.| import )(\w+)", script)
    files = [path for lab in labs for path in (ROOT / "course_utils/labs" / lab).glob("*.py")]
    for path in (ROOT / "course_utils/widgets").glob("*.py"):
        called = [node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        if path.stem == "panel" or any(re.search(rf"\b{name}\(", script) for name in called):
            files.append(path)
    return {pattern for path in files for pattern in literals(path)}


@lectures
def test_each_control_that_is_named_stands_on_the_page(notes):
    known = controls(notes[0].lecture)
    named = {label for note in notes for label in note.controls}
    assert {label for label in named if not any(re.fullmatch(pattern, label) for pattern in known)} == set()


def test_a_control_of_another_page_would_be_noticed():
    assert "merges" in controls("10a_language_models") and "merges" not in controls("03_vae")


def test_notes_do_not_enter_the_folded_solutions():
    pages = [(ROOT / "lectures" / f"{name}.py").read_text(encoding="utf-8") for name in SCRIPTS]
    assert not any("For the speaker" in text for page in pages for text in claims.FOLDED.findall(page))


def test_a_note_is_read_with_its_minutes_and_parts(tmp_path):
    (note,) = timetable.read(written(tmp_path, FORM))
    assert (note.slide, note.minutes) == ("1 · Ink", (6, 3, 1))
    assert note.parts == {"Open": '"Stretch it."', "On": "Next, a determinant."}


@pytest.mark.parametrize(
    "brackets, minutes", [(" (45: 3)", (6, 3, None)), (" (tour: 2)", (6, None, 2)), ("", (6, None, None))]
)
def test_a_version_may_leave_a_slide_out(tmp_path, brackets, minutes):
    first, second = timetable.read(written(tmp_path, FORM + GOOD.replace(" (45: 3, tour: 1)", brackets)))
    assert (first.minutes, second.minutes) == ((6, 3, 1), minutes)


def test_a_lecture_whose_notes_have_one_version_has_no_script_yet(tmp_path):
    assert timetable.read(written(tmp_path, FORM.replace(" (45: 3, tour: 1)", ""))) == []
    assert "Without a script in this form: 12_outlook." in timetable.timetable(SCRIPTS, ["12_outlook"])


WRONG = {
    "a second slide without": (FORM.replace(' tags=["depth"]', ""), "slide '▸ Depth · More ink': no note follows"),
    "far from its slide": (FORM.replace("(6 min)\n", "(6 min)\n\n# %%\nx = 1\n"), "does not follow a slide's first"),
    "unfolded": (FORM.replace("# </details>", "#"), "the note is not <details>"),
    "no minutes": (FORM.replace("· 6 min (45: 3, tour: 1)", ""), "is not like 'For the speaker · 6 min"),
    "half a minute": (FORM.replace("6 min (45", "½ min (45"), "is not like"),
    "no comma": (FORM.replace("3, tour", "3 tour"), "is not like"),
    "turned round": (FORM.replace("45: 3, tour: 1", "tour: 1, 45: 3"), "is not like"),
    "nothing in brackets": (FORM.replace("45: 3, tour: 1", ""), "is not like"),
    "longer when short": (FORM.replace("45: 3", "45: 7"), "none more than the one of 90"),
    "a version of 0": (FORM.replace("tour: 1", "tour: 0"), "leave out a version of 0"),
    "an unknown part": (FORM.replace("**On.**", "**Next.**"), "does not begin with a part"),
    "a part twice": (FORM.replace("**On.**", "**Open.**"), "does not begin with a part"),
    "a part without text": (FORM.replace(' "Stretch it."', ""), "does not begin with a part"),
    "no transition": (FORM.replace("# **On.** Next, a determinant.\n#\n", ""), "has no On"),
}


@pytest.mark.parametrize("script, words", WRONG.values(), ids=WRONG)
def test_a_wrong_note_is_refused_in_words_that_say_where(tmp_path, script, words):
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        timetable.read(written(tmp_path, GOOD + script))
    assert str(error.value).startswith("lecture")


def test_the_kit_holds_a_script_a_lecture_and_sums_that_hold(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(["script", "--out", str(tmp_path)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(SCRIPTS) + 1
    *tables, tour = (tmp_path / "timetable.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert len(tables) == len(SCRIPTS)
    for table in [*tables, tour]:
        cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in table.splitlines() if "|" in line]
        *rows, sums = cells[2:]
        for column in (-1, -2) if table is not tour else (-1,):
            assert sum(int(row[column]) for row in rows if row[column] != "skip") == int(sums[column].strip("*"))
    for name, notes in SCRIPTS.items():
        page = (tmp_path / "script" / f"{name}.md").read_text(encoding="utf-8")
        assert page.count("\n## ") == len(notes) and all(note.parts["Open"] in page for note in notes)


def test_outside_of_the_course_the_command_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["script"]) == 2 and "Run this in the course's folder." in capsys.readouterr().err
    assert not (tmp_path / "kit").exists()
