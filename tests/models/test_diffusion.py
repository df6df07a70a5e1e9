"""Diffusion against closed forms: noise, the exact score of a mixture, samplers, the ODE's likelihood, guidance."""

import math

import pytest
import torch

from course_utils.models import diffusion, mixtures, score
from course_utils.models.ensemble import one_of, stack
from course_utils.training import seeded

T = torch.tensor


@pytest.fixture(scope="module")
def theta():
    weights = T([0.5, 0.3, 0.2], dtype=torch.float64)
    means = T([[-1.5, -0.5], [1.5, 1.0], [1.25, -2.0]], dtype=torch.float64)
    covariances = T([[[0.35, 0.2], [0.2, 0.25]], [[0.3, -0.2], [-0.2, 0.4]], [[0.3, 0.0], [0.0, 0.1]]])
    return mixtures.GMMParameters(weights, means, covariances.double())


def gaussian(mean, covariance):
    return mixtures.GMMParameters(torch.ones(1).double(), T([mean]).double(), T([covariance]).double())


@pytest.mark.parametrize("t", [0.0, 0.3, 0.8, diffusion.LAST])
def test_noise_has_the_mean_and_variance_of_the_closed_form(t):
    x_0, t = torch.full((200_000, 1), 1.7), T(t)
    x = diffusion.q_sample(x_0, t.expand(200_000), torch.randn(x_0.shape, generator=seeded()))
    keep = math.cos(math.pi / 2 * t) ** 2
    assert abs(x.mean() - math.sqrt(keep) * 1.7) < 0.01 and abs(x.var() - (1 - keep)) < 0.01


def test_noise_in_steps_is_noise_in_one_go():
    x = torch.full((100_000,), 2.0)
    for t, s in zip(torch.linspace(0.1, 0.8, 8), torch.linspace(0, 0.7, 8), strict=True):
        alpha = diffusion.alpha_bar(t) / diffusion.alpha_bar(s)
        x = alpha.sqrt() * x + (1 - alpha).sqrt() * torch.randn(len(x), generator=seeded(int(100 * t)))
    keep = diffusion.alpha_bar(T(0.8))
    assert abs(x.mean() - 2 * keep.sqrt()) < 0.01 and abs(x.var() - (1 - keep)) < 0.01


def test_each_time_belongs_to_its_image():
    x_0, t = torch.ones(3, 1, 2, 2), T([0.0, 0.5, 0.9])
    x = diffusion.q_sample(x_0, t, torch.zeros_like(x_0))
    torch.testing.assert_close(x[:, 0, 0, 0], (math.pi / 2 * t).cos())


@pytest.mark.parametrize("predicts", diffusion.PREDICTS)
def test_every_target_gives_back_the_same_data_and_noise(predicts):
    x_0, epsilon = torch.randn(2, 9, 2, generator=seeded(), dtype=torch.float64).unbind()
    t = torch.linspace(0.05, diffusion.LAST, 9, dtype=torch.float64)
    x = diffusion.q_sample(x_0, t, epsilon)
    guess = diffusion.to_x_0(diffusion.target(x_0, t, epsilon, predicts), x, t, predicts)
    torch.testing.assert_close(guess, x_0)
    torch.testing.assert_close(diffusion.to_noise(guess, x, t), epsilon)


def test_v_is_the_speed_in_the_angle():
    x_0, epsilon = torch.randn(2, 5, 2, generator=seeded(), dtype=torch.float64).unbind()
    t, h = T(0.4, dtype=torch.float64), 1e-5
    ahead, behind = (diffusion.q_sample(x_0, t + d * 2 / math.pi, epsilon) for d in (h, -h))
    torch.testing.assert_close((ahead - behind) / (2 * h), diffusion.target(x_0, t, epsilon, "v"), atol=1e-8, rtol=0)


def test_the_exact_denoiser_of_one_gaussian_is_linear_regression():
    """Joint normal (x_0, x_t): E[x_0|x_t] = m + c Σ (c² Σ + s² I)⁻¹ (x_t − c m)."""
    mean, covariance = [1.0, -2.0], [[0.5, 0.3], [0.3, 0.4]]
    x, t = torch.randn(7, 2, generator=seeded(), dtype=torch.float64), T(0.6).double()
    cos, sin = math.cos(math.pi / 2 * t), math.sin(math.pi / 2 * t)
    m, sigma = T(mean).double(), T(covariance).double()
    gain = cos * sigma @ torch.linalg.inv(cos**2 * sigma + sin**2 * torch.eye(2))
    exact = score.mixture_denoiser(gaussian(mean, covariance))(x, t)
    torch.testing.assert_close(exact, m + (x - cos * m) @ gain.T)


@pytest.mark.parametrize("t", [0.01, 0.4, 0.95])
def test_the_exact_score_is_the_gradient_of_log_p(theta, t):
    x = (2 * torch.randn(20, 2, generator=seeded(), dtype=torch.float64)).requires_grad_()
    t = T(t).double()
    (gradient,) = torch.autograd.grad(score.noised(theta, t).log_prob(x).sum(), x)
    torch.testing.assert_close(score.mixture_score(theta, x.detach(), t), gradient)


def test_a_step_of_ddpm_is_bayes_rule():
    """q(x_s | x_t, x_0) ∝ q(x_t | x_s) q(x_s | x_0), two normals whose precisions add."""
    t, s, x_0, x = T(0.7).double(), T(0.5).double(), T([0.8]).double(), T([-0.4]).double()
    at, after = diffusion.alpha_bar(t), diffusion.alpha_bar(s)
    alpha = at / after
    precision = 1 / (1 - after) + alpha / (1 - alpha)
    mean = (after.sqrt() * x_0 / (1 - after) + alpha.sqrt() * x / (1 - alpha)) / precision
    zero, one = torch.zeros(1).double(), torch.ones(1).double()
    torch.testing.assert_close(diffusion.ddpm_step(x, x_0, t, s, zero), mean)
    torch.testing.assert_close(diffusion.ddpm_step(x, x_0, t, s, one) - mean, precision.rsqrt().reshape(1))


def test_the_last_step_adds_no_noise():
    x, x_0, t = torch.randn(4, 2), torch.randn(4, 2), T(0.1)
    last = diffusion.ddpm_step(x, x_0, t, T(0.0), torch.full((4, 2), 1e6))
    torch.testing.assert_close(last, x_0)
    torch.testing.assert_close(diffusion.ddim_step(x, x_0, t, T(0.0)), x_0)


@pytest.mark.parametrize("sampler", ["ddpm", "ddim"])
def test_samplers_with_the_exact_denoiser_give_the_mixture_back(theta, sampler):
    n, rng = 4000, seeded()
    noise = torch.randn(n, 2, generator=rng, dtype=torch.float64)
    run = {"ddpm": lambda *given: diffusion.ddpm(*given, rng=rng), "ddim": diffusion.ddim}[sampler]
    x = run(score.mixture_denoiser(theta), noise, diffusion.times(200, dtype=torch.float64))
    drawn = theta.sample(n, rng=rng)
    gap = theta.log_prob(drawn).mean() - theta.log_prob(x).mean()
    spread = theta.log_prob(drawn).std() * math.sqrt(2 / n)
    assert abs(gap) < 4 * spread + 0.02
    shares = mixtures.responsibilities(x, *theta).mean(0)
    torch.testing.assert_close(shares, theta.weights, atol=0.035, rtol=0)
    torch.testing.assert_close(x.T.cov(), drawn.T.cov(), atol=0.12, rtol=0)


def test_the_ode_gives_the_likelihood(theta):
    x = theta.sample(50, rng=seeded())
    guess = score.ode_log_prob(score.mixture_denoiser(theta), x, steps=200, last=0.9999)
    torch.testing.assert_close(guess, theta.log_prob(x), atol=0.005, rtol=0)
    coarse = score.ode_log_prob(score.mixture_denoiser(theta), x, steps=25, last=0.9999)
    assert (coarse - theta.log_prob(x)).abs().mean() > (guess - theta.log_prob(x)).abs().mean()


def test_ddim_of_one_gaussian_lands_where_the_exact_map_does():
    """In one dimension the ODE keeps quantiles: N(0, 1) to N(m, s²) is x ↦ m + s x."""
    one = mixtures.GMMParameters(torch.ones(1).double(), T([[0.7]]).double(), T([[[0.04]]]).double())
    x = T([[-1.5], [0.0], [2.0]]).double()
    out = diffusion.ddim(score.mixture_denoiser(one), x, diffusion.times(2000, last=0.9999, dtype=torch.float64))
    torch.testing.assert_close(out, 0.7 + 0.2 * x, atol=2e-3, rtol=0)


def test_guidance_goes_from_without_through_with_and_beyond():
    a, b = torch.randn(2, 3, generator=seeded()).unbind()
    torch.testing.assert_close(diffusion.guided(a, b, 0), b)
    torch.testing.assert_close(diffusion.guided(a, b, 1), a)
    torch.testing.assert_close(diffusion.guided(a, b, 3), b + 3 * (a - b))


def test_the_loss_is_the_sum_over_the_event_of_a_time_and_noise_for_each_image():
    model = diffusion.Denoiser((1, 4, 4), hidden=8)
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    x = torch.full((64, 1, 4, 4), 0.75)  # 0.5 inside, and the network says 0
    torch.testing.assert_close(diffusion.denoising_loss(model, x, rng=seeded()), torch.full((64,), 16 * 0.25))
    model.predicts = "noise"
    loss = diffusion.denoising_loss(model, x, rng=seeded())
    assert loss.shape == (64,) and abs(loss.mean() - 16) < 3 and loss.std() > 1


def test_a_class_is_forgotten_as_often_as_told():
    model, seen = diffusion.Denoiser((2,), classes=3, hidden=8, pixels=False), []
    model.register_forward_pre_hook(lambda _, given: seen.append(given[2]))
    y = torch.arange(3).repeat(2000)
    diffusion.denoising_loss(model, torch.zeros(6000, 2), y, seeded(), drop=0.2)
    forgotten = seen[0] == 3
    assert abs(forgotten.float().mean() - 0.2) < 0.02 and torch.equal(seen[0][~forgotten], y[~forgotten])


def test_without_a_class_the_network_sees_the_one_that_means_none():
    model = diffusion.Denoiser((2,), classes=3, hidden=8, pixels=False)
    x, t, y = torch.randn(5, 2), T(0.5), torch.arange(5) % 3
    torch.testing.assert_close(model(x, t), model(x, t, torch.full((5,), 3)))
    with_y, without = model.denoise(x, t, y), model.denoise(x, t)
    torch.testing.assert_close(model.denoise(x, t, y, guidance=2.0), without + 2 * (with_y - without))


def test_stacked_networks_are_the_networks():
    several = [diffusion.Denoiser((2,), classes=2, hidden=8, pixels=False) for _ in range(2)]
    stacked = stack(several)
    x, t, y = torch.randn(2, 5, 2), torch.rand(2, 5), torch.arange(10).reshape(2, 5) % 2
    each = torch.stack([model(*given) for model, *given in zip(several, x, t, y, strict=True)])
    torch.testing.assert_close(stacked(x, t, y), each)
    torch.testing.assert_close(one_of(stacked, several[0], 1)(x[1], t[1], y[1]), each[1])
    assert diffusion.denoising_loss(stacked, x, y, seeded()).shape == (2, 5)


def test_an_unknown_target_is_refused():
    with pytest.raises(ValueError, match="x_0, noise, v"):
        diffusion.Denoiser(predicts="score")
