"""Bayesian networks: elimination against the whole joint, samplers against the exact answer, interventions."""

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.models import graphs
from course_utils.models.graphs import Network
from course_utils.training import seeded


def rows(*yes):
    """Tables of p(yes | …) as p(no), p(yes)."""
    p = torch.tensor(yes, dtype=torch.float64)
    return torch.stack([1 - p, p], -1)


def asia():
    """The example of Lauritzen & Spiegelhalter 1988."""
    tables = {
        "asia": rows(0.01)[0],
        "smoke": rows(0.5)[0],
        "tub": rows(0.01, 0.05),
        "lung": rows(0.01, 0.1),
        "bronc": rows(0.3, 0.6),
        "either": rows([0, 1], [1, 1]),
        "xray": rows(0.05, 0.98),
        "dysp": rows([0.1, 0.7], [0.8, 0.9]),
    }
    parents = {"tub": ["asia"], "lung": ["smoke"], "bronc": ["smoke"], "either": ["tub", "lung"], "xray": ["either"]}
    return Network(tables, parents | {"dysp": ["bronc", "either"]})


def random_network(seed, states=(2, 3, 2, 4, 2), most=2):
    """A network with random arrows and tables, and variables of several numbers of states."""
    rng, names = seeded(seed), "abcde"[: len(states)]
    size, tables, parents = dict(zip(names, states, strict=True)), {}, {}
    for index, name in enumerate(names):
        order = torch.randperm(index, generator=rng)[: torch.randint(most + 1, (), generator=rng)]
        parents[name] = [names[i] for i in order]
        table = torch.rand([*(size[p] for p in parents[name]), size[name]], generator=rng, dtype=torch.float64) + 0.05
        tables[name] = table / table.sum(-1, keepdim=True)
    return Network(tables, parents)


def by_enumeration(network, query, evidence):
    """p(query | evidence), combination by combination, in plain Python."""
    answer = torch.zeros(network.states[query], dtype=torch.float64)
    for values in itertools.product(*(range(k) for k in network.states.values())):
        world = dict(zip(network.names, values, strict=True))
        if all(world[name] == value for name, value in evidence.items()):
            p = 1.0
            for name, table in network.tables.items():
                p *= table[(*(world[parent] for parent in network.parents[name]), world[name])].item()
            answer[world[query]] += p
    return answer / answer.sum()


def test_the_published_marginals_of_asia():
    known = {"tub": 0.0104, "lung": 0.055, "bronc": 0.45, "either": 0.064828, "xray": 0.11029004, "dysp": 0.4359706}
    for name, p in known.items():
        assert graphs.posterior(asia(), name)[1].item() == pytest.approx(p, abs=1e-8)
    assert asia().numbers() == 18 and asia().joint().numel() == 256


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.data())
def test_elimination_is_enumeration_whatever_the_order(seed, data):
    network = random_network(seed)
    query = data.draw(st.sampled_from(network.names))
    observed = data.draw(st.sets(st.sampled_from([name for name in network.names if name != query]), max_size=3))
    evidence = {name: data.draw(st.integers(0, network.states[name] - 1)) for name in sorted(observed)}
    hidden = data.draw(st.permutations([n for n in network.names if n != query and n not in evidence]))
    answer = by_enumeration(network, query, evidence)
    torch.testing.assert_close(graphs.posterior(network, query, evidence), answer)
    table = graphs.eliminate(network.factors(evidence), hidden)[0].table
    torch.testing.assert_close(table / table.sum(), answer)


@pytest.mark.parametrize("seed", range(5))
def test_the_joint_is_a_distribution_and_log_prob_reads_it(seed):
    network = random_network(seed)
    joint = network.joint()
    assert joint.sum().item() == pytest.approx(1)
    x = torch.cartesian_prod(*(torch.arange(k) for k in joint.shape))
    torch.testing.assert_close(network.log_prob(x), joint.flatten().log())


def star(leaves):
    tables = {"c": [0.4, 0.6]} | {f"x{i}": rows(0.1, 0.7) for i in range(leaves)}
    return Network(tables, {f"x{i}": ["c"] for i in range(leaves)})


def test_the_cost_of_an_order_is_the_largest_table():
    network = star(8)
    leaves = [f"x{i}" for i in range(1, 8)]
    assert graphs.eliminate(network.factors(), [*leaves, "c"])[1] == 4
    assert graphs.eliminate(network.factors(), ["c", *leaves])[1] == 2**9
    greedy = graphs.greedy_order(network.factors(), ["x0"])
    assert sorted(greedy) == sorted([*leaves, "c"]) and graphs.eliminate(network.factors(), greedy)[1] == 4


def test_the_greedy_order_leaves_a_chain_cheap_from_either_end():
    names = [f"z{i}" for i in range(12)]
    tables = {name: rows(0.3, 0.8) if i else [0.5, 0.5] for i, name in enumerate(names)}
    chain = Network(tables, {after: [before] for before, after in itertools.pairwise(names)})
    for query in ("z0", "z5", "z11"):
        assert graphs.eliminate(chain.factors(), graphs.greedy_order(chain.factors(), [query]))[1] <= 8


@pytest.mark.parametrize("seed", range(4))
def test_samplers_agree_with_the_exact_answer(seed):
    network, evidence, n = random_network(seed), {"d": 1, "e": 0}, 60_000
    exact = graphs.posterior(network, "a", evidence)[1].item()
    x, log_weight = graphs.weighted_sample(network, n, evidence, seeded(seed))
    assert (x[:, 3] == 1).all() and (x[:, 4] == 0).all()
    weight = log_weight.exp()
    hit = (x[:, 0] == 1).double()
    by_weight = ((weight * hit).sum() / weight.sum()).item()
    effective = (weight.sum() ** 2 / weight.square().sum()).item()
    assert abs(by_weight - exact) < 4.5 * math.sqrt(exact * (1 - exact) / effective)
    torch.testing.assert_close(weight.mean(), probability(network, evidence), rtol=0.05, atol=0)
    chains = graphs.gibbs(network, 1500, 40, evidence, seeded(seed))[100:]
    means = (chains[..., 0] == 1).double().mean(0)  # of 40 independent chains
    assert abs(means.mean().item() - exact) < 4.5 * means.std().item() / math.sqrt(40)
    assert (chains[..., 3] == 1).all() and (chains[..., 4] == 0).all()


def probability(network, evidence):
    factors = network.factors(evidence)
    return graphs.eliminate(factors, graphs.greedy_order(factors, []))[0].table


def test_ancestral_draws_have_the_probabilities_of_the_joint():
    network, n = random_network(3, states=(2, 3, 2)), 100_000
    counts = torch.zeros(2, 3, 2, dtype=torch.float64)
    counts.index_put_(tuple(network.sample(n, rng=seeded()).T), torch.ones(n).double(), accumulate=True)
    p = network.joint()
    assert ((counts / n - p).abs() < 5 * (p * (1 - p) / n).sqrt()).all()


def test_one_sweep_of_gibbs_keeps_the_posterior():
    """Draws of the posterior itself, by enumeration, have its probabilities still after a sweep."""
    network, n = random_network(7, states=(2, 3, 2)), 200_000
    start = network.joint().flatten().multinomial(n, replacement=True, generator=seeded(1))
    x = torch.stack(torch.unravel_index(start, (2, 3, 2)), 1)
    counts = torch.zeros(2, 3, 2, dtype=torch.float64)
    for column, name in enumerate(network.names):
        strides, steps = graphs._conditional(network.factors(), name, network.names)
        x[:, column] = (torch.rand(n, 1, generator=seeded(column)).double() > steps[x @ strides]).sum(-1)
    counts.index_put_(tuple(x.T), torch.ones(n).double(), accumulate=True)
    p = network.joint()
    assert ((counts / n - p).abs() < 5 * (p * (1 - p) / n).sqrt()).all()


def test_a_deterministic_table_holds_gibbs_where_it_began():
    chains = graphs.gibbs(asia(), 200, 60, {"xray": 1, "dysp": 1}, seeded())
    either = chains[..., asia().names.index("either")]
    assert (either == either[0]).all() and 0 < either[0].double().mean() < 0.5  # exact: 0.73


def test_do_cuts_the_arrows_into_what_is_set_and_no_others():
    set_by_hand = asia().do(either=1)
    assert set_by_hand.parents["either"] == () and set_by_hand.parents["xray"] == ("either",)
    assert graphs.posterior(set_by_hand, "lung")[1].item() == pytest.approx(0.055)  # not told by what was set
    assert graphs.posterior(asia(), "lung", {"either": 1})[1].item() > 0.8
    assert graphs.posterior(set_by_hand, "xray")[1].item() == pytest.approx(0.98)
    root = asia().do(smoke=1)
    assert graphs.posterior(root, "dysp")[1] == pytest.approx(graphs.posterior(asia(), "dysp", {"smoke": 1})[1].item())


@pytest.mark.parametrize(
    ("tables", "parents", "words"),
    [
        ({"a": [0.5, 0.6]}, {}, "sum to 1"),
        ({"a": [1.5, -0.5]}, {}, "≥ 0"),
        ({"a": [0.5, 0.5], "b": [0.5, 0.5]}, {"b": ["a"]}, r"needs the shape \(2, 2\)"),
        ({"b": [[0.5, 0.5]] * 2, "a": [0.5, 0.5]}, {"b": ["a"]}, "listed before it"),
        ({"a": [0.5, 0.5]}, {"b": ["a"]}, "which has no table"),
    ],
)
def test_a_network_that_is_none_is_refused(tables, parents, words):
    with pytest.raises(ValueError, match=words):
        Network(tables, parents)


def test_questions_that_have_no_answer_are_refused():
    network = asia()
    with pytest.raises(ValueError, match="No variable is called cough"):
        graphs.posterior(network, "lung", {"cough": 1})
    with pytest.raises(ValueError, match="not observed"):
        graphs.posterior(network, "lung", {"lung": 1})
    with pytest.raises(ValueError, match="probability 0"):
        graphs.posterior(network, "asia", {"either": 0, "tub": 1})
    with pytest.raises(ValueError, match="No variable is called cough"):
        network.do(cough=1)
    with pytest.raises(ValueError, match="no place to start"):
        graphs.gibbs(network, 5, 4, {"either": 0, "tub": 1}, seeded())
