"""How sure one is of each objective, beside how many questions one gets right: a calibration plot of oneself."""

import re
from html import escape
from pathlib import Path

import ipywidgets
import numpy as np

from course_utils.labs.outlook import record
from course_utils.labs.outlook.atlas import LECTURES
from course_utils.labs.outlook.record import Record
from course_utils.plotting import COLORS, picture
from course_utils.widgets import quiz
from course_utils.widgets.panel import LivePicture, Panel, View, choice, slider

LETTERS = "ABCDE"


def objectives(lecture: str) -> list[str]:
    """What the lecture's first cell says one will be able to do."""
    script = (LECTURES / f"{lecture}.py").read_text(encoding="utf-8")
    start = script.split("**You will be able to**")[1].split("**Time:**")[0]
    text = " ".join(re.sub(r"^# ?", "", start, flags=re.M).split())
    return [part.strip(" .;") for part in re.split(r"(?:^| )\d\. ", text)[1:]]


def lectures() -> list[str]:
    """The lectures that have questions, this one apart."""
    return sorted(path.stem for path in quiz.FOLDER.glob("*.toml") if path.stem != "12_outlook")


class Exam:
    """A record that is being filled: rate objectives, answer questions in turn, see both beside each other."""

    def __init__(self, kept: Record | None = None) -> None:
        self.record = kept or Record()
        self.asked = {name: quiz.load(quiz.FOLDER / f"{name}.toml") for name in lectures()}
        self.said = ""

    def rate(self, lecture: str, objective: int, sure: float) -> None:
        """Keep the confidence, 0 to 1, for an objective (from 1)."""
        self.record.confidence.setdefault(lecture, {})[str(objective)] = sure

    def next(self, lecture: str) -> quiz.Question | None:
        """The first question of the lecture that has no answer yet, or None."""
        done = self.record.quiz.get(lecture, {})
        return next((one for one in self.asked[lecture] if str(one.number) not in done), None)

    def answer(self, lecture: str, place: int) -> None:
        """Answer the next question by its choice (from 0). Raises ValueError if there is no such choice or question."""
        question = self.next(lecture)
        if question is None or not 0 <= place < len(question.choices):
            raise ValueError("There is no such choice, or no question left in this lecture.")
        chosen = question.choices[place]
        self.record.quiz.setdefault(lecture, {})[str(question.number)] = chosen.right
        self.said = f"{LETTERS[place]}: {quiz.verdict(chosen)} {chosen.because}"


def explorer(exam: Exam) -> Panel:
    """Choose a lecture, rate its objectives, answer its questions with A to E; the plot follows."""
    names, live = lectures(), LivePicture(*_axes())
    dots, asked = live.moving[0], ipywidgets.HTML(layout={"width": "340px"})

    def show(lecture: str, objective: int, sure: int) -> dict[str, LivePicture]:
        asked.value = _words(exam, lecture, objective)
        known = record.points(exam.record)
        dots.set_offsets(np.array([[x, y] for _, x, y, _ in known]).reshape(-1, 2))
        dots.set_sizes([20.0 + 15 * n for *_, n in known])
        return {"plot": live}

    def rate(sure: int) -> None:
        lecture, objective = panel.controls["lecture"].value, panel.controls["objective"].value
        exam.rate(lecture, min(objective, len(objectives(lecture))), sure / 100)

    controls = {
        "lecture": choice("lecture", names, names[0], "Whose objectives and questions"),
        "objective": slider("objective", 1, 7, 1, "Which of its objectives"),
        "sure": slider("sure, %", 0, 100, 50, "How sure you are that you can do it", 5),
    }
    buttons = {
        letter: (lambda i=i: exam.answer(panel.controls["lecture"].value, i), f"Answer {letter}")
        for i, letter in enumerate(LETTERS)
    }
    panel = Panel(show, controls, {"plot": View(420)}, follow={"sure": rate}, buttons=buttons, extra=[asked])
    return panel


def _words(exam: Exam, lecture: str, objective: int) -> str:
    known, question = objectives(lecture), exam.next(lecture)
    number = min(objective, len(known))
    rated = exam.record.confidence.get(lecture, {}).get(str(number))
    lines = [f"<b>Objective {number}:</b> {escape(known[number - 1])}. <i>{_sure(rated)}</i>"]
    if question:
        lines.append(f"<b>Question {question.number}:</b> {escape(question.text)}")
        lines += [f"{LETTERS[i]}) {escape(one.text)}" for i, one in enumerate(question.choices)]
    else:
        lines.append("All questions of this lecture are answered.")
    return "<br>".join([*lines, f"<i>{escape(exam.said)}</i>"])


def _sure(rated: float | None) -> str:
    return "not rated yet" if rated is None else f"rated {rated:.0%}"


def _axes() -> tuple:
    alt = "Scatter plot: the share of questions answered right in each lecture, over the mean confidence; a diagonal."
    figure, ax = picture(1, 1, width=4.0, height=3.6, title="As sure as right?", alt=alt)
    ax.plot([0, 1], [0, 1], color="#999999", linestyle="--")
    ax.text(0.97, 0.05, "too sure", ha="right", color="#555555")
    ax.text(0.03, 0.92, "too modest", color="#555555")
    dots = ax.scatter([], [], color=COLORS[0], edgecolor="white")
    ax.set(xlim=(0, 1), ylim=(-0.03, 1.03), xlabel="confidence, mean over objectives", ylabel="share of answers right")
    return figure, [dots]


def still(kept: Record) -> object:
    """The plot of a record, for the page."""
    figure, (dots,) = _axes()
    known = record.points(kept)
    dots.set_offsets(np.array([[x, y] for _, x, y, _ in known]).reshape(-1, 2))
    dots.set_sizes([20.0 + 15 * n for *_, n in known])
    said = "; ".join(f"{name} {x:.0%} sure, {y:.0%} right" for name, x, y, _ in known)
    figure.alt = f"{figure.alt} {said}."
    return figure


def at(folder: Path) -> Exam:
    """An exam that goes on from the file in a folder."""
    return Exam(record.load(folder / record.FILE))
