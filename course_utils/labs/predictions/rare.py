"""Lecture 11a's rare class: a classifier that is given few of one class, and the ways to make up for it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy import ndimage
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors
from sklearn.svm import SVC

from course_utils.labs.predictions.cvae import draws
from course_utils.metrics.inputs import Array
from course_utils.metrics.roc import tpr_at_fpr

DATA = ("breast cancer", "digits")
COUNTS = (5, 10, 20, 50)  # of the rare class
COMMON = {"breast cancer": 150, "digits": 400}  # of the other one
TEST_OVER_TRAIN = 1.0  # half of the data each
SIDE = 8  # pixels of a digit's side
RARE_DIGIT = 8


class Task(NamedTuple):
    """Rows x `(N, D)` with y `(N,)`, 1 for the rare class, to learn from; and untouched ones to judge by."""

    x: Array
    y: Array
    x_test: Array
    y_test: Array

    @property
    def images(self) -> bool:
        return self.x.shape[1] == SIDE**2

    @property
    def missing(self) -> int:
        """How many rows the rare class lacks to be as large as the other one."""
        return int((self.y == 0).sum() - (self.y == 1).sum())


def task(data: str, seed: int, rare: int = 10) -> Task:
    """Half of the data to judge by; of the other half some of the common class, and `rare` of the rare one.

    "breast cancer": malignant is rare, columns standardized by the training rows; "digits": 8 against the rest.
    Fewer rare rows are contained in more. Raises ValueError for other data.
    """
    if data not in DATA:
        raise ValueError(f"unknown data {data!r}: choose one of {', '.join(DATA)}")
    x, y = (load_breast_cancer if data == "breast cancer" else load_digits)(return_X_y=True)
    y = (y == (0 if data == "breast cancer" else RARE_DIGIT)).astype(int)
    order = np.random.default_rng(seed).permutation(len(y))
    train, test = order[: len(y) // 2], order[len(y) // 2 :]
    kept = np.concatenate([train[y[train] == 0][: COMMON[data]], train[y[train] == 1][:rare]])
    center, scale = (x[kept].mean(0), x[kept].std(0)) if data == "breast cancer" else (0.0, 16.0)
    return Task((x[kept] - center) / scale, y[kept], (x[test] - center) / scale, y[test])


def with_rows(task: Task, rare: Array, common: Array | None = None) -> Task:
    """The task with these rows to learn from, too. What it is judged by stays."""
    parts = [task.x, rare] if common is None else [task.x, rare, common]
    y = np.concatenate([task.y, np.repeat([1, 0], [len(rare), sum(map(len, parts[2:]))])])
    return task._replace(x=np.concatenate(parts), y=y)


def copies(task: Task, seed: int = 0) -> Array:
    """Oversampling: rows of the rare class once more, drawn with replacement, as many as it lacks."""
    rows = task.x[task.y == 1]
    return rows[np.random.default_rng(seed).integers(len(rows), size=task.missing)]


def moved(rows: Array, seed: int = 0, pixels: float = 0.4, degrees: float = 6.0) -> Array:
    """Images `(n, 64)`, each shifted and rotated at random: normal, with these standard deviations."""
    rng, middle = np.random.default_rng(seed), np.full(2, (SIDE - 1) / 2)
    angles, shifts = np.radians(degrees) * rng.normal(size=len(rows)), pixels * rng.normal(size=(len(rows), 2))
    turned = []
    for image, angle, shift in zip(rows.reshape(-1, SIDE, SIDE), angles, shifts, strict=True):
        matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        turned.append(ndimage.affine_transform(image, matrix, middle - matrix @ (middle + shift), order=1))
    return np.stack(turned).reshape(rows.shape)


def smote(task: Task, seed: int = 0, k: int = 5) -> Array:
    """Points on the lines between a rare row and one of its k nearest of the class (Chawla et al. 2002)."""
    rng, rows = np.random.default_rng(seed), task.x[task.y == 1]
    k = min(k, len(rows) - 1)
    near = NearestNeighbors(n_neighbors=k).fit(rows).kneighbors(return_distance=False)  # without the row itself
    first, which = rng.integers(len(rows), size=task.missing), rng.integers(k, size=task.missing)
    return rows[first] + rng.random((task.missing, 1)) * (rows[near[first, which]] - rows[first])


def gaussian(task: Task, seed: int = 0, own: float = 0.1) -> Array:
    """Draws of a Gaussian at the rare mean. Of its covariance a share `own` is theirs, the rest the common class's."""
    rows, common = task.x[task.y == 1], task.x[task.y == 0]
    covariance = own * np.cov(rows.T, bias=True) + (1 - own) * np.cov(common.T, bias=True)
    rng = np.random.default_rng(seed)
    return rng.multivariate_normal(rows.mean(0), covariance, size=task.missing, method="eigh")


def classifier(task: Task, C: float = 1.0, balanced: bool = False) -> LogisticRegression | SVC:
    """What is trained: logistic regression on a table, a support vector machine with Gaussian kernel on images."""
    weight = "balanced" if balanced else None
    if task.images:
        return SVC(C=C, class_weight=weight).fit(task.x, task.y)
    return LogisticRegression(C=C, class_weight=weight, max_iter=300).fit(task.x, task.y)


def sensitivity(model: LogisticRegression | SVC, task: Task, specificity: float = 0.95) -> float:
    """The share of rare test rows that are found where this share of the common ones is left alone."""
    score = model.decision_function(task.x_test)
    return tpr_at_fpr(score[task.y_test == 1], score[task.y_test == 0], 1 - specificity)


Method = Callable[[Sequence[Task]], list[LogisticRegression | SVC]]  # a classifier for each task


def methods(data: str, settings: dict[str, dict[str, float]]) -> dict[str, Method]:
    """The ways, by name, with their settings; an image is moved, a row of a table mixed with its neighbors (SMOTE)."""

    def each(change: Callable[..., Task], balanced: bool = False, C: float = 1.0, **options: float) -> Method:
        return lambda tasks: [classifier(change(t, **options), C, balanced) for t in tasks]

    def all_moved(t: Task, **options: float) -> Task:  # both classes: else being moved would be a sign of one
        return with_rows(t, moved(copies(t), **options), moved(t.x[t.y == 0], 1, **options))

    def cvae(tasks: Sequence[Task], C: float = 1.0, **options: float) -> list[LogisticRegression | SVC]:
        return [classifier(with_rows(t, x), C) for t, x in zip(tasks, draws(tasks, **options), strict=True)]

    ways = {
        "nothing": partial(each, lambda t: t),
        "class weights": partial(each, lambda t: t, balanced=True),
        "oversampling": partial(each, lambda t: with_rows(t, copies(t))),
        "shifts, rotations": partial(each, all_moved),
        "SMOTE": partial(each, lambda t, **options: with_rows(t, smote(t, **options))),
        "Gaussian": partial(each, lambda t, **options: with_rows(t, gaussian(t, **options))),
        "CVAE": lambda **options: partial(cvae, **options),
    }
    left_out = "SMOTE" if data == "digits" else "shifts, rotations"
    return {name: way(**settings.get(name, {})) for name, way in ways.items() if name != left_out}
