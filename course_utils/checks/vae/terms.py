"""The checks of assignment 03, one for each function that the learner writes."""

import math

import torch
from torch import Tensor, nn
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
from course_utils.checks.kit.draws import MANY, independent, seeded, standard_normal
from course_utils.checks.kit.networks import build, linear_output, rowwise, trains

FIXED = "Draw from the generator that is given, with no seed and no generator of your own."


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
        _noise(answer, level)
    expected = {"mu": (mu, torch.ones_like(mu)), "logvar": (logvar, (z - mu).detach() / 2)}
    gradients(z, expected, "z")


def _noise(answer: Answer, level: float) -> None:
    """Check the noise added to many equal rows of mu where every logvar is `level`."""
    mu = torch.tensor([[2.0, -1.0]]).expand(MANY, 2)
    z = tensor(answer(mu, torch.full(mu.shape, level), seeded(2)), mu.shape, "z").detach()
    center, noise, sigma = z.mean(0), z - mu, math.exp(level / 2)
    independent(noise, "ε")
    require(center.abs().max() > 0.1, "The mean of z is 0 whatever mu is: the noise has to be added to mu.")
    require((center - sigma).abs().max() > 0.1, "The mean of z is σ: mu and σ have changed places. z = mu + σ ε.")
    for name, wrong in {
        "exp(logvar), the variance": math.exp(level),
        "logvar": abs(level),
        "√logvar": math.sqrt(abs(level)),
        "exp(2 logvar)": math.exp(2 * level),
        "1 whatever logvar is": 1.0,
        "exp(−logvar / 2), the inverse of σ": 1 / sigma,
    }.items():
        recognized = abs(noise.std() / wrong - 1) < 0.04
        require(not recognized, f"The standard deviation of z is {name}. logvar is log σ², so σ = exp(logvar / 2).")
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
    recognize(answer(mu, logvar), right.sum(1), wrong, "Your KL")
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
    far = answer(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([[200.0, -200.0], [200.0, 0.0]]))
    hint = "F.binary_cross_entropy_with_logits and F.logsigmoid stay exact, with no clamp."
    finite = f"log p(x|z) is not finite at logits of ±200: there p rounds to 0 or 1, and log 0 is −inf. {hint}"
    require(torch.isfinite(far).all(), finite)
    clamped = f"log p(x|z) is cut off: a pixel 0 with the logit 200 has the log-probability −200. {hint}"
    require(close(far, torch.tensor([0.0, -200 - math.log(2)])), clamped)
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
    gradients(value, {"log_px_z": (log_px_z, ones), "kl": (kl, -beta * ones)}, "the ELBO")


def _pair(value: object, shape: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """(mu, logvar), both of this shape, or CheckFailed."""
    several = isinstance(value, tuple | list)
    got = f"{len(value)} values" if several else f"one {type(value).__name__}"
    require(several and len(value) == 2, f"Encoder must return two tensors, (mu, logvar). It returns {got}.")
    return tensor(value[0], shape, "mu"), tensor(value[1], shape, "logvar")


@question
def Encoder(answer: Answer) -> None:
    """Shapes for two events, outputs with no activation, one code for each image, a gradient to every parameter."""
    _pair(build(answer, (1, 8, 8), 5, 64)(torch.rand(4, 1, 8, 8)), (4, 5))
    net, x = build(answer, event=(2, 3, 5), latent=32, hidden=64), torch.rand(64, 2, 3, 5)
    mu, logvar = _pair(net(x), (64, 32))
    require(not close(mu, logvar), "mu and logvar are the same numbers. Give each its own outputs: 2 Z in all.")
    outputs = rowwise(net, x, "image")
    linear_output(mu, "mu")
    linear_output(logvar, "logvar", " The encoder returns log σ², which is negative where σ < 1, not σ.")
    trains(net, outputs)


@question
def Decoder(answer: Answer) -> None:
    """Shapes for two events, logits with no activation, one image for each code, a gradient to every parameter."""
    tensor(build(answer, (1, 8, 8), 5, 64)(torch.randn(4, 5)), (4, 1, 8, 8), "x_logits")
    net, z = build(answer, event=(2, 3, 5), latent=7, hidden=64), torch.randn(64, 7)
    x_logits = tensor(net(z), (64, 2, 3, 5), "x_logits")
    outputs = rowwise(net, z, "code")
    linear_output(x_logits, "x_logits", " The sigmoid comes in the likelihood.")
    trains(net, outputs)


class _Recorder(nn.Module):
    """A decoder from 3 latent dimensions to events (1, 2, 2) that keeps the codes it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([[1.0, -2, 0.5, 3], [0.3, 1, -1, -0.4], [-0.8, 0.1, 2, 0.6]]))
        self.codes: list[Tensor] = []

    def forward(self, z: Tensor) -> Tensor:
        shape = tuple(getattr(z, "shape", ()))
        require(len(shape) == 2 and shape[1] == 3, f"The decoder is given the shape {shape}, not codes (n, latent).")
        self.codes.append(z.detach())
        return (z @ self.weight).unflatten(1, (1, 2, 2))


def _draw(answer: Answer, n: int, generator: torch.Generator) -> tuple[object, Tensor]:
    """What `sample` returns for n draws, and the codes `(n, 3)` that it gave to the decoder."""
    decoder = _Recorder()
    images = answer(decoder, n, 3, generator)
    require(decoder.codes, "sample does not call the decoder.")
    z = torch.cat(decoder.codes)
    require(len(z) == n, f"The decoder is given {len(z)} codes for n = {n}. z is (n, latent).")
    return images, z


@question
def sample(answer: Answer) -> None:
    """sigmoid(decoder(z)) with n codes z ~ N(0, I) from the generator, and no graph."""
    generator = seeded(1)
    images, z = _draw(answer, 5, generator)
    logits = _Recorder()(z).detach()
    p = logits.sigmoid()
    wrong = {
        "are logits. Apply the sigmoid once: an image shows probabilities.": logits,
        "have gone through the sigmoid twice.": p.sigmoid(),
        "are a softmax. Pixels are independent: each has a sigmoid of its own.": logits.flatten(1)
        .softmax(1)
        .view_as(p),
        "are clamped logits. Apply the sigmoid.": logits.clamp(0, 1),
        "are log-probabilities. Return the probabilities.": p.log(),
        "have lost the shape of the event. Return (n, *event), as the decoder does.": p.flatten(1),
    }
    binary = isinstance(images, Tensor) and bool(((images == 0) | (images == 1)).all())
    require(not binary, "The images hold only 0 and 1: they are rounded or tossed. Return the probabilities.")
    recognize(images, p, wrong, "The images")
    require(not images.requires_grad, "The images carry the decoder's graph. Sample under torch.no_grad().")
    fresh = not torch.equal(z, _draw(answer, 5, generator)[1])
    require(fresh, f"Two calls in a row give the same images. {FIXED}")
    used = torch.equal(z, _draw(answer, 5, seeded(1))[1])
    require(used, f"Two generators with the same seed give different images: the generator is not used. {FIXED}")
    codes = _draw(answer, MANY, seeded(2))[1]
    independent(codes, "z")
    standard_normal(codes, "The code z")
