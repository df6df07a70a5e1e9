"""Lecture 11a's few labels: digits of which some have a label and the rest have none."""

import warnings
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.semi_supervised import LabelSpreading, SelfTrainingClassifier
from torch import Tensor
from torch.nn import functional as F

from course_utils import losses, models, training
from course_utils.metrics.inputs import Array
from course_utils.models import ensemble
from course_utils.models.semisupervised import M2

COUNTS = (10, 20, 50, 100)  # labels in all, equally many of each class
CLASSES = 10
EVENT = (1, 8, 8)


class Task(NamedTuple):
    """Digits x `(N, 64)` in [0, 1] to learn from, with y `(N,)`, of which only `known` `(n,)` may be looked at."""

    x: Array
    y: Array
    known: Array
    x_test: Array
    y_test: Array

    @property
    def masked(self) -> Array:
        """The labels as scikit-learn takes them: −1 where there is none."""
        y = np.full(len(self.y), -1)
        y[self.known] = self.y[self.known]
        return y


def task(seed: int, labels: int = 50) -> Task:
    """Four fifths of the digits to learn from, the first `labels` of them, in equal shares, with a label.

    Fewer labels are contained in more. Raises ValueError unless every class gets one and the same number.
    """
    if labels < CLASSES or labels % CLASSES:
        raise ValueError(f"labels must be a multiple of {CLASSES}, got {labels}.")
    x, y = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(y))
    train, test = order[360:], order[:360]
    known = np.concatenate([np.flatnonzero(y[train] == k)[: labels // CLASSES] for k in range(CLASSES)])
    return Task(x[train] / 16, y[train], known, x[test] / 16, y[test])


Method = Callable[[Sequence[Task]], list[float]]  # test accuracy for each task


def labels_alone(tasks: Sequence[Task], C: float = 1.0) -> list[float]:
    """Logistic regression, which sees the labeled digits and nothing else."""
    return [_logistic(t.x, t, C).score(t.x_test, t.y_test) for t in tasks]


def _logistic(features: Array, task: Task, C: float) -> LogisticRegression:
    return LogisticRegression(C=C, max_iter=300).fit(features[task.known], task.y[task.known])


def self_training(tasks: Sequence[Task], C: float = 1.0, threshold: float = 0.75) -> list[float]:
    """Logistic regression that takes its own confident guesses for labels, again and again (Yarowsky 1995)."""
    made = [SelfTrainingClassifier(LogisticRegression(C=C, max_iter=300), threshold=threshold) for _ in tasks]
    return [model.fit(t.x, t.masked).score(t.x_test, t.y_test) for model, t in zip(made, tasks, strict=True)]


def spreading(tasks: Sequence[Task], k: int = 7, alpha: float = 0.2) -> list[float]:
    """Labels that spread over the graph of k nearest neighbors (Zhou et al. 2004)."""
    made = [LabelSpreading(kernel="knn", n_neighbors=k, alpha=alpha) for _ in tasks]
    with np.errstate(invalid="ignore"), warnings.catch_warnings():  # a piece of the graph that no label reaches
        warnings.simplefilter("ignore", ConvergenceWarning)  # thirty rounds, as by default
        return [model.fit(t.x, t.masked).score(t.x_test, t.y_test) for model, t in zip(made, tasks, strict=True)]


def _images(tasks: Sequence[Task], part: str) -> Tensor:
    return torch.tensor(np.stack([getattr(t, part) for t in tasks]), dtype=torch.float32).unflatten(2, EVENT)


def vae_features(
    tasks: Sequence[Task], C: float = 1.0, latent: int = 8, levels: float = 4.0, steps: int = 600, seed: int = 0
) -> list[float]:
    """Logistic regression on the codes of a VAE, which was trained on all digits without labels (M1)."""
    with models.first_weights(seed):
        stacked = ensemble.stack([models.VAE(EVENT, latent, hidden=64) for _ in tasks])

    def loss(model: models.VAE, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        x_logits, mu, logvar = model(x, rng)
        kl = losses.kl_standard_normal(mu, logvar, batch_dims=2)
        return {"loss": -losses.elbo(levels * losses.log_bernoulli(x, x_logits, batch_dims=2), kl).mean(-1)}

    training.fit(stacked, loss, _images(tasks, "x"), steps=steps, batch_size=64, seed=seed, progress=False)
    with torch.no_grad():
        codes, test = (stacked.encode(_images(tasks, part))[0].double().numpy() for part in ("x", "x_test"))
    fitted = [_logistic(z, t, C) for z, t in zip(codes, tasks, strict=True)]
    return [model.score(z, t.y_test) for model, z, t in zip(fitted, test, tasks, strict=True)]


def _labeled(tasks: Sequence[Task]) -> tuple[Tensor, Tensor]:
    x, y = (torch.tensor(np.stack([getattr(t, part)[t.known] for t in tasks])) for part in ("x", "y"))
    return x.float().unflatten(2, EVENT), y


def m2(
    tasks: Sequence[Task],
    alpha: float = 10.0,
    levels: float = 4.0,
    steps: int = 400,
    seed: int = 0,
    free: bool = True,
) -> list[float]:
    """Kingma's M2, labels and unlabeled digits in one bound; `free=False`: its classifier, on the labels alone."""
    with models.first_weights(seed):
        stacked = ensemble.stack([M2(CLASSES, EVENT, hidden=64, levels=levels) for _ in tasks])
    x_labeled, y_labeled = _labeled(tasks)

    def loss(model: M2, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        chosen = torch.randint(y_labeled.shape[1], (50,), generator=rng)
        given = x_labeled[:, chosen], y_labeled[:, chosen]
        if free:
            return {"loss": model.loss(*given, x, rng, alpha)}
        return {"loss": F.cross_entropy(model.y_logits(given[0]).mT, given[1], reduction="none").mean(-1)}

    training.fit(stacked, loss, _images(tasks, "x"), steps=steps, batch_size=32, seed=seed, progress=False)
    with torch.no_grad():
        guess = stacked.y_logits(_images(tasks, "x_test")).argmax(-1).numpy()
    return [float((row == t.y_test).mean()) for row, t in zip(guess, tasks, strict=True)]


def network_alone(tasks: Sequence[Task], steps: int = 400, seed: int = 0) -> list[float]:
    """M2's classifier, trained on the labeled digits and nothing else."""
    return m2(tasks, steps=steps, seed=seed, free=False)


METHODS: dict[str, Method] = {
    "labels alone": labels_alone,
    "network, labels alone": network_alone,
    "self-training": self_training,
    "label spreading": spreading,
    "VAE features": vae_features,
    "M2": m2,
}
