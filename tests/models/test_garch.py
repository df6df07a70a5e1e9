"""GARCH(1, 1): its recursion, its likelihood against a loop and torch, its fit where the parameters are known."""

import numpy as np
import pytest
import torch
from torch.distributions import Normal

from course_utils.models.garch import Garch

TRUE = Garch(0.05, 0.08, 0.87)


def returns(days, seed=0, model=TRUE):
    return model.paths(np.array([model.long_run]), np.random.default_rng(seed).standard_normal((1, days)))[0]


def test_variances_follow_the_recursion():
    r = returns(60)
    v = TRUE.variances(r)
    assert v.shape == (61,) and v[0] == TRUE.long_run == pytest.approx(1.0)
    np.testing.assert_allclose(v[1:], TRUE.omega + TRUE.alpha * r**2 + TRUE.beta * v[:-1])
    np.testing.assert_allclose(TRUE.variances(np.stack([r, 2 * r]))[0], v)


def test_the_likelihood_is_that_of_normals_and_looks_at_the_past_alone():
    r = returns(60)
    expected = Normal(0.0, torch.from_numpy(TRUE.variances(r)[:-1]).sqrt()).log_prob(torch.from_numpy(r))
    np.testing.assert_allclose(TRUE.log_prob(r), expected)
    other = r.copy()
    other[-1] = 9
    np.testing.assert_array_equal(TRUE.log_prob(r)[:-1], TRUE.log_prob(other)[:-1])


def test_paths_and_shocks_undo_each_other():
    eps = np.random.default_rng(1).standard_normal((4, 30))
    r = TRUE.paths(np.full(4, TRUE.long_run), eps)
    np.testing.assert_allclose(TRUE.shocks(r), eps)


@pytest.mark.parametrize("true", [TRUE, Garch(0.4, 0.25, 0.5)])
def test_the_fit_finds_what_made_the_returns_and_nothing_is_likelier(true):
    r = returns(20_000, model=true)
    found = Garch.fit(r)
    assert abs(found.alpha - true.alpha) < 0.03 and abs(found.beta - true.beta) < 0.05
    best = found.log_prob(r).sum()
    assert best >= true.log_prob(r).sum()
    for factor in (0.9, 1.1):
        assert best > found._replace(alpha=factor * found.alpha).log_prob(r).sum()
        assert best > found._replace(omega=factor * found.omega).log_prob(r).sum()


def test_the_unit_of_the_returns_does_not_matter():
    r = returns(3000)
    a, b = Garch.fit(r), Garch.fit(100 * r)
    assert b.omega == pytest.approx(1e4 * a.omega, rel=0.05) and b.beta == pytest.approx(a.beta, abs=0.01)


@pytest.mark.parametrize("r", [np.zeros(10), np.full(100, np.nan), np.zeros((2, 100))])
def test_what_is_no_history_is_refused(r):
    with pytest.raises(ValueError, match="at least 50"):
        Garch.fit(r)
