"""Lecture 09a's lab: the patterns, walkers and their explorer, the film of chains, and the recommenders' judge."""

import numpy as np
import pytest
import torch

from course_utils import losses, models
from course_utils.labs.energy import film, langevin, pictures, recipes, recommend
from course_utils.models import energy
from course_utils.training import seeded

WINDOW = (-2.0, 2.0, -3.0, 3.0)


def bowl(x):
    return (x**2).sum(-1) / 2


@pytest.fixture(scope="module")
def walkers():
    start = torch.tensor([[-1.5, 0.0]]).expand(60, -1)
    return langevin.langevin_explorer(bowl, WINDOW, start, steps=30)


def png(panel, view):
    return bytes(panel.views[view].image.value)


def test_bars_and_stripes_are_full_rows_or_columns_each_once():
    x = pictures.bars_and_stripes(4).view(-1, 4, 4)
    assert len(x) == 30 == len(x.unique(dim=0))
    for one in x:
        assert (one == one[:, :1]).all() or (one == one[:1]).all()
    assert len(pictures.bars_and_stripes(3)) == 14


def test_the_drawings_are_ready_to_be_shown():
    x = torch.linspace(-2, 2, 9)
    both = pictures.energy_and_density(x, x**2, {"E": (-(x**2)).exp(), "E + 1": x})
    for figure in (pictures.two_layers(3, 2), pictures.cd_diagram(), both):
        figure.check()
    assert "Gradients: loss to W, b, c" in pictures.cd_diagram().alt


@pytest.mark.parametrize("step", [0.1, 0.5, 1.0])
def test_walkers_on_a_parabola_settle_to_the_variance_of_the_closed_form(step):
    path = langevin.walk(bowl, torch.randn(20_000, 1, generator=seeded(0)), step, 60, seeded(1))
    assert path.shape == (61, 20_000, 1)
    assert abs(path[-1].var() / (1 / (1 - step / 2)) - 1) < 0.05


def test_too_large_a_step_flies_off():
    path = langevin.walk(bowl, torch.ones(10, 1), 2.5, 60, seeded(0))
    assert path[-1].abs().min() > 1e3


def test_the_landscape_knows_its_marginal_and_who_is_lost(walkers):
    land = walkers.land
    normal = torch.distributions.Normal(0.0, 1.0)
    inside = normal.cdf(torch.tensor(2.0)) - normal.cdf(torch.tensor(-2.0))
    torch.testing.assert_close(land.marginal, normal.log_prob(land.x1).exp() / inside, atol=2e-3, rtol=0)
    assert abs(land.right - 0.5) < 0.01 and not land.lost(0.01, 30).any()
    middles, heights = land.histogram(0.01, 0)
    assert abs(heights.sum() * (middles[1] - middles[0]) - 1) < 1e-5
    steep = langevin.Landscape(lambda x: 100 * bowl(x), WINDOW, torch.ones(5, 2), 200)
    assert steep.lost(0.1, 200).all() and "5 of 5 flew off" in steep.caption(0.1, 200)


def test_the_still_figure_shows_the_ends_of_the_paths(walkers):
    figure = langevin.still(walkers.land, (0.01, 0.1))
    figure.check()
    assert [ax.get_title() for ax in figure.axes] == ["ε = 0.01", "ε = 0.1"] and "step 30" in figure.alt
    for ax, step in zip(figure.axes, (0.01, 0.1), strict=True):
        np.testing.assert_allclose(ax.lines[1].get_ydata(), walkers.land.histogram(step, 30)[1])


def test_running_and_stepping_back_gives_the_same_picture_again(walkers):
    walkers.reset()
    before = png(walkers, "walkers")
    assert "step 0: 0% in the right well" in walkers.views["walkers"].caption.value
    walkers.run.value = 30
    assert walkers.controls["time"].value == 30 and png(walkers, "walkers") != before
    walkers.controls["time"].value = 0
    assert png(walkers, "walkers") == before
    walkers.controls["time"].value = 10
    slow = png(walkers, "walkers")
    walkers.controls["step"].value = 0.1
    assert png(walkers, "walkers") != slow and walkers.exception is None


def machine():
    rbm = energy.RBM(4, 3, std=0.5, rng=seeded(0))
    return rbm.requires_grad_(False)


def test_a_plain_path_is_the_machines_own_chain():
    x = torch.zeros(5, 4)
    path = film.plain(machine(), x, 3, seeded(0))
    rng, expected = seeded(0), [x]
    for _ in range(3):
        expected.append(machine().gibbs(expected[-1], 1, rng))
    assert torch.equal(path, torch.stack(expected))
    assert film.plain(machine(), x, 3, seeded(0), every=2).shape == path.shape


def test_a_tempered_path_has_the_machines_distribution():
    rbm = energy.RBM(4, 3, std=2.0, rng=seeded(0)).requires_grad_(False)
    path = film.tempered(rbm, torch.zeros(2_000, 4), 60, torch.zeros(4), rungs=4, rng=seeded(1))
    assert path.shape == (61, 2_000, 4) and not path[0].any()
    states = energy.states(4)
    mean = (rbm.log_prob(states).exp()[:, None] * states).sum(0)
    torch.testing.assert_close(path[-20:].mean((0, 1)), mean, atol=0.02, rtol=0)


def test_autocorrelation_is_one_at_lag_zero_and_that_of_a_chain_that_flips():
    x = torch.rand(4_000, 3, 2, generator=seeded(0)).round()
    found = film.autocorrelation(x, torch.tensor([0, 1, 5]))
    torch.testing.assert_close(found, torch.tensor([1.0, 0.0, 0.0]), atol=0.03, rtol=0)
    alternating = (torch.arange(1_000) % 2).float()[:, None, None]
    torch.testing.assert_close(
        film.autocorrelation(alternating, torch.tensor([1, 2])), torch.tensor([-1.0, 1.0]), atol=1e-3, rtol=0
    )
    still = torch.cat([alternating, torch.ones(1_000, 1, 1)], 2)
    torch.testing.assert_close(film.autocorrelation(still, torch.tensor([2])), torch.ones(1), atol=1e-3, rtol=0)


def test_kinds_seen_counts_classes_without_the_unknown():
    assert film.kinds_seen(torch.tensor([[0, 1], [0, 2], [-1, 1]])) == 1.5


def test_the_film_shows_each_frame_and_says_what_is_on():
    paths = {name: torch.rand(5, 8, 1, 3, 2, generator=seeded(n)).round() for n, name in enumerate(("plain", "fast"))}
    classes = {"plain": torch.arange(5)[:, None].expand(-1, 8), "fast": torch.zeros(5, 8).long()}
    shown = film.gibbs_film(paths, classes, scale=2)
    first = png(shown, "chains")
    shown.run.value = 4
    assert shown.controls["step"].value == 4 and png(shown, "chains") != first
    assert shown.views["chains"].caption.value == "plain, step 4: 1 kinds on show, a chain has seen 5.0"
    shown.controls["sampler"].value = "fast"
    assert "fast, step 4: 1 kinds on show, a chain has seen 1.0" in shown.views["chains"].caption.value
    sheet = film.sheet(paths["plain"][0])
    assert sheet.shape == (2 * 3 + 1, 6 * 2 + 5)
    np.testing.assert_array_equal(sheet[:3, :2], paths["plain"][0, 0, 0])
    assert shown.exception is None


def test_the_bias_model_finds_biases():
    user, item = torch.tensor([[-0.5], [0.5]]), torch.tensor([-1.0, 0.0, 1.0])
    torch.testing.assert_close(recommend.bias_model(3 + user + item, ridge=0.0), 3 + user + item, atol=1e-4, rtol=0)


def test_factorization_finds_a_table_of_its_rank_and_heeds_the_weights():
    rng = seeded(0)
    table = torch.randn(30, 2, generator=rng) @ torch.randn(2, 12, generator=rng)
    found = recommend.factorize(table, torch.ones_like(table), 2, 1e-4, 30, seeded(1))
    torch.testing.assert_close(found.users @ found.items.T, table, atol=1e-2, rtol=0)
    weight = (torch.rand(30, 12, generator=rng) < 0.7).float()
    found = recommend.factorize(table * weight, weight, 2, 1e-4, 200, seeded(1))
    torch.testing.assert_close(found.users @ found.items.T, table, atol=5e-2, rtol=0)


def test_solved_users_are_the_least_squares_solution():
    items, x = torch.randn(9, 3, generator=seeded(0)), torch.randn(1, 9, generator=seeded(1))
    weight = torch.rand(1, 9, generator=seeded(2))
    root = weight[0].sqrt()[:, None]
    matrix = torch.cat([root * items, 0.5**0.5 * torch.eye(3)])
    target = torch.cat([root[:, 0] * x[0], torch.zeros(3)])
    expected = torch.linalg.lstsq(matrix, target[:, None]).solution.T
    torch.testing.assert_close(recommend.solve(x, weight, items, 0.5), expected, atol=1e-4, rtol=1e-4)


def test_the_judge_counts_by_hand():
    seen = torch.tensor([[5, 0, 0, 0, 0, 0, 0, 0, 0, 3]] * 2)
    held = torch.zeros(2, 10).long()
    held[0, 1], held[0, 2], held[1, 3] = 4, 5, 2
    score = torch.arange(10.0, 0, -1).expand(2, -1)  # what is seen comes first, and is left out
    verdict = recommend.judge(score, seen, held, torch.arange(10.0).expand(2, -1), k=2)
    assert verdict.recall == 1.0 and verdict.stars == 1.5 and verdict.items == 2 and verdict.head == 0.0
    worst = recommend.judge(-score, seen, held, torch.arange(10.0).expand(2, -1), k=2)
    assert worst.recall == 0.0 and worst.stars == 7.5
    with pytest.raises(ValueError, match="nothing to be found"):
        recommend.judge(score, seen, torch.zeros_like(held), score, k=2)


def test_patterns_visited_are_counted_once_each():
    patterns = energy.states(4)[[1, 2, 8]]
    path = energy.states(4)[torch.tensor([[1, 3], [1, 8], [2, 2], [5, 8]])]  # two chains, two patterns each
    assert film.visited(path, patterns) == 2.0
    assert film.visited(path[:1], patterns) == 0.5


def test_scores_of_stars_are_those_of_their_models():
    seen = torch.randint(0, 6, (20, 12), generator=seeded(0))
    scores = recommend.of_stars(seen, rank=2, rng=seeded(1))
    assert torch.equal(scores["popularity"][3], (seen > 0).sum(0).float())
    assert torch.equal(scores["bias model"], recommend.bias_model(seen))
    known = seen > 0
    gaps = [(scores[name] - seen)[known].square().mean() for name in ("bias model", "MF of stars")]
    assert gaps[1] < gaps[0], "factors explain what biases leave over"


def test_a_new_machine_begins_near_independent_pixels():
    logits = torch.linspace(-1, 1, 5)
    rbm, x = recipes.new_rbm(5, 3, logits), energy.states(5)
    torch.testing.assert_close(rbm.log_prob(x), losses.log_bernoulli(x, logits.expand_as(x)), atol=0.2, rtol=0)
    assert not torch.equal(rbm.weight, recipes.new_rbm(5, 3, logits, seed=1).weight)


def test_one_of_several_machines_is_a_copy():
    several = energy.RBM(5, 3, lead=(2,), std=1.0, rng=seeded(0)).requires_grad_(False)
    one = recipes.one_of(several, 1)
    torch.testing.assert_close(one.free_energy(energy.states(5)), several.free_energy(energy.states(5))[1])
    one.weight.zero_()
    assert several.weight.all()


def test_the_bound_of_a_vae_that_ignores_its_code_is_its_likelihood():
    with models.first_weights(0):
        vae = models.VAE((5,), latent=2, hidden=4)
    for layer in (vae.encoder[-1], vae.decoder[-1]):
        layer.weight.data.zero_()
    vae.encoder[-1].bias.data.zero_()  # q is the prior, and no pixel depends on z
    x = energy.states(5)
    expected = losses.log_bernoulli(x, vae.decoder[-1].bias.detach().expand_as(x))
    torch.testing.assert_close(recipes.vae_bound(vae, x, 3, seeded(0)), expected)
    torch.testing.assert_close(recipes.vae_loss(vae, x, seeded(0))["loss"], -expected.mean())
