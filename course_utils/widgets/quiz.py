"""Self-check questions: open a choice and it says at once whether it is right, and why.

    >>> from course_utils.widgets import quiz
    >>> every_question = quiz.ask("01_definitions")  # of the page of lecture 01: end a cell with it
    >>> two_of_them = quiz.ask("01_definitions", 1, 2)
    >>> len(two_of_them.questions)
    2

A choice is an HTML disclosure (`<details>`): no script, no kernel, no network, nothing kept about the learner. It works
with Tab and Enter or Space, and in a saved or exported notebook too. The questions are those of the bank
(`questions/NAME.toml`) that say `quiz = true`, so that the cell which asks does not give the answer away. On paper the
choices stay closed; a key at the end has the reasons.
"""

import textwrap
from dataclasses import dataclass
from html import escape
from pathlib import Path

from course_utils import questions as bank
from course_utils.questions import FOLDER, Choice
from course_utils.questions.markup import html


@dataclass(frozen=True)
class Question:
    """A question of the page: its number there, its text, and 2 to 5 choices, one of them right."""

    number: int
    text: str
    choices: tuple[Choice, ...]

    @property
    def key(self) -> tuple[str, str]:
        """The right choice: its letter, and why."""
        index = next(index for index, choice in enumerate(self.choices) if choice.right)
        return _letter(index), self.choices[index].because


@dataclass(frozen=True)
class Quiz:
    """Questions that show themselves in a notebook, and as plain text where there is no HTML."""

    questions: tuple[Question, ...]

    def _repr_html_(self) -> str:
        keys = [(question.number, *question.key) for question in self.questions]
        key = "".join(f"<p><b>{number} {letter})</b> {_inline(why)}</p>" for number, letter, why in keys)
        folded = f'<details class="key"><summary>All answers</summary>{key}</details>'
        # The attribute keeps Enter from JupyterLab, which would take it for one of its own shortcuts.
        start = '<section class="self-check" aria-label="Check yourself" data-lm-suppress-shortcuts="true">'
        return f"<style>{STYLE}</style>{start}{''.join(map(_html, self.questions))}{folded}</section>"

    def __repr__(self) -> str:
        lines = ["Check yourself", ""]
        for question in self.questions:
            lines += _wrapped(f"{question.number}. ", question.text)
            for index, choice in enumerate(question.choices):
                lines += _wrapped(f"   {_letter(index)}) ", choice.text)
            lines.append("")
        for question in self.questions:
            letter, why = question.key
            lines += _wrapped(f"Answer {question.number} {letter}) ", why)
        return "\n".join(lines)


def ask(name: str, *numbers: int) -> Quiz:
    """The questions of a lecture, or those whose numbers (from 1) are given. End a cell with it.

    Raises ValueError for an unknown name or number, or a file of questions that is not as `load` wants it.
    """
    questions = load(FOLDER / f"{name}.toml")
    unknown = sorted(set(numbers) - {question.number for question in questions})
    if unknown:
        raise ValueError(f"{name} has the questions 1 to {len(questions)}, not {unknown}.")
    return Quiz(tuple(questions[number - 1] for number in numbers) or questions)


def load(path: Path) -> tuple[Question, ...]:
    """The questions of the page from a file of the bank, numbered in order there; ValueError as `questions.read`."""
    asked = [question for question in bank.read(path) if question.quiz]
    return tuple(Question(number, one.ask, one.choices) for number, one in enumerate(asked, start=1))


def verdict(choice: Choice) -> str:
    """What somebody is told who chose it; the reason follows."""
    return "✓ Right." if choice.right else "✗ Not quite."


def _letter(index: int) -> str:
    return "abcde"[index]


def _inline(text: str) -> str:
    """The bank's text as HTML; $formulas$ are left to the page."""
    return html(text, lambda tex, display: f"$${escape(tex)}$$" if display else f"${escape(tex)}$")


def _html(question: Question) -> str:
    parts = [f'<div role="group"><p><b>{question.number}.</b> {_inline(question.text)}</p>']
    for index, choice in enumerate(question.choices):
        look = "right" if choice.right else "wrong"
        parts.append(f"<details><summary>{_letter(index)}) {_inline(choice.text)}</summary>")
        parts.append(f'<p class="{look}"><b>{verdict(choice)}</b> {_inline(choice.because)}</p></details>')
    return "".join([*parts, "</div>"])


def _wrapped(start: str, text: str) -> list[str]:
    return textwrap.wrap(start + text, 100, subsequent_indent=" " * len(start))


STYLE = """
.self-check { max-width: 46em; line-height: 1.45; }
.self-check div { margin: 0 0 1.2em; break-inside: avoid; }
.self-check details { margin: .25em 0; }
.self-check summary { cursor: pointer; padding: .3em .6em; border: 1px solid #8886; border-radius: 4px; }
.self-check summary:focus-visible { outline: 3px solid #0072B2; }
.self-check details > p { margin: 0 0 .5em .6em; padding: .3em .8em; border-left: 4px solid #D55E00; }
.self-check details > p.right { border-color: #009E73; }
.self-check .key > p { border: none; }
@media print { .self-check .key::details-content { content-visibility: visible; block-size: auto; } }
"""
