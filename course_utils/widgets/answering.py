"""Fields for an answer, one class a kind of question: each shows itself, is read, and says whether it is right.

All of them work with Tab, Space and letters alone.
"""

import random
from collections.abc import Sequence

import ipywidgets as widgets

from course_utils.questions import Choice, Question
from course_utils.questions.markup import html

LETTERS = "ABCDEFGH"


class Unanswered(ValueError):
    """What is in the field is no answer yet; the message says what to do."""


def field_for(question: Question, rng: random.Random) -> "Field":
    """The field for a question, its choices or steps shuffled."""
    kinds = {"numeric": NumberField, "order": OrderField, "short": WordsField}
    return kinds.get(question.kind, ChoicesField)(question, rng)


class Field(widgets.VBox):
    """What the kinds have in common."""

    def __init__(self, question: Question, children: Sequence[widgets.Widget], first: widgets.DOMWidget) -> None:
        self.question, self.first = question, first
        super().__init__(children)

    def right(self) -> bool:
        """Whether the answer is right; raises Unanswered if there is none."""
        raise NotImplementedError

    def explanation(self) -> str:
        """HTML: the right answer, and why."""
        return html(self.question.because)

    def lock(self) -> None:
        """No further changes."""
        for child in _controls(self):
            child.disabled = True


class ChoicesField(Field):
    """A button a choice; of `single` questions at most one is down."""

    def __init__(self, question: Question, rng: random.Random) -> None:
        self.choices = rng.sample(question.choices, len(question.choices))
        self.buttons = [_button(letter, choice.text) for letter, choice in zip(LETTERS, self.choices, strict=False)]
        pairs = zip(self.buttons, self.choices, strict=True)
        super().__init__(question, [_row(button, choice.text) for button, choice in pairs], self.buttons[0])
        for button in self.buttons:
            button.observe(self._alone, "value")

    def _alone(self, change: dict) -> None:
        if self.question.kind == "single" and change["new"]:
            for button in self.buttons:
                button.value = button is change["owner"]

    def right(self) -> bool:
        if not any(button.value for button in self.buttons):
            raise Unanswered("Choose an answer first: Tab goes to it, Space takes it.")
        return all(button.value == choice.right for button, choice in zip(self.buttons, self.choices, strict=True))

    def explanation(self) -> str:
        return "".join(_explained(letter, c) for letter, c in zip(LETTERS, self.choices, strict=False))


class NumberField(Field):
    """A number, with a decimal point or comma."""

    def __init__(self, question: Question, rng: random.Random) -> None:
        self.text = widgets.Text(placeholder="a number, such as 0.5", layout={"width": "220px"})
        super().__init__(question, [widgets.HBox([self.text, widgets.Label(question.unit)])], self.text)

    def right(self) -> bool:
        try:
            return self.question.accepts(float(self.text.value.strip().replace(",", ".")))
        except ValueError:
            raise Unanswered("Write a number, such as 0.5, -3 or 2e-4.") from None

    def explanation(self) -> str:
        question = self.question
        return (
            f"<b>{question.value:.5g} {html(question.unit)}</b> (± {question.tolerance:.3g}). {super().explanation()}"
        )


class OrderField(Field):
    """Lettered steps, and a field for the letters in the right order."""

    def __init__(self, question: Question, rng: random.Random) -> None:
        self.steps = list(question.steps)
        while self.steps == list(question.steps):
            rng.shuffle(self.steps)
        lettered = zip(LETTERS, self.steps, strict=False)
        rows = [widgets.HTML(f"<b>{letter}</b>&emsp;{html(step)}") for letter, step in lettered]
        self.text = widgets.Text(placeholder="the letters in order", layout={"width": "220px"})
        super().__init__(question, [*rows, self.text], self.text)

    @property
    def key(self) -> str:
        return "".join(LETTERS[self.steps.index(step)] for step in self.question.steps)

    def right(self) -> bool:
        given = "".join(letter for letter in self.text.value.upper() if letter.isalpha())
        if sorted(given) != sorted(self.key):
            raise Unanswered(f"Write each of the letters {', '.join(sorted(self.key))} once, first step first.")
        return given == self.key

    def explanation(self) -> str:
        return f"<b>{' '.join(self.key)}</b>. {super().explanation()}"


class WordsField(Field):
    """An answer in words, which the learner grades by the model answer."""

    def __init__(self, question: Question, rng: random.Random) -> None:
        self.text = widgets.Textarea(placeholder="two to four sentences", rows=5, layout={"width": "560px"})
        super().__init__(question, [self.text], self.text)

    def right(self) -> bool:
        if not self.text.value.strip():
            raise Unanswered("Write a sentence first; then compare it with the model answer.")
        return False  # until the learner has compared

    def explanation(self) -> str:
        points = "".join(f"<li>{html(point)}</li>" for point in self.question.points)
        return f"{html(self.question.answer)}<p>What must be said:</p><ul>{points}</ul>"


def _button(letter: str, text: str) -> widgets.ToggleButton:
    return widgets.ToggleButton(description=letter, tooltip=text, layout={"width": "44px", "flex": "0 0 auto"})


def _row(button: widgets.ToggleButton, text: str) -> widgets.HBox:
    return widgets.HBox([button, widgets.HTML(html(text))], layout={"align_items": "flex-start"})


def _explained(letter: str, choice: Choice) -> str:
    mark, name = ("✓" if choice.right else "✗"), ""
    if choice.misconception:
        name = f" <em>({html(choice.misconception)})</em>"
    return f"<p>{mark} <b>{letter}</b> {html(choice.because)}{name}</p>"


def _controls(root: widgets.Widget) -> list[widgets.Widget]:
    below = [found for child in getattr(root, "children", ()) for found in _controls(child)]
    return [*below, *([root] if hasattr(root, "disabled") else [])]
