"""Run the full table and write it: `python -m course_utils.labs.comparison` (nine minutes on one free core)."""

import torch
from threadpoolctl import threadpool_limits

from course_utils.labs import comparison as bench

LADDER = [bench.at_rate(name, lr) for name in bench.NETWORKS for lr in bench.RATES]
PARTS = [  # contenders, seeds, processor seconds for a run
    (bench.CONTENDERS, range(10), 3.0),
    (bench.VARIANTS, range(5), 3.0),
    (bench.CONTENDERS, range(5), 0.75),
    (bench.CONTENDERS, range(3), 12.0),
    (LADDER, range(3), 3.0),
]


def main() -> None:
    """Every part in turn; the file holds what is done so far."""
    torch.set_num_threads(1)
    runs: list[bench.Run] = []
    with threadpool_limits(1):
        classifier = bench.classifier_of(bench.splits())
        for contenders, seeds, budget in PARTS:
            runs += bench.race(contenders, classifier, seeds, budget)[0]
            bench.write(bench.TABLE_FILE, runs)


if __name__ == "__main__":
    main()
