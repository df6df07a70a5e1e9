"""Self-check questions: every file says what it must; what is shown works without a script, and on paper."""

import re
from html.parser import HTMLParser

import pytest

from course_utils.widgets import quiz

NAMES = sorted(path.stem for path in quiz.FOLDER.glob("*.toml"))
HEAD = '[[question]]\nid = "some-one"\nquiz = true\nsection = "Some"\nobjective = 1\nlevel = "apply"\n'
ASK = HEAD + 'ask = "Which?"\n'
RIGHT = '[[question.choice]]\nright = "this"\nbecause = "so"\n'
WRONG = '[[question.choice]]\nwrong = "that"\nbecause = "not so"\nmisconception = "that it is"\n'


def written(folder, text):
    path = folder / "some.toml"
    path.write_text(text, encoding="utf-8")
    return path


class Tags(HTMLParser):
    """The nesting of tags, checked, and the text of each `summary`."""

    def __init__(self, html):
        super().__init__()
        self.open, self.summaries, self.seen = [], [], []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.seen.append((tag, dict(attributes)))
        if tag == "summary":
            self.summaries.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "summary" in self.open:
            self.summaries[-1] += data


@pytest.mark.parametrize("name", NAMES)
def test_a_lecture_has_three_to_six_questions_with_a_reason_for_each_choice(name):
    questions = quiz.ask(name).questions
    assert 3 <= len(questions) <= 6
    reasons = [choice.because for question in questions for choice in question.choices]
    assert len(set(reasons)) == len(reasons) and min(map(len, reasons)) >= 25
    assert len({question.key[0] for question in questions}) > 1, "the right one always stands in the same place"
    longest = sum(max(q.choices, key=lambda c: len(c.text)).right for q in questions)
    assert longest < len(questions), "the right one is always the longest"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_shown_is_whole_works_without_a_script_and_keeps_nothing(name):
    asked = quiz.ask(name)
    tags = Tags(re.sub("<style>.*?</style>", "", asked._repr_html_(), flags=re.S))
    assert not {tag for tag, _ in tags.seen} & {"script", "form", "input", "iframe", "img", "link", "a"}
    assert not any(key.startswith("on") for _, attributes in tags.seen for key in attributes)
    assert "http" not in asked._repr_html_()
    choices = [choice for question in asked.questions for choice in question.choices]
    assert sum(tag == "details" for tag, _ in tags.seen) == len(choices) + 1 == len(tags.summaries)
    assert not any("open" in attributes for _, attributes in tags.seen), "an answer is shown before it is chosen"


def test_the_verdict_stands_with_its_choice(tmp_path):
    question = quiz.load(written(tmp_path, ASK + WRONG + RIGHT))[0]
    html = quiz.Quiz((question,))._repr_html_()
    assert re.search(r"a\) that</summary>.{,40}<b>✗ Not quite.</b> not so</p></details>", html)
    assert re.search(r"b\) this</summary>.{,40}<b>✓ Right.</b> so</p></details>", html)
    assert "<b>1 b)</b> so" in html


def test_on_paper_all_choices_come_before_the_answers():
    text = repr(quiz.ask("03_vae"))
    questions, answers = text.split("Answer 1 ")
    for question in quiz.ask("03_vae").questions:
        for choice in question.choices:
            assert choice.text in " ".join(questions.split())
            assert (choice.because in " ".join(("Answer 1 " + answers).split())) == choice.right


def test_texts_are_escaped_and_code_is_marked(tmp_path):
    text = ASK.replace("Which?", "Is `a < b` & $x > 0$?") + WRONG + RIGHT
    html = quiz.Quiz(quiz.load(written(tmp_path, text)))._repr_html_()
    assert "Is <code>a &lt; b</code> &amp; $x &gt; 0$?" in html


def test_numbers_choose_questions_and_stay():
    assert [question.number for question in quiz.ask("03_vae", 2, 4).questions] == [2, 4]
    assert "<b>2.</b>" in quiz.ask("03_vae", 2)._repr_html_()
    with pytest.raises(ValueError, match=r"03_vae has the questions 1 to 5, not \[0, 9\]"):
        quiz.ask("03_vae", 1, 9, 0)
    with pytest.raises(ValueError, match=r"no questions named '99_none'.*03_vae"):
        quiz.ask("99_none")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ASK + WRONG + WRONG, "question 1 needs two to five choices, exactly one of them right"),
        (ASK + RIGHT + RIGHT, "exactly one of them right"),
        (ASK + RIGHT, "two to five"),
        (ASK + RIGHT + WRONG * 5, "two to five"),
        (ASK + RIGHT + WRONG.replace("not so", " "), "with a reason"),
        (ASK + RIGHT + WRONG.replace("wrong", "false"), "`right` or `wrong`"),
        (ASK + RIGHT + WRONG.replace("because", "reason"), "because"),
        (ASK + RIGHT + WRONG + 'right = "both"\n', "some.toml"),
        (RIGHT + WRONG, "some.toml"),
        ("not toml", "some.toml"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_named(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        quiz.load(written(tmp_path, text))
