"""What every export says of a question, in the same words."""

from collections.abc import Callable
from decimal import Decimal
from html import escape

from course_utils.questions import Question
from course_utils.questions.markup import html

COURSE = "Generative models"
Formula = Callable[[str, bool], str]


def prompt(question: Question, formula: Formula | None = None) -> str:
    """What is asked, as HTML: with the code that it is about, and how to answer where that is not plain."""
    code = f"<pre><code>{escape(question.code.strip())}</code></pre>" if question.code else ""
    return f"<div>{html(question.ask, formula)}{code}{_how(question, formula)}</div>"


def _how(question: Question, formula: Formula | None) -> str:
    hint = {
        "several": "Choose all that are right.",
        "order": "Put the steps in order.",
        "numeric": f"Answer in {question.unit}." if question.unit else "",
    }.get(question.kind, "")
    return f"<br/><br/><em>{html(hint, formula)}</em>" if hint else ""


def model_answer(question: Question, formula: Formula | None = None) -> str:
    """Of a short question: the answer as it should be, and what must be said; of the others: why."""
    if question.kind != "short":
        return html(question.because, formula)
    points = "".join(f"<li>{html(point, formula)}</li>" for point in question.points)
    return f"<div>{html(question.answer, formula)}</div>" + (f"<ul>{points}</ul>" if points else "")


def reason(choice: object, formula: Formula | None = None) -> str:
    """Why a choice is right or wrong, and the name of the misconception behind it."""
    name = f" <em>({html(choice.misconception, formula)})</em>" if choice.misconception else ""
    return html(choice.because, formula) + name


def category(question: Question) -> str:
    """Where a question goes in Moodle's bank: course, lecture, section. A slash in a name is doubled."""
    names = (COURSE, question.lecture, " ".join(question.section.split()))
    return "/".join(["$course$", "top", *(name.replace("/", "//") for name in names)])


def number(value: float) -> str:
    """A float as every reader takes it: all of its digits, and no exponent, which not every reader of GIFT knows."""
    return format(Decimal(repr(float(value))), "f")


def fractions(question: Question) -> list[float]:
    """Percent that each choice of a question gives: 100 in all for the right ones, -100 in all for the wrong ones of
    `several`, so that to choose everything gives nothing."""
    right = sum(choice.right for choice in question.choices)
    wrong = len(question.choices) - right
    loss = -100 / wrong if question.kind == "several" and wrong else 0.0
    return [100 / right if choice.right else loss for choice in question.choices]


def percent(fraction: float) -> str:
    """A fraction with the five decimals that Moodle's list of grades has."""
    return f"{fraction:.5f}".rstrip("0").rstrip(".")
