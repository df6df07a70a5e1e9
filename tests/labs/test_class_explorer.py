"""Lecture 01's explorer: what its picture shows is what was fitted, and a control changes it without making it anew."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import one_hot

from course_utils.labs.definitions import class_explorer
from course_utils.labs.definitions.class_explorer import GRID, TwoClasses, logistic, two_classes, zero_line
from course_utils.models.discriminant import GaussianDiscriminant

SETTING = {"distance": 2.0, "labels": 100, "correlation": 0.5, "covariance": "tied", "seed": 3}


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)), dtype=float)


def shares(said):
    return [float(word.rstrip("%,")) / 100 for word in said.split() if "%" in word]


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.6])
def test_two_classes_are_as_they_are_said_to_be(correlation):
    x, y = two_classes(40_000, 3.0, correlation, torch.Generator().manual_seed(0))
    apart = x[y == 1].mean(0) - x[y == 0].mean(0)
    assert apart.norm() == pytest.approx(3, abs=0.05) and len(x) == 2 * y.sum()
    for k in (0, 1):
        expected = torch.tensor([[1, correlation], [correlation, 1]])
        torch.testing.assert_close(torch.cov(x[y == k].T), expected, atol=0.04, rtol=0)


@pytest.mark.parametrize("seed", range(3))
def test_the_boundaries_are_where_both_classes_are_equally_likely(seed):
    two = TwoClasses()
    two.update(**SETTING | {"seed": seed})
    x, y = two_classes(100, 2.0, 0.5, torch.Generator().manual_seed(seed))
    model, (weight, bias) = GaussianDiscriminant(x, one_hot(y).float(), "tied", reg_covar=1e-3), logistic(x, y)
    generative, discriminative = (torch.tensor(line.get_segments()[0], dtype=torch.float32) for line in two.lines)
    assert len(generative) > 50 and len(discriminative) > 50
    assert (model.log_posterior(generative).exp() - 0.5).abs().max() < 0.01
    assert ((discriminative @ weight + bias).sigmoid() - 0.5).abs().max() < 0.01


def test_what_is_said_is_what_is_shown():
    two = TwoClasses()
    said = two.update(**SETTING)
    generative, discriminative = shares(said)
    assert said.startswith("100 labels.") and 0.8 < generative < 0.95 and abs(generative - discriminative) < 0.03
    x, y = two_classes(100, 2.0, 0.5, torch.Generator().manual_seed(3))
    for dots in two.points:
        assert [len(d.get_offsets()) for d in dots] == [50, 50]
        np.testing.assert_allclose(dots[1].get_offsets(), x[y == 1])
    assert sum(len(d.get_offsets()) for d in two.draws) == class_explorer.DRAWS
    density = np.asarray(two.density.get_array())
    row, column = np.unravel_index(density.argmax(), density.shape)
    peak = GRID[row * class_explorer.CELLS + column]
    model = GaussianDiscriminant(x, one_hot(y).float(), "tied", reg_covar=1e-3)
    assert model.log_prob(peak[None]) > model.log_prob(GRID).max() - 0.15


def test_a_wrong_assumption_costs_and_classes_without_distance_cannot_be_told_apart():
    two = TwoClasses()
    naive, right = shares(two.update(**SETTING | {"labels": 1000, "correlation": 0.7, "covariance": "tied_diag"}))
    assert right - naive > 0.04
    assert shares(two.update(**SETTING | {"distance": 0.0})) == pytest.approx([0.5, 0.5], abs=0.03)


def test_every_setting_can_be_shown():
    two = TwoClasses()
    for labels in (min(class_explorer.LABELS), max(class_explorer.LABELS)):
        for _, covariance in class_explorer.KINDS:
            for distance, correlation in ((0.0, 0.9), (4.0, -0.9)):
                generative, discriminative = shares(two.update(distance, labels, correlation, covariance, seed=0))
                assert 0.3 < generative <= 1 and 0.3 < discriminative <= 1


def test_the_zero_line_of_a_circle():
    (circle,) = zero_line((GRID.square().sum(1) - 4).contiguous())
    np.testing.assert_allclose(np.linalg.norm(circle, axis=1), 2, atol=0.02)


def test_a_redraw_is_the_whole_picture_drawn_anew():
    panel = class_explorer.class_explorer()
    panel.set(**SETTING)
    shown = pixels(panel.views["picture"].image.value)
    again = class_explorer.class_explorer()
    again.set(**SETTING | {"seed": 7})
    again.set(**SETTING)
    np.testing.assert_array_equal(shown, pixels(again.views["picture"].image.value))


def test_controls_change_the_picture_and_its_words_and_reset_brings_them_back():
    panel = class_explorer.class_explorer()
    image = panel.views["picture"].image
    first, value = image, image.value
    for name, new in {**SETTING, "labels": 500}.items():
        before = image.value, panel.views["picture"].caption.value
        if panel.controls[name].value != new:
            panel.controls[name].value = new
            assert image.value != before[0], name
        assert panel.exception is None
    assert image is first and "500 labels" in panel.views["picture"].caption.value
    assert image.tooltip == panel.views["picture"].caption.value
    panel.reset()
    assert image.value == value


def test_the_static_picture_says_the_same_as_the_explorer():
    figure = class_explorer.two_ways(**SETTING)
    figure.check()
    assert TwoClasses().update(**SETTING) in figure.alt
