"""Checks of assignment 06: near copies of training data, and a score for membership in the training set."""

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import number, pair, plain, values
from course_utils.checks.kit.common import Answer, close, question, quiet, recognize, require
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
    made, pairs = _nearest(generated, train), torch.cdist(held_out, train)
    together, middle = torch.cat([made, new]), (held_out - train.mean(0)).norm(dim=1)
    wrong = {
        f"{own} {real}": made,
        f"{swapped} {real}": _nearest(train, held_out),
        f"is 0: each training image is its own nearest one. {real}": torch.zeros(2).double(),
        f"is calibrated among the training images. {real}": _nearest(train, train, 1),
        f"is calibrated among the held-out images. {real}": _nearest(held_out, held_out, 1),
        f"is a quantile of distances of generated and new images together. {real}": together,
        f"is measured from generated to held-out images. {real}": _nearest(generated, held_out),
        f"is measured from held-out to generated images. {real}": _nearest(held_out, generated),
        "uses mean distances to all training images. Take the nearest one.": pairs.mean(1),
        "is a quantile of all pairs' distances. Take each image's nearest one first.": pairs.flatten(),
        "uses distances to the mean of the training images. Take the nearest one.": middle,
        "uses squared distances. Take their roots.": new.square(),
        "uses sums of absolute differences. Take Euclidean distances.": torch.cdist(held_out, train, p=1).amin(1),
    }
    return {message: distances.quantile(RATE) for message, distances in wrong.items()} | _quantiles(new)


def _quantiles(new: Tensor) -> dict[str, Tensor]:
    """What other numbers of the right distances give for the threshold."""
    beside = "is one of the distances beside the quantile. Take torch.quantile or np.quantile as they are."
    return {
        "is the quantile 1 − rate. Few new images may lie below it: the quantile `rate`.": new.quantile(1 - RATE),
        "is the quantile 0.01. Take the quantile `rate`, whatever it is.": new.quantile(0.01),
        "is the quantile 0.05. Take the quantile `rate`, whatever it is.": new.quantile(0.05),
        beside: new.quantile(RATE, interpolation="lower"),
        f"{beside} ": new.quantile(RATE, interpolation="higher"),
        "is the smallest distance. Take the quantile `rate`.": new.min(),
        "is the largest distance. Take the quantile `rate`.": new.max(),
        "is the mean distance. Take the quantile `rate`.": new.mean(),
        "is the median distance. Take the quantile `rate`.": new.quantile(0.5),
        "is the percentile `rate`: np.percentile wants 100 · rate, np.quantile wants rate.": new.quantile(RATE / 100),
    }


def _share(distances: Tensor, threshold: Tensor) -> Tensor:
    """The share of distances below a threshold."""
    return (distances < threshold).double().mean()


def _shares(generated: Tensor, train: Tensor, held_out: Tensor, threshold: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the share below the right threshold."""
    near = (_nearest(generated, train) < threshold).double()
    to_test = _share(_nearest(generated, held_out), threshold)
    to_all = _share(_nearest(generated, torch.cat([train, held_out])), threshold)
    of_train, of_test = _share(_nearest(train, generated), threshold), _share(_nearest(held_out, train), threshold)
    among, pairs = (
        _share(_nearest(generated, generated, 1), threshold),
        _share(torch.cdist(generated, train), threshold),
    )
    test = "A copy is a copy of a training image: measure to the training set."
    return {
        f"uses distances to held_out, the test images. {test}": to_test,
        f"uses distances to all real images. {test}": to_all,
        "counts images that are farther away. A copy is nearer than the threshold.": 1 - near.mean(),
        "is a count. Divide by the number of generated images.": near.sum(),
        "is a percentage. Return a share, between 0 and 1.": 100 * near.mean(),
        "is that of training images that have a near copy. Count generated images.": of_train,
        "is that of held-out images, about the rate. Count generated images.": of_test,
        "uses distances among generated images. Measure to the training set.": among,
        "is averaged over pairs. An image is a copy if its nearest training image is near.": pairs,
        "is divided by the number of training images. Divide by that of generated ones.": near.sum() / len(train),
        "is divided by the rate: return the share itself.": near.mean() / RATE,
    }


@question
def copy_audit(answer: Answer) -> None:
    """The threshold from held-out images, then the share of generated images nearer to the training set."""
    generated, train, held_out = clouds = _clouds()
    threshold, share = _audit(answer, *clouds, RATE)
    right = _nearest(held_out, train).quantile(RATE)
    near = _share(_nearest(generated, train), right)
    turned = close(threshold, near) and close(share, right)
    require(not turned, "The threshold and the share have changed places. Return (threshold, share).")
    recognize(threshold, right, _thresholds(*clouds), "The threshold")
    recognize(share, near, _shares(*clouds, right), "The share")
    _, same = _audit(answer, train, train, held_out, RATE)
    require(same == 1, "The share must be 1 if the training images are handed out.")
    _ties(answer)


def _audit(answer: Answer, *args: object) -> list[Tensor]:
    """(threshold, share) for these arguments, or CheckFailed."""
    values_ = pair(answer(*args), ("threshold", "share"), "copy_audit")
    return [number(value, what) for value, what in zip(values_, ("The threshold", "The share"), strict=True)]


def _ties(answer: Answer) -> None:
    """Points on a line: held-out distances 2, 3 and 5, generated ones 2, 3, 1, 1, 2 and 14."""
    points = [2.0, -3, 7, 1, 4, 20], [0.0, 6], [3.0, 8, -5]
    threshold, share = _audit(answer, *(torch.tensor(each, dtype=torch.float64)[:, None] for each in points), 0.5)
    recognize(threshold, torch.tensor(3.0).double(), {}, "The threshold of the distances 2, 3, 5")
    equal = "counts an image whose distance is the threshold itself. A copy lies below it (<)."
    recognize(share, torch.tensor(4 / 6).double(), {equal: torch.tensor(5 / 6).double()}, "The share")


def _score_mistakes(model: Tensor, reference: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the score."""
    right, ease = model - reference, "An easy image is likely under every model: subtract the reference's log p."
    return {
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


@question
def membership_score(answer: Answer) -> None:
    """log p of the model minus log p of the reference, an image at a time."""
    model = torch.tensor([-18.2, -25.0, -31.5, -22.4], dtype=torch.float64)
    reference = torch.tensor([-20.1, -24.0, -40.0, -22.9], dtype=torch.float64)
    mistakes = _score_mistakes(model, reference)
    recognize(values(answer(model, reference), "Your score"), model - reference, mistakes, "Your score")
    far = torch.tensor([-900.0, -700.0], dtype=torch.float64)
    with quiet():
        scores = torch.as_tensor(np.asarray(plain(answer(far, far.flip(0))), dtype=float))
    lost = "Your score is nan or inf for log p = −900, where p underflows. Subtract the logarithms as they are."
    require(torch.isfinite(scores).all(), lost)
    recognize(scores, far - far.flip(0), {}, "Your score of two images with tiny probabilities")
