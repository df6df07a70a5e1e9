"""A bench for generative models: same digits, same parameters, same processor time, several seeds, one table.

classifier = bench.classifier_of(bench.splits())
runs, models = bench.race(bench.CONTENDERS, classifier, seeds=range(2), budget=3.0)
print(bench.text(runs))

A model joins by a subclass of `Model` with `sample`, and a `Contender`. `python -m course_utils.labs.comparison` makes
the full table, which lecture 05 shows.
"""

from course_utils.labs.comparison.contenders import (
    BUDGET,
    CONTENDERS,
    LATENT,
    NETWORKS,
    RATES,
    VARIANTS,
    at_rate,
)
from course_utils.labs.comparison.protocol import (
    Contender,
    Model,
    Splits,
    seconds_per_step,
    splits,
    steps_for,
    train,
    width_for,
)
from course_utils.labs.comparison.scoring import (
    COLUMNS,
    DigitClassifier,
    classifier_of,
    log_px,
    real_floor,
    scores,
    sharpness,
)
from course_utils.labs.comparison.table import TABLE_FILE, Run, column, mean_sd, one_run, race, read, text, write
from course_utils.labs.comparison.verdicts import RULE, Claim, Verdict, judged, verdict
from course_utils.training.schedules import one_cycle

__all__ = [
    "BUDGET",
    "COLUMNS",
    "CONTENDERS",
    "LATENT",
    "NETWORKS",
    "RATES",
    "RULE",
    "TABLE_FILE",
    "VARIANTS",
    "Claim",
    "Contender",
    "DigitClassifier",
    "Model",
    "Run",
    "Splits",
    "Verdict",
    "at_rate",
    "classifier_of",
    "column",
    "judged",
    "log_px",
    "mean_sd",
    "one_cycle",
    "one_run",
    "race",
    "read",
    "real_floor",
    "scores",
    "seconds_per_step",
    "sharpness",
    "splits",
    "steps_for",
    "text",
    "train",
    "verdict",
    "width_for",
    "write",
]
