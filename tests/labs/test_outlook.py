"""Lecture 12's map, record, debate, shelf and form: links lead somewhere, numbers are found, nothing is lost."""

import json
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from course_utils.jupyter import claims
from course_utils.labs import comparison as bench
from course_utils.labs.comparison import table
from course_utils.labs.outlook import atlas, calibrate, debate, forms, record, shelf
from course_utils.labs.outlook.record import Record

RUNS = bench.read() + bench.read(table.NEWCOMERS_FILE)
CELLS = atlas.load(RUNS)
LECTURES = Path(__file__).parents[2] / "lectures"


def name(cell):
    return f"{cell.family}-{cell.ability}"


@pytest.mark.parametrize("cell", CELLS, ids=name)
def test_a_cell_of_the_map_leads_to_a_section_that_exists(cell):
    file, anchor = cell.link.split("#")
    notebook = json.loads((LECTURES / file).read_text())
    lines = [
        line for c in notebook["cells"] if c["cell_type"] == "markdown" for line in "".join(c["source"]).split("\n")
    ]
    anchors = [re.sub("^#+ ", "", line).replace(" ", "-") for line in lines if line.startswith("#")]
    assert anchors.count(unquote(anchor)) == 1


def test_the_numbers_of_the_map_are_those_of_the_tables_and_the_ledgers():
    entries = tomllib.loads(atlas.MAP.read_text())["cell"]
    assert len(entries) == len(CELLS) == len({name(cell) for cell in CELLS})
    for entry, cell in zip(entries, CELLS, strict=True):
        if "quote" in entry:
            ledger = (atlas.LEDGERS / f"{cell.lecture}.toml").read_text()
            assert cell.number and cell.number in ledger.replace("$", "")
        if "column" in entry and entry["column"] != "steps":
            values = table.column(
                RUNS, entry["contender"], entry["column"], 0.0 if cell.family == "Real digits" else 3.0
            )
            assert float(cell.number.replace(",", "")) == pytest.approx(sum(values) / len(values), rel=0.01)
        assert not re.search(r"\d", entry.get("says", "")), "a number that is typed"


ENTRIES = tomllib.loads(atlas.MAP.read_text())["cell"]
QUOTES = [(entry, cell) for entry, cell in zip(ENTRIES, CELLS, strict=True) if "quote" in entry]
MARKS = str.maketrans("", "", "$*")


@pytest.mark.parametrize(("entry", "cell"), QUOTES, ids=[name(cell) for _, cell in QUOTES])
def test_what_is_quoted_stands_in_the_section_that_the_link_opens(entry, cell):
    script = (LECTURES / f"{cell.lecture}.py").read_text()
    section = script.split(f"# ## {cell.heading}\n")[1].split("\n# ## ")[0]
    before, after = entry["quote"].translate(MARKS).split("{}")
    assert f"{before}{cell.number}{after}" in claims.prose(section).translate(MARKS)


def test_a_mean_of_the_tables_leaves_other_budgets_out():
    values = table.column(RUNS, "VAE", "frechet", 3.0)
    assert float(atlas.mean_of(RUNS, "VAE", "frechet")) == pytest.approx(sum(values) / len(values), rel=0.005)
    with pytest.raises(ValueError, match="no 'log_px' of 'GAN"):
        atlas.mean_of(RUNS, "GAN + R1", "log_px")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"section": "Nowhere"}, "0 sections 'Nowhere'"),
        ({"quote": "no such {} words"}, "0 claims"),
        ({"colum": "frechet"}, "unknown key"),
        ({"ability": "fly"}, "fly"),
    ],
)
def test_a_cell_that_leads_nowhere_is_refused_by_name(tmp_path, change, said):
    entry = {"family": "Flow", "ability": "encode", "lecture": "08a_flows", "section": "Counting ink"} | change
    lines = [f'{key} = "{value}"' for key, value in entry.items()]
    path = tmp_path / "map.toml"
    path.write_text("\n".join(['[abilities]\nencode = "a"', "[[cell]]", *lines]))
    with pytest.raises(ValueError, match=r"map\.toml, Flow.*" + re.escape(said)):
        atlas.load(RUNS, path)


def test_the_map_is_a_table_of_links_that_says_where_each_goes():
    html = atlas.Atlas(CELLS)._repr_html_()
    assert html.count("<a href=") == len(CELLS) and 'scope="row"' in html and 'title="Lecture 08b, ' in html
    assert html.count("<tr>") == 1 + len({cell.family for cell in CELLS})


GIVEN = {"agree": 3, "reason": "since", "date": "2026-01-01"}


def test_what_stands_in_the_file_is_replaced_only_if_asked(tmp_path):
    path = tmp_path / "mine.json"
    record.save(Record(before={"labor": GIVEN}, quiz={"03_vae": {"1": True}}), path)
    more = record.load(path)
    more.after["labor"], more.quiz["03_vae"]["2"] = GIVEN | {"agree": 8}, False
    record.save(more, path)  # nothing that stood there changes
    written = path.read_text()
    for lossy in (Record(), Record(before={"labor": GIVEN | {"agree": 4}}, after=more.after, quiz=more.quiz)):
        with pytest.raises(FileExistsError, match="labor"):
            record.save(lossy, path)
        assert path.read_text() == written
    record.save(Record(), path, replace=True)
    assert record.load(path) == Record()


def test_a_file_that_is_no_record_is_named_and_left_alone(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text("{}}")
    with pytest.raises(ValueError, match=r"mine\.json is not a file of this page"):
        record.save(Record(), path)
    assert path.read_text() == "{}}" and record.load(tmp_path / "none.json") == Record()


def test_an_export_has_every_question_and_does_not_replace_another_text(tmp_path):
    path, kept = tmp_path / "mine.md", Record(before={"labor": GIVEN}, thoughts={"What?": "That."})
    record.export(kept, {"labor": "Pay rises.", "people": "Votes are best."}, path)
    text = path.read_text()
    assert "- before: 3 of 10. since" in text and text.count("not answered") == 3 and "That." in text
    kept.thoughts["What?"] = "This."
    with pytest.raises(FileExistsError, match="replace"):
        record.export(kept, {}, path)
    assert path.read_text() == text


def test_calibration_is_confidence_beside_the_share_right():
    kept = Record(confidence={"a": {"1": 0.9, "2": 0.7}, "b": {"1": 0.5}, "c": {"1": 1.0}})
    kept.quiz = {"a": {"1": True, "2": False}, "b": {"1": True, "2": True}, "d": {"1": True}}
    assert record.points(kept) == [("a", pytest.approx(0.8), 0.5, 2), ("b", 0.5, 1.0, 2)]
    assert record.excess(kept) == pytest.approx((0.3 * 2 - 0.5 * 2) / 4)
    with pytest.raises(ValueError, match="Rate an objective"):
        record.excess(Record())


def test_each_lecture_has_objectives_to_rate_and_questions_to_ask():
    exam = calibrate.Exam()
    for lecture in calibrate.lectures():
        assert 3 <= len(calibrate.objectives(lecture)) <= 7 and exam.next(lecture) is not None, lecture
    assert calibrate.objectives("09b_graphs")[6].startswith("tell seeing from doing")


def test_the_calibration_panel_rates_asks_and_plots():
    exam = calibrate.Exam()
    panel = calibrate.explorer(exam)
    before = panel.views["plot"].image.value
    panel.set(lecture="03_vae")
    panel.controls["sure"].value = 80
    first = exam.next("03_vae")
    place = next(i for i, one in enumerate(first.choices) if one.right)
    panel.buttons["ABCDE"[place]].click()
    assert panel.exception is None and record.points(exam.record) == [("03_vae", 0.8, 1.0, 1)]
    assert panel.views["plot"].image.value != before and exam.next("03_vae").number == first.number + 1
    with pytest.raises(ValueError, match="no such choice"):
        exam.answer("03_vae", 9)


def test_the_debate_panel_keeps_saves_and_exports_where_it_is_told(tmp_path):
    path, cards = tmp_path / "mine.json", debate.load()
    panel = debate.explorer(cards, path=path)
    panel.controls["agree"].value = 9
    assert not path.exists()
    panel.buttons["Keep"].click()
    panel.buttons["Save"].click()
    panel.buttons["Export"].click()
    assert record.load(path).before["authorship"]["agree"] == 9 and "9 of 10" in path.with_suffix(".md").read_text()
    again = debate.explorer(cards, path=path)
    again.controls["agree"].value = 1
    again.buttons["Keep"].click()
    again.buttons["Save"].click()
    assert isinstance(again.exception, FileExistsError) and record.load(path).before["authorship"]["agree"] == 9


def test_a_card_has_three_positions_dated_evidence_and_a_section_that_exists():
    cards = debate.load()
    assert [card.id for card in cards] == ["authorship", "creativity", "labor", "openness", "people"]
    for card in cards:
        assert len({*card.positions}) == 3 and len(card.evidence) >= 2 and atlas.heading(card.lecture, card.section)
        assert all(shelf.LINK.fullmatch(e.url) and 2000 < e.year < 2100 and len(e.says) > 40 for e in card.evidence)
        assert card.key in card._repr_html_()


def test_resources_are_dated_with_level_minutes_and_a_link_of_the_right_form():
    resources = shelf.load()  # raises for a link, a level, minutes or a use that is missing
    assert {one.kind for one in resources} == set(shelf.KINDS)
    assert len({one.url for one in resources}) == len(resources) and all(1990 < one.year < 2100 for one in resources)
    books = " ".join(one.name for one in resources.of("book"))
    assert all(author in books for author in ("Goodfellow", "Bishop", "Prince", "Tomczak", "Murphy"))
    assert all(one.level == "first" for one in resources.of("tutorial", level="first"))
    with pytest.raises(ValueError, match="https link"):
        shelf.Resource("book", "A", 2000, "http://a.b", "first", 5, "reading")


def test_a_form_names_nobody_and_few_forms_say_nothing(tmp_path):
    paths = [forms.write({"pace": 1 + i % 5, "clear": 4}, {"keep": f"thing {i}"}, tmp_path) for i in range(5)]
    assert all(set(json.loads(path.read_text())) == {"ratings", "texts"} for path in paths)
    said = forms.summary(paths)
    assert "median 3, 1 to 5" in said and all(f"thing {i}" in said for i in range(5)) and "no answer" in said
    with pytest.raises(ValueError, match="fewer than 5"):
        forms.summary(paths[:4])
    with pytest.raises(ValueError, match="from 1 to 5"):
        forms.write({"pace": 6}, {}, tmp_path)
