"""Mixtures of rows with gaps: against complete data, against one shared mask, against truth by simulation."""

from itertools import pairwise

import pytest
import torch
from torch.distributions import MultivariateNormal

from course_utils.models import incomplete, mixtures
from course_utils.training import seeded


@pytest.fixture(scope="module")
def theta():
    rng = seeded(0)
    factor = torch.randn(2, 4, 4, generator=rng, dtype=torch.float64)
    means = 2 * torch.randn(2, 4, generator=rng, dtype=torch.float64)
    covariances = factor @ factor.mT + 0.3 * torch.eye(4, dtype=torch.float64)
    return mixtures.GMMParameters(torch.tensor([0.3, 0.7], dtype=torch.float64), means, covariances)


def gaps(shape, share=0.3, seed=1):
    return torch.rand(shape, generator=seeded(seed)) > share


def test_without_gaps_the_density_and_em_are_those_of_complete_rows(theta):
    x = theta.sample(300, rng=seeded(2))
    seen = torch.ones_like(x, dtype=torch.bool)
    torch.testing.assert_close(incomplete.log_prob(x, seen, theta), theta.log_prob(x))
    ours, log_px = incomplete.em(x, seen, 2, 5, 0.0, seeded(3))
    theirs, expected = mixtures.em(x, mixtures.start(x, 2, seeded(3)), 5)
    assert log_px == pytest.approx(expected)
    torch.testing.assert_close(ours.covariances, theirs.covariances)


def test_a_mask_that_all_rows_share_gives_the_mixture_of_condition(theta):
    x, one = theta.sample(50, rng=seeded(4)), torch.tensor([True, False, True, False])
    told = incomplete.conditional(x.masked_fill(~one, torch.nan), one.expand(50, -1), theta)
    weights, means, covariances = mixtures.condition(x[:, one], one, *theta)
    torch.testing.assert_close(told.weights, weights)
    torch.testing.assert_close(told.means[:, :, ~one], means)
    torch.testing.assert_close(told.sd[:, :, ~one].square(), covariances.diagonal(dim1=1, dim2=2).expand(50, -1, -1))
    torch.testing.assert_close(told.mean[:, ~one], mixtures.impute(x[:, one], one, *theta))
    torch.testing.assert_close(told.mean[:, one], x[:, one])
    assert not told.sd[:, :, one].any()


def test_the_density_of_what_is_seen_is_the_marginal_gaussian(theta):
    single = mixtures.GMMParameters(torch.ones(1, dtype=torch.float64), theta.means[:1], theta.covariances[:1])
    x, seen = theta.sample(20, rng=seeded(5)), gaps((20, 4))
    for row, mask, found in zip(x, seen, incomplete.log_prob(x, seen, single), strict=True):
        if mask.any():
            marginal = MultivariateNormal(single.means[0, mask], single.covariances[0][mask][:, mask])
            torch.testing.assert_close(marginal.log_prob(row[mask]), found)
        else:
            assert found == 0


def test_em_never_lowers_the_likelihood_of_what_is_seen(theta):
    x, seen = theta.sample(400, rng=seeded(6)), gaps((400, 4))
    _, log_px = incomplete.em(x, seen, 2, 25, 0.0, seeded(7))
    assert all(after >= before - 1e-9 for before, after in pairwise(log_px))
    assert log_px[-1] > log_px[0] + 0.05


def test_intervals_hold_as_many_hidden_entries_as_they_say(theta):
    x, seen = theta.sample(20_000, rng=seeded(8)), gaps((20_000, 4))
    told = incomplete.conditional(x, seen, theta)
    for level in (0.5, 0.9):
        low, high = told.interval(level)
        held = ((x >= low) & (x <= high))[~seen].double().mean()
        assert abs(held - level) < 0.012
    torch.testing.assert_close(told.cdf(told.quantile(0.2))[~seen], torch.full_like(x, 0.2)[~seen])


def test_gaps_carry_no_information_whatever_stands_in_them(theta):
    x, seen = theta.sample(60, rng=seeded(9)), gaps((60, 4))
    fits = [incomplete.em(x.masked_fill(~seen, value), seen, 1, 5, rng=seeded(0))[0] for value in (0.0, 1e6, torch.nan)]
    for other in fits[1:]:
        torch.testing.assert_close(other.covariances, fits[0].covariances)


def test_a_column_never_seen_is_refused(theta):
    x = theta.sample(10, rng=seeded(10))
    with pytest.raises(ValueError, match="column"):
        incomplete.em(x, torch.tensor([True, True, True, False]).expand(10, -1), 1)
