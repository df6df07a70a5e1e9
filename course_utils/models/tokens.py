"""Byte-pair encoding: the most frequent pair of neighbors becomes a token, again and again."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

Pair = tuple[bytes, bytes]
WORD = re.compile(r" ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+")  # pairs never reach across these pieces


class BytePairs:
    """Text as tokens: 256 bytes, and a token for each merge, in the order learned; `decode` undoes `encode`.

    Text is first cut into pieces (a word with the space before it, a number, signs, white space), and no token reaches
    over a cut. Source: Gage 1994; Sennrich et al. 2016 (arXiv:1508.07909); on bytes, with cuts: Radford et al. 2019.
    """

    def __init__(self, merges: Sequence[Pair] = ()) -> None:
        self.merges = list(merges)
        self.vocabulary = [bytes([byte]) for byte in range(256)] + [a + b for a, b in self.merges]
        self.rank = {pair: place for place, pair in enumerate(self.merges)}
        self._number = {token: number for number, token in enumerate(self.vocabulary)}
        self._known: dict[str, list[bytes]] = {}

    def __len__(self) -> int:
        return len(self.vocabulary)

    def first(self, merges: int) -> "BytePairs":
        """The encoding after so many merges."""
        return BytePairs(self.merges[:merges])

    def pieces(self, word: str) -> list[bytes]:
        """A word's tokens: merges are made in the order in which they were learned."""
        if word not in self._known:
            parts = [bytes([byte]) for byte in word.encode()]
            while found := [pair for pair in pairwise(parts) if pair in self.rank]:
                parts = merge(parts, min(found, key=self.rank.__getitem__))
            self._known[word] = parts
        return self._known[word]

    def split(self, text: str) -> list[bytes]:
        """The text's tokens, as bytes."""
        return [token for word in WORD.findall(text) for token in self.pieces(word)]

    def encode(self, text: str) -> Tensor:
        """The text's tokens as numbers, int64 `(T,)`."""
        return torch.tensor([self._number[token] for token in self.split(text)], dtype=torch.long)

    def decode(self, tokens: Tensor) -> str:
        """The text of tokens `(T,)`; bytes that are no UTF-8 become �."""
        return b"".join(self.vocabulary[token] for token in tokens.tolist()).decode(errors="replace")


def merge(parts: list[bytes], pair: Pair) -> list[bytes]:
    """The parts with each such pair of neighbors, from the left, made one."""
    made: list[bytes] = []
    for part in parts:
        if made and (made[-1], part) == pair:
            made[-1] += part
        else:
            made.append(part)
    return made


def pairs(words: dict[tuple[bytes, ...], int]) -> Counter[Pair]:
    """How often each pair of neighbors stands in words that are there so many times."""
    counts: Counter[Pair] = Counter()
    for parts, times in words.items():
        for pair in pairwise(parts):
            counts[pair] += times
    return counts


def learn(text: str, merges: int) -> BytePairs:
    """Byte pairs of a text: as many merges as asked for, or fewer where no pair is left that stands there twice.

    Of pairs that are equally frequent, the first in the order of bytes is taken.
    """
    words = {tuple(bytes([b]) for b in word.encode()): times for word, times in Counter(WORD.findall(text)).items()}
    learned: list[Pair] = []
    counts = pairs(words)
    while len(learned) < merges and counts:
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        if counts[best] < 2:
            break
        learned.append(best)
        for parts in [parts for parts in words if best in pairwise(parts)]:
            times = words.pop(parts)
            made = tuple(merge(list(parts), best))
            counts.subtract(pairs({parts: times}))
            counts.update(pairs({made: times}))
            words[made] = words.get(made, 0) + times
    return BytePairs(learned)
