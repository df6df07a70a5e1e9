"""Run the full table and write it: `python -m course_utils.labs.comparison` (fifteen minutes on one free core).

With the word `newcomers`: the table that lecture 08b adds, at the pace that the full table records (five minutes). It
goes on where it was stopped; delete `newcomers.csv` to begin anew.
"""

import sys
from dataclasses import replace

import torch
from threadpoolctl import threadpool_limits

from course_utils.labs.comparison.contenders import CONTENDERS, MEANS, NETWORKS, RATES, VARIANTS, at_rate
from course_utils.labs.comparison.newcomers import IN_FEW_STEPS, NEWCOMERS
from course_utils.labs.comparison.pace import steps_at_recorded_pace
from course_utils.labs.comparison.protocol import Contender, splits
from course_utils.labs.comparison.scoring import DigitClassifier, classifier_of
from course_utils.labs.comparison.table import COMMAND, NEWCOMERS_FILE, TABLE_FILE, Run, race, read, real_runs, write

LADDER = [at_rate(name, lr) for name in NETWORKS for lr in RATES]
PARTS = [  # contenders, seeds, processor seconds for a run
    (CONTENDERS, range(10), 3.0),
    ([MEANS], range(10), 3.0),
    (VARIANTS, range(5), 3.0),
    (CONTENDERS, range(5), 0.75),
    (CONTENDERS, range(5), 12.0),
    (LADDER, range(3), 3.0),
]
NEWCOMERS_PARTS = [(NEWCOMERS, range(10)), ([IN_FEW_STEPS], range(5))]


def like_its_network(contender: Contender, runs: list[Run], budget: float) -> Contender:
    """A variant of a contender, named after it, with the steps that this one had for the same budget; others as is."""
    steps = {run.contender: run.steps for run in runs if run.budget == budget}
    network = max((name for name in steps if contender.name.startswith(name)), key=len, default=None)
    return replace(contender, steps=steps.get(network, contender.steps))


def full_table(classifier: DigitClassifier) -> None:
    """Every part in turn; the file holds what is done so far."""
    runs = real_runs(classifier, range(10))
    for contenders, seeds, budget in PARTS:
        fixed = [like_its_network(contender, runs, budget) for contender in contenders]
        runs += race(fixed, classifier, seeds, budget)[0]
        write(TABLE_FILE, runs)


def newcomers_table(classifier: DigitClassifier, budget: float = 3.0) -> None:
    """The newcomers, with the seconds of the full table. What the file holds is kept, so a stopped run can go on."""
    runs = read(NEWCOMERS_FILE) if NEWCOMERS_FILE.exists() else []
    for contender, seeds in [(contender, seeds) for contenders, seeds in NEWCOMERS_PARTS for contender in contenders]:
        fixed = like_its_network(contender, runs, budget)
        if not fixed.steps:
            fixed = replace(contender, steps=steps_at_recorded_pace(contender, classifier.splits, budget))
        done = {run.seed for run in runs if run.contender == contender.name}
        for seed in sorted(set(seeds) - done):
            runs += race([fixed], classifier, [seed], budget)[0]
            write(NEWCOMERS_FILE, runs, f"{COMMAND} newcomers")


def main(words: list[str]) -> None:
    """The full table, or the newcomers'. Raises SystemExit for another word."""
    if words not in ([], ["newcomers"]):
        raise SystemExit(f"Say {COMMAND}, or {COMMAND} newcomers; got {' '.join(words)!r}.")
    torch.set_num_threads(1)
    with threadpool_limits(1):
        classifier = classifier_of(splits())
        newcomers_table(classifier) if words else full_table(classifier)


if __name__ == "__main__":
    main(sys.argv[1:])
