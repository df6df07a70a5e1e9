"""Practice: every kind can be answered and judged, what went wrong comes back, the learner's file is never lost."""

import json
import random
from xml.etree import ElementTree

import pytest

from course_utils import questions
from course_utils.questions import KINDS, markup
from course_utils.widgets import answering, practice, progress

DAY = 86400.0


def of_kind(kind):
    return next(question for question in questions.every() if question.kind == kind)


def opened(tmp_path, *asked, count=None, record=None):
    record = record or progress.load(tmp_path / "practice.jsonl")
    return practice.Practice(asked, count or len(asked), record, random.Random(1))


def answer(page, right=True, sure="75 %"):
    """Answer the question that is shown, and leave it at the verdict."""
    field = page.field
    if isinstance(field, answering.ChoicesField):
        for button, choice in zip(field.buttons, field.choices, strict=True):
            button.value = choice.right if right or page.question.kind == "several" else not choice.right
        if page.question.kind == "several" and not right:
            field.buttons[0].value = not field.buttons[0].value
    elif isinstance(field, answering.NumberField):
        field.text.value = str(page.question.value + (0 if right else 2 * page.question.tolerance + 1))
    elif isinstance(field, answering.OrderField):
        field.text.value = " ".join(field.key if right else field.key[::-1]).lower()
    else:
        field.text.value = "Some words."
    next(button for button in page.sure if button.description == sure).value = True
    page.check.click()
    if page.question.kind == "short":
        assert page.question.answer[:20] in "".join(ElementTree.fromstring(f"<p>{page.said.value}</p>").itertext())
        (page.all_said if right else page.missed).click()


def kept(tmp_path):
    return [json.loads(line) for line in (tmp_path / "practice.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_asked_judged_and_kept(tmp_path, kind, right):
    page = opened(tmp_path, of_kind(kind))
    answer(page, right)
    assert ("✓ Right." if right else "✗ Not yet.") in page.said.value
    [entry] = kept(tmp_path)
    assert (entry["id"], entry["right"], entry["sure"]) == (of_kind(kind).id, right, 0.75)
    assert [question.id for question in page.left] == ([] if right else [entry["id"]])


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_and_no_confidence_are_asked_for_and_nothing_is_kept(tmp_path, kind):
    page = opened(tmp_path, of_kind(kind))
    page.check.click()
    first = page.said.value
    assert first and "✓" not in first and "✗" not in first
    page.sure[0].value = True
    page.check.click()
    assert not (tmp_path / "practice.jsonl").exists()


def test_confidence_must_be_stated_and_is_one(tmp_path):
    page = opened(tmp_path, of_kind("numeric"))
    page.field.text.value = str(page.question.value)
    page.check.click()
    assert "how sure" in page.said.value and not (tmp_path / "practice.jsonl").exists()
    page.sure[0].value = page.sure[3].value = True
    assert [button.value for button in page.sure] == [False, False, False, True, False]


@pytest.mark.parametrize("text", ["", "many", "1/2", "nan", "inf", "1,000.5"])
def test_what_is_no_number_is_asked_for_again_or_wrong_never_right(tmp_path, text):
    field = answering.field_for(of_kind("numeric"), random.Random(0))
    field.text.value = text
    try:
        assert not field.right()
    except answering.Unanswered as error:
        assert "Write a number" in str(error)


def test_a_decimal_comma_is_understood():
    field = answering.field_for(of_kind("numeric"), random.Random(0))
    field.text.value = f" {field.question.value} ".replace(".", ",")
    assert field.right()


def test_of_a_single_question_one_choice_is_down():
    field = answering.field_for(of_kind("single"), random.Random(0))
    field.buttons[0].value = True
    field.buttons[1].value = True
    assert [button.value for button in field.buttons][:2] == [False, True]


def test_what_went_wrong_comes_back_after_three_others_and_at_the_end_of_the_round(tmp_path):
    asked = [question for question in questions.every() if question.kind == "single"][:6]
    page = opened(tmp_path, *asked)
    first, seen = page.question.id, []
    answer(page, right=False)
    for _ in range(len(asked)):
        page.next.click()
        seen.append(page.question.id)
        answer(page)
    assert seen.index(first) == 3 and seen.count(first) == 1 and not page.left


def test_shuffled_steps_never_stand_in_the_right_order():
    question = of_kind("order")
    for seed in range(20):
        field = answering.field_for(question, random.Random(seed))
        assert tuple(field.steps) != question.steps
        assert tuple(field.steps["ABCDEFGH".index(letter)] for letter in field.key) == question.steps


def logged(*entries):
    return [progress.Answer(name, right, 0.5, when) for name, right, when in entries]


def test_boxes_rise_with_right_answers_and_fall_to_one_with_a_wrong_one():
    history = logged(*(("a", True, day) for day in range(7)))
    assert [progress.box(history[:n], "a") for n in range(8)] == [0, 2, 3, 4, 5, 5, 5, 5]
    assert progress.box([*history, *logged(("a", False, 9))], "a") == 1
    assert progress.box(history, "b") == 0


def test_a_question_comes_back_after_its_boxs_days_and_wrong_ones_first():
    class Asked:
        def __init__(self, name):
            self.id = name

    now = 100 * DAY
    history = logged(
        ("missed", False, now - 60),
        ("old", True, now - 3 * DAY),
        ("fresh", True, now - DAY / 2),
        ("soon", True, now - 60),
    )
    asked = [Asked(name) for name in ("new", "soon", "fresh", "old", "missed")]
    turns = [question.id for question in progress.queue(asked, history, random.Random(0), now)]
    assert turns == ["missed", "old", "new", "fresh", "soon"]


def test_calibration_and_brier_score_by_hand():
    answers = [progress.Answer("a", right, sure, 0) for sure, right in [(0.9, True), (0.9, False), (0.5, True)]]
    assert progress.calibration(answers) == [(0.5, 1, 1.0), (0.9, 2, 0.5)]
    assert progress.brier(answers) == pytest.approx((0.01 + 0.81 + 0.25) / 3)
    with pytest.raises(ValueError, match="no answers"):
        progress.brier([])


GOOD = b'{"id": "03-a", "right": true, "sure": 0.5, "when": 1.0}\n'


@pytest.mark.parametrize(
    "bad",
    [b"{", b"\xff\xfe\x00", b"[]", b"null", b'{"id": 3, "right": true, "sure": 0.5, "when": 1}', b'{"id": "03-a"}',
     b'{"id": "a", "right": "yes", "sure": 0.5, "when": 1}', b'{"id": "a", "right": true, "sure": 7, "when": 1}',
     b'{"id": "a", "right": true, "sure": 0.5, "when": NaN}', b"[" * 100_000, b"<html>"],
)  # fmt: skip
def test_a_bad_line_costs_itself_alone_and_stays_in_the_file(tmp_path, bad):
    path = tmp_path / "practice.jsonl"
    path.write_bytes(GOOD + bad)  # cut off: no new line at its end
    record = progress.load(path)
    assert [entry.id for entry in record.answers] == ["03-a"] and "1 line " in record.note
    record.add(progress.Answer("03-b", False, 0.9, 2.0))
    assert path.read_bytes().startswith(GOOD + bad + b"\n")
    assert [entry.id for entry in progress.load(path).answers] == ["03-a", "03-b"]


def test_two_pages_write_into_one_file(tmp_path):
    one, two = (progress.load(tmp_path / "practice.jsonl") for _ in range(2))
    one.add(progress.Answer("a", True, 0.5, 1.0))
    two.add(progress.Answer("b", True, 0.5, 2.0))
    one.add(progress.Answer("c", True, 0.5, 3.0))
    assert [entry.id for entry in progress.load(one.path).answers] == ["a", "b", "c"]


def test_where_nothing_can_be_written_practice_goes_on_and_says_so(tmp_path):
    (tmp_path / "folder").mkdir()
    page = opened(tmp_path, of_kind("single"), record=progress.load(tmp_path / "folder"))
    assert "cannot be read" in page.said.value
    answer(page)
    assert "✓ Right." in page.said.value and "not kept" in page.said.value


def test_the_report_stands_at_the_end_and_an_open_question_is_not_lost(tmp_path):
    asked = [question for question in questions.every() if question.kind == "single"][:2]
    page = opened(tmp_path, *asked)
    answer(page, right=False, sure="90 %")
    page.next.click()
    shown = page.question.id
    page.stop.click()
    assert "0 of 1 right" in page.said.value and "0.81" in page.said.value and "90%" in page.said.value
    page.next.click()
    assert page.question.id == shown


def test_what_is_shown_is_well_formed_for_every_question(tmp_path):
    for question in questions.every():
        field = answering.field_for(question, random.Random(0))
        for text in (markup.html(question.ask), field.explanation()):
            ElementTree.fromstring(f"<div>{text}</div>")


def test_a_lecture_without_questions_and_an_empty_round_are_refused(tmp_path):
    with pytest.raises(ValueError, match="There are no questions named '99_none'"):
        practice.session("99_none", keep=tmp_path / "p")
    with pytest.raises(ValueError, match="at least one"):
        practice.session("03_vae", questions=0, keep=tmp_path / "p")
