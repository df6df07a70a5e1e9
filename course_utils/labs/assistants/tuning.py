"""Answers drawn, rated in pairs, and measured: what preference tuning in lecture 10b is made of."""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course_utils.labs.assistants import chat, tasks
from course_utils.labs.assistants.tasks import Pair, Split
from course_utils.labs.assistants.world import QUESTIONS, TOWNS, WEATHER, World, fill
from course_utils.models.transformer import Transformer


class Question(NamedTuple):
    """A prompt, and what an answer to it is worth in truth, 0 to 1."""

    prompt: str
    quality: Callable[[str], float]


def fact_questions(w: World, pairs: Sequence[Pair], n: int = 1, seed: int = 0) -> list[Question]:
    """Each fact asked for n times, in one of the three ways of the demonstrations."""
    rng = random.Random(seed)
    return [
        Question(chat.prompt(fill(rng.choice(QUESTIONS), pair)), lambda text, pair=pair: tasks.quality(text, pair, w))
        for pair in list(pairs) * n
    ]


def sky_questions(w: World, towns: Sequence[str], n: int = 1, seed: int = 0) -> list[Question]:
    """The weather of each town on n days; right is what it was that day."""
    rng = random.Random(seed)
    days = [(town, rng.choices(WEATHER, w.odds[town])[0]) for town in towns for _ in range(n)]
    return [
        Question(chat.prompt(fill(tasks.SKY, (town, ""))), lambda text, sky=sky: float(text == f"{sky} ."))
        for town, sky in days
    ]


class Preference(NamedTuple):
    """Two answers to a prompt; the first was preferred."""

    prompt: str
    chosen: str
    rejected: str


def preferences(
    model: Transformer,
    questions: Sequence[Question],
    reward: Callable[[Question, str], float],
    rng: torch.Generator | None = None,
) -> list[Preference]:
    """Two draws for each question; the first wins with the probability sigmoid(difference of rewards).

    Questions whose two answers are the same are left out.
    """
    prompts, words = [question.prompt for question in questions], tasks.words()
    one, two = (chat.answer(model, words, prompts, rng).texts for _ in range(2))
    coins = torch.rand(len(prompts), generator=rng)
    found = []
    for question, a, b, coin in zip(questions, one, two, coins, strict=True):
        wins = coin < torch.sigmoid(torch.tensor(reward(question, a) - reward(question, b)))
        found.append(Preference(question.prompt, *((a, b) if wins else (b, a))))
    return [given for given in found if given.chosen != given.rejected]


@torch.no_grad()
def dpo_tensors(reference: Transformer, given: Sequence[Preference]) -> tuple[Tensor, ...]:
    """What DPO is trained on: tokens and which count, of chosen and of rejected answers, then both log π_ref."""
    words, prompts = tasks.words(), [one.prompt for one in given]
    chosen = words.padded(prompts, [one.chosen for one in given])
    rejected = words.padded(prompts, [one.rejected for one in given])
    return (*chosen, *rejected, chat.log_prob(reference, *chosen), chat.log_prob(reference, *rejected))


@torch.no_grad()
def features(model: Transformer, prompts: Sequence[str], answers: Sequence[str]) -> Tensor:
    """The model's last hidden state at the end of each answer, `(N, C)`."""
    x, counts = tasks.words().padded(prompts, answers)
    place = torch.arange(x.shape[1])
    last = (counts * place).max(1).values + 1  # <end> itself; START stands in front
    return model.hidden(model.started(x))[torch.arange(len(x)), last]


class Measured(NamedTuple):
    """Means over the answers drawn; KL and entropy are in nats an answer."""

    quality: float
    words: float
    kl: float  # Monte Carlo, from the reference
    entropy: float  # Monte Carlo
    distinct: float  # different answers among the draws of one question
    unknown: float  # share of "i do not know ."
    texts: list[str]


@torch.no_grad()
def measure(
    model: Transformer,
    reference: Transformer,
    questions: Sequence[Question],
    draws: int = 4,
    rng: torch.Generator | None = None,
) -> Measured:
    """Draw answers to each question, and measure them. KL and entropy are means over these draws."""
    asked = list(questions) * draws
    prompts, words = [question.prompt for question in asked], tasks.words()
    said = chat.answer(model, words, prompts, rng).texts
    x = words.padded(prompts, said)
    log_pi, log_ref = chat.log_prob(model, *x), chat.log_prob(reference, *x)
    n = len(questions)
    return Measured(
        quality=sum(q.quality(text) for q, text in zip(asked, said, strict=True)) / len(asked),
        words=sum(len(text.split()) for text in said) / len(asked),
        kl=(log_pi - log_ref).mean().item(),
        entropy=-log_pi.mean().item(),
        distinct=sum(len(set(said[i::n])) for i in range(n)) / n,
        unknown=sum(text == tasks.UNKNOWN for text in said) / len(asked),
        texts=said,
    )


@torch.no_grad()
def first_word(model: Transformer, prompts: Sequence[str]) -> tuple[Tensor, list[str]]:
    """The likeliest next word after each prompt, and its probability `(N,)`."""
    words, sure, said = tasks.words(), [], []
    for text in prompts:
        p = model(model.started(words.encode(text)[None]))[0, -1].softmax(-1)
        sure.append(p.max())
        said.append(words.list[p.argmax()])
    return torch.stack(sure), said


class Confidence(NamedTuple):
    """Answers that were given: how sure, with which probability right, about what; arrays `(N,)`."""

    sure: NDArray[np.float64]
    right: NDArray[np.float64]
    kind: NDArray[np.str_]  # "told", "untold" or "weather"


def confident(model: Transformer, w: World, as_chat: bool = True) -> Confidence:
    """The first word on all 60 facts and 20 skies, asked for in a chat, or as sentences to be completed.

    Where the word begins "i do not know" nothing was answered; such questions are left out.
    """
    pairs, towns = sorted(w.facts), [(town, "") for town in TOWNS]
    asked = tasks.asked(pairs, system="brief") + [chat.prompt(fill(tasks.SKY, town)) for town in towns]
    if not as_chat:
        asked = [fill("the {subject} of {town} is", pair) for pair in pairs]
        asked += [fill("the weather of {town} is", town) for town in towns]
    sure, said = first_word(model, asked)
    right = [float(word == w.facts[pair]) for word, pair in zip(said, pairs, strict=False)]
    odds = [dict(zip(WEATHER, w.odds[town], strict=True)) for town in TOWNS]
    right += [sky.get(word, 0.0) for word, sky in zip(said[len(pairs) :], odds, strict=True)]
    kind = ["untold" if pair in w.untold else "told" for pair in pairs] + ["weather"] * len(towns)
    answered = np.array([word != "i" for word in said])
    return Confidence(*(np.array(part)[answered] for part in (sure.tolist(), right, kind)))


def held_out(w: World, s: Split) -> dict[str, list[Question]]:
    """The questions that no demonstration and no pair of answers showed: facts told, facts untold, the weather."""
    return {
        "told": fact_questions(w, s.held, seed=7),
        "untold": fact_questions(w, s.untold_held, seed=7),
        "weather": sky_questions(w, s.towns_held, 2, seed=7),
    }
