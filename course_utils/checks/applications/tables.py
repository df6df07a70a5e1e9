"""The check of assignment 11 of a table made ready: filled, scaled and augmented without a look at the test."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.kit.answers import array, plain
from course_utils.checks.kit.common import Answer, close, question, recognize, require
from course_utils.checks.kit.draws import seeded

Asked = list[tuple[Tensor, Tensor]]
NAMES = ("x_train", "y_train", "x_test", "y_test")
FIT = "What is fitted is fitted on the training rows alone."


class _Case(NamedTuple):
    x: Tensor
    y: Tensor
    train: Tensor
    test: Tensor


def _case(seed: int, n: int, columns: int, held: int) -> _Case:
    """A table with missing cells; its column 1 is constant in the training rows, and no test row looks like them."""
    rng = seeded(seed)
    spread = torch.tensor([0.4, 2.0, 3.0]).double().repeat(columns)[:columns]
    x = spread * torch.randn(n, columns, generator=rng, dtype=torch.float64) + 5 * torch.arange(columns)
    order = torch.randperm(n, generator=rng)
    train, test = order[held:], order[:held]
    x[test] += 1.5
    x[train, 1] = 4.0
    for column in range(columns):
        x[train[column :: columns + 2], column] = torch.nan
        x[test[column :: columns + 1], column] = torch.nan
    return _Case(x, torch.randint(3, (n,), generator=rng), train, test)


def _made(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Synthetic rows, which depend on those given."""
    return 0.5 * x[::2] + 0.25, y[::2].clone()


def _synthesizer(asked: Asked) -> Callable:
    """A function (x, y) → synthetic (x, y) that notes what it is given."""

    def synthesize(x: object, y: object) -> tuple[Tensor, Tensor]:
        asked.append((torch.as_tensor(np.asarray(plain(x))), torch.as_tensor(np.asarray(plain(y)))))
        require(asked[-1][0].ndim == 2, f"synthesize is given an x of the shape {tuple(asked[-1][0].shape)}.")
        return _made(*asked[-1])

    return synthesize


def _filled(x: Tensor, rows: Tensor) -> Tensor:
    return torch.where(x.isnan(), x[rows].nanmean(0), x)


def _scaled(x: Tensor, rows: Tensor, correction: int = 0) -> Tensor:
    std = x[rows].std(0, correction=correction)
    return (x - x[rows].mean(0)) / torch.where(std > 0, std, 1.0)


def _right(case: _Case) -> Tensor:
    return _scaled(_filled(case.x, case.train), case.train)


def _variants(case: _Case) -> dict[str, Tensor]:
    """The whole table as wrong ways would leave it, with what is wrong about them."""
    x, _, train, test = case
    every = torch.arange(len(x))
    good, raw = _filled(x, train), x[train]
    std = good[train].std(0, correction=0)
    one = torch.where(std > 0, std, 1.0)
    seen = (torch.where(raw.isnan(), 0, (raw - raw.nanmean(0)) ** 2).sum(0) / (~raw.isnan()).sum(0)).sqrt()
    median = torch.where(x.isnan(), raw.nanmedian(0).values, x)
    low, high = good[train].min(0).values, good[train].max(0).values
    return {
        f"is filled and scaled with numbers from all rows, test rows too. {FIT}": _scaled(_filled(x, every), every),
        f"is filled with the means of all rows, test rows too. {FIT}": _scaled(_filled(x, every), train),
        f"is scaled with mean and standard deviation of all rows, test rows too. {FIT}": _scaled(good, every),
        f"is filled and scaled by the test rows' own numbers. {FIT}": _scaled(_filled(x, test), test),
        f"is scaled by the test rows' own numbers. {FIT}": _scaled(good, test),
        f"is filled with the test rows' own means. {FIT}": _scaled(_filled(x, test), train),
        "is scaled with n − 1 below the root. Divide by n (correction=0).": _scaled(good, train, 1),
        "is divided by the variance. Divide by its root, the standard deviation.": (good - good[train].mean(0))
        / one**2,
        "is not centered. Subtract the mean first.": good / one,
        "is centered, but not divided by the standard deviation.": good - good[train].mean(0),
        "is filled, but not scaled. Scale first, then synthesize.": good,
        "has its missing cells still in it (nan). Fill them first.": (x - good[train].mean(0)) / one,
        "is neither filled nor scaled. Do both first, then synthesize.": x,
        "is filled with 0 before the scaling. Fill with the column's training mean.": _scaled(x.nan_to_num(0.0), train),
        "is filled with medians. Fill with means.": _scaled(median, train),
        "has the spread of the observed cells alone. Fill first, then take the standard deviation.": (
            good - good[train].mean(0)
        )
        / torch.where(seen > 0, seen, 1.0),
        "is scaled to 0 … 1. Subtract the mean, divide by the standard deviation.": (good - low)
        / torch.where(high > low, high - low, 1.0),
        "is scaled by one mean and one spread of the whole table. Each column has its own.": (good - good[train].mean())
        / good[train].std(correction=0),
    }


@question
def prepare(answer: Answer) -> None:
    """Two tables with missing cells and a constant column: what synthesize is given, and what comes back."""
    for case in (_case(1, 29, 4, 10), _case(2, 40, 6, 9)):
        asked: Asked = []
        value = _four(answer(*case, _synthesizer(asked)), case)
        _require_asked(asked, case)
        _require_test(value, case)
        _require_train(value, case)


def _four(value: object, case: _Case) -> list[Tensor]:
    """The four results as tensors, without a look at the shapes of the first axes."""
    four = isinstance(value, tuple | list) and len(value) == 4
    got = f"{len(value)} values" if isinstance(value, tuple | list) else type(value).__name__
    require(four, f"prepare must return four values, ({', '.join(NAMES)}); it returns {got}.")
    found = []
    for name, each in zip(NAMES, value, strict=True):
        require(each is not None, f"{name} is None.")
        found.append(torch.as_tensor(np.asarray(plain(each), dtype=float)))
    order = "The four results come in another order. Return (x_train, y_train, x_test, y_test)."
    require([each.ndim for each in found] == [2, 1, 2, 1], order)
    exchanged = len(found[0]) == len(case.test) and len(found[2]) > len(case.test)
    require(not exchanged, "Training and test set have changed places. Return (x_train, y_train, x_test, y_test).")
    return found


def _require_asked(asked: Asked, case: _Case) -> None:
    """CheckFailed unless synthesize is asked once, with the filled and scaled training rows."""
    require(asked, "synthesize is never called: no synthetic rows are made.")
    train, test = case.train, case.test
    leak = "What is made from a test row is a near copy of it. Split first, then augment the training rows."
    for x, y in asked:
        require(len(x) != len(case.x), f"synthesize is given all rows, test rows too. {leak}")
        require(len(x) != len(test), f"synthesize is given the test rows. {leak}")
        require(len(x) == len(y), f"synthesize is given {len(x)} rows with {len(y)} labels.")
    require(len(asked) == 1, f"synthesize is called {len(asked)} times. Call it once, with the training rows.")
    x, y = asked[0]
    wrong = {message: table[train] for message, table in _variants(case).items()}
    recognize(x.double(), _right(case)[train], _sorted(case) | wrong, "The x that synthesize is given")
    recognize(y.double(), case.y[train].double(), {}, "The y that synthesize is given")


def _sorted(case: _Case) -> dict[str, Tensor]:
    return {"has its rows in another order. x[train] keeps the order of train.": _right(case)[case.train.sort().values]}


def _require_test(value: list[Tensor], case: _Case) -> None:
    _, _, x_test, y_test = value
    more = len(x_test) - len(case.test)
    real = "It tells how the model does on real people, so it holds real rows alone."
    require(more <= 0, f"The test set holds {more} rows too many: are they synthetic? {real}")
    new = _made(_right(case)[case.train], case.y[case.train])[0]
    known = torch.cat([_right(case)[case.train], new]).double()
    near = int((torch.cdist(x_test, known).min(1).values < 1e-6).sum())
    require(
        not near, f"The test set holds {near} copies of rows that the model is trained on, real or synthetic. {real}"
    )
    require(more == 0, f"The test set has {len(x_test)} rows instead of {len(case.test)}.")
    nan = "holds nan: 0 / 0 in a column that is constant in the training rows, or a cell that is not filled"
    require(torch.isfinite(x_test).all(), f"x_test {nan}.")
    wrong = {message: table[case.test] for message, table in _variants(case).items()}
    recognize(x_test, _right(case)[case.test], wrong, "x_test")
    recognize(array(y_test, case.test.shape, "y_test"), case.y[case.test].double(), {}, "y_test")


def _require_train(value: list[Tensor], case: _Case) -> None:
    x_train, y_train, *_ = value
    x, y = _right(case)[case.train], case.y[case.train]
    new_x, new_y = _made(x, y)
    every_x, every_y = torch.cat([x, new_x]), torch.cat([y, new_y]).double()
    after = "Append the synthetic rows to the real ones."
    require(len(x_train) == len(y_train), f"x_train has {len(x_train)} rows, and y_train {len(y_train)} labels.")
    nan = "holds nan: 0 / 0 in a column that is constant in the training rows, or a cell that is not filled"
    require(torch.isfinite(x_train).all(), f"x_train {nan}.")
    wrong = {
        f"holds the real rows alone. {after}": x,
        f"holds the synthetic rows alone. {after}": new_x,
        f"has the synthetic rows first. {after}": torch.cat([new_x, x]),
        "is scaled again with the synthetic rows in it. Scale by the real training rows.": _scaled(
            every_x, torch.arange(len(every_x))
        ),
    }
    same = [message for message, other in wrong.items() if close(x_train, other)]
    require(not same, f"x_train {' '.join(same)}")
    recognize(x_train, every_x, {}, "x_train")
    reversed_ = {f"has the synthetic labels first. {after}": torch.cat([new_y, y]).double()}
    recognize(y_train, every_y, reversed_, "y_train")
