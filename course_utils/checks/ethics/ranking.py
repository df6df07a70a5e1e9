"""Checks of assignment 06: how well a score tells members of the training set from others."""

import torch
from torch import Tensor

from course_utils.checks.kit.answers import number
from course_utils.checks.kit.common import Answer, question, recognize, require


def _wins(members: Tensor, others: Tensor, tie: float) -> Tensor:
    above = (members[:, None] > others).double() + tie * (members[:, None] == others).double()
    return above.mean()


TIE = "Of equal scores count one half."


def _area_mistakes(members: Tensor, others: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the area; there are more members than others."""
    right, every, n = _wins(members, others, 0.5), torch.cat([members, others]), len(others)
    first, middle = members[:n], every.median()
    in_pairs = (first > others).double().mean()
    at_middle = ((members > middle).sum() + (others <= middle).sum()) / len(every)
    at_zero = ((members > 0).sum() + (others <= 0).sum()) / len(every)
    return {
        "is the ROC area the wrong way round. Members have the higher scores: count member > other.": 1 - right,
        f"leaves out ties. {TIE}": _wins(members, others, 0.0),
        f"counts ties in full. {TIE}": _wins(members, others, 1.0),
        f"is the wrong way round, and leaves out ties. {TIE}": 1 - _wins(members, others, 1.0),
        f"is the wrong way round, and counts ties in full. {TIE}": 1 - _wins(members, others, 0.0),
        "is 2 · AUC − 1. Chance is 0.5, not 0.": 2 * right - 1,
        "is the number of pairs that are won. Divide by all pairs.": right * len(members) * n,
        "is in percent. It lies between 0 and 1.": 100 * right,
        "is the difference of the means. Compare each member with each other.": members.mean() - others.mean(),
        "compares only the first with the first, and so on. Compare each member with each other.": in_pairs,
        "compares pair by pair, ties one half. Compare each member with each other.": (
            in_pairs + (first == others).double().mean() / 2
        ),
        "is the share of members above the others' mean. Compare each with each.": _above(members, others.mean()),
        "is the share of members above the others' median. Compare each with each.": _above(members, others.median()),
        "is an accuracy at one threshold. The area needs none.": at_middle,
        "is an accuracy at the threshold 0. The area needs none.": at_zero,
    }


@question
def auc(answer: Answer) -> None:
    """The probability that a member scores higher than another, ties one half: also 0, ½ and 1."""
    members = torch.tensor([6.5, 3.5, 3.5, 3.5, 1.5, 6.0, 3.51, 3.5], dtype=torch.float64)
    others = torch.tensor([3.5, 3.5, -0.5, 3.5, 0.0, 0.5], dtype=torch.float64)
    right, mistakes = _wins(members, others, 0.5), _area_mistakes(members, others)
    recognize(number(answer(members, others), "Your area"), right, mistakes, "Your area")
    low = float(number(answer(others - 9, members), "Your area"))
    require(low == 0, f"Your area is {low:g} where every member scores lower: it is 0. Do not turn it above 0.5.")
    ones = torch.ones(4, dtype=torch.float64)
    equal = float(number(answer(ones, ones[:3]), "Your area"))
    require(equal == 0.5, f"Your area is {equal:g} where all scores are equal. {TIE}")


def _above(scores: Tensor, t: Tensor) -> Tensor:
    """The share of scores above t."""
    return (scores > t).double().mean()


def _caught(members: Tensor, others: Tensor, fpr: float) -> Tensor:
    """The best share of members above a threshold that at most `fpr` of the others exceed."""
    allowed = [t for t in [*members, *others, -torch.inf] if (others > t).double().mean() <= fpr]
    return torch.stack([(members > t).double().mean() for t in allowed]).max()


def _rate_mistakes(members: Tensor, others: Tensor, fpr: float) -> dict[str, Tensor]:
    """What the usual mistakes give for the rate; two of eight others, which are sorted, may lie above the threshold."""
    cut, right = others.quantile(1 - fpr), _caught(members, others, fpr)
    return {
        "has members and others exchanged: the others set the threshold.": _caught(others, members, fpr),
        "is the threshold. Return the share of members above it.": others[5],
        "is an interpolated quantile of the others. Return the share of members above the threshold.": cut,
        "is the false-positive rate itself.": torch.tensor(fpr).double(),
        "uses the quantile `fpr` of the others: that many are below it, not above.": _above(
            members, others.quantile(fpr)
        ),
        "uses the members' own quantile. The others set the threshold.": _above(members, members.quantile(1 - fpr)),
        "stays too low: the threshold may go down to 2.6, which two of eight others exceed.": _above(members, cut),
        "misses the member 2.602, whom a threshold of 2.6 finds. Try each of the others' scores.": _above(
            members, members[5]
        ),
        "is the share of members below the threshold. Members score high.": 1 - right,
        "is the share of members below the quantile `fpr`. Members score high.": 1
        - _above(members, others.quantile(fpr)),
        "counts too few: exactly `fpr` of the others may be above the threshold (<=).": _above(members, others[6]),
        "counts too many: more than `fpr` of the others are above the threshold.": _above(members, others[4]),
        "is a number of members. Return a share.": right * len(members),
        "is in percent. Return a share, between 0 and 1.": 100 * right,
        "does not let any other pass. Here `fpr` of them may.": _above(members, others[7]),
        "uses the threshold 0.": _above(members, torch.zeros(()).double()),
        "uses the others' mean as the threshold.": _above(members, others.mean()),
    }


@question
def tpr_at_fpr(answer: Answer) -> None:
    """The members caught while at most a given share of the others is accused, eighths: exact in any precision."""
    others = torch.tensor([0.1, 0.4, 0.9, 1.3, 1.8, 2.6, 4.0, 5.5], dtype=torch.float64)
    members = [-2.0, 1.5, 1.9, 2.3, 2.4, 2.602, 2.8, 3.0, 3.5, 4.2, 5.3, 5.6, 6.0]
    members = torch.tensor(members, dtype=torch.float64)
    right, mistakes = _caught(members, others, 0.25), _rate_mistakes(members, others, 0.25)
    recognize(number(answer(members, others, 0.25), "Your rate"), right, mistakes, "Your rate")
    below = "misses the member below all others: then the threshold may lie below every score."
    low = {below: _above(members, others[0])}
    for level, what in ((0.0, "none of the others"), (1.0, "all of the others"), (0.35, "a third"), (0.5, "half")):
        value = number(answer(members, others, level), "Your rate")
        recognize(value, _caught(members, others, level), low, f"Your rate where {what} may be accused")
    _tied(answer)


def _tied(answer: Answer) -> None:
    """Equal scores, which no threshold tells apart."""
    tied = torch.tensor([1.0, 1.0, 1.0, 0.0], dtype=torch.float64)
    value = number(answer(torch.tensor([1.0, 2.0, 0.5]).double(), tied, 0.5), "Your rate")
    recognize(value, torch.tensor(1 / 3).double(), {}, "Your rate where three others share one score")
    steps = torch.tensor([3.0, 2.0, 1.0, 0.0], dtype=torch.float64)
    value = number(answer(steps[:3], steps, 0.5), "Your rate")
    dropped = "skips a threshold. Try all of them (roc_curve drops some unless drop_intermediate=False)."
    what = "Your rate where members and others share their scores"
    recognize(value, torch.tensor(2 / 3).double(), {dropped: torch.tensor(1 / 3).double()}, what)
