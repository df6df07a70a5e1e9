"""Checks of assignment 09: the joint table of a network, and a conditional read from it."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from course_utils.checks.kit.answers import values
from course_utils.checks.kit.common import Answer, question, recognize, require
from course_utils.checks.kit.draws import seeded

Network = tuple[list[tuple[int, ...]], list[Tensor]]
PARENTS = [(), (0,), (), (2, 1), (3, 0)]  # of a network whose parents are not all listed in the order of their numbers
SIZES = [2, 3, 2, 2, 3]
AXES = "tables[i] has the axes of parents[i], in that order, and that of i last."


def network(parents: Sequence[tuple[int, ...]] = PARENTS, sizes: Sequence[int] = SIZES, seed: int = 0) -> Network:
    """Parents, and random tables that fit them: each row over the last axis sums to 1. Roots have even ones."""
    rng = seeded(seed)
    shapes = [(*(sizes[j] for j in above), sizes[i]) for i, above in enumerate(parents)]
    logits = [torch.randn(shape, generator=rng) * (1.5 if len(shape) > 1 else 0.5) for shape in shapes]
    return list(parents), [table.softmax(-1) for table in logits]


def product(parents: Sequence[tuple[int, ...]], tables: Sequence[Tensor]) -> Tensor:
    """The joint table by enumeration, one state after the other."""
    sizes = [table.shape[-1] for table in tables]
    whole = torch.empty(sizes, dtype=tables[0].dtype)
    for state in torch.cartesian_prod(*(torch.arange(k) for k in sizes)).reshape(-1, len(sizes)).tolist():
        factors = [table[tuple(state[j] for j in (*parents[i], i))] for i, table in enumerate(tables)]
        whole[tuple(state)] = torch.stack(factors).prod()
    return whole


def marginals(parents: Sequence[tuple[int, ...]], tables: Sequence[Tensor]) -> list[Tensor]:
    """p(x_i) for each i."""
    whole = product(parents, tables)
    others = [[j for j in range(len(tables)) if j != i] for i in range(len(tables))]
    return [whole.sum(rest) if rest else whole for rest in others]


@question
def joint(answer: Answer) -> None:
    """The product of the tables, an axis for each variable: five variables of sizes 2 and 3, pairs, one."""
    parents, tables = network()
    right = product(parents, tables)
    recognize(values(answer(parents, tables), "The joint table"), right, _joint_mistakes(parents, tables), "The joint")
    pair = network([(), (0,)], [2, 2], seed=3)
    wrong = {f"reads p(x_1 | x_0) the wrong way round. {AXES}": pair[1][0][:, None] * pair[1][1].T}
    recognize(values(answer(*pair), "The joint table"), product(*pair), wrong, "The joint of two variables")
    cross = network([(), (), (1, 0)], [2, 2, 2], seed=4)
    orders = {f"takes the parents in the order of their numbers. {AXES}": _sorted(*cross)}
    value = values(answer(*cross), "The joint table")
    recognize(value, product(*cross), orders, "The joint of three variables with the parents (1, 0)")
    alone = torch.tensor([0.2, 0.5, 0.3])
    recognize(values(answer([()], [alone]), "The joint table"), alone, {}, "The joint of one variable")
    chain = network([(), (0,), (1,), (2,), (3,), (4,), (5,)], [2] * 7, seed=5)
    recognize(values(answer(*chain), "The joint table"), product(*chain), {}, "The joint of a chain of seven variables")


def _sorted(parents: Sequence[tuple[int, ...]], tables: Sequence[Tensor]) -> Tensor:
    return product([tuple(sorted(above)) for above in parents], tables)


def _joint_mistakes(parents: Sequence[tuple[int, ...]], tables: Sequence[Tensor]) -> dict[str, Tensor]:
    right, alone = product(parents, tables), marginals(parents, tables)
    total = product(parents, [table.exp() for table in tables]).log()
    left_out = {
        f"leaves out the table of variable {i}.": product(parents, [*tables[:i], tables[i] * 0 + 1, *tables[i + 1 :]])
        for i in range(len(tables))
    }
    return left_out | {
        "is the product of the marginals: the parents are not used.": product([()] * len(tables), alone),
        "is a sum of the tables. Independent steps multiply.": total,
        "is the logarithm of the joint. Return probabilities.": right.log(),
        "has its axes turned round. Axis i belongs to variable i.": right.permute(*reversed(range(right.dim()))),
        "is flattened. Keep one axis for each variable.": right.flatten(),
        "is divided by its largest entry. It sums to 1 as it is.": right / right.max(),
    }


Query = tuple[Tensor, int, Mapping[int, int]]


@question
def conditional(answer: Answer) -> None:
    """p(target | evidence) from a joint table: several pieces of evidence, in any order, one, none."""
    whole = product(*network())
    for target, evidence in ((1, {3: 1, 0: 0}), (2, {1: 2}), (4, {}), (0, {4: 2, 1: 0, 2: 1, 3: 0}), (3, {0: 1, 4: 0})):
        given = ", ".join(f"x_{j} = {value}" for j, value in evidence.items())
        what = f"p(x_{target} | {given})" if given else f"p(x_{target}), without evidence,"
        value = values(answer(whole, target, evidence), what)
        recognize(value, exact(whole, target, evidence), _query_mistakes(whole, target, evidence), what)
    small = product(*network([(), (0,)], [2, 3], seed=6)) * 1.0
    two = exact(small, 1, {0: 1})
    recognize(values(answer(small, 1, {0: 1}), "p(x_1 | x_0 = 1)"), two, {}, "p(x_1 | x_0 = 1) of two variables")
    rare = torch.tensor([[1 - 3e-9, 0.0], [1e-9, 2e-9]], dtype=torch.float64)
    value = values(answer(rare, 1, {0: 1}), "p(x_1 | x_0 = 1)")
    little = "is not what it is for evidence of probability 3e-9. Add no small number to the denominator."
    off = value.shape != (2,) or (value - torch.tensor([1 / 3, 2 / 3]).double()).abs().max() > 1e-4
    require(not off, f"p(x_1 | x_0 = 1) {little}")


def exact(whole: Tensor, target: int, evidence: Mapping[int, int]) -> Tensor:
    """p(target | evidence), (K,), from the joint table."""
    kept = _kept(whole, target, evidence)
    return kept / kept.sum()


def _kept(whole: Tensor, target: int, evidence: Mapping[int, int]) -> Tensor:
    """p(target, evidence), (K,)."""
    for j, value in evidence.items():
        whole = whole.narrow(j, value, 1)
    return whole.sum([j for j in range(whole.dim()) if j != target])


def _shifted(whole: Tensor, target: int, evidence: Mapping[int, int]) -> Tensor | None:
    """What comes out if axes are removed one after the other, while their numbers stay as they were; None: nothing."""
    rest = whole
    for j, value in evidence.items():
        if j >= rest.dim() or value >= rest.shape[j]:
            return None
        rest = rest.select(j, value)
    if target >= rest.dim():
        return None
    others = [j for j in range(rest.dim()) if j != target]
    return (rest.sum(others) if others else rest) / rest.sum()


def _query_mistakes(whole: Tensor, target: int, evidence: Mapping[int, int]) -> dict[str, Tensor]:
    joined, free = _kept(whole, target, evidence), _kept(whole, target, {})
    right, others = joined / joined.sum(), [j for j in range(whole.dim()) if j != target]
    best = whole
    for j, value in evidence.items():
        best = best.narrow(j, value, 1)
    best = best.amax(others)
    wrong = {
        "is p(x_t, evidence), which does not sum to 1. Divide by p(evidence), its sum.": joined,
        "is p(x_t): the evidence is not used.": free,
        "is p(evidence | x_t), the other way round. Divide by p(evidence), not by p(x_t).": joined / free,
        "takes the largest entry where a sum is due: all states of the others count.": best / best.sum(),
        "is a softmax. Divide by the sum.": joined.softmax(0),
        "holds logarithms. Return probabilities.": right.log(),
        "has its entries in the wrong order. Entry 0 is for the value 0.": right.flip(0),
        "is the likeliest value. Return the probability of each, (K,).": right.argmax(),
        "is the largest probability. Return that of each value, (K,).": right.max(),
    }
    for j in evidence:
        rest = {other: value for other, value in evidence.items() if other != j}
        wrong[f"does not use the evidence on x_{j}."] = exact(whole, target, rest)
    for order, message in (
        (evidence, "joint[:, 1] removes one, and"),
        (dict(sorted(evidence.items())), "with each removed"),
    ):
        moved = _shifted(whole, target, order)
        if moved is not None:
            wrong[f"reads a wrong axis: {message} those behind it move up."] = moved
    return wrong
