"""What lecture 11b records because it takes minutes: strings and melodies, each way with ten seeds.

`python -m course_utils.labs.creations` makes the table anew, in some minutes of one free core.
"""

import csv
import platform
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import torch

from course_utils.data import molecules
from course_utils.labs.creations import chemistry, tunes
from course_utils.training import seeded

TABLE_FILE = Path(__file__).with_name("table.csv")
SEEDS, KNOWN, DRAWS = 10, 1000, 500
ORDERS, STEPS = (0, 1, 2, 3), (30, 60, 150)


class Row(NamedTuple):
    """One number: of which task, way, seed, and what it measures."""

    task: str
    way: str
    seed: int
    metric: str
    value: float


def strings(seed: int) -> list[Row]:
    """Each way to draw strings, with its own known strings for each seed."""
    drawn = molecules.strings(2 * KNOWN, longest=chemistry.LONGEST - 1, rng=seeded(seed))
    known, fresh = drawn[:KNOWN], drawn[KNOWN:]
    keys, rng = {molecules.parse(smiles).key() for smiles in known}, seeded(100 + seed)
    ways = {f"{order}-gram": chemistry.drawn(chemistry.ngram(known, order), DRAWS, rng) for order in (3, 5, 7)}
    ways["transformer"] = chemistry.drawn(chemistry.transformer(known, seed), DRAWS, rng)
    ways["one more carbon"] = chemistry.one_more_carbon(known, DRAWS, rng)
    ways["the grammar itself"] = fresh[:DRAWS]
    scores = {way: chemistry.judged(found, known, keys, fresh[DRAWS:]) for way, found in ways.items()}
    return [Row("strings", way, seed, *pair) for way, score in scores.items() for pair in score._asdict().items()]


def melodies(seed: int) -> list[Row]:
    """Held-out nats a note of each chain and transformer, with another split of the tunes for each seed."""
    learn, held = tunes.split(seed)
    ways = {f"Markov, {order} notes": tunes.markov(learn, order) for order in ORDERS}
    ways |= {f"transformer, {steps} steps": tunes.transformer(learn, seed, steps) for steps in STEPS}
    return [Row("melodies", way, seed, "nats", tunes.nats(model, held)) for way, model in ways.items()]


def remake(seeds: Iterable[int] = range(SEEDS)) -> None:
    """All rows anew; the file holds what is done so far."""
    rows = []
    for seed in seeds:
        rows += [*strings(seed), *melodies(seed)]
        write(rows)


def write(rows: Sequence[Row], path: Path = TABLE_FILE) -> None:
    """The rows as CSV, below a line that says when and how they were made."""
    with path.open("w", newline="") as file:
        file.write(f"# {date.today().isoformat()}, Python {platform.python_version()}, ")
        file.write(f"torch {torch.__version__.split('+')[0]}; python -m course_utils.labs.creations\n")
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(Row._fields)
        lines.writerows([*row[:-1], f"{row.value:.4g}"] for row in rows)


def read(path: Path = TABLE_FILE) -> list[Row]:
    """The rows of a file that `write` made."""
    with path.open() as file:
        lines = csv.DictReader(line for line in file if not line.startswith("#"))
        return [Row(**line | {"seed": int(line["seed"]), "value": float(line["value"])}) for line in lines]


def column(rows: Sequence[Row], task: str, way: str, metric: str) -> list[float]:
    """One number for each seed, in the order of the seeds. Raises ValueError if there is none."""
    chosen = [row for row in rows if row[:2] == (task, way) and row.metric == metric]
    if not chosen:
        raise ValueError(f"the table has no {metric!r} of {way!r} for {task!r}.")
    return [row.value for row in sorted(chosen, key=lambda row: row.seed)]
