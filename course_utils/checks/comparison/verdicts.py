"""The check of assignment 05's verdict between two models: which rule is it, by how it decides in many duels?"""

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
import torch
from scipy import stats
from torch import Tensor

from course_utils.checks.kit.common import Answer, CheckFailed, question, require
from course_utils.checks.kit.draws import seeded

Duel = tuple[Tensor, Tensor]  # the scores of a and of b


class _Runs(NamedTuple):
    """What the rules need to know of many duels: each array is (2, duels), first a, then b."""

    n: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    paired: np.ndarray  # the variance of a − b, and 0; nan where a and b have different numbers of runs
    best: np.ndarray
    won: np.ndarray  # the pairs that each wins


def _runs(duels: list[Duel]) -> _Runs:
    pairs = [(a.numpy(), b.numpy()) for a, b in duels]
    parts = (len, np.mean, lambda runs: np.var(runs, ddof=1), np.min)
    n, mean, variance, best = (np.array([[part(pair[i]) for pair in pairs] for i in (0, 1)]) for part in parts)
    same = [(a, b) if len(a) == len(b) else (np.full(2, np.nan),) * 2 for a, b in pairs]
    paired = np.array([[np.var(a - b, ddof=1) for a, b in same], [0.0] * len(same)])
    won = np.array([[np.sum(a < b) for a, b in same], [np.sum(a > b) for a, b in same]])
    return _Runs(n, mean, variance, paired, best, won)


def _degrees(squares: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Welch–Satterthwaite's degrees of freedom of squared standard errors (2, duels) from n runs each."""
    return squares.sum(0) ** 2 / (squares**2 / (n - 1)).sum(0)


def _words(gap: np.ndarray, half: np.ndarray | float = 0.0) -> list[str]:
    """a, b or undecided by gap ± half; smaller is better."""
    return np.select([gap + half < 0, gap - half > 0], ["a", "b"], "undecided").tolist()


class _Rule(NamedTuple):
    """The steps of an interval for the difference of two means; each can go wrong by itself."""

    variance: Callable[[_Runs], np.ndarray] = lambda runs: runs.variance
    square: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda variance, n: variance / n
    degrees: Callable[[np.ndarray, _Runs], np.ndarray] = lambda variance, runs: _degrees(variance / runs.n, runs.n)
    quantile: Callable[[np.ndarray], np.ndarray] = lambda degrees: stats.t.ppf(0.975, degrees)
    sign: int = 1

    def parts(self, runs: _Runs) -> tuple[np.ndarray, ...]:
        """The difference, its standard error, the degrees of freedom and the quantile, of each duel."""
        variance = self.variance(runs)
        error, degrees = np.sqrt(self.square(variance, runs.n).sum(0)), self.degrees(variance, runs)
        return self.sign * (runs.mean[0] - runs.mean[1]), error, degrees, self.quantile(degrees)

    def __call__(self, runs: _Runs) -> list[str]:
        gap, error, _, t = self.parts(runs)
        return _words(gap, t * error)


def _pooled(runs: _Runs) -> np.ndarray:
    return np.tile(((runs.n - 1) * runs.variance).sum(0) / (runs.n - 1).sum(0), (2, 1))


NO_PAIRS = "Run i of a and run i of b share no luck: each mean has an uncertainty of its own, s²/n, and they add."
SLIPS: dict[str, dict[str, object]] = {
    f"It is the paired interval, of the differences a − b. {NO_PAIRS}": {
        "variance": lambda runs: runs.paired,
        "degrees": lambda variance, runs: runs.n[0] - 1,
    },
    "It takes the larger score for the better one. Here smaller is better.": {"sign": -1},
    "It pools the variances, as if both models scattered alike. Each keeps its own: s²/n of a plus s²/n of b.": {
        "variance": _pooled,
        "degrees": lambda variance, runs: runs.n.sum(0) - 2,
    },
    "It uses the standard deviation where the standard error is due: divide each s² by its n.": {
        "square": lambda variance, n: variance
    },
    "It divides s by n. The standard error is s / √n: divide s² by n.": {"square": lambda v, n: v / n**2},
    "It divides by n under the root. The variance of few runs divides by n − 1.": {
        "variance": lambda runs: runs.variance * (runs.n - 1) / runs.n
    },
    "It uses 1.96, the normal quantile. With few runs Student's t is larger.": {
        "quantile": lambda degrees: np.full(degrees.shape, 1.96)
    },
    "It uses the quantile 0.95. The interval has two sides: 0.975.": {"quantile": lambda d: stats.t.ppf(0.95, d)},
    "It uses n_a + n_b − 2 degrees of freedom, right for equal variances only. Take ν.": {
        "degrees": lambda variance, runs: runs.n.sum(0) - 2
    },
    "It uses n_a + n_b degrees of freedom. Take ν.": {"degrees": lambda variance, runs: runs.n.sum(0)},
    "It uses n − 1 degrees of freedom, with the smaller n. Take ν.": {
        "degrees": lambda variance, runs: runs.n.min(0) - 1
    },
    "It uses n_a − 1 degrees of freedom, as if b were known exactly. Take ν.": {
        "degrees": lambda variance, r: r.n[0] - 1
    },
    "It uses n_b − 1 degrees of freedom, as if a were known exactly. Take ν.": {
        "degrees": lambda variance, r: r.n[1] - 1
    },
    "It rounds ν down. Student's t takes any ν, whole or not.": {
        "degrees": lambda variance, runs: np.floor(_degrees(variance / runs.n, runs.n))
    },
    "It rounds ν. Student's t takes any ν, whole or not.": {
        "degrees": lambda variance, runs: np.round(_degrees(variance / runs.n, runs.n))
    },
    "In ν it divides by n. Divide by n − 1.": {
        "degrees": lambda variance, runs: _degrees(variance / runs.n, runs.n + 1)
    },
    "In ν it uses the variances s². Take the squares of the standard errors, s²/n.": {
        "degrees": lambda variance, runs: _degrees(variance, runs.n)
    },
}


def _apart(reach: Callable[[_Runs], np.ndarray]) -> Callable[[_Runs], list[str]]:
    """Whether the bands mean ± reach lie apart."""
    return lambda runs: _words(runs.mean[0] - runs.mean[1], reach(runs).sum(0))


def _half(runs: _Runs) -> np.ndarray:
    return stats.t.ppf(0.975, runs.n - 1) * np.sqrt(runs.variance / runs.n)


OVERLAP = "asks whether two bands overlap, which is another question. One interval, that of the difference, decides."
OTHERS: dict[str, Callable[[_Runs], list[str]]] = {
    "It compares the means alone. A difference smaller than its uncertainty is undecided.": lambda runs: _words(
        runs.mean[0] - runs.mean[1]
    ),
    "It compares the best runs. Whoever tries more seeds then wins; use all of them.": lambda runs: _words(
        runs.best[0] - runs.best[1]
    ),
    f"It {OVERLAP} (Here: mean ± standard deviation.)": _apart(lambda runs: np.sqrt(runs.variance)),
    f"It {OVERLAP} (Here: mean ± standard error.)": _apart(lambda runs: np.sqrt(runs.variance / runs.n)),
    f"It {OVERLAP} (Here: the 95 % interval of each mean.)": _apart(_half),
    "It is never decided.": lambda runs: ["undecided"] * runs.n.shape[1],
    "It counts the runs that are won, and does not look at how far apart the scores are.": lambda runs: _words(
        runs.won[1] - runs.won[0]
    ),
}


def _duels(sizes: tuple[tuple[int, int], ...], seed: int) -> list[Duel]:
    """Scores of two models that scatter differently: so many that every rule above goes its own way."""
    generator, found = seeded(seed), []
    for number in range(120):
        luck, spread = torch.randn(8, generator=generator, dtype=torch.float64), (0.2, 0.6, 1.8)[number % 3]
        a, b = (torch.randn(n, generator=generator, dtype=torch.float64) for n in sizes[number % len(sizes)])
        a, b = (5 + luck[: len(runs)] / 2 + scale * runs for runs, scale in ((a, spread), (b, 1.0)))
        found.append((a, b + (number % 11 - 5) / 2.5))
    return found


EQUAL = _duels(((3, 3), (4, 4), (5, 5), (8, 8)), 8)
UNEQUAL = _duels(((3, 8), (6, 2), (4, 3), (2, 5), (7, 4)), 9)


def _named(equal: list[str], unequal: list[str] | None) -> str | None:
    """What is wrong with the rule that decides so; `unequal` is None where it cannot decide."""
    first, second = _runs(EQUAL), _runs(UNEQUAL)

    def same(rule: Callable[[_Runs], list[str]]) -> bool:
        return rule(first) == equal and unequal in (None, rule(second))

    found = [message for message, rule in OTHERS.items() if same(rule)]
    for chosen in (*combinations(SLIPS, 1), *combinations(SLIPS, 2)):
        steps = [step for message in chosen for step in SLIPS[message]]
        if not found and len(set(steps)) == len(steps):
            rule = _Rule(**{step: value for message in chosen for step, value in SLIPS[message].items()})
            found += [" And: ".join(chosen)] if same(rule) else []
    return found[0] if found else None


def _decided(answer: Answer, duels: list[Duel]) -> list[str]:
    given = [answer(a.clone(), b.clone()) for a, b in duels]
    for value in given:
        known = isinstance(value, str) and value in ("a", "b", "undecided")
        require(known, f'verdict returns {value!r:.40}. Return "a", "b" or "undecided".')
    return given


@question
def verdict(answer: Answer) -> None:
    """a, b or undecided, by Welch's 95 % interval, told by how it behaves in many duels, and without any spread."""
    equal, unequal, problem = _decided(answer, EQUAL), None, ""
    try:
        unequal = _decided(answer, UNEQUAL)
    except CheckFailed as failure:
        problem = f"a and b may have different numbers of runs: {failure}"
    right = [_Rule()(_runs(duels)) for duels in (EQUAL, UNEQUAL)]
    if equal != right[0] or unequal not in (None, right[1]):
        require(False, _named(equal, unequal) or _first_difference(equal + (unequal or [])))
    require(not problem, problem)
    _without_spread(answer)


def _first_difference(given: list[str]) -> str:
    """Every step of the interval in the first duel that is decided wrongly."""
    runs = [_runs(duels) for duels in (EQUAL, UNEQUAL)]
    words = [word for part in runs for word in _Rule()(part)]
    i = next(i for i, word in enumerate(given) if word != words[i])
    (a, b), part, j = (EQUAL + UNEQUAL)[i], runs[i >= len(EQUAL)], i % len(EQUAL)
    gap, error, degrees, t = (value[j] for value in _Rule().parts(part))
    shown = " and ".join(f"[{', '.join(f'{v:.2f}' for v in scores)}]" for scores in (a, b))
    steps = f"difference {gap:.3f}, standard error {error:.3f}, ν = {degrees:.2f}, t = {t:.2f}"
    return f'verdict is "{given[i]}" for {shown}, where "{words[i]}" is right. Compare step by step: {steps}.'


def _without_spread(answer: Answer) -> None:
    """s = 0 for both: the interval is a point, the difference itself."""
    low, high = (torch.full((n,), value, dtype=torch.float64) for n, value in ((3, 2.0), (4, 5.0)))
    for (a, b), right in (((low, high), "a"), ((high, low), "b"), ((low, low.clone()), "undecided")):
        got = _decided(answer, [(a, b)])[0]
        where = f"a is {a[0]:g} and b is {b[0]:g} in every run, so that s = 0 and ν = 0/0"
        point = f'The interval is then the point {a[0] - b[0]:g}: "{right}".'
        require(got == right, f'verdict is "{got}" where {where}. {point}')
