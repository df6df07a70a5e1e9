"""The EM explorer: its pure parts, then its wiring on the kernel's side."""

import numpy as np
import pytest
import torch

from course_utils import plotting
from course_utils.data import toy
from course_utils.labs.gmm.em_explorer import (
    STEPS,
    EMPicture,
    Path,
    blend,
    draw_mixture,
    ellipses,
    em_explorer,
    gmm_diagram,
)
from course_utils.models import mixtures


@pytest.fixture(scope="module")
def x():
    return toy("blobs").sample(120, rng=torch.Generator().manual_seed(0)).double()


@pytest.fixture(scope="module")
def panel(x):
    return em_explorer(x)


def png(panel):
    return bytes(panel.views["em"].image.value)


def test_an_ellipse_lies_two_standard_deviations_from_its_mean():
    covariances = torch.tensor([[[2.0, 0.7], [0.7, 0.5]], [[1.0, 0.0], [0.0, 9.0]]], dtype=torch.float64)
    means = torch.tensor([[1.0, 2.0], [-3.0, 0.0]], dtype=torch.float64)
    away = ellipses(means, covariances) - means[:, None]
    squared = torch.einsum("kni,kij,knj->kn", away, covariances.inverse(), away)
    torch.testing.assert_close(squared, torch.full_like(squared, 4))


def test_a_points_color_is_a_blend_of_its_components_colors():
    certain = blend(torch.eye(9)[[0, 1, 8]])
    assert (certain[0] != certain[1]).any() and (certain[0] == certain[2]).all(), "the ninth begins anew"
    between = blend(torch.tensor([[0.25, 0.75]]))
    np.testing.assert_allclose(between[0], 0.25 * certain[0] + 0.75 * certain[1])


@pytest.mark.parametrize("covariance_type", mixtures.TYPES)
def test_a_path_is_em_whatever_the_order_in_which_steps_are_asked_for(x, covariance_type):
    path = Path(x, 3, covariance_type, seed=4)
    later, log_px = path.at(7)
    earlier, first = path.at(2)
    start = mixtures.start(x, 3, torch.Generator().manual_seed(4))
    theta, expected = mixtures.em(x, start, 7, covariance_type, reg_covar=1e-4)
    assert all(torch.equal(a, b) for a, b in zip(later, theta, strict=True))
    assert log_px == expected and first == expected[:3] and not torch.equal(earlier.means, later.means)


def test_no_component_can_collapse_in_the_explorer():
    few = torch.randn(12, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    theta, log_px = Path(few, 8, "full", seed=0).at(STEPS)
    assert torch.isfinite(torch.tensor(log_px)).all() and torch.linalg.eigvalsh(theta.covariances).min() > 0.9e-4


def test_draw_mixture_makes_a_picture_that_is_ready_to_be_shown(x):
    figure, axes = plotting.picture(alt="a mixture over points")
    draw_mixture(axes, x, mixtures.start(x, 3, torch.Generator().manual_seed(0)), "start")
    figure.check()
    assert axes.get_title() == "start" and len(axes.lines) == 4


def test_a_step_moves_the_picture_and_the_caption_reads_it(panel):
    panel.reset()
    before = png(panel)
    panel.buttons["Step"].click()
    assert panel.controls["step"].value == 1 and png(panel) != before and panel.exception is None
    caption = panel.views["em"].caption.value
    assert caption.startswith("Step 1: log p(x) = -") and caption.count("0.") >= 3


def test_going_back_gives_the_same_picture_again(panel):
    panel.reset()
    before = png(panel)
    panel.set(k=7, covariance_type="diag", step=12, draws=200)
    assert png(panel) != before
    panel.reset()
    assert png(panel) == before


@pytest.mark.parametrize("change", [{"k": 5}, {"covariance_type": "spherical"}, {"seed": 3}])
def test_another_model_or_start_begins_at_step_0(panel, change):
    panel.reset()
    panel.controls["step"].value = 9
    (name, value), *_ = change.items()
    panel.controls[name].value = value
    assert panel.controls["step"].value == 0 and panel.exception is None


def test_run_plays_the_steps_and_step_stops_at_the_end(panel):
    panel.reset()
    panel.run.value = 6  # what the browser does while it plays
    assert panel.controls["step"].value == 6
    panel.controls["step"].value = STEPS
    panel.buttons["Step"].click()
    assert panel.controls["step"].value == STEPS == panel.run.value == panel.run.max and panel.exception is None


def test_drawn_points_follow_the_mixture(panel, x):
    view = EMPicture(x)
    path = Path(x, 3, "full", 0)
    for step in (0, 10):
        theta, log_px = path.at(step)
        drawn, _ = mixtures.sample(50, *theta, torch.Generator().manual_seed(0))
        view.update(theta, log_px, drawn)
        np.testing.assert_array_equal(np.column_stack(view.drawn.get_data()), drawn)
        assert len(view.curve.get_xdata()) == step + 1
    panel.reset()
    before = png(panel)
    panel.controls["draws"].value = 40
    assert png(panel) != before


def test_nothing_is_rebuilt(panel):
    panel.reset()
    widgets, image = panel.children, panel.views["em"].image
    panel.set(k=4, step=3)
    panel.buttons["Step"].click()
    assert panel.children is widgets and panel.views["em"].image is image


def test_the_diagram_leads_from_the_first_die_to_the_responsibilities():
    alt = gmm_diagram().alt
    assert "k ~ π to N(μ_k, Σ_k), N(μ_k, Σ_k) to x, x to Bayes' rule, Bayes' rule to r = p(k|x)." in alt
