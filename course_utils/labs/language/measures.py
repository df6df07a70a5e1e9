"""What lecture 10a counts: a filter's hits and losses, leakage between splits, accuracy by distance, copied spans."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from statistics import median
from typing import NamedTuple

import torch
from torch import Tensor

from course_utils.data.crawl import Page
from course_utils.data.text import Characters, Task
from course_utils.models.ngrams import NGram

RUN = 6  # letters: what counts as repeated if it was there before


class Score(NamedTuple):
    """How many pages a filter removes, the share of them that is dirt, and the share caught of what it is for."""

    removed: int
    precision: float
    recall: float


def filter_score(pages: Sequence[Page], kept: Sequence[bool], aim: str, good: Collection[str]) -> Score:
    """Score one filter, `kept` a truth value a page, against what the pages are; NaN where it removes none."""
    removed = [page for page, keep in zip(pages, kept, strict=True) if not keep]
    aimed = sum(page.kind == aim for page in pages)
    caught = sum(page.kind == aim for page in removed)
    dirt = sum(page.kind not in good for page in removed)
    return Score(len(removed), dirt / len(removed) if removed else float("nan"), caught / aimed)


def pipeline(
    pages: Sequence[Page], keeps: Mapping[str, Sequence[bool]], good: Collection[str]
) -> tuple[list[Page], dict[str, tuple[int, int]]]:
    """The pages that pass all filters; and after each, how many pages are left and how many of them are dirt."""
    left, stages = list(range(len(pages))), {"crawl": (len(pages), sum(page.kind not in good for page in pages))}
    for name, kept in keeps.items():
        left = [i for i in left if kept[i]]
        stages[name] = len(left), sum(pages[i].kind not in good for i in left)
    return [pages[i] for i in left], stages


def redaction(pages: Sequence[Page], patterns: Sequence[str]) -> tuple[Counter, Counter, Counter]:
    """What patterns find: planted secrets found and planted, by kind; and false alarms, by the kind of page."""
    found, planted, alarms = Counter(), Counter(), Counter()
    for page in pages:
        redacted = page.text
        for pattern in patterns:
            redacted, hits = re.subn(pattern, "[removed]", redacted)
            alarms[page.kind] += hits * (not page.secrets)
        for kind, secret in zip(("name", "street", "e-mail", "telephone"), page.secrets, strict=False):
            planted[kind] += 1
            found[kind] += secret not in redacted
    return found, planted, alarms


def shingles(text: str, run: int = 5) -> set[str]:
    """All runs of so many words, in small letters; a shorter text is its own."""
    words = re.findall(r"[a-z']+", text.lower())
    return {" ".join(words[i : i + run]) for i in range(len(words) - run + 1)} or {text}


def minhash(texts: Sequence[str], rng: torch.Generator, functions: int = 64) -> Tensor:
    """Signatures `(N, functions)`: two texts agree in one place with probability J, their shingles' Jaccard index.

    Each place holds the least value that a random function takes over the text's shingles. Source: Broder 1997.
    """
    sets = [shingles(text) for text in texts]
    number = {shingle: place for place, shingle in enumerate(sorted(set().union(*sets)))}
    values = torch.rand(functions, len(number), generator=rng)
    return torch.stack([values[:, [number[shingle] for shingle in one]].amin(1) for one in sets])


Nats = Callable[[list[str], list[str]], float]


def leakage(crawled: Sequence[Page], clean: Sequence[Page], nats: Nats, rng: torch.Generator) -> dict[str, float]:
    """nats(train, test) on the same test pages, a third of the pages of two topics, learned from three sets.

    Each set has as many characters: pages of other topics, in the first two partly replaced by what leaks in: copies
    of test pages, as a crawl holds them, and pages of the same documents.
    """
    prose = [page for page in clean if page.kind == "prose"]
    topics = sorted({page.topic for page in prose})
    held = {topics[i] for i in torch.randperm(len(topics), generator=rng)[:2].tolist()}
    test = [page for page in prose if page.topic in held][::3]
    texts = {page.text for page in test}
    originals = {number for number, page in enumerate(crawled) if page.text in texts}
    copies = [page for page in crawled if page.of in originals]
    same = [page for page in prose if page.topic in held and page.text not in texts]
    others = [page for page in prose if page.topic not in held]
    sets = {"pages at random, with their copies": [*copies, *same, *others], "pages at random": [*same, *others]}
    size = sum(len(page.text) for page in others)
    sets["whole topics"] = others
    return {name: nats(_cut(train, size), [page.text for page in test]) for name, train in sets.items()}


def _cut(pages: Sequence[Page], size: int) -> list[str]:
    """The pages' texts, up to so many characters together."""
    texts = []
    for page in pages:
        if size > 0:
            texts.append(page.text[:size])
        size -= len(page.text)
    return texts


def by_distance(right: Tensor, task: Task, least: int = 20) -> tuple[list[int], list[float]]:
    """Distances that are asked at least so often, and the share right `(N, T)` at each."""
    asked = task.distance[task.asked & (task.distance > 0)]
    distances = [d for d in asked.unique().tolist() if (asked == d).sum() >= least]
    return distances, [right[task.asked & (task.distance == d)].float().mean().item() for d in distances]


class Degeneration(NamedTuple):
    """Of several texts: the share of runs that were there before, nats of a model, longest spans copied."""

    repeats: float
    nats: float
    median: float
    most: int


def degeneration(rows: Sequence[str], corpus: str, model: NGram, letters: Characters) -> Degeneration:
    """Repetition within each text, nats a letter under a model, the longest span of each found in the corpus."""
    tokens = torch.stack([letters.encode(row) for row in rows])
    spans = [longest_copy(row, corpus) for row in rows]
    nats = -model.log_prob_tokens(tokens)[:, model.order :].mean().item()
    return Degeneration(sum(map(repeats, rows)) / len(rows), nats, median(spans), max(spans))


def repeats(text: str, run: int = RUN) -> float:
    """The share of runs of so many letters that stood earlier in the text."""
    runs = [text[i : i + run] for i in range(len(text) - run + 1)]
    return 1 - len(set(runs)) / len(runs)


def longest_copy(text: str, corpus: str) -> int:
    """The length of the longest span of the text that stands in the corpus, letter for letter."""
    longest, start = 0, 0
    while start + longest < len(text):
        if text[start : start + longest + 1] in corpus:
            longest += 1
        else:
            start += 1
    return longest
