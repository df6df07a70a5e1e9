"""Lecture 09b's explorers and figures: d-separation, a test's predictive values, samplers' errors."""

import numpy as np
import pytest
import torch

from course_utils.labs.graphs import diagnosis, drawing, inference, learning, separation
from course_utils.models import graphs
from course_utils.models.graphs import Network
from course_utils.training import seeded

PLACES = {"a": (0, 1), "b": (2, 1), "c": (1, 0), "d": (1, -1)}


def yes(*p):
    p = torch.tensor(p, dtype=torch.float64)
    return torch.stack([1 - p, p], -1)


@pytest.fixture(scope="module")
def network():
    """Two causes, their collider, which they decide, and its child."""
    tables = {"a": yes(0.3)[0], "b": yes(0.4)[0], "c": yes([0, 1], [1, 1]), "d": yes(0.1, 0.8)}
    return Network(tables, {"c": ["a", "b"], "d": ["c"]})


@pytest.fixture(scope="module")
def explorer(network):
    return separation.separation_explorer(network, PLACES, "a")


def png(panel, view):
    return bytes(panel.views[view].image.value)


def test_a_reading_says_what_graph_and_tables_say(network):
    alone = separation.Reading(network, "a", [])
    assert alone.role == {"a": "asked", "b": "separated", "c": "connected", "d": "connected"}
    assert abs(alone.bits["b"]) < 1e-12 and alone.bits["d"] == pytest.approx(learning.information(network, "a", "d"))
    woken = separation.Reading(network, "a", ["d", "a"])  # what is asked for is not observed
    assert woken.role == {"a": "asked", "d": "observed", "b": "connected", "c": "connected"}
    assert woken.bits["b"] > 1e-3 and "Connected: b, c. d-separated: none." in woken.said()
    decided = separation.Reading(Network(network.tables, {"c": ["a", "b"], "d": ["c"]}), "c", ["a", "b"])
    assert decided.role["d"] == "connected" and "independent by these tables: d" in decided.said()


def test_ticking_a_box_wakes_a_collider_and_reset_puts_it_back(explorer):
    explorer.reset()
    start, said = png(explorer, "graph"), explorer.views["graph"].caption.value
    assert said == "a, nothing observed. Connected: c, d. d-separated: b."
    explorer.controls["d"].value = True
    assert png(explorer, "graph") != start and explorer.exception is None
    assert explorer.views["graph"].caption.value == "a, given d. Connected: b, c. d-separated: none."
    explorer.controls["asked"].value = "b"
    assert explorer.views["graph"].caption.value.startswith("b, given d. Connected: a, c.")
    explorer.reset()
    assert png(explorer, "graph") == start


def test_the_graph_shows_names_numbers_and_roles(network):
    drawn = separation.SeparationPicture(network, PLACES)
    reading = drawn.update("a", ["c"])
    assert drawn.nodes["a"].text.get_text() == "a" and drawn.nodes["c"].text.get_text() == "c"
    assert drawn.nodes["b"].text.get_text() == f"b\n{1000 * reading.bits['b']:.1f}"
    assert drawn.nodes["d"].text.get_text() == "d\n0"
    colors = {name: node.circle.get_facecolor() for name, node in drawn.nodes.items()}
    assert len(set(colors.values())) == 4
    still = separation.still(network, PLACES, "a", ["c"], "A title")
    still.check()
    assert "given c" in still.alt and [separation.number(bits) for bits in (0, 5e-5, 0.0123)] == ["0", "< 0.1", "12.3"]


def test_natural_frequencies_and_predictive_values_are_bayes_rule():
    found = diagnosis.frequencies(0.01, 0.8, 0.904)
    assert tuple(found) == pytest.approx((80, 20, 950.4, 8949.6)) and sum(found) == pytest.approx(10_000)
    net = Network({"ill": yes(0.01)[0], "test": yes(0.096, 0.8)}, {"test": ["ill"]})
    assert found.ppv == pytest.approx(graphs.posterior(net, "ill", {"test": 1})[1].item())
    assert found.npv == pytest.approx(graphs.posterior(net, "ill", {"test": 0})[0].item())
    assert diagnosis.frequencies(0.2, 0.5, 0.5).ppv == pytest.approx(0.2)  # a coin tells nothing
    assert diagnosis.frequencies(0.2, 0.9, 1.0).ppv == 1


@pytest.mark.parametrize(("shares", "words"), [((1.2, 0.5, 0.5), "from 0 to 1"), ((0.0, 0.5, 1.0), "nobody")])
def test_shares_that_are_none_are_refused(shares, words):
    with pytest.raises(ValueError, match=words):
        diagnosis.frequencies(*shares)


@pytest.mark.parametrize("shares", [(0.01, 0.8, 0.904), (0.5, 1.0, 0.5), (1e-4, 0.5, 0.5), (0.3, 0.55, 1.0)])
def test_the_crowd_counts_everybody_once(shares):
    found = diagnosis.frequencies(*shares)
    crowd = diagnosis.crowd(found)
    assert crowd.shape == (100, 100)
    counts = np.bincount(crowd.ravel(), minlength=4)
    expected = [found.true_negative, found.false_positive, found.false_negative, found.true_positive]
    assert np.abs(counts - expected).max() <= 1


def test_the_test_explorer_reads_its_sliders():
    panel = diagnosis.diagnosis_explorer()
    start = png(panel, "test")
    assert "PPV 7.8%: of 1,030 positives 80 are ill." in panel.views["test"].caption.value
    for prevalence in diagnosis.COMMON:
        for sensitivity, specificity in ((0.5, 0.5), (1.0, 1.0)):
            panel.set(prevalence=prevalence, sensitivity=sensitivity, specificity=specificity)
            assert panel.exception is None
    assert "NPV 100.00%" in panel.views["test"].caption.value and png(panel, "test") != start
    panel.reset()
    assert png(panel, "test") == start
    diagnosis.still(0.01, 0.8, 0.904).check()


def test_a_variable_that_its_parents_decide_can_be_put_into_its_children(network):
    less = inference.collapse(network, "c")
    assert less.names == ("a", "b", "d") and set(less.parents["d"]) == {"a", "b"}
    torch.testing.assert_close(less.joint(), network.joint().sum(2))
    with pytest.raises(ValueError, match="not decided by its parents"):
        inference.collapse(network, "d")


def test_errors_fall_as_the_root_of_the_draws_where_nothing_hinders():
    coin = Network({"a": yes(0.3)[0], "b": yes(0.4, 0.6)}, {"b": ["a"]})
    found = inference.errors(coin, "a", {"b": 1}, seeded())
    assert 0.8 < found.effective / inference.DRAWS <= 1
    exact = graphs.posterior(coin, "a", {"b": 1})[1].item()
    for curve in (found.weighting, found.gibbs):
        expected = torch.tensor([(exact * (1 - exact) / stop) ** 0.5 for stop in inference.STOPS]).double()
        assert ((curve / expected > 0.6) & (curve / expected < 1.6)).all()


def test_figures_are_ready_to_be_shown(network):
    found = inference.errors(network, "a", {"d": 1}, seeded())
    panels = {"one": {"weighting": found.weighting}, "two": {"Gibbs": found.gibbs}}
    inference.error_figure(panels, title="t", alt="a").check()
    inference.bars({"x": [0.6, 0.7], "y": [0.8, 0.9]}, ["p", "q"], title="t", alt="a").check()
    drawing.tables_diagram(network, PLACES).check()
    several = {"seen": network.parents, "do(c)": network.do(c=1).parents}
    figure = drawing.graphs(several, PLACES, title="t", set_by_hand="c", names={"seen": {"a": "other"}})
    figure.check()
    assert "do(c): c to d" in figure.alt
    assert "other" in [text.get_text() for text in figure.axes[0].texts]


def test_one_table_learns_at_the_best_prior(network):
    x = network.sample(200, rng=seeded())
    p = network.joint()
    loss = learning.single_table_loss(x, network)
    for prior in (0.01, 0.1, 1.0):
        q = (learning.count(x, p.shape) + prior) / (200 + prior * p.numel())
        assert loss <= (torch.xlogy(p, p) - torch.xlogy(p, q)).sum().item() + 1e-12
    assert learning.single_table_loss(network.sample(100_000, rng=seeded()), network) < 1e-3
