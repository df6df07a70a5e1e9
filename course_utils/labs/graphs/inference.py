"""Lecture 09b's comparison of samplers: how far from the exact answer after so many draws, over many runs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from course_utils.models import graphs
from course_utils.models.graphs import Evidence, Network
from course_utils.plotting import Picture, picture

STOPS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 3_000)  # draws, or sweeps
RUNS, DRAWS = 40, STOPS[-1]


class Errors(NamedTuple):
    """Root mean square errors of p(query = 1 | evidence) over RUNS runs, after each of STOPS draws, `(len(STOPS),)`;
    and how many draws of a whole run carry the weight: (Σ w)² / Σ w², the median over runs."""

    weighting: Tensor
    gibbs: Tensor
    effective: float


def errors(network: Network, query: str, evidence: Evidence, rng: torch.Generator) -> Errors:
    """Likelihood weighting and Gibbs sampling against the exact answer; every chain starts where it is possible."""
    exact, column = graphs.posterior(network, query, evidence)[1], network.names.index(query)
    x, log_weight = graphs.weighted_sample(network, RUNS * DRAWS, evidence, rng)
    weight, drawn = log_weight.exp().view(RUNS, DRAWS), x[:, column].view(RUNS, DRAWS)
    chains = graphs.gibbs(network, DRAWS, RUNS, evidence, rng)[..., column].T
    effective = (weight.sum(1) ** 2 / weight.square().sum(1)).median().item()
    return Errors(_error(drawn, weight, exact), _error(chains, torch.ones_like(weight), exact), effective)


def _error(hits: Tensor, weight: Tensor, exact: Tensor) -> Tensor:
    running = (weight * hits).cumsum(1) / weight.cumsum(1)  # (RUNS, DRAWS): the answer so far
    return (running - exact).square().mean(0).sqrt()[[stop - 1 for stop in STOPS]]


def collapse(network: Network, name: str) -> Network:
    """The network without a variable that its parents decide, put into its children's tables; no answer changes.

    Raises ValueError for a variable that its parents do not decide.
    """
    table, above = network.tables[name], network.parents[name]
    if not ((table == 0) | (table == 1)).all():
        raise ValueError(f"'{name}' is not decided by its parents: its children would depend on each other.")
    tables, parents = dict(network.tables), dict(network.parents)
    del tables[name], parents[name]
    for child in tables:
        if name in parents[child]:
            parents[child] = (*(other for other in parents[child] if other != name), *above)
            pair = [factor for factor in network.factors() if factor.names[-1] in (name, child)]
            tables[child] = graphs.multiply(pair, [*parents[child], child]).table
    return Network(tables, parents)


def error_figure(panels: Mapping[str, Mapping[str, Sequence[float] | Tensor]], *, title: str, alt: str) -> Picture:
    """Errors after STOPS draws on log axes: a panel for each name, a line for each method in it."""
    figure, axes = picture(1, len(panels), title=title, alt=alt, height=3.3, sharey=True)
    for ax, (name, lines) in zip(axes, panels.items(), strict=True):
        for (method, values), style in zip(lines.items(), ("o-", "s-", "^:", "v-."), strict=False):
            ax.plot(STOPS, values, style, markersize=3.5, label=method)
        ax.set(xscale="log", yscale="log", ylim=(0.003, 1), xlabel="draws or sweeps", title=name)
        ax.legend(fontsize=7.5)
    axes[0].set_ylabel("error")
    return figure


def bars(groups: Mapping[str, Sequence[float]], names: Sequence[str], *, title: str, alt: str) -> Picture:
    """Shares from one half to one, in groups, a bar for each name."""
    figure, ax = picture(title=title, alt=alt, height=2.9)
    for index, name in enumerate(names):
        shift = 0.38 * (index - (len(names) - 1) / 2)
        shares = [values[index] for values in groups.values()]
        drawn = ax.bar([at + shift for at in range(len(groups))], shares, 0.36, label=name)
        ax.bar_label(drawn, [f"{share:.0%}" for share in shares], fontsize=8)
    ax.set(ylim=(0.5, 1.05), ylabel="share (axis from 0.5)")
    ax.set_xticks(range(len(groups)), list(groups))
    ax.legend(ncols=len(names), fontsize=8, loc="upper right")
    return figure
