"""Choose each method's settings on three splits of their own, which no table uses (their test points overlap)."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from course_utils.labs.predictions import defects, labels, missing, rare, tuning
from course_utils.metrics.roc import auc

SPLITS = (100, 101, 102)
Settings = dict[str, float]


def scored(candidates: Mapping[str, Sequence[Settings]], score: Callable[[str, Settings], float]) -> Iterator[str]:
    """For each method its candidates' mean scores, higher is better, and the best one, as a line."""
    for name, several in candidates.items():
        found = [score(name, settings) for settings in several]
        yield f"{name:22s} {' '.join(f'{value:.3f}' for value in found)}  best {several[int(np.argmax(found))]}"


def lines() -> Iterator[str]:
    """All methods of all tasks."""
    for data in rare.DATA:
        yield data
        yield from scored(tuning.RARE[data], lambda name, settings, data=data: _rare(data, name, settings))
    yield "few labels"
    given = [labels.task(seed) for seed in SPLITS]
    yield from scored(tuning.LABELS, lambda name, settings: np.mean(labels.METHODS[name](given, **settings)))
    yield "defects"
    yield from scored(tuning.DEFECTS, _defects)
    yield "missing values"
    yield from scored(tuning.MISSING, _missing)


def _rare(data: str, name: str, settings: Settings) -> float:
    tasks = [rare.task(data, seed) for seed in SPLITS]
    made = rare.methods(data, {name: settings})[name](tasks)
    return float(np.mean([rare.sensitivity(model, t) for model, t in zip(made, tasks, strict=True)]))


def _defects(name: str, settings: Settings) -> float:
    tasks = [defects.task(seed) for seed in SPLITS]
    made = defects.METHODS[name](tasks, **settings)
    return float(
        np.mean([auc(score(t.bad_set), score(t.good_set)).value for score, t in zip(made, tasks, strict=True)])
    )


def _missing(name: str, settings: Settings) -> float:
    tasks = [missing.task(data, seed) for data in missing.DATA for seed in SPLITS]
    halves = [tasks[: len(SPLITS)], tasks[len(SPLITS) :]]
    filled = [one for half in halves for one in missing.METHODS[name](half, **settings)]
    return -float(np.mean([missing.error(*pair) for pair in zip(tasks, filled, strict=True)]))
