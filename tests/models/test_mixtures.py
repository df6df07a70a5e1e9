"""Gaussian mixtures against PyTorch's distributions, scikit-learn's EM, integrals and the chain rule."""

import math

import pytest
import torch
from sklearn.mixture import GaussianMixture
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

from course_utils.models import mixtures

SEEDS = range(5)


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def some_theta(seed, k=3, d=2):
    rng = seeded(seed)
    weights = torch.rand(k, generator=rng, dtype=torch.float64) + 0.2
    factor = torch.randn(k, d, d, generator=rng, dtype=torch.float64)
    means = 2 * torch.randn(k, d, generator=rng, dtype=torch.float64)
    covariances = factor @ factor.mT + 0.3 * torch.eye(d, dtype=torch.float64)
    return mixtures.GMMParameters(weights / weights.sum(), means, covariances)


def some_points(seed, n=60, d=2):
    return 3 * torch.randn(n, d, generator=seeded(100 + seed), dtype=torch.float64)


def pytorch(theta):
    return MixtureSameFamily(Categorical(theta.weights), MultivariateNormal(theta.means, theta.covariances))


# The density.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("d", [1, 2, 7])
def test_the_density_is_that_of_torch_distributions(seed, d):
    theta, x = some_theta(seed, 4, d), some_points(seed, 50, d)
    torch.testing.assert_close(mixtures.log_prob(x, *theta), pytorch(theta).log_prob(x))
    each = MultivariateNormal(theta.means, theta.covariances).log_prob(x[:, None])
    torch.testing.assert_close(mixtures.log_components(x, *theta[1:]), each)


def test_the_density_integrates_to_one():
    axis = torch.linspace(-25, 25, 501, dtype=torch.float64)
    density = mixtures.log_prob(torch.cartesian_prod(axis, axis), *some_theta(0)).exp()
    assert density.sum() * 0.1**2 == pytest.approx(1, abs=1e-6)


def test_the_log_density_stays_finite_where_the_density_underflows():
    far = torch.tensor([[1e4, -1e4]], dtype=torch.float64)
    theta = some_theta(0)
    assert mixtures.log_prob(far, *theta) < -1e6 and mixtures.log_prob(far, *theta).isfinite().all()
    torch.testing.assert_close(mixtures.responsibilities(far, *theta).sum(1), torch.ones(1, dtype=torch.float64))


def test_a_covariance_that_is_not_positive_definite_is_refused():
    theta = some_theta(0)
    with pytest.raises(torch.linalg.LinAlgError):
        mixtures.log_prob(some_points(0), theta.weights, theta.means, -theta.covariances)


@pytest.mark.parametrize("seed", SEEDS)
def test_responsibilities_are_bayes_rule(seed):
    theta, x = some_theta(seed), some_points(seed)
    joint = theta.weights * MultivariateNormal(theta.means, theta.covariances).log_prob(x[:, None]).exp()
    torch.testing.assert_close(mixtures.responsibilities(x, *theta), joint / joint.sum(1, keepdim=True))


# EM.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("covariance_type", mixtures.TYPES)
def test_em_never_lowers_the_likelihood(seed, covariance_type):
    x, _ = mixtures.sample(150, *some_theta(seed), seeded(seed))
    _, log_px = mixtures.em(x, mixtures.start(x, 3, seeded(seed)), 30, covariance_type)
    # From step 1 on: the start has full covariances, which the type need not be able to represent.
    changes = torch.tensor(log_px[1:]).diff()
    assert changes.min() > -1e-10 and changes.max() > 1e-4 and len(log_px) == 31


@pytest.mark.parametrize("covariance_type", mixtures.TYPES)
@pytest.mark.parametrize("seed", range(3))
def test_em_agrees_with_scikit_learn_from_the_same_start(seed, covariance_type):
    x, _ = mixtures.sample(200, *some_theta(seed), seeded(seed))
    theta = mixtures.m_step(x, mixtures.responsibilities(x, *mixtures.start(x, 3, seeded(seed))), covariance_type)
    precisions = theta.covariances.inverse()
    shaped = {
        "full": precisions,
        "tied": precisions[0],
        "diag": precisions.diagonal(dim1=1, dim2=2),
        "spherical": precisions[:, 0, 0],
    }[covariance_type]
    theirs = GaussianMixture(
        3,
        covariance_type=covariance_type,
        weights_init=theta.weights,
        means_init=theta.means,
        precisions_init=shaped,
        reg_covar=1e-3,
        tol=1e-5,
        max_iter=500,
    ).fit(x)
    ours, _ = mixtures.em(x, theta, theirs.n_iter_, covariance_type, reg_covar=1e-3)
    for mine, other in zip(ours, mixtures.from_sklearn(theirs), strict=True):
        torch.testing.assert_close(mine, other, rtol=0, atol=1e-9)
    torch.testing.assert_close(mixtures.log_prob(x, *ours), torch.from_numpy(theirs.score_samples(x)))


@pytest.mark.parametrize("covariance_type", mixtures.TYPES)
def test_the_m_step_maximizes_the_expected_log_likelihood_within_its_type(covariance_type):
    x, r = some_points(0), torch.rand(60, 3, generator=seeded(0), dtype=torch.float64)
    r = r / r.sum(1, keepdim=True)
    best = mixtures.m_step(x, r, covariance_type)
    top = (r * mixtures.log_joint(x, *best)).sum()
    for seed in range(30):
        other = torch.rand(60, 3, generator=seeded(seed + 1), dtype=torch.float64)
        near = 0.95 * r + 0.05 * other / other.sum(1, keepdim=True)
        assert (r * mixtures.log_joint(x, *mixtures.m_step(x, near, covariance_type))).sum() < top


def test_the_m_step_with_certain_labels_is_the_fit_of_each_class():
    x, y = some_points(1), torch.arange(60) % 3
    theta = mixtures.m_step(x, torch.nn.functional.one_hot(y, 3).to(x))
    for k in range(3):
        torch.testing.assert_close(theta.means[k], x[y == k].mean(0))
        torch.testing.assert_close(theta.covariances[k], torch.cov(x[y == k].T, correction=0))
    torch.testing.assert_close(theta.weights, torch.full((3,), 1 / 3, dtype=torch.float64))


def test_reg_covar_is_added_to_the_diagonal_only():
    x, r = some_points(0), torch.full((60, 2), 0.5, dtype=torch.float64)
    added = mixtures.m_step(x, r, reg_covar=0.25).covariances - mixtures.m_step(x, r).covariances
    torch.testing.assert_close(added, 0.25 * torch.eye(2, dtype=torch.float64).expand(2, 2, 2))


def test_an_unknown_covariance_type_is_refused_by_name():
    with pytest.raises(ValueError, match=r"'round'.*full, tied, diag, spherical"):
        mixtures.m_step(some_points(0), torch.ones(60, 1, dtype=torch.float64), "round")


# Drawing, and choosing K.


@pytest.mark.parametrize("seed", SEEDS)
def test_draws_have_the_mixtures_shares_means_and_covariances(seed):
    theta, n = some_theta(seed), 40_000
    x, component = mixtures.sample(n, *theta, seeded(seed))
    assert x.shape == (n, 2) and component.shape == (n,)
    for k, weight in enumerate(theta.weights):
        own = x[component == k]
        error = 5 * (theta.covariances[k].diagonal() / len(own)).sqrt()
        assert abs(len(own) / n - weight) < 5 * math.sqrt(weight * (1 - weight) / n)
        assert ((own.mean(0) - theta.means[k]).abs() < error).all()
        torch.testing.assert_close(torch.cov(own.T), theta.covariances[k], rtol=0.15, atol=0.15)


def test_draws_come_from_the_generator_only():
    theta = some_theta(0)
    torch.manual_seed(0)
    first = mixtures.sample(5, *theta, seeded(1))[0]
    assert torch.equal(first, mixtures.sample(5, *theta, seeded(1))[0])
    assert not torch.equal(first, mixtures.sample(5, *theta, seeded(2))[0])


@pytest.mark.parametrize("covariance_type", mixtures.TYPES)
@pytest.mark.parametrize("d", [1, 2, 5])
@pytest.mark.parametrize("k", [1, 3])
def test_bic_and_the_density_are_those_of_scikit_learn(covariance_type, d, k):
    x = some_points(0, 80, d)
    theirs = GaussianMixture(k, covariance_type=covariance_type, random_state=0).fit(x)
    log_px = mixtures.log_prob(x, *mixtures.from_sklearn(theirs))
    torch.testing.assert_close(log_px, torch.from_numpy(theirs.score_samples(x)))
    parameters = mixtures.free_parameters(k, d, covariance_type)
    assert mixtures.bic(log_px, parameters) == pytest.approx(theirs.bic(x))


# What is hidden, given what is seen.


@pytest.mark.parametrize("seed", SEEDS)
def test_the_conditional_obeys_the_chain_rule(seed):
    theta, x = some_theta(seed, 3, 5), some_points(seed, 20, 5)
    seen = torch.tensor([True, False, True, True, False])
    weights, means, covariances = mixtures.condition(x[:, seen], seen, *theta)
    log_hidden = torch.cat(
        [mixtures.log_prob(h[None], w, m, covariances) for h, w, m in zip(x[:, ~seen], weights, means, strict=True)]
    )
    marginal = (theta.weights, theta.means[:, seen], theta.covariances[:, seen][:, :, seen])
    torch.testing.assert_close(log_hidden + mixtures.log_prob(x[:, seen], *marginal), mixtures.log_prob(x, *theta))


def test_impute_is_the_mean_of_the_conditional_density():
    theta, seen = some_theta(2), torch.tensor([False, True])
    x_seen = torch.tensor([[-1.0], [0.5], [2.0]], dtype=torch.float64)
    axis = torch.linspace(-30, 30, 6001, dtype=torch.float64)
    for given, guess in zip(x_seen, mixtures.impute(x_seen, seen, *theta), strict=True):
        line = torch.stack([axis, given.expand(len(axis))], 1)
        density = mixtures.log_prob(line, *theta).softmax(0)
        torch.testing.assert_close((density * axis).sum(), guess[0], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_lift_is_the_density_of_codes_times_that_of_the_noise_left_out(seed):
    basis = torch.linalg.qr(torch.randn(5, 2, generator=seeded(seed), dtype=torch.float64)).Q.T
    center, theta, x = torch.arange(5, dtype=torch.float64), some_theta(seed), some_points(seed, 20, 5)
    codes = (x - center) @ basis.T
    left_out = (x - center - codes @ basis).square().sum(1)
    log_noise = -0.5 * (left_out / 0.3 + 3 * math.log(2 * math.pi * 0.3))
    lifted = mixtures.lift(theta, basis, center, 0.3)
    torch.testing.assert_close(mixtures.log_prob(x, *lifted), mixtures.log_prob(codes, *theta) + log_noise)
