"""The checks of assignment 05, one for each function that the learner writes.

The split is in `splits`, the budgets are in `budgets`, the verdict in `verdicts`. Answers may be numpy or torch.
"""

import numpy as np
import torch
from scipy import stats
from torch import Tensor

from course_utils.checks.kit.answers import pair, plain, values
from course_utils.checks.kit.common import Answer, question, recognize, require

RESULTS = {11: (0.9, 3.1, 7.0), 3: (0.2, 3.5, 9.0), 0: (0.6, 3.2, 4.0), 5: (0.4, 3.9, 6.0)}  # of 3 metrics, by seed
SEEDS = list(RESULTS)


class _Model:
    """What the fake `fit` returns: it knows its seed and nothing else."""

    def __init__(self, seed: int) -> None:
        self.seed = seed


class _Bench:
    """`fit` and `score`, which refuse the wrong data and keep a record of seeds and models."""

    def __init__(self) -> None:
        generator = torch.Generator().manual_seed(1)
        self.x_train = torch.randn(6, 2, generator=generator, dtype=torch.float64)
        self.x_test = torch.randn(5, 2, generator=generator, dtype=torch.float64)
        self.fitted: list[int] = []
        self.scored: list[int] = []

    def fit(self, x: object, seed: object = None) -> _Model:
        """Only x_train, as it is, and a seed."""
        x = torch.as_tensor(np.asarray(plain(x)))
        hidden = "The test rows must be new to the model: fit sees x_train only."
        require(not _equal(x, self.x_test), f"The test data is used for fitting. {hidden}")
        require(len(x) != 11, f"The training and the test data are joined for fitting. {hidden}")
        require(len(x) == 6, f"fit is given {len(x)} rows, x_train has 6.")
        own = "A mean or a scale, too, is learned from data: it belongs into fit."
        require(_equal(x, self.x_train), f"fit must be given x_train as it is: other numbers arrive. {own}")
        require(seed is not None, "fit is called without a seed: fit(x, seed).")
        one = np.ndim(plain(seed)) == 0
        require(one, "fit is given several seeds at once. Call it for each seed: a model of its own.")
        self.fitted.append(int(seed))
        return _Model(int(seed))

    def score(self, model: object, x: object) -> Tensor:
        """Three numbers that tell the seed; only of a model of ours, on x_test as it is."""
        require(not isinstance(x, _Model), "score is called with its arguments exchanged: score(model, x).")
        require(isinstance(model, _Model), "score must be given what fit returned: score(model, x).")
        x = torch.as_tensor(np.asarray(plain(x)))
        copy = "A model that copies its training data would win. Score on x_test."
        require(not _equal(x, self.x_train), f"The score is taken on the training data. {copy}")
        require(len(x) != 11, f"The score is taken on training and test data together. {copy}")
        require(_equal(x, self.x_test), "score must be given x_test as it is: other numbers arrive.")
        self.scored.append(model.seed)
        return self.result(model.seed)

    @staticmethod
    def result(seed: int) -> Tensor:
        return torch.tensor(RESULTS.get(seed, (0.1 * seed, seed, -seed)), dtype=torch.float64)


def _equal(x: Tensor, other: Tensor) -> bool:
    return x.shape == other.shape and torch.allclose(x.double(), other)


@question
def evaluate(answer: Answer) -> None:
    """A model for each seed, fitted on the training data and scored on the test data, all scores kept."""
    bench = _Bench()
    value = answer(bench.fit, bench.score, bench.x_train, bench.x_test, list(SEEDS))
    fitted, scored = bench.fitted, bench.scored
    require(fitted, "fit is never called.")
    one = "fit is called once for 4 seeds. The spread over seeds needs a new model for each of them."
    require(len(fitted) > 1, one)
    require(len(set(fitted)) > 1, f"Each model is fitted with the seed {fitted[0]}. Give each its own.")
    numbered = f"fit gets the seeds {sorted(set(fitted))}: their numbers in the list. Take the seeds that are given."
    require(set(fitted) != set(range(4)), numbered)
    require(set(fitted) == set(SEEDS), f"fit gets the seeds {sorted(set(fitted))} instead of {sorted(SEEDS)}.")
    require(len(fitted) == 4, f"fit is called {len(fitted)} times for 4 seeds: once each, without a second try.")
    require(scored, "score is never called.")
    unscored = [seed for seed in SEEDS if seed not in scored]
    require(not unscored, f"The models of the seeds {unscored} are never scored: each has its own score.")
    right = torch.stack([_Bench.result(seed) for seed in SEEDS])
    every = "Return every score, (seeds, metrics): their spread is half of the result."
    order = "are sorted. Row i belongs to seeds[i], so that any run can be found and repeated."
    mistakes = {
        f"are their mean over the seeds. {every}": right.mean(0),
        f"are their sum over the seeds. {every}": right.sum(0),
        f"are the smallest of each metric. {every}": right.min(0).values,
        f"are the largest of each metric. {every}": right.max(0).values,
        f"are those of the last seed. {every}": right[-1],
        f"are their median over the seeds. {every}": right.median(0).values,
        "are turned: one row for each seed, one column for each metric.": right.T,
        "are all in one row. Stack them: (seeds, metrics).": right.flatten(),
        "are averaged over the metrics, which have different units.": right.mean(1),
        "hold the first metric only.": right[:, 0],
        order: right.sort(0).values,
        f"{order} ": right[torch.tensor(SEEDS).argsort()],
        **{f"are those of the seed {seed} alone: a chosen run. {every}": right[i] for i, seed in enumerate(SEEDS[:-1])},
    }
    recognize(values(value, "The scores"), right, mistakes, "The scores")


AXIS = "The axes are models, seeds, metrics: reduce the seeds, axis 1."


def _mean_mistakes(scores: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the mean over the seeds."""
    return {
        "and the spread have changed places. Return (mean, spread).": scores.std(1),
        f"is taken over the models. {AXIS}": scores.mean(0),
        f"is taken over the metrics, which have different units. {AXIS}": scores.mean(2),
        f"is taken over models and seeds. {AXIS}": scores.mean((0, 1)),
        f"is taken over everything. {AXIS}": scores.mean(),
        "has an axis too many: (models, metrics), without the seeds (no keepdim).": scores.mean(1, keepdim=True),
        "is the median. Take the mean.": scores.median(1).values,
        "is the smallest score: a chosen run. Take the mean.": scores.min(1).values,
        "is the sum. Divide by the number of seeds.": scores.sum(1),
    }


def _spread_mistakes(scores: Tensor) -> dict[str, Tensor]:
    """What the usual mistakes give for the spread over five seeds."""
    right, sd = scores.mean(1), scores.std(1)
    few = "The seeds are a sample: divide by seeds − 1 under the root (ddof=1)."
    deviation = "The spread of single runs is asked for, which does not shrink with more seeds."
    return {
        f"is the standard error, not the standard deviation. {deviation}": sd / 5**0.5,
        f"is the standard error, with ddof=0. {deviation}": scores.std(1, correction=0) / 5**0.5,
        f"divides by the number of seeds. {few}": scores.std(1, correction=0),
        f"is divided by the number of seeds. {deviation}": sd / 5,
        "is the variance. Take its root.": scores.var(1),
        "is the variance, divided by the number of seeds. Take its root, and divide by seeds − 1.": scores.var(
            1, correction=0
        ),
        "is the range, which grows with the number of seeds.": scores.amax(1) - scores.amin(1),
        "is half the range, which grows with the number of seeds.": (scores.amax(1) - scores.amin(1)) / 2,
        "is the mean absolute deviation. Take the standard deviation.": (scores - right[:, None]).abs().mean(1),
        f"is half of a 95 % interval of the mean. {deviation}": 1.96 * sd / 5**0.5,
        f"is half of a 95 % interval by Student's t. {deviation}": stats.t.ppf(0.975, 4) * sd / 5**0.5,
        f"is taken over the models. {AXIS}": scores.std(0),
        f"is taken over the metrics, which have different units. {AXIS}": scores.std(2),
        f"is taken over models and seeds. {AXIS}": scores.flatten(0, 1).std(0),
        f"is taken over everything. {AXIS}": scores.std(),
    }


@question
def summary(answer: Answer) -> None:
    """Mean and sample standard deviation over the seeds, for each model and metric."""
    generator = torch.Generator().manual_seed(4)
    scores = torch.randn(3, 5, 2, generator=generator, dtype=torch.float64) + torch.tensor([8.0, 2.0])
    mean, spread = (values(v, f"The {n}") for v, n in zip(_two(answer(scores)), ("mean", "spread"), strict=True))
    recognize(mean, scores.mean(1), _mean_mistakes(scores), "The mean")
    recognize(spread, scores.std(1), _spread_mistakes(scores), "The spread")
    one = scores[1:, :3, :1]
    for value, right, name in zip(
        _two(answer(one.clone())), (one.mean(1), one.std(1)), ("mean", "spread"), strict=True
    ):
        what = f"The {name} of 2 models, 3 seeds and 1 metric"
        shape = tuple(values(value, what).shape)
        require(shape == (2, 1), f"{what} has the shape {shape} instead of (2, 1): no squeeze().")
        recognize(values(value, what), right, {}, what)


def _two(value: object) -> list[object]:
    """The two results, also when they come as one tensor or array of both."""
    stacked = isinstance(value, Tensor | np.ndarray) and value.ndim > 1 and len(value) == 2
    return list(value) if stacked else pair(value, ("mean", "spread"), "summary")
