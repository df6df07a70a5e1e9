"""The formulas, in float64, against Monte Carlo, torch.distributions and the closed form of probabilistic PCA."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Independent, MultivariateNormal, Normal, kl_divergence

from course_utils import losses

B, Z = 7, 5


@pytest.fixture
def gaussians():
    rng = torch.Generator().manual_seed(0)
    return [torch.randn(B, Z, generator=rng, dtype=torch.float64) for _ in range(4)]


def normal(mu, logvar):
    return Independent(Normal(mu, (0.5 * logvar).exp()), 1)


def test_kl_standard_normal_is_that_of_torch_distributions(gaussians):
    mu, logvar, *_ = gaussians
    expected = kl_divergence(normal(mu, logvar), normal(torch.zeros_like(mu), torch.zeros_like(mu)))
    torch.testing.assert_close(losses.kl_standard_normal(mu, logvar), expected)


def test_kl_gaussians_is_that_of_torch_distributions(gaussians):
    mu_q, logvar_q, mu_p, logvar_p = gaussians
    expected = kl_divergence(normal(mu_q, logvar_q), normal(mu_p, logvar_p))
    torch.testing.assert_close(losses.kl_gaussians(mu_q, logvar_q, mu_p, logvar_p), expected)


def test_kl_agrees_with_monte_carlo(gaussians):
    mu, logvar, *_ = gaussians
    q = normal(mu, logvar)
    torch.manual_seed(0)
    z = q.sample((40_000,))
    log_ratio = q.log_prob(z) - normal(torch.zeros_like(mu), torch.zeros_like(mu)).log_prob(z)
    error = log_ratio.std(0) / math.sqrt(len(z))
    # Five standard errors: the chance that one of the seven falls outside by luck is below 1e-5.
    assert ((losses.kl_standard_normal(mu, logvar) - log_ratio.mean(0)).abs() < 5 * error).all()


def test_kl_is_zero_only_at_the_prior_and_never_negative(gaussians):
    mu, logvar, *_ = gaussians
    zero = torch.zeros_like(mu)
    assert (losses.kl_standard_normal(mu, logvar) > 0).all()
    assert losses.kl_standard_normal(zero, zero).abs().max() == 0
    torch.testing.assert_close(losses.kl_gaussians(mu, logvar, mu, logvar), torch.zeros(B, dtype=torch.float64))


def test_log_gaussian_is_that_of_torch_distributions(gaussians):
    x, mu, logvar, _ = gaussians
    torch.testing.assert_close(losses.log_gaussian(x, mu, logvar), normal(mu, logvar).log_prob(x))
    shared = torch.tensor(-0.7, dtype=torch.float64)
    expected = normal(mu, shared.expand_as(mu)).log_prob(x)
    torch.testing.assert_close(losses.log_gaussian(x, mu, shared), expected)


def test_log_bernoulli_is_that_of_torch_distributions_and_sums_over_the_event():
    rng = torch.Generator().manual_seed(0)
    x_logits = 3 * torch.randn(B, 1, 4, 4, generator=rng, dtype=torch.float64)
    x = (torch.rand(x_logits.shape, generator=rng, dtype=torch.float64) < 0.5).double()
    expected = Bernoulli(logits=x_logits).log_prob(x).sum((1, 2, 3))
    torch.testing.assert_close(losses.log_bernoulli(x, x_logits), expected)


def test_log_bernoulli_stays_finite_at_extreme_logits():
    x_logits = torch.tensor([[200.0, -200.0]], requires_grad=True)
    value = losses.log_bernoulli(torch.tensor([[0.0, 1.0]]), x_logits)
    value.sum().backward()
    torch.testing.assert_close(value, torch.tensor([-400.0]))
    torch.testing.assert_close(x_logits.grad, torch.tensor([[-1.0, 1.0]]))


def test_bernoulli_probabilities_of_all_images_sum_to_one():
    x_logits = torch.tensor([0.3, -1.2, 2.0], dtype=torch.float64)
    every_x = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * 3)
    total = losses.log_bernoulli(every_x, x_logits.expand_as(every_x)).exp().sum()
    torch.testing.assert_close(total, torch.ones((), dtype=torch.float64))


def linear_vae():
    """A linear decoder with orthogonal columns: its posterior is diagonal (Tipping & Bishop 1999, section 3.2)."""
    rng = torch.Generator().manual_seed(1)
    draw = torch.randn(6, 2, generator=rng, dtype=torch.float64)
    weight = torch.linalg.qr(draw).Q * torch.tensor([1.5, 0.7], dtype=torch.float64)
    bias = torch.randn(6, generator=rng, dtype=torch.float64)
    return weight, bias, torch.tensor(0.3, dtype=torch.float64), rng


def log_joint_and_q(k, *, exact):
    weight, bias, variance, rng = linear_vae()
    x = torch.randn(B, 6, generator=rng, dtype=torch.float64)
    precision = torch.diagonal(weight.T @ weight) + variance
    mu = (x - bias) @ weight / precision + (0 if exact else 0.5)
    logvar = (variance / precision).log().expand_as(mu)
    z = mu + (0.5 * logvar).exp() * torch.randn(k, B, 2, generator=rng, dtype=torch.float64)
    log_px_z = torch.stack([losses.log_gaussian(x, zk @ weight.T + bias, variance.log()) for zk in z])
    log_pz = torch.stack([losses.log_gaussian(zk, torch.zeros_like(zk), torch.zeros_like(zk)) for zk in z])
    log_qz = torch.stack([losses.log_gaussian(zk, mu, logvar) for zk in z])
    covariance = weight @ weight.T + variance * torch.eye(6, dtype=torch.float64)
    return x, mu, logvar, log_px_z, log_pz, log_qz, MultivariateNormal(bias, covariance).log_prob(x)


def test_elbo_of_the_exact_posterior_is_the_marginal_likelihood_of_ppca():
    _, mu, logvar, log_px_z, log_pz, log_qz, log_px = log_joint_and_q(20_000, exact=True)
    # With the exact posterior, log p(x, z) - log q(z|x) is log p(x) for every single z …
    torch.testing.assert_close(log_px_z + log_pz - log_qz, log_px.expand_as(log_qz))
    # … and the ELBO with the KL in closed form is its mean.
    elbo = losses.elbo(log_px_z, losses.kl_standard_normal(mu, logvar).expand_as(log_px_z))
    assert ((elbo.mean(0) - log_px).abs() < 5 * elbo.std(0) / math.sqrt(len(elbo))).all()


def test_gap_of_the_elbo_is_the_kl_to_the_posterior():
    _, mu, logvar, log_px_z, _, _, log_px = log_joint_and_q(40_000, exact=False)
    elbo = losses.elbo(log_px_z, losses.kl_standard_normal(mu, logvar).expand_as(log_px_z))
    gap = log_px - elbo.mean(0)
    expected = losses.kl_gaussians(mu, logvar, mu - 0.5, logvar)
    assert ((gap - expected).abs() < 5 * elbo.std(0) / math.sqrt(len(elbo))).all()
    assert (expected > 0.1).all()


def test_iw_elbo_rises_from_the_elbo_to_the_marginal_likelihood():
    *_, log_px_z, log_pz, log_qz, log_px = log_joint_and_q(40_000, exact=False)
    log_w = log_px_z + log_pz - log_qz
    means = [torch.stack([losses.iw_elbo(part) for part in log_w.split(k)]).mean(0) for k in (1, 5, 50)]
    assert (means[0] < means[1]).all() and (means[1] < means[2]).all() and (means[2] < log_px + 0.02).all()
    torch.testing.assert_close(losses.iw_elbo(log_w), log_px, rtol=0, atol=0.05)


def test_iw_elbo_of_one_sample_is_that_sample():
    log_w = torch.randn(1, B, dtype=torch.float64)
    torch.testing.assert_close(losses.iw_elbo(log_w), log_w[0])


def test_beta_weighs_the_kl_only():
    log_px_z, kl = torch.tensor([-3.0, -4.0]), torch.tensor([1.0, 2.0])
    torch.testing.assert_close(losses.elbo(log_px_z, kl, beta=4.0), torch.tensor([-7.0, -12.0]))
    torch.testing.assert_close(losses.elbo(log_px_z, kl), torch.tensor([-4.0, -6.0]))


@pytest.mark.parametrize(
    "call",
    [
        lambda: losses.kl_standard_normal(torch.zeros(3, 2), torch.zeros(3, 1)),
        lambda: losses.kl_gaussians(*[torch.zeros(3, 2)] * 3, torch.zeros(2)),
        lambda: losses.log_bernoulli(torch.zeros(3, 64), torch.zeros(3, 1, 8, 8)),
        lambda: losses.elbo(torch.zeros(3), torch.zeros(3, 1)),
        lambda: losses.iw_elbo(torch.zeros(3)),
        lambda: losses.kl_standard_normal(torch.zeros(3), torch.zeros(3)),
    ],
)
def test_wrong_shapes_are_refused_with_the_shapes_in_the_message(call):
    with pytest.raises(ValueError, match=r"\(3,"):
        call()
