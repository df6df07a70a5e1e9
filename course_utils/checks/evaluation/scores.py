"""The checks of assignment 07, one for each function that the learner writes.

Answers may be Python numbers, numpy or torch: everything is turned into float64 tensors first.
"""

import math

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import array, number, pair, plain, refuses
from course_utils.checks.kit.common import Answer, CheckFailed, question, quiet, recognize, require

_P = torch.tensor(
    [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.25, 0.25, 0.5], [0.6, 0.3, 0.1], [0.05, 0.05, 0.9]], dtype=torch.float64
)


def _score(p: Tensor) -> Tensor:
    kl = torch.xlogy(p, p) - torch.xlogy(p, p.mean(0))
    return kl.sum(1).mean().exp()


@question
def inception_score(answer: Answer) -> None:
    """exp(E KL(p(y|x) ‖ p(y))): five images of three classes, both bounds, zeros."""
    p, marginal = _P.clone(), _P.mean(0)
    kl, uniform = (p * (p / marginal).log()).sum(1), torch.full_like(marginal, 1 / 3)
    entropy, of_marginal = -(p * p.log()).sum(1), -(marginal * marginal.log()).sum()
    swapped = "has the KL in the wrong direction: it is KL(p(y|x) ‖ p(y)), weighted by p(y|x)."
    mistakes = {
        swapped: (marginal * (marginal / p).log()).sum(1).mean().exp(),
        "is the mean KL itself. The score is its exponential.": kl.mean(),
        "averages exp(KL). Average the KL over images first, then take the exponential once.": kl.exp().mean(),
        "averages over the classes, too. Sum the KL over classes, average over images.": (kl / 3).mean().exp(),
        "sums the KL over images. Average over them.": kl.sum().exp(),
        "looks only at p(y): clear and hazy images get the same score.": of_marginal.exp(),
        "looks only at p(y|x): it does not see whether the images vary.": (-entropy.mean()).exp(),
        "has the wrong sign in the exponent. A KL is never negative, so the score is at least 1.": (-kl.mean()).exp(),
        "compares with equal probabilities. p(y) is the mean of p(y|x) over the images, dimension 0.": (
            (p * (p / uniform).log()).sum(1).mean().exp()
        ),
        "mixes bits and nats: the logarithm has base 2, the exponential base e.": (kl.mean() / math.log(2)).exp(),
        "is a power of 2, of a KL in nats. Take e to the power of it.": 2 ** kl.mean(),
    }
    recognize(number(answer(p), "Your score"), _score(p), mistakes, "Your score")
    sure = torch.eye(4, dtype=torch.float64).repeat(3, 1)
    zero = "nan × 0 is nan, and so is log 0 × 0. torch.xlogy(p, p) is 0 there, or leave those terms out."
    for name, sharp, best in (("sure and balanced", sure, 4.0), ("always the same class", sure[::4], 1.0)):
        with quiet():
            value = answer(sharp)
        nan = isinstance(value, float | Tensor | np.ndarray) and bool(np.isnan(np.asarray(plain(value))).any())
        require(not nan, f"Your score is nan where a probability is 0. {zero}")
        right = torch.tensor(best, dtype=torch.float64)
        recognize(number(value, "Your score"), right, {}, f"Your score of images that are {name}")


@question
def over_splits(answer: Answer) -> None:
    """Mean and spread of a score over consecutive parts: which rows reach it, both numbers, no part of another size."""
    for n, splits, lengths in ((11, 3, [4, 4, 3]), (10, 4, [3, 3, 2, 2]), (9, 4, [3, 2, 2, 2]), (5, 1, [5])):
        rows = torch.arange(2.0 * n, dtype=torch.float64).view(n, 2)
        seen: list[Tensor] = []

        def score(part: Tensor, seen: list[Tensor] = seen) -> float:
            part = torch.as_tensor(np.asarray(part))
            require(part.dim() == 2 and part.shape[1] == 2, "score must be given rows of p, (n, classes).")
            seen.append(part)
            return float(part[:, 0].sum() ** 2)

        given = pair(answer(score, rows, splits), ("mean", "spread"), "over_splits")
        _require_parts(seen, rows, lengths)
        scores = torch.tensor([float(part[:, 0].sum() ** 2) for part in seen], dtype=torch.float64)
        _require_summary(given, scores, torch.tensor(lengths) / n)


def _require_summary(given: list[object], scores: Tensor, weights: Tensor) -> None:
    """Raise CheckFailed unless the two numbers are mean and spread of the scores."""
    mean, spread = scores.mean(), scores.std(correction=0)
    means = {
        "and the spread have changed places. Return (mean, spread).": spread,
        "is the mean of all splits' logarithms, back from the logarithm. Average the scores.": scores.log()
        .mean()
        .exp(),
        "is the sum of the scores. Take the mean.": scores.sum(),
        "is weighted by the length of the splits. Each split counts once.": (scores * weights).sum(),
        "is the median. Take the mean.": scores.median(),
    }
    recognize(number(given[0], "The mean"), mean, means, "The mean")
    spreads = {
        "divides by splits − 1. Here it is the plain standard deviation: divide by splits.": scores.std(
            correction=min(1, len(scores) - 1)
        ),
        "is the variance. Take its root.": scores.var(correction=0),
        "is a standard error. Do not divide by the root of the number of splits.": spread / len(scores) ** 0.5,
    }
    recognize(number(given[1], "The spread"), spread, spreads, "The spread")


def _require_parts(seen: list[Tensor], rows: Tensor, lengths: list[int]) -> None:
    """Raise CheckFailed unless the parts that reached the score are consecutive rows, so many each."""
    n, splits = len(rows), len(lengths)
    require(len(seen) > 1 or splits == 1, "score is called once. Call it for each split: p is cut into parts first.")
    more = " Parts of n // splits rows leave a rest, and that is one part more."
    chunks = f" {n} rows in {splits} are {lengths}: chunk and parts of ceil(n / splits) rows come out too few."
    why = chunks if len(seen) < splits else more
    require(len(seen) == splits, f"score is called {len(seen)} times for {splits} splits.{why}")
    together = torch.cat(seen)
    require(len(together) >= n, f"{n - len(together)} of {n} rows reach no split: what does not fit is lost.")
    require(len(together) == n, "Some rows reach more than one split.")
    order = "Cut p into consecutive parts; mixing the rows is the caller's business."
    require(torch.equal(together, rows), f"The rows reach the splits in another order. {order}")
    found = [len(part) for part in seen]
    wanted = ", ".join(map(str, lengths))
    equal = f"The parts of {n} rows have the lengths {found}. Make them as equal as can be, the longer first: {wanted}."
    require(found == lengths, equal)


@question
def moments(answer: Answer) -> None:
    """Mean and covariance with N − 1, in float64, of features far from zero."""
    generator = torch.Generator().manual_seed(3)
    mix = torch.tensor([[1.0, 0.5, 0.0], [0.0, 2.0, -1.0], [0.3, 0.0, 0.5]], dtype=torch.float64)
    x = torch.randn(6, 3, generator=generator, dtype=torch.float64) @ mix + torch.tensor([1.0, -2.0, 3.0])
    mu, sigma = pair(answer(x), ("mu", "sigma"), "moments")
    turned = np.shape(plain(mu)) == (3, 3) and np.shape(plain(sigma)) == (3,)
    require(not turned, "mu and sigma have changed places. Return (mu, sigma).")
    wrong_mean = {"is the mean over features. Average over the samples, dimension 0.": x.mean(1)}
    recognize(array(mu, (3,), "mu"), x.mean(0), wrong_mean, "mu")
    rows = (
        "sigma is (N, N): the rows of features are samples, so that np.cov needs rowvar=False and torch.cov features.T."
    )
    require(tuple(np.shape(plain(sigma))) != (6, 6), rows)
    centered = x - x.mean(0)
    right = centered.T @ centered / 5
    mistakes = {
        "divides by N. The samples' own mean is subtracted, so divide by N − 1 (a biased covariance).": right * 5 / 6,
        "is not centered: subtract mu from the features before you multiply.": x.T @ x / 5,
        "is not centered, and divides by N. Subtract mu first.": x.T @ x / 6,
        "is not divided by anything. Divide by N − 1.": right * 5,
        "is the correlation. The covariance keeps the scale of the features.": torch.corrcoef(x.T),
        "has the variances only. Keep the covariances beside the diagonal.": torch.diag(right.diag()),
    }
    recognize(array(sigma, (3, 3), "sigma"), right, mistakes, "sigma")
    far = (0.01 * x + 1000).float()
    exact = torch.cov(far.double().T)
    error = (array(answer(far)[1], (3, 3), "sigma") - exact).abs().max() / exact.abs().max()
    require(
        error < 1e-6,
        f"sigma loses digits ({error:.0e} relative error) for float32 features. Convert them first: .double().",
    )


def _distance_terms() -> tuple[Tensor, ...]:
    """Means and covariances that do not commute."""
    a = torch.tensor([[1.0, 0.4, -0.2], [0.3, 0.8, 0.5], [0.0, -0.6, 1.2]], dtype=torch.float64)
    b = torch.tensor([[0.5, -0.7, 0.1], [0.2, 1.1, 0.0], [0.9, 0.3, 0.6]], dtype=torch.float64)
    mu_1, mu_2 = torch.tensor([1.0, -0.5, 2.0]).double(), torch.tensor([0.2, 1.0, 1.5]).double()
    return mu_1, a @ a.T, mu_2, b @ b.T


def _root(sigma: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(sigma)
    return vectors * values.clamp(min=0).sqrt() @ vectors.T


def _distances(mu_1: Tensor, sigma_1: Tensor, mu_2: Tensor, sigma_2: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """The right distance, and what the usual mistakes give."""
    shift, traces, product = mu_1 - mu_2, (sigma_1 + sigma_2).trace(), sigma_1 @ sigma_2
    square = shift @ shift
    root = torch.linalg.eigvals(product).real.sqrt().sum()
    right, lower = square + traces - 2 * root, torch.linalg.eigvalsh(product).clamp(min=0).sqrt().sum()
    matrix = "(Σ₁Σ₂)^½ is a matrix root: its trace is the sum of the roots of the eigenvalues of Σ₁Σ₂."
    return right, {
        "forgets the factor 2 before the trace of the root.": square + traces - root,
        "does not square the distance of the means.": square.sqrt() + traces - 2 * root,
        "is the root of the distance. FID is the squared distance: leave it.": right.sqrt(),
        "averages the squared differences of the means. Sum them.": square / 3 + traces - 2 * root,
        "squares the sum of the differences of the means. Sum the squares.": shift.sum() ** 2 + traces - 2 * root,
        "leaves out the means.": traces - 2 * root,
        "leaves out the root.": square + traces,
        "adds the root. It is subtracted.": square + traces + 2 * root,
        f"takes the root of each element of Σ₁Σ₂. {matrix}": square + traces - 2 * product.diag().sqrt().sum(),
        f"takes the root of the elementwise product Σ₁ * Σ₂. {matrix}": (
            square + traces - 2 * (sigma_1.diag() * sigma_2.diag()).sqrt().sum()
        ),
        "takes Σ₁^½ Σ₂^½ for (Σ₁Σ₂)^½: they are equal only if the covariances commute.": (
            square + traces - 2 * (_root(sigma_1) @ _root(sigma_2)).trace()
        ),
        f"takes the trace of Σ₁Σ₂ without a root. {matrix}": square + traces - 2 * product.trace(),
        f"takes the root of the trace of Σ₁Σ₂. {matrix}": square + traces - 2 * product.trace().sqrt(),
        "takes eigvalsh of Σ₁Σ₂, which is not symmetric. Use A Σ₂ A with A = Σ₁^½, or eigvals.": square
        + traces
        - 2 * lower,
        "uses the Frobenius norm of Σ₁ − Σ₂.": square + (sigma_1 - sigma_2).norm() ** 2,
    }


@question
def frechet_distance(answer: Answer) -> None:
    """Covariances that do not commute, closed forms, singular covariances, and bad input."""
    mu_1, sigma_1, mu_2, sigma_2 = _distance_terms()
    right, mistakes = _distances(mu_1, sigma_1, mu_2, sigma_2)
    recognize(number(answer(mu_1, sigma_1, mu_2, sigma_2), "Your distance"), right, mistakes, "Your distance")
    _singular(answer)


@question
def frechet_distance_refuses(answer: Answer) -> None:
    """What is no Gaussian is refused, in each of the four places, and nothing else is."""
    answer = Answer(answer.function, "frechet_distance")
    names, good = (
        ("the first mean", "the first covariance", "the second mean", "the second covariance"),
        _distance_terms(),
    )
    good = [(each + each.T) / 2 if each.dim() == 2 else each for each in good]  # symmetric to the last digit
    answer(*(each.clone() for each in good))
    for value, what in ((math.nan, "holds nan"), (math.inf, "is infinite in one place")):
        for i, name in enumerate(names):
            bad = [each.clone() for each in good]
            bad[i].flatten()[-1] = value
            refuses(answer, tuple(bad), f"{name}, if it {what}")
    for i in (1, 3):
        bad = [each.clone() for each in good]
        bad[i][0, 1] += 1
        refuses(answer, tuple(bad), f"{names[i]}, if it is not symmetric")


def _singular(answer: Answer) -> None:
    """Ranks 2 and 3 in 12 dimensions, where roots of negative rounding errors are near."""
    generator = torch.Generator().manual_seed(5)
    x, y = (torch.randn(n, 12, generator=generator, dtype=torch.float64) for n in (2, 3))
    sigma_1, sigma_2, zero = x.T @ x, y.T @ y, torch.zeros(12, dtype=torch.float64)
    right = (x**2).sum() + (y**2).sum() - 2 * torch.linalg.svdvals(x @ y.T).sum()
    what = "Your distance for singular covariances (fewer samples than features)"
    try:
        value = answer(zero, sigma_1, zero, sigma_2)
    except CheckFailed as failure:
        hint = "Singular covariances have eigenvalues that rounding makes negative; their root is nan. Clamp them at 0."
        raise CheckFailed(f"{failure} {hint}") from None
    recognize(number(value, what), right, {}, what)
    same = number(answer(zero, sigma_1, zero, sigma_1), what)
    require(same.abs() < 1e-4, f"{what} is {same.item():.2g} for a Gaussian and itself. It must be 0.")
