"""What was handed in, read: any file a tool makes, cells found without their names, nothing dropped without a note."""

import json
import os
import re
import zipfile

import pytest
from grading_course import ANSWERS, ESSAY, NAME, insert, position, put
from hypothesis import HealthCheck, given, settings
from strange import MASTER, STUBS, notebooks, objects, right

from course_utils.grading.score import files, prose
from course_utils.grading.score.apart import Failed, TookTooLong, apart
from course_utils.grading.score.course import Submission
from course_utils.grading.score.files import CannotGrade
from course_utils.grading.score.intake import choose, intake
from course_utils.grading.score.sanitize import sanitize

LIMITS = {"cell": 2, "total": 10, "memory_mb": 1000, "output": 1000}


def bare(notebook):
    """Without metadata and ids, as Colab, older Jupyter and VS Code leave it."""
    cells = [{k: v for k, v in cell.items() if k not in ("metadata", "id")} for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def without(notebook, *names):
    gone = {position(notebook, name) for name in names}
    return {**notebook, "cells": [cell for i, cell in enumerate(notebook["cells"]) if i not in gone]}


def markdown(text, **more):
    return {"cell_type": "markdown", "source": text, "metadata": {}, **more}


def code(text):
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}


def add(notebook, at, *cells):
    return {**notebook, "cells": [*notebook["cells"][:at], *cells, *notebook["cells"][at:]]}


def read(notebook):
    return sanitize(json.dumps(notebook).encode(), MASTER)


def essay(notebook):
    cells, notes = read(notebook)
    return next(cell["source"] for cell in cells if cell["id"] == "essay"), notes


def run(cells):
    """The tests that pass when the cells run one after the other, as in the sandbox."""
    space, passed = {}, set()
    for cell in cells:
        try:
            if cell["kind"] in ("code", "test"):
                exec(cell["source"], space)
                passed |= {cell["id"]} if cell["kind"] == "test" else set()
        except Exception:
            pass
    return passed


ALL = {"test_double", "test_mean", "test_evens"}
WORDS = "My own words on this."
HELPER = "def twice(x):\n    return 2 * x"
USES = put(right(), "double", "def double(x):\n    return twice(x)")


def test_the_essay_is_found_where_a_tool_dropped_every_name():
    text, notes = essay(bare(right()))
    assert text == WORDS and any("essay was found by its place" in note for note in notes)
    cells = bare(right())["cells"]
    moved = {**right(), "cells": [cells[-1] | {"source": f"{ESSAY} Indeed."}, *cells[:-1]]}
    text, notes = essay(moved)
    assert text == f"{ESSAY} Indeed." and any("likeness" in note for note in notes)


def test_text_around_an_essay_counts_as_part_of_it_and_text_elsewhere_is_not_lost():
    below, _ = essay(add(right(), len(STUBS["cells"]), markdown("And more below.")))
    assert below == f"{WORDS}\n\nAnd more below."
    untouched = put(right(), "essay", ESSAY)
    only_below, _ = essay(add(untouched, len(STUBS["cells"]), markdown("All of it below.")))
    assert only_below == "All of it below."
    elsewhere, notes = essay(add(untouched, 2, markdown("I wrote it up here.")))
    assert elsewhere == "I wrote it up here." and any("from elsewhere" in note for note in notes)
    assert essay(untouched)[0] == ESSAY


def test_pictures_attached_to_a_text_are_told_of():
    notebook = put(right(), "essay", "![plot](attachment:plot.png)")
    notebook["cells"][position(notebook, "essay")]["attachments"] = {"plot.png": {"image/png": "iVBORw0="}}
    text, notes = essay(notebook)
    assert "plot.png" in text and any("pictures are attached" in note for note in notes)


@pytest.mark.parametrize("name", ["setup", "test_double", "test_mean"])
def test_a_helper_in_a_cell_that_is_not_the_learners_runs_before_the_test_that_needs_it(name):
    source = STUBS["cells"][position(STUBS, name)]["source"]
    cells, notes = read(put(USES, name, f"{HELPER}\n{source}"))
    assert run(cells) == ALL and any("twice" in note for note in notes)
    official = next(cell for cell in cells if cell["id"] == name)
    assert official["source"] == MASTER.by_id()[name].tests


def test_what_a_locked_cell_says_itself_is_not_changed_by_the_learner():
    cells, _ = read(put(right(), "setup", "import math\nimport json\nimport numpy as np\nnp = None"))
    assert run(cells) == ALL and not any("np = None" in cell["source"] for cell in cells)
    assert any(cell["source"] == "import json" for cell in cells)


@pytest.mark.parametrize("into", ["test_double", "mean", "setup", "test_evens"])
def test_an_answer_that_was_merged_with_another_cell_is_found(into):
    notebook = right()
    other = notebook["cells"][position(notebook, into)]["source"]
    merged = without(put(notebook, into, f"{other}\n\n{ANSWERS['double']}"), "double")
    cells, notes = read(merged)
    assert run(cells) == ALL and any("double is answered in another cell" in note for note in notes)


def test_an_answer_below_its_test_or_above_its_stub_counts():
    stub = put(right(), "double", STUBS["cells"][position(STUBS, "double")]["source"])
    below, notes = read(add(stub, len(stub["cells"]), code(ANSWERS["double"])))
    assert run(below) == ALL and any("test_double runs further down" in note for note in notes)
    above, _ = read(insert(stub, "double", ANSWERS["double"]))
    assert run(above) == ALL
    assert run(read(stub)[0]) == ALL - {"test_double"}


def test_the_stub_alone_passes_nothing():
    assert run(read(STUBS)[0]) <= {"test_evens"} - {"test_evens"}


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("tail", ["", "\0" * 500, "\r\n\0\0"])
def test_every_encoding_and_a_tail_of_zeros_is_read(encoding, tail):
    cells, notes = sanitize((json.dumps(right()) + tail).encode(encoding), MASTER)
    assert run(cells) == ALL and notes == []


def folder(tmp_path, **found):
    place = tmp_path / "ada" / NAME
    place.mkdir(parents=True)
    for i, (name, content) in enumerate(found.items()):
        name = name.replace("_DOT_", ".").replace("_SPACE_", " ")
        (place / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        os.utime(place / name, (1_000_000 + 60 * i,) * 2)
    return Submission("ada", place, None)


def archive(path, **members):
    with zipfile.ZipFile(path, "w") as out:
        for name, content in members.items():
            out.writestr(name.replace("_DOT_", "."), json.dumps(content))
    return path.read_bytes()


def cells_of(submission):
    return choose(files.candidates(submission.folder, NAME), MASTER)


@pytest.mark.parametrize("name", ["tiny_DOT_IPYNB", "tiny_DOT_ipynb_DOT_txt", "tiny_DOT_ipynb_DOT_json", "x_DOT_ipynb"])
def test_other_names_are_read(tmp_path, name):
    cells, notes = cells_of(folder(tmp_path, **{name: right()}))
    assert run(cells) == ALL and "the file was named" in notes[0]


def test_a_zip_with_a_notebook_is_read(tmp_path):
    content = archive(tmp_path / "z", tiny_DOT_ipynb=right(), notes_DOT_txt="x")
    cells, notes = cells_of(folder(tmp_path, work_DOT_zip=content))
    assert run(cells) == ALL and "work.zip: tiny.ipynb" in notes[0]


def test_files_beside_the_notebook_that_are_too_large_are_told_of(tmp_path):
    handed = folder(tmp_path, tiny_DOT_ipynb=right(), large_DOT_csv=b"0" * 5_000_001, small_DOT_csv=b"1,2")
    read_ = intake(handed, MASTER, LIMITS, False)
    assert list(handed.files()) == ["small.csv"] == [name for name in read_.job["files"] if name == "small.csv"]
    assert "left out, since files beside the notebook have 5 MB in all: large.csv" in read_.notes


def test_of_two_notebooks_the_newer_one_counts_but_not_a_fresh_download(tmp_path):
    wrong = put(right(), "double", "def double(x):\n    return 4")
    cells, notes = cells_of(folder(tmp_path / "a", tiny_DOT_ipynb=wrong, **{"tiny_SPACE_(1)_DOT_ipynb": right()}))
    assert run(cells) == ALL and "2 notebooks" in notes[0] and "tiny (1).ipynb is graded, the newer one" in notes[0]
    cells, notes = cells_of(folder(tmp_path / "b", tiny_DOT_ipynb=right(), **{"tiny_SPACE_(1)_DOT_ipynb": STUBS}))
    assert run(cells) == ALL and "tiny.ipynb is graded" in notes[0]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("tiny_DOT_ipynb", b"", "the file is empty"),
        ("tiny_DOT_ipynb", b"\0" * 4000, "the file is empty"),
        ("tiny_DOT_ipynb", b"[1, 2]", "not a notebook"),
        ("tiny_DOT_ipynb", b"\x80\x03", "broken JSON"),
        ("homework_DOT_pdf", b"%PDF", "no notebook was handed in, but homework.pdf"),
        ("work_DOT_zip", b"PK\3\4 broken", "no notebook was handed in, but work.zip"),
        ("tiny_DOT_ipynb", {"cells": [code("1")] * 5000}, "more than 3000 cells"),
    ],
)
def test_what_cannot_be_read_says_what_to_ask_the_learner_for(tmp_path, name, content, why):
    with pytest.raises(CannotGrade, match=re.escape(why)) as caught:
        intake(folder(tmp_path, **{name: content}), MASTER, LIMITS, False)
    assert caught.value.ask.startswith("Please ")


def test_many_copies_and_many_magics_are_read_in_time(tmp_path):
    copies = [code(f"{ANSWERS['double']}\n# {i}") | STUBS["cells"][2] | {"source": f"{ANSWERS['double']}\n# {i}"}
              for i in range(1500)]  # fmt: skip
    magics = "\n".join(["%time 1 + 1"] * 450)
    many = add(right(), 2, *copies, code(magics), code("files = !ls\n%timeit 1\ntotal = 3"))
    read_ = apart(intake, folder(tmp_path, tiny_DOT_ipynb=many), MASTER, LIMITS, False)
    assert len(read_.cells) > 1500 and "double was split or copied (1501 parts)" in " ".join(read_.notes)


def test_a_reading_that_does_not_end_is_stopped_and_one_that_fails_says_why():
    with pytest.raises(TookTooLong):
        apart(lambda: [0 for _ in iter(int, 1)], seconds=0.2)
    with pytest.raises(TookTooLong):
        apart(os._exit, 1)
    with pytest.raises(Failed, match="ZeroDivisionError"):
        apart(lambda: 1 / 0)
    with pytest.raises(CannotGrade) as caught:
        apart(files.cells, b"")
    assert caught.value.ask and apart(sorted, [2, 1]) == [1, 2]


HOSTILE = [
    "[x](JAVASCRIPT&colon;alert(5))", "<a href='javascript:alert(1)'>x</a>", "<img src=x onerror=alert(3)>",
    "`a` [x](javascript:alert(6)) <javascript:alert(7)>", "[x]: javascript:alert(8)\n\n[x]", "<svg onload=alert(1)>",
    "$\\href{javascript:alert(9)}{x}$", "$$\\text{<script>alert(1)</script>}$$",
    "\\(\\href{javascript:alert(2)}{x}\\)",
    f"{prose.INERT}<script>alert(1)</script></div>", "[x](data:text/html,<script>alert(1)</script>)",
    "![x](http://evil/x.png)", "\\[x\\](javascript:alert(1))\n\n    <script>x</script>\n\n```\n<script>y</script>\n```",
]  # fmt: skip
LIVE = re.compile(r"<(script|img|svg|iframe|object|style)\b|\bon\w+=|src=|href=\"(?!https?:|mailto:|#)", re.I)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_lives_in_what_a_learner_wrote_however_often_it_is_read(text):
    import nbformat.v4 as v4
    from nbconvert import HTMLExporter

    assert not [tag for tag in re.findall(r"<[^>]*>", prose.html(text)) if LIVE.search(tag)]
    shown, _ = HTMLExporter(template_name="basic").from_notebook_node(
        v4.new_notebook(cells=[v4.new_markdown_cell(prose.inert(text))])
    )
    tags = re.findall(r"<[^>]*>", shown.partition(prose.INERT)[2])
    assert tags and not [tag for tag in tags if LIVE.search(tag)]


def test_mathematics_is_rendered_and_broken_mathematics_is_shown():
    html = prose.html("With $\\beta > 1$:\n\n$$\\mathrm{KL}(q\\|p) = \\frac{1}{2}$$\n\n$\\begin{broken$")
    assert "<mi>β</mi>" in html and "<mfrac>" in html and 'display="block"' in html and "\\begin{broken" in html


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(notebooks() | objects)
def test_any_json_is_read_or_refused_in_words(found):
    try:
        cells, notes = sanitize(json.dumps(found).encode("utf-8", "surrogatepass"), MASTER)
    except CannotGrade as why:
        assert str(why) and why.ask.startswith("Please ")
        return
    ids = [cell["id"] for cell in cells if cell["id"]]
    assert sorted(ids) == sorted(MASTER.by_id()), "each cell of the assignment, once"
    tests = {cell["id"]: cell["source"] for cell in cells if cell["kind"] == "test"}
    assert tests == {cell.id: cell.tests for cell in MASTER.cells if cell.kind == "test"}
    json.dumps([cells, notes], ensure_ascii=False).encode()
    wrote = {cell["source"] for cell in found["cells"] if isinstance(cell, dict) and cell.get("cell_type") == "markdown"
             and isinstance(cell.get("source"), str)}  # fmt: skip
    shown = "\n".join(cell["source"] for cell in cells)
    lost = [text for text in wrote if text.strip() and text.encode("utf-8", "replace").decode() not in shown]
    assert not [text for text in lost if not set(text.split()) <= set(shown.split())]
