"""Reviews from a grammar with negation, their verdict known; and three small models that read them.

The models were trained to predict, word by word, what a review's writer does next. No label was given.
`python -m course_utils.labs.assistants` trains them anew and writes the checkpoint that lies beside this file.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from course_utils import models, training
from course_utils.labs.assistants import chat
from course_utils.models.transformer import Transformer

GOOD = ["good", "fine", "warm", "clean", "kind", "lovely"]
BAD = ["bad", "poor", "cold", "dirty", "rude", "dull"]
THINGS = ["room", "food", "view", "staff", "bed", "garden"]
NEGATIONS = ("not", "not at all", "never really")
NEGATED = 0.3  # the share of reviews that negate
DEGREES = ("", "very", "so")
SEQUELS = {1: ("i come again .", "i tell my friends ."), 0: ("i stay away .", "i want my money back .")}
CHECKPOINT = Path(__file__).with_name("readers.pt")


@dataclass(frozen=True)
class Review:
    """A review's words, whether its verdict is good (1) or bad (0), and whether it negates."""

    text: str
    verdict: int
    negated: bool


def review(rng: random.Random) -> Review:
    """A thing, perhaps a negation, perhaps a degree, and a word of praise or blame; a negation turns it around."""
    praises, negated = rng.random() < 0.5, rng.random() < NEGATED
    word = rng.choice(GOOD if praises != negated else BAD)
    parts = [
        f"the {rng.choice(THINGS)} was",
        rng.choice(NEGATIONS) if negated else "",
        rng.choice(DEGREES),
        f"{word} .",
    ]
    return Review(" ".join(part for part in parts if part), int(praises), negated)


def words() -> chat.Words:
    """The words of all reviews and sequels."""
    return chat.Words([*GOOD, *BAD, *THINGS, *NEGATIONS, *DEGREES, "the was .", *SEQUELS[0], *SEQUELS[1]])


def train(seed: int = 0, steps: int = 1_500, progress: bool = True) -> Transformer:
    """A model of 27,000 weights, trained to go on with 20,000 reviews as their writers did."""
    rng = random.Random(seed)
    given = [review(rng) for _ in range(20_000)]
    x, counts = words().padded([r.text for r in given], [rng.choice(SEQUELS[r.verdict]) for r in given])
    model = _new(seed)
    training.fit(model, chat.masked_loss, x, counts, steps=steps, batch_size=64, lr=3e-3, seed=seed, progress=progress)
    return model


def _new(seed: int) -> Transformer:
    with models.first_weights(seed):
        return Transformer(len(words()), context=32, width=32, heads=2, blocks=2)


def save(readers: Sequence[Transformer], path: Path = CHECKPOINT) -> None:
    """Write the weights of all, in half precision."""
    torch.save([{name: value.half() for name, value in model.state_dict().items()} for model in readers], path)


def load(path: Path = CHECKPOINT) -> list[Transformer]:
    """The trained models of the checkpoint, of seeds 0, 1, 2."""
    readers = []
    for state in torch.load(path, weights_only=True):
        readers.append(_new(0))
        readers[-1].load_state_dict(state)
    return [model.eval() for model in readers]


@torch.no_grad()
def features(model: Transformer, texts: Sequence[str]) -> Tensor:
    """The model's last hidden state after each text and "i", where it must say what the writer does next, `(N, 32)`."""
    x, counts = words().padded([f"{text} i" for text in texts])
    last = counts.sum(1) - 1  # START stands in front, <end> behind
    return model.hidden(model.started(x))[torch.arange(len(x)), last]
