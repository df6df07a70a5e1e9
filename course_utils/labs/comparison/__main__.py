"""Run the full table and write it: `python -m course_utils.labs.comparison` (fifteen minutes on one free core)."""

from dataclasses import replace

import torch
from threadpoolctl import threadpool_limits

from course_utils.labs.comparison.contenders import CONTENDERS, MEANS, NETWORKS, RATES, VARIANTS, at_rate
from course_utils.labs.comparison.protocol import Contender, splits
from course_utils.labs.comparison.scoring import classifier_of
from course_utils.labs.comparison.table import TABLE_FILE, Run, race, real_runs, write

LADDER = [at_rate(name, lr) for name in NETWORKS for lr in RATES]
PARTS = [  # contenders, seeds, processor seconds for a run
    (CONTENDERS, range(10), 3.0),
    ([MEANS], range(10), 3.0),
    (VARIANTS, range(5), 3.0),
    (CONTENDERS, range(5), 0.75),
    (CONTENDERS, range(5), 12.0),
    (LADDER, range(3), 3.0),
]


def like_its_network(contender: Contender, runs: list[Run], budget: float) -> Contender:
    """A variant of a network, named after it, with the steps that this network had for the same budget."""
    network = max((name for name in NETWORKS if contender.name.startswith(name)), key=len, default=None)
    steps = {run.contender: run.steps for run in runs if run.budget == budget}
    return replace(contender, steps=steps.get(network))


def main() -> None:
    """Every part in turn; the file holds what is done so far."""
    torch.set_num_threads(1)
    with threadpool_limits(1):
        classifier = classifier_of(splits())
        runs = real_runs(classifier, range(10))
        for contenders, seeds, budget in PARTS:
            steps = {(run.contender, run.budget): run.steps for run in runs}
            # The means are those of the same networks, so they take as many steps.
            fixed = [replace(c, steps=steps["VAE", budget]) if c is MEANS else c for c in contenders]
            runs += race(fixed, classifier, seeds, budget)[0]
            write(TABLE_FILE, runs)


if __name__ == "__main__":
    main()
