"""The race, its rows (one a run), the file they are kept in, and the table of their means."""

import csv
import math
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import fmean, stdev

import numpy
import sklearn
import torch
from tqdm.auto import tqdm

from course_utils.labs.comparison.protocol import Contender, Model, steps_for, train
from course_utils.labs.comparison.scoring import COLUMNS, DigitClassifier, real_floor, scores

REAL = "real images"
TABLE_FILE = Path(__file__).parent / "table.csv"
NEWCOMERS_FILE = Path(__file__).parent / "newcomers.csv"
COMMAND = "python -m course_utils.labs.comparison"


@dataclass(frozen=True)
class Run:
    """One model, trained once: how, at what cost, and its scores. `failed` if a class is missing or a pixel is nan."""

    contender: str
    seed: int
    budget: float
    steps: int
    parameters: int
    drawing: int
    seconds: float
    wall: float
    scores: dict[str, float]

    @property
    def failed(self) -> bool:
        return self.scores["classes"] < 10


def one_run(
    contender: Contender, classifier: DigitClassifier, seed: int, steps: int, budget: float = math.nan
) -> tuple[Model, Run]:
    """Train and score one model; `budget` is only noted."""
    model, seconds, wall = train(contender, classifier.splits, seed, steps)
    cost = budget, steps, model.parameters, model.drawing, seconds, wall
    return model, Run(contender.name, seed, *cost, scores(model, classifier, seed))


def real_runs(classifier: DigitClassifier, seeds: Iterable[int]) -> list[Run]:
    """What real images score, as rows of the table that cost nothing."""
    return [Run(REAL, seed, 0.0, 0, 0, 0, 0.0, 0.0, real_floor(classifier, seed)) for seed in seeds]


def race(
    contenders: Iterable[Contender],
    classifier: DigitClassifier,
    seeds: Sequence[int],
    budget: float,
    *,
    progress: bool = True,
) -> tuple[list[Run], dict[str, Model]]:
    """Every contender with every seed, each for `budget` processor seconds. Returns the runs, and each first model."""
    runs, models = [], {}
    for contender in contenders:
        steps = steps_for(contender, classifier.splits, budget)
        for seed in tqdm(seeds, desc=f"{contender.name}: {steps:,} steps", disable=not progress):
            model, run = one_run(contender, classifier, seed, steps, budget)
            models.setdefault(contender.name, model)
            runs.append(run)
    return runs, models


FIELDS = ["contender", "seed", "budget", "steps", "parameters", "drawing", "seconds", "wall", *COLUMNS]


def write(path: Path, runs: Iterable[Run], command: str = COMMAND) -> None:
    """The runs as CSV, one a line, under a line that says when, with what, and by which command they were made."""
    packages = {"torch": torch.__version__.split("+")[0], "scikit-learn": sklearn.__version__}
    packages["numpy"] = numpy.__version__
    versions = ", ".join(f"{name} {version}" for name, version in packages.items())
    with path.open("w", newline="") as file:
        file.write(f"# {date.today().isoformat()}, Python {platform.python_version()}, {versions}; ")
        file.write(f"{command}\n")
        lines = csv.DictWriter(file, FIELDS, lineterminator="\n")
        lines.writeheader()
        for run in runs:
            values = asdict(run)
            values |= values.pop("scores")
            lines.writerow({name: f"{v:.4g}" if isinstance(v, float) else v for name, v in values.items()})


def read(path: Path = TABLE_FILE) -> list[Run]:
    """The runs in a file that `write` made."""
    with path.open() as file:
        return [_run(line) for line in csv.DictReader(line for line in file if not line.startswith("#"))]


def _run(line: dict[str, str]) -> Run:
    whole = {name: int(line[name]) for name in ("seed", "steps", "parameters", "drawing")}
    cost = {name: float(line[name]) for name in ("budget", "seconds", "wall")}
    return Run(line["contender"], **whole, **cost, scores={name: float(line[name]) for name in COLUMNS})


def column(runs: Iterable[Run], contender: str, name: str, budget: float | None = None) -> list[float]:
    """One column of a contender's runs, in the order of their seeds. Raises ValueError if there are none."""
    chosen = [run for run in runs if run.contender == contender and budget in (None, run.budget)]
    if not chosen:
        raise ValueError(f"There are no runs of {contender!r}" + (f" with {budget} s." if budget else "."))
    return [run.scores[name] for run in sorted(chosen, key=lambda run: run.seed)]


def mean_sd(values: Iterable[float], digits: int = 2) -> str:
    """Mean ± standard deviation, as text; a dash if nothing is a number, no ± for one number."""
    numbers = [value for value in values if not math.isnan(value)]
    if not numbers:
        return "–"
    spread = f" ± {stdev(numbers):.{digits}f}" if len(numbers) > 1 else ""
    return f"{fmean(numbers):.{digits}f}{spread}"


def text(
    runs: Sequence[Run],
    floor: Sequence[dict[str, float]] = (),
    columns: Sequence[str] = tuple(COLUMNS),
    *,
    width: int = 15,
) -> str:
    """The table for a page: a line for each column, mean ± sd over runs; first `floor`, what real images score."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(run.contender, []).append(run)
    real = [REAL] if floor else []
    lines = [("", [*real, *groups])]
    for key in columns:
        cells = [mean_sd(score[key] for score in floor)] if floor else []
        lines.append((COLUMNS[key], [*cells, *(mean_sd(column(runs, name, key)) for name in groups)]))
    lines += [(label, [*[""] * len(real), *cells]) for label, cells in _costs(groups.values()).items()]
    return "\n".join(f"{label:14s}" + "".join(f"{cell:>{width}s}" for cell in cells) for label, cells in lines)


def _costs(groups: Iterable[list[Run]]) -> dict[str, list[str]]:
    """What each contender's runs took."""
    firsts = [group[0] for group in groups]
    return {
        "parameters": [f"{run.parameters:,}" for run in firsts],
        "… to draw": [f"{run.drawing:,}" for run in firsts],
        "steps": [f"{run.steps:,}" for run in firsts],
        "seconds": [mean_sd((run.seconds for run in group), 1) for group in groups],
        "failed runs": [f"{sum(run.failed for run in group)} of {len(group)}" for group in groups],
    }
