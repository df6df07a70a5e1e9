"""The check of assignment 11 of the threshold by cost: chosen on the validation set, charged on the test set."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from course_utils.checks.kit.answers import number, pair, plain
from course_utils.checks.kit.cases import explained, loose
from course_utils.checks.kit.common import Answer, question, require
from course_utils.checks.kit.draws import seeded

Scored = tuple[Tensor, Tensor]
Charge = Callable[[Tensor, Tensor, float, float], float]  # (alarm, sick, cost_missed, cost_alarm) → cost
ORDER = "threshold returns its two numbers in another order. Return (t, cost)."
RULE = "Alarm where score > t."
CHOICE = "Candidates are −inf and each score of the validation set."


def _cost(alarm: Tensor, sick: Tensor, missed: float, false: float) -> float:
    return float((missed * (sick & ~alarm) + false * (~sick & alarm)).double().mean())


def _total(alarm: Tensor, sick: Tensor, missed: float, false: float) -> float:
    return _cost(alarm, sick, missed, false) * len(sick)


def _rates(alarm: Tensor, sick: Tensor, missed: float, false: float) -> float:
    return float(missed * (~alarm)[sick].double().mean() + false * alarm[~sick].double().mean())


def _errors(alarm: Tensor, sick: Tensor, missed: float, false: float) -> float:
    return float((alarm != sick).double().mean())


def _swapped(alarm: Tensor, sick: Tensor, missed: float, false: float) -> float:
    return _cost(alarm, sick, false, missed)


def _above(score: Tensor, t: float) -> Tensor:
    return score > t


def _all_scores(score: Tensor, sick: Tensor) -> list[float]:
    return [-math.inf, *score.tolist()]


def _middles(score: Tensor, sick: Tensor) -> list[float]:
    s = score.unique()
    return [-math.inf, *((s[1:] + s[:-1]) / 2).tolist(), math.inf]


def _chooser(
    chosen_by: Charge = _cost,
    charged_by: Charge = _cost,
    alarm: Callable[[Tensor, float], Tensor] = _above,
    candidates: Callable[[Tensor, Tensor], list[float]] = _all_scores,
    first: int = -1,  # of equally cheap thresholds: −1 the largest, 1 the smallest
    on: tuple[int, int] = (0, 1),  # which set chooses, which is charged
) -> Callable[..., Tensor]:
    """A right or wrong way to (t, cost)."""

    def chosen(validation: Scored, test: Scored, missed: float, false: float) -> Tensor:
        sets = validation, test
        score, sick = sets[on[0]]
        cheap = {t: chosen_by(alarm(score, t), sick, missed, false) for t in candidates(score, sick)}
        t = min(cheap, key=lambda t: (round(cheap[t], 9), first * t))
        score, sick = sets[on[1]]
        return torch.tensor([t, charged_by(alarm(score, t), sick, missed, false)], dtype=torch.float64)

    return chosen


_right = _chooser()


def _both(validation: Scored, test: Scored, missed: float, false: float) -> Tensor:
    """The threshold chosen on both sets together."""
    joined = tuple(torch.cat(parts) for parts in zip(validation, test, strict=True))
    return _chooser()(joined, test, missed, false)


def _best_of_test(validation: Scored, test: Scored, missed: float, false: float) -> Tensor:
    """The validation set's threshold with the least cost that any threshold has on the test set."""
    t = _right(validation, test, missed, false)[0]
    return torch.stack([t, _chooser(on=(1, 1))(validation, test, missed, false)[1]])


MISTAKES: dict[str, Callable[..., Tensor]] = {
    "are those of a threshold searched on the test set. Choose on the validation set: the test judges.": _chooser(
        on=(1, 1)
    ),
    "are those of a threshold searched on validation and test together. The test only judges.": _both,
    "have the cost on the validation set, where the threshold was chosen. Charge it on the test set.": _chooser(
        on=(0, 0)
    ),
    "have the least cost that any threshold has on the test set. Charge the one that is chosen.": _best_of_test,
    "have the costs exchanged: a sick one without an alarm costs cost_missed.": _chooser(_swapped, _swapped),
    "are chosen with the costs exchanged: a sick one without an alarm costs cost_missed.": _chooser(_swapped),
    f"have the alarm on the wrong side. {RULE}": _chooser(alarm=lambda score, t: score < t),
    f"have the alarm on the wrong side, and at t too. {RULE}": _chooser(alarm=lambda score, t: score <= t),
    f"give an alarm at score = t, too. {RULE}": _chooser(alarm=lambda score, t: score >= t),
    "take the smallest of equally cheap thresholds. Take the largest: fewer alarms.": _chooser(first=1),
    f"leave out −inf, an alarm for everybody. {CHOICE}": _chooser(candidates=lambda score, sick: score.tolist()),
    f"search between the scores. {CHOICE}": _chooser(candidates=_middles),
    f"search among the scores of the sick alone. {CHOICE}": _chooser(
        candidates=lambda score, sick: [-math.inf, *score[sick].tolist()]
    ),
    f"search among the scores of the healthy alone. {CHOICE}": _chooser(
        candidates=lambda score, sick: [-math.inf, *score[~sick].tolist()]
    ),
    "have the cost of all cases together. Divide by their number: the cost per case.": _chooser(_total, _total),
    "weigh the share of the sick missed and the share of the healthy alarmed. Count cases: cost per case.": _chooser(
        _rates, _rates
    ),
    "are chosen by shares of the sick and of the healthy. Count cases: the rarer kind counts for less.": _chooser(
        _rates
    ),
    "are chosen by the number of errors, whatever they cost.": _chooser(_errors),
    "ignore the costs: they count errors.": _chooser(_errors, _errors),
    "charge for the missed alone. A false alarm costs cost_alarm.": _chooser(
        lambda alarm, sick, missed, false: _cost(alarm, sick, missed, 0),
        lambda alarm, sick, missed, false: _cost(alarm, sick, missed, 0),
    ),
    "charge for every alarm. A sick one with an alarm costs nothing here.": _chooser(
        lambda alarm, sick, missed, false: float((missed * (sick & ~alarm) + false * alarm).double().mean()),
        lambda alarm, sick, missed, false: float((missed * (sick & ~alarm) + false * alarm).double().mean()),
    ),
    "have the smallest score for an alarm for everybody. A score > t leaves t itself out: take −inf.": lambda *case: (
        torch.stack([torch.maximum(_right(*case)[0], case[0][0].min()), _right(*case)[1]])
    ),
}


def _scored(n: int, sick: int, seed: int) -> Scored:
    """Scores in steps of ½, so that several cases share one, and who is sick; the sick have higher ones."""
    rng = seeded(seed)
    who = torch.randperm(n, generator=rng) < sick
    score = (4 * torch.randn(n, generator=rng, dtype=torch.float64) + 5 * who).round() / 2
    return score, who


def _cases() -> list[tuple]:
    """Validation and test set of different sizes; costs for which the ends, −inf and the maximum, are best, too."""
    cases = [
        (_scored(40, 9, seed), _scored(31, 8, seed + 10), missed, false)
        for seed, missed, false in ((1, 4.0, 1.0), (2, 1.0, 2.0), (3, 8.0, 0.5), (4, 2.0, 2.0), (5, 3.0, 1.0))
    ]
    tied = torch.tensor([0.0, 1.0, 2.0, 2.0, 3.0]).double(), torch.tensor([False, True, False, False, True])
    lowest = torch.tensor([0.0, 1.0, 2.0, 3.0]).double(), torch.tensor([True, False, False, True])
    ends = [(cases[2][0], cases[3][1], 0.25, 64.0), (lowest, cases[1][1], 3.0, 1.0)]
    return [*cases, *ends, (tied, tied, 2, 1)]


def _read(value: object) -> Tensor:
    t, cost = pair(value, ("t", "cost"), "threshold")
    first = torch.as_tensor(plain(t)).double() if t is not None else None
    require(first is not None and first.numel() == 1, "t is not one number.")
    require(not first.isnan(), "t is nan.")
    endless = loose(cost)
    require(endless is None or not endless.isinf().any(), ORDER)
    return torch.stack([first.reshape(()), number(cost, "The cost")])


@question
def threshold(answer: Answer) -> None:
    """The cheapest threshold of a validation set with ties, and what it costs on a test set."""
    cases = _cases()
    found, right = [_read(answer(*case)) for case in cases], [_right(*case) for case in cases]
    turned = [value.flip(0) for value in found]
    require(not all(torch.allclose(a, b) for a, b in zip(turned, right, strict=True)), ORDER)
    explained(found, cases, right, MISTAKES, "t and cost")
    for value, expected, case in zip(found, right, cases, strict=True):
        costs = f"for cost_missed = {case[2]:g} and cost_alarm = {case[3]:g}"
        same = torch.allclose(value, expected, atol=1e-6)
        got = f"({value[0]:g}, {value[1]:.4g}) instead of ({expected[0]:g}, {expected[1]:.4g})"
        require(same, f"threshold gives {got} {costs}. {RULE} {CHOICE}")
