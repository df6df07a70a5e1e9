"""The checks of assignment 01, one for each function that the learner writes."""

import math

import torch
from torch import Tensor

from course_utils.checks.kit.common import Answer, close, question, recognize, require, tensor
from course_utils.checks.kit.draws import FIXED, MANY, independent, many, seeded, standard_normal, unshared
from course_utils.checks.kit.properties import draws_by_default, fixed, one_row

UNDERFLOW = "A density this small is 0 in floating point, and log 0 is −inf: never leave the logarithm."


@question
def fit(answer: Answer) -> None:
    """Shares, means and covariances of three classes of unequal size in four dimensions."""
    x = fixed(13, 4) + torch.tensor([2.0, -1.0, 4.0, 0.5])
    y = torch.tensor([2, 0, 1, 0, 2, 0, 0, 1, 0, 1, 0, 2, 1])
    value = answer(x, y, 3)
    three = isinstance(value, tuple | list) and len(value) == 3
    got = f"{len(value)} values" if isinstance(value, tuple | list) else type(value).__name__
    require(three, f"fit must return three tensors, (log_prior, mean, covariance); it returns {got}.")
    count = torch.bincount(y).float()
    _prior(value[0], count)
    mean = torch.stack([x[y == k].mean(0) for k in range(3)])
    total = mean * count[:, None]
    wrong = {
        "is the mean of all points for each class. Take only the points of the class.": x.mean(0).expand(3, 4),
        "is the sum over the class, not yet divided by the number of its points.": total,
        "is the sum over the class divided by N. Divide by the number of its points.": total / len(x),
        "has the features first. The shape is (K, D): one row for each class.": mean.T,
        "is one number for each class: keep the features apart.": mean.mean(1),
    }
    recognize(value[1], mean, wrong, "mean")
    _covariance(value[2], x, y, mean, count)
    pair = answer(x[:5, :2], torch.tensor([1, 0, 1, 1, 0]), 2)
    tensor(pair[1], (2, 2), "mean for 2 classes in 2 dimensions")
    right = torch.stack([torch.cov(x[[1, 4], :2].T, correction=0), torch.cov(x[[0, 2, 3], :2].T, correction=0)])
    recognize(pair[2], right, {}, "covariance for 2 classes in 2 dimensions")


def _prior(value: object, count: Tensor) -> None:
    share, classes = count / count.sum(), len(count)
    wrong = {
        "holds the shares, not their logarithms.": share,
        "holds the counts. Divide by the number of points, and take the logarithm.": count,
        "is the logarithm of the counts. Divide by the number of points first.": count.log(),
        "is the same for all classes: the prior is forgotten. It is the share of each class.": _equal(classes),
        "is smoothed by one more count for each class. Here it is the plain share.": _log_smoothed(count),
        "has the wrong sign: a log-probability is never positive.": -share.log(),
        "has the classes in the order in which they first appear. Entry k is that of class k.": share[[2, 0, 1]].log(),
    }
    recognize(value, share.log(), wrong, "log_prior")


def _equal(classes: int) -> Tensor:
    return torch.full((classes,), -math.log(classes))


def _log_smoothed(count: Tensor) -> Tensor:
    return ((count + 1) / (count.sum() + len(count))).log()


def _covariance(value: object, x: Tensor, y: Tensor, mean: Tensor, count: Tensor) -> None:
    each = count[:, None, None]

    def scatter(center: Tensor) -> Tensor:
        centered = [x[y == k] - center[k] for k in range(len(mean))]
        return torch.stack([c.T @ c for c in centered])

    right = scatter(mean) / each
    variances = right.diagonal(dim1=1, dim2=2)
    deviation = variances.sqrt()
    wrong = {
        "is the second moment E[x xᵀ]: the mean is not removed.": scatter(torch.zeros(3, 4)) / each,
        "is taken around the mean of all points. Remove the mean of each class.": scatter(x.mean(0).expand(3, 4))
        / each,
        "is divided by n − 1. The maximum-likelihood covariance is divided by n.": scatter(mean) / (each - 1),
        "is divided by N, the number of all points. Divide by the number in the class.": scatter(mean) / len(x),
        "is a sum of products, not yet divided by the number of points.": scatter(mean),
        "is one covariance for all classes. Each class has its own.": (scatter(mean).sum(0) / len(x)).expand(3, 4, 4),
        "holds the variances only. A covariance matrix has the products of different features too.": variances,
        "has zeros off the diagonal: the features are taken as uncorrelated.": torch.diag_embed(variances),
        "is a correlation: it is divided by the standard deviations.": right
        / deviation[:, None]
        / deviation[:, :, None],
    }
    recognize(value, right, wrong, "covariance")


def _gaussians() -> tuple[Tensor, Tensor, Tensor]:
    """log_prior, mean, covariance of three classes in two dimensions."""
    log_prior = torch.tensor([0.5, 0.2, 0.3]).log()
    mean = torch.tensor([[0.0, 1.0], [2.0, 0.5], [-1.0, -2.0]])
    root = torch.tensor([[[1.5, 0.0], [0.4, 0.8]], [[0.7, 0.0], [-0.5, 1.1]], [[1.0, 0.0], [0.8, 0.6]]])
    return log_prior, mean, root @ root.mT


@question
def log_joint(answer: Answer) -> None:
    """log p(y) + log N(x | mean_y, covariance_y): five points near, and two far away."""
    log_prior, mean, covariance = _gaussians()
    x = torch.tensor([[0.5, 0.2], [1.5, -0.5], [-1.2, 0.4], [0.0, 2.0], [2.2, 1.3]])
    wrong = _joint_mistakes(x, log_prior, mean, covariance)
    recognize(answer(x, log_prior, mean, covariance), wrong.pop("right"), wrong, "log p(x, y)")
    one_row(answer, [x], (log_prior, mean, covariance), read=lambda value: tensor(value, value.shape, "log p(x, y)"))
    far = torch.tensor([[90.0, -80.0], [0.0, 300.0]])
    value, right = answer(far, log_prior, mean, covariance), _joint_mistakes(far, log_prior, mean, covariance)["right"]
    finite = isinstance(value, Tensor) and torch.isfinite(value).all()
    require(finite, f"log p(x, y) is not finite far from the data. {UNDERFLOW}")
    require(close(value, right, 1e-3), f"log p(x, y) is cut off far from the data, with a clamp or an eps? {UNDERFLOW}")


def _joint_mistakes(x: Tensor, log_prior: Tensor, mean: Tensor, covariance: Tensor) -> dict[str, Tensor]:
    """ "right" and the known mistakes, each (B, K) unless its message says otherwise."""
    dim, half, logdet = x.shape[1], math.log(2 * math.pi) / 2, torch.logdet(covariance)
    quad, multiplied = (_quadratic(x, mean, matrix) for matrix in (torch.linalg.inv(covariance), covariance))
    likelihood = -quad / 2 - logdet / 2 - dim * half
    right, deviation = log_prior + likelihood, covariance.diagonal(dim1=1, dim2=2).sqrt()
    independent_features = torch.distributions.Normal(mean, deviation).log_prob(x[:, None]).sum(2)
    return {
        "right": right,
        "leaves out the prior: that is log p(x | y). Add log p(y).": likelihood,
        "has the prior as a probability. Add its logarithm, log_prior as it is given.": likelihood + log_prior.exp(),
        "is multiplied by the log-prior. A product of probabilities is a sum of logarithms.": likelihood * log_prior,
        "is a density. Return its logarithm.": right.exp(),
        "has the wrong sign.": -right,
        "leaves out the determinant of the covariance.": right + logdet / 2,
        "has det Σ where log det Σ is due.": right + logdet / 2 - logdet.exp() / 2,
        "takes the covariance for a precision matrix, its inverse.": right + quad / 2 - multiplied / 2 + logdet,
        "adds ½ log det Σ where it is to be subtracted.": right + logdet,
        "lacks the ½ of log det Σ.": right - logdet / 2,
        "lacks the ½ of the quadratic term.": right - quad / 2,
        "adds the quadratic term where it is to be subtracted.": right + quad,
        "leaves out (2π)^(D/2).": right + dim * half,
        "has the constant of one dimension. With D dimensions it is (2π)^(D/2).": right + (dim - 1) * half,
        "has K, the number of classes, in (2π)^(K/2). The exponent is D/2.": right + (dim - len(mean)) * half,
        "multiplies by the covariance where its inverse is due.": right + quad / 2 - multiplied / 2,
        "uses the variances only. The products of different features belong to it too.": log_prior
        + independent_features,
        "has the classes first. The shape is (B, K): one row for each point.": right.T,
        "sums to 1 over the classes: that is the posterior. Task 3 divides by p(x).": right.log_softmax(1),
        "is summed over the classes: that is log p(x). Keep the classes apart, (B, K).": right.logsumexp(1),
    }


def _quadratic(x: Tensor, mean: Tensor, matrix: Tensor) -> Tensor:
    """(x − mean)ᵀ matrix (x − mean), (B, K)."""
    centered = x[:, None] - mean
    return torch.einsum("bki,kij,bkj->bk", centered, matrix, centered)


@question
def log_posterior(answer: Answer) -> None:
    """log_joint minus its logsumexp over classes: ordinary values, and values near −1,000 and 1,000."""
    joint = torch.tensor([[-1.0, -2.5, 0.3, -4.0], [-0.2, -3.0, -1.1, 2.0], [-2.0, -2.2, -0.9, -0.1]])
    right, log_px = joint.log_softmax(1), joint.logsumexp(1, keepdim=True)
    four = math.log(joint.shape[1])
    wrong = {
        "is normalized over the batch (dimension 0). Each point's classes must sum to 1.": joint.log_softmax(0),
        "is normalized over everything. Each point's classes must sum to 1.": joint - joint.flatten().logsumexp(0),
        "holds probabilities. Return their logarithms.": joint.softmax(1),
        "is not normalized: it is what was given.": joint,
        "has the wrong sign: a log-probability is never positive.": -right,
        "subtracts the log of the mean. p(x) is the sum over the classes.": right + four,
        "subtracts the largest value only. p(x) is the sum over the classes.": joint
        - joint.max(1, keepdim=True).values,
        "subtracts the sum of the logarithms. p(x) is a sum of probabilities.": joint - joint.sum(1, keepdim=True),
        "divides by log p(x). To divide by p(x), subtract its logarithm.": joint / log_px,
        "divides the logarithms by their sum. Probabilities are what sums to 1.": joint / joint.sum(1, keepdim=True),
        "is log p(x). Subtract it from log p(x, y).": log_px[:, 0],
        "names a class. Return the log-probability of each.": joint.argmax(1).float(),
    }
    recognize(answer(joint), right, wrong, "log p(y | x)")
    far = torch.tensor([[-1000.0, -1001.0, -1003.0], [1000.0, 999.0, 0.0]])
    value = answer(far)
    finite = isinstance(value, Tensor) and torch.isfinite(value).all()
    require(finite, "log p(y | x) is not finite for log p(x, y) near ±1,000: exp gives 0 or inf. Use logsumexp.")
    require(close(value, far.log_softmax(1)), "log p(y | x) is cut off for log p(x, y) near ±1,000. Use logsumexp.")


@question
def sample(answer: Answer) -> None:
    """mean[y] + L ε with L Lᵀ the covariance of class y, ε from the generator, or from the global one."""
    _, mean, covariance = _gaussians()
    y, generator = torch.tensor([0, 2, 1, 1, 0]), seeded(1)
    x = tensor(answer(y, mean, covariance, generator), (5, 2), "x")
    require(not close(x, mean[y]), "x is the mean of its class: no noise is drawn. x = mean + L ε with ε ~ N(0, I).")
    fresh = not torch.equal(x, answer(y, mean, covariance, generator))
    require(fresh, f"Two calls in a row give the same points: the noise is the same every time. {FIXED}")
    used = torch.equal(x, answer(y, mean, covariance, seeded(1)))
    require(used, f"Two generators with the same seed give different points: the generator is not used. {FIXED}")
    for k in (1, 2):
        _spread(answer(torch.full((MANY,), k), mean, covariance, seeded(2)), k)
    mixed = torch.arange(MANY) % 2
    drawn = tensor(answer(mixed, mean, covariance, seeded(3)), (MANY, 2), "x")
    for k in (0, 1):
        center = drawn[mixed == k].mean(0)
        require((center - mean[k]).abs().max() < 0.1, "With several classes in y, points and classes do not match.")
    draws_by_default(answer, y, mean, covariance, read=lambda x: tensor(x, (5, 2), "x"))
    _spread(answer(torch.full((MANY // 2,), 1), mean, covariance), 1)
    wide = torch.eye(3).expand(2, 3, 3)
    tensor(answer(torch.tensor([1]), torch.zeros(2, 3), wide, seeded(4)), (1, 3), "x for one point in three dimensions")
    tensor(answer(y, torch.zeros(3, 1), torch.ones(3, 1, 1), seeded(4)), (5, 1), "x in one dimension")


def _spread(value: object, k: int) -> None:
    """Check many draws of one class."""
    _, mean, covariance = _gaussians()
    drawn = many(value, 2, "x")
    noise = drawn - mean[k]
    unshared(noise, "ε", "(n, D)")
    far = noise.mean(0).abs().max() > 0.1
    elsewhere = (drawn.mean(0) - mean).abs().max(1).values.min() < 0.1
    require(not (far and elsewhere), "x has the mean of another class. Use y to choose the mean.")
    require(not far, f"The mean of x is not that of class {k}.")
    sigma, root = covariance[k], torch.linalg.cholesky(covariance[k])
    cholesky = "With L = torch.linalg.cholesky(covariance), L Lᵀ is the covariance."
    for name, wrong in {
        "I whatever the covariance is. Multiply the noise by L.": torch.eye(2),
        f"Σ Σᵀ: the noise is multiplied by Σ itself. {cholesky}": sigma @ sigma,
        f"Lᵀ L: the noise is multiplied by Lᵀ. As rows, x = mean + ε Lᵀ; as columns, mean + L ε. {cholesky}": root.T
        @ root,
        f"diagonal: the features are drawn independently. {cholesky}": torch.diag(sigma.diagonal()),
        f"made of variances squared: their roots are the standard deviations. {cholesky}": torch.diag(
            sigma.diagonal() ** 2
        ),
        f"that of the elements' roots √Σ, which is no matrix root. {cholesky}": sigma.abs().sqrt() @ sigma.abs().sqrt(),
        "that of class 0. Use y to choose the covariance.": covariance[0],
    }.items():
        recognized = (torch.cov(noise.T) - wrong).abs().max() < 0.06
        require(not recognized, f"The covariance of x is {name}")
    epsilon = torch.linalg.solve_triangular(root, noise.T.to(root.dtype), upper=False).T
    independent(epsilon, "ε", "(n, D)")
    standard_normal(epsilon, "L⁻¹ (x − mean)")
