"""How often painters draw what their captions say, several networks: a recorded table, and what makes its rows.

`python -m course_utils.labs.diffusion` trains the networks and writes the table.
"""

import csv
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import torch

from course_utils.labs.diffusion.painter import Painter
from course_utils.labs.diffusion.shapes import Caption, captions, is_held_out, obeyed, tokens
from course_utils.training import seeded

TABLE_FILE = Path(__file__).with_name("composing.csv")
PARTS = ("colors", "sizes", "shapes", "relation", "all")
SHOWN, NEVER = "shown in training", "never shown"
Row = dict[str, str | int | float]  # network, its seed; captions, SHOWN or NEVER; the share that obeys each part


def asked() -> dict[str, list[Caption]]:
    """96 captions of each kind: what training shows, and what it never shows."""
    shown, never = ([c for c in captions() if is_held_out(c) is held_out] for held_out in (False, True))
    return {SHOWN: shown[::7], NEVER: never[::2]}


def judged(painter: Painter, wanted: Sequence[Caption], draws: int = 3) -> dict[str, float]:
    """The share of pictures, so many of each caption, in which the judge finds each part as asked, and all of them."""
    said = []
    for seed in range(draws):
        x = painter.sample(len(wanted), y=tokens(wanted), rng=seeded(seed))
        said += [obeyed(caption, image) for caption, image in zip(wanted, x, strict=True)]
    return {part: sum(each[part] for each in said) / len(said) for part in PARTS}


def rows(painter: Painter, network: int) -> list[Row]:
    """The table's rows for one network, its weights rounded as a checkpoint rounds them."""
    rounded = painter.to(torch.float16).to(torch.float32).eval()
    return [{"network": network, "captions": kind} | judged(rounded, wanted) for kind, wanted in asked().items()]


def write(found: Sequence[Row], path: Path = TABLE_FILE) -> None:
    """The rows as CSV, those of networks that are not among them kept, below a line that says when and how."""
    new = {row["network"] for row in found}
    kept = [row for row in read(path) if row["network"] not in new] if path.exists() else []
    with path.open("w", newline="") as file:
        file.write(f"# {date.today().isoformat()}, Python {platform.python_version()}, ")
        file.write(f"torch {torch.__version__.split('+')[0]}; python -m course_utils.labs.diffusion\n")
        table = csv.DictWriter(file, ["network", "captions", *PARTS], lineterminator="\n")
        table.writeheader()
        for row in sorted([*kept, *found], key=lambda row: row["network"]):
            table.writerow({name: f"{value:.4g}" if isinstance(value, float) else value for name, value in row.items()})


def read(path: Path = TABLE_FILE) -> list[Row]:
    """The rows of a file that `write` made."""
    with path.open() as file:
        lines = list(csv.DictReader(line for line in file if not line.startswith("#")))
    shares = [{part: float(line[part]) for part in PARTS} for line in lines]
    return [
        {"network": int(line["network"]), "captions": line["captions"]} | share
        for line, share in zip(lines, shares, strict=True)
    ]
