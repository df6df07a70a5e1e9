"""The check of assignment 05's verdict between two models: which rule is it, by how it decides in many duels?"""

from collections.abc import Callable

import torch
from scipy import stats
from torch import Tensor

from course_utils.checks.kit.common import Answer, CheckFailed, question, quiet, require


def _interval(difference: Tensor, error: float, degrees: float, level: float = 0.975) -> str:
    """a, b, or undecided, by mean ± quantile · error of a − b; smaller is better."""
    mean, half = float(difference.mean()), float(stats.t.ppf(level, degrees)) * error
    return "a" if mean + half < 0 else "b" if mean - half > 0 else "undecided"


def _paired(a: Tensor, b: Tensor, ddof: int = 1, root: bool = True, degrees: int = 0, level: float = 0.975) -> str:
    d, n = a - b, len(a)
    error = float(d.std(correction=ddof)) / (n**0.5 if root else 1)
    return _interval(d, error, degrees or n - 1, level)


def _unpaired(a: Tensor, b: Tensor) -> str:
    n = len(a)
    return _interval(a - b, float((a.var() / n + b.var() / n).sqrt()), 2 * n - 2)


def _welch(a: Tensor, b: Tensor) -> str:
    va, vb, n = a.var() / len(a), b.var() / len(b), len(a)
    degrees = float((va + vb) ** 2 / ((va**2 + vb**2) / (n - 1)))
    return _interval(a - b, float((va + vb).sqrt()), degrees)


def _bands(a: Tensor, b: Tensor) -> str:
    """Whether the bands mean ± standard deviation lie apart."""
    apart = float((a.mean() - b.mean()).abs()) > float(a.std() + b.std())
    return _smaller(a.mean(), b.mean()) if apart else "undecided"


def _smaller(a: Tensor, b: Tensor) -> str:
    return "a" if a < b else "b" if b < a else "undecided"


PAIRED = "The same seed gives a pair: take the differences a − b first, then their spread."
RULES: dict[str, Callable[[Tensor, Tensor], str]] = {
    "It compares the means alone. A difference smaller than its uncertainty is undecided.": lambda a, b: _smaller(
        a.mean(), b.mean()
    ),
    "It compares the best runs. Whoever tries more seeds then wins; use all of them.": lambda a, b: _smaller(
        a.min(), b.min()
    ),
    "It counts the seeds that are won, and does not look at how far apart the scores are.": lambda a, b: _smaller(
        (a > b).sum(), (a < b).sum()
    ),
    "It takes the larger score for the better one. Here smaller is better.": lambda a, b: _paired(b, a),
    f"It is the unpaired test, with pooled variances. {PAIRED}": _unpaired,
    f"It is Welch's test, for samples that are not paired. {PAIRED}": _welch,
    f"It asks whether the two bands mean ± standard deviation overlap. {PAIRED}": _bands,
    "It sorts the scores. Seed i of a belongs to seed i of b: keep their order.": lambda a, b: _paired(
        a.sort().values, b.sort().values
    ),
    "It uses the standard deviation where the standard error is due: divide by √n.": lambda a, b: _paired(
        a, b, root=False
    ),
    "It divides by n. The standard error is s / √n.": lambda a, b: _interval(
        a - b, float((a - b).std()) / len(a), len(a) - 1
    ),
    "It uses 1.96, the normal quantile. With few seeds Student's t is much larger: n − 1 degrees.": lambda a, b: (
        _paired(a, b, degrees=10**9)
    ),
    "It divides by n under the root. The standard deviation of few seeds divides by n − 1.": lambda a, b: _paired(
        a, b, ddof=0
    ),
    "It uses the quantile 0.95. The interval has two sides: 0.975.": lambda a, b: _paired(a, b, level=0.95),
    "It uses n degrees of freedom. One is used up by the mean: n − 1.": lambda a, b: _paired(a, b, degrees=len(a)),
    "It is never decided.": lambda a, b: "undecided",
}


def _duels() -> list[tuple[Tensor, Tensor]]:
    """Scores of two models that share the luck of a seed: many, so that every rule above goes its own way."""
    generator, found = torch.Generator().manual_seed(8), []
    for number in range(400):
        n = (3, 4, 5, 8)[number % 4]
        luck = 2 * torch.randn(n, generator=generator, dtype=torch.float64)
        a, b = (5 + luck + 0.5 * torch.randn(n, generator=generator, dtype=torch.float64) for _ in "ab")
        found.append((a, b + (number % 9 - 4) / 3))
    return found


@question
def verdict(answer: Answer) -> None:
    """a, b or undecided, by a paired 95 % interval, told by how it behaves in many duels."""
    duels = [(torch.tensor([1.0, 2.0, 3.0]).double(), torch.tensor([1.5, 2.5, 3.5]).double()), *_duels()]
    given = [answer(a.clone(), b.clone()) for a, b in duels]
    for value in given:
        known = isinstance(value, str) and value in ("a", "b", "undecided")
        require(known, f'verdict returns {value!r:.40}. Return "a", "b" or "undecided".')
    right = [_paired(a, b) for a, b in duels]
    if given != right:
        for message, rule in RULES.items():
            require(given[1:] != [rule(a, b) for a, b in duels[1:]], message)
        (a, b), got, want = next(
            (duel, g, r) for duel, g, r in zip(duels, given, right, strict=True) if g != r
        )  # the first duel that goes wrong
        shown = ", ".join(f"[{', '.join(f'{v:.2f}' for v in scores)}]" for scores in (a, b))
        raise CheckFailed(f'verdict is "{got}" for {shown}, where "{want}" is right. Compare step by step.')
    same = torch.tensor([2.0, 5.0, 3.0], dtype=torch.float64)
    with quiet():
        require(answer(same, same.clone()) == "undecided", "verdict decides between equal scores: they are undecided.")
