"""Exports of the question bank: what is written, read back by readers of their own, has the same texts and keys.

Whatever characters the texts hold. The readers stand in `tests/support/read_back.py`.
"""

import dataclasses
import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
import qti_structure
import read_back
from hostile_questions import CODE, questions
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.questions import KINDS, Choice, Question, every
from course_utils.teaching.exports import gift, moodle, package, qti

HINTS = {"several": "Choose all that are right.", "order": "Put the steps in order."}
KIND = {  # what each format calls a kind
    "moodle": {"numeric": "numerical", "order": "ordering", "short": "essay"},
    "gift": {"numeric": "numerical", "order": "match", "short": "essay"},
    "qti": {"numeric": "textEntryInteraction", "order": "orderInteraction", "short": "extendedTextInteraction"},
}
ID = {"moodle": "03-some-question", "gift": "03-some-question", "qti": "q-03-some-question"}
TRIES = settings(max_examples=20, deadline=None)


def written_and_read(form, question):
    if form == "qti":
        return read_back.qti(qti.item(question))
    [seen] = {"moodle": read_back.moodle, "gift": read_back.gift}[form](
        {"moodle": moodle.write, "gift": gift.write}[form]([question])
    )
    return seen


def visible(html, form):
    """What a reader sees: words with single spaces, code as it is; of a formula its TeX, or that it is one."""
    return _merged(read_back.Parts(html).found, form)


def expected(text, form, hint=""):
    return _merged(
        [
            *((part.kind, f" {part.text} " if part.kind == "words" else part.text) for part in text.parts),
            ("words", f" {hint}"),
        ],
        form,
    )


def _merged(parts, form):
    merged = []
    for kind, text in parts:
        text = "" if kind == "formula" and form == "qti" else text
        if kind == "words" and merged and merged[-1][0] == "words":
            merged[-1] = ("words", merged[-1][1] + text)
        else:
            merged.append((kind, text))
    spaced = [(kind, "".join(text.split()) if kind == "words" else text) for kind, text in merged]
    return [part for part in spaced if part != ("words", "")]


@pytest.mark.parametrize("form", KIND)
@pytest.mark.parametrize("kind", ["single", "several"])
@given(data=st.data())
@TRIES
def test_choices_come_back_with_their_keys_and_reasons(form, kind, data):
    question, texts = data.draw(questions(kind))
    seen = written_and_read(form, question)
    assert (seen.id, seen.kind) == (ID[form], kind)
    assert visible(seen.ask, form) == expected(texts["ask"], form, HINTS.get(kind, ""))
    wanted = [expected(texts["option", index], form) for index in range(len(question.choices))]
    assert [visible(option, form) for option in seen.options] == wanted
    wanted = [expected(texts["because", index], form) for index in range(len(question.choices))]
    assert [visible(reason, form) for reason in seen.reasons] == wanted
    assert [share > 0 for share in seen.shares] == [choice.right for choice in question.choices]
    whole = 1 if form == "qti" else 100
    assert sum(share for share in seen.shares if share > 0) == pytest.approx(whole, abs=1e-4)


@pytest.mark.parametrize("form", KIND)
@given(data=st.data())
@TRIES
def test_numbers_come_back_with_their_tolerance(form, data):
    question, texts = data.draw(questions("numeric"))
    seen = written_and_read(form, question)
    assert seen.kind == KIND[form]["numeric"] and seen.value == question.value
    assert visible(seen.general, form) == expected(texts["because"], form)
    if form == "qti":
        root = ElementTree.fromstring(qti.item(question))
        assert read_back.score(root, [repr(question.value)]) == 1
        assert read_back.score(root, [repr(question.value + 1.01 * question.tolerance + 1e-6)]) == 0
        assert read_back.score(root, [repr(question.value - 0.99 * question.tolerance)]) == 1
    else:
        assert seen.tolerance == question.tolerance


@pytest.mark.parametrize("form", KIND)
@given(data=st.data())
@TRIES
def test_steps_come_back_in_their_order(form, data):
    question, texts = data.draw(questions("order"))
    seen = written_and_read(form, question)
    assert seen.kind == KIND[form]["order"]
    assert visible(seen.ask, form) == expected(texts["ask"], form, HINTS["order"])
    wanted = [expected(texts["option", index], form) for index in range(len(question.steps))]
    assert [visible(step, form) for step in seen.options] == wanted
    assert visible(seen.general, form) == expected(texts["because"], form)


@pytest.mark.parametrize("form", KIND)
@given(data=st.data())
@TRIES
def test_a_model_answer_comes_back_with_all_that_must_be_said(form, data):
    question, texts = data.draw(questions("short"))
    seen = written_and_read(form, question)
    assert seen.kind == KIND[form]["short"]
    said = [texts["answer"], *(texts["option", index] for index in range(len(question.points)))]
    together = dataclasses.replace(texts["answer"], parts=tuple(part for text in said for part in text.parts))
    assert visible(seen.general, form) == expected(together, form)


@given(code=CODE)
def test_code_keeps_its_lines_and_indentation(code):
    question = dataclasses.replace(number(), ask="What is printed?", code=code, compute="1")
    for form in KIND:
        assert ("code", code.strip()) in read_back.Parts(written_and_read(form, question).ask).found


def number(**changes):
    about = {"id": "03-some-question", "lecture": "03_vae", "kind": "numeric", "quiz": False, "section": "The gap"}
    about |= {
        "objective": 1,
        "level": "apply",
        "ask": "How much?",
        "compute": "0.3",
        "tolerance": 0.1,
        "because": "So.",
    }
    return Question(**about | changes)


@pytest.mark.parametrize("value", ["1e-9", "-2.5e-12", "1.5e16", "3"])
def test_a_number_is_written_without_an_exponent(value):
    asked = [number(compute=value, tolerance=1e-7)]
    for content in (moodle.write(asked), gift.write(asked), qti.item(asked[0])):
        assert not re.search(rb"\d[eE][+-]?\d", content)


def test_a_tolerance_ends_where_it_says():
    root = ElementTree.fromstring(qti.item(number(compute="0.3", tolerance=0.1)))
    given = ["0.4", "0.2", "0.4000001", "0.1999999"]
    assert [read_back.score(root, [response]) for response in given] == [1, 1, 0, 0]


def several():
    texts = {"one": True, "two": True, "three": False, "four": False, "five": False}
    choices = tuple(Choice(text, right, "So.", "" if right else "three is prime") for text, right in texts.items())
    return number(kind="several", compute="", choices=choices)


def test_to_choose_everything_or_nothing_gives_nothing_and_each_right_choice_its_share():
    root = ElementTree.fromstring(qti.item(several()))
    name = "choice_{}".format
    assert read_back.score(root, [name(1), name(2)]) == pytest.approx(1)
    assert read_back.score(root, [name(1)]) == pytest.approx(1 / 2)
    assert read_back.score(root, [name(1), name(2), name(3)]) == pytest.approx(2 / 3)
    assert read_back.score(root, [name(i) for i in range(1, 6)]) == read_back.score(root, []) == 0
    [seen] = read_back.moodle(moodle.write([several()]))
    assert seen.shares == [50, 50, -33.33333, -33.33333, -33.33333], "fractions that Moodle's list has"


def test_a_misconception_is_named_to_who_has_it():
    for form in KIND:
        assert ["three is prime" in reason for reason in written_and_read(form, several()).reasons] == [False] * 2 + [
            True
        ] * 3


def test_an_order_is_right_only_as_a_whole():
    question = number(kind="order", compute="", steps=("a", "b", "c"))
    root = ElementTree.fromstring(qti.item(question))
    names = ["step_1", "step_2", "step_3"]
    assert read_back.score(root, names) == 1 and read_back.score(root, names[::-1]) == 0
    shown = [choice.get("identifier") for choice in root.iter(f"{read_back.QTI}simpleChoice")]
    assert sorted(shown) == names != shown, "the right order would be the one that is shown"


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@TRIES
def test_an_item_has_the_structure_of_the_specification(kind, data):
    question, _ = data.draw(questions(kind))
    qti_structure.check(ElementTree.fromstring(qti.item(question)))


@given(data=st.data())
def test_what_xml_forbids_is_replaced(data):
    text = "a\x00b\x1b\ufffe" + data.draw(st.text())
    question = number(ask=text.replace("\ud800", ""), because="\x07")
    for form in KIND:
        assert written_and_read(form, question).ask


def test_categories_are_lecture_and_section_with_slashes_doubled():
    asked = [number(section="A/B testing"), number(id="03-other", section="The gap")]
    for seen in (read_back.moodle(moodle.write(asked)), read_back.gift(gift.write(asked))):
        names = [one.category for one in seen]
        assert names == [f"$course$/top/Generative models/03_vae/{name}" for name in ("A//B testing", "The gap")]


def archive(questions, **options):
    return zipfile.ZipFile(io.BytesIO(package.write(questions, **options)))


@pytest.mark.parametrize("canvas", [False, True])
def test_a_package_has_what_its_manifest_names_and_nothing_else(canvas):
    asked = [number(), number(id="03-other", kind="order", steps=("a", "b", "c")), several_named("04-x", "04_gan")]
    files = archive(asked, canvas=canvas)
    manifest = ElementTree.fromstring(files.read("imsmanifest.xml"))
    resources = manifest.findall(f".//{qti_structure.CP}resource")
    assert {r.get("href") for r in resources} == set(files.namelist()) - {"imsmanifest.xml"}
    assert all(r.get("href") == r.find(f"{qti_structure.CP}file").get("href") for r in resources)
    ids = {r.get("identifier") for r in resources}
    assert len(ids) == len(resources)
    depended = [d.get("identifierref") for d in manifest.iter(f"{qti_structure.CP}dependency")]
    assert sorted(depended) == sorted(ids - {r.get("identifier") for r in resources if "test" in r.get("type")})
    qti_structure.check_manifest(manifest, canvas=canvas)
    for name in files.namelist():
        if name.startswith("tests/"):
            test = ElementTree.fromstring(files.read(name))
            qti_structure.check(test)
            refs = list(test.iter(f"{read_back.QTI}assessmentItemRef"))
            for ref in refs:
                item = ElementTree.fromstring(files.read("items/" + ref.get("href").rpartition("/")[2]))
                assert item.get("identifier") == ref.get("identifier"), "Canvas finds a test's questions by this"


def several_named(name, lecture):
    return dataclasses.replace(several(), id=name, lecture=lecture)


def test_canvas_is_told_what_it_cannot_guess():
    manifest = archive([number(), number(id="03-other", kind="order", steps=("a", "b", "c"))], canvas=True).read(
        "imsmanifest.xml"
    )
    resources = ElementTree.fromstring(manifest).findall(f".//{qti_structure.CP}resource")
    said = [
        [
            r.findtext(f".//{qti_structure.CP}interactionType"),
            *(f.get("value") for f in r.iter(f"{qti_structure.CP}instructureField")),
        ]
        for r in resources
    ]
    assert said == [[None], ["extendedTextInteraction", "numerical_question"], ["orderInteraction"]]


def test_a_formula_that_is_none_is_shown_as_it_was_written():
    [seen] = read_back.Parts(read_back.qti(qti.item(number(ask="$x{%y$"))).ask).found
    assert seen == ("code", "x{%y")


def test_formulas_keep_their_namespace_without_a_prefix():
    item = qti.item(number(ask="Is $x < 3$?")).decode()
    assert re.search(r'<math [^>]*xmlns="http://www.w3.org/1998/Math/MathML">', item) and "ns0:" not in item


def test_a_package_is_the_same_each_time_and_refuses_two_of_one_id():
    assert package.write([number()]) == package.write([number()])
    with pytest.raises(ValueError, match=r"Two questions have the same id.*03-some-question"):
        package.write([number(), number()])


@pytest.mark.parametrize("form", KIND)
def test_every_question_of_the_bank_comes_back_with_its_key(form):
    for question in every():
        seen = written_and_read(form, question)
        assert seen.id.removeprefix("q-") == question.id
        if question.choices:
            assert [share > 0 for share in seen.shares] == [choice.right for choice in question.choices]
        if question.kind == "numeric":
            assert seen.value == question.value
        if question.kind == "order":
            assert len(seen.options) == len(question.steps)
        if form == "qti":
            qti_structure.check(ElementTree.fromstring(qti.item(question)))
