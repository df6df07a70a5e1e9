"""RBMs: formulas against enumeration and scikit-learn, samplers against the exact distribution, AIS against Z."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from sklearn.neural_network import BernoulliRBM
from torch.nn import functional as F

from course_utils import losses
from course_utils.models import energy, mixtures
from course_utils.training import seeded

V, H = 5, 3


def machine(visible=V, hidden=H, std=0.8, lead=(), dtype=torch.float64):
    rbm = energy.RBM(visible, hidden, lead=lead, std=std, rng=seeded(0)).to(dtype).requires_grad_(False)
    for number, bias in enumerate((rbm.visible_bias, rbm.hidden_bias)):
        bias.copy_(0.5 * torch.randn(bias.shape, generator=seeded(10 + number)))
    return rbm


def minus_energies(rbm):
    """−E of all pairs, `(2**V, 2**H)`, written out unit by unit."""
    xs, hs = energy.states(rbm.weight.shape[0]).double(), energy.states(rbm.weight.shape[1]).double()
    rows = []
    for x in xs:
        pairs = [sum(x[i] * rbm.weight[i, j] * h[j] for i in range(len(x)) for j in range(len(h))) for h in hs]
        rows.append(torch.stack(pairs) + x @ rbm.visible_bias + hs @ rbm.hidden_bias)
    return torch.stack(rows)


def test_states_are_all_vectors_once_in_order():
    states = energy.states(4)
    assert states.shape == (16, 4) and len(states.unique(dim=0)) == 16
    assert states[1].tolist() == [0, 0, 0, 1] and states[8].tolist() == [1, 0, 0, 0]
    with pytest.raises(ValueError, match="2\\^21 states"):
        energy.states(21)


def test_energy_free_energy_and_both_conditionals_are_those_of_the_enumerated_joint():
    rbm, joint = machine(), minus_energies(machine())
    x, h = energy.states(V).double(), energy.states(H).double()
    each = torch.stack([rbm.energy(x, one.expand(len(x), -1)) for one in h], 1)
    torch.testing.assert_close(each, -joint)
    torch.testing.assert_close(rbm.free_energy(x), -joint.logsumexp(1))
    torch.testing.assert_close(rbm.hidden_logits(x).sigmoid(), joint.softmax(1) @ h)
    torch.testing.assert_close(rbm.visible_logits(h).sigmoid(), joint.softmax(0).T @ x)


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4)])
def test_log_z_is_the_sum_over_all_pairs_whichever_layer_is_smaller(shape):
    rbm = machine(*shape)
    torch.testing.assert_close(rbm.log_partition(), minus_energies(rbm).logsumexp((0, 1)))
    assert abs(rbm.log_prob(energy.states(shape[0]).double()).exp().sum() - 1) < 1e-12


def test_machines_side_by_side_are_each_their_own():
    both, x = machine(lead=(2,)), torch.randint(2, (2, 7, V), generator=seeded(1)).double()
    for index in range(2):
        one = machine()
        for parameter, pair in zip(one.parameters(), both.parameters(), strict=True):
            parameter.copy_(pair[index])
        torch.testing.assert_close(both.log_prob(x)[index], one.log_prob(x[index]))
        torch.testing.assert_close(both.energy(x, x[..., :H])[index], one.energy(x[index], x[index, :, :H]))


def test_a_machine_without_weights_is_independent_pixels():
    rbm = energy.RBM(V, H, std=0.0).double().requires_grad_(False)
    rbm.visible_bias.copy_(torch.linspace(-2, 2, V))
    x = energy.states(V).double()
    torch.testing.assert_close(rbm.log_prob(x), losses.log_bernoulli(x, rbm.visible_bias.expand_as(x)))


def test_too_large_for_enumeration_is_refused():
    with pytest.raises(ValueError, match="ais"):
        energy.RBM(21, 21).log_partition()


def frequencies(x):
    """How often each of the 2**V states occurs in x `(N, V)`."""
    code = (x @ 2.0 ** torch.arange(V - 1, -1, -1, dtype=x.dtype)).long()
    return torch.bincount(code, minlength=2**V).double() / len(x)


def test_gibbs_steps_keep_the_distribution_and_reach_it():
    rbm = machine()
    exact = rbm.log_prob(energy.states(V).double()).exp()
    start = energy.states(V).double()[torch.multinomial(exact, 40_000, True, generator=seeded(2))]
    for x in (rbm.gibbs(start, 1, seeded(3)), rbm.gibbs(torch.zeros(40_000, V).double(), 60, seeded(4))):
        assert (frequencies(x) - exact).abs().max() < 0.008, "four standard errors of 40,000 draws are below 0.008"


def test_exchanges_keep_the_distribution_of_every_rung():
    rbm, betas, base = machine(std=2.0), torch.tensor([0.0, 0.5, 1.0]).double(), torch.linspace(-1, 1, V).double()
    ladder = rbm.tempered(betas, base).double()
    exact = ladder.log_prob(energy.states(V).double().expand(3, -1, -1)).exp()
    drawn = torch.multinomial(exact, 40_000, True, generator=seeded(5))
    start = energy.states(V).double()[drawn]
    for odd in (False, True):
        x = energy.exchange(ladder, start, odd, seeded(6))
        moved = (x != start).any(-1).float().mean(1)
        assert moved[2 if odd else 0] > 0.2 and moved[0 if odd else 2] == 0, "the pair that was to swap, and no other"
        for rung in range(3):
            assert (frequencies(x[rung]) - exact[rung]).abs().max() < 0.008
    pairs = torch.stack([start.sum((0, 2)), x.sum((0, 2))])
    assert torch.equal(pairs[0], pairs[1]), "states change places, none is made or lost"


def test_the_ladder_ends_at_the_base_and_at_the_machine():
    rbm, base = machine(), torch.linspace(-1, 1, V).double()
    ladder, x = rbm.tempered(torch.tensor([0.0, 1.0]).double(), base).double(), energy.states(V).double()
    log_px = ladder.log_prob(x.expand(2, -1, -1))
    torch.testing.assert_close(log_px[0], losses.log_bernoulli(x, base.expand_as(x)), atol=1e-6, rtol=0)
    torch.testing.assert_close(log_px[1], rbm.log_prob(x), atol=1e-6, rtol=0)


def test_ais_has_the_mean_z_with_few_rungs_and_log_z_with_many():
    rbm, base = machine(), torch.linspace(-1, 1, V).double()
    truth = rbm.log_partition()
    few = energy.ais(rbm, base, torch.linspace(0, 1, 3).double(), 100_000, seeded(7))
    ratio = (few - truth).exp()
    assert abs(ratio.mean() - 1) < 4 * ratio.std() / len(ratio) ** 0.5 and ratio.std() > 0.1
    many = energy.ais(rbm, base, torch.linspace(0, 1, 501).double(), 500, seeded(8))
    assert abs(energy.log_mean_exp(many) - truth) < 0.02 and many.std() < few.std() / 3


def test_ais_of_independent_pixels_has_no_error():
    rbm = energy.RBM(V, H, std=0.0).requires_grad_(False)
    log_w = energy.ais(rbm, rbm.visible_bias, torch.linspace(0, 1, 5), 10)
    torch.testing.assert_close(log_w, torch.full((10,), (V + H) * math.log(2)))


@pytest.mark.parametrize("betas", [[0.1, 1.0], [0.0, 0.9], [0.0, 0.5, 0.5, 1.0]])
def test_ais_refuses_other_ladders(betas):
    with pytest.raises(ValueError, match="rise from 0 to 1"):
        energy.ais(machine(), torch.zeros(V).double(), torch.tensor(betas).double(), 3)


def test_log_mean_exp_is_that_of_the_mean():
    w = torch.rand(3, 8, generator=seeded(0)).double()
    torch.testing.assert_close(energy.log_mean_exp(w.log()).exp(), w.mean(-1))


def oracle(rbm, rate=0.1):
    """scikit-learn's machine with our parameters, as it is in the middle of `partial_fit`."""
    twin = BernoulliRBM(n_components=rbm.weight.shape[1], learning_rate=rate, random_state=0)
    twin.partial_fit(np.zeros((1, rbm.weight.shape[0])))
    twin.components_ = rbm.weight.T.numpy().copy()
    twin.intercept_visible_, twin.intercept_hidden_ = rbm.visible_bias.numpy().copy(), rbm.hidden_bias.numpy().copy()
    return twin


def test_free_energy_and_hidden_means_are_scikit_learns():
    rbm, x = machine(), energy.states(V).double()
    twin = oracle(rbm)
    np.testing.assert_allclose(rbm.free_energy(x), twin._free_energy(x.numpy()))
    np.testing.assert_allclose(rbm.hidden_logits(x).sigmoid(), twin._mean_hiddens(x.numpy()))


def test_one_step_on_the_surrogate_is_scikit_learns_step_from_the_same_chains():
    rbm, rate = machine(), 0.1
    twin, x = oracle(rbm, rate), torch.randint(2, (6, V), generator=seeded(1)).double()
    twin.h_samples_ = np.random.RandomState(2).randint(0, 2, (6, H)).astype(float)
    ends = torch.from_numpy(twin._sample_visibles(twin.h_samples_, np.random.RandomState(3)).astype(float))
    twin._fit(x.numpy(), np.random.RandomState(3))
    rbm.requires_grad_(True)
    losses.contrastive_divergence(rbm.free_energy(x), rbm.free_energy(ends)).backward()
    ours = [(p - rate * p.grad).detach().numpy() for p in rbm.parameters()]
    np.testing.assert_allclose(ours[0].T, twin.components_)
    np.testing.assert_allclose(ours[1], twin.intercept_visible_)
    np.testing.assert_allclose(ours[2], twin.intercept_hidden_)


def test_with_exact_draws_the_surrogate_has_the_gradient_of_the_likelihood():
    rbm = machine().requires_grad_(True)
    everything = energy.states(V).double()
    p = rbm.log_prob(everything).exp().detach()
    data = everything[[3, 9, 9, 30]]
    exact = torch.autograd.grad(-rbm.log_prob(data).mean(), list(rbm.parameters()))
    surrogate = rbm.free_energy(data).mean() - (p * rbm.free_energy(everything)).sum()  # all draws, by their weight
    for a, b in zip(exact, torch.autograd.grad(surrogate, list(rbm.parameters())), strict=True):
        torch.testing.assert_close(a, b)


def test_the_gradient_is_data_minus_model_correlations():
    rbm = machine().requires_grad_(True)
    x, end = torch.randint(2, (2, 6, V), generator=seeded(3)).double()
    losses.contrastive_divergence(rbm.free_energy(x), rbm.free_energy(end)).backward()
    with torch.no_grad():
        outer = [v.T @ rbm.hidden_logits(v).sigmoid() / len(v) for v in (x, end)]
    torch.testing.assert_close(rbm.weight.grad, outer[1] - outer[0])


def test_a_bernoulli_mixture_sums_to_one_and_its_em_never_falls():
    x = torch.randint(2, (60, V), generator=seeded(4)).float()
    theta = mixtures.em_bernoulli(x, 3, 5, seeded(0))
    assert abs(theta.log_prob(energy.states(V)).exp().sum() - 1) < 1e-5
    fits = [mixtures.em_bernoulli(x, 3, steps, seeded(0), pseudo=0.0) for steps in (1, 2, 4, 8, 16)]
    log_px = [fit.log_prob(x).mean() for fit in fits]
    assert all(after >= before - 1e-6 for before, after in pairwise(log_px))


def test_one_component_is_independent_pixels():
    x = torch.randint(2, (60, V), generator=seeded(4)).float()
    theta = mixtures.em_bernoulli(x, 1, 2, seeded(0), pseudo=0.0)
    torch.testing.assert_close(theta.probabilities[0], x.mean(0), atol=1e-5, rtol=0)
    expected = losses.log_bernoulli(x, x.mean(0).logit().expand_as(x))
    torch.testing.assert_close(theta.log_prob(x), expected, atol=1e-4, rtol=0)


def test_draws_of_a_bernoulli_mixture_have_its_means():
    theta = mixtures.BernoulliMixture(torch.tensor([0.3, 0.7]), torch.tensor([[0.1, 0.9], [0.8, 0.2]]))
    x = theta.sample(20_000, rng=seeded(0))
    torch.testing.assert_close(x.mean(0), theta.weights @ theta.probabilities, atol=0.015, rtol=0)
    assert (
        F.mse_loss(theta.sample(4_000, y=torch.zeros(4_000).long(), rng=seeded(1)).mean(0), theta.probabilities[0])
        < 1e-3
    )
