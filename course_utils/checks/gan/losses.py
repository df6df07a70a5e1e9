"""The checks of assignment 04, one for each function that the learner writes."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.checks.kit.common import Answer, close, gradients, question, recognize, require, tensor
from course_utils.checks.kit.networks import build, linear_output, rowwise, trains

LOGITS = torch.tensor([-2.0, 0.5, 1.5, -0.3, 3.0])
OTHERS = torch.tensor([0.7, -1.1, 2.4, -0.6, 0.2])
KEEP = "F.softplus, F.logsigmoid and F.binary_cross_entropy_with_logits take logits as they are and stay exact."
CALLER = "Return one value for each point, (B,): the mean over the batch is the caller's."


def _one_number(right: Tensor) -> dict[str, Tensor]:
    return {
        f"is one number, averaged over the batch. {CALLER}": right.mean(),
        f"is one number, summed over the batch. {CALLER}": right.sum(),
    }


def _far(value: Tensor, right: Tensor, what: str) -> None:
    """Raise CheckFailed unless the loss is exact at logits of ±50."""
    finite = torch.isfinite(value).all()
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


@question
def Generator(answer: Answer) -> None:
    """Shapes for two events, pixels in [0, 1], one image for each code, a gradient to every parameter."""
    tensor(build(answer, (1, 8, 8), 5, 64)(torch.randn(4, 5)), (4, 1, 8, 8), "G(z)")
    net, z = build(answer, event=(2, 3, 5), latent=7, hidden=64), torch.randn(64, 7)
    x = tensor(net(z), (64, 2, 3, 5), "G(z)")
    outputs = rowwise(net, z, "code")
    low, high = x.min(), x.max()
    tanh = (
        "G(z) lies in [−1, 1]: is there a tanh at the end? The pixels of the data lie in [0, 1], so end in a sigmoid."
    )
    require(low >= 0 or low < -1 or high > 1, tanh)
    range_ = f"G(z) goes from {low:.2g} to {high:.2g}. Pixels lie in [0, 1]: end in a sigmoid."
    require(low >= 0 and high <= 1, range_)
    require(
        high > 0.6 and low < 0.4, f"G(z) only goes from {low:.2g} to {high:.2g}: apply the sigmoid once, at the end."
    )
    trains(net, outputs)


@question
def Discriminator(answer: Answer) -> None:
    """Shapes for two events, logits with no activation, one for each image, a gradient to every parameter."""
    logits = build(answer, (1, 8, 8), 64)(torch.rand(4, 1, 8, 8))
    column = isinstance(logits, Tensor) and logits.shape == (4, 1)
    note = "Drop the last dimension, for example by .squeeze(1): (B, 1) with (B,) would broadcast to (B, B)."
    require(not column, f"D(x) has the shape (B, 1). {note}")
    tensor(logits, (4,), "D(x)")
    net, x = build(answer, event=(2, 3, 5), hidden=64), torch.rand(256, 2, 3, 5)
    logits = tensor(net(x), (256,), "D(x)")
    alone = net(x[:1])
    require(alone.shape == (1,), "D(x) of a batch of one image has the shape (). Use squeeze(1), not squeeze().")
    outputs = rowwise(Answer(lambda x: net(x)[:, None], "Discriminator"), x, "image")
    wide = net(100 * torch.randn(256, 2, 3, 5))
    linear_output(wide, "D(x)", " The sigmoid is in the loss.")
    trains(net, outputs)


@question
def mode_coverage(answer: Answer) -> None:
    """(captured, high_quality) of seven points and four modes."""
    modes = torch.tensor([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [2.0, 2.0]])
    x = torch.tensor([[0.05, 0.0], [0.25, 0.0], [2.0, 0.29], [0.1, 1.5], [1.6, 1.9], [0.22, 0.22], [2.1, 0.1]])
    value = answer(x, modes, 0.1)
    pair = isinstance(value, tuple | list) and len(value) == 2
    require(pair, f"mode_coverage must return two values, (captured, high_quality). It returns {type(value).__name__}.")
    captured, good = (float(v) for v in value)
    what = {2.0: None, 4.0: "counts every mode that is nearest to some point, good or not. Only good points count."}
    counts = what | {1.0: "takes good for one standard deviation. It is three.", 0.5: "is a share. Count modes."}
    counts |= {3.0: "counts a mode too many: good is a distance ≤ 3 std.", 4 / 7: "is a mean over points."}
    require(captured == 2, f"captured is {captured:g} where 2 is right: it {counts.get(captured) or 'is wrong'}")
    shares = {
        1 / 7: "takes good for one standard deviation. It is three.",
        2 / 7: "takes good for two standard deviations. It is three.",
        5 / 7: "compares each coordinate, not the distance. Take the Euclidean distance.",
        1.0: "calls every point good. Compare the distance, not its square, with 3 std.",
        4.0: "is a number of points. Divide by N.",
        4 / 28: "is a mean over points and modes. Take the nearest mode first, then the mean over points.",
        0.5: "is the share of modes. It is the share of points.",
        400 / 7: "is in percent. Return a share between 0 and 1.",
    }
    said = next((text for share, text in shares.items() if abs(good - share) < 1e-4), "is wrong: good points over N.")
    require(abs(good - 4 / 7) < 1e-4, f"high_quality is {good:.3g} where 0.571 is right: it {said}")
    copies = x[:1].repeat(10, 1)
    one, every = answer(copies, modes, 0.1)
    require(
        int(one) == 1 and float(every) == 1, "Ten good points at one mode capture 1 mode, and all of them are good."
    )
