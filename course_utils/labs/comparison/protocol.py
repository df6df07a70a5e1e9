"""Equal conditions: the splits, what a contender is, the width for a parameter budget, the steps for a time budget.

Time is processor time of one thread, so that a run is not punished for what else the machine does at that moment. A
time budget is turned into a number of steps before the race: with that number a run can be repeated.
"""

import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from course_utils import data
from course_utils.models.layers import check_labels

LEVELS = 16  # the gray levels are 0 … 16, in steps of 1/16
TRAIN, HELD_OUT = 1437, 360  # images, of every data set as many as the digits have


class Splits(NamedTuple):
    """Images `(N, 1, 8, 8)`: to learn from, to choose settings by, and to judge by, which no contender sees.

    `y` are the classes of those to learn from and to choose by, in that order: for the classifier.
    """

    fit: Tensor
    validation: Tensor
    test: Tensor
    y: Tensor


def splits(dataset: str = "digits") -> Splits:
    """1,077 and 360 images of the training split, in an order drawn once, and 360 of the test split.

    Other data sets of `data.images` are made as the digits were: see `data.as_blocks`.
    """
    x, y = data.images(dataset, "train", limit=TRAIN)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    x, y, test = data.as_blocks(x)[order], y[order], data.as_blocks(data.images(dataset, "test", limit=HELD_OUT)[0])
    return Splits(x[:-HELD_OUT], x[-HELD_OUT:], test, y)


def to_levels(x: Tensor) -> Tensor:
    """Images in the nearest of the 17 gray levels; what lies below 0 or above 1 becomes 0 or 1."""
    return (LEVELS * x.clamp(0, 1)).round() / LEVELS


class Model:
    """What the bench asks of a contender's model: `sample`, or `decode` for one with codes. The rest may be missing.

    Whatever a model draws has the 17 gray levels of the data, and its likelihood is that of exactly these draws.

    `parameters` is how many numbers training chooses, `drawing` how many of them are needed to draw a sample; `latent`
    is the dimension of z, 0 if there is no continuous code.
    """

    parameters: int = 0
    drawing: int = 0
    latent: int = 0

    def step(self, progress: float) -> None:
        """One step of training; `progress` runs from 0 to 1, for schedules."""

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n images `(n, 1, 8, 8)` in 17 levels; of the classes y `(n,)`, where a model has classes."""
        if not self.latent:
            raise NotImplementedError(f"{type(self).__name__} has no codes to draw, so it needs a `sample` of its own.")
        check_labels(n, y, 0)
        return self.draw(torch.randn(n, self.latent, generator=rng), rng)

    def decode(self, z: Tensor) -> Tensor:
        """The mean images `(B, 1, 8, 8)` of codes z `(B, latent)`."""
        raise NotImplementedError

    def draw(self, z: Tensor, rng: torch.Generator | None = None) -> Tensor:
        """An image of each code z `(B, latent)`, in 17 levels: the decoder's, where no noise is part of the model."""
        return to_levels(self.decode(z))

    def log_weights(self, x: Tensor, draws: int, rng: torch.Generator) -> Tensor | None:
        """Logarithms of importance weights, `(draws, B)`, whose mean estimates P(16 x) without bias; None if unknown.

        Pixels have 17 levels, so P(16 x) is a probability, at most 1, and models of any kind can be compared by it.
        """
        return None


@dataclass(frozen=True)
class Contender:
    """A name, how to build its model from the splits and a seed, and its steps if they do not depend on the budget."""

    name: str
    build: Callable[[Splits, int], Model]
    steps: int | None = None


def width_for(parameters: Callable[[int], int], budget: int, widest: int = 400) -> int:
    """The width h for which `parameters(h)`, which grows with h, is nearest to the budget.

    Raises ValueError if no width up to `widest` comes within 5 % of it.
    """
    widths = range(1, widest + 1)
    place = bisect_left(widths, budget, key=parameters)
    width = min(widths[max(0, place - 1) : place + 1], key=lambda h: abs(parameters(h) - budget))
    if abs(parameters(width) - budget) > 0.05 * budget:
        raise ValueError(f"The nearest to {budget} parameters are {parameters(width)}, at a width of {width}.")
    return width


def seconds_per_step(
    contender: Contender, splits: Splits, *, measure: float = 0.4, clock: Callable[[], float] = time.process_time
) -> float:
    """Processor seconds for a step, the mean over `measure` seconds, on a model that is thrown away.

    A quarter of that time goes before: the first steps are slower.
    """
    model, times = contender.build(splits, 0), []
    for seconds in (measure / 4, measure):
        count, start = 0, clock()
        while clock() - start < seconds:
            model.step(0.0)
            count += 1
        times.append((clock() - start) / count)
    return times[-1]


def steps_for(contender: Contender, splits: Splits, budget: float) -> int:
    """How many steps a contender has for `budget` processor seconds, at least one."""
    return contender.steps or max(1, round(budget / seconds_per_step(contender, splits)))


class Trained(NamedTuple):
    """A model, and what its training took: processor seconds and, for the record, those of the clock on the wall."""

    model: Model
    seconds: float
    wall: float


def train(contender: Contender, splits: Splits, seed: int, steps: int) -> Trained:
    """Build and train one model. The same seed and steps give the same model."""
    start, wall = time.process_time(), time.perf_counter()
    model = contender.build(splits, seed)
    for step in range(steps):
        model.step(step / steps)
    return Trained(model, time.process_time() - start, time.perf_counter() - wall)
