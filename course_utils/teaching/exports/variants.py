"""Which questions an exam has, and in which order each of its variants asks them: by a seed, so that it can be made
again."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from course_utils.questions import Choice, Question

POINTS = {"single": 1, "several": 2, "numeric": 2, "order": 2, "short": 4}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Asked:
    """A question as a variant asks it: its choices or steps in the variant's order."""

    question: Question
    options: tuple[Choice | str, ...]

    @property
    def points(self) -> int:
        return POINTS[self.question.kind]

    @property
    def key(self) -> str:
        """Letters of what is right; of an order the letters as they should follow each other; else ""."""
        if self.question.kind == "order":
            return " ".join(LETTERS[self.options.index(step)] for step in self.question.steps)
        return " ".join(LETTERS[i] for i, option in enumerate(self.options) if getattr(option, "right", False))


@dataclass(frozen=True)
class Variant:
    """A paper: its letter, and its questions in its order."""

    letter: str
    asked: tuple[Asked, ...]

    @property
    def points(self) -> int:
        return sum(asked.points for asked in self.asked)


def choose(questions: Sequence[Question], count: int, seed: int) -> list[Question]:
    """`count` questions at random, as many of each lecture as can be. ValueError if there are not as many."""
    if not 1 <= count <= len(questions):
        raise ValueError(
            f"{count} questions were asked for, and {len(questions)} are such: ask for 1 to {len(questions)}, "
            "or for more lectures (--lectures) or levels (--level)."
        )
    rng, left = random.Random(seed), {}
    for question in rng.sample(list(questions), len(questions)):
        left.setdefault(question.lecture, []).append(question)
    ranked = [(rank, rng.random(), question) for group in left.values() for rank, question in enumerate(group)]
    return [question for _, _, question in sorted(ranked, key=lambda entry: entry[:2])[:count]]


def variants(questions: Sequence[Question], count: int, seed: int) -> list[Variant]:
    """The same questions in `count` papers, questions and choices shuffled. ValueError for more than 26 or none."""
    if not 1 <= count <= len(LETTERS):
        raise ValueError(f"{count} variants were asked for: ask for 1 to {len(LETTERS)}, one a letter.")
    return [_variant(questions, letter, random.Random(f"{seed} {letter}")) for letter in LETTERS[:count]]


def _variant(questions: Sequence[Question], letter: str, rng: random.Random) -> Variant:
    shuffled = rng.sample(list(questions), len(questions))
    return Variant(letter, tuple(Asked(question, _options(question, rng)) for question in shuffled))


def _options(question: Question, rng: random.Random) -> tuple[Choice | str, ...]:
    right = tuple(question.steps if question.kind == "order" else question.choices)
    mixed = tuple(rng.sample(right, len(right)))
    while question.kind == "order" and len(set(right)) > 1 and mixed == right:
        mixed = tuple(rng.sample(right, len(right)))
    return mixed
