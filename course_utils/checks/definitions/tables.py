"""The checks of the Bayesian network of assignment 01; `definitions` passes them on."""

import torch
from torch import Tensor

from course_utils.checks.kit.common import Answer, question, recognize


def _tables() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """p(b), p(e), p(a | b, e) and p(j | a) of the alarm network."""
    p_a = torch.tensor([[[0.99, 0.01], [0.7, 0.3]], [[0.06, 0.94], [0.05, 0.95]]])
    return torch.tensor([0.9, 0.1]), torch.tensor([0.8, 0.2]), p_a, torch.tensor([[0.95, 0.05], [0.25, 0.75]])


@question
def joint_table(answer: Answer) -> None:
    """p(b) p(e) p(a | b, e) p(j | a), axes in this order."""
    b, e, a, j = _tables()
    right = torch.einsum("b,e,bea,aj->beaj", b, e, a, j)
    wrong = {
        "leaves out p(b).": torch.einsum("b,e,bea,aj->beaj", torch.ones(2), e, a, j),
        "leaves out p(e).": torch.einsum("b,e,bea,aj->beaj", b, torch.ones(2), a, j),
        "leaves out p(a | b, e).": torch.einsum("b,e,bea,aj->beaj", b, e, torch.ones(2, 2, 2), j),
        "leaves out p(j | a).": torch.einsum("b,e,bea,aj->beaj", b, e, a, torch.ones(2, 2)),
        "reads p(j | a) the wrong way round: its first axis is a.": torch.einsum("b,e,bea,ja->beaj", b, e, a, j),
        "reads p(a | b, e) with b and e exchanged: its axes are b, e, a.": torch.einsum("b,e,eba,aj->beaj", b, e, a, j),
        "reads p(a | b, e) with a as its first axis: its axes are b, e, a.": torch.einsum(
            "b,e,abe,aj->beaj", b, e, a, j
        ),
        "has p(b) and p(e) exchanged.": torch.einsum("b,e,bea,aj->beaj", e, b, a, j),
        "is the logarithm of the joint distribution. Return probabilities.": right.log(),
        "has its axes in another order. They are b, e, a, j.": right.permute(1, 0, 2, 3),
        "has its axes in another order, j first. They are b, e, a, j.": right.permute(3, 2, 1, 0),
        "is a sum of the tables. Independent steps multiply.": _summed(b, e, a, j),
        "is flattened. Keep one axis for each variable, (2, 2, 2, 2).": right.flatten(),
    }
    recognize(answer(b, e, a, j), right, wrong, "The joint table")
    others = torch.tensor([1.0, 0.0]), torch.tensor([0.35, 0.65]), a.flip(1, 2), torch.tensor([[0.6, 0.4], [0.0, 1.0]])
    again = torch.einsum("b,e,bea,aj->beaj", *others)
    recognize(answer(*others), again, {}, "The joint table of other tables, with p(b = 0) = 1,")


def _summed(b: Tensor, e: Tensor, a: Tensor, j: Tensor) -> Tensor:
    return b[:, None, None, None] + e[:, None, None] + a[..., None] + j


@question
def burglary_given_call(answer: Answer) -> None:
    """p(b | j = 1) from the joint table: sum out e and a, keep j = 1, divide by p(j = 1)."""
    joint = torch.einsum("b,e,bea,aj->beaj", *_tables())
    both = joint.sum((1, 2))  # p(b, j)
    right = both[:, 1] / both[:, 1].sum()
    wrong = {
        "is p(b, j = 1), which does not sum to 1. Divide by p(j = 1).": both[:, 1],
        "is p(b): the call is not used.": both.sum(1),
        "is p(b | j = 0): somebody did call.": both[:, 0] / both[:, 0].sum(),
        "is p(j = 1 | b), the other way round. Bayes' rule turns it.": both[:, 1] / both.sum(1),
        "is p(j | b = 1), the other way round. Bayes' rule turns it.": both[1] / both[1].sum(),
        "is p(e | j = 1). The axes are b, e, a, j.": joint[..., 1].sum((0, 2)) / joint[..., 1].sum(),
        "is p(a | j = 1). The axes are b, e, a, j.": joint[..., 1].sum((0, 1)) / joint[..., 1].sum(),
        "is p(b | a = 1). The call is the last axis: j = 1.": joint[:, :, 1].sum((1, 2)) / joint[:, :, 1].sum(),
        "is p(b | e = 0, j = 1): nobody knows whether the earth shook. Sum over e.": joint[:, 0, :, 1].sum(1)
        / joint[:, 0, :, 1].sum(),
        "is p(b | e = 1). The call is the last axis: j = 1.": joint[:, 1].sum((1, 2)) / joint[:, 1].sum(),
        "is p(b = 1 | j = 1) alone. Return both probabilities, (2,).": right[1],
        "takes the largest entry where a sum is due: all e and a count.": _largest(joint),
        "has its entries in the wrong order. Entry 0 is b = 0.": right.flip(0),
        "holds logarithms. Return probabilities.": right.log(),
    }
    recognize(answer(joint), right, wrong, "p(b | j = 1)")
    other = torch.einsum("b,e,bea,aj->beaj", *(table.flip(0) for table in _tables()))
    again = other[..., 1].sum((1, 2)) / other[..., 1].sum()
    recognize(answer(other), again, {}, "p(b | j = 1) of another table")


def _largest(joint: Tensor) -> Tensor:
    best = joint[..., 1].amax((1, 2))
    return best / best.sum()
