"""Lecture 11a's recorded table: ten seeds of every comparison at every setting, and what a page reads from it."""

import csv
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import sklearn
import torch

from course_utils.labs.predictions import defects, labels, missing, rare
from course_utils.labs.predictions.tuning import CHOSEN
from course_utils.metrics.inputs import Array
from course_utils.metrics.intervals import Interval, mean_interval, paired_interval, verdict
from course_utils.metrics.roc import auc

SEEDS = range(10)
FILE = Path(__file__).parent / "table.csv"
PARTS = ("rare", "labels", "defects", "missing")
COMMAND = "python -m course_utils.labs.predictions"
FIELDS = ["task", "data", "setting", "method", "metric"]
LOWER_IS_BETTER = ("error", "interval score", "cost")


class Key(NamedTuple):
    """What was measured: the task, on which data, at which setting of what it may depend on, by which method."""

    task: str
    data: str
    setting: str
    method: str
    metric: str


Results = dict[Key, Array]  # the values of the ten seeds, `(10,)`


def rare_rows(data: str, count: int, seeds: Sequence[int] = SEEDS) -> Iterator[tuple[Key, Array]]:
    """Sensitivity at three specificities, and accuracy, of each way."""
    tasks = [rare.task(data, seed, count) for seed in seeds]
    for name, train in rare.methods(data, CHOSEN[data]).items():
        made = train(tasks)
        key = Key("rare class", data, f"{count} rare", name, "accuracy")
        yield key, np.array([model.score(t.x_test, t.y_test) for model, t in zip(made, tasks, strict=True)])
        for share in (0.9, 0.95, 0.98):
            found = [rare.sensitivity(model, t, share) for model, t in zip(made, tasks, strict=True)]
            yield key._replace(metric=f"sensitivity at {share:.0%}"), np.array(found)


def label_rows(count: int, seeds: Sequence[int] = SEEDS) -> Iterator[tuple[Key, Array]]:
    """Test accuracy of each way."""
    tasks = [labels.task(seed, count) for seed in seeds]
    for name, method in labels.METHODS.items():
        key = Key("few labels", "digits", f"{count} labels", name, "accuracy")
        yield key, np.array(method(tasks, **CHOSEN["labels"].get(name, {})))


DEFECT_SETTINGS = {
    "800 good parts": {},
    "100 good parts": {"parts": 100},
    "5 % of 800 bad": {"dirty": 0.05},
    "15 % of 800 bad": {"dirty": 0.15},
}


def defect_rows(setting: str, seeds: Sequence[int] = SEEDS) -> Iterator[tuple[Key, Array]]:
    """AUC, and the cost of a kept part at the threshold that was cheapest on other parts."""
    tasks = [defects.task(seed, **DEFECT_SETTINGS[setting]) for seed in seeds]
    for name, method in defects.METHODS.items():
        pairs = list(zip(method(tasks, **CHOSEN["defects"].get(name, {})), tasks, strict=True))
        key = Key("defects", "digits", setting, name, "AUC")
        yield key, np.array([auc(score(t.bad_test), score(t.good_test)).value for score, t in pairs])
        yield key._replace(metric="cost"), np.array([defects.cost_on_test(score, t) for score, t in pairs])


def missing_rows(data: str, at_random: bool, share: float, seeds: Sequence[int] = SEEDS) -> Iterator[tuple[Key, Array]]:
    """Error, coverage and interval score of each imputer."""
    tasks = [missing.task(data, seed, share, at_random) for seed in seeds]
    setting = f"{share:.0%} {'at random' if at_random else 'not at random'}"
    for name, method in missing.METHODS.items():
        pairs = list(zip(tasks, method(tasks, **CHOSEN["missing"].get(name, {})), strict=True))
        for metric in (missing.error, missing.coverage, missing.interval_score):
            key = Key("missing values", data, setting, name, metric.__name__.replace("_", " "))
            yield key, np.array([metric(*pair) for pair in pairs])


def part(task: str) -> Iterator[tuple[Key, Array]]:
    """All rows of a task. Raises KeyError for another name."""
    parts = {
        "rare": [partial(rare_rows, data, count) for data in rare.DATA for count in rare.COUNTS],
        "labels": [partial(label_rows, count) for count in labels.COUNTS],
        "defects": [partial(defect_rows, setting) for setting in DEFECT_SETTINGS],
        "missing": [
            partial(missing_rows, data, at_random, share)
            for data in missing.DATA
            for at_random in (True, False)
            for share in (0.1, 0.2, 0.4)
        ],
    }
    for rows in parts[task]:
        yield from rows()


def write(path: Path, results: Mapping[Key, Array]) -> None:
    """The results as CSV, under a line that says when, with what, and by which command they were made."""
    versions = f"torch {torch.__version__.split('+')[0]}, scikit-learn {sklearn.__version__}, numpy {np.__version__}"
    with path.open("w", newline="") as file:
        file.write(f"# {date.today().isoformat()}, Python {platform.python_version()}, {versions}; {COMMAND}\n")
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow([*FIELDS, *(f"seed {seed}" for seed in SEEDS)])
        for key, values in results.items():
            lines.writerow([*key, *(f"{value:.4f}" for value in values)])


def read(path: Path = FILE) -> Results:
    """The results in a file that `write` made."""
    with path.open() as file:
        lines = list(csv.reader(line for line in file if not line.startswith("#")))[1:]
    return {Key(*line[:5]): np.array(line[5:], dtype=float) for line in lines}


def chosen(results: Mapping[Key, Array], **wanted: str) -> Results:
    """The results whose keys have these values; ValueError if there are none."""
    found = {key: v for key, v in results.items() if all(getattr(key, name) == w for name, w in wanted.items())}
    if not found:
        raise ValueError(f"the table has nothing for {wanted}.")
    return found


def gain(a: Array, b: Array, metric: str, test_over_train: float = 0.0) -> Interval:
    """By how much a is better than b, seed by seed, with its interval."""
    sign = -1 if metric in LOWER_IS_BETTER else 1
    return paired_interval(sign * a, sign * b, test_over_train=test_over_train)


def text(results: Mapping[Key, Array], baseline: str) -> str:
    """Methods of one comparison, a line each: mean with interval, gain over the baseline with its own, verdict."""
    by_name = {key.method: (key.metric, values) for key, values in results.items()}
    metric, against = by_name[baseline]
    lines = [f"{metric:24s}{'mean':>21s}{'gain over ' + baseline:>36s}"]
    for name, (_, values) in by_name.items():
        found = gain(values, against, metric)
        said = "" if name == baseline else f"{signed(found):>36s}   {verdict(found)}"
        lines.append(f"{name:24s}{span(mean_interval(values)):>21s}{said}")
    return "\n".join(lines)


def span(interval: Interval, digits: int = 3) -> str:
    """Value ± half the width."""
    return f"{interval.value:.{digits}f} ± {(interval.high - interval.low) / 2:.{digits}f}"


def signed(interval: Interval, digits: int = 3) -> str:
    """Value with its sign, and the bounds."""
    return f"{interval.value:+.{digits}f} ({interval.low:+.{digits}f} to {interval.high:+.{digits}f})"


_RARE, _GAPS, _PARTS = "sensitivity at 95%", "20% at random", "800 good parts"
COMPARED = [  # a generative method at the page's setting, and the plain baseline that it has to beat
    (Key("rare class", "digits", "10 rare", "CVAE", _RARE), "shifts, rotations"),
    (Key("rare class", "digits", "10 rare", "Gaussian", _RARE), "shifts, rotations"),
    (Key("rare class", "breast cancer", "10 rare", "CVAE", _RARE), "class weights"),
    (Key("rare class", "breast cancer", "10 rare", "Gaussian", _RARE), "class weights"),
    (Key("few labels", "digits", "50 labels", "VAE features", "accuracy"), "labels alone"),
    (Key("few labels", "digits", "50 labels", "M2", "accuracy"), "labels alone"),
    (Key("few labels", "digits", "50 labels", "M2", "accuracy"), "label spreading"),
    (Key("defects", "digits", _PARTS, "VAE", "AUC"), "nearest neighbor"),
    (Key("defects", "digits", _PARTS, "VAE", "cost"), "nearest neighbor"),
    (Key("missing values", "diabetes", _GAPS, "Gaussian", "error"), "iterative"),
    (Key("missing values", "diabetes", _GAPS, "Gaussian", "interval score"), "iterative"),
    (Key("missing values", "wine", _GAPS, "mixture of 3", "error"), "iterative"),
    (Key("missing values", "wine", _GAPS, "mixture of 3", "interval score"), "iterative"),
]


class Verdict(NamedTuple):
    """One line of the last table: where, plain baseline against generative method, gain at the page's setting."""

    task: str
    data: str
    metric: str
    baseline: str
    method: str
    gain: Interval
    said: str


def verdicts(results: Mapping[Key, Array], rows: Sequence[tuple[Key, str]]) -> list[Verdict]:
    """For each (key of a generative method at the page's setting, plain baseline): the gain there, and in a word.

    The word comes from all settings that the table holds for this data and metric.
    """
    found = []
    for key, baseline in rows:
        same = {other.setting for other in results if other[:2] == key[:2] and other.metric == key.metric}
        gains = {s: gain(*(results[key._replace(setting=s, method=m)] for m in (key.method, baseline)), key.metric)
                 for s in same}  # fmt: skip
        said = verdict(*gains.values())
        found.append(Verdict(key.task, key.data, key.metric, baseline, key.method, gains[key.setting], said))
    return found


def verdict_text(rows: Sequence[Verdict]) -> str:
    """The last table, for the page."""
    head = f"{'task':15s}{'data':14s}{'metric':20s}{'plain baseline':20s}{'generative':14s}{'gain':>27s}   verdict"
    lines = [
        f"{r.task:15s}{r.data:14s}{r.metric:20s}{r.baseline:20s}{r.method:14s}{signed(r.gain):>27s}   {r.said}"
        for r in rows
    ]
    return "\n".join([head, *lines])
