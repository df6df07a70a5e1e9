"""The losses of GANs: against the direct formulas in float64, finite at extreme logits, penalties with known slopes."""

import math

import pytest
import torch

from course_utils import losses

B = 9
ELEMENTWISE = {
    "discriminator": (losses.discriminator_loss, 2, lambda real, fake: -(real.log() + (1 - fake).log())),
    "minimax": (losses.generator_loss_minimax, 1, lambda fake: (1 - fake).log()),
    "non-saturating": (losses.generator_loss, 1, lambda fake: -fake.log()),
}


@pytest.fixture
def logits():
    rng = torch.Generator().manual_seed(0)
    return [3 * torch.randn(B, generator=rng, dtype=torch.float64) for _ in range(2)]


@pytest.mark.parametrize("loss, arguments, direct", ELEMENTWISE.values(), ids=ELEMENTWISE)
def test_from_logits_is_the_formula_of_the_probabilities(logits, loss, arguments, direct):
    given = logits[:arguments]
    torch.testing.assert_close(loss(*given), direct(*[value.sigmoid() for value in given]))


@pytest.mark.parametrize("loss, arguments, direct", ELEMENTWISE.values(), ids=ELEMENTWISE)
@pytest.mark.parametrize("extreme", [-50.0, 50.0])
def test_finite_with_finite_gradients_at_extreme_logits(loss, arguments, direct, extreme):
    given = [torch.full((B,), sign * extreme, requires_grad=True) for sign in (1, -1)[:arguments]]
    value = loss(*given)
    value.sum().backward()
    assert value.isfinite().all() and all(x.grad.isfinite().all() for x in given)
    assert value.abs().max() <= 100.001


def test_generator_gradients_are_minus_d_and_minus_one_minus_d(logits):
    fake = logits[0].requires_grad_()
    (minimax,) = torch.autograd.grad(losses.generator_loss_minimax(fake).sum(), fake)
    (non_saturating,) = torch.autograd.grad(losses.generator_loss(fake).sum(), fake)
    torch.testing.assert_close(minimax, -fake.sigmoid())
    torch.testing.assert_close(non_saturating, fake.sigmoid() - 1)


def test_optimal_discriminator_reaches_two_log_two_minus_twice_the_jensen_shannon_divergence():
    x = torch.linspace(-30, 30, 60_001, dtype=torch.float64)
    p, q = [torch.distributions.Normal(mean, 1.0).log_prob(x) for mean in (0.0, 1.5)]
    d_star = p - q  # the logit of p / (p + q)
    value = -(torch.trapezoid(p.exp() * torch.nn.functional.softplus(-d_star), x))
    value = value - torch.trapezoid(q.exp() * torch.nn.functional.softplus(d_star), x)
    m = torch.logaddexp(p, q) - math.log(2)
    js = 0.5 * torch.trapezoid(p.exp() * (p - m) + q.exp() * (q - m), x)
    torch.testing.assert_close(value, 2 * js - 2 * torch.tensor(2.0, dtype=torch.float64).log())
    loss = losses.discriminator_loss(d_star, d_star)
    torch.testing.assert_close(loss.min(), torch.tensor(2 * math.log(2), dtype=torch.float64), atol=1e-6, rtol=0)


def test_wasserstein_losses_are_differences_of_scores(logits):
    real, fake = logits
    torch.testing.assert_close(losses.critic_loss(real, fake), fake - real)
    torch.testing.assert_close(losses.critic_generator_loss(fake), -fake)


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("lead", [(B,), (2, B)])
def test_penalties_of_a_linear_critic_are_known(slope, lead):
    direction = slope * torch.tensor([0.6, 0.8], dtype=torch.float64)
    x, x_fake = torch.randn(2, *lead, 2, dtype=torch.float64)
    penalty = losses.gradient_penalty(lambda v: v @ direction, x, x_fake, batch_dims=len(lead))
    torch.testing.assert_close(penalty, torch.full(lead, (slope - 1) ** 2, dtype=torch.float64), atol=1e-5, rtol=0)
    r1 = losses.r1_penalty(lambda v: v @ direction, x)
    torch.testing.assert_close(r1, torch.full(lead, slope**2 / 2, dtype=torch.float64))


def test_penalties_are_taken_where_they_belong():
    seen = []

    def critic(x):
        seen.append(x.detach())
        return x.square().sum((1, 2, 3))

    x, x_fake = torch.zeros(200, 1, 2, 2), torch.ones(200, 1, 2, 2)
    losses.gradient_penalty(critic, x, x_fake, torch.Generator().manual_seed(0))
    t = seen[0].flatten(1)
    assert (t == t[:, :1]).all() and 0 <= t.min() < 0.05 and 0.95 < t.max() <= 1  # one place on the line for each point
    losses.r1_penalty(critic, x_fake)
    assert torch.equal(seen[1], x_fake)


def test_a_packed_discriminator_is_penalized_once_for_each_pack():
    x = torch.randn(6, 2, dtype=torch.float64)
    r1 = losses.r1_penalty(lambda v: v.reshape(3, 4).square().sum(1), x)
    torch.testing.assert_close(r1, 0.5 * (2 * x).reshape(3, 4).square().sum(1))


def test_penalties_reach_the_parameters_and_nothing_breaks_at_a_zero_gradient():
    critic = torch.nn.Linear(2, 1)
    x = torch.randn(B, 2)
    losses.gradient_penalty(lambda v: critic(v)[:, 0], x, x + 1).mean().backward()
    assert critic.weight.grad.abs().sum() > 0
    flat = torch.nn.Linear(2, 1)
    torch.nn.init.zeros_(flat.weight)
    losses.gradient_penalty(lambda v: flat(v)[:, 0], x, x + 1).mean().backward()
    assert flat.weight.grad.isfinite().all()


@pytest.mark.parametrize(
    "call",
    [
        lambda: losses.discriminator_loss(torch.zeros(3), torch.zeros(3, 1)),
        lambda: losses.critic_loss(torch.zeros(3), torch.zeros(4)),
        lambda: losses.gradient_penalty(lambda v: v.sum(1), torch.zeros(3, 2), torch.zeros(3, 1)),
    ],
)
def test_shapes_that_would_broadcast_are_refused(call):
    with pytest.raises(ValueError, match=r"\(3,"):
        call()
