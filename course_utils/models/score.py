"""Diffusion where everything is known: the score of a Gaussian mixture at every time, and the ODE's likelihood.

Times and schedule are those of `diffusion`.
"""

import math
from itertools import pairwise

import torch
from torch import Tensor

from course_utils.models.diffusion import LAST, Denoise, alpha_bar
from course_utils.models.mixtures import GMMParameters, responsibilities


def noised(theta: GMMParameters, t: Tensor) -> GMMParameters:
    """What x_t follows if x_0 follows theta: a mixture of the same weights, means √ᾱ μ, covariances ᾱ Σ + (1 − ᾱ) I."""
    keep, eye = alpha_bar(t), torch.eye(theta.means.shape[1], dtype=theta.means.dtype)
    return GMMParameters(theta.weights, keep.sqrt() * theta.means, keep * theta.covariances + (1 - keep) * eye)


def mixture_score(theta: GMMParameters, x: Tensor, t: Tensor) -> Tensor:
    """∇ log p_t(x), exactly: Σ_k r_k(x) C_k⁻¹ (m_k − x) for the mixture `noised`. Args: x `(B, D)`, one t. `(B, D)`."""
    there = noised(theta, t)
    pull = torch.linalg.solve(there.covariances, (there.means[:, None] - x).mT).mT  # (K, B, D)
    return (responsibilities(x, *there).T[:, :, None] * pull).sum(0)


def mixture_denoiser(theta: GMMParameters) -> Denoise:
    """E[x_0 | x_t], exactly, as `denoise(x, t)`: (x + (1 − ᾱ) ∇ log p_t(x)) / √ᾱ. Source: Efron 2011 (Tweedie)."""
    return lambda x, t: (x + (1 - alpha_bar(t)) * mixture_score(theta, x, t)) / alpha_bar(t).sqrt()


def flow(denoise: Denoise, x: Tensor, theta: Tensor) -> Tensor:
    """dx/dθ of the probability-flow ODE at the angle θ > 0: v = (cos θ · x − x̂_0) / sin θ.

    Source: Song et al. 2021 (arXiv:2011.13456), eq. 13, in θ in place of t.
    """
    return (theta.cos() * x - denoise(x, 2 / math.pi * theta)) / theta.sin()


def ode_log_prob(denoise: Denoise, x: Tensor, steps: int = 200, first: float = 1e-3, last: float = LAST) -> Tensor:
    """log p(x) in nats, `(B,)`: follow the ODE from x `(B, D)` to noise, adding up the divergence of its flow.

    Heun's method in equal steps of the angle; `first` > 0 is the time it starts at, as if x were x_first, and at
    `last` x is taken for N(0, I). D backward passes a step, so for few dimensions.
    Source: Song et al. 2021 (arXiv:2011.13456), eq. 39 (appendix D.2).
    """
    angles = math.pi / 2 * torch.linspace(first, last, steps + 1, dtype=x.dtype)
    gained = x.new_zeros(len(x))
    for theta, after in pairwise(angles.unbind()):
        h = after - theta
        v, divergence = _flow_and_divergence(denoise, x, theta)
        v_after, divergence_after = _flow_and_divergence(denoise, x + h * v, after)
        x, gained = x + h * (v + v_after) / 2, gained + h * (divergence + divergence_after) / 2
    return gained - 0.5 * (x**2 + math.log(2 * math.pi)).sum(1)


def _flow_and_divergence(denoise: Denoise, x: Tensor, theta: Tensor) -> tuple[Tensor, Tensor]:
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        v = flow(denoise, x, theta)
        slopes = [torch.autograd.grad(v[:, d].sum(), x, retain_graph=True)[0][:, d] for d in range(x.shape[1])]
    return v.detach(), torch.stack(slopes).sum(0)
