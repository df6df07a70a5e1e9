"""Checks of assignment 11 of rows that are drawn: the split by patients, and balanced classes."""

import math
from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import array, pair, plain
from course_utils.checks.kit.common import Answer, question, require
from course_utils.checks.kit.draws import FIXED, seeded

TABLES = (
    (0.2, {0: 20, 2: 10, 5: 40}),
    (0.25, {2: 10, 7: 6, 5: 5, 0: 12, 3: 1}),  # shares that are not whole
)  # share, {label: patients}
SETS = ("training", "test")
WHOLE = "All rows of a patient go to one side: draw patients, not rows."
Split = Callable[[int], list[Tensor]]


def _visits(classes: Mapping[int, int]) -> tuple[Tensor, Tensor]:
    """(y, patient): one to four rows of each patient, in any order; the patients' numbers have gaps."""
    n, generator = sum(classes.values()), seeded(0)
    labels = torch.cat([torch.full((count,), label) for label, count in classes.items()])
    numbers = torch.randperm(5 * n, generator=generator)[:n]
    rows = torch.arange(n).repeat_interleave(1 + torch.arange(n) % 4)
    rows = rows[torch.randperm(len(rows), generator=generator)]
    return labels[rows], numbers[rows]


@question
def split(answer: Answer) -> None:
    """Two sets that hold every row once, no patient in both, round(share · n) patients of each class, drawn."""
    for share, classes in TABLES:
        y, patient = _visits(classes)
        for seed in range(4):
            sets = _sets(answer(y, patient, share, seeded(seed)), y, patient)
            _require_partition(sets, y, patient)
            _require_shares(sets, y, patient, share)
    _require_draw(lambda seed: _sets(answer(y, patient, share, seeded(seed)), y, patient))
    _require_everybody(lambda seed: _sets(answer(y, patient, share, seeded(seed)), y, patient), y, patient)


def _sets(value: object, y: Tensor, patient: Tensor) -> list[Tensor]:
    """Training and test rows, each an int64 tensor, or CheckFailed."""
    found = []
    for name, given in zip(SETS, pair(value, ("train", "test"), "split"), strict=True):
        rows = np.asarray(plain(given))
        require(rows.dtype != bool, f"The {name} set is a mask of True and False. Return the rows' numbers.")
        whole = rows.ndim == 1 and (rows.dtype.kind in "iu" or not rows.size)
        require(whole, f"The {name} set has the shape {rows.shape} and holds {rows.dtype}. Return whole numbers, (n,).")
        labels = rows.size > 10 and set(rows.tolist()) <= set(y.tolist())
        require(not labels, f"The {name} set holds class labels. Return the numbers of the rows.")
        patients = len(set(rows.tolist())) == rows.size and set(rows.tolist()) <= set(patient.tolist())
        many = rows.size > 5 and (rows.max() >= len(y) or patients)
        require(not many, f"The {name} set holds numbers of patients. Return the numbers of their rows.")
        inside = not rows.size or (rows.min() >= 0 and rows.max() < len(y))
        require(inside, f"The {name} set holds a row outside 0 … {len(y) - 1}.")
        found.append(torch.as_tensor(rows.astype(np.int64)))
    return found


def _require_partition(sets: list[Tensor], y: Tensor, patient: Tensor) -> None:
    train, test = sets
    for name, rows in zip(SETS, sets, strict=True):
        require(len(rows) == len(rows.unique()), f"The {name} set holds rows more than once. Take each once.")
    shared = len(set(train.tolist()) & set(test.tolist()))
    require(not shared, f"The training and the test set share {shared} rows. Test rows must be new to the model.")
    torn = len(set(patient[train].tolist()) & set(patient[test].tolist()))
    known = "A model that knows a patient from one visit has seen the test."
    require(not torn, f"{torn} patients have rows on both sides. {known} {WHOLE}")
    lost = len(y) - len(train) - len(test)
    require(not lost, f"{lost} of {len(y)} rows are in neither set. {WHOLE}")


def _require_shares(sets: list[Tensor], y: Tensor, patient: Tensor, share: float) -> None:
    """CheckFailed, with the cause if it can be told, unless each class gives its share of patients to the test."""
    labels = y.unique().tolist()
    whole = [len(patient[y == label].unique()) for label in labels]
    got = [len(patient[sets[1]][y[sets[1]] == label].unique()) for label in labels]
    right = [round(share * n) for n in whole]
    where = f"Of the classes {labels} the test set has {got} patients instead of {right}"
    others = {
        "the two sets come in another order. Return (train, test).": [n - k for n, k in zip(whole, right, strict=True)],
        "the shares are rounded down. Take round(share * n).": [int(share * n) for n in whole],
        "the shares are rounded up. Take round(share * n).": [math.ceil(share * n) for n in whole],
        "a class whose share rounds to 0 gives no patient.": [max(1, k) for k in right],
    }
    for message, wrong in others.items():
        require(got == right or got != wrong, f"{where}: {message}")
    rows = [int((y[sets[1]] == label).sum()) for label in labels]
    due = [share * int((y == label).sum()) for label in labels]
    full = all(n - 1 < k <= n + 4 for k, n in zip(rows, due, strict=True))
    alone = "Draw in each class for itself: that is a stratified split."
    require(got == right or not full, f"{where}. Count patients, not rows, of each class: round(share * n) of n.")
    require(got == right, f"{where}. {alone}")


def _require_draw(draw: Split) -> None:
    """CheckFailed unless the generator alone decides."""
    first, again = draw(5)[1].sort().values, draw(5)[1].sort().values
    require(torch.equal(first, again), f"Two generators with the same seed give two splits. {FIXED}")
    other = any(not torch.equal(first, draw(seed)[1].sort().values) for seed in (6, 7, 8))
    require(other, f"Every generator gives the same split. {FIXED}")


def _require_everybody(draw: Split, y: Tensor, patient: Tensor) -> None:
    """CheckFailed unless, over many draws, each patient of a class with a share gets into the test."""
    possible = {int(p) for p in patient[y != 3]}
    seen = {int(p) for seed in range(100, 200) for p in patient[draw(seed)[1]]}
    never = len(possible - seen)
    require(not never, f"{never} patients never get into the test set, whatever the generator. Draw from all of them.")


@question
def balance(answer: Answer) -> None:
    """Every row once, and rows of the rarer classes drawn again until all classes are as large as the largest."""
    for counts, event in (((4, 40, 13), (3,)), ((3, 5), (2, 4)), ((6, 6), (1,))):
        x, y = _table(counts, event)
        drawn = []
        for seed in range(12):
            rows = _rows(answer(x, y, seeded(seed)), x, y)
            _require_counts(rows, y, counts)
            drawn.append(rows)
        if len(set(counts)) > 1:
            _require_random(drawn, _rows(answer(x, y, seeded(0)), x, y), y, counts)


def _table(counts: tuple[int, ...], event: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """(x, y) with so many rows of the classes 1, 3, 5, …, in any order."""
    order = torch.randperm(sum(counts), generator=seeded(1))
    y = torch.cat([torch.full((n,), 2 * k + 1) for k, n in enumerate(counts)])[order]
    return torch.randn(len(y), *event, generator=seeded(2), dtype=torch.float64), y


def _rows(value: object, x: Tensor, y: Tensor) -> Tensor:
    """Which rows of x came back; CheckFailed if a row is none of them or has lost its label."""
    got_x, got_y = pair(value, ("x", "y"), "balance")
    n = len(got_x) if hasattr(got_x, "__len__") else 0
    flat = array(got_x, (n, *x.shape[1:]), "Your x").flatten(1)
    labels = array(got_y, (n,), "Your y")
    apart, rows = torch.cdist(flat, x.flatten(1), compute_mode="donot_use_mm_for_euclid_dist").min(1)
    new = int((apart > 1e-6).sum())
    require(not new, f"Your x holds {new} rows that are not in the table. Draw rows, and change none.")
    moved = int((labels != y[rows]).sum())
    require(
        not moved, f"{moved} rows have lost their label. Take x and y by the same row numbers, and shuffle neither."
    )
    return rows


def _require_counts(rows: Tensor, y: Tensor, counts: tuple[int, ...]) -> None:
    labels, most = y.unique(), max(counts)
    got = [int((y[rows] == label).sum()) for label in labels]
    lost = len(y) - len(rows.unique())
    cut = (
        "The larger classes are cut to the size of the rarest: rows are thrown away. Draw rows of the rarer ones again."
    )
    require(got != [min(counts)] * len(counts) or len(set(counts)) == 1, cut)
    require(got != list(counts) or len(set(counts)) == 1, "The classes are as large as before: nothing is drawn.")
    where = f"Classes of {list(counts)} rows become {got} instead of {[most] * len(counts)}."
    copied = (
        "The largest class is drawn again, too: some of its rows are lost and others come twice. Leave it as it is."
    )
    largest = int(labels[int(np.argmax(counts))])
    kept = rows[y[rows] == largest].unique()
    require(len(kept) == most or len(set(counts)) == 1 or got != [most] * len(counts), copied)
    average = abs(sum(got) - most * len(counts)) <= 1 and got != [most] * len(counts)
    require(not average, f"{where} They are equal on average only. Draw in each class as many as it lacks.")
    require(got == [most] * len(counts) or not lost, f"{where} {lost} given rows are lost. Keep all, and draw more.")
    require(got == [most] * len(counts), f"{where} Each class lacks max − n rows: draw so many of its own.")
    keep = "Keep every given row, and draw only what a class lacks."
    require(not lost, f"{lost} given rows are lost, though the classes have the right size. {keep}")


def _require_random(drawn: list[Tensor], again: Tensor, y: Tensor, counts: tuple[int, ...]) -> None:
    """CheckFailed unless the rows drawn again come with replacement, each alike, from the generator."""
    require(
        torch.equal(drawn[0].sort().values, again.sort().values),
        f"Two generators with the same seed give two tables. {FIXED}",
    )
    same = all(torch.equal(drawn[0].sort().values, rows.sort().values) for rows in drawn)
    rare = y == y.unique()[int(np.argmin(counts))]
    repeats = torch.stack([torch.bincount(rows, minlength=len(y))[rare] - 1 for rows in drawn])
    turns = (repeats.max(1).values - repeats.min(1).values <= 1).all() and repeats.sum() > 0 and max(counts) > 20
    in_turn = "The rows of a rare class come again in turn, each equally often. Draw with replacement (torch.randint)."
    require(not turns, in_turn)
    require(not same, f"Every generator draws the same rows. {FIXED}")
    one = ((repeats > 0).sum(1) == 1).all() and repeats[0].sum() > 5
    require(not one, "A single row is drawn, and repeated. Draw each of them anew, with replacement.")
    if max(counts) > 20:  # 12 draws of 36 among 4 rows: 108 of each, with a standard deviation of 9
        times = dict(Counter(repeats.sum(0).tolist()))
        require(
            min(times) > 54, f"The rows of a rare class are not drawn alike: {sorted(repeats.sum(0).tolist())} times."
        )
