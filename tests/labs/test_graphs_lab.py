"""Lecture 09b's labs: d-separation against networkx and measured dependence, learning against closed forms."""

import math
from itertools import combinations, pairwise

import networkx
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.labs.graphs import dags, learning
from course_utils.labs.graphs.learning import MISSING
from course_utils.models.graphs import Network
from course_utils.training import seeded

NAMES = "abcdef"


@st.composite
def graph(draw, names=NAMES):
    """A random graph without cycles, as parents."""
    order = draw(st.permutations(names))
    return {name: [o for o in order[: order.index(name)] if draw(st.booleans())] for name in order}


def with_tables(parents, seed):
    """A network on a graph, with random tables."""
    order, rng, tables = dags.in_order(parents), seeded(seed), {}
    for name in order:
        p = 0.1 + 0.8 * torch.rand((2,) * len(parents[name]), generator=rng, dtype=torch.float64)
        tables[name] = torch.stack([1 - p, p], -1)
    return Network(tables, parents)


@settings(max_examples=60, deadline=None)
@given(graph(), st.data())
def test_d_separation_is_networkxs(parents, data):
    start = data.draw(st.sampled_from(NAMES))
    observed = data.draw(st.sets(st.sampled_from([name for name in NAMES if name != start])))
    drawn = networkx.DiGraph([(above, name) for name in parents for above in parents[name]])
    drawn.add_nodes_from(NAMES)
    others = set(NAMES) - observed - {start}
    expected = {b for b in others if not networkx.is_d_separator(drawn, {start}, {b}, observed)}
    assert dags.connected(parents, start, observed) == expected


@pytest.mark.parametrize("seed", range(3))
def test_what_is_separated_is_independent_and_what_is_connected_depends(seed):
    parents = {"a": (), "b": (), "c": ("a", "b"), "d": ("c",), "e": ("b",)}
    network, seen = with_tables(parents, seed), set()
    for a, b in combinations(parents, 2):
        for size in range(4):
            for observed in combinations(sorted(set(parents) - {a, b}), size):
                bits = learning.information(network, a, b, observed)
                linked = b in dags.connected(parents, a, observed)
                seen.add(linked)
                assert bits > 1e-7 if linked else abs(bits) < 1e-12
    assert seen == {True, False}


def test_mutual_information_in_bits():
    copy = Network({"a": [0.5, 0.5], "b": [[1, 0], [0, 1]]}, {"b": ["a"]})
    assert learning.information(copy, "a", "b") == pytest.approx(1)
    xor = Network({"a": [0.5, 0.5], "b": [0.5, 0.5], "c": [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]}, {"c": ["a", "b"]})
    assert learning.information(xor, "a", "b") == pytest.approx(0, abs=1e-12)
    assert learning.information(xor, "a", "b", ["c"]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("names", "graphs", "classes"), [("a", 1, 1), ("ab", 3, 2), ("abc", 25, 11), ("abcd", 543, 185)]
)
def test_the_number_of_graphs_and_of_classes_is_the_known_one(names, graphs, classes):
    found = list(dags.every_graph(names))  # Robinson 1977; Gillispie & Perlman 2001
    assert len(found) == graphs == len({str(sorted(g.items())) for g in found})
    assert len({dags.equivalence(g) for g in found}) == classes
    assert dags.in_order({"a": ("b",), "b": ("a",)}) is None


def test_graphs_score_the_same_if_and_only_if_they_are_equivalent():
    x = torch.randint(0, 2, (300, 3), generator=seeded(1))
    x[:, 2] = torch.where(torch.rand(300, generator=seeded(2)) < 0.3, x[:, 2], x[:, 0] | x[:, 1])
    scores = {}
    for parents in dags.every_graph("abc"):
        scores.setdefault(dags.equivalence(parents), []).append(learning.bic(x, parents, (2, 2, 2)))
    means = sorted(sum(values) / len(values) for values in scores.values())
    assert all(max(values) - min(values) < 1e-9 for values in scores.values())
    assert min(b - a for a, b in pairwise(means)) > 1e-3


def test_bic_is_the_largest_likelihood_less_its_price():
    x = torch.tensor([[0, 0], [0, 1], [1, 1], [1, 1]])
    chain = {"a": (), "b": ("a",)}
    by_hand = 4 * math.log(0.5) + 2 * math.log(0.5) - 0.5 * math.log(4) * 3
    assert learning.bic(x, chain, (2, 2)) == pytest.approx(by_hand)
    fitted = learning.tables_from(learning.count(x, (2, 2)), ("a", "b"), chain, prior=0)
    assert learning.bic(x, chain, (2, 2)) == pytest.approx(
        fitted.log_prob(x).sum().item() - 0.5 * math.log(4) * fitted.numbers()
    )


def test_tables_by_counting_with_a_prior():
    x = torch.tensor([[0, 0], [0, 1], [0, 1], [1, 1]])
    counts = learning.count(x, (2, 2))
    assert counts.tolist() == [[1, 2], [0, 1]]
    network = learning.tables_from(counts, ("a", "b"), {"b": ["a"]})
    assert network.tables["a"].tolist() == pytest.approx([4 / 6, 2 / 6])
    torch.testing.assert_close(network.tables["b"], torch.tensor([[2 / 5, 3 / 5], [1 / 3, 2 / 3]]).double())
    with pytest.raises(ValueError, match="prior above 0"):
        learning.tables_from(learning.count(x[:3], (2, 2)), ("a", "b"), {"b": ["a"]}, prior=0)


def test_the_axes_of_a_learned_table_stand_in_the_order_of_its_parents():
    truth = with_tables({"a": (), "b": (), "c": ("b", "a")}, 5)
    learned = learning.tables_from(truth.joint(), truth.names, truth.parents, prior=0)
    for name, table in truth.tables.items():
        torch.testing.assert_close(learned.tables[name], table)
    assert learning.divergence(truth, learned) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_em_never_falls_and_needs_one_step_without_gaps(seed):
    truth = with_tables({"a": (), "b": ("a",), "c": ("a", "b")}, seed)
    x = truth.sample(400, rng=seeded(seed))
    start = with_tables(truth.parents, seed + 100)
    whole, _ = learning.em(x, start, steps=1)
    counted = learning.tables_from(learning.count(x, (2, 2, 2)), truth.names, truth.parents, prior=0)
    torch.testing.assert_close(whole.joint(), counted.joint())
    x[torch.rand(x.shape, generator=seeded(seed)) < 0.4] = MISSING
    _, history = learning.em(x, start, steps=40)
    assert all(after >= before - 1e-9 for before, after in pairwise(history))
    assert history[-1] > history[0]


def test_the_log_likelihood_of_what_was_seen_is_a_sum_over_what_was_not():
    network = with_tables({"a": (), "b": ("a",)}, 1)
    joint = network.joint()
    x = torch.tensor([[0, MISSING], [MISSING, 1], [1, 0], [MISSING, MISSING]])
    _, log_likelihood = learning.expected_counts(x, network)
    by_hand = joint[0].sum().log() + joint[:, 1].sum().log() + joint[1, 0].log()
    assert log_likelihood.item() == pytest.approx(by_hand.item())
    sure = Network({"a": [1.0, 0.0]}, {})
    with pytest.raises(ValueError, match="rules out the row"):
        learning.expected_counts(torch.tensor([[1]]), sure)
