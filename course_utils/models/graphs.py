"""Bayesian networks of discrete variables: tables, exact inference, sampling, interventions (lecture 09b).

Every variable has a name and k states 0, 1, …, k − 1; data are x `(N, D)` int64, a column for each name, in the
network's order. Tables are probabilities; use float64.

net = Network({"rain": [0.8, 0.2], "wet": [[0.9, 0.1], [0.2, 0.8]]}, {"wet": ["rain"]})
posterior(net, "rain", {"wet": 1})        # (2,), exact, by variable elimination
net.do(wet=1).sample(100, rng=rng)        # (100, 2): wet is set, rain does not know
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from course_utils.models.layers import check_labels

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
Parents = Mapping[str, Sequence[str]]
Evidence = Mapping[str, int]


class Factor(NamedTuple):
    """A table with an axis for each name, such as p(wet | rain) with the names (rain, wet)."""

    names: tuple[str, ...]
    table: Tensor


def multiply(factors: Sequence[Factor], keep: Sequence[str]) -> Factor:
    """The product of factors, summed over all variables that are not in `keep`; its axes stand in that order."""
    letter = dict(zip(dict.fromkeys(name for factor in factors for name in factor.names), LETTERS, strict=False))
    parts = ",".join("".join(letter[name] for name in factor.names) for factor in factors)
    out = "".join(letter[name] for name in keep)
    return Factor(tuple(keep), torch.einsum(f"{parts}->{out}", *(factor.table for factor in factors)))


class Network:
    """A product of tables, ∏ p(variable | its parents), along the arrows of a graph without cycles.

    Args: `tables[name]` is p(name | parents): an axis for each parent, in their order, and its own axis last, along
    which it sums to 1; `parents[name]` are names that stand before it (none: left out). Raises ValueError else.
    """

    def __init__(self, tables: Mapping[str, Tensor | Sequence], parents: Parents) -> None:
        self.tables = {name: torch.as_tensor(table, dtype=torch.float64) for name, table in tables.items()}
        self.parents = {name: tuple(parents.get(name, ())) for name in self.tables}
        self.states = {name: table.shape[-1] for name, table in self.tables.items()}
        if unknown := set(parents) - set(self.tables):
            raise ValueError(f"parents are given for {', '.join(sorted(unknown))}, which has no table.")
        for name in self.tables:
            self._check(name)

    def _check(self, name: str) -> None:
        before = list(self.tables)[: list(self.tables).index(name)]
        if not set(self.parents[name]) <= set(before):
            raise ValueError(f"'{name}' needs its parents {self.parents[name]} listed before it; there are {before}.")
        table, shape = self.tables[name], tuple(self.states[other] for other in (*self.parents[name], name))
        if table.shape != shape:
            raise ValueError(f"The table of '{name}' needs the shape {shape} (parents, itself), got {(*table.shape,)}.")
        if (table < 0).any() or not torch.allclose(table.sum(-1), torch.ones(()).double()):
            raise ValueError(f"The table of '{name}' needs numbers ≥ 0 that sum to 1 along its last axis.")

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, parents before children: the order of the data's columns."""
        return tuple(self.tables)

    def numbers(self) -> int:
        """How many numbers the tables hold, not counting those that follow because a row sums to 1."""
        return sum(table[..., 0].numel() * (table.shape[-1] - 1) for table in self.tables.values())

    def factors(self, evidence: Evidence | None = None) -> list[Factor]:
        """The tables, each cut at what is observed: {"wet": 1} takes the axis of wet at 1."""
        evidence = evidence or {}
        if unknown := set(evidence) - set(self.tables):
            raise ValueError(f"No variable is called {', '.join(sorted(unknown))}; there are {', '.join(self.names)}.")
        whole = [Factor((*self.parents[name], name), table) for name, table in self.tables.items()]
        return [_cut(factor, evidence) for factor in whole]

    def joint(self) -> Tensor:
        """p of all combinations, an axis for each name: as many entries as there are combinations."""
        return multiply(self.factors(), self.names).table

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x) in nats of rows x `(N, D)`: `(N,)`."""
        return sum(self.log_factor(name, x) for name in self.names)

    def log_factor(self, name: str, x: Tensor) -> Tensor:
        """log p(name | its parents) in nats, each as x `(N, D)` has them: `(N,)`."""
        columns = [x[:, self.names.index(other)] for other in (*self.parents[name], name)]
        return self.tables[name][tuple(columns)].log()

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n rows `(n, D)`, each variable drawn given its parents: ancestral sampling."""
        check_labels(n, y, 0)
        return weighted_sample(self, n, {}, rng)[0]

    def do(self, **values: int) -> "Network":
        """The mutilated network: these variables set from outside, the arrows into them cut (Pearl 2009, eq. 3.10)."""
        self.factors(values)  # raises for a name that is not there
        tables = {
            name: torch.eye(table.shape[-1], dtype=torch.float64)[values[name]] if name in values else table
            for name, table in self.tables.items()
        }
        return Network(tables, {name: () if name in values else above for name, above in self.parents.items()})


def _cut(factor: Factor, evidence: Evidence) -> Factor:
    index = tuple(evidence.get(name, slice(None)) for name in factor.names)
    return Factor(tuple(name for name in factor.names if name not in evidence), factor.table[index])


def eliminate(factors: Sequence[Factor], order: Iterable[str]) -> tuple[Factor, int]:
    """Sum out the variables of `order`, one after another, multiplying only the factors that hold it.

    Returns the product of what is left, and the size of the largest table on the way, counted before its sum.
    Source: Koller & Friedman 2009, alg. 9.1.
    """
    factors, largest = list(factors), 1
    for name in order:
        touched = [factor for factor in factors if name in factor.names]
        around = _scope(touched)
        largest = max(largest, _size(touched))
        rest = multiply(touched, [other for other in around if other != name])
        factors = [factor for factor in factors if name not in factor.names] + [rest]
    return multiply(factors, list(_scope(factors))), max(largest, _size(factors))


def _scope(factors: Iterable[Factor]) -> dict[str, int]:
    return {name: k for factor in factors for name, k in zip(factor.names, factor.table.shape, strict=True)}


def _size(factors: Iterable[Factor]) -> int:
    return math.prod(_scope(factors).values())


def greedy_order(factors: Sequence[Factor], keep: Iterable[str]) -> list[str]:
    """An order that sums out, at each step, the variable whose table is the smallest now: short-sighted, often good."""
    shapes = {name: {name} for name in _scope(factors)}
    sizes = _scope(factors)
    for factor in factors:
        for name in factor.names:
            shapes[name] |= set(factor.names)
    order, left = [], [name for name in shapes if name not in set(keep)]
    while left:
        name = min(left, key=lambda name: math.prod(sizes[other] for other in shapes[name]))
        for other in shapes[name] - {name}:
            shapes[other] = (shapes[other] | shapes[name]) - {name}
        left.remove(name)
        order.append(name)
    return order


def posterior(network: Network, query: str, evidence: Evidence | None = None) -> Tensor:
    """p(query | evidence), `(k,)`, exact, by variable elimination in the greedy order.

    Raises ValueError for evidence of probability 0, or a query that is observed or not there.
    """
    factors = network.factors(evidence)
    if query not in network.names or query in (evidence or {}):
        raise ValueError(f"'{query}' cannot be asked for: name a variable that is not observed.")
    table = eliminate(factors, greedy_order(factors, [query]))[0].table
    if not table.sum() > 0:
        raise ValueError(f"The evidence {dict(evidence or {})} has probability 0.")
    return table / table.sum()


def weighted_sample(
    network: Network, n: int, evidence: Evidence, rng: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """Likelihood weighting: n rows `(n, D)` drawn along the arrows, the evidence put in, and their log-weights `(n,)`.

    A row's weight is the probability of the evidence given its parents. Source: Fung & Chang 1989.
    """
    network.factors(evidence)  # raises for a name that is not there
    x, log_weight = torch.zeros(n, len(network.names), dtype=torch.int64), torch.zeros(n, dtype=torch.float64)
    for column, name in enumerate(network.names):
        if name in evidence:
            x[:, column] = evidence[name]
            log_weight += network.log_factor(name, x)
        else:
            rows = network.tables[name][tuple(x[:, network.names.index(other)] for other in network.parents[name])]
            u = torch.rand(n, 1, generator=rng, dtype=torch.float64)
            x[:, column] = (u > rows.cumsum(-1)[..., :-1]).sum(-1)
    return x, log_weight


def gibbs(network: Network, sweeps: int, chains: int, evidence: Evidence, rng: torch.Generator | None = None) -> Tensor:
    """Gibbs sampling: `(sweeps, chains, D)`. A sweep draws every variable not observed given all others, in turn.

    Chains start at draws of likelihood weighting that the evidence does not rule out; ValueError if there are none.
    Source: Geman & Geman 1984.
    """
    x, log_weight = weighted_sample(network, 100 * chains, evidence, rng)
    x = x[log_weight > -math.inf][:chains].clone()
    if len(x) < chains:
        raise ValueError(f"Fewer than {chains} of {100 * chains} draws agree with the evidence: no place to start.")
    factors, free = network.factors(), [name for name in network.names if name not in evidence]
    plans = [(network.names.index(name), *_conditional(factors, name, network.names)) for name in free]
    out = torch.empty(sweeps, *x.shape, dtype=torch.int64)
    for sweep in range(sweeps):
        u = torch.rand(len(plans), chains, 1, generator=rng, dtype=torch.float64)
        for number, (column, strides, steps) in enumerate(plans):
            x[:, column] = (u[number] > steps[x @ strides]).sum(-1)
        out[sweep] = x
    return out


def _conditional(factors: Sequence[Factor], name: str, names: Sequence[str]) -> tuple[Tensor, Tensor]:
    """p(name | all others), which needs its Markov blanket alone: strides `(D,)` into cumulative rows `(…, k − 1)`."""
    touched = [factor for factor in factors if name in factor.names]
    blanket = [other for other in _scope(touched) if other != name]
    table = multiply(touched, [*blanket, name]).table
    rows = table / table.sum(-1, keepdim=True)  # 0 / 0 where the blanket is impossible: no chain ever is there
    strides, step = torch.zeros(len(names), dtype=torch.int64), 1
    for other, k in reversed(list(zip(blanket, table.shape[:-1], strict=True))):
        strides[names.index(other)], step = step, step * k
    return strides, rows.reshape(-1, table.shape[-1]).cumsum(-1)[:, :-1]
