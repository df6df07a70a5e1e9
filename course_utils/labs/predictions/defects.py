"""Lecture 11a's inspection: stamped digits, some with a defect as production makes them, and what passing costs."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from scipy import ndimage
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import NearestNeighbors
from sklearn.svm import OneClassSVM

from course_utils import losses, models, training
from course_utils.metrics.inputs import Array
from course_utils.models import ensemble

KINDS = ("void", "scratch", "speck", "smear", "faint")


class Task(NamedTuple):
    """Good parts `(N, 64)` to learn from; good and bad ones to set the threshold by, and others to judge by."""

    good: Array
    good_set: Array
    bad_set: Array
    good_test: Array
    bad_test: Array


def task(seed: int, parts: int = 800, dirty: float = 0.0) -> Task:
    """Digits of which `parts` are to learn from, a quarter to set the threshold by, a quarter to judge by.

    Of the last two, each image stands there as it is and once with a defect of a random kind. Of the first a share
    `dirty` has a defect that nobody noticed.
    """
    x = load_digits(return_X_y=True)[0] / 16
    rng = np.random.default_rng(seed)
    train, one, other = np.split(x[rng.permutation(len(x))], [len(x) // 2, 3 * len(x) // 4])
    kinds = [rng.choice(KINDS, size=len(part)) for part in (one, other)]
    bad = [
        np.stack([spoil(*pair, rng) for pair in zip(part, k, strict=True)])
        for part, k in zip((one, other), kinds, strict=True)
    ]
    good = train[:parts].copy()
    for index in range(round(dirty * parts)):
        good[index] = spoil(good[index], rng.choice(KINDS), rng)
    return Task(good, one, bad[0], other, bad[1])


def spoil(x: Array, kind: str, rng: np.random.Generator) -> Array:
    """An image `(64,)` with a defect: a void in its ink, a scratch across, two specks, a smear, or faint print.

    Raises ValueError for another kind.
    """
    image = x.reshape(8, 8).copy()
    if kind == "void":
        row, column = np.argwhere(image > 0.5)[rng.integers((image > 0.5).sum())]
        image[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2] = 0
    elif kind == "scratch":
        place = rng.integers(1, 7)
        image[(place, slice(None)) if rng.random() < 0.5 else (slice(None), place)] = 0.9
    elif kind == "speck":
        image[tuple(np.argwhere(image < 0.1)[rng.choice((image < 0.1).sum(), 2, replace=False)].T)] = 0.9
    elif kind == "smear":
        image = ndimage.uniform_filter1d(image, 3, axis=1)
    elif kind == "faint":
        image = 0.6 * image
    else:
        raise ValueError(f"unknown kind of defect {kind!r}: choose one of {', '.join(KINDS)}")
    return image.ravel()


Score = Callable[[Array], Array]  # of images `(n, 64)`: higher is more suspect, `(n,)`
Method = Callable[[Sequence[Task]], list[Score]]


def nearest(tasks: Sequence[Task], k: int = 1) -> list[Score]:
    """The distance to the k-th nearest good part."""
    fitted = [NearestNeighbors(n_neighbors=k).fit(t.good) for t in tasks]
    return [lambda x, model=model: model.kneighbors(x)[0][:, -1] for model in fitted]


def forest(tasks: Sequence[Task], features: float = 1.0, samples: int = 256) -> list[Score]:
    """Isolation forest: how few random cuts set a part apart (Liu, Ting & Zhou 2008)."""
    made = [IsolationForest(max_features=features, max_samples=samples, random_state=0) for _ in tasks]
    fitted = [model.fit(t.good) for model, t in zip(made, tasks, strict=True)]
    return [lambda x, model=model: -model.score_samples(x) for model in fitted]


def one_class(tasks: Sequence[Task], nu: float = 0.1, gamma: float = 8.0) -> list[Score]:
    """A support vector machine around the good parts (Schölkopf et al. 2001)."""
    fitted = [OneClassSVM(nu=nu, gamma=gamma).fit(t.good) for t in tasks]
    return [lambda x, model=model: -model.score_samples(x) for model in fitted]


def subspace(tasks: Sequence[Task], dims: int = 20) -> list[Score]:
    """The squared distance to the plane of the first principal components."""
    fitted = [PCA(dims, random_state=0).fit(t.good) for t in tasks]
    return [lambda x, model=model: ((x - model.inverse_transform(model.transform(x))) ** 2).sum(1) for model in fitted]


def mixture(tasks: Sequence[Task], k: int = 10, noise: float = 0.01) -> list[Score]:
    """−log p(x) of a mixture of k Gaussians with full covariances, `noise` added to their diagonals."""
    made = [GaussianMixture(k, reg_covar=noise, max_iter=30, random_state=0) for _ in tasks]
    fitted = [model.fit(t.good) for model, t in zip(made, tasks, strict=True)]
    return [lambda x, model=model: -model.score_samples(x) for model in fitted]


def vae(
    tasks: Sequence[Task], latent: int = 8, levels: float = 16.0, steps: int = 600, draws: int = 8, seed: int = 0
) -> list[Score]:
    """Minus the ELBO of a VAE with gray levels as coin flips, the mean of some draws of the code."""
    with models.first_weights(seed):
        single = models.VAE((64,), latent, hidden=64)
        stacked = ensemble.stack([models.VAE((64,), latent, hidden=64) for _ in tasks])

    def elbo(model: models.VAE, x: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
        x_logits, mu, logvar = model(x, rng)
        kl = losses.kl_standard_normal(mu, logvar, batch_dims=x.dim() - 1)
        return losses.elbo(levels * losses.log_bernoulli(x, x_logits, batch_dims=x.dim() - 1), kl)

    good = torch.tensor(np.stack([t.good for t in tasks]), dtype=torch.float32)
    options = {"steps": steps, "batch_size": 64, "seed": seed, "progress": False}
    training.fit(stacked, lambda *given: {"loss": -elbo(*given).mean(-1)}, good, **options)
    each = [ensemble.one_of(stacked, single, index) for index in range(len(tasks))]

    @torch.no_grad()
    def score(x: Array, model: models.VAE) -> Array:
        rng, x = training.seeded(seed), torch.tensor(x, dtype=torch.float32)
        return -torch.stack([elbo(model, x, rng) for _ in range(draws)]).mean(0).double().numpy()

    return [lambda x, model=model: score(x, model) for model in each]


METHODS: dict[str, Method] = {
    "nearest neighbor": nearest,
    "fifth neighbor": partial(nearest, k=5),
    "principal components": subspace,
    "isolation forest": forest,
    "one-class SVM": one_class,
    "mixture": mixture,
    "VAE": vae,
}


class Prices(NamedTuple):
    """What things cost, in units of making one part, and the share of parts made that are bad."""

    bad: float = 0.05
    escape: float = 20.0


class Line(NamedTuple):
    """What a production line gets, at one threshold or at several: shares of parts made, and the cost of a kept one."""

    accepted: Array
    escapes: Array
    cost: Array


def line(good: Array, bad: Array, threshold: Array | float, prices: Prices) -> Line:
    """Parts whose score is above the threshold are scrapped. A kept part costs (1 + escape · P(bad, kept)) / P(kept).

    Args: scores of good and of bad parts `(n,)`, `(m,)`; weighted to the share of bad ones that the prices name.
    Where nothing is kept the cost is infinite.
    """
    at = np.asarray(threshold, dtype=float)
    kept_good, kept_bad = (np.searchsorted(np.sort(s), at, side="right") / len(s) for s in (good, bad))
    escapes = prices.bad * kept_bad
    accepted = (1 - prices.bad) * kept_good + escapes
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = np.where(accepted > 0, (1 + prices.escape * escapes) / accepted, np.inf)
    return Line(accepted, escapes, cost)


def cheapest(good: Array, bad: Array, prices: Prices) -> float:
    """The threshold, of all scores and +∞ (scrap nothing), at which a kept part costs least on these parts."""
    candidates = np.append(np.unique(np.concatenate([good, bad])), np.inf)
    return float(candidates[line(good, bad, candidates, prices).cost.argmin()])


def cost_on_test(score: Score, task: Task, prices: Prices | None = None) -> float:
    """The cost of a kept part on the test parts, at the threshold that was cheapest on the parts for setting it."""
    prices = prices or Prices()
    threshold = cheapest(score(task.good_set), score(task.bad_set), prices)
    return float(line(score(task.good_test), score(task.bad_test), threshold, prices).cost)
