"""M2 and the VAE of tables: their bounds against enumeration and against sampling, their draws, and stacks of them."""

import math

import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli, Normal

from course_utils import losses, models
from course_utils.models import ensemble
from course_utils.models.semisupervised import M2
from course_utils.training import seeded


@pytest.fixture(scope="module")
def m2():
    with models.first_weights(0):
        return M2(3, (1, 2, 2), latent=2, hidden=8)


@pytest.fixture(scope="module")
def x():
    return torch.rand(6, 1, 2, 2, generator=seeded(0)).round()


def test_the_bound_without_a_label_is_largest_at_the_softmax_of_the_bounds():
    elbo_y = 5 * torch.randn(50, 4, generator=seeded(1), dtype=torch.float64)
    best = losses.marginal_elbo(elbo_y, elbo_y)
    torch.testing.assert_close(best, elbo_y.logsumexp(1))
    for seed in range(5):
        other = torch.randn(50, 4, generator=seeded(seed), dtype=torch.float64)
        assert (losses.marginal_elbo(elbo_y, other) < best).all()
    sure = torch.tensor([[0.0, 500.0, 0.0, 0.0]], dtype=torch.float64).expand(50, -1)
    torch.testing.assert_close(losses.marginal_elbo(elbo_y, sure), elbo_y[:, 1])
    with pytest.raises(ValueError, match="same shape"):
        losses.marginal_elbo(elbo_y, elbo_y[:, :2])


@torch.no_grad()
def test_m2_bounds_the_joint_and_the_marginal_that_sampling_finds(m2, x):
    z = torch.randn(20_000, 2, generator=seeded(2))
    log_pxy = []
    for k in range(3):
        logits = m2.vae.decode(z, torch.full((len(z),), k))
        log_px = Bernoulli(logits=logits[:, None]).log_prob(x).flatten(2).sum(2).logsumexp(0) - math.log(len(z))
        log_pxy.append(log_px - math.log(3))
    truth = torch.stack(log_pxy, 1)
    bound = torch.stack([m2.elbo_of_each_class(x, seeded(s)) for s in range(400)]).mean(0)
    assert (bound < truth + 0.02).all() and (bound > truth - 3).all()
    assert (losses.marginal_elbo(bound, m2.y_logits(x)) < truth.logsumexp(1) + 0.02).all()
    one = torch.stack([m2.elbo(x, torch.full((6,), 1), seeded(s)) for s in range(400)]).mean(0)
    torch.testing.assert_close(one, bound[:, 1], atol=0.15, rtol=0)


def test_the_loss_of_m2_is_its_three_terms_and_moves_all_weights(m2, x):
    y = torch.tensor([0, 1, 2, 0, 1, 2])
    with torch.no_grad():
        rng = seeded(3)
        free = losses.marginal_elbo(m2.elbo_of_each_class(x, rng), m2.y_logits(x)).mean()
        known = m2.elbo(x, y, rng).mean()
        wrong = nn.functional.cross_entropy(m2.y_logits(x), y)
        torch.testing.assert_close(m2.loss(x, y, x, seeded(3), alpha=7.0), -known - free + 7 * wrong)
    m2.loss(x, y, x, seeded(0)).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in m2.parameters())
    m2.zero_grad()


@torch.no_grad()
def test_stacked_networks_give_what_each_alone_gives(m2, x):
    with models.first_weights(1):
        other = M2(3, (1, 2, 2), latent=2, hidden=8)
    both, pair = ensemble.stack([m2, other]), torch.stack([x, x])
    assert m2.loss(x, torch.zeros(6, dtype=torch.long), x).shape == ()
    assert both.loss(pair, torch.zeros(2, 6, dtype=torch.long), pair).shape == (2,)
    for index, single in enumerate((m2, other)):
        torch.testing.assert_close(both.y_logits(pair)[index], single.y_logits(x))
    assert both.elbo_of_each_class(pair, seeded(0)).shape == (2, 6, 3)
    twins = ensemble.stack([m2.vae, m2.vae])
    drawn = twins.sample(4, y=torch.tensor([0, 1, 2, 0]), rng=seeded(0))
    assert drawn.shape == (2, 4, 1, 2, 2)


@torch.no_grad()
def test_a_vae_of_tables_draws_the_noise_that_its_likelihood_counts():
    with models.first_weights(0):
        net = models.GaussianVAE(2, side=2, latent=1, floor=-1.0)
    c = torch.eye(2)[1].expand(40_000, 2)
    drawn = net.sample(len(c), c, rng=seeded(0))
    z = torch.randn(40_000, 1, generator=seeded(1))
    mean, logvar = net.decode(z, c)
    assert (logvar >= -1.0).all()
    variance = logvar.exp().mean(0) + mean.var(0)
    torch.testing.assert_close(drawn.var(0), variance, rtol=0.03, atol=0)
    at = drawn[:5]
    density = Normal(mean, logvar.div(2).exp()).log_prob(at[:, None]).sum(2).logsumexp(1)
    counted = losses.log_gaussian(at[:, None].expand(-1, len(z), -1), mean, logvar, batch_dims=2).logsumexp(1)
    torch.testing.assert_close(counted, density)


def test_a_vae_with_a_mask_for_its_encoder_alone_decodes_without_it():
    net = models.GaussianVAE(3, side=3, conditional=False)
    z = torch.randn(2, 4, generator=seeded(0))
    first, second = (net.decode(z, mask) for mask in (torch.zeros(2, 3), torch.ones(2, 3)))
    assert torch.equal(first[0], second[0])
