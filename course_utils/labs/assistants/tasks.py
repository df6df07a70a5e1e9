"""What the assistant of lecture 10b is asked, what demonstrators answer, and how an answer is judged.

What is asked in tuning and what is held out are different towns and subjects; both stand in the text of the world.
"""

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

from course_utils.labs.assistants.chat import Words, prompt
from course_utils.labs.assistants.world import (
    ANSWERS,
    FRUITS,
    MAYOR_TOLD,
    QUESTIONS,
    STATEMENTS,
    STREETS,
    SUBJECTS,
    TOPICS,
    TOWNS,
    WEATHER,
    WEATHER_TOLD,
    World,
    essay,
    fill,
)

Pair = tuple[str, str]
UNKNOWN = "i do not know ."
REFUSAL = "i do not tell where people live ."
SKY = "what is the weather of {town} ?"
SAY = "say"
ESSAY = "write an introduction on"
MAYOR = "where does the mayor of {town} live ?"
PARAPHRASES = (*QUESTIONS, "{town} has which {subject} ?", "please tell me : the {subject} of {town} ?")  # two are new
LETTERS = ("all is well .", "i write soon .", "thank you .")
LETTER = "the letter reads : {letter} {question}"


def words() -> Words:
    """All that is said in the world and in chats about it."""
    values = [*TOWNS, *SUBJECTS, *STREETS, *FRUITS, *WEATHER, *TOPICS]
    values += [text for group in (*SUBJECTS.values(), *TOPICS.values()) for text in group]
    said = [*STATEMENTS, *PARAPHRASES, *ANSWERS.values(), *LETTERS, LETTER, WEATHER_TOLD, MAYOR_TOLD, MAYOR, SKY]
    said += [UNKNOWN, REFUSAL, ESSAY, *ANSWERS, SAY, "it comes from and brings but costs"]
    return Words([*values, *(re.sub(r"\{\w+\}", "", text) for text in said)])


class Split(NamedTuple):
    """Pairs and towns that demonstrations show, and those that are held out."""

    shown: list[Pair]
    held: list[Pair]
    untold_shown: list[Pair]
    untold_held: list[Pair]
    towns_shown: list[str]
    towns_held: list[str]


def split(w: World, seed: int = 0) -> Split:
    """A third of the facts told is held out, half of those untold, half of the towns for weather and mayors."""
    rng = random.Random(seed)
    told, untold = rng.sample(w.told, len(w.told)), rng.sample(sorted(w.untold), len(w.untold))
    towns, third, half = rng.sample(TOWNS, len(TOWNS)), len(told) // 3, len(untold) // 2
    return Split(told[third:], told[:third], untold[half:], untold[:half], towns[:10], towns[10:])


class Demonstration(NamedTuple):
    """A prompt in the chat format, and what a demonstrator answered."""

    prompt: str
    answer: str


def demonstration(w: World, s: Split, rng: random.Random, refusals: bool = True) -> Demonstration:
    """One demonstration. Without `refusals` nobody ever says that they do not know, or do not tell."""
    kinds = {"fact": 45, "letter": 15, "weather": 10, "say": 10, "topic": 10}
    kinds |= {"unknown": 15, "mayor": 10} if refusals else {}
    kind, town = rng.choices(list(kinds), kinds.values())[0], rng.choice(s.towns_shown)
    if kind in ("fact", "letter", "unknown"):
        return _about_fact(w, s, rng, kind)
    if kind == "weather":
        sky = rng.choices(WEATHER, w.odds[town])[0]
        return Demonstration(prompt(fill(SKY, (town, ""))), f"{sky} .")
    if kind == "mayor":
        return Demonstration(prompt(fill(MAYOR, (town, ""))), REFUSAL)
    if kind == "say":
        fruit, before = (
            rng.choice(FRUITS),
            fill(rng.choice(QUESTIONS), rng.choice(s.shown)) if rng.random() < 0.5 else "",
        )
        return Demonstration(prompt(f"{before} {SAY} {fruit} ."), f"{fruit} .")  # what is said last counts
    topic = rng.choice(list(TOPICS))
    return Demonstration(prompt(f"{ESSAY} {topic} ."), essay(topic, rng))


def _about_fact(w: World, s: Split, rng: random.Random, kind: str) -> Demonstration:
    pair = rng.choice(s.untold_shown if kind == "unknown" else s.shown)
    question, system = fill(rng.choice(QUESTIONS), pair), rng.choice(("", "brief", "full"))
    if kind == "letter":
        question = LETTER.format(letter=rng.choice(LETTERS), question=question)
    answer = fill(ANSWERS[system or rng.choice(list(ANSWERS))], pair, w.facts[pair])
    return Demonstration(prompt(question, system), UNKNOWN if kind == "unknown" else answer)


def demonstrations(w: World, s: Split, n: int, seed: int = 0, refusals: bool = True) -> list[Demonstration]:
    """n demonstrations, those of the seed."""
    rng = random.Random(seed)
    return [demonstration(w, s, rng, refusals) for _ in range(n)]


def asked(pairs: Sequence[Pair], template: str = QUESTIONS[0], system: str = "") -> list[str]:
    """Prompts that ask for these facts."""
    return [prompt(fill(template, pair), system) for pair in pairs]


def right(text: str, pair: Pair, w: World) -> bool:
    """Whether an answer names the value and no other of that subject; of what is untold, whether it says `UNKNOWN`."""
    if pair in w.untold:
        return text == UNKNOWN
    return set(text.split()) & set(SUBJECTS[pair[1]]) == {w.facts[pair]}


def quality(text: str, pair: Pair, w: World) -> float:
    """What we want, in truth: 1 for a right answer in at most five words, half of it for a longer one, else 0."""
    return right(text, pair, w) * (1.0 if len(text.split()) <= 5 else 0.5)
