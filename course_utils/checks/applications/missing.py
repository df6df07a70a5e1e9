"""The check of assignment 11 of missing values: what a Gaussian says of them, given the observed ones."""

from collections.abc import Callable

import torch
from torch import Tensor

from course_utils.checks.kit.answers import array, pair
from course_utils.checks.kit.cases import explained, loose
from course_utils.checks.kit.common import Answer, question, recognize, require
from course_utils.checks.kit.properties import fixed

Given = tuple[Tensor, Tensor, Tensor]  # x with nan, mean, cov
MU = "μ_m + Σ_mo Σ_oo⁻¹ (x_o − μ_o)."
SIGMA = "Σ_mm − Σ_mo Σ_oo⁻¹ Σ_om."


def covariance(d: int, seed: int) -> Tensor:
    """A covariance (D, D) far from a diagonal, with variances far from 1."""
    root = fixed(d, d + 3, seed=seed).double() * (0.6 + torch.arange(d)[:, None] / 3)
    return root @ root.T / 2 + 0.2 * torch.eye(d)


def _given(missing: list[int], seed: int) -> Given:
    m = torch.tensor(missing, dtype=torch.bool)
    x = 3 * fixed(len(m), 1, seed=seed + 9)[:, 0].double() if len(m) > 1 else torch.ones(1).double()
    return x.masked_fill(m, torch.nan), 2 + fixed(1, len(m), seed=seed + 5)[0].double(), covariance(len(m), seed)


def _blocks(x: Tensor, cov: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Σ_mm, Σ_mo, Σ_oo."""
    m = x.isnan()
    return cov[m][:, m], cov[m][:, ~m], cov[~m][:, ~m]


def _mean(weights: Callable[[Tensor, Tensor, Tensor], Tensor], sign: float = 1, center: float = 1) -> Callable:
    """μ_m + W (x_o − μ_o) with W = weights(Σ_mm, Σ_mo, Σ_oo)."""

    def mu(x: Tensor, mean: Tensor, cov: Tensor) -> Tensor:
        m = x.isnan()
        return mean[m] + sign * weights(*_blocks(x, cov)) @ (x - center * mean)[~m]

    return mu


def _slopes(mm: Tensor, mo: Tensor, oo: Tensor) -> Tensor:
    return mo @ torch.linalg.inv(oo)


def _across(mm: Tensor, mo: Tensor, oo: Tensor) -> Tensor:
    """With Σ_om where Σ_mo belongs, which fits where as many are missing as observed."""
    return mo.T @ torch.linalg.inv(oo) if mo.shape[0] == mo.shape[1] else mo @ torch.linalg.inv(oo)


_mu = _mean(_slopes)


def _sigma(x: Tensor, mean: Tensor, cov: Tensor) -> Tensor:
    mm, mo, oo = _blocks(x, cov)
    return mm - mo @ torch.linalg.inv(oo) @ mo.T


def _filled(x: Tensor, mean: Tensor, cov: Tensor) -> Tensor:
    out = x.clone()
    out[x.isnan()] = _mu(x, mean, cov)
    return out


MEANS: dict[str, Callable[..., Tensor]] = {
    f"is the marginal mean μ_m: what was observed is not used. {MU}": lambda x, mean, cov: mean[x.isnan()],
    f"has a block transposed: Σ_om where Σ_mo belongs. Rows are missing, columns observed. {MU}": _mean(_across),
    f"subtracts the correction. {MU}": _mean(_slopes, -1),
    f"does not subtract μ_o from x_o. {MU}": _mean(_slopes, 1, 0),
    f"lacks the inverse of Σ_oo. {MU}": _mean(lambda mm, mo, oo: mo),
    f"divides by the variances of the observed alone: Σ_oo is a matrix, invert it whole. {MU}": _mean(
        lambda mm, mo, oo: mo / oo.diagonal()
    ),
    f"multiplies by Σ_oo. Multiply by its inverse. {MU}": _mean(lambda mm, mo, oo: mo @ oo),
    f"has 1 / Σ_oo entry by entry. Invert the matrix: torch.linalg.inv. {MU}": _mean(lambda mm, mo, oo: mo @ (1 / oo)),
    f"has the inverse of Σ_mm. Invert the observed block. {MU}": _mean(lambda mm, mo, oo: torch.linalg.inv(mm) @ mo),
    f"lacks μ_m in front. {MU}": lambda x, mean, cov: _mu(x, mean, cov) - mean[x.isnan()],
    "is the whole row, filled. Return the missing entries alone, (M,).": _filled,
    "has 0 where the mean of x is due: the missing are filled with 0.": lambda x, mean, cov: 0 * mean[x.isnan()],
}
COVS: dict[str, Callable[..., Tensor]] = {
    f"is the marginal Σ_mm: it is not reduced by what was observed. {SIGMA}": lambda x, mean, cov: _blocks(x, cov)[0],
    f"adds what is to be subtracted: to know more cannot widen it. {SIGMA}": lambda x, mean, cov: (
        2 * _blocks(x, cov)[0] - _sigma(x, mean, cov)
    ),
    f"is the part that is explained, Σ_mo Σ_oo⁻¹ Σ_om. Subtract it from Σ_mm. {SIGMA}": lambda x, mean, cov: (
        _blocks(x, cov)[0] - _sigma(x, mean, cov)
    ),
    f"has a block transposed: rows are missing, columns observed. {SIGMA}": lambda x, mean, cov: _turned(x, cov),
    "holds the variances alone, with zeros beside them. Return the whole matrix.": lambda x, mean, cov: (
        _sigma(x, mean, cov).diagonal().diag()
    ),
    "holds the variances alone, (M,). Return the whole matrix, (M, M).": lambda x, mean, cov: _sigma(
        x, mean, cov
    ).diagonal(),
    "holds standard deviations. Return the matrix of variances and covariances, (M, M).": lambda x, mean, cov: (
        _sigma(x, mean, cov).diagonal().sqrt()
    ),
    "is its own inverse, the block of Σ⁻¹. Invert that block once more.": lambda x, mean, cov: torch.linalg.inv(
        _sigma(x, mean, cov)
    ),
    f"lacks the inverse of Σ_oo. {SIGMA}": lambda x, mean, cov: (
        _blocks(x, cov)[0] - _blocks(x, cov)[1] @ _blocks(x, cov)[1].T
    ),
    "is that of the observed. Return the one of the missing, (M, M).": lambda x, mean, cov: _blocks(x, cov)[2],
    "is the given matrix, whole.": lambda x, mean, cov: cov,
}


def _turned(x: Tensor, cov: Tensor) -> Tensor:
    mm, mo, oo = _blocks(x, cov)
    other = mo.T if mo.shape[0] == mo.shape[1] else mo
    return mm - other @ torch.linalg.inv(oo) @ other.T


@question
def conditional(answer: Answer) -> None:
    """Mean and covariance of the missing entries: two of four, one of five, four of six; all of them, none."""
    cases = [_given([1, 0, 0, 1], 0), _given([0, 0, 1, 0, 0], 1), _given([1, 0, 1, 1, 0, 1], 2), _given([0, 1], 3)]
    found = [pair(answer(*case), ("mu", "cov"), "conditional") for case in cases]
    swapped = all(getattr(loose(a), "ndim", 0) == 2 and getattr(loose(b), "ndim", 0) == 1 for a, b in found[:1])
    require(not swapped, "conditional returns its two results in another order. Return (mu, cov).")
    for place, name, right, mistakes in ((0, "The mean", _mu, MEANS), (1, "The covariance", _sigma, COVS)):
        values = [loose(each[place]) for each in found]
        expected = [right(*case) for case in cases]
        explained(values, cases, expected, mistakes, name)
        for value, each, case in zip(found, expected, cases, strict=True):
            said = f"{name} of {int(case[0].isnan().sum())} missing of {len(case[0])}"
            recognize(array(value[place], tuple(each.shape), said), each, {}, said)
    _ends(answer)


def _ends(answer: Answer) -> None:
    """All missing, and none."""
    x, mean, cov = _given([1, 0, 1], 4)
    mu, sigma = pair(answer(x * torch.nan, mean, cov), ("mu", "cov"), "conditional")
    nothing = "where all entries are missing"
    recognize(array(mu, (3,), f"The mean {nothing}"), mean, {}, f"The mean {nothing}")
    recognize(array(sigma, (3, 3), f"The covariance {nothing}"), cov, {}, f"The covariance {nothing}")
    mu, sigma = pair(answer(x.nan_to_num(0.5), mean, cov), ("mu", "cov"), "conditional")
    array(mu, (0,), "The mean where nothing is missing")
    array(sigma, (0, 0), "The covariance where nothing is missing")
