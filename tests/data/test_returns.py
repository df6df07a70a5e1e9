"""Returns from a known process: its shocks, its variance, its clusters."""

import pytest
import torch

from course_utils.data.returns import Process
from course_utils.training import seeded

PROCESS = Process()


def test_shocks_have_mean_0_variance_1_and_the_kurtosis_of_their_mixture():
    eps = PROCESS.shocks((400_000,), seeded())
    wide, share = PROCESS.jump**2, PROCESS.jumps
    expected = 3 * (1 - share + share * wide**2) / (1 - share + share * wide) ** 2
    assert abs(eps.mean()) < 0.01 and abs(eps.var() - 1) < 0.02
    assert abs(eps.pow(4).mean() / expected - 1) < 0.1


def test_the_variance_in_the_long_run_is_the_closed_form():
    calm = Process(omega=0.1, alpha=0.03, gamma=0.04, beta=0.8)  # forgets fast, so that the mean settles
    r, variance = calm.paths(4000, 100, seeded())
    assert abs(r.square().mean() / calm.long_run - 1) < 0.03 and abs(variance.mean() / calm.long_run - 1) < 0.03


def test_a_path_follows_the_recursion_and_a_loss_counts_more():
    r, variance = PROCESS.paths(3, 50, seeded())
    assert r.shape == (3, 50) and variance.shape == (3, 51)
    torch.testing.assert_close(PROCESS.next_variance(variance[:, :-1], r), variance[:, 1:])
    up, down = (PROCESS.next_variance(torch.ones(1), torch.tensor([side])) for side in (2.0, -2.0))
    assert torch.isclose(down - up, torch.tensor(4 * PROCESS.gamma))


def test_squares_are_correlated_and_returns_are_not():
    r = PROCESS.paths(400, 500, seeded())[0]
    squares = r.square().clamp(max=20)

    def lag(x, days=5):
        return torch.corrcoef(torch.stack([x[:, :-days].flatten(), x[:, days:].flatten()]))[0, 1]

    assert lag(squares) > 0.08 > 0.03 > abs(lag(r))


def test_paths_begin_where_they_are_told():
    assert torch.equal(PROCESS.paths(2, 3, seeded(), torch.tensor([0.5, 4.0]))[1][:, 0], torch.tensor([0.5, 4.0]))
    with pytest.raises(ValueError, match="one a path"):
        PROCESS.paths(2, 3, seeded(), torch.ones(3))
