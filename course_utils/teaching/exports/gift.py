"""GIFT: https://docs.moodle.org/en/GIFT_format, read by `question/format/gift/format.php` and by other platforms.

A question is one paragraph, each of its parts one line. GIFT has no type of its own for an order: it becomes a matching
question, each step with its place.
"""

from collections.abc import Sequence
from itertools import groupby

from course_utils.questions import Question
from course_utils.questions.markup import html, tex
from course_utils.teaching.exports import common

_ESCAPES = str.maketrans({mark: f"\\{mark}" for mark in "\\#=~{}:"} | {"\n": "\\n", "\r": None})


def write(questions: Sequence[Question]) -> bytes:
    """A file for *Question bank → Import → GIFT*."""
    parts: list[str] = []
    for category, group in groupby(questions, key=common.category):
        parts += [f"$CATEGORY: {category}", *map(_question, group)]
    return ("\n\n".join(parts) + "\n").encode()


def escape(text: str) -> str:
    r"""Text in which no character is a mark of GIFT's; a new line is written `\n`."""
    return text.translate(_ESCAPES)


def _html(text: str) -> str:
    return f"[html]{escape(text)}"


def _question(question: Question) -> str:
    tags = "".join(f" [tag:{tag}]" for tag in (question.lecture, question.level, f"objective {question.objective}"))
    start = f"// [id:{question.id}]{tags}\n::{escape(question.id)}::{_html(common.prompt(question, tex))}"
    parts = {"numeric": _numeric, "order": _order, "short": _short}.get(question.kind, _choices)(question)
    return f"{start}{{{parts}}}"


def _choices(question: Question) -> str:
    lines = []
    for choice, fraction in zip(question.choices, common.fractions(question), strict=True):
        mark = "=" if question.kind == "single" and choice.right else f"~%{common.percent(fraction)}%"
        mark = "~" if fraction == 0 else mark
        lines.append(f"\t{mark}{_html(html(choice.text, tex))}#{_html(common.reason(choice, tex))}")
    return "\n" + "\n".join(lines) + "\n"


def _numeric(question: Question) -> str:
    return f"#{common.number(question.value)}:{common.number(question.tolerance)}{_general(question)}"


def _order(question: Question) -> str:
    lines = [f"\t={_html(html(step, tex))} -> {place}" for place, step in enumerate(question.steps, start=1)]
    return "\n" + "\n".join(lines) + f"\n{_general(question)}"


def _short(question: Question) -> str:
    return _general(question)


def _general(question: Question) -> str:
    feedback = common.model_answer(question, tex)
    return f"####{_html(feedback)}" if feedback else ""
