"""Lecture 11a's gaps: entries of a table are hidden, at random or not, and guessed again with an interval."""

import warnings
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from scipy import stats
from sklearn.datasets import load_diabetes, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_iterative_imputer  # noqa: F401  (IterativeImputer is not there without it)
from sklearn.impute import IterativeImputer, KNNImputer
from sklearn.linear_model import Ridge
from torch import Tensor

from course_utils import losses, models, training
from course_utils.metrics.inputs import Array
from course_utils.models import ensemble, incomplete

DATA = {"wine": load_wine, "diabetes": load_diabetes}
LEVEL = 0.9


class Task(NamedTuple):
    """Standardized rows `(N, D)` with nan in the gaps, to learn from and to fill, and the truth of the latter."""

    x: Array
    x_gaps: Array
    x_test: Array

    @property
    def gap(self) -> Array:
        return np.isnan(self.x_gaps)


def task(data: str, seed: int, share: float = 0.2, at_random: bool = True) -> Task:
    """Two thirds of the rows to learn from, a third to fill; everywhere this share of the entries is hidden.

    Not at random: a value is the likelier hidden the larger it is, P = sigmoid(a + 2 x) for a standardized x. Columns
    are standardized by what is seen of the training rows, as one would have to. Raises ValueError for other data.
    """
    if data not in DATA:
        raise ValueError(f"unknown data {data!r}: choose one of {', '.join(DATA)}")
    x = DATA[data](return_X_y=True)[0]
    rng = np.random.default_rng(seed)
    x = x[rng.permutation(len(x))]
    hidden = rng.random(x.shape) < _chance(stats.zscore(x), share, at_random)
    hidden[np.arange(len(x)), rng.integers(x.shape[1], size=len(x))] = False  # of each row something is seen
    train = 2 * len(x) // 3
    seen = np.where(hidden, np.nan, x)
    z = (np.stack([x, seen]) - np.nanmean(seen[:train], 0)) / np.nanstd(seen[:train], 0)
    return Task(z[1, :train], z[1, train:], z[0, train:])


def _chance(z: Array, share: float, at_random: bool) -> Array:
    """The probability of a gap for each entry, `share` on average."""
    if at_random:
        return np.full(z.shape, share)
    low, high = -20.0, 20.0
    for _ in range(40):
        a = (low + high) / 2
        low, high = (a, high) if (1 / (1 + np.exp(-a - 2 * z))).mean() < share else (low, a)
    return 1 / (1 + np.exp(-a - 2 * z))


class Filled(NamedTuple):
    """A guess of every entry, and the bounds of its interval, each `(N, D)`; they count only in the gaps."""

    guess: Array
    low: Array
    high: Array


def _normal(guess: Array, sd: Array | float) -> Filled:
    half = stats.norm.ppf((1 + LEVEL) / 2) * np.broadcast_to(sd, guess.shape)
    return Filled(guess, guess - half, guess + half)


def mean(task: Task) -> Filled:
    """The column's mean, ± 1.64 of its standard deviations."""
    center, sd = np.nanmean(task.x, 0), np.nanstd(task.x, 0)
    return _normal(np.where(task.gap, center, task.x_gaps), sd)


def _errors(task: Task, fit: Callable[[Array], Callable[[Array], Array]], seed: int = 0) -> Array:
    """The root mean square error in each column `(D,)`, of an imputer that learned from four fifths of the rows.

    It is measured on entries of the other fifth that are known, and are hidden for this purpose.
    """
    rng, cut = np.random.default_rng(seed), 4 * len(task.x) // 5
    rows = task.x[cut:]
    again = (rng.random(rows.shape) < 0.2) & ~np.isnan(rows)
    error = fit(task.x[:cut])(np.where(again, np.nan, rows)) - rows
    pooled = np.sqrt(np.mean(error[again] ** 2))
    columns = [error[again[:, d], d] for d in range(rows.shape[1])]
    return np.array([np.sqrt(np.mean(found**2)) if len(found) > 4 else pooled for found in columns])


def neighbors(task: Task, k: int = 10) -> Filled:
    """The mean of the k nearest rows, ± 1.64 of the errors that this makes on held-out known entries."""

    def fit(x: Array) -> Callable[[Array], Array]:
        return KNNImputer(n_neighbors=k).fit(x).transform

    return _normal(fit(task.x)(task.x_gaps), _errors(task, fit))


def iterative(task: Task, ridge: float = 10.0, rounds: int = 5) -> Filled:
    """Regressions of each column on the others in turn, ± 1.64 of the errors that this makes on held-out known entries.

    Source: van Buuren & Groothuis-Oudshoorn 2011 (10.18637/jss.v045.i03), one imputation in place of several.
    """

    def fit(x: Array) -> Callable[[Array], Array]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # so many rounds and no more, by intention
            return IterativeImputer(Ridge(ridge), max_iter=rounds, random_state=0).fit(x).transform

    return _normal(fit(task.x)(task.x_gaps), _errors(task, fit))


def gaussians(task: Task, k: int = 1, reg_covar: float = 0.01, seed: int = 0) -> Filled:
    """The conditional mixture of k Gaussians given what is seen of a row: mean, and 5 % and 95 % quantiles."""
    x = torch.tensor(task.x)
    theta, _ = incomplete.em(x, ~x.isnan(), k, 30, reg_covar, training.seeded(seed))
    gaps = torch.tensor(task.x_gaps)
    return _filled(incomplete.conditional(gaps, ~gaps.isnan(), theta))


def _filled(told: incomplete.Mixed) -> Filled:
    return Filled(told.mean.numpy(), *(bound.numpy() for bound in told.interval(LEVEL)))


def vae(
    tasks: Sequence[Task], latent: int = 4, steps: int = 600, draws: int = 200, floor: float = -3.0, seed: int = 0
) -> list[Filled]:
    """A VAE whose encoder sees zeros and a mask, trained on the bound of what is seen; filled by weighted draws.

    The weights are p(seen | z) p(z) / q(z | seen). Source: Nazábal et al. 2020 (arXiv:1807.03653), eq. 5; Mattei &
    Frellsen 2019 (arXiv:1812.02633), eq. 12 to 14.
    """
    x = torch.tensor(np.stack([t.x for t in tasks]), dtype=torch.float32)
    with models.first_weights(seed):
        made = [models.GaussianVAE(x.shape[2], x.shape[2], False, latent, 32, floor) for _ in tasks]
    stacked = ensemble.stack(made)
    options = {"steps": steps, "batch_size": 64, "seed": seed, "progress": False}
    training.fit(stacked, gaps_loss, x.nan_to_num(), (~x.isnan()).float(), **options)
    gaps = torch.tensor(np.stack([t.x_gaps for t in tasks]), dtype=torch.float32)
    return [_filled(told) for told in _weighted_draws(stacked, gaps, draws, training.seeded(seed))]


def gaps_loss(model: models.GaussianVAE, x: Tensor, seen: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
    """Minus the ELBO of what is seen: x `(S, B, D)` is 0 and seen is 0 in the gaps."""
    mu, logvar = model.encode(x, seen)
    mean, spread = model.decode(models.reparameterize(mu, logvar, rng), seen)
    log_px = (seen * _log_normal(x, mean, spread)).sum(-1)
    return {"loss": -losses.elbo(log_px, losses.kl_standard_normal(mu, logvar, batch_dims=2)).mean(-1)}


def _log_normal(x: Tensor, mean: Tensor, logvar: Tensor) -> Tensor:
    return losses.log_gaussian(x[..., None], mean[..., None], logvar[..., None], batch_dims=x.dim())


@torch.no_grad()
def _weighted_draws(
    model: models.GaussianVAE, gaps: Tensor, draws: int, rng: torch.Generator
) -> list[incomplete.Mixed]:
    """For each network p(entry | seen) as a mixture over weighted draws of z; gaps `(S, B, D)` with nan."""
    seen, x, zero = (~gaps.isnan()).float(), gaps.nan_to_num(), torch.zeros(())
    mu, logvar = model.encode(x, seen)
    parts: list[list[Tensor]] = [[], [], []]
    for _ in range(draws):
        z = models.reparameterize(mu, logvar, rng)
        mean, spread = model.decode(z, seen)
        log_w = (seen * _log_normal(x, mean, spread)).sum(-1) + losses.log_gaussian(z, zero, zero, batch_dims=2)
        for part, value in zip(
            parts, (log_w - losses.log_gaussian(z, mu, logvar, batch_dims=2), mean, spread), strict=True
        ):
            part.append(value)
    log_w, means, spreads = (torch.stack(part, dim=2) for part in parts)  # (S, B, draws, …)
    return [incomplete.Mixed(*one) for one in zip(log_w.softmax(2), means, spreads.div(2).exp(), strict=True)]


def one_by_one(fill: Callable[..., Filled]) -> Callable[..., list[Filled]]:
    """A filler of one task as one of several."""
    return lambda tasks, **settings: [fill(t, **settings) for t in tasks]


METHODS: dict[str, Callable[..., list[Filled]]] = {
    "mean": one_by_one(mean),
    "k-NN": one_by_one(neighbors),
    "iterative": one_by_one(iterative),
    "Gaussian": one_by_one(gaussians),
    "mixture of 3": one_by_one(lambda t, **settings: gaussians(t, 3, **settings)),
    "VAE": vae,
}


def error(task: Task, filled: Filled) -> float:
    """The root mean square error in the gaps, in standard deviations of a column."""
    return float(np.sqrt(np.mean((filled.guess - task.x_test)[task.gap] ** 2)))


def coverage(task: Task, filled: Filled) -> float:
    """The share of gaps whose truth lies in the interval."""
    return float(((filled.low <= task.x_test) & (task.x_test <= filled.high))[task.gap].mean())


def interval_score(task: Task, filled: Filled) -> float:
    """Mean width plus 2 / (1 − level) times how far the truth lies outside: lower is better, in standard deviations.

    Source: Gneiting & Raftery 2007 (10.1198/016214506000001437), eq. 43.
    """
    below, above = np.clip(filled.low - task.x_test, 0, None), np.clip(task.x_test - filled.high, 0, None)
    return float((filled.high - filled.low + 2 / (1 - LEVEL) * (below + above))[task.gap].mean())
