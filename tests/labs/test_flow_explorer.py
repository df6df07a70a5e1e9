"""Lecture 08a's explorers: a flow's layers over a warped grid, and a digit drawn pixel by pixel."""

import numpy as np
import pytest
import torch

from course_utils import models
from course_utils.labs.flows import explorer, pixels
from course_utils.models import flows
from course_utils.training import seeded

WINDOW = (-6.0, 6.0, -6.0, 6.0)
LAYERS = 3


@pytest.fixture(scope="module")
def flow():
    with models.first_weights(0):
        made = flows.Flow(flows.alternating(2, LAYERS), hidden=8)
    for number, parameter in enumerate(made.parameters()):
        parameter.data.copy_(0.3 * torch.randn(parameter.shape, generator=seeded(number)))
    return made


@pytest.fixture(scope="module")
def walk(flow):
    return explorer.flow_explorer(flow, WINDOW)


@pytest.fixture(scope="module")
def chain():
    model = flows.LinearAutoregression((1, 3, 4))
    model.weight.data.copy_(torch.randn(12, 12, generator=seeded()))
    return model


@pytest.fixture(scope="module")
def player(chain):
    return pixels.pixel_player(chain)


def png(panel, view):
    return bytes(panel.views[view].image.value)


def test_the_grid_begins_square_and_ends_where_the_flow_puts_it(flow):
    lines = explorer.grid_lines()
    steps = explorer.warped(flow, lines)
    assert len(steps) == LAYERS + 1 and torch.equal(steps[0], lines)
    assert all((line[:, 0].std() == 0) != (line[:, 1].std() == 0) for line in lines), "each line is straight"
    torch.testing.assert_close(steps[-1], flow.inverse(lines.view(-1, 2)).view(lines.shape))


@pytest.mark.parametrize("done", range(LAYERS + 1))
def test_every_density_on_the_way_integrates_to_1(flow, done):
    window = (-25.0, 25.0, -25.0, 25.0)
    shade = explorer.density(flow, window, done, pixels=500)
    assert abs(shade.sum() * 0.1**2 - 1) < 1e-2


def test_the_first_density_is_the_base_and_the_last_is_the_model(flow):
    first, last = (explorer.density(flow, (0.0, 4.0, 0.0, 2.0), done, pixels=2) for done in (0, LAYERS))
    middles = torch.tensor([[[1.0, 0.5], [3.0, 0.5]], [[1.0, 1.5], [3.0, 1.5]]])  # rows from the bottom
    torch.testing.assert_close(last, flow.log_prob(middles.view(-1, 2)).exp().view(2, 2))
    torch.testing.assert_close(first, flow.log_base(middles.view(-1, 2)).exp().view(2, 2))


def test_walking_forward_and_back_gives_the_same_picture_again(walk):
    walk.reset()
    before = png(walk, "flow")
    walk.run.value = LAYERS  # what the browser does while it plays
    assert walk.controls["layer"].value == LAYERS == walk.run.max and walk.exception is None
    assert png(walk, "flow") != before and "the model of the data" in walk.views["flow"].caption.value
    walk.controls["layer"].value = 0
    assert png(walk, "flow") == before and "the base" in walk.views["flow"].caption.value


def test_a_still_figure_shows_each_stage_and_is_ready_to_be_shown(flow):
    figure = explorer.still(flow, WINDOW, (0, 2))
    figure.check()
    assert [ax.get_title() for ax in figure.axes] == ["0 layers", "2 layers"] and "(0, 2) layers passed" in figure.alt
    first, second = (ax.collections[0].get_segments() for ax in figure.axes)
    np.testing.assert_array_equal(np.stack(first), explorer.grid_lines())
    assert not np.allclose(first, second)


def test_pixels_not_drawn_yet_are_not_shown(chain):
    x, probability = (part[0] for part in chain.path(torch.rand(1, 12, generator=seeded())))
    image = pixels.shown(x, probability, done=5)
    assert image.shape == (3, 9)
    left, right = image[:, :4].ravel(), image[:, 5:].ravel()
    np.testing.assert_array_equal(left[:5], x.flatten()[:5])
    np.testing.assert_array_equal(right[:5], probability.flatten()[:5])
    assert (left[5:] == np.float32(pixels.UNKNOWN)).all() and (right[5:] == np.float32(pixels.UNKNOWN)).all()


def test_the_player_draws_pixel_by_pixel_and_says_what_it_drew(player, chain):
    player.reset()
    assert player.views["pixels"].caption.value == "Nothing drawn yet"
    before = png(player, "pixels")
    player.run.value = 7
    assert player.controls["done"].value == 7 and png(player, "pixels") != before
    caption = player.views["pixels"].caption.value
    x, probability = chain.path(torch.rand(1, 12, generator=seeded(0)))
    assert caption.startswith(f"Pixel 7: ink with probability {probability.flatten()[6]:.2f} given the 6 before")
    assert caption.endswith("no ink") == (x.flatten()[6] == 0)
    player.controls["done"].value = 12
    first = png(player, "pixels")
    player.controls["seed"].value = 1
    assert png(player, "pixels") != first and player.exception is None and player.run.max == 12
