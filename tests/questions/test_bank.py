"""The question bank: read strictly, tied to the pages, its keys computed and not to be guessed from their looks."""

import re
from collections import Counter
from pathlib import Path

import pytest

from course_utils import questions

LECTURES = Path(__file__).parents[2] / "lectures"
PAGES = sorted(path.stem for path in LECTURES.glob("[0-9]*.py"))
NAMES = questions.names()
BANK = questions.every()
LEAST = 8  # questions a lecture

HEAD = {"id": '"04-some"', "section": '"The game"', "objective": "1", "level": '"apply"', "ask": '"Which?"'}
RIGHT = '[[question.choice]]\nright = "this"\nbecause = "so"\n'
WRONG = '[[question.choice]]\nwrong = "that"\nbecause = "not so"\nmisconception = "that it is"\n'
OTHER = WRONG.replace("that", "it")


def entry(body="", **changes):
    """One question as TOML; a change of None leaves the field out."""
    fields = {name: value for name, value in (HEAD | changes).items() if value is not None}
    return "[[question]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items()) + body


def read(folder, text, page=None):
    path = folder / "04_some.toml"
    path.write_text(text, encoding="utf-8")
    return questions.read(path, page)


NUMERIC = {"kind": '"numeric"', "tolerance": "0.01", "because": '"so"'}
ORDER = {"kind": '"order"', "steps": '["a", "b", "c"]', "because": '"so"'}
SHORT = {"kind": '"short"', "answer": '"It is so."', "points": '["so"]'}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (entry(WRONG + RIGHT, level='"hard"'), "level 'hard'; choose one of remember"),
        (entry(WRONG + RIGHT, kind='"multiple"'), "kind 'multiple'; choose one of single"),
        (entry(WRONG + RIGHT, id='"Some"'), "needs an id such as 04-what-it-asks"),
        (entry(WRONG + RIGHT, id='"05-some"'), "needs an id such as 04-what-it-asks"),
        (entry(WRONG + RIGHT, points="3"), "unknown fields `points`"),
        (entry(WRONG + RIGHT, objective='"2"'), "wrong type"),
        (entry(WRONG + RIGHT, objective="true"), "wrong type"),
        (entry(WRONG + RIGHT, ask='" "'), "empty `ask`"),
        (entry(WRONG + RIGHT, section=None), "lacks `section`"),
        (entry(WRONG + RIGHT) * 2, "question 2 has the id of an earlier one"),
        (entry(RIGHT + RIGHT.replace("this", "both")), "exactly one of them right"),
        (entry(WRONG + OTHER), "exactly one of them right"),
        (entry(RIGHT + WRONG + WRONG), "same choice twice"),
        (entry(RIGHT + WRONG.replace('because = "not so"\n', "")), "lacks `because`.*with a reason"),
        (entry(RIGHT + WRONG.replace('"not so"', '""')), "empty `because`"),
        (entry(RIGHT + WRONG.replace('misconception = "that it is"\n', "")), "lacks `misconception`"),
        (entry(RIGHT + 'misconception = "none"\n' + WRONG), "unknown fields `misconception`"),
        (entry(RIGHT + WRONG.replace("wrong", "false")), "not one of `right` or `wrong`"),
        (entry(RIGHT + RIGHT.replace("this", "both") + OTHER, quiz="true", kind='"several"'), "only `single` is"),
        (entry(RIGHT + WRONG, kind='"several"'), "three to six choices"),
        (entry(WRONG + OTHER + WRONG.replace("that", "x"), kind='"several"'), "some of them right and some wrong"),
        (entry(**NUMERIC), "either `compute` or `code`"),
        (entry(**NUMERIC, compute='"1"', code='"print(1)"'), "either `compute` or `code`"),
        (entry(**NUMERIC | {"tolerance": "-1"}, compute='"1"'), "tolerance of 0 or more"),
        (entry(**NUMERIC | {"because": None}, compute='"1"'), "lacks `because`"),
        (entry(**NUMERIC, value="3.0"), "unknown fields `value`"),
        (entry(**ORDER | {"steps": '["a", "b", "a"]'}), "three to eight `steps`, all different"),
        (entry(**ORDER | {"steps": '["a", "b", ""]'}), "texts in `steps`"),
        (entry(**SHORT | {"points": "[]"}), "empty `points`"),
        (entry(**SHORT | {"answer": None}), "lacks `answer`"),
        (entry(WRONG + RIGHT) + "[other]\n", "nothing else"),
        ("question = 3", "nothing else"),
        ("question = [3]", "must be a table"),
        ("not toml", "not TOML"),
    ],
)
def test_what_is_not_as_it_must_be_is_named_with_its_file(tmp_path, text, message):
    with pytest.raises(ValueError, match=rf"(?s)04_some\.toml.*{message}"):
        read(tmp_path, text)


def test_the_five_kinds_are_read_as_they_are_written(tmp_path):
    several = entry(RIGHT + WRONG + OTHER, kind='"several"', id='"04-b"')
    numeric = entry(id='"04-c"', **NUMERIC, compute='"math.log(2)"', unit='"nats"')
    code = entry(id='"04-f"', **NUMERIC, code='"print(6 * 7)"')
    kinds = [several, numeric, entry(id='"04-d"', **ORDER), entry(id='"04-e"', **SHORT), code]
    one, two, three, four, five, six = read(tmp_path, entry(WRONG + RIGHT, quiz="true") + "".join(kinds))
    assert (one.kind, one.quiz, one.right, one.lecture) == ("single", True, (1,), "04_some")
    assert one.choices[0] == questions.Choice("that", False, "not so", "that it is")
    assert (two.right, two.quiz, four.steps, five.points) == ((0,), False, ("a", "b", "c"), ("so",))
    assert three.accepts(0.6931) and three.accepts(0.70) and not three.accepts(0.71) and three.unit == "nats"
    assert six.value == 42
    with pytest.raises(ValueError, match="only a numeric question has a value"):
        _ = five.value


def test_a_section_or_an_objective_that_the_page_lacks_is_named(tmp_path):
    page = questions.Page("04_some", ("The game",), ("The game",), ("play",))
    assert read(tmp_path, entry(WRONG + RIGHT), page)
    with pytest.raises(ValueError, match=r"question 1 names the section 'The match'; 04_some has: The game"):
        read(tmp_path, entry(WRONG + RIGHT, section='"The match"'), page)
    with pytest.raises(ValueError, match="names objective 2; 04_some has 1 to 1"):
        read(tmp_path, entry(WRONG + RIGHT, objective="2"), page)


def test_the_recipe_of_a_question_is_read(tmp_path):
    (recipe,) = re.findall(r"```toml\n(.*?)```", (LECTURES.parent / "CONTRIBUTING.md").read_text(), re.DOTALL)
    path = tmp_path / "03_vae.toml"
    path.write_text(recipe, encoding="utf-8")
    (question,) = questions.read(path, questions.page_of(LECTURES / "03_vae.py"))
    named = {choice.misconception for one in BANK for choice in one.choices}
    assert question.quiz and {choice.misconception for choice in question.choices if not choice.right} <= named


def test_a_page_without_objectives_is_refused(tmp_path):
    path = tmp_path / "04_some.py"
    path.write_text("# ## 1 · The game (3 min)\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"04_some\.py has no list"):
        questions.page_of(path)


def test_every_lecture_has_its_file_and_every_file_its_lecture():
    assert len(PAGES) >= 13 and list(NAMES) == PAGES
    assert len({question.id for question in BANK}) == len(BANK) >= 120


@pytest.mark.parametrize("name", NAMES)
def test_a_lecture_has_questions_on_each_section_of_its_core_and_on_each_objective(name):
    page, asked = questions.page_of(LECTURES / f"{name}.py"), questions.load(name)
    assert len(page.objectives) >= 3 and len(page.core) >= 5 and len(asked) >= LEAST
    assert questions.read(questions.FOLDER / f"{name}.toml", page) == asked
    assert set(page.core) <= {question.section for question in asked}
    assert {question.objective for question in asked} == set(range(1, len(page.objectives) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_all_five_kinds_are_used(name):
    assert {question.kind for question in questions.load(name)} == set(questions.KINDS)


@pytest.mark.parametrize("question", [q for q in BANK if q.choices], ids=lambda q: q.id)
def test_each_choice_has_a_reason_of_its_own(question):
    reasons = [choice.because for choice in question.choices]
    assert len(set(reasons)) == len(reasons) and min(map(len, reasons)) >= 25
    assert all(choice.right or len(choice.misconception) >= 10 for choice in question.choices)


@pytest.mark.parametrize("question", [q for q in BANK if q.kind == "numeric"], ids=lambda q: q.id)
def test_a_numeric_answer_is_computed_and_cannot_be_read_off(question):
    value = question.value
    assert value == question.value, "its code draws without a seed"
    assert question.accepts(value) and question.accepts(float(f"{value:.12g}"))
    assert not question.accepts(value + 2 * question.tolerance + 1e-6)
    assert question.tolerance <= max(0.06 * abs(value), 0.02), "the tolerance lets other answers through"
    assert question.unit != "%" or "percent" in question.ask


def test_the_right_choice_cannot_be_guessed_from_its_looks():
    single = [question for question in BANK if question.kind == "single"]
    places = Counter(question.right[0] for question in single)
    longest = sum(max(question.choices, key=lambda choice: len(choice.text)).right for question in single)
    by_chance = sum(1 / len(question.choices) for question in single)
    assert max(places.values()) < len(single) / 2, places
    assert longest < 1.2 * by_chance, (longest, by_chance)


def test_no_level_is_empty_and_most_ask_for_more_than_recall():
    levels = Counter(question.level for question in BANK)
    assert set(levels) == set(questions.LEVELS)
    assert sum(levels[level] for level in questions.LEVELS[2:]) >= 0.7 * len(BANK), levels


@pytest.mark.parametrize("question", [q for q in BANK if q.kind == "order"], ids=lambda q: q.id)
def test_the_order_of_steps_is_not_that_of_the_alphabet_or_of_length(question):
    assert list(question.steps) != sorted(question.steps)
    assert list(question.steps) != sorted(question.steps, key=len)


@pytest.mark.parametrize("question", [q for q in BANK if q.kind == "short"], ids=lambda q: q.id)
def test_a_model_answer_is_short_and_says_at_least_two_points(question):
    assert 20 <= len(question.answer.split()) <= 110
    assert len(question.points) >= 2


def test_a_misconception_is_a_phrase_and_no_two_names_differ_by_their_spelling_alone():
    found = {choice.misconception for question in BANK for choice in question.choices if not choice.right}
    assert not [name for name in found if name.endswith(".")]
    assert len({"".join(filter(str.isalnum, name.lower())) for name in found}) == len(found)
