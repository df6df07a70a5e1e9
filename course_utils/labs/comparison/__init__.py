"""A bench for generative models: same images, same parameters, same processor time, several seeds, one table.

classifier = bench.classifier_of(bench.splits())
runs, models = bench.race(bench.CONTENDERS, classifier, seeds=range(2), budget=3.0)
print(bench.text(runs))

A model joins by a subclass of `Model` with `sample`, and a `Contender`. `python -m course_utils.labs.comparison` makes
the full table, which lecture 05 shows; `python -m course_utils.labs.comparison.tuning` shows how settings were chosen.
What else the page shows stands in the modules: `protocol`, `scoring`, `table`, `verdicts`, `plots`, `explorer`.
"""

from course_utils.labs.comparison.contenders import CONTENDERS
from course_utils.labs.comparison.protocol import Contender, Model, splits
from course_utils.labs.comparison.scoring import classifier_of, real_floor, scores
from course_utils.labs.comparison.table import race, read, text
from course_utils.labs.comparison.verdicts import Claim, judged

__all__ = [
    "CONTENDERS",
    "Claim",
    "Contender",
    "Model",
    "classifier_of",
    "judged",
    "race",
    "read",
    "real_floor",
    "scores",
    "splits",
    "text",
]
