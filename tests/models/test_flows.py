"""Flows: inverse, Jacobian against autograd, densities that sum to 1; the masked layer of autoregression."""

import itertools
import math

import pytest
import torch
from torch.func import jacrev, vmap

from course_utils.data import toy
from course_utils.models import ensemble, flows
from course_utils.training import seeded


def random_flow(size, layers, base=None):
    """A flow in float64 with weights far from those it begins with."""
    model = flows.Flow(flows.alternating(size, layers), base, hidden=16).double()
    for number, parameter in enumerate(model.parameters()):
        parameter.data.copy_(0.25 * torch.randn(parameter.shape, generator=seeded(number)))
    return model


def points(n, size):
    return torch.randn(n, size, generator=seeded(9), dtype=torch.float64)


@pytest.mark.parametrize(("size", "layers"), [(2, 1), (2, 5), (5, 4)])
def test_inverse_undoes_forward_and_the_log_det_is_that_of_the_jacobian(size, layers):
    model, x = random_flow(size, layers), points(40, size)
    z, log_det = model(x)
    assert not torch.allclose(z, x)
    torch.testing.assert_close(model.inverse(z), x)
    jacobian = vmap(jacrev(lambda one: model(one[None])[0][0]))(x)
    torch.testing.assert_close(log_det, torch.linalg.slogdet(jacobian).logabsdet)


def test_a_coupling_layer_keeps_what_its_mask_keeps_and_its_jacobian_is_triangular():
    mask = torch.tensor([True, False, True, False])
    layer, x = random_flow(4, 1).layers[0], points(20, 4)
    z, log_det = layer(x)
    assert torch.equal(z[:, mask], x[:, mask]) and (z[:, ~mask] != x[:, ~mask]).all()
    jacobian = jacrev(lambda one: layer(one[None])[0][0])(x[0])
    order = mask.logical_not().int().argsort(stable=True)  # kept coordinates first
    ordered = jacobian[order][:, order]
    assert torch.equal(ordered, ordered.tril()) and (ordered != ordered.diag().diag()).any()
    torch.testing.assert_close(ordered.diagonal().log().sum(), log_det[0])


def test_a_new_flow_is_the_identity():
    model, x = flows.Flow(flows.alternating(3, 2)), torch.randn(5, 3, generator=seeded())
    z, log_det = model(x)
    assert torch.equal(z, x) and not log_det.any()
    torch.testing.assert_close(model.log_prob(x), torch.distributions.Normal(0.0, 1.0).log_prob(x).sum(1))


@pytest.mark.parametrize("base", [None, toy("blobs")], ids=["Gaussian", "mixture"])
def test_the_density_integrates_to_1(base):
    axis = torch.linspace(-30, 30, 1501, dtype=torch.float64)
    with torch.no_grad():
        total = (
            random_flow(2, 3, base).log_prob(torch.cartesian_prod(axis, axis)).exp().sum() * (axis[1] - axis[0]) ** 2
        )
    assert abs(total - 1) < 1e-3


def test_draws_follow_the_density():
    """E[log p] over draws, and over a grid weighted by p, are the same number."""
    model = random_flow(2, 2)
    axis = torch.linspace(-30, 30, 1501, dtype=torch.float64)
    with torch.no_grad():
        log_px = model.log_prob(torch.cartesian_prod(axis, axis))
        expected = (log_px.exp() * log_px).sum() * (axis[1] - axis[0]) ** 2
        drawn = model.float().log_prob(model.sample(100_000, rng=seeded()))
    assert abs(drawn.mean() - expected) < 5 * drawn.std() / math.sqrt(len(drawn))


def test_the_limit_bounds_each_scale():
    model = random_flow(2, 1)
    s, _ = model.layers[0].scale_and_shift(1e6 * points(50, 2))
    assert s.abs().max() <= 2


def test_the_path_goes_from_the_base_to_the_data():
    model, z = random_flow(2, 4), points(9, 2)
    path = model.path(z)
    assert len(path) == 5 and torch.equal(path[0], z) and torch.equal(path[-1], model.inverse(z))
    torch.testing.assert_close(model.layers[-1](path[1])[0], z)


def test_stacked_flows_give_what_each_gives():
    singles = [random_flow(2, 3), random_flow(2, 3)]
    singles[1].layers[0].net[0].weight.data.mul_(-1)
    stacked, x = ensemble.stack(singles), points(7, 2)
    expected = torch.stack([model.log_prob(x) for model in singles])
    torch.testing.assert_close(stacked.log_prob(x.expand(2, -1, -1)), expected)
    again = ensemble.one_of(stacked, singles[0], 1)
    torch.testing.assert_close(again.log_prob(x), expected[1])


@pytest.mark.parametrize("mask", [torch.ones(3), torch.zeros(3), torch.ones(2, 2)])
def test_a_mask_that_keeps_all_or_nothing_is_refused(mask):
    with pytest.raises(ValueError, match="keeps some coordinates and moves the others"):
        flows.Coupling(mask)


def test_masks_alternate():
    assert flows.alternating(3, 2).tolist() == [[True, False, True], [False, True, False]]


def test_the_probabilities_of_all_images_sum_to_1():
    model = flows.LinearAutoregression((1, 2, 3))
    model.weight.data.copy_(torch.randn(6, 6, generator=seeded()))
    model.bias.data.copy_(torch.randn(6, generator=seeded(1)))
    everything = torch.tensor(list(itertools.product([0.0, 1.0], repeat=6))).unflatten(1, (1, 2, 3))
    assert abs(model.log_prob(everything).exp().sum() - 1) < 1e-6


def test_a_pixel_sees_only_those_before_it():
    model = flows.LinearAutoregression((1, 2, 2))
    model.weight.data.fill_(1.0)
    jacobian = jacrev(lambda x: model(x[None]).flatten())(torch.rand(1, 2, 2, generator=seeded())).view(4, 4)
    assert torch.equal(jacobian, torch.ones(4, 4).tril(-1))


def test_what_is_drawn_pixel_by_pixel_has_the_probability_that_it_was_drawn_with():
    model = flows.LinearAutoregression((1, 2, 3))
    model.weight.data.copy_(torch.randn(6, 6, generator=seeded()))
    x, probability = model.path(torch.rand(30, 6, generator=seeded(1)))
    torch.testing.assert_close(model(x).sigmoid(), probability)
    log_px = torch.where(x == 1, probability, 1 - probability).log().flatten(1).sum(1)
    torch.testing.assert_close(model.log_prob(x), log_px)


def test_dequantized_levels_stay_in_their_bins():
    k = torch.arange(17.0).repeat(100)
    v = flows.dequantize(k / 16, 17, seeded())
    assert torch.equal((v * 17).floor(), k) and abs((v * 17 - k).mean() - 0.5) < 0.03


def test_bits_of_a_uniform_density_are_those_of_the_levels():
    torch.testing.assert_close(flows.bits_per_pixel(torch.zeros(3), 64, 16), torch.full((3,), 4.0))
    halved = flows.bits_per_pixel(torch.tensor([64 * math.log(2.0)]), 64, 16)
    torch.testing.assert_close(halved, torch.tensor([3.0]))
