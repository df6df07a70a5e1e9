"""Lecture 10a's recorded runs: transformers on the course's prose, their losses, and the longest one's weights.

`python -m course_utils.labs.language` makes long.csv, prose.pt and scaling.csv anew.
"""

import csv
import platform
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course_utils.data import text
from course_utils.models import first_weights
from course_utils.models.ngrams import NGram
from course_utils.models.transformer import Transformer

LONG_TABLE, SCALING_TABLE, CHECKPOINT = (Path(__file__).with_name(f) for f in ("long.csv", "scaling.csv", "prose.pt"))
COLUMNS = ("part", "seed", "width", "blocks", "parameters", "characters", "step", "tokens", "seconds", "train", "test")
SPLIT = 0  # topics 07 and 08 are held out


@dataclass(frozen=True)
class Run:
    """A run: its part of the table; the network; the share of the text it learns from; steps of `batch` windows."""

    part: str
    width: int = 48
    blocks: int = 2
    context: int = 64
    share: float = 1.0
    steps: int = 600
    batch: int = 16
    lr: float = 4e-3
    dropout: float = 0.0
    looks: int = 4  # evaluations, one every steps // looks
    seed: int = 0


LONG = Run("long", 64, 2, 128, steps=8_000, batch=8, lr=4e-3, dropout=0.2, looks=16)
WIDTHS = (8, 12, 16, 24, 32, 48, 64)  # the last one is held out from the fit
SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)  # the last one, too
SCALING = [
    *(Run("parameters", width) for width in WIDTHS),
    *(Run("data", 32, share=share, looks=6) for share in SHARES),
    *(Run("compute", width, steps=steps) for steps in (75, 150, 300) for width in (16, 32, 64)),
]


def alphabet() -> text.Characters:
    """The letters of all the prose: known beforehand, so that no text holds one that a model has no number for."""
    return text.Characters(document.text for document in text.corpus())


def prose(share: float = 1.0) -> tuple[Tensor, Tensor]:
    """Tokens to learn from `(N,)`, the first `share` of each document, and held-out ones `(M,)`."""
    letters, (train, test) = alphabet(), text.split(text.corpus(), SPLIT)
    cut = [document.text[: round(share * len(document.text))] for document in train]
    return letters.encode("".join(cut)), letters.encode("".join(document.text for document in test))


@torch.no_grad()
def held_out(model: Transformer, x: Tensor) -> float:
    """Nats a token of x `(M,)` but the first half context: each is told at least half a context before it."""
    windows = x.unfold(0, model.context, model.context // 2)
    losses = [-model.log_prob_tokens(part)[:, model.context // 2 :] for part in windows.split(64)]
    return torch.cat(losses).mean().item()


def train(run: Run, model: Transformer | None = None) -> Iterator[dict[str, object]]:
    """Train by AdamW, the learning rate rising for 100 steps and falling to 0 at the last; a row at each look.

    Seconds are processor time of the updates alone. The model, if given, is the one that is trained.
    """
    x, test = prose(run.share)
    model = new(run) if model is None else model
    optimizer = torch.optim.AdamW(model.parameters(), lr=run.lr, weight_decay=0.1, betas=(0.9, 0.98), fused=True)
    ramp = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / 100, 1 - step / run.steps))
    rng, seconds, recent = torch.Generator().manual_seed(run.seed), 0.0, []
    size = sum(parameter.numel() for parameter in model.parameters())
    for step in range(1, run.steps + 1):
        start = time.process_time()
        at = torch.randint(len(x) - run.context, (run.batch, 1), generator=rng)
        loss = -model.train().log_prob_tokens(x[at + torch.arange(run.context)]).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        ramp.step()
        seconds += time.process_time() - start
        recent.append(loss.item())
        if step % (run.steps // run.looks) == 0:
            learned, tokens = sum(recent[-50:]) / len(recent[-50:]), step * run.batch * run.context
            row = (run.part, run.seed, run.width, run.blocks, size, len(x), step, tokens, round(seconds, 1))
            yield dict(zip(COLUMNS, (*row, round(learned, 4), round(held_out(model.eval(), test), 4)), strict=True))


def new(run: Run) -> Transformer:
    """The run's network with its first weights."""
    heads = max(1, run.width // 20)
    heads = next(h for h in range(heads, 0, -1) if run.width % (2 * h) == 0)
    with first_weights(run.seed):
        return Transformer(len(alphabet()), run.context, run.width, heads, run.blocks, run.dropout)


def save(model: Transformer, path: Path = CHECKPOINT) -> None:
    """Write the weights, in half precision."""
    torch.save({name: value.half() for name, value in model.state_dict().items()}, path)


def load(path: Path = CHECKPOINT) -> Transformer:
    """The network of the long run, trained."""
    model = new(LONG)
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()


def read(part: str, path: Path = SCALING_TABLE) -> list[dict[str, float]]:
    """The rows of one part of a table, in the order in which they were made."""
    with path.open() as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [
            {name: float(value) for name, value in row.items() if name != "part"} for row in rows if row["part"] == part
        ]


def finals(part: str, path: Path = SCALING_TABLE) -> list[dict[str, float]]:
    """Of each run of a part the last row."""
    rows = read(part, path)
    return [row for row, after in zip(rows, rows[1:] + rows[:1], strict=True) if after["step"] <= row["step"]]


def held_out_ngrams(orders: Iterable[int] = range(1, 9)) -> dict[int, float]:
    """Nats a token of n-grams on the recorded runs' split: the same training text and the same held-out letters."""
    x, test = prose()
    skipped = LONG.context // 2
    return {n: -NGram(n, len(alphabet())).fit([x]).log_prob_tokens(test)[skipped:].mean().item() for n in orders}


def frontier(part: str, column: str, path: Path = SCALING_TABLE) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values of a column, in rising order, and the least held-out loss of each run; for compute only runs that are
    better than all with less."""
    rows = finals(part, path) + (finals("parameters", path) if part == "compute" else [])
    if part == "data":
        rows = [min((r for r in read(part, path) if r[column] == row[column]), key=lambda r: r["test"]) for row in rows]
    points = sorted((row[column], row["test"]) for row in rows)
    kept = [p for i, p in enumerate(points) if part != "compute" or all(p[1] < before[1] for before in points[:i])]
    at, loss = zip(*kept, strict=True)
    return np.array(at), np.array(loss)


class Fit(NamedTuple):
    """loss = factor · x^(−power), fitted to all but the last point, and what it says of that one."""

    power: float
    factor: float
    predicted: float
    measured: float

    def line(self, at: NDArray[np.float64]) -> NDArray[np.float64]:
        """The loss by the fit."""
        return self.factor * at**-self.power


def extrapolate(at: NDArray[np.float64], loss: NDArray[np.float64]) -> Fit:
    """A straight line in log-log axes by least squares. Raises ValueError for fewer than three points."""
    if len(at) < 3:
        raise ValueError(f"two points to fit and one to check: at least three, got {len(at)}.")
    slope, offset = np.polyfit(np.log(at[:-1]), np.log(loss[:-1]), 1)
    return Fit(-slope, np.exp(offset), np.exp(offset) * at[-1] ** slope, loss[-1])


def remake_long(run: Run = LONG, table: Path = LONG_TABLE, weights: Path = CHECKPOINT) -> None:
    """The long run: a row at each look, the weights at its end."""
    model = new(run)
    record([run], table, model)
    save(model, weights)


def record(runs: Iterable[Run], table: Path = SCALING_TABLE, model: Transformer | None = None) -> None:
    """Run all, and write each row as soon as it is known."""
    versions = f"Python {platform.python_version()}, torch {torch.__version__.split('+')[0]}"
    with table.open("w", newline="") as file, torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # for dropout
        file.write(f"# {date.today().isoformat()}, {versions}; python -m course_utils.labs.language\n")
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for run in runs:
            for row in train(run, model):
                print(*row.values(), flush=True)
                writer.writerow(row)
                file.flush()
