"""The checks of assignment 06, one for each function that the learner writes.

The audit of classes is here, those of copies and of membership are in `privacy`, the ROC curve is in `ranking`.
"""

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import number, pair, plain, values
from course_utils.checks.kit.common import Answer, CheckFailed, question, recognize, require


def _probabilities() -> Tensor:
    """Ten images, five classes: classes 1 and 4 are never the most likely, three images are less than half sure."""
    rows = [
        [0.60, 0.20, 0.10, 0.05, 0.05],
        [0.10, 0.15, 0.50, 0.20, 0.05],
        [0.70, 0.10, 0.05, 0.05, 0.10],
        [0.40, 0.30, 0.20, 0.05, 0.05],
        [0.05, 0.25, 0.20, 0.45, 0.05],
        [0.90, 0.02, 0.03, 0.01, 0.04],
        [0.20, 0.25, 0.30, 0.15, 0.10],
        [0.55, 0.35, 0.05, 0.03, 0.02],
        [0.10, 0.20, 0.60, 0.05, 0.05],
        [0.52, 0.10, 0.18, 0.10, 0.10],
    ]
    return torch.tensor(rows, dtype=torch.float64)


def _class_mistakes(p: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the shares of five classes among ten images."""
    best = p.argmax(1)
    counts, sure = best.bincount(minlength=5).double(), torch.where(p > 0.5, 1.0, 0.0).double()
    over_images = p.argmax(0).bincount(minlength=5).double()
    lost = "A class that is lost is the finding: its share is 0"
    most = "Count each image once, for its most likely class."
    return {
        f"are mean probabilities. {most}": p.mean(0),
        f"are sums of probabilities. {most}": p.sum(0),
        "are counts. Divide by the number of images.": counts,
        "are percentages. They must sum to 1.": 10 * counts,
        "are divided by the number of classes. Divide by the number of images.": counts / 5,
        f"leave out classes that no image has. {lost}.": counts[counts > 0] / 10,
        f"end at the last class that an image has. {lost} (bincount has minlength).": counts[:4] / 10,
        "are taken over the wrong axis: the largest of each column, over the images. Rows are images.": (
            over_images / over_images.sum()
        ),
        "are taken over the wrong axis, and divided by the number of images. Rows are images.": over_images / 10,
        "are the class of each image. Count how often each class occurs.": best.double(),
        "are the largest probability of each image. Count the classes.": p.max(1).values,
        "leave out images that are less than half sure. Each image counts, for its most likely class.": sure.mean(0),
        "leave out images that are less than half sure, and divide by the others.": sure.sum(0) / sure.sum(),
        f"weigh each image by its largest probability. {most}": torch.zeros(5)
        .double()
        .index_add(0, best, p.max(1).values)
        / 10,
        "are those of images that are least likely of a class: argmax, not argmin.": p.argmin(1)
        .bincount(minlength=5)
        .double()
        / 10,
    }


@question
def class_shares(answer: Answer) -> None:
    """Each image counts once, for its most likely class, and a lost class has the share 0."""
    p = _probabilities()
    right = p.argmax(1).bincount(minlength=5).double() / 10
    recognize(values(answer(p), "Your shares"), right, _class_mistakes(p), "Your shares")
    two = torch.tensor([[0.2, 0.8]] * 3, dtype=torch.float64)
    recognize(values(answer(two), "Your shares"), torch.tensor([0.0, 1.0]).double(), {}, "Your shares of two classes")


def _distances(shares: Tensor, wanted: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the total variation."""
    gap, some = shares - wanted, shares > 0
    kl = (shares[some] * (shares[some] / wanted[some]).log()).sum()
    return {
        "lacks the factor ½: what one class gains another loses, and both are counted.": gap.abs().sum(),
        "is averaged over the classes. Sum over them, and take half.": gap.abs().mean(),
        "is the largest gap. Sum over all classes, and take half.": gap.abs().max(),
        "squares the gaps. Take their absolute values.": gap.square().sum(),
        "squares the gaps. Take their absolute values, and half of the sum.": gap.square().sum() / 2,
        "is the Euclidean distance. Take half the sum of the absolute gaps.": gap.norm(),
        "is a KL divergence. Take half the sum of the absolute gaps.": kl,
        "is the mean squared gap. Take half the sum of the absolute gaps.": gap.square().mean(),
        "sums the gaps with their signs, which cancel. Take absolute values.": gap.sum(),
        "is in percent. It lies between 0 and 1.": 50 * gap.abs().sum(),
    }


def _ratios(shares: Tensor, wanted: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the ratios."""
    gap, right, upside_down = shares - wanted, shares / wanted, wanted / shares
    return {
        "is the difference. Divide: 2 means twice as often as wanted.": gap,
        "is the relative change, by 1 too small. Take shares / wanted.": gap / wanted,
        "is the logarithm of the ratio.": right.clamp(min=1e-12).log(),
        "is normalized to sum 1. Take shares / wanted as it is.": right / right.sum(),
        "is upside down. Take shares / wanted.": upside_down.nan_to_num(posinf=0),
        "is never below 1: which classes are lost cannot be seen.": right.clamp(min=1),
        "is the largest one. Return one for each class.": right.max(),
        "is the smallest one. Return one for each class.": right.min(),
        "is their mean. Return one for each class.": right.mean(),
    }


@question
def drift(answer: Answer) -> None:
    """Total variation, and each class's share over what was wanted."""
    shares = torch.tensor([0.40, 0.25, 0.00, 0.20, 0.15], dtype=torch.float64)
    wanted = torch.tensor([0.20, 0.30, 0.10, 0.15, 0.25], dtype=torch.float64)
    distance, ratio = pair(answer(shares, wanted), ("distance", "ratio"), "drift")
    turned = np.size(plain(distance)) == 5 and np.size(plain(ratio)) == 1
    require(not turned, "The distance and the ratio have changed places. Return (distance, ratio).")
    half = (shares - wanted).abs().sum() / 2
    recognize(_number_or_vector(distance, "The distance"), half, _distances(shares, wanted), "The distance")
    _lost_class(torch.as_tensor(plain(ratio)) if not isinstance(ratio, list | tuple) else torch.tensor(ratio))
    recognize(values(ratio, "The ratio"), shares / wanted, _ratios(shares, wanted), "The ratio")
    two = torch.tensor([0.7, 0.3], dtype=torch.float64), torch.tensor([0.4, 0.6], dtype=torch.float64)
    distance, ratio = pair(answer(*two), ("distance", "ratio"), "drift")
    recognize(number(distance, "The distance"), torch.tensor(0.3).double(), {}, "The distance of two classes")
    recognize(values(ratio, "The ratio"), two[0] / two[1], {}, "The ratio of two classes")


def _lost_class(ratio: Tensor) -> None:
    """Raise CheckFailed if the ratio of class 2, which is lost, is infinite: a logarithm, or upside down."""
    lost = ratio[2] if ratio.shape == (5,) else torch.tensor(0.0)
    negative = "hugely negative" if lost.isfinite() else "−inf"  # hugely: of a small number that was added
    logarithm = f"The ratio is a logarithm: {negative} for a lost class. Take shares / wanted: 0 is lost."
    require(lost > -5, logarithm)
    inverted = "The ratio is upside down, wanted / shares: infinite for a lost class. Take shares / wanted."
    require(lost != torch.inf, inverted)


def _number_or_vector(value: object, what: str) -> Tensor:
    """A vector as it is, so that the shape is named; otherwise one number."""
    vector = isinstance(value, Tensor) and value.numel() > 1
    return values(value, what) if vector else number(value, what)


def _weight_mistakes(y: Tensor, wanted: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the weights."""
    share = y.bincount().double() / len(y)
    right, each = (wanted / share)[y], "Return one weight for each image, (N,)"
    return {
        f"are one for each class. {each}: index them with y.": wanted / share,
        "sum to 1. Their mean must be 1, so that they leave the size of the data as it is.": right / right.sum(),
        "are upside down: rare classes need large weights. Take wanted / share.": (share / wanted)[y],
        "are upside down and rescaled: rare classes need large weights.": (share / wanted)[y]
        / (share / wanted)[y].mean(),
        "are the wanted shares. Divide by the share that the class has now.": wanted[y],
        "are the wanted shares, rescaled. Divide by the share that the class has now.": wanted[y] / wanted[y].mean(),
        "make all classes equal. Multiply by the shares that are wanted.": (1 / share)[y] / 3,
        "make all classes equal, and their mean is not 1. Multiply by the wanted shares.": (1 / share)[y],
        "are 1 / count: all classes equal, and the mean is not 1. Use the wanted shares.": (1 / share)[y] / len(y),
        "are the shares that the classes have now. Take wanted / share.": share[y],
        "are roots. Take wanted / share itself.": right.sqrt(),
        "are roots, rescaled. Take wanted / share itself.": right.sqrt() / right.sqrt().mean(),
        "are normalized so that the largest is 1. Their mean must be 1.": right / right.max(),
        "are a softmax. Take wanted / share.": right.softmax(0),
    }


CASES = {
    "two classes": ([1, 1, 1, 0], [0.5, 0.5]),
    "data without the last class": ([1, 0, 0, 2, 1], [0.3, 0.5, 0.2, 0.0]),
    "data without a class in between": ([3, 0, 3, 0, 0, 1, 3], [0.2, 0.1, 0.0, 0.7]),
    "data with a class that is not wanted": ([0, 2, 1, 1, 2, 0], [0.6, 0.0, 0.4]),
}


@question
def importance_weights(answer: Answer) -> None:
    """One weight for each image, wanted share over present share, mean 1."""
    y, wanted = torch.tensor([0, 0, 1, 0, 2, 0, 1, 0, 1, 0]), torch.tensor([0.2, 0.3, 0.5], dtype=torch.float64)
    value = values(answer(y, wanted), "Your weights")
    recognize(value, _weights(y, wanted), _weight_mistakes(y, wanted), "Your weights")
    for case, (labels, shares) in CASES.items():
        y, wanted = torch.tensor(labels), torch.tensor(shares, dtype=torch.float64)
        what = f"Your weights of {case}"
        try:
            given = answer(y, wanted)
        except CheckFailed as failure:
            counts = "Count every class of `wanted`, also those that no image has (bincount has minlength)."
            raise CheckFailed(f"For {case}: {failure} {counts}") from None
        recognize(values(given, what), _weights(y, wanted), {}, what)


def _weights(y: Tensor, wanted: Tensor) -> Tensor:
    return (wanted * len(y) / y.bincount(minlength=len(wanted)).clamp(min=1))[y]
