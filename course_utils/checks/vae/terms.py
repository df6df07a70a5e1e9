"""Checks of assignment 03: noise, the two terms of the ELBO, the ELBO."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.checks.kit.common import (
    Answer,
    close,
    gradients,
    negated,
    question,
    recognize,
    reductions,
    require,
    tensor,
)
from course_utils.checks.kit.draws import FIXED, MANY, independent, seeded, standard_normal, unshared
from course_utils.checks.kit.properties import draws_by_default, fixed


@question
def reparameterize(answer: Answer) -> None:
    """z = mu + σ ε, ε ~ N(0, I) from the generator, σ = exp(logvar / 2), with gradients to mu and logvar."""
    mu = torch.tensor([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]], requires_grad=True)
    logvar = torch.tensor([[0.4, -1.0, 1.5], [2.0, -3.0, 0.7]], requires_grad=True)
    generator = seeded(1)
    z = tensor(answer(mu, logvar, generator), mu.shape, "z")
    for name, wrong in {"mu": mu, "mu + σ": mu + (logvar / 2).exp(), "mu + exp(logvar)": mu + logvar.exp()}.items():
        require(not close(z, wrong), f"z is {name}: no noise is drawn. z = mu + σ ε with ε ~ N(0, I).")
    fresh = not torch.equal(z, answer(mu, logvar, generator))
    require(fresh, f"Two calls in a row give the same z: the noise is the same every time. {FIXED}")
    used = torch.equal(z, answer(mu, logvar, seeded(1)))
    require(used, f"Two generators with the same seed give different z: the generator is not used. {FIXED}")
    for level in (2.0, -2.0):
        _noise(answer, level, seeded(2))
    plain = mu.detach(), logvar.detach()
    draws_by_default(answer, *plain, read=lambda value: tensor(value, mu.shape, "z"))
    _noise(answer, 2.0)
    expected = {"mu": (mu, torch.ones_like(mu)), "logvar": (logvar, (z - mu).detach() / 2)}
    gradients(z, expected, "z")


def _noise(answer: Answer, level: float, *generator: torch.Generator) -> None:
    """Check the noise added to many equal rows of mu where every logvar is `level`."""
    mu = torch.tensor([[2.0, -1.0, 0.0, 1.0]]).expand(MANY // 2, 4)
    z = tensor(answer(mu, torch.full(mu.shape, level), *generator), mu.shape, "z").detach()
    center, noise, sigma = z.mean(0), z - mu, math.exp(level / 2)
    unshared(noise, "ε")
    require(center.abs().max() > 0.1, "The mean of z is 0 whatever mu is: the noise has to be added to mu.")
    require((center - sigma).abs().max() > 0.1, "The mean of z is σ: mu and σ have changed places. z = mu + σ ε.")
    for name, wrong in {
        "exp(logvar), the variance": math.exp(level),
        "logvar": abs(level),
        "√logvar": math.sqrt(abs(level)),
        "exp(2 logvar)": math.exp(2 * level),
        "½ exp(logvar), with the ½ outside": math.exp(level) / 2,
        "1 whatever logvar is": 1.0,
        "exp(−logvar / 2), the inverse of σ": 1 / sigma,
    }.items():
        recognized = abs(noise.std() / wrong - 1) < 0.04
        require(not recognized, f"The standard deviation of z is {name}. logvar is log σ², so σ = exp(logvar / 2).")
    independent(noise, "ε")
    standard_normal(noise / sigma, "The noise (z − mu) / σ")


@question
def kl_standard_normal(answer: Answer) -> None:
    """½ Σ (mu² + σ² − log σ² − 1): values, zero at the prior, both gradients."""
    mu = torch.tensor([[0.5, -1.0, 2.0, 0.3], [0.0, 1.5, -0.7, 1.1], [-2.0, 0.4, 0.9, -0.1]])
    logvar = torch.tensor([[0.3, 1.2, 0.6, 0.9], [-1.0, 0.5, -2.0, 0.1], [0.7, -0.3, -1.5, 2.0]])
    right = (mu**2 + logvar.exp() - logvar - 1) / 2
    wrong = reductions(right, "latent dimensions")
    wrong |= negated(wrong, "The sign is wrong, too: a KL divergence is never negative.")
    wrong |= {message: terms.sum(1) for message, terms in _kl_mistakes(mu, logvar).items()}
    wrong["has the 1 outside the sum. There is a 1 for each dimension."] = right.sum(1) + (mu.shape[1] - 1) / 2
    recognize(answer(mu, logvar), right.sum(1), wrong, "Your KL")
    wide = fixed(2, 7), fixed(2, 7, seed=1)
    expected = (wide[0] ** 2 + wide[1].exp() - wide[1] - 1).sum(1) / 2
    recognize(answer(*wide), expected, {}, "Your KL for Z = 7")
    zero = torch.zeros(2, 3)
    recognize(answer(zero, zero), torch.zeros(2), {}, "Your KL of the prior from itself")
    mu.requires_grad_()
    logvar.requires_grad_()
    expected = {"mu": (mu, mu.detach()), "logvar": (logvar, (logvar.detach().exp() - 1) / 2)}
    gradients(answer(mu, logvar), expected, "the KL")


def _kl_mistakes(mu: Tensor, logvar: Tensor) -> dict[str, Tensor]:
    """Wrong terms `(B, Z)` of the KL, with what is wrong about them."""

    def terms(variance: Tensor, log_variance: Tensor) -> Tensor:
        return (mu**2 + variance - log_variance - 1) / 2

    variance, right = logvar.exp(), terms(logvar.exp(), logvar)
    return {
        "has the wrong sign. A KL divergence is never negative: KL = −½ Σ (1 + log σ² − mu² − σ²).": -right,
        "lacks the factor ½.": 2 * right,
        "lacks the factor ½, and has the wrong sign.": -2 * right,
        "takes logvar for σ. logvar is log σ², so σ² = exp(logvar).": terms(logvar**2, (logvar**2).log()),
        "takes logvar for log σ. logvar is log σ², so σ² = exp(logvar).": terms((2 * logvar).exp(), 2 * logvar),
        "takes logvar for σ². logvar is log σ², so σ² = exp(logvar).": terms(logvar, logvar.log()),
        "uses logvar where σ² is due. σ² = exp(logvar).": terms(logvar, logvar),
        "uses logvar² where σ² is due. σ² = exp(logvar).": terms(logvar**2, logvar),
        "uses σ = exp(logvar / 2) where σ² = exp(logvar) is due.": terms(variance.sqrt(), logvar),
        "uses exp(logvar)² where σ² is due. logvar is log σ², so σ² = exp(logvar).": terms(variance**2, logvar),
        "uses log σ where log σ² is due. log σ² is logvar itself.": terms(variance, logvar / 2),
        "takes the logarithm of logvar. log σ² is logvar itself.": terms(variance, logvar.log()),
        "adds log σ² where it is to be subtracted.": terms(variance, -logvar),
        "does not square mu.": right + (mu - mu**2) / 2,
        "leaves out mu.": right - mu**2 / 2,
        "leaves out the 1 of each dimension: it must be 0 where q is the prior.": right + 0.5,
        "adds the 1 of each dimension where it is to be subtracted.": right + 1,
        "is KL(p ‖ q), the other way round.": (logvar + (1 + mu**2) / variance - 1) / 2,
    }


@question
def log_bernoulli(answer: Answer) -> None:
    """Σ x log p + (1 − x) log(1 − p), p = sigmoid(x_logits): values, logits of ±200, the gradient."""
    x = torch.tensor([[[[1.0, 0.0, 1.0]]], [[[0.0, 1.0, 0.25]]]])
    x_logits = torch.tensor([[[[0.2, 0.7, 0.4]]], [[[-1.5, 2.0, 0.9]]]])
    right = x * x_logits - F.softplus(x_logits)
    total = right.flatten(1).sum(1)
    wrong = reductions(right, "pixels")
    wrong |= negated(wrong, "The sign is wrong, too: a log-probability is the negative of the cross-entropy.")
    wrong |= {message: terms.flatten(1).sum(1) for message, terms in _bernoulli_mistakes(x, x_logits).items()}
    recognize(
        answer(x, x_logits), total, wrong | {"is a probability. Return its logarithm.": total.exp()}, "log p(x|z)"
    )
    flat = fixed(4, 5).sigmoid(), fixed(4, 5, seed=1)
    expected = (flat[0] * flat[1] - F.softplus(flat[1])).sum(1)
    recognize(answer(*flat), expected, {}, "log p(x|z) of flat images (B, 5)")
    far = answer(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([[200.0, -200.0], [200.0, 0.0]]))
    hint = "F.binary_cross_entropy_with_logits and F.logsigmoid stay exact, with no clamp."
    finite = f"log p(x|z) is not finite at logits of ±200: there p rounds to 0 or 1, and log 0 is −inf. {hint}"
    require(torch.isfinite(far).all(), finite)
    one = answer(torch.tensor([[1.0, 0.0]]), torch.tensor([[-500.0, -500.0]]))
    clamped = f"log p(x|z) is cut off: a pixel 0 with the logit 200 has the log-probability −200. {hint}"
    require(close(far, torch.tensor([0.0, -200 - math.log(2)])) and close(one, torch.tensor([-500.0])), clamped)
    x_logits.requires_grad_()
    gradients(answer(x, x_logits), {"x_logits": (x_logits, x - x_logits.detach().sigmoid())}, "log p(x|z)")


def _bernoulli_mistakes(x: Tensor, x_logits: Tensor) -> dict[str, Tensor]:
    """Wrong terms `(B, *event)` of the Bernoulli log-likelihood, with what is wrong about them."""
    p, log_p, log_q = x_logits.sigmoid(), F.logsigmoid(x_logits), F.logsigmoid(-x_logits)
    right = x * log_p + (1 - x) * log_q
    twice = "F.binary_cross_entropy_with_logits and F.logsigmoid want x_logits as they are."
    gaussian = "That is a Gaussian's log-likelihood, up to constants."
    return {
        "has the wrong sign. A log-probability is never positive; the cross-entropy is its negative.": -right,
        f"applies the sigmoid twice. {twice}": x * F.logsigmoid(p) + (1 - x) * F.logsigmoid(-p),
        "takes x_logits for probabilities. p = sigmoid(x_logits).": x * x_logits.log() + (1 - x) * (1 - x_logits).log(),
        "lacks the term (1 − x) log(1 − p): pixels that are 0 count, too.": x * log_p,
        "lacks the term x log p.": (1 - x) * log_q,
        "takes x and x_logits in the wrong order.": x * x_logits - F.softplus(x),
        f"is a squared error. {gaussian}": -((x - p) ** 2),
        f"is half a squared error. {gaussian}": -((x - p) ** 2) / 2,
        "is in bits. Use the natural logarithm.": right / math.log(2),
        "is the logarithm of p alone: x is not used.": log_p,
    }


@question
def elbo(answer: Answer) -> None:
    """log_px_z − β kl: values for β = 3 and for no β, both gradients."""
    log_px_z = torch.tensor([-12.0, -3.5, -80.0], requires_grad=True)
    kl, beta = torch.tensor([4.0, 0.5, 21.0], requires_grad=True), 3.0
    right, ones = log_px_z - beta * kl, torch.ones(3)
    one = "is one number. Return one value for each data point, (B,): the mean over the batch is the caller's."
    wrong = {
        "has the wrong sign: that is the loss. The ELBO is log_px_z − β kl, and it is maximized.": -right,
        "adds β kl where it is to be subtracted.": log_px_z + beta * kl,
        "has β on log_px_z. β weights the KL.": beta * log_px_z - kl,
        "has β on both terms. β weights the KL only.": beta * (log_px_z - kl),
        "ignores β.": log_px_z - kl,
        "divides the KL by β. β multiplies it.": log_px_z - kl / beta,
        "weights the terms with 1 − β and β. Only the KL has a weight: β.": (1 - beta) * log_px_z - beta * kl,
        "leaves out the KL.": log_px_z,
        "leaves out log_px_z.": -beta * kl,
        one: right.mean(),
        f"{one} This is the sum over the batch.": right.sum(),
        f"{one} The sign is wrong, too.": -right.mean(),
    }
    value = answer(log_px_z, kl, beta)
    recognize(value, right, wrong, "Your ELBO")
    recognize(answer(log_px_z, kl), log_px_z - kl, {}, "Your ELBO without a β, which means β = 1,")
    recognize(answer(log_px_z, kl, 0.0), log_px_z, {}, "Your ELBO for β = 0")
    recognize(answer(log_px_z, kl, beta=0.5), log_px_z - 0.5 * kl, {}, "Your ELBO for β = 0.5")
    gradients(value, {"log_px_z": (log_px_z, ones), "kl": (kl, -beta * ones)}, "the ELBO")
