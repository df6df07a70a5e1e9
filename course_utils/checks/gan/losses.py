"""Checks of assignment 04: the three losses."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.checks.kit.common import Answer, close, gradients, question, recognize, require

LOGITS = torch.tensor([-2.0, 0.5, 1.5, -0.3, 3.0])
OTHERS = torch.tensor([0.7, -1.1, 2.4, -0.6, 0.2])
KEEP = "F.softplus, F.logsigmoid and F.binary_cross_entropy_with_logits take logits as they are and stay exact."
CALLER = "Return one value for each point, (B,): the mean over the batch is the caller's."


def _one_number(right: Tensor) -> dict[str, Tensor]:
    return {
        f"is one number, averaged over the batch. {CALLER}": right.mean(),
        f"is one number, summed over the batch. {CALLER}": right.sum(),
    }


def _far(value: object, right: Tensor, what: str) -> None:
    """Raise CheckFailed unless the loss is exact at logits of ±50."""
    finite = isinstance(value, Tensor) and bool(torch.isfinite(value).all())
    require(finite, f"{what} is not finite at logits of ±50: there D rounds to 1 or 0, and log 0 is −inf. {KEEP}")
    require(close(value, right), f"{what} is cut off at logits of ±50: no clamp and no eps is needed. {KEEP}")


def _loss_of_fake(answer: Answer, loss: Callable[[Tensor], Tensor], wrong: Mapping[str, Tensor], what: str) -> None:
    """Values, extreme logits and gradient of a generator's loss."""
    right = loss(LOGITS)
    recognize(answer(LOGITS), right, {**wrong, **_one_number(right)}, what)
    far = torch.tensor([50.0, -50.0])
    _far(answer(far), loss(far), what)
    fake_logits = LOGITS.clone().requires_grad_()
    (slope,) = torch.autograd.grad(loss(fake_logits).sum(), fake_logits)
    gradients(answer(fake_logits), {"fake_logits": (fake_logits, slope)}, what)


@question
def generator_loss_minimax(answer: Answer) -> None:
    """log(1 − D(G(z))) = −softplus(logit): values, logits of ±50, the gradient."""
    p = LOGITS.sigmoid()
    wrong = {
        "is the non-saturating loss, −log D(G(z)). Here log(1 − D(G(z))) is asked for.": F.softplus(-LOGITS),
        "has the wrong sign: with it the generator would lower D(G(z)). It is log(1 − D), never positive.": F.softplus(
            LOGITS
        ),
        "is log D(G(z)). The minimax loss is log(1 − D(G(z))).": F.logsigmoid(LOGITS),
        f"applies the sigmoid twice. {KEEP}": -F.softplus(p),
        "takes logits for probabilities. D = sigmoid(fake_logits).": (1 - LOGITS).log(),
        "is 1 − D, a probability. Take its logarithm.": 1 - p,
    }
    _loss_of_fake(answer, lambda logits: -F.softplus(logits), wrong, "The minimax loss")


@question
def generator_loss(answer: Answer) -> None:
    """−log D(G(z)) = softplus(−logit): values, logits of ±50, the gradient."""
    p = LOGITS.sigmoid()
    wrong = {
        "is the minimax loss, log(1 − D(G(z))). Here the non-saturating one is asked for, −log D(G(z)).": -F.softplus(
            LOGITS
        ),
        "is log D(G(z)): the wrong sign. It is minimized, so it must fall as D(G(z)) rises.": F.logsigmoid(LOGITS),
        "has the label 0, of generated points. The generator wants the label 1: −log D(G(z)).": F.softplus(LOGITS),
        f"applies the sigmoid twice. {KEEP}": F.softplus(-p),
        "takes logits for probabilities. D = sigmoid(fake_logits).": -LOGITS.log(),
    }
    _loss_of_fake(answer, lambda logits: F.softplus(-logits), wrong, "The non-saturating loss")


@question
def discriminator_loss(answer: Answer) -> None:
    """−log D(x) − log(1 − D(G(z))): values, logits of ±50, both gradients."""
    real, fake = OTHERS, LOGITS
    right = F.softplus(-real) + F.softplus(fake)
    wrong = {
        "has the labels swapped: real points are to get D near 1, generated ones near 0.": F.softplus(real)
        + F.softplus(-fake),
        "has the wrong sign: that is V, which D maximizes. Return −log D(x) − log(1 − D(G(z))).": -right,
        f"applies the sigmoid twice. {KEEP}": F.softplus(-real.sigmoid()) + F.softplus(fake.sigmoid()),
        "lacks the part of the generated points.": F.softplus(-real),
        "lacks the part of the real points.": F.softplus(fake),
        "is half of what is asked for. Add both parts, do not average them.": right / 2,
        "asks for D near 1 on generated points, too. Their label is 0.": F.softplus(-real) + F.softplus(-fake),
        "takes logits for probabilities. D = sigmoid(logits).": -real.log() - (1 - fake).log(),
    }
    recognize(answer(real, fake), right, {**wrong, **_one_number(right)}, "The discriminator's loss")
    far = torch.tensor([50.0, -50.0])
    _far(answer(-far, far), torch.tensor([100.0, 0.0]), "The discriminator's loss")
    real, fake = real.clone().requires_grad_(), fake.clone().requires_grad_()
    expected = {"real_logits": (real, -torch.sigmoid(-OTHERS)), "fake_logits": (fake, LOGITS.sigmoid())}
    gradients(answer(real, fake), expected, "The discriminator's loss")
