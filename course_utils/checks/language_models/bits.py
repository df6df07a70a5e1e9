"""The check of assignment 10 of bits per character."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.checks.kit.answers import number
from course_utils.checks.kit.cases import explained
from course_utils.checks.kit.common import Answer, question, require
from course_utils.checks.kit.properties import fixed

PIECES = ["a", "the ", "é—", "qu", "ing"]
BITS = "It is Σ −log₂ p(token) over all tokens, divided by the number of characters that they stand for."


def _nats(logits: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(logits.double(), targets, reduction="none")


def _characters(targets: Tensor, pieces: list[str]) -> Tensor:
    return torch.tensor([len(pieces[i]) for i in targets.tolist()]).double()


def _bits(logits: Tensor, targets: Tensor, pieces: list[str]) -> Tensor:
    return _nats(logits, targets).sum() / math.log(2) / _characters(targets, pieces).sum()


def _bytes(targets: Tensor, pieces: list[str]) -> int:
    return sum(len(pieces[i].encode()) for i in targets.tolist())


def _shifted(logits: Tensor, targets: Tensor, pieces: list[str]) -> Tensor:
    if len(targets) < 2:
        return _bits(logits, targets, pieces)
    return _bits(logits[:-1], targets[1:], pieces)


BPC_MISTAKES: dict[str, Callable[[Tensor, Tensor, list[str]], Tensor]] = {
    f"is in nats. Divide by ln 2. {BITS}": lambda z, y, s: _bits(z, y, s) * math.log(2),
    f"is for each token, not for each character. {BITS}": lambda z, y, s: _nats(z, y).mean() / math.log(2),
    f"is in nats, and for each token. {BITS}": lambda z, y, s: _nats(z, y).mean(),
    "is multiplied by ln 2. A nat is 1 / ln 2 = 1.44 bits: divide.": lambda z, y, s: _bits(z, y, s) * math.log(2) ** 2,
    f"is not divided by the number of characters. {BITS}": lambda z, y, s: _nats(z, y).sum() / math.log(2),
    f"is the whole sum, in nats. {BITS}": lambda z, y, s: _nats(z, y).sum(),
    "is for each byte. é is one character of two bytes: count characters, len(piece).": lambda z, y, s: (
        _nats(z, y).sum() / math.log(2) / _bytes(y, s)
    ),
    "is divided by the length of all pieces. Count the characters of the tokens in targets.": lambda z, y, s: (
        _nats(z, y).sum() / math.log(2) / sum(map(len, s))
    ),
    "takes the mean length of a piece. Count the characters of the tokens in targets.": lambda z, y, s: (
        _nats(z, y).mean() / math.log(2) / (sum(map(len, s)) / len(s))
    ),
    "is a mean of quotients. Divide the sum of all bits by the sum of all characters.": lambda z, y, s: (
        (_nats(z, y) / _characters(y, s)).mean() / math.log(2)
    ),
    "divides both by the tokens and by the characters. Once is enough: sum, then divide.": lambda z, y, s: (
        _bits(z, y, s) / len(y)
    ),
    "has the wrong sign. A code length is positive: −log p.": lambda z, y, s: -_bits(z, y, s),
    "is a perplexity. Return its logarithm to base 2, the bits.": lambda z, y, s: 2 ** _bits(z, y, s),
    "takes a softmax of a softmax: F.cross_entropy wants the logits.": lambda z, y, s: _bits(z.softmax(1), y, s),
    "takes the logits for log-probabilities: log_softmax normalizes them.": lambda z, y, s: (
        -z.double().gather(1, y[:, None]).sum() / math.log(2) / _characters(y, s).sum()
    ),
    "is shifted by one. Row t of the logits is the prediction of targets[t] already.": _shifted,
    "is in decimal digits. Use log₂, or divide nats by ln 2.": lambda z, y, s: (
        _bits(z, y, s) * math.log(2) / math.log(10)
    ),
    "normalizes over the positions (dimension 0). The tokens are dimension 1.": lambda z, y, s: (
        -z.double().log_softmax(0).gather(1, y[:, None]).sum() / math.log(2) / _characters(y, s).sum()
    ),
    "is of the most likely tokens. Look up those that came: targets.": lambda z, y, s: (
        -z.double().log_softmax(1).amax(1).sum() / math.log(2) / _characters(y, s).sum()
    ),
    "is the entropy of the prediction. Look up the tokens that came: targets.": lambda z, y, s: (
        torch.distributions.Categorical(logits=z.double()).entropy().sum() / math.log(2) / _characters(y, s).sum()
    ),
    "is multiplied by the characters. More characters for the same bits are better: divide.": lambda z, y, s: (
        _nats(z, y).mean() / math.log(2) * _characters(y, s).mean()
    ),
}


@question
def bits_per_character(answer: Answer) -> None:
    """Σ −log₂ p(target) by the characters of the targets: tokens of 1 to 4 characters, one token, logits of ±1,000."""
    what = "The result"
    cases = [
        (2 * fixed(6, 5), torch.tensor([1, 2, 0, 4, 1, 3]), PIECES),
        (3 * fixed(4, 3, seed=1), torch.tensor([2, 0, 2, 1]), ["ß", "to", "token"]),
        (fixed(1, 5, seed=2), torch.tensor([2]), PIECES),
    ]
    found, right = [answer(*case) for case in cases], [_bits(*case) for case in cases]
    explained(found, cases, right, BPC_MISTAKES, what)
    _near(found, right, what)
    wild = (1000 * fixed(3, 5, seed=3), torch.tensor([0, 1, 4]), PIECES)
    stable = "Logits of ±1,000 make a probability of 0, whose logarithm is −inf. Use log_softmax or F.cross_entropy."
    value = torch.as_tensor(answer(*wild)).double()
    require(torch.isfinite(value).all(), stable)
    _near([value], [_bits(*wild)], f"{what} for logits of ±1,000")
    even = (torch.zeros(7, 8), torch.arange(7), ["ab"] * 8)
    _near([answer(*even)], [torch.tensor(1.5)], f"{what} for 8 tokens of two characters, all equally likely,")


def _near(found: Sequence[object], right: Sequence[Tensor], what: str) -> None:
    for value, expected in zip(found, right, strict=True):
        got = number(value, what)
        wrong = f"{what} is wrong: {got:.4g} where {expected:.4g} is right. Compare term by term."
        require(torch.isclose(got, expected.double(), rtol=1e-4), wrong)
