"""The check of assignment 10 of one byte-pair merge: which pair, and which tokens are left."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch

from course_utils.checks.kit.answers import pair
from course_utils.checks.kit.common import Answer, question, require

Tokens = list[str]
Pair = tuple[str, str]
TIE = "Of equally frequent pairs the one that comes first in the text is merged."
ONCE = "Go from left to right; after a merge go on behind it."


def _first(pairs: Sequence[Pair]) -> Pair:
    """The most frequent pair, of equals the first."""
    counts = Counter(pairs)
    return max(counts, key=counts.__getitem__)


def _neighbors(tokens: Tokens) -> list[Pair]:
    return list(pairwise(tokens))


def _most(tokens: Tokens) -> Pair:
    return _first(_neighbors(tokens))


def _apart(tokens: Tokens) -> Pair:
    """The most frequent pair if occurrences that overlap count once."""
    pairs, counts = _neighbors(tokens), {}
    for each in dict.fromkeys(pairs):
        places, last = 0, -2
        for i, other in enumerate(pairs):
            if other == each and i > last + 1:
                places, last = places + 1, i
        counts[each] = places
    return max(counts, key=counts.__getitem__)


def _ties(tokens: Tokens) -> list[Pair]:
    counts = Counter(_neighbors(tokens))
    return [each for each in counts if counts[each] == max(counts.values())]


def _rarest(tokens: Tokens) -> Pair:
    counts = Counter(_neighbors(tokens))
    return min(counts, key=counts.__getitem__)


PAIRS: dict[str, Callable[[Tokens], Pair]] = {
    f"is the last of the most frequent. {TIE}": lambda tokens: _ties(tokens)[-1],
    f"is the first of the most frequent by the alphabet. {TIE}": lambda tokens: min(_ties(tokens)),
    f"is the last of the most frequent by the alphabet. {TIE}": lambda tokens: max(_ties(tokens)),
    "counts places that overlap only once. In a a a the pair (a, a) stands twice.": _apart,
    "is the rarest. Merge the most frequent.": _rarest,
    "counts every second place only. Each token but the last begins a pair.": lambda tokens: _first(
        list(zip(tokens[::2], tokens[1::2], strict=False))
    ),
    "is of the two most frequent tokens. Count neighbors.": lambda tokens: tuple(
        token for token, _ in (Counter(tokens).most_common(2) * 2)[:2]
    ),
    "counts characters. Count the tokens that are there: a token may have several characters.": lambda tokens: _most(
        list("".join(tokens))
    ),
    "leaves out the last two tokens, which are neighbors, too.": lambda tokens: (
        _most(tokens[:-1]) if tokens[2:] else _most(tokens)
    ),
    "counts the last token with the first. They are no neighbors.": lambda tokens: _first(
        [*_neighbors(tokens), (tokens[-1], tokens[0])]
    ),
    "has its tokens exchanged: (left, right).": lambda tokens: _most(tokens)[::-1],
}


def _joined(tokens: Tokens, found: Pair, left_out: int = 0) -> Tokens:
    """The right merge, from left to right; or one that leaves out so many tokens at the end."""
    merged, i = [], 0
    while i < len(tokens) - left_out:
        here = tuple(tokens[i : i + 2]) == found
        merged.append("".join(found) if here else tokens[i])
        i += 2 if here else 1
    return merged


def _once(tokens: Tokens, found: Pair) -> Tokens:
    i = _neighbors(tokens).index(found)
    return [*tokens[:i], "".join(found), *tokens[i + 2 :]]


def _beside(tokens: Tokens, found: Pair) -> Tokens:
    """Every place merged, though its right token is the left of the next; or left standing."""
    pairs = [*_neighbors(tokens), None]
    return ["".join(found) if each == found else token for token, each in zip(tokens, pairs, strict=True)]


def _overlapping(tokens: Tokens, found: Pair) -> Tokens:
    pairs = [None, *_neighbors(tokens), None]
    kept = [
        ("".join(found), True) if b == found else (tokens[i], a != found) for i, (a, b) in enumerate(pairwise(pairs))
    ]
    return [token for token, stays in kept if stays]


def _by_text(tokens: Tokens, found: Pair) -> Tokens:
    """What replacing in the text does, with spaces between the tokens."""
    return "|".join(tokens).replace("|".join(found), "".join(found)).split("|")


def _both_ways(tokens: Tokens, found: Pair) -> Tokens:
    merged, i = [], 0
    while i < len(tokens):
        here = tuple(tokens[i : i + 2]) in (found, found[::-1])
        merged.append("".join(tokens[i : i + 2]) if here else tokens[i])
        i += 2 if here else 1
    return merged


MERGES: dict[str, Callable[[Tokens, Pair], Tokens]] = {
    "are the same as before: nothing is merged.": lambda tokens, _: tokens,
    "have the first place merged only. Merge them all.": _once,
    f"have the right token of a pair beside the merged one, which holds it already. {ONCE}": _beside,
    f"use a token in two merges: in a a a the second a belongs to the first pair alone. {ONCE}": _overlapping,
    f"are merged from right to left: a a a becomes aa a. {ONCE}": lambda tokens, found: [
        token[::-1]
        for token in _joined([token[::-1] for token in tokens][::-1], (found[1][::-1], found[0][::-1]))[::-1]
    ],
    f"lack the last token. {ONCE} Do not lose what is left at the end.": lambda tokens, found: _joined(
        tokens, found, 1
    ),
    "have the parts of the merged token in the wrong order. It is left + right.": lambda tokens, found: [
        found[1] + found[0] if token == "".join(found) else token for token in _joined(tokens, found)
    ],
    "have (right, left) merged, too. Only (left, right), in this order.": _both_ways,
    "are merged across what ends a token: a search in the text finds tokens that only end or begin so.": _by_text,
    "hold the left token in place of the merged one. It is left + right.": lambda tokens, found: [
        found[0] if token == "".join(found) else token for token in _joined(tokens, found)
    ],
}
CASES = [
    list("low lower lowest slow"),
    list("tattatat abaab"),
    ["b", "b", "b", "a", "b", "b", "b", "b", "b", "c", "a", "c", "a", "c", "a", "a"],
    ["th", "e", " ", "th", "e", "ory", " ", "t", "he", " ", "ea", "th", "e", "r", "he", " ", "t", "he"],
    ["n", "o", "on", "n", "o"],
    list("zyzyxwxwzy xw"),
    list("cdabab"),
    list("acbab"),
    ["x", "y"],
    ["a", "a", "a"],
]


def _random() -> Tokens:
    letters = ["a", "b", "ab", "ba"]
    return [letters[i] for i in torch.randint(4, (40,)).tolist()]


@question
def byte_pair_merge(answer: Answer) -> None:
    """The most frequent pair, of equals the first, and the tokens after its merge, from left to right."""
    cases = [*CASES, *(_random() for _ in range(5))]
    found = [_parts(answer, case) for case in cases]
    right = [_most(case) for case in cases]
    _told([each for each, _ in found], right, PAIRS, [(case,) for case in cases], "The pair")
    merged = [_joined(*each) for each in zip(cases, right, strict=True)]
    _told([each for _, each in found], merged, MERGES, list(zip(cases, right, strict=True)), "The merged tokens")


def _parts(answer: Answer, tokens: Tokens) -> tuple[Pair, Tokens]:
    """(pair, merged) as a tuple of two texts and a list of texts, or CheckFailed."""
    given = list(tokens)
    first, merged = pair(answer(given), ("pair", "merged"), "byte_pair_merge")
    require(given == tokens, "byte_pair_merge changes the list that it is given. Build a new one.")
    swapped = isinstance(first, list) and isinstance(merged, tuple) and len(merged) == 2
    require(not swapped, "byte_pair_merge returns (merged, pair). Return (pair, merged), in this order.")
    kind = f"The pair is {first!r}. Return both tokens apart, as a tuple (left, right)."
    require(isinstance(first, tuple | list) and len(first) == 2 and all(isinstance(t, str) for t in first), kind)
    listed = f"The merged tokens come as a {type(merged).__name__}. Return a list of texts."
    require(isinstance(merged, tuple | list), listed)
    odd = next((token for token in merged if not isinstance(token, str)), None)
    require(odd is None, f"The merged tokens hold {odd!r}, no text: the new token is left + right.")
    return tuple(first), list(merged)


def _told(found: list, right: list, mistakes: dict[str, Callable], cases: list[tuple], what: str) -> None:
    """Raise CheckFailed unless all are right: with the mistake that gives them all, or the first wrong case."""
    if found == right:
        return
    for message, mistake in mistakes.items():
        require(found != [mistake(*case) for case in cases], f"{what} {message}")
    i = next(i for i, (value, other) in enumerate(zip(found, right, strict=True)) if value != other)
    is_ = "is" if what == "The pair" else "are"
    tokens = " ".join(cases[i][0])
    require(False, f"{what} of {tokens!r} (split at spaces) {is_} {found[i]!r} where {right[i]!r} is right."[:320])
