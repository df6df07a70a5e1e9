"""Steps for a contender that joins later: its seconds are those of the table, whatever the machine does today.

Processor seconds grow where others use the same caches. So a newcomer is timed in turns with networks of the table, and
gets as many steps as fit into the time that their recorded steps take now.
"""

from collections.abc import Callable, Sequence
from functools import partial
from statistics import geometric_mean, median

from course_utils.labs.comparison.contenders import CONTENDERS, NETWORKS
from course_utils.labs.comparison.protocol import Contender, Splits, seconds_per_step
from course_utils.labs.comparison.table import Run, read

ROUNDS = 5
briefly = partial(seconds_per_step, measure=0.15)


def steps_at_recorded_pace(
    contender: Contender,
    splits: Splits,
    budget: float,
    recorded: Sequence[Run] | None = None,
    clock: Callable[[Contender, Splits], float] = briefly,
) -> int:
    """How many steps the contender makes while the table's networks make those recorded for `budget` seconds.

    The median over rounds, in each of which all are timed one after the other. Raises ValueError if the table has no
    run of a network with that budget.
    """
    runs = read() if recorded is None else recorded
    steps = {run.contender: run.steps for run in runs if run.budget == budget}
    rulers = [ruler for ruler in CONTENDERS if ruler.name in NETWORKS]
    if missing := [ruler.name for ruler in rulers if ruler.name not in steps]:
        raise ValueError(f"The table has no run with {budget:g} s of {', '.join(missing)}.")
    rounds = []
    for _ in range(ROUNDS):
        taken = geometric_mean(steps[ruler.name] * clock(ruler, splits) for ruler in rulers)
        rounds.append(taken / clock(contender, splits))
    return max(1, round(median(rounds)))
