"""Checks of assignment 02, second part: the M-step, drawing, BIC."""

import math
from collections.abc import Iterator
from numbers import Real

import torch
from torch import Tensor

from course_utils.checks.kit.common import Answer, close, question, recognize, require, tensor
from course_utils.checks.kit.draws import FIXED, MANY, seeded
from course_utils.checks.kit.properties import draws_by_default

TYPES = ("full", "tied", "diag", "spherical")

X = torch.tensor([[0.5, -1.0], [2.0, 0.3], [-1.2, 0.8], [0.1, 1.9], [1.4, -0.6]])
MEANS = torch.tensor([[0.0, 0.5], [1.5, -1.0], [-0.7, 2.0]])
COVARIANCES = torch.tensor([[[1.3, 0.4], [0.4, 0.6]], [[0.5, -0.2], [-0.2, 0.9]], [[2.0, 0.7], [0.7, 1.4]]])
WEIGHTS = torch.tensor([0.6, 0.3, 0.1])
R = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.25, 0.25, 0.5], [0.5, 0.3, 0.2], [0.05, 0.15, 0.8]])


@question
def m_step(answer: Answer) -> None:
    """N_k / N, the weighted means, the weighted covariances with the mean removed."""
    value = answer(X, R)
    three = isinstance(value, tuple | list) and len(value) == 3
    got = f"{len(value)} values" if isinstance(value, tuple | list) else type(value).__name__
    require(three, f"m_step must return three tensors, (weights, means, covariances); it returns {got}.")
    counts = R.sum(0)
    _check_weights(value[0], counts)
    means = R.T @ X / counts[:, None]
    wrong = {
        "are not divided by N_k = Σ_n r_nk.": R.T @ X,
        "are divided by N. Divide each by its own N_k = Σ_n r_nk.": R.T @ X / 5,
        "are the plain mean of all points. Weight them with r_nk.": X.mean(0).expand(3, 2),
        "weight the points with r_nk².": (R**2).T @ X / counts[:, None],
    }
    recognize(value[1], means, wrong, "Your means")
    recognize(value[2], _weighted(R, means), dict(_covariance_mistakes(means)), "Your covariances")
    x, r = torch.randn(40, 3, generator=seeded(0)), torch.rand(40, 2, generator=seeded(1))
    r = r / r.sum(1, keepdim=True)
    weights, means, covariances = answer(x, r)
    tensor(weights, (2,), "weights for K = 2")
    tensor(means, (2, 3), "means for K = 2, D = 3")
    expected = torch.stack([torch.cov(x.double().T, correction=0, aweights=r[:, k].double()) for k in range(2)])
    recognize(covariances, expected, {}, "Your covariances for K = 2, D = 3")


def _check_weights(weights: object, counts: Tensor) -> None:
    wrong = {
        "are the N_k. Divide by N, so that they sum to 1.": counts,
        "are divided by K. Divide N_k by the number of points N, so that they sum to 1.": counts / 3,
        "are equal. They are N_k / N.": torch.full((3,), 1 / 3),
        "are sums over the components (dimension 1). Sum r over the points.": R.sum(1),
        "are means over the components (dimension 1). Average r over the points.": R.mean(1),
        "are a softmax. They are N_k / N.": counts.softmax(0),
    }
    recognize(weights, counts / 5, wrong, "Your weights")


def _weighted(r: Tensor, center: Tensor) -> Tensor:
    """Σ_n r_nk (x_n − c_k)(x_n − c_k)ᵀ / Σ_n r_nk, (K, D, D)."""
    away = X[:, None] - center
    return torch.einsum("nk,nki,nkj->kij", r, away, away) / R.sum(0)[:, None, None]


def _covariance_mistakes(means: Tensor) -> Iterator[tuple[str, Tensor]]:
    """Messages and values (K, D, D) of wrong covariances."""
    right, counts = _weighted(R, means), R.sum(0)[:, None, None]
    yield "are of the form Σ r x xᵀ / N_k: the mean is not removed. Use x − μ_k.", _weighted(R, torch.zeros(3, 2))
    everybody = "remove the mean of all points. Each component removes its own new mean μ_k."
    yield everybody, _weighted(R, X.mean(0).expand(3, 2))
    yield "are not divided by N_k.", right * counts
    yield "are divided by N. Divide each by its own N_k.", right * counts / 5
    yield "are divided by N_k − 1. The likelihood's maximum has N_k.", right * counts / (counts - 1)
    yield "weight the points with r_nk². Put r_nk on one of the two factors only.", _weighted(R**2, means)
    yield "are not weighted: r_nk is missing.", _weighted(torch.ones(5, 3), means) * counts / 5
    yield "have only their diagonal. Keep the products of different dimensions.", right * torch.eye(2)
    yield "are standard deviations: no square root.", right.abs().sqrt()
    yield "are only variances, (K, D). Return matrices, (K, D, D).", right.diagonal(dim1=1, dim2=2)
    yield "are the average over the components. Return one for each.", right.mean(0)


@question
def sample(answer: Answer) -> None:
    """Component from the weights, then the point from its Gaussian, both from the generator."""
    x, _ = _pair(answer(6, WEIGHTS, MEANS, COVARIANCES, seeded(1)), 6)
    again, _ = _pair(answer(6, WEIGHTS, MEANS, COVARIANCES, seeded(1)), 6)
    require(torch.equal(x, again), f"Two generators with the same seed give different points. {FIXED}")
    generator = seeded(1)
    twice = [answer(6, WEIGHTS, MEANS, COVARIANCES, generator)[0] for _ in range(2)]
    require(not torch.equal(*twice), f"Two calls in a row give the same points. {FIXED}")
    means = 8 * MEANS
    _check_draws(answer(MANY, WEIGHTS, means, COVARIANCES, seeded(2)), means)
    draws_by_default(answer, 6, WEIGHTS, MEANS, COVARIANCES, read=lambda value: _pair(value, 6)[0])
    _check_draws(answer(MANY, WEIGHTS, means, COVARIANCES), means)
    _pair(answer(1, torch.tensor([0.75, 0.25]), torch.zeros(2, 3), torch.eye(3).expand(2, 3, 3), seeded(3)), 1, 3)
    _pair(answer(5, torch.ones(1), torch.zeros(1, 1), torch.ones(1, 1, 1), seeded(4)), 5, 1)


def _check_draws(value: object, means: Tensor) -> None:
    """Raise CheckFailed unless MANY draws look as if drawn from the mixture with these means."""
    x, component = _pair(value, MANY)
    _check_components(component)
    for k in range(3):
        _check_component(x[component == k], k, means[k])


def _check_component(points: Tensor, k: int, mean: Tensor) -> None:
    """Raise CheckFailed unless the points `(N, 2)` of component k look as if drawn from its Gaussian."""
    anew = "All points of a component are equal. Draw noise anew for each point, ε (n, D)."
    require(len(points) and points.std(0).max() > 1e-4, anew)
    center = [round(value, 1) for value in points.mean(0).tolist()]
    where = f"The points that you say are from component {k} do not lie around its mean"
    require((points.mean(0) - mean).abs().max() < 0.2, f"{where} {mean.tolist()}, but around {center}.")
    _check_shape(points - mean, k)


def _pair(value: object, n: int, d: int = 2) -> tuple[Tensor, Tensor]:
    """(x, component) of the right shapes, or CheckFailed."""
    two = isinstance(value, tuple | list) and len(value) == 2
    got = f"{len(value)} values" if isinstance(value, tuple | list) else type(value).__name__
    require(two, f"sample must return two tensors, (x, component); it returns {got}.")
    turned = getattr(value[0], "shape", None) == (n,) and getattr(value[1], "shape", None) == (n, d)
    require(not turned, "x and component have changed places. Return (x, component).")
    x, component = tensor(value[0], (n, d), "x"), tensor(value[1], (n,), "component")
    require(set(component.tolist()) <= {0, 1, 2}, "component must hold numbers from 0 to K − 1.")
    return x, component


def _check_components(component: Tensor) -> None:
    """Raise CheckFailed unless the components look as if drawn with the weights, each anew."""
    shares = torch.bincount(component.long(), minlength=3) / len(component)
    require(shares.max() < 0.99, "All points come from one component. Draw one anew for each point.")
    require(not close(shares, torch.full((3,), 1 / 3), 0.1), "All components are drawn equally often: use the weights.")
    fits = (shares - WEIGHTS).abs().max() < 0.03
    message = f"The components are drawn with shares {[round(s, 2) for s in shares.tolist()]} instead of the weights"
    require(fits, f"{message} {[round(w, 2) for w in WEIGHTS.tolist()]}.")
    ordered = bool((component[1:] >= component[:-1]).all())
    exact = torch.equal((shares * len(component)).round(), (WEIGHTS * len(component)).round())
    require(not exact, "The components are dealt out in fixed numbers. Roll the die for each point.")
    require(not ordered, "The components come sorted. Roll the die for each point: the draws are independent.")


def _check_shape(noise: Tensor, k: int) -> None:
    """Raise CheckFailed, with the mistake's name, unless the noise `(N, 2)` is normal with the covariance of k."""
    covariance = COVARIANCES[k]
    factor, found = torch.linalg.cholesky(covariance), torch.cov(noise.T).float()
    one = "Both dimensions share one draw. Draw one for each of them: ε is (n, D)."
    require(torch.linalg.det(found) > 0.01 * torch.linalg.det(covariance), one)
    for message, wrong in {
        "the identity: Σ is not used": torch.eye(2),
        "Σ Σᵀ: Σ is used where its Cholesky factor L is due": covariance @ covariance.T,
        "Lᵀ L: the factor is transposed. A column of noise is multiplied as L ε, a row as ε Lᵀ": factor.T @ factor,
        "the diagonal of Σ only: the correlation is lost": covariance.diag().diag(),
        **{f"that of component {j}: use the drawn component to choose Σ": COVARIANCES[j] for j in range(3) if j != k},
        "the mean of all three: each component has its own Σ": COVARIANCES.mean(0),
        "the mean of all three, weighted: each component has its own Σ": torch.einsum("k,kij", WEIGHTS, COVARIANCES),
        "the squares of Σ's variances: a standard deviation is their root": (covariance.diag() ** 2).diag(),
    }.items():
        same = (found - wrong).abs().max() < 0.06 * covariance.max()
        require(not same, f"The covariance of component {k}'s points is {message}. x = μ + L ε with Σ = L Lᵀ.")
    white = torch.linalg.solve_triangular(factor, noise.float().T, upper=False).T
    rounded = [[round(value, 2) for value in row] for row in found.tolist()]
    uniform = "Is it torch.rand, which is uniform? torch.randn is normal."
    right = f"{[[round(value, 2) for value in row] for row in covariance.tolist()]}."
    bounded = f" {uniform}" if white.abs().max() < 2 * white.std() else ""
    off = (found - covariance).abs().max() > 0.12 * covariance.max()
    require(not off, f"The covariance of component {k}'s points is {rounded} instead of {right}{bounded}")
    require(white.abs().max() > 2.5, f"The noise is not normal: none of {len(white)} draws is beyond 2.5. {uniform}")


@question
def bic(answer: Answer) -> None:
    """p log n − 2 Σ log p(x), with p counted for each covariance type."""
    log_px = torch.tensor([-3.0, -2.5, -4.0, -1.5, -6.0, -2.0, -3.5])
    total, log_n = log_px.sum().item(), math.log(len(log_px))
    for kind, k, d in ((kind, *size) for size in ((3, 4), (5, 2)) for kind in TYPES):
        p = _free(kind, k, d)
        wrong = _bic_mistakes(p, len(log_px), total) | {
            message: torch.tensor(count * log_n - 2 * total) for message, count in _count_mistakes(kind, k, d)
        }
        exp = log_px.exp().sum().item()
        wrong["exponentiates log_px, which holds log-likelihoods already."] = torch.tensor(p * log_n - 2 * exp)
        right, what = torch.tensor(p * log_n - 2 * total), f"Your BIC for {kind!r}, K = {k}, D = {d},"
        recognize(_number(answer(log_px, k, d, kind)), right, wrong, what)
    recognize(
        _number(answer(log_px, 3, 4)), torch.tensor(44 * log_n - 2 * total), {}, "Your BIC without a type, 'full',"
    )


def _number(value: object) -> object:
    """A number, whatever holds it, as a tensor of shape (); anything else as it is."""
    if isinstance(value, Tensor) and value.numel() == 1:
        return value.detach().reshape(())
    return torch.tensor(float(value)) if isinstance(value, Real) else value


def _free(kind: str, k: int, d: int) -> int:
    one = d * (d + 1) // 2
    return k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[kind]


def _bic_mistakes(p: int, n: int, total: float) -> dict[str, Tensor]:
    """Messages and values of wrong formulas with the right number of parameters p."""
    log_n = math.log(n)
    values = {
        "has the wrong sign: lower is better, so a better fit must lower it.": 2 * total - p * log_n,
        "rewards parameters: add p log n, subtract 2 Σ log p(x).": -p * log_n - 2 * total,
        "rewards a bad fit: subtract 2 Σ log p(x).": p * log_n + 2 * total,
        "is the AIC. BIC charges log n for each parameter, not 2.": 2 * p - 2 * total,
        "lacks the 2 before Σ log p(x).": p * log_n - total,
        "is half the BIC: p log n − 2 Σ log p(x).": p * log_n / 2 - total,
        "averages log p(x) over the points. BIC has the sum.": p * log_n - 2 * total / n,
        "lacks the price of parameters, p log n.": -2 * total,
        "has log n without p.": log_n - 2 * total,
        "has p without log n.": p - 2 * total,
        "has n log p where p log n is due.": n * math.log(p) - 2 * total,
        "is divided by the number of points. Return it whole.": (p * log_n - 2 * total) / n,
        "uses a logarithm to base 10.": p * math.log10(n) - 2 * total,
        "uses a logarithm to base 2.": p * math.log2(n) - 2 * total,
    }
    return {message: torch.tensor(value) for message, value in values.items()}


def _count_mistakes(kind: str, k: int, d: int) -> Iterator[tuple[str, int]]:
    """Messages and wrong numbers of free parameters. What is wrong for any type is named at the first one, full."""
    p, one = _free(kind, k, d), d * (d + 1) // 2
    if kind == "full":
        yield "counts K weights. They sum to 1, so K − 1 are free.", p + 1
        yield "leaves out the weights: K − 1 are free.", p - k + 1
        two = "The means are K D numbers, and a covariance has D (D + 1) / 2 free ones."
        yield f"counts K D numbers too few. {two}", p - k * d
        yield "counts one mean for all components. There are K of them, D numbers each.", p - k * d + d
        yield "counts K means as K numbers. Each has D.", p - k * d + k
        yield "counts D² numbers in a covariance. It is symmetric: D (D + 1) / 2 are free.", p + k * (d * d - one)
        yield "counts one covariance for all components. There are K of them.", p - (k - 1) * one
        yield "leaves out the covariances.", p - k * one
        yield "counts D variances for each component. A full covariance has D (D + 1) / 2.", p - k * (one - d)
    if kind == "tied":
        yield "counts K covariances. Tied components share one.", p + (k - 1) * one
    if kind == "diag":
        yield "counts full covariances. Diagonal ones have D variances each.", p + k * (one - d)
        yield "counts D variances for all components together. Each has its own D.", p - (k - 1) * d
        yield "counts one variance for each component. Diagonal ones have D.", p - k * (d - 1)
    if kind == "spherical":
        yield "counts full covariances. Spherical ones have one variance each.", p + k * (one - 1)
        yield "counts one variance for all components. Each has its own.", p - k + 1
        yield "counts D variances for each component. Spherical ones have one.", p + k * (d - 1)
