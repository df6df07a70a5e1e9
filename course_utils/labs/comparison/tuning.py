"""How the settings were chosen: `python -m course_utils.labs.comparison.tuning` (fifteen minutes on one free core).

By the mean Fréchet distance of samples to the validation images, over seeds that the table does not use: each network's
rate with its β, its weight of the penalty or its tail, the mixture's covariances with what is added to their diagonals.
Where several settings of the mixture are equally near, the probability of the validation images decides.

With words, as in `… tuning flow diffusion`, only the networks whose names begin with one of them.
"""

import sys
from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from course_utils.labs.comparison.contenders import RATES, Mixture, TrainedGAN, TrainedVAE
from course_utils.labs.comparison.newcomers import TrainedDiffusion, TrainedFlow
from course_utils.labs.comparison.protocol import Contender, Model, splits, steps_for, train
from course_utils.labs.comparison.scoring import DRAWS, DigitClassifier, classifier_of, log_px, of_samples

SEEDS = range(100, 103)
GRID = {  # one number besides the rate
    **{f"VAE β={beta:g}": partial(TrainedVAE, beta=beta) for beta in (1.0, 0.25, 0.0625)},
    "GAN": TrainedGAN,
    **{f"GAN + R1, penalty {r1:g}": partial(TrainedGAN, r1=r1) for r1 in (1.0, 3.0, 10.0)},
    **{f"flow, tail 1/{parts}": partial(TrainedFlow, tail=1 / parts) for parts in (8, 16)},
    "diffusion": TrainedDiffusion,
}


MIXTURES = [(kind, reg_covar) for kind in ("full", "diag", "tied") for reg_covar in (1e-4, 1e-3, 1e-2, 1e-1)]


def distance(model: Model, classifier: DigitClassifier, seed: int) -> float:
    """Fréchet distance of a trained model's samples to the validation images; inf where a pixel is not finite."""
    rng = torch.Generator().manual_seed(seed)
    draws = [model.sample(len(classifier.validation), rng=rng) for _ in range(DRAWS)]
    finite = all(x.isfinite().all() for x in draws)
    return of_samples(draws, classifier, classifier.validation)["frechet"] if finite else np.inf


def tune_mixtures(classifier: DigitClassifier) -> None:
    """Print the mean distance and log P of one start of EM for each setting."""
    for kind, reg_covar in MIXTURES:
        found = []
        for seed in SEEDS:
            contender = Contender("mixture", partial(Mixture, kind=kind, reg_covar=reg_covar))
            model, rng = train(contender, classifier.splits, seed, 1).model, torch.Generator().manual_seed(seed)
            log_p = log_px(model, classifier.splits.validation, rng, draws=1)
            found.append((distance(model, classifier, seed), log_p))
        near, log_p = np.mean(found, 0)
        print(f"mixture, {kind:13s} add  {reg_covar:<6g} {near:8.2f}  log P ≥ {log_p:.1f}", flush=True)


def tune_networks(classifier: DigitClassifier, budget: float, wanted: Sequence[str] = ("",)) -> None:
    """Print the mean distance for each setting of networks that begin so, at `budget` processor seconds a run."""
    for name, build in GRID.items():
        if not name.startswith(tuple(wanted)):
            continue
        steps = steps_for(Contender(name, partial(build, lr=RATES[3])), classifier.splits, budget)
        for lr in RATES:
            contender = Contender(name, partial(build, lr=lr))
            models = [(train(contender, classifier.splits, seed, steps).model, seed) for seed in SEEDS]
            found = [distance(model, classifier, seed) for model, seed in models]
            print(f"{name:22s} rate {lr:<6g} {np.mean(found):8.2f}  {np.round(found, 2).tolist()}", flush=True)


def main(wanted: Sequence[str] = (), budget: float = 3.0) -> None:
    """Print what every setting reached; of those that are wanted, if any are named."""
    torch.set_num_threads(1)
    with threadpool_limits(1):
        classifier = classifier_of(splits())
        if not wanted:
            tune_mixtures(classifier)
        tune_networks(classifier, budget, wanted or ("",))


if __name__ == "__main__":
    main(sys.argv[1:])
