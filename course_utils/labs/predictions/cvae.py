"""Draws of a rare class from conditional VAEs, one for each task, which train side by side."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from course_utils import losses, models, training
from course_utils.metrics.inputs import Array
from course_utils.models import ensemble


class Rows(Protocol):
    """What is learned from: rows x `(N, D)` of two classes y `(N,)`, of equal numbers in all tasks."""

    x: Array
    y: Array

    @property
    def images(self) -> bool: ...

    @property
    def missing(self) -> int: ...


def draws(tasks: Sequence[Rows], seed: int = 0, steps: int = 400, levels: float = 1.0, latent: int = 4) -> Array:
    """For each task as many rows of class 1 as it lacks, `(tasks, missing, D)`, from a conditional VAE of its own.

    Batches hold both classes alike. Images have pixels of `levels` coin flips, of which the means are drawn;
    tables a Gaussian decoder, of which a draw is taken, its noise included.
    """
    x = torch.tensor(np.stack([task.x for task in tasks]), dtype=torch.float32)
    y, images, n = torch.tensor(np.stack([task.y for task in tasks])), tasks[0].images, tasks[0].missing
    stacked = ensemble.stack([_new(x.shape[2], images, latent, seed + number) for number in range(len(tasks))])
    balance = torch.stack([1 / torch.bincount(labels).float()[labels] for labels in y])
    options = {"steps": steps, "batch_size": 32, "lr": 3e-3, "seed": seed, "progress": False}
    loss = partial(image_loss, levels=levels) if images else table_loss
    training.fit(stacked, loss, x, y, weights=balance, **options)
    if images:
        return stacked.sample(n, y=torch.ones(n, dtype=torch.long), rng=training.seeded(seed)).double().numpy()
    return stacked.sample(n, torch.eye(2)[1].expand(n, 2), rng=training.seeded(seed)).double().numpy()


def _new(features: int, images: bool, latent: int, seed: int) -> torch.nn.Module:
    with models.first_weights(seed):
        if images:
            return models.ConditionalVAE(2, (features,), latent, hidden=64)
        return models.GaussianVAE(features, side=2, latent=latent, floor=-2.0)


def image_loss(
    model: models.ConditionalVAE, x: Tensor, y: Tensor, rng: torch.Generator | None = None, levels: float = 1.0
) -> dict[str, Tensor]:
    """Minus the ELBO, up to a constant, of images x `(S, B, D)` with classes y `(S, B)`: "loss" is `(S,)`."""
    x_logits, mu, logvar = model(x, y, rng)
    log_px, kl = losses.log_bernoulli(x, x_logits, batch_dims=2), losses.kl_standard_normal(mu, logvar, batch_dims=2)
    return {"loss": -losses.elbo(levels * log_px, kl).mean(-1)}


def table_loss(
    model: models.GaussianVAE, x: Tensor, y: Tensor, rng: torch.Generator | None = None
) -> dict[str, Tensor]:
    """Minus the ELBO of rows x `(S, B, D)` with classes y `(S, B)`: "loss" is `(S,)`."""
    c = torch.eye(2)[y]
    mu, logvar = model.encode(x, c)
    log_px = losses.log_gaussian(x, *model.decode(models.reparameterize(mu, logvar, rng), c), batch_dims=2)
    return {"loss": -losses.elbo(log_px, losses.kl_standard_normal(mu, logvar, batch_dims=2)).mean(-1)}
