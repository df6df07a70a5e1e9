"""Tables from data: by counting, and by EM where cells are missing; the score of a graph."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from course_utils.models.graphs import Network, Parents, multiply

MISSING = -1


def tables_from(joint_counts: Tensor, names: Sequence[str], parents: Parents, prior: float = 1.0) -> Network:
    """Each table p(name | parents) from counts of all combinations, an axis for each name, `prior` added to each cell.

    Raises ValueError for prior = 0 where a combination of parents was never seen.
    """
    tables = {}
    for name in names:
        keep = [*parents.get(name, ()), name]
        out = [index for index, other in enumerate(names) if other not in keep]
        counts = joint_counts.sum(out) if out else joint_counts
        left = [other for other in names if other in keep]
        counts = counts.permute([left.index(other) for other in keep]) + prior
        if not (counts.sum(-1) > 0).all():
            raise ValueError(f"'{name}' was never seen with some states of its parents: take a prior above 0.")
        tables[name] = counts / counts.sum(-1, keepdim=True)
    return Network(tables, parents)


def count(x: Tensor, states: Sequence[int]) -> Tensor:
    """How often each combination occurs in rows x `(N, D)`: a tensor of the shape `states`, float64."""
    counts = torch.zeros(tuple(states), dtype=torch.float64)
    return counts.index_put(tuple(x.T), torch.ones(len(x), dtype=torch.float64), accumulate=True)


def expected_counts(x: Tensor, network: Network) -> tuple[Tensor, Tensor]:
    """The E-step, for rows x `(N, D)` with MISSING cells: expected counts of all combinations, an axis for each name,
    and the log-likelihood in nats of what was seen, `()`.

    Raises ValueError for a row that the network rules out.
    """
    joint, (patterns, times) = network.joint(), torch.unique(x, dim=0, return_counts=True)
    worlds = torch.cartesian_prod(*(torch.arange(k) for k in joint.shape)).view(joint.numel(), -1)
    agrees = ((patterns[:, None] == MISSING) | (patterns[:, None] == worlds)).all(-1)  # (patterns, worlds)
    p = agrees * joint.flatten()
    total = p.sum(1)
    if not (total > 0).all():
        raise ValueError(f"The network rules out the row {patterns[total == 0][0].tolist()}.")
    return (times / total @ p).view(joint.shape), (times * total.log()).sum()


def em(x: Tensor, start: Network, steps: int = 100, prior: float = 0.0) -> tuple[Network, list[float]]:
    """EM for the tables of a network from rows x `(N, D)` with MISSING cells, from a start; log-likelihoods before each
    step, in nats: they never fall if prior = 0. Source: Dempster, Laird & Rubin 1977; Lauritzen 1995."""
    network, history = start, []
    for _ in range(steps):
        counts, log_likelihood = expected_counts(x, network)
        history.append(log_likelihood.item())
        network = tables_from(counts, network.names, network.parents, prior)
    return network, history


def family_score(counts: Tensor, n: int) -> float:
    """BIC of one table, in nats, from counts `(…, k)`: its largest log-likelihood, ½ log n off for each free number."""
    share = counts / counts.sum(-1, keepdim=True).clamp(min=1)
    numbers = counts[..., 0].numel() * (counts.shape[-1] - 1)
    return torch.xlogy(counts, share).sum().item() - 0.5 * math.log(n) * numbers


def bic(x: Tensor, parents: Parents, states: Sequence[int], known: dict | None = None) -> float:
    """BIC of a graph in nats, for complete rows x `(N, D)`, a column for each name of `parents`: higher is better.

    A sum over the tables; `known` keeps those already scored for these rows. Source: Schwarz 1978.
    """
    names, known, total = list(parents), {} if known is None else known, 0.0
    for name, above in parents.items():
        columns = [names.index(other) for other in (*sorted(above), name)]
        if tuple(columns) not in known:
            counts = count(x[:, columns], [states[column] for column in columns])
            known[tuple(columns)] = family_score(counts, len(x))
        total += known[tuple(columns)]
    return total


def divergence(truth: Network, model: Network) -> float:
    """KL(truth ‖ model) in nats, over all combinations; both over the same names in the same order."""
    p, q = truth.joint(), model.joint()
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum().item()


def single_table_loss(x: Tensor, truth: Network) -> float:
    """KL(truth ‖ one table of all combinations) in nats, learned by counting rows x `(N, D)`: at the best of several
    priors for this very truth, which nobody would know."""
    p, counts = truth.joint(), count(x, tuple(truth.states.values()))
    learned = [(counts + prior) / (counts + prior).sum() for prior in (1 / counts.numel(), 0.01, 0.03, 0.1, 0.3, 1.0)]
    return min((torch.xlogy(p, p) - torch.xlogy(p, q)).sum().item() for q in learned)


def information(network: Network, a: str, b: str, observed: Sequence[str] = ()) -> float:
    """The mutual information of two variables given others, I(a; b | observed), in bits, from the joint itself."""
    p = multiply(network.factors(), [a, b, *observed]).table
    independent = p.sum(1, keepdim=True) * p.sum(0, keepdim=True) / p.sum((0, 1), keepdim=True).clamp(min=1e-300)
    return ((torch.xlogy(p, p) - torch.xlogy(p, independent)).sum() / math.log(2)).item()
