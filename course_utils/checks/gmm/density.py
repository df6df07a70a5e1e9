"""The checks of assignment 02, one for each function that the learner writes."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from course_utils.checks.gmm.fit import COVARIANCES, MEANS, WEIGHTS, X
from course_utils.checks.kit.common import Answer, question, recognize, require, tensor
from course_utils.checks.kit.draws import seeded
from course_utils.checks.kit.properties import fixed, one_row

LOG_PX_K = torch.tensor([[-1.0, -2.5, -0.3], [-4.0, -0.7, -3.1], [-2.2, -2.0, -6.0], [0.4, -1.1, 1.3]])
FAR = torch.tensor([[-2000.0, -2001.0, -1999.5], [1500.0, 1502.0, 1498.0], [-2000.0, 1500.0, -300.0]])


@question
def log_components(answer: Answer) -> None:
    """log N(x | μ_k, Σ_k), (B, K): values, one dimension, three dimensions, a point far away."""
    centered = X[:, None] - MEANS
    right = _log_normal(X, MEANS, COVARIANCES)
    sign = "has the wrong sign: it is the log-density, not the loss."
    wrong = {message: values for message, values in _density_mistakes(centered)}
    wrong |= {"is the density. Return its logarithm.": right.exp(), sign: -right}
    wrong["has the shape (K, B). Return one row for each point: (B, K)."] = right.T
    wrong["is summed over the components. Return one column for each: (B, K)."] = right.sum(1)
    recognize(answer(X, MEANS, COVARIANCES), right, wrong, "Your log N(x | μ_k, Σ_k)")
    for d in (1, 3):
        x, means, covariances = _other(d)
        value, expected = answer(x, means, covariances), _log_normal(x, means, covariances)
        recognize(value, expected, {}, f"Your log-density in {d} dimension{'s'[: d > 1]} with K = 4")
    one_row(answer, [X], (MEANS, COVARIANCES), read=lambda value: tensor(value, (len(value), 3), "log N(x | μ_k, Σ_k)"))
    far = answer(X + 100, MEANS, COVARIANCES)
    finite = isinstance(far, Tensor) and bool(torch.isfinite(far).all())
    require(
        finite, "Far from a mean the density underflows to 0, and log 0 is −inf. Stay in logarithms from the start."
    )
    recognize(far, _log_normal(X + 100, MEANS, COVARIANCES), {}, "Your log-density far from the means")


def _log_normal(x: Tensor, means: Tensor, covariances: Tensor) -> Tensor:
    """log N(x | μ_k, Σ_k), (B, K), in double precision."""
    x, means, covariances = x.double(), means.double(), covariances.double()
    return torch.distributions.MultivariateNormal(means, covariances).log_prob(x[:, None])


def _other(d: int) -> tuple[Tensor, Tensor, Tensor]:
    """Six points, four means and four covariances in d dimensions."""
    generator = seeded(d)
    factor = torch.randn(4, d, d, generator=generator)
    return (
        torch.randn(6, d, generator=generator),
        torch.randn(4, d, generator=generator),
        factor @ factor.mT + torch.eye(d),
    )


def _density_mistakes(centered: Tensor) -> Iterator[tuple[str, Tensor]]:
    """Messages and values (B, K) of wrong formulas of the log-density in two dimensions."""
    inverse, log_det = COVARIANCES.inverse(), COVARIANCES.logdet()

    def squared(matrix: Tensor) -> Tensor:
        return torch.einsum("bki,kij,bkj->bk", centered, matrix, centered)

    maha, variances, two_pi = squared(inverse), COVARIANCES.diagonal(dim1=1, dim2=2), 2 * math.log(2 * math.pi)
    yield "lacks −D/2 log 2π.", -0.5 * (log_det + maha)
    yield "has −½ log 2π once. It is there once for each dimension: −D/2 log 2π.", -0.5 * (two_pi / 2 + log_det + maha)
    yield "lacks the determinant: −½ log det Σ.", -0.5 * (two_pi + maha)
    yield "has det Σ where log det Σ is due.", -0.5 * (two_pi + log_det.exp() + maha)
    yield "has log det Σ without the ½.", -0.5 * (two_pi + 2 * log_det + maha)
    yield "adds ½ log det Σ. Wider means lower: subtract it.", -0.5 * (two_pi - log_det + maha)
    yield "lacks the ½ before (x − μ)ᵀ Σ⁻¹ (x − μ).", -0.5 * (two_pi + log_det + 2 * maha)
    yield "adds ½ (x − μ)ᵀ Σ⁻¹ (x − μ). Farther means lower: subtract it.", -0.5 * (two_pi + log_det - maha)
    yield "uses Σ where its inverse is due: (x − μ)ᵀ Σ⁻¹ (x − μ).", -0.5 * (two_pi + log_det + squared(COVARIANCES))
    yield "uses 1 / Σ, entry by entry. Σ⁻¹ is the matrix inverse.", -0.5 * (two_pi + log_det + squared(1 / COVARIANCES))
    yield "takes the square root of (x − μ)ᵀ Σ⁻¹ (x − μ).", -0.5 * (two_pi + log_det + maha.sqrt())
    only = -0.5 * (two_pi + variances.log().sum(1) + (centered**2 / variances).sum(2))
    yield "uses only the variances on the diagonal of Σ: the correlations are lost.", only
    factor = COVARIANCES.tril()
    as_factor = torch.distributions.MultivariateNormal(MEANS, scale_tril=factor).log_prob(X[:, None])
    yield "takes Σ for its Cholesky factor L. Σ = L Lᵀ.", as_factor


@question
def log_prob(answer: Answer) -> None:
    """log Σ_k π_k p(x | k), (B,), where densities underflow and overflow, too."""
    log_w = WEIGHTS.log()
    right = torch.logsumexp(LOG_PX_K + log_w, 1)
    outside = "is Σ π_k log p(x | k): the logarithm is inside the sum. It is log Σ π_k p(x | k)."
    wrong = {
        "forgets the weights: p(x) = Σ π_k p(x | k).": torch.logsumexp(LOG_PX_K, 1),
        "averages the components with equal weights.": torch.logsumexp(LOG_PX_K, 1) - math.log(3),
        "adds π_k to the logarithms. Add log π_k.": torch.logsumexp(LOG_PX_K + WEIGHTS, 1),
        "multiplies the log-densities by π_k. Add log π_k.": torch.logsumexp(LOG_PX_K * WEIGHTS, 1),
        outside: (LOG_PX_K * WEIGHTS).sum(1),
        "adds up the logarithms: that is the logarithm of a product.": (LOG_PX_K + log_w).sum(1),
        "takes the largest component only. Sum over them.": (LOG_PX_K + log_w).max(1).values,
        "is the density. Return its logarithm.": right.exp(),
        "has the wrong sign: it is the log-likelihood, not the loss.": -right,
        "is summed over the points (dimension 0). Sum over the components.": torch.logsumexp(LOG_PX_K + log_w, 0),
        "has the shape (B, 1). Drop the last dimension (no keepdim).": right[:, None],
        "is one number, the mean over the batch. Return one for each point, (B,).": right.mean(),
        "is one number, the sum over the batch. Return one for each point, (B,).": right.sum(),
        "is not summed over the components: log π_k p(x | k).": LOG_PX_K + log_w,
    }
    recognize(answer(LOG_PX_K, WEIGHTS), right, wrong, "Your log p(x)")
    one_row(answer, [LOG_PX_K], [WEIGHTS], read=lambda value: tensor(value, value.shape, "log p(x)"))
    five = torch.log_softmax(fixed(6, 5), 0), fixed(5).softmax(0)
    recognize(answer(*five), torch.logsumexp(five[0] + five[1].log(), 1), {}, "Your log p(x) for K = 5")
    recognize(answer(five[0][:, :1], torch.ones(1)), five[0][:, 0], {}, "Your log p(x) for K = 1")
    far = answer(FAR, WEIGHTS)
    _finite(far, "log p(x)", "torch.logsumexp takes out the largest term first.")
    recognize(far, torch.logsumexp(FAR + log_w, 1), {}, "Your log p(x) at log-densities of −2000 and 1500")


def _finite(value: object, what: str, way: str) -> None:
    finite = isinstance(value, Tensor) and bool(torch.isfinite(value).all())
    message = f"{what} is not finite where log p(x | k) is −2000 or 1500: exp gives 0 or inf there. {way}"
    require(finite, message)


@question
def responsibilities(answer: Answer) -> None:
    """p(k | x), (B, K), rows that sum to 1, where densities underflow and overflow, too."""
    log_joint = LOG_PX_K + WEIGHTS.log()
    joint, right = log_joint.exp(), log_joint.softmax(1)
    hard = torch.nn.functional.one_hot(right.argmax(1), 3).float()
    wrong = {
        "are normalized over the points (dimension 0). Each point's row must sum to 1.": log_joint.softmax(0),
        "forget the prior: p(k | x) is in proportion to π_k p(x | k).": LOG_PX_K.softmax(1),
        "are π_k p(x | k), not yet divided by their sum over k.": joint,
        "are divided by the sum over points and components. Each point's row must sum to 1.": joint / joint.sum(),
        "are logarithms. Return probabilities.": right.log(),
        "are log π_k p(x | k). Normalize, and return probabilities.": log_joint,
        "are logarithms divided by their sum. Exponentiate first, then divide.": log_joint / log_joint.sum(1, True),
        "are a softmax of probabilities: softmax exponentiates. Give it log π_k + log p(x | k).": joint.softmax(1),
        "add π_k to the logarithms. Add log π_k.": (LOG_PX_K + WEIGHTS).softmax(1),
        "multiply the log-densities by π_k. Add log π_k.": (LOG_PX_K * WEIGHTS).softmax(1),
        "are 0 or 1: that is k-means. Keep the probabilities.": hard,
        "have the wrong sign in the exponent: the least likely component gets most.": (-log_joint).softmax(1),
        "have the shape (K, B). Return one row for each point: (B, K).": right.T,
        "multiply by the weights after normalizing; the rows no longer sum to 1.": LOG_PX_K.softmax(1) * WEIGHTS,
    }
    recognize(answer(LOG_PX_K, WEIGHTS), right, wrong, "Your responsibilities")
    one_row(answer, [LOG_PX_K], [WEIGHTS], read=lambda value: tensor(value, value.shape, "Your responsibilities"))
    five = torch.log_softmax(fixed(6, 5), 0), fixed(5).softmax(0)
    recognize(answer(*five), (five[0] + five[1].log()).softmax(1), {}, "Your responsibilities for K = 5")
    far = answer(FAR, WEIGHTS)
    _finite(far, "A responsibility", "Use torch.softmax, or subtract the largest logarithm first.")
    recognize(far, (FAR + WEIGHTS.log()).softmax(1), {}, "Your responsibilities at log-densities of −2000 and 1500")
