"""The check of assignment 05's verdict between two models: which rule is it, by how it decides in many duels?"""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import torch
from scipy import stats
from torch import Tensor

from course_utils.checks.kit.common import Answer, CheckFailed, question, require
from course_utils.checks.kit.draws import seeded

type Duel = tuple[Tensor, Tensor]  # the scores of a and of b


class _Runs(NamedTuple):
    """What an interval needs to know of many duels: each array is (2, duels), first a, then b."""

    n: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


def _runs(duels: list[Duel]) -> _Runs:
    parts = (len, np.mean, lambda runs: np.var(runs, ddof=1))
    return _Runs(*(np.array([[part(duel[i].numpy()) for duel in duels] for i in (0, 1)]) for part in parts))


def _degrees(squares: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Welch–Satterthwaite's degrees of freedom of squared standard errors (2, duels) from n runs each."""
    return squares.sum(0) ** 2 / (squares**2 / (n - 1)).sum(0)


class _Rule(NamedTuple):
    """The steps of an interval for the difference of two means; each can go wrong by itself."""

    squares: Callable[[_Runs], np.ndarray] = lambda runs: runs.variance / runs.n
    degrees: Callable[[np.ndarray, _Runs], np.ndarray] = lambda squares, runs: _degrees(squares, runs.n)
    quantile: Callable[[np.ndarray], np.ndarray] = lambda degrees: stats.t.ppf(0.975, degrees)
    sign: int = 1

    def parts(self, runs: _Runs) -> tuple[np.ndarray, ...]:
        """The difference, its standard error, the degrees of freedom and the quantile, of each duel."""
        squares = self.squares(runs)
        degrees = self.degrees(squares, runs)
        return self.sign * (runs.mean[0] - runs.mean[1]), np.sqrt(squares.sum(0)), degrees, self.quantile(degrees)

    def words(self, duels: list[Duel]) -> list[str]:
        """a, b or undecided, for each duel; smaller is better."""
        gap, error, _, t = self.parts(_runs(duels))
        return np.select([gap + t * error < 0, gap - t * error > 0], ["a", "b"], "undecided").tolist()


def _pooled(runs: _Runs) -> np.ndarray:
    return ((runs.n - 1) * runs.variance).sum(0) / (runs.n - 1).sum(0) / runs.n


SLIPS: dict[str, dict[str, object]] = {
    "It takes the larger score for the better one. Here smaller is better.": {"sign": -1},
    "It pools the variances, as if both models scattered alike. Each keeps its own: s²/n of a plus s²/n of b.": {
        "squares": _pooled,
        "degrees": lambda squares, runs: runs.n.sum(0) - 2,
    },
    "It uses the standard deviation where the standard error is due: divide each s² by its n.": {
        "squares": lambda runs: runs.variance
    },
    "It divides s by n. The standard error is s / √n: divide s² by n.": {
        "squares": lambda runs: runs.variance / runs.n**2
    },
    "It divides by n under the root. The variance of few runs divides by n − 1.": {
        "squares": lambda runs: runs.variance * (runs.n - 1) / runs.n**2
    },
    "It uses 1.96, the normal quantile. With few runs Student's t is larger.": {
        "quantile": lambda degrees: np.full(degrees.shape, 1.96)
    },
    "It uses the quantile 0.95. The interval has two sides: 0.975.": {"quantile": lambda d: stats.t.ppf(0.95, d)},
    "It uses n_a + n_b − 2 degrees of freedom, right for equal variances only. Take ν.": {
        "degrees": lambda squares, runs: runs.n.sum(0) - 2
    },
    "It uses n_a + n_b degrees of freedom. Take ν.": {"degrees": lambda squares, runs: runs.n.sum(0)},
    "It uses n − 1 degrees of freedom, with the smaller n. Take ν.": {"degrees": lambda s, runs: runs.n.min(0) - 1},
    "It uses n_a − 1 degrees of freedom, as if b were known exactly. Take ν.": {"degrees": lambda s, r: r.n[0] - 1},
    "It uses n_b − 1 degrees of freedom, as if a were known exactly. Take ν.": {"degrees": lambda s, r: r.n[1] - 1},
    "It rounds ν down. Student's t takes any ν, whole or not.": {
        "degrees": lambda squares, runs: np.floor(_degrees(squares, runs.n))
    },
    "It rounds ν. Student's t takes any ν, whole or not.": {
        "degrees": lambda squares, runs: np.round(_degrees(squares, runs.n))
    },
    "In ν it divides by n. Divide by n − 1.": {"degrees": lambda squares, runs: _degrees(squares, runs.n + 1)},
    "In ν it uses the variances s². Take the squares of the standard errors, s²/n.": {
        "degrees": lambda squares, runs: _degrees(runs.variance, runs.n)
    },
}


def _smaller(a: Tensor, b: Tensor) -> str:
    return "a" if a < b else "b" if b < a else "undecided"


def _apart(reach: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor], str]:
    """Whether the bands mean ± reach lie apart."""
    return lambda a, b: _smaller(a.mean(), b.mean()) if (a.mean() - b.mean()).abs() > reach(a) + reach(b) else "undecided"


def _error(runs: Tensor) -> Tensor:
    return runs.std() / len(runs) ** 0.5


def _half(runs: Tensor) -> Tensor:
    return stats.t.ppf(0.975, len(runs) - 1) * _error(runs)


def _paired(a: Tensor, b: Tensor) -> str:
    return _smaller(a.mean(), b.mean()) if (a - b).mean().abs() > _half(a - b) else "undecided"


def _sorted(a: Tensor, b: Tensor) -> str:
    return _paired(a.sort().values, b.sort().values)


NO_PAIRS = "Run i of a and run i of b share no luck: each mean has an uncertainty of its own, s²/n, and they add."
OVERLAP = "asks whether two bands overlap, which is another question. One interval, that of the difference, decides."
OTHERS: dict[str, Callable[[Tensor, Tensor], str]] = {
    "It compares the means alone. A difference smaller than its uncertainty is undecided.": lambda a, b: _smaller(
        a.mean(), b.mean()
    ),
    "It compares the best runs. Whoever tries more seeds then wins; use all of them.": lambda a, b: _smaller(
        a.min(), b.min()
    ),
    f"It {OVERLAP} (Here: mean ± standard deviation.)": _apart(torch.std),
    f"It {OVERLAP} (Here: mean ± standard error.)": _apart(_error),
    f"It {OVERLAP} (Here: the 95 % interval of each mean.)": _apart(_half),
    "It is never decided.": lambda a, b: "undecided",
}
IN_PAIRS: dict[str, Callable[[Tensor, Tensor], str]] = {  # need as many runs of a as of b
    f"It is the paired interval, of the differences a − b. {NO_PAIRS}": _paired,
    f"It is the paired interval, of sorted scores. {NO_PAIRS}": _sorted,
    "It counts the runs that are won, and does not look at how far apart the scores are.": lambda a, b: _smaller(
        (a > b).sum(), (a < b).sum()
    ),
}


def _duels(sizes: tuple[tuple[int, int], ...], seed: int) -> list[Duel]:
    """Scores of two models that scatter differently: so many that every rule above goes its own way."""
    generator, found = seeded(seed), []
    for number in range(400):
        luck, spread = torch.randn(8, generator=generator, dtype=torch.float64), (0.2, 0.6, 1.8)[number % 3]
        a, b = (5 + torch.randn(n, generator=generator, dtype=torch.float64) for n in sizes[number % len(sizes)])
        found.append((luck[: len(a)] / 2 + spread * (a - 5) + 5, luck[: len(b)] / 2 + b + (number % 9 - 4) / 2))
    return found


EQUAL = _duels(((3, 3), (4, 4), (5, 5), (8, 8)), 8)
UNEQUAL = _duels(((3, 8), (6, 2), (4, 3), (2, 5), (7, 4)), 9)


def _named(equal: list[str], unequal: list[str] | None) -> Iterator[str]:
    """What is wrong with the rule that decides so, the likeliest first; `unequal` is None where it cannot decide."""

    def is_(words: Callable[[list[Duel]], list[str]]) -> bool:
        return words(EQUAL) == equal and unequal in (None, words(UNEQUAL))

    for message, rule in OTHERS.items():
        if is_(lambda duels, rule=rule: [rule(a, b) for a, b in duels]):
            yield message
    for message, rule in IN_PAIRS.items():
        if [rule(a, b) for a, b in EQUAL] == equal:
            yield message
    for count in (1, 2):
        for chosen in combinations(SLIPS, count):
            steps = [step for message in chosen for step in SLIPS[message]]
            if len(set(steps)) == len(steps):
                rule = _Rule(**{key: value for message in chosen for key, value in SLIPS[message].items()})
                if is_(rule.words):
                    yield " And: ".join(chosen)


def _decided(answer: Answer, duels: list[Duel]) -> list[str]:
    given = [answer(a.clone(), b.clone()) for a, b in duels]
    for value in given:
        known = isinstance(value, str) and value in ("a", "b", "undecided")
        require(known, f'verdict returns {value!r:.40}. Return "a", "b" or "undecided".')
    return given


@question
def verdict(answer: Answer) -> None:
    """a, b or undecided, by Welch's 95 % interval, told by how it behaves in many duels, and without any spread."""
    equal, unequal, problem = _decided(answer, EQUAL), None, None
    try:
        unequal = _decided(answer, UNEQUAL)
    except CheckFailed as failure:
        problem = str(failure)
    if equal != _Rule().words(EQUAL) or unequal != _Rule().words(UNEQUAL):
        for message in _named(equal, unequal):
            raise CheckFailed(message)
        require(problem is None, f"a and b may have different numbers of runs: {problem}")
        _first_difference(equal + (unequal or []))
    _without_spread(answer)


def _first_difference(given: list[str]) -> None:
    """Raise CheckFailed with every step of the interval in the first duel that is decided wrongly."""
    duels = EQUAL + UNEQUAL
    i = next(i for i, word in enumerate(_Rule().words(duels)) if word != given[i])
    (a, b), right = duels[i], _Rule().words(duels[i : i + 1])[0]
    gap, error, degrees, t = (part[0] for part in _Rule().parts(_runs(duels[i : i + 1])))
    shown = " and ".join(f"[{', '.join(f'{v:.2f}' for v in scores)}]" for scores in (a, b))
    steps = f"difference {gap:.3f}, standard error {error:.3f}, ν = {degrees:.2f}, t = {t:.2f}"
    raise CheckFailed(f'verdict is "{given[i]}" for {shown}, where "{right}" is right. Compare step by step: {steps}.')


def _without_spread(answer: Answer) -> None:
    """s = 0 for both: the interval is a point, the difference itself."""
    low, high = (torch.full((n,), value, dtype=torch.float64) for n, value in ((3, 2.0), (4, 5.0)))
    for (a, b), right in (((low, high), "a"), ((high, low), "b"), ((low, low.clone()), "undecided")):
        got = _decided(answer, [(a, b)])[0]
        where = f"a is {a[0]:g} and b is {b[0]:g} in every run, so that s = 0 and ν = 0/0"
        point = f'The interval is then the point {a[0] - b[0]:g}: "{right}".'
        require(got == right, f'verdict is "{got}" where {where}. {point}')
