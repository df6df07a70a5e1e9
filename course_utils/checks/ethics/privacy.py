"""Checks of assignment 06: near copies of training data, and whether an image was in the training set."""

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import number, pair, plain, values
from course_utils.checks.kit.common import Answer, question, quiet, recognize, require
from course_utils.checks.kit.draws import seeded

RATE = 0.2


def _clouds() -> tuple[Tensor, Tensor, Tensor]:
    """Generated, training and held-out points; some generated ones are near a training point, some near a held-out."""
    train, held_out, new = (3 * torch.randn(n, 2, generator=seeded(3 + n), dtype=torch.float64) for n in (12, 15, 9))
    noise = 0.15 * torch.randn(20, 2, generator=seeded(0), dtype=torch.float64)
    return torch.cat([train[:5] + noise[:5], held_out[:4] + noise[5:9], train[:2] + noise[9:11], new]), train, held_out


def _nearest(points: Tensor, others: Tensor, neighbor: int = 0) -> Tensor:
    return torch.cdist(points, others).sort(1).values[:, neighbor]


def _thresholds(generated: Tensor, train: Tensor, held_out: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the threshold."""
    new, real = _nearest(held_out, train), "Take the distances from new real images, held_out, to the training set."
    swapped = "is the quantile of the distances from the training images to held_out: the roles are exchanged."
    own = "is a quantile of the generated images' own distances: the share is then always about the rate."
    return {
        "is the quantile 1 − rate. Few new images may lie below it: the quantile `rate`.": new.quantile(1 - RATE),
        f"{own} {real}": _nearest(generated, train).quantile(RATE),
        f"{swapped} {real}": _nearest(train, held_out).quantile(RATE),
        f"is 0: each training image is its own nearest one. {real}": torch.zeros(()).double(),
        f"is calibrated among the training images. {real}": _nearest(train, train, 1).quantile(RATE),
        f"is calibrated among the held-out images. {real}": _nearest(held_out, held_out, 1).quantile(RATE),
        f"is measured from generated to held-out images. {real}": _nearest(generated, held_out).quantile(RATE),
        f"is measured from held-out to generated images. {real}": _nearest(held_out, generated).quantile(RATE),
        "uses mean distances to all training images. Take the nearest one.": torch.cdist(held_out, train)
        .mean(1)
        .quantile(RATE),
        "is a quantile of all pairs' distances. Take each image's nearest one first.": torch.cdist(held_out, train)
        .flatten()
        .quantile(RATE),
        "uses distances to the mean of the training images. Take the nearest one.": (held_out - train.mean(0))
        .norm(dim=1)
        .quantile(RATE),
        "uses squared distances. Take their roots.": new.square().quantile(RATE),
        "uses sums of absolute differences. Take Euclidean distances.": torch.cdist(held_out, train, p=1)
        .amin(1)
        .quantile(RATE),
        "is the smallest distance. Take the quantile `rate`.": new.min(),
        "is the largest distance. Take the quantile `rate`.": new.max(),
        "is the mean distance. Take the quantile `rate`.": new.mean(),
        "is the median distance. Take the quantile `rate`.": new.quantile(0.5),
        "is the percentile `rate`: np.percentile wants 100 · rate, np.quantile wants rate.": new.quantile(RATE / 100),
    }


@question
def copy_audit(answer: Answer) -> None:
    """The threshold from held-out images, then the share of generated images nearer to the training set."""
    generated, train, held_out = _clouds()
    value = pair(answer(generated, train, held_out, RATE), ("threshold", "share"), "copy_audit")
    right = _nearest(held_out, train).quantile(RATE)
    wrong = _thresholds(generated, train, held_out)
    recognize(number(value[0], "The threshold"), right, wrong, "The threshold")
    near = (_nearest(generated, train) < right).double()
    test = "A copy is a copy of a training image: measure to the training set."
    shares = {
        f"uses distances to held_out, the test images. {test}": (_nearest(generated, held_out) < right).double().mean(),
        f"uses distances to all real images. {test}": (_nearest(generated, torch.cat([train, held_out])) < right)
        .double()
        .mean(),
        "counts images that are farther away. A copy is nearer than the threshold.": 1 - near.mean(),
        "is a count. Divide by the number of generated images.": near.sum(),
        "is a percentage. Return a share, between 0 and 1.": 100 * near.mean(),
        "is that of training images that have a near copy. Count generated images.": (
            _nearest(train, generated) < right
        )
        .double()
        .mean(),
        "is that of held-out images, about the rate. Count generated images.": (_nearest(held_out, train) < right)
        .double()
        .mean(),
        "uses distances among generated images. Measure to the training set.": (
            _nearest(generated, generated, 1) < right
        )
        .double()
        .mean(),
        "is averaged over pairs. An image is a copy if its nearest training image is near.": (
            torch.cdist(generated, train) < right
        )
        .double()
        .mean(),
        "is divided by the number of training images. Divide by that of generated ones.": near.sum() / len(train),
        "is divided by the rate: return the share itself.": near.mean() / RATE,
    }
    recognize(number(value[1], "The share"), near.mean(), shares, "The share")
    same = pair(answer(train, train, held_out, RATE), ("threshold", "share"), "copy_audit")
    require(float(number(same[1], "The share")) == 1, "The share must be 1 if the training images are handed out.")


@question
def membership_score(answer: Answer) -> None:
    """log p of the model minus log p of the reference, an image at a time."""
    model = torch.tensor([-18.2, -25.0, -31.5, -22.4], dtype=torch.float64)
    reference = torch.tensor([-20.1, -24.0, -40.0, -22.9], dtype=torch.float64)
    right = model - reference
    ease = "An easy image is likely under every model: subtract the reference's log p."
    mistakes = {
        "has the wrong sign: a member is more likely under the model than under the reference.": -right,
        f"is log p of the model alone. {ease}": model,
        "is log p of the reference alone.": reference,
        f"is −log p of the model alone, with the wrong sign, too. {ease}": -model,
        "is a ratio of logarithms. The logarithm of a ratio is a difference.": model / reference,
        "is a ratio of logarithms, upside down. The logarithm of a ratio is a difference.": reference / model,
        "is the ratio p / p. Leave it in nats: no exponential.": right.exp(),
        "is a difference of probabilities, which underflow. Subtract the logarithms.": model.exp() - reference.exp(),
        "has lost its sign. An image less likely under the model speaks against membership.": right.abs(),
        "is the sum. Subtract the reference.": model + reference,
        "is averaged over the images. Return one score for each.": right.mean(),
        "is summed over the images. Return one score for each.": right.sum(),
        "is centered. Return the difference itself.": right - right.mean(),
        "is standardized. Return the difference itself.": (right - right.mean()) / right.std(),
        "is divided by the reference. Return the difference in nats.": right / reference,
        "is divided by the size of the reference. Return the difference in nats.": right / reference.abs(),
        "is yes or no. Return the score: the threshold comes later.": (right > 0).double(),
        "is squeezed by a sigmoid. Return the difference in nats.": right.sigmoid(),
    }
    recognize(values(answer(model, reference), "Your score"), right, mistakes, "Your score")
    far = torch.tensor([-900.0, -820.0], dtype=torch.float64)
    with quiet():
        scores = torch.as_tensor(np.asarray(plain(answer(far, far.flip(0))), dtype=float))
    lost = "Your score is nan or inf for log p = −900, where p underflows. Subtract the logarithms as they are."
    require(torch.isfinite(scores).all(), lost)
    recognize(scores, far - far.flip(0), {}, "Your score of two images with tiny probabilities")


def _wins(members: Tensor, others: Tensor, tie: float) -> Tensor:
    above = (members[:, None] > others).double() + tie * (members[:, None] == others).double()
    return above.mean()


@question
def auc(answer: Answer) -> None:
    """The probability that a member scores higher than another, ties one half: also 0, ½ and 1."""
    members = torch.tensor([6.5, 3.5, 3.5, 3.5, 1.5, 6.0, 4.0, 3.5], dtype=torch.float64)
    others = torch.tensor([3.5, 3.5, -0.5, 3.5, 0.0, 0.5], dtype=torch.float64)
    right, every = _wins(members, others, 0.5), torch.cat([members, others])
    tie = "Of equal scores count one half."
    n = len(others)
    mistakes = {
        "is the ROC area the wrong way round. Members have the higher scores: count member > other.": 1 - right,
        f"leaves out ties. {tie}": _wins(members, others, 0.0),
        f"counts ties in full. {tie}": _wins(members, others, 1.0),
        f"is the wrong way round, and leaves out ties. {tie}": 1 - _wins(members, others, 1.0),
        f"is the wrong way round, and counts ties in full. {tie}": 1 - _wins(members, others, 0.0),
        "is 2 · AUC − 1. Chance is 0.5, not 0.": 2 * right - 1,
        "is the number of pairs that are won. Divide by all pairs.": right * len(members) * n,
        "is in percent. It lies between 0 and 1.": 100 * right,
        "is the difference of the means. Compare each member with each other.": members.mean() - others.mean(),
        "compares only the first with the first, and so on. Compare each member with each other.": (
            (members[:n] > others).double().mean()
        ),
        "compares pair by pair, ties one half. Compare each member with each other.": (
            (members[:n] > others).double() + 0.5 * (members[:n] == others).double()
        ).mean(),
        "is the share of members above the others' mean. Compare each with each.": (members > others.mean())
        .double()
        .mean(),
        "is the share of members above the others' median. Compare each with each.": (members > others.median())
        .double()
        .mean(),
        "is an accuracy at one threshold. The area needs none.": (
            (members > every.median()).sum() + (others <= every.median()).sum()
        )
        / len(every),
        "is an accuracy at the threshold 0. The area needs none.": ((members > 0).sum() + (others <= 0).sum())
        / len(every),
    }
    recognize(number(answer(members, others), "Your area"), right, mistakes, "Your area")
    low = float(number(answer(others - 9, members), "Your area"))
    require(low == 0, f"Your area is {low:g} where every member scores lower: it is 0. Do not turn it above 0.5.")
    ones = torch.ones(4, dtype=torch.float64)
    equal = float(number(answer(ones, ones[:3]), "Your area"))
    require(equal == 0.5, f"Your area is {equal:g} where all scores are equal. {tie}")


def _caught(members: Tensor, others: Tensor, fpr: float) -> Tensor:
    """The best share of members above a threshold that at most `fpr` of the others exceed."""
    allowed = [t for t in torch.cat([members, others, others.min()[None] - 1]) if (others > t).double().mean() <= fpr]
    return torch.stack([(members > t).double().mean() for t in allowed]).max()


@question
def tpr_at_fpr(answer: Answer) -> None:
    """The members caught while at most a given share of the others is accused."""
    others = torch.tensor([0.1, 0.4, 0.9, 1.3, 1.8, 2.0, 2.6, 3.1, 4.0, 5.2], dtype=torch.float64)
    members = torch.tensor([0.3, 1.5, 2.3, 3.0, 3.2, 3.5, 3.9, 4.5, 4.8, 5.0, 5.5, 6.0], dtype=torch.float64)
    fpr = 0.2  # two of ten others may lie above the threshold: it is 3.1
    cut, right = others.quantile(1 - fpr), _caught(members, others, fpr)

    def above(t: Tensor, scores: Tensor = members) -> Tensor:
        return (scores > t).double().mean()

    mistakes = {
        "has members and others exchanged: the others set the threshold.": _caught(others, members, fpr),
        "is the threshold. Return the share of members above it.": others[7],
        "is an interpolated quantile of the others. Return the share of members above the threshold.": cut,
        "is the false-positive rate itself.": torch.tensor(fpr).double(),
        "uses the quantile `fpr` of the others: that many are below it, not above.": above(others.quantile(fpr)),
        "uses the members' own quantile. The others set the threshold.": above(members.quantile(1 - fpr)),
        "stays too low: the threshold may go down to 3.1, which two of ten others exceed.": above(cut),
        "is the share of members below the threshold. Members score high.": 1 - right,
        "is the share of members below the quantile `fpr`. Members score high.": 1 - above(others.quantile(fpr)),
        "counts too few: exactly `fpr` of the others may be above the threshold (<=).": above(others[8]),
        "counts too many: more than `fpr` of the others are above the threshold.": above(others[6]),
        "is a number of members. Return a share.": right * len(members),
        "is in percent. Return a share, between 0 and 1.": 100 * right,
        "does not let any other pass. Here `fpr` of them may.": above(others[9]),
        "uses the threshold 0.": above(torch.zeros(()).double()),
        "uses the others' mean as the threshold.": above(others.mean()),
    }
    recognize(number(answer(members, others, fpr), "Your rate"), right, mistakes, "Your rate")
    for level, what in ((0.0, "none of the others"), (1.0, "all of the others"), (0.35, "a third of the others")):
        value = number(answer(members, others, level), "Your rate")
        recognize(value, _caught(members, others, level), {}, f"Your rate where {what} may be accused")
    tied = torch.tensor([1.0, 1.0, 1.0, 0.0], dtype=torch.float64)
    value = number(answer(torch.tensor([1.0, 2.0, 0.5]).double(), tied, 0.5), "Your rate")
    recognize(value, torch.tensor(1 / 3).double(), {}, "Your rate where three others share one score")
