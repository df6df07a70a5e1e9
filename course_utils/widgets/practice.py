"""Practice with the question bank: question, answer, confidence, reason; what went wrong comes back sooner.

    >>> from course_utils.widgets import practice
    >>> page = practice.session("03_vae", questions=5, keep="practice.jsonl")  # end a cell with it

The schedule is Leitner's (`progress.box`), what was answered is kept in a file of the learner's (`progress.Log`), and
*How well do I know what I know?* sets confidence against what was right. Everything works with the keyboard.
"""

import random
import time
from collections.abc import Sequence
from html import escape
from pathlib import Path

import ipywidgets as widgets

from course_utils import questions as bank
from course_utils.questions import Question
from course_utils.questions.markup import html
from course_utils.widgets import answering, progress

SURE = {"a guess": 0.25, "50 %": 0.5, "75 %": 0.75, "90 %": 0.9, "99 %": 0.99}
_HINTS = {"several": "<em>Choose all that are right.</em>", "order": "<em>Write the letters in order.</em>"}
AGAIN = 3  # questions until one that went wrong is asked again


def session(
    *lectures: str, questions: int = 10, keep: str | Path = "practice.jsonl", seed: int | None = None
) -> "Practice":
    """A round of so many questions of these lectures, or of all. ValueError for a lecture that has none."""
    if questions < 1:
        raise ValueError(f"questions={questions}: ask for at least one.")
    chosen = [question for name in lectures or bank.names() for question in bank.load(name)]
    return Practice(chosen, questions, progress.load(keep), random.Random(seed))


class Practice(widgets.VBox):
    """A round: the questions whose turn it is, then those again that went wrong, and at the end the calibration."""

    def __init__(self, questions: Sequence[Question], count: int, record: progress.Log, rng: random.Random) -> None:
        self.record, self.rng, self.round = record, rng, []
        self.left = progress.queue(questions, record.answers, rng)[:count]
        self.head, self.ask, self.said = (widgets.HTML() for _ in range(3))
        self.room = widgets.VBox()
        self.sure = [widgets.ToggleButton(description=name, layout={"width": "80px"}) for name in SURE]
        self.check = _button("Check", self._check, "primary")
        self.all_said = _button("I said all of it", lambda: self._compared(True))
        self.missed = _button("Something was missing", lambda: self._compared(False))
        self.next = _button("Next question", self._next, "primary")
        self.stop = _button("How well do I know what I know?", self._finish)
        confidence = widgets.HBox([widgets.Label("How sure are you?"), *self.sure], layout={"flex_flow": "row wrap"})
        buttons = widgets.HBox(
            [self.check, self.all_said, self.missed, self.next, self.stop], layout={"flex_flow": "row wrap"}
        )
        self.confidence = confidence
        super().__init__([self.head, self.ask, self.room, confidence, buttons, self.said], layout={"max_width": "46em"})
        for button in self.sure:
            button.observe(self._one_sure, "value")
        self._show_next()

    def _show_next(self) -> None:
        if not self.left:
            self._finish()
            return
        self.question = self.left.pop(0)
        self.field = answering.field_for(self.question, self.rng)
        self.head.value = self._heading()
        kind = self.question.kind
        code = f"<pre><code>{escape(self.question.code.strip())}</code></pre>" if self.question.code else ""
        self.ask.value = f"<div style='font-size: 110%'>{html(self.question.ask)}{code} {_HINTS.get(kind, '')}</div>"
        self.room.children, self.said.value = [self.field], self._note()
        for button in self.sure:
            button.value, button.disabled = False, False
        self._only(self.check)

    def _next(self) -> None:
        self._show_next()
        self.field.first.focus() if self.check.layout.display != "none" else None

    def _check(self) -> None:
        try:
            right = self.field.right()
            sure = self._stated()
        except answering.Unanswered as error:
            self.said.value = _box(str(error), "#0072B2")
            return
        self.field.lock()
        for button in self.sure:
            button.disabled = True
        if self.question.kind == "short":
            self.said.value = _box(f"<b>A model answer.</b> {self.field.explanation()}", "#0072B2")
            self._only(self.all_said, self.missed)
            self.all_said.focus()
        else:
            self._keep(right, sure)

    def _compared(self, right: bool) -> None:
        self._keep(right, self._stated())

    def _keep(self, right: bool, sure: float) -> None:
        answer = progress.Answer(self.question.id, right, sure, time.time())
        self.record.add(answer)
        self.round.append(answer)
        if not right:
            self.left.insert(AGAIN, self.question)
        verdict = "✓ Right." if right else "✗ Not yet. It comes back in this round."
        why = self.field.explanation()
        self.said.value = _box(f"<b>{verdict}</b> {why}", "#009E73" if right else "#D55E00") + self._note()
        self._only(self.next)
        self.next.focus()

    def _finish(self) -> None:
        self.head.value, self.ask.value, self.room.children = "<h3>How well do I know what I know?</h3>", "", []
        more = [self.next] if self.left or self._open() else []
        if self._open():
            self.left.insert(0, self.question)
        self.said.value = report(self.round, self.record.answers) + self._note()
        self._only(*more, stop=False)

    def _open(self) -> bool:
        """Whether a question is shown that is not answered yet."""
        return self.check.layout.display != "none" or self.all_said.layout.display != "none"

    def _heading(self) -> str:
        place = f"{escape(self.question.lecture)}, {html(self.question.section)}"
        box = progress.box(self.record.answers, self.question.id)
        state = f"box {box} of {len(progress.DAYS)}" if box else "new"
        return f"<small>{place} · {state} · {len(self.left)} more after this one</small>"

    def _note(self) -> str:
        return _box(escape(self.record.note), "#999") if self.record.note else ""

    def _stated(self) -> float:
        for button in self.sure:
            if button.value:
                return SURE[button.description]
        raise answering.Unanswered("Say how sure you are: at the end you see whether you can tell.")

    def _one_sure(self, change: dict) -> None:
        if change["new"]:
            for button in self.sure:
                button.value = button is change["owner"]

    def _only(self, *shown: widgets.Button, stop: bool = True) -> None:
        for button in (self.check, self.all_said, self.missed, self.next):
            button.layout.display = None if button in shown else "none"
        self.stop.layout.display = None if stop else "none"
        self.confidence.layout.display = None if stop else "none"


def report(now: Sequence[progress.Answer], ever: Sequence[progress.Answer]) -> str:
    """Confidence against what was right, as HTML: of this round, and of all that is kept."""
    if not ever:
        return "<p>Nothing is answered yet.</p>"
    return "".join(_table(title, answers) for title, answers in {"This round": now, "Ever": ever}.items() if answers)


def _table(title: str, answers: Sequence[progress.Answer]) -> str:
    rows = "".join(
        f"<tr><td>{sure:.0%}</td><td>{right:.0%}</td><td>{count}</td></tr>"
        for sure, count, right in progress.calibration(answers)
    )
    right = sum(answer.right for answer in answers)
    score = progress.brier(answers)
    head = "<tr><th>You said</th><th>Right were</th><th>Answers</th></tr>"
    table = f"<table style='text-align: right; border-spacing: 1.2em 0'>{head}{rows}</table>"
    return (
        f"<h4>{title}: {right} of {len(answers)} right</h4>{table}"
        f"<p>Brier score {score:.2f}: 0 is perfect, 0.25 is to say 50 % each time.</p>"
    )


def _button(text: str, on_click: object, style: str = "") -> widgets.Button:
    button = widgets.Button(description=text, button_style=style, layout={"width": "auto"})
    button.on_click(lambda _: on_click())
    return button


def _box(text: str, color: str) -> str:
    return f"<div role='status' style='border-left: 4px solid {color}; padding: .3em .8em; margin: .4em 0'>{text}</div>"
