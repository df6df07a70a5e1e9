"""What a learner has answered, kept in a file of theirs; when a question comes back; whether they know what they know.

The file has one JSON object a line, and lines are only ever added: a broken line costs that line alone, and two pages
can write at the same time.
"""

import json
import math
import os
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

DAYS = (0, 1, 2, 4, 8)  # until a question of box 1, 2, … comes back


@dataclass(frozen=True)
class Answer:
    """An answer to the question `id`: whether it was right, how sure the learner was (0 to 1), when (Unix seconds)."""

    id: str
    right: bool
    sure: float
    when: float


class HasId(Protocol):
    """What the schedule must know of a question."""

    id: str


@dataclass
class Log:
    """The answers so far, oldest first; `note` says what is wrong with the file, if anything."""

    path: Path
    answers: list[Answer] = field(default_factory=list)
    note: str = ""

    def add(self, answer: Answer) -> None:
        """Keep an answer, here and in the file. Where that cannot be written, `note` says so, and practice goes on."""
        self.answers.append(answer)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as file:
                file.write(_apart(file) + json.dumps(asdict(answer)).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.note = f"This answer is not kept: {self.path} cannot be written ({error.strerror})."


def load(path: str | Path) -> Log:
    """The answers in a file, or none. Lines that are none stay in the file and are left out; `note` counts them."""
    path = Path(path)
    try:
        lines = path.read_bytes().decode("utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return Log(path)
    except OSError as error:
        return Log(path, note=f"What you did before cannot be read: {path} ({error.strerror}). Nothing is lost.")
    found = [(line, _answer(line)) for line in lines if line.strip()]
    answers = sorted((answer for _, answer in found if answer), key=lambda answer: answer.when)
    bad = len(found) - len(answers)
    note = f"{bad} line{'s' if bad > 1 else ''} of {path} cannot be read and are left as they are." if bad else ""
    return Log(path, answers, note)


def box(answers: Iterable[Answer], question: str) -> int:
    """Leitner's box of a question: 0 if it is new; a right answer moves it one up, to 5 at most; a wrong one into 1.

    Sebastian Leitner, So lernt man lernen, Herder 1972. His boxes were of cardboard and came back when they were full;
    here box 1 comes back at once, 2 to 5 after 1, 2, 4 and 8 days.
    """
    now = 0
    for answer in answers:
        if answer.id == question:
            now = min(max(now, 1) + 1, len(DAYS)) if answer.right else 1
    return now


def due(answers: Sequence[Answer], question: str) -> float:
    """When a question comes back, in Unix seconds; 0 if it is new."""
    last = max((answer.when for answer in answers if answer.id == question), default=None)
    return 0.0 if last is None else last + 86400 * DAYS[box(answers, question) - 1]


def queue(questions: Iterable[HasId], answers: Sequence[Answer], rng: random.Random, now: float | None = None) -> list:
    """Questions in the order of their turn: due ones from box 1 up, then new ones, then the rest, soonest first."""
    now = time.time() if now is None else now

    def turn(question: HasId) -> tuple[int, float, float]:
        number, at = box(answers, question.id), due(answers, question.id)
        if number and at <= now:
            return 0, number, rng.random()
        return (2, at, 0.0) if number else (1, 0.0, rng.random())

    return sorted(questions, key=turn)


def calibration(answers: Iterable[Answer]) -> list[tuple[float, int, float]]:
    """For each confidence that was stated, from low to high: it, how many answers, the share of them that was right."""
    groups: dict[float, list[bool]] = {}
    for answer in answers:
        groups.setdefault(answer.sure, []).append(answer.right)
    return [(sure, len(right), sum(right) / len(right)) for sure, right in sorted(groups.items())]


def brier(answers: Sequence[Answer]) -> float:
    """Mean squared distance of confidence and outcome: 0 is perfect, 0.25 is to say 50 % each time.

    Glenn W. Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78, 1950; here
    for one outcome, right or wrong. ValueError if there are no answers.
    """
    if not answers:
        raise ValueError("There are no answers yet.")
    return sum((answer.sure - answer.right) ** 2 for answer in answers) / len(answers)


def _apart(file: object) -> bytes:
    """A new line where the file's last one was cut off."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def _answer(line: str) -> Answer | None:
    try:
        entry = json.loads(line)
        answer = Answer(entry["id"], entry["right"], float(entry["sure"]), float(entry["when"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fits = isinstance(answer.id, str) and isinstance(answer.right, bool)
    return answer if fits and 0 <= answer.sure <= 1 and math.isfinite(answer.when) else None
