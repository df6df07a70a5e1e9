"""The corruptions of lecture 07: nothing at strength 0, at full strength what the label says; and the figure."""

import pytest
import torch

from course_utils.labs.evaluation import corruptions
from course_utils.widgets.sweep import Level

KINDS = ("noise", "blur", "dropped classes", "copies")
FRESH = torch.rand(60, 1, 12, 12, generator=torch.Generator().manual_seed(0))
TRAIN, LABELS = 1 - FRESH, torch.arange(60) % 10


def corrupt(kind, strength):
    return corruptions.corrupt(kind, strength, FRESH, LABELS, TRAIN)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_strength_zero_changes_nothing(kind):
    torch.testing.assert_close(corrupt(kind, 0.0), FRESH)


def test_full_strength_does_what_its_name_says():
    assert (corrupt("noise", 1.0) - FRESH).std() > 0.2
    assert torch.equal(corrupt("dropped classes", 1.0), FRESH[LABELS == 0])
    assert torch.equal(corrupt("copies", 1.0), TRAIN)


@pytest.mark.parametrize("width", (1.0, 1.4, 1.8))
def test_blur_keeps_a_flat_image_and_spreads_a_point_by_its_width(width):
    flat, point = torch.full((1, 1, 12, 12), 0.3), torch.zeros(1, 1, 13, 13)
    torch.testing.assert_close(corruptions.blurred(flat, width), flat)
    point[0, 0, 6, 6] = 1
    spread = (corruptions.blurred(point, width)[0, 0].sum(0) * (torch.arange(13) - 6.0) ** 2).sum()
    assert abs(spread - width**2) < 0.1 * width**2


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="unknown kind 'rain': choose noise"):
        corrupt("rain", 0.5)


def test_the_figure_has_a_row_for_each_metric_and_says_both_ends():
    sweep = {
        kind: [Level(kind, FRESH, {"a": 1.0, "b c": 2.0}), Level(kind, FRESH, {"a": 7.0, "b c": 0.5})] for kind in KINDS
    }
    figure = corruptions.sweep_figure(sweep, {"a": (0, 1), "b c": (0, 1)})
    assert len(figure.axes) == 8
    assert "noise: a 1 to 7, b c 2 to 0.5." in figure.alt
