"""Checks of assignment 05, first task: train, validation and test rows."""

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import plain
from course_utils.checks.kit.common import Answer, question, require
from course_utils.checks.kit.draws import seeded

SETS = ("training", "validation", "test")
CLASSES = {0: 20, 2: 10, 5: 40}  # label: rows
AWKWARD = ((0.2, {3: 7, 1: 9, 4: 2, 8: 25}), (0.25, {2: 10, 7: 6, 5: 5, 0: 12}))  # shares of classes that are not whole


def _labels(classes: dict[int, int]) -> Tensor:
    y = torch.cat([torch.full((n,), label) for label, n in classes.items()])
    return y[torch.randperm(len(y), generator=seeded(0))]


@question
def split(answer: Answer) -> None:
    """Three sets without a common row that hold every row, each class divided alike, drawn from the generator."""
    y = _labels(CLASSES)
    for seed in range(5):  # without a draw for each class, all five would hardly have the right counts
        sets = _sets(answer(y, 0.2, seeded(seed)), y)
        _require_partition(sets, len(y))
        _require_sizes([len(rows) for rows in sets], len(y))
        _require_classes(sets, y, CLASSES, 0.2)
    for share, classes in AWKWARD:
        y = _labels(classes)
        for seed in range(5):
            sets = _sets(answer(y, share, seeded(seed)), y)
            _require_classes(sets, y, classes, share)
            _require_partition(sets, len(y))
    y = _labels(CLASSES)
    _require_draws(lambda seed: _sets(answer(y, 0.2, seeded(seed)), y), len(y))


def _sets(value: object, y: Tensor) -> list[Tensor]:
    """The three sets of indices, each an int64 tensor, or CheckFailed."""
    three = isinstance(value, tuple | list) and len(value) == 3
    got = f"{len(value)} values" if isinstance(value, tuple | list) else type(value).__name__
    require(three, f"split must return three sets of indices, (train, validation, test); it returns {got}.")
    found = []
    for name, given in zip(SETS, value, strict=True):
        rows = np.asarray(plain(given))
        require(rows.dtype != bool, f"The {name} set is a mask of True and False. Return the rows' indices.")
        whole = rows.ndim == 1 and (rows.dtype.kind in "iu" or not rows.size)
        require(whole, f"The {name} set has the shape {rows.shape} and holds {rows.dtype}. Return whole numbers, (n,).")
        labels = rows.size > len(CLASSES) and set(rows.tolist()) <= set(CLASSES)
        require(not labels, f"The {name} set holds class labels. Return the indices of the rows.")
        inside = not rows.size or (rows.min() >= 0 and rows.max() < len(y))
        require(inside, f"The {name} set holds an index outside 0 … {len(y) - 1}.")
        found.append(torch.as_tensor(rows.astype(np.int64)))
    return found


def _require_partition(sets: list[Tensor], n: int) -> None:
    for name, rows in zip(SETS, sets, strict=True):
        more = len(rows) - len(rows.unique())
        require(not more, f"The {name} set holds rows more than once: draw without replacement (torch.randperm).")
    for (first, a), (second, b) in combinations(zip(SETS, sets, strict=True), 2):
        shared = len(set(a.tolist()) & set(b.tolist()))
        new = "Test rows must be new to the model and to all choices." if second == "test" else "Nothing is held out."
        require(not shared, f"The {first} and the {second} set share {shared} rows. {new}")
    lost = n - sum(map(len, sets))
    require(not lost, f"{lost} of {n} rows are in no set. All that validation and test leave is for training.")


def _require_sizes(sizes: list[int], n: int) -> None:
    held = round(0.2 * n)
    right = [n - 2 * held, held, held]
    order = sizes == right or sorted(sizes) != sorted(right)
    require(order, f"The sets have {sizes} rows: they come in another order. Return (train, validation, test).")
    for other, name in ((1, "validation"), (2, "test")):
        of_rest = sizes[3 - other] == held and sizes[other] == round(0.2 * (n - held))
        require(not of_rest, f"The {name} set has its share of what the other left. Take the share of all rows.")
    for name, size, want in zip(SETS, sizes, right, strict=True):
        require(size == want, f"The {name} set has {size} of {n} rows instead of {want}, for a share of 0.2.")


def _require_classes(sets: list[Tensor], y: Tensor, classes: dict[int, int], share: float) -> None:
    for label, n in classes.items():
        for name, rows in zip(SETS[1:], sets[1:], strict=True):
            got, want = int((y[rows] == label).sum()), round(share * n)
            alike = (
                f"Class {label} has {got} of its {n} rows in the {name} set instead of {want}, for a share of {share}."
            )
            require(got == want, f"{alike} {_cause(got, share * n)}")


def _cause(got: int, exact: float) -> str:
    """What most likely makes `got` of the exact number of rows, which may not be whole."""
    if round(exact) == exact:
        return "Divide each class by itself: that is a stratified split."
    if round(exact) == 0:
        lifted = "Do not lift it to 1." if got == 1 else "rows[-0:] is all of them, not none: cut at n − m."
        return f"round({exact:.2g}) is 0: such a small class stays in training. {lifted}"
    if exact % 1 == 0.5:
        return f"round({exact:g}) is {round(exact)}: Python's round takes the even one of two equally near numbers."
    cut = {math.floor(exact): "int and // cut off", math.ceil(exact): "math.ceil rounds up"}.get(got)
    return f"Take round({exact:.2g}): {cut}." if cut else f"Take round(share * n) of each class, round({exact:.2g})."


def _require_draws(draw: Callable[[int], list[Tensor]], n: int) -> None:
    """Repeatable, different for another seed, and every row gets into each set."""

    def drawn(seed: int) -> list[set[int]]:
        return [set(rows.tolist()) for rows in draw(seed)]

    own = "Draw from the generator that is given, and from nothing else."
    first = drawn(7)
    require(first == drawn(7), f"Two generators with the same seed give two splits. {own}")
    never = "Every generator gives the same split. Draw which rows go where: files are often sorted."
    require(first != drawn(8), never)
    counts = torch.zeros(3, n)
    for seed in range(100, 200):
        for kind, rows in enumerate(draw(seed)):
            counts[kind, rows] += 1
    for kind, name in enumerate(SETS):
        kept = int((counts[kind] == 0).sum())
        chance = f"{kept} of {n} rows never get into the {name} set, in 100 splits. Draw from all rows of a class."
        require(not kept, chance)
