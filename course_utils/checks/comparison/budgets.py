"""Checks of assignment 05: equal budgets of parameters and of seconds."""

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from course_utils.checks.kit.answers import number, pair, plain
from course_utils.checks.kit.common import Answer, CheckFailed, question, require


class _Tied(nn.Module):
    """45 trained numbers in six tensors, one of them used twice; 15 frozen ones, and 9 in buffers."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 4)
        self.block = nn.Sequential(nn.Linear(4, 4, bias=False), nn.BatchNorm1d(4))
        self.last = nn.Linear(4, 4)
        self.last.weight = self.block[0].weight
        self.frozen = nn.Linear(2, 5).requires_grad_(False)
        self.scale = nn.Parameter(torch.ones(()))


@question
def parameter_count(answer: Answer) -> None:
    """A network with a shared weight, a frozen layer, buffers and a scalar."""
    value = int(number(answer(_Tied()), "Your count"))
    frozen, shared = "frozen ones (requires_grad is False)", "a shared weight twice. It is one tensor"
    buffers = "buffers, such as the running mean of a BatchNorm. They are not trained"
    mistakes = {
        7: "is the number of tensors. Count their elements: numel().",
        9: f"is the number of tensors. Count their elements, numel(), and leave out {frozen}.",
        60: f"includes {frozen}. Training does not change them.",
        54: f"includes {buffers}.",
        69: f"includes {buffers}, and {frozen}.",
        61: f"includes {shared}.",
        76: f"includes {shared}, and {frozen}.",
        85: f"includes {shared}; {frozen}; and {buffers}. Is it a sum over state_dict()?",
        33: "leaves out the biases. They are trained, too.",
        43: f"leaves out the biases, and includes {frozen}.",
        28: "leaves out what has one dimension or none: biases, and the scales of a BatchNorm.",
        42: "leaves out all but the weight matrices, a shared one counted twice or a frozen one counted.",
        44: "leaves out a parameter without dimensions: one number, too.",
        67: f"counts the nn.Linear layers alone, {shared}, and {frozen}. Use model.parameters().",
        52: f"counts the nn.Linear layers alone, {shared}. Use model.parameters().",
        180: "is in bytes. Count numbers.",
    }
    for wrong, message in mistakes.items():
        require(value != wrong, f"Your count {message}")
    require(value == 45, f"Your count is {value} where 45 is right: 16 + 16 + 8 + 4 + 1. Use model.parameters().")
    perceptron = nn.Sequential(nn.Linear(7, 5), nn.ReLU(), nn.Linear(5, 2))
    for right, how in ((52, "7·5 + 5 + 5·2 + 2 = 52"), (12, "5·2 + 2 = 12, once its first layer is frozen")):
        other = int(number(answer(perceptron), "Your count"))
        require(other == right, f"Your count of a perceptron 7-5-2 is {other} instead of {how}.")
        perceptron[0].requires_grad_(False)


def _sizes(formula: Callable[[int], int], budget: int) -> Callable[[int], int]:
    """`formula` as count(width), which says if it is asked for something odd, far too large, or without end."""
    calls = 0

    def count(width: int) -> int:
        nonlocal calls
        calls += 1
        require(calls < 100_000, "width_for_budget calls count without end.")
        number_ = float(np.asarray(plain(width)))
        require(number_ == round(number_), f"count is called with {number_}: a width is a whole number.")
        require(number_ >= 1, f"count is called with the width {number_:.0f}. The smallest width is 1.")
        far = f"count is called with the width {number_:.0f}: {formula(int(number_)) / budget:.0f} times the budget."
        go = "count builds the network: go up from width 1, and stop once the budget is exceeded."
        require(formula(int(number_)) <= 5 * budget, f"{far} {go}")
        return formula(int(number_))

    return count


def _perceptron(width: int) -> int:
    return 2 * width**2 + 150 * width + 80


def _mixture(width: int) -> int:
    return 2145 * width - 1


@question
def width_for_budget(answer: Answer) -> None:
    """Above and below the budget, another growth, wide and narrow networks, and budgets nobody can meet."""
    above, below = _width(answer, _perceptron, 22_000), _width(answer, _perceptron, 22_300)
    require(above != 22_132, "Your width is the number of parameters, count(width). Return the width.")
    cautious = "is the largest that stays below the budget. Here the next one is nearer: 22132 to 22000, not 21688."
    require(above != 73, f"Your width {cautious}")
    generous = "is the first that exceeds the budget. Here the one before is nearer: 22132 to 22300, not 22580."
    require(below != 75, f"Your width {generous}")
    require(above == 74, f"Your width is {above} where 74 is right: 22132 parameters for a budget of 22000.")
    require(below == 74, f"Your width is {below} where 74 is right: 22132 parameters for a budget of 22300.")
    for formula, budget, right in ((_mixture, 22_000, 10), (_perceptron, 240, 1), (_perceptron, 3_000_000, 1188)):
        value = _width(answer, formula, budget)
        hint = " Do not stop at a fixed width." if right > 1000 else " Begin at width 1." if right == 1 else ""
        near = f"{formula(right)} parameters for a budget of {budget}"
        require(value == right, f"Your width is {value} where {right} is right: {near}.{hint}")
    for formula, budget, nearest in ((_perceptron, 300, 232), (_perceptron, 245, 232), (_perceptron, 100, 232),
                                     (_lines, 4000, 4205)):  # fmt: skip
        _require_refusal(answer, formula, budget, nearest)
    near = _width(answer, _other_lines, 4000)
    require(near == 1, f"Your width is {near} where 1 is right: 3805 parameters for a budget of 4000.")


def _lines(width: int) -> int:
    return 4205 * width


def _other_lines(width: int) -> int:
    return 3805 * width


def _require_refusal(answer: Answer, formula: Callable[[int], int], budget: int, nearest: int) -> None:
    """CheckFailed unless ValueError is raised; `nearest` is the nearest number of parameters that any width has."""
    try:
        value = answer(_sizes(formula, budget), budget)
    except CheckFailed as failure:
        if "with ValueError" not in str(failure):
            raise
        return
    away = f"{abs(nearest - budget) / budget:.1%}".replace("%", " %")
    cause = f"the nearest possible count, {nearest}, is {away} of the budget away: more than 5 %. Raise ValueError."
    of_count = abs(nearest - budget) <= 0.05 * nearest
    wrong = " Of the budget, not of the count." if of_count else ""
    raise CheckFailed(f"width_for_budget returns {value} for a budget of {budget}: {cause}{wrong}")


def _width(answer: Answer, formula: Callable[[int], int], budget: int) -> int:
    """The width for a budget that can be met; CheckFailed if it is refused."""
    try:
        return int(number(answer(_sizes(formula, budget), budget), "Your width"))
    except CheckFailed as failure:
        if "with ValueError" not in str(failure):
            raise
    wide = " Do not stop at a fixed width." if budget > 1_000_000 else ""
    met = f"for a budget of {budget}, though a width exists whose count is less than 5 % of the budget away.{wide}"
    raise CheckFailed(f"width_for_budget raises ValueError {met}")


START = 98765.5  # what the clock shows at first: it may be any time


class _Work:
    """A clock that only `step` moves; both end a function that would go on without end."""

    def __init__(self) -> None:
        self.now, self.steps, self.reads = START, 0, 0

    def clock(self) -> float:
        self.reads += 1
        require(self.reads < 10_000, "train_for reads the clock again and again and calls no step.")
        return self.now

    def step(self) -> dict[str, float]:
        how = {0: "the clock that is given is never read", 1: "the clock is read once. Read it again before each step"}
        ended = self.steps < 1000
        require(ended, f"train_for never stops: {how.get(self.reads, 'the clock does not end its loop')}.")
        self.now += (3.0, 0.5, 0.5, 1.0)[self.steps] if self.steps < 4 else 0.25
        self.steps += 1
        return {"loss": 1.0}


@question
def train_for(answer: Answer) -> None:
    """Steps of different lengths: a budget used up exactly, one that a step exceeds, and none."""
    for budget, right in ((6.0, 8), (5.625, 7), (3.0, 1), (0.0, 0)):
        work = _Work()
        value = pair(answer(work.step, budget, work.clock), ("steps", "seconds"), "train_for")
        _require_steps(work.steps, budget, right)
        steps, seconds = (float(number(v, name)) for v, name in zip(value, ("steps", "seconds"), strict=True))
        used = work.now - START
        swapped = right and steps == used != seconds == work.steps
        require(not swapped, "train_for returns its two numbers in another order. Return (steps, seconds).")
        require(steps == work.steps, f"train_for says {steps:g} steps, but has made {work.steps}.")
        require(seconds != work.now, "seconds is what the clock shows. Subtract what it showed at the start.")
        given = f"seconds is the budget. Return what was really used: {used:g} of a budget of {budget:g}."
        require(used == budget or seconds != budget, given)
        last = " Read the clock after the last step, too." if seconds < used else ""
        require(seconds == used, f"seconds is {seconds:g}, but {used:g} have passed on the clock.{last}")


def _require_steps(made: int, budget: float, right: int) -> None:
    """CheckFailed, with the cause if it can be told, unless the right number of steps was made."""
    where = f"{made} steps are made in {budget:g} s instead of {right}."
    require(made or not right, "No step is made. The clock may show any time at the start: use clock() − start.")
    require(right or not made, "A step is made though the budget is 0. Ask the clock before a step, not after it.")
    if budget == 6.0:
        require(made != 6, f"{where} The budget is in seconds, not in steps.")
        require(made != 2, f"{where} Is the number computed from the first step? The first is slower than the others.")
    late = f"{where} Once the budget is used up, to the second, no further step begins (<, not <=)."
    require(made != right + 1, late)
    early = f"{where} A step begins as long as less than {budget:g} s have passed, even if it ends later."
    require(made > right - 1, early)
    require(made == right, f"{where} Ask the clock before each step.")
