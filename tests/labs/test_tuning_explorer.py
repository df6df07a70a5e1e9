"""Lecture 10b's explorer: three answers under a reward that is partly length."""

import math

import pytest
import torch

from course_utils import losses
from course_utils.labs.assistants import explorer


@pytest.fixture(scope="module")
def panel():
    return explorer.tuning_explorer()


def png(panel):
    return bytes(panel.views["answers"].image.value)


@pytest.mark.parametrize("beta", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("flaw", [0.0, 0.5, 1.0])
def test_what_is_said_of_a_point_is_so(beta, flaw):
    point = explorer.tuned(beta, flaw)
    mixed = (1 - flaw) * explorer.QUALITY + flaw * explorer.LENGTH
    torch.testing.assert_close(point.probability, losses.tilted(explorer.REFERENCE.log(), mixed, beta).exp())
    draws = torch.distributions.Categorical(point.probability)
    reference = torch.distributions.Categorical(explorer.REFERENCE)
    assert point.kl == pytest.approx(torch.distributions.kl_divergence(draws, reference).item())
    assert point.entropy == pytest.approx(draws.entropy().item())
    best = beta * torch.logsumexp(explorer.REFERENCE.log() + mixed / beta, 0).item()  # β log Z
    assert point.reward - beta * point.kl == pytest.approx(best)


def test_a_reward_of_length_alone_rises_while_quality_falls():
    path = [explorer.tuned(beta.item(), 1.0) for beta in explorer.BETAS]
    kl, reward, quality = ([getattr(point, name) for point in path] for name in ("kl", "reward", "quality"))
    assert kl == sorted(kl) and reward == sorted(reward) and quality == sorted(quality, reverse=True)
    assert quality[-1] < 0.05 and kl[-1] < math.log(1 / 0.2) + 1e-9


def test_the_sliders_move_the_picture_and_reset_brings_it_back(panel):
    panel.reset()
    before = png(panel)
    panel.controls["flaw"].value = 1.0
    assert png(panel) != before and "flaw 100%" in panel.views["answers"].caption.value and panel.exception is None
    panel.controls["log_beta"].value = -1.0
    said, point = panel.views["answers"].caption.value, explorer.tuned(0.1, 1.0)
    assert f"β = 0.10, flaw 100%: reward {point.reward:.2f}, quality {point.quality:.2f}" in said
    panel.reset()
    assert png(panel) == before


def test_the_still_figure_is_ready_to_be_shown():
    figure = explorer.still()
    figure.check()
    assert [ax.get_title() for ax in figure.axes] == ["reward: quality", "reward: 80% length"]
    heights = [patch.get_height() for patch in figure.axes[1].patches[-3:]]
    assert heights == pytest.approx(explorer.tuned(0.1, 0.8).probability.tolist())
