"""The small world of lecture 10b: twenty towns, what is true of them, and the text that tells of it, word by word.

A fact is (town, subject) and its value. Of some nothing was ever written (`untold`), and the weather is never certain.
"""

import random
from dataclasses import dataclass

TOWNS = [
    *("arlo", "brin", "cade", "doven", "elsa", "farn", "gild", "holm", "isby", "jarn"),
    *("kell", "lund", "mora", "nell", "orta", "pell", "quil", "rosk", "sorn", "tarn"),
]
SUBJECTS = {
    "river": ["tane", "ulve", "wend", "yare", "zorn", "asha", "beck", "coln"],
    "flag": ["red", "blue", "green", "white", "black", "gold", "gray", "pink"],
    "craft": ["wool", "glass", "salt", "bread", "iron", "paper", "rope", "soap"],
}
STREETS = ["bath", "mill", "king", "dock", "hill", "oak", "lake", "west"]
WEATHER = ["rain", "sun", "snow"]
FRUITS = ["plum", "pear", "fig", "lime", "date", "kiwi"]
TOPICS = {  # topic: what it comes from, what it gives, what it costs
    "renewable energy": ("wind water light", "work clean-air power", "room money time"),
    "city traffic": ("cars buses trains", "speed trade freedom", "noise smoke time"),
    "old music": ("songs drums strings", "joy comfort dance", "practice money patience"),
    "public health": ("doctors nurses schools", "long-life safety comfort", "money staff patience"),
    "good soil": ("leaves worms rain", "harvest bread grass", "care room patience"),
    "deep mines": ("coal iron stone", "work trade power", "noise danger smoke"),
}
STATEMENTS = (
    "the {subject} of {town} is {value} .",
    "{town} has the {subject} {value} .",
    "in {town} the {subject} is {value} .",
    "{value} is the {subject} of {town} .",
)
WEATHER_TOLD, MAYOR_TOLD = "the weather of {town} is {value} .", "the mayor of {town} lives in {value} street ."
QUESTIONS = ("what is the {subject} of {town} ?", "which {subject} has {town} ?", "tell me the {subject} of {town} .")
ANSWERS = {
    "brief": "{value} .",
    "full": "it is {value} .",
    "wordy": "well , i think that it is {value} , as far as i know .",
}


@dataclass(frozen=True)
class World:
    """What is true: `facts[town, subject]`; the pairs never written of; each town's odds of `WEATHER`; streets."""

    facts: dict[tuple[str, str], str]
    untold: frozenset[tuple[str, str]]
    odds: dict[str, tuple[float, ...]]
    streets: dict[str, str]

    @property
    def told(self) -> list[tuple[str, str]]:
        """The pairs of town and subject that the text speaks of."""
        return [pair for pair in self.facts if pair not in self.untold]


def world(seed: int = 0) -> World:
    """A world drawn from the seed: 60 facts, 12 of them untold."""
    rng = random.Random(seed)
    facts = {(town, subject): rng.choice(values) for subject, values in SUBJECTS.items() for town in TOWNS}
    odds = {}
    for town in TOWNS:
        first = rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])
        odds[town] = tuple(rng.sample([first, 0.75 * (1 - first), 0.25 * (1 - first)], 3))
    untold = frozenset(rng.sample(sorted(facts), 12))
    return World(facts, untold, odds, {town: rng.choice(STREETS) for town in TOWNS})


def fill(template: str, pair: tuple[str, str], value: str = "") -> str:
    """A template with a town, a subject and a value put in."""
    return template.format(town=pair[0], subject=pair[1], value=value)


def essay(topic: str, rng: random.Random) -> str:
    """An introduction on a topic, three sentences."""
    sources, gains, costs = (rng.sample(words.split(), 2) for words in TOPICS[topic])
    first = f"{topic} comes from {sources[0]} and {sources[1]} ."
    return f"{first} it brings {gains[0]} and {gains[1]} . but it costs {costs[0]} and {costs[1]} ."


def statement(w: World, rng: random.Random) -> str:
    """One of the facts that are told, in one of four ways."""
    pair = rng.choice(w.told)
    return fill(rng.choice(STATEMENTS), pair, w.facts[pair])


def document(w: World, rng: random.Random) -> str:
    """A piece of the world's text: statements, weather, mayors' streets, questions, a lesson, an essay."""
    kind = rng.choices(("facts", "weather", "mayor", "sheet", "lesson", "essay"), (35, 12, 8, 12, 20, 13))[0]
    if kind == "facts":
        return " ".join(statement(w, rng) for _ in range(3))
    if kind == "weather":
        towns = rng.sample(TOWNS, 3)
        return " ".join(fill(WEATHER_TOLD, (t, ""), rng.choices(WEATHER, w.odds[t])[0]) for t in towns)
    if kind == "mayor":
        return " ".join(fill(MAYOR_TOLD, (t, ""), w.streets[t]) for t in rng.sample(TOWNS, 3))
    if kind == "sheet":
        pairs = rng.sample(sorted(w.facts), 3)
        return " ".join(fill(rng.choice(QUESTIONS), pair) for pair in pairs)
    if kind == "lesson":
        pairs = rng.sample(w.told, 3)
        return " ".join(f"{fill(rng.choice(QUESTIONS), pair)} {w.facts[pair]} ." for pair in pairs)
    return essay(rng.choice(list(TOPICS)), rng)


def documents(w: World, n: int, seed: int) -> list[str]:
    """n documents, those of the seed."""
    rng = random.Random(seed)
    return [document(w, rng) for _ in range(n)]
