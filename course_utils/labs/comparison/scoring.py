"""What the bench measures of a model, one number a column: from samples, codes, and a likelihood if there is one."""

import math
import time
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn

from course_utils import losses, metrics
from course_utils.labs.comparison.protocol import Model, Splits

COLUMNS = {  # key: what the table calls it
    "frechet": "Fréchet, test",
    "frechet_fit": "Fréchet, fit",
    "precision": "precision",
    "recall": "recall",
    "classes": "classes of 10",
    "sharpness": "sharpness",
    "near_copies": "near copies",
    "log_px": "log P ≥, nats",
    "between": "between",
    "jump": "largest jump",
    "class_from_z": "class from z",
    "sample_ms": "ms for 1,000",
}
DRAWS = 4  # sets of samples, each as large as the test split, that a score is the mean of


@dataclass(frozen=True)
class DigitClassifier:
    """A classifier of the digits, and the features of real digits, N of each: to compare at equal N."""

    network: nn.Module
    splits: Splits

    def features(self, x: Tensor) -> Tensor:
        return metrics.embed(self.network, x).features

    def classes(self, x: Tensor) -> Tensor:
        return metrics.embed(self.network, x).probabilities.argmax(1)

    @cached_property
    def fit(self) -> Tensor:
        return self.features(self.splits.fit)

    @cached_property
    def validation(self) -> Tensor:
        return self.features(self.splits.validation)

    @cached_property
    def test(self) -> Tensor:
        return self.features(self.splits.test)


def classifier_of(splits: Splits, seed: int = 0) -> DigitClassifier:
    """A classifier trained on the training digits with their labels, by `metrics.train_classifier`."""
    x = torch.cat([splits.fit, splits.validation])
    return DigitClassifier(metrics.train_classifier(x, splits.y, seed=seed), splits)


def sharpness(x: Tensor) -> float:
    """The mean squared Laplacian, 4 x − its four neighbors, over inner pixels of x `(N, 1, H, W)`.

    Edges raise it, and noise does, too: more is not better. The value of real images is the target.
    """
    inner = 4 * x[..., 1:-1, 1:-1]
    neighbors = x[..., :-2, 1:-1] + x[..., 2:, 1:-1] + x[..., 1:-1, :-2] + x[..., 1:-1, 2:]
    return (inner - neighbors).square().mean().item()


def of_samples(draws: list[Tensor], classifier: DigitClassifier, reference: Tensor | None = None) -> dict[str, float]:
    """The scores of sets of images, each of as many as the reference features `(N, F)`, default the test digits'."""
    reference = classifier.test if reference is None else reference
    scores = []
    for x in draws:
        features = classifier.features(x)
        near = metrics.prdc(reference, features)
        scores.append(
            {
                "frechet": metrics.frechet_distance(reference, features),
                "frechet_fit": metrics.frechet_distance(classifier.fit[: len(reference)], features),
                "precision": near.precision,
                "recall": near.recall,
                "sharpness": sharpness(x) / sharpness(classifier.splits.test),
                "near_copies": metrics.memorization(features, classifier.fit, reference).near_copies,
            }
        )
    shares = torch.bincount(classifier.classes(torch.cat(draws)), minlength=10) / sum(map(len, draws))
    means = {name: float(np.mean([score[name] for score in scores])) for name in scores[0]}
    return {**means, "classes": int((shares >= 0.02).sum())}


def of_latent(model: Model, classifier: DigitClassifier, rng: torch.Generator) -> dict[str, float]:
    """Scores of the straight lines between random codes, and of what a linear classifier reads from z.

    - between: precision of images drawn half way between two codes;
    - jump: the largest of ten equal steps along a line over their mean, as distances of mean images; 1 is even;
    - class_from_z: share of draws whose class logistic regression tells from z.
    """
    n, steps = len(classifier.test), 10
    a, b = torch.randn(2, n, model.latent, generator=rng)
    t = torch.linspace(0, 1, steps + 1)[:, None, None]
    lines = model.decode(((1 - t) * a + t * b).flatten(0, 1)).unflatten(0, (steps + 1, n))
    moved = (lines[1:] - lines[:-1]).flatten(2).norm(dim=2)
    z = torch.randn(4 * n, model.latent, generator=rng)
    classes = classifier.classes(model.draw(z, rng))
    halfway = classifier.features(model.draw((a + b) / 2, rng))
    several = len(classes[n:].unique()) > 1  # a collapsed generator may draw one class only
    reader = LogisticRegression(max_iter=500).fit(z[n:], classes[n:]) if several else None
    return {
        "between": metrics.prdc(classifier.test, halfway).precision,
        "jump": (moved.amax(0) / moved.mean(0)).nanmean().item(),
        "class_from_z": float(reader.score(z[:n], classes[:n])) if reader else math.nan,
    }


def log_px(model: Model, x: Tensor, rng: torch.Generator, draws: int = 50) -> float:
    """The importance-weighted lower bound on log P(16 x), nats for an image, the mean over x; nan if there is none."""
    log_w = model.log_weights(x, draws, rng)
    return math.nan if log_w is None else losses.iw_elbo(log_w).mean().item()


def sampling_ms(model: Model, n: int = 1000, measure: float = 0.05) -> float:
    """Processor milliseconds to draw n images, the mean over draws that take at least `measure` seconds together."""
    rng, count = torch.Generator().manual_seed(0), 0
    model.sample(n, rng=rng)
    start = time.process_time()
    while time.process_time() - start < measure:
        model.sample(n, rng=rng)
        count += 1
    return 1000 * (time.process_time() - start) / count


def scores(model: Model, classifier: DigitClassifier, seed: int) -> dict[str, float]:
    """Every column for a trained model; nan where it has no such thing, and everywhere if a pixel is not finite."""
    rng, nothing = torch.Generator().manual_seed(seed), dict.fromkeys(COLUMNS, math.nan)
    draws = [model.sample(len(classifier.test), rng=rng) for _ in range(DRAWS)]
    if not all(x.isfinite().all() for x in draws):
        return nothing | {"classes": 0}
    latent = of_latent(model, classifier, rng) if model.latent else {}
    likelihood = {"log_px": log_px(model, classifier.splits.test, rng), "sample_ms": sampling_ms(model)}
    return nothing | of_samples(draws, classifier) | latent | likelihood


def real_floor(classifier: DigitClassifier, seed: int) -> dict[str, float]:
    """What real digits score against real digits: validation and test digits, mixed and cut in half anew."""
    pool = torch.cat([classifier.splits.validation, classifier.splits.test])
    pool = pool[torch.randperm(len(pool), generator=torch.Generator().manual_seed(seed))]
    half = len(classifier.test)
    return dict.fromkeys(COLUMNS, math.nan) | of_samples([pool[half:]], classifier, classifier.features(pool[:half]))
