"""Bradley-Terry, DPO and the optimum of the KL-regularized objective, held to each other and to closed forms."""

import math

import pytest
import torch
from torch.nn import functional as F

from course_utils import losses

LOG_REF = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64).log()
REWARD = torch.tensor([0.0, 1.0, -0.5], dtype=torch.float64)


def objective(log_pi, beta):
    return (log_pi.exp() * (REWARD - beta * (log_pi - LOG_REF))).sum(-1)


def pairs():
    return [(i, j) for i in range(3) for j in range(3) if i != j]


def test_bradley_terry_is_a_logistic_regression_on_the_difference():
    a, b = torch.randn(2, 50, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    expected = F.binary_cross_entropy_with_logits(a - b, torch.ones(50, dtype=torch.float64), reduction="none")
    torch.testing.assert_close(losses.bradley_terry_loss(a, b), expected)
    assert losses.bradley_terry_loss(torch.tensor([1e4]), torch.tensor([-1e4])).isfinite()


@pytest.mark.parametrize("beta", [0.1, 0.7, 3.0])
def test_no_distribution_has_more_of_the_objective_than_the_tilted_one(beta):
    best = losses.tilted(LOG_REF, REWARD, beta)
    assert best.exp().sum() == pytest.approx(1)
    others = torch.randn(2_000, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).log_softmax(-1)
    assert (objective(others, beta) < objective(best, beta)).all()
    near = (best + 1e-3 * torch.randn(2_000, 3, dtype=torch.float64)).log_softmax(-1)
    assert (objective(near, beta) <= objective(best, beta)).all()


def test_much_beta_keeps_the_reference_and_little_takes_the_best_answer():
    torch.testing.assert_close(losses.tilted(LOG_REF, REWARD, 1e6), LOG_REF, atol=1e-5, rtol=0)
    assert losses.tilted(LOG_REF, REWARD, 1e-2).exp()[1] == pytest.approx(1)


@pytest.mark.parametrize("beta", [0.2, 1.0])
def test_dpo_on_endless_preferences_ends_at_the_tilted_distribution(beta):
    logits = LOG_REF.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([logits], max_iter=200, tolerance_grad=1e-12, tolerance_change=1e-14)

    def closure():
        optimizer.zero_grad()
        log_pi, loss = logits.log_softmax(-1), 0
        for i, j in pairs():  # i is preferred to j as often as Bradley and Terry say
            share = torch.sigmoid(REWARD[i] - REWARD[j])
            parts = [part[None] for part in (log_pi[i], log_pi[j], LOG_REF[i], LOG_REF[j])]
            loss = loss + share * losses.dpo_loss(*parts, beta)[0]
        loss.backward()
        return loss

    optimizer.step(closure)
    torch.testing.assert_close(logits.log_softmax(-1), losses.tilted(LOG_REF, REWARD, beta), atol=1e-5, rtol=0)


def test_dpo_begins_at_log_2_and_its_gradient_leaves_the_reference_alone():
    policy = torch.randn(2, 8, requires_grad=True)
    reference = policy.detach().clone().requires_grad_()
    loss = losses.dpo_loss(policy[0], policy[1], reference[0], reference[1], beta=0.3)
    torch.testing.assert_close(loss, torch.full((8,), math.log(2)))
    loss.sum().backward()
    assert reference.grad is None
    torch.testing.assert_close(policy.grad[0], torch.full((8,), -0.15))  # −β/2: the chosen answer rises
    torch.testing.assert_close(policy.grad[1], torch.full((8,), 0.15))


def test_what_makes_no_sense_is_refused():
    one = torch.zeros(3)
    with pytest.raises(ValueError, match="same shape"):
        losses.bradley_terry_loss(one, torch.zeros(2))
    with pytest.raises(ValueError, match="same shape"):
        losses.dpo_loss(one, one, one, torch.zeros(3, 1), beta=1.0)
    for beta in (0.0, -1.0):
        with pytest.raises(ValueError, match="beta"):
            losses.dpo_loss(one, one, one, one, beta)
        with pytest.raises(ValueError, match="beta"):
            losses.tilted(one, one, beta)
