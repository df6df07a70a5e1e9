"""The generative classifier of lecture 01, against scikit-learn's, against its own definition, and by what it draws."""

import pytest
import torch
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.naive_bayes import GaussianNB
from torch.nn.functional import one_hot

from course_utils.models.discriminant import COVARIANCE_TYPES, GaussianDiscriminant


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def three_classes(n=300, seed=0):
    y = torch.arange(n) % 3
    mean = torch.tensor([[0.0, 0.0], [3.0, 1.0], [-1.0, 3.0]], dtype=torch.float64)
    noise = torch.randn(n, 2, generator=seeded(seed), dtype=torch.float64)
    return mean[y] + noise @ torch.tensor([[1.0, 0.6], [0.0, 0.8]], dtype=torch.float64) * (1 + 0.3 * y[:, None]), y


@pytest.mark.parametrize("seed", range(3))
def test_posteriors_are_those_of_scikit_learn(seed):
    x, y = three_classes(seed=seed)
    theirs = {
        "full": QuadraticDiscriminantAnalysis(priors=[1 / 3] * 3),  # divides by n − 1, so compare loosely
        "tied": LinearDiscriminantAnalysis(priors=[1 / 3] * 3, solver="lsqr"),
    }
    for covariance, model in theirs.items():
        ours = GaussianDiscriminant(x, one_hot(y).double(), covariance, reg_covar=0.0).log_posterior(x).exp()
        expected = torch.from_numpy(model.fit(x, y).predict_proba(x))
        torch.testing.assert_close(ours, expected, atol=2e-2 if covariance == "full" else 1e-6, rtol=0)


def test_diag_is_gaussian_naive_bayes():
    x, y = three_classes()
    ours = GaussianDiscriminant(x, one_hot(y).double(), "diag", reg_covar=0.0)
    theirs = GaussianNB(var_smoothing=0.0).fit(x, y)
    torch.testing.assert_close(ours.log_posterior(x).exp(), torch.from_numpy(theirs.predict_proba(x)))


def test_naive_is_gaussian_naive_bayes_with_one_variance_for_all_classes():
    x, y = three_classes()
    ours = GaussianDiscriminant(x, one_hot(y).double(), "tied_diag", reg_covar=0.0)
    theirs = GaussianNB(var_smoothing=0.0).fit(x, y)
    theirs.var_[:] = theirs.var_.mean(0)  # the classes have the same size
    torch.testing.assert_close(ours.log_posterior(x).exp(), torch.from_numpy(theirs.predict_proba(x)))


@pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
def test_joint_posterior_and_density_belong_together(covariance):
    x, y = three_classes()
    model = GaussianDiscriminant(x, one_hot(y).double(), covariance)
    joint = model.log_joint(x)
    assert joint.shape == (300, 3) and model.log_prob(x).shape == (300,)
    torch.testing.assert_close(model.log_posterior(x) + model.log_prob(x)[:, None], joint)
    assert model.log_prior.exp().sum() == pytest.approx(1)
    ticks = torch.linspace(-12, 14, 400, dtype=torch.float64)
    inside = model.log_prob(torch.cartesian_prod(ticks, ticks)).exp().sum() * (ticks[1] - ticks[0]) ** 2
    assert inside == pytest.approx(1, abs=1e-6)


def test_far_from_the_data_the_posterior_is_still_a_number():
    x, y = three_classes()
    model = GaussianDiscriminant(x.float(), one_hot(y).float(), "full")
    far = torch.tensor([[1e3, -1e3], [0.0, 500.0]])
    assert model.log_joint(far).exp().sum() == 0  # the density itself underflows
    torch.testing.assert_close(model.log_posterior(far).exp().sum(1), torch.ones(2))


def test_shares_that_are_halves_count_a_point_half_in_each_class():
    x, y = three_classes()
    whole = GaussianDiscriminant(
        torch.cat([x, x]), one_hot(torch.cat([y, (y + 1) % 3])).double(), "full", reg_covar=0.0
    )
    halves = GaussianDiscriminant(x, (one_hot(y) + one_hot((y + 1) % 3)).double() / 2, "full", reg_covar=0.0)
    torch.testing.assert_close(whole.mean, halves.mean)
    torch.testing.assert_close(whole.covariance, halves.covariance)


@pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
def test_draws_have_the_moments_of_their_class_and_repeat(covariance):
    x, y = three_classes()
    model = GaussianDiscriminant(x, one_hot(y).double(), covariance)
    asked = torch.ones(200_000, dtype=torch.long)
    drawn = model.sample(len(asked), y=asked, rng=seeded(1))
    assert torch.equal(drawn, model.sample(len(asked), y=asked, rng=seeded(1))) and not torch.equal(
        drawn, model.sample(len(asked), y=asked, rng=seeded(2))
    )
    torch.testing.assert_close(drawn.mean(0), model.mean[1], atol=0.02, rtol=0)
    torch.testing.assert_close(torch.cov(drawn.T), model.covariance[1], atol=0.04, rtol=0)


def test_a_class_without_points_and_an_unknown_covariance_are_refused():
    x, y = three_classes()
    with pytest.raises(ValueError, match="points of each class"):
        GaussianDiscriminant(x, one_hot(y, 4).double())
    with pytest.raises(ValueError, match="not 'own'"):
        GaussianDiscriminant(x, one_hot(y).double(), "own")
