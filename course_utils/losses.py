"""Every formula the course teaches, one equation one return.

All quantities are in nats. A function that returns shape `(B,)` has summed over the dimensions of one data point; the
mean over the batch is the caller's. Averaging over dimensions too would weight the terms against each other unsaid.
Where B stands there may be more batch dimensions, such as (runs, B); functions that sum are then told `batch_dims=2`.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F


def _same_shape(**tensors: Tensor) -> None:
    """Raise ValueError if the shapes differ: broadcasting would sum over the wrong things without an error."""
    if len({tuple(t.shape) for t in tensors.values()}) > 1:
        shapes = ", ".join(f"{name} {tuple(t.shape)}" for name, t in tensors.items())
        raise ValueError(f"these must have the same shape: {shapes}.")


def _sum_event(values: Tensor, batch_dims: int) -> Tensor:
    """Sum over everything but the batch: `(B, *event)` to `(B,)`."""
    if values.dim() <= batch_dims:
        raise ValueError(f"expected {batch_dims} batch dimension(s) and an event, got {tuple(values.shape)}.")
    return values.flatten(batch_dims).sum(-1)


def kl_standard_normal(mu: Tensor, logvar: Tensor, *, batch_dims: int = 1) -> Tensor:
    """KL(N(mu, σ²) ‖ N(0, I)) ≥ 0 in nats, with σ² = exp(logvar), summed over latent dimensions.

    Args: mu and logvar, `(B, Z)`. Returns `(B,)`. Raises ValueError if the shapes differ.
    Source: Kingma & Welling 2014 (arXiv:1312.6114), appendix B.
    """
    _same_shape(mu=mu, logvar=logvar)
    return -0.5 * _sum_event(1 + logvar - mu**2 - logvar.exp(), batch_dims)


def kl_gaussians(mu_q: Tensor, logvar_q: Tensor, mu_p: Tensor, logvar_p: Tensor, *, batch_dims: int = 1) -> Tensor:
    """KL(q ‖ p) ≥ 0 in nats between Gaussians with diagonal covariances, summed over dimensions.

    Args: means and log-variances, each `(B, Z)`. Returns `(B,)`. Raises ValueError if the shapes differ.
    """
    _same_shape(mu_q=mu_q, logvar_q=logvar_q, mu_p=mu_p, logvar_p=logvar_p)
    ratio = (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp()
    return 0.5 * _sum_event(logvar_p - logvar_q + ratio - 1, batch_dims)


def log_bernoulli(x: Tensor, x_logits: Tensor, *, batch_dims: int = 1) -> Tensor:
    """log p(x | z) ≤ 0 in nats of independent Bernoulli pixels, x log p + (1 − x) log(1 − p), p = sigmoid(x_logits).

    A likelihood only for x in {0, 1}. With gray levels in between it is the usual cross-entropy, not a likelihood.
    Args: x and x_logits, `(B, *event)`. Returns `(B,)`. Raises ValueError if the shapes differ.
    """
    _same_shape(x=x, x_logits=x_logits)
    return -_sum_event(F.binary_cross_entropy_with_logits(x_logits, x, reduction="none"), batch_dims)


def log_gaussian(x: Tensor, mu: Tensor, logvar: Tensor, *, batch_dims: int = 1) -> Tensor:
    """log N(x; mu, σ²) in nats, with σ² = exp(logvar), summed over the event.

    Args: x `(B, *event)`; mu and logvar that broadcast to it (a scalar is one shared variance). Returns `(B,)`.
    """
    return -0.5 * _sum_event(math.log(2 * math.pi) + logvar + (x - mu) ** 2 / logvar.exp(), batch_dims)


def elbo(log_px_z: Tensor, kl: Tensor, beta: float = 1.0) -> Tensor:
    """The evidence lower bound log p(x|z) − β KL(q(z|x) ‖ p(z)) in nats; a bound on log p(x) for β ≥ 1.

    Args: log_px_z and kl, `(B,)`. Returns `(B,)`. Raises ValueError if the shapes differ.
    Source: Kingma & Welling 2014, eq. 3; β: Higgins et al. 2017, eq. 4.
    """
    _same_shape(log_px_z=log_px_z, kl=kl)
    return log_px_z - beta * kl


def iw_elbo(log_w: Tensor) -> Tensor:
    """The importance-weighted bound log (1/K) Σₖ wₖ in nats, w = p(x, z) / q(z|x); the ELBO for K = 1, rising with K.

    Args: log_w `(K, B)`, one row a sample of z. Returns `(B,)`. Raises ValueError for another number of dimensions.
    Source: Burda, Grosse & Salakhutdinov 2016 (arXiv:1509.00519), eq. 8.
    """
    if log_w.dim() != 2:
        raise ValueError(f"log_w must be (K, B), samples by data points; got {tuple(log_w.shape)}.")
    return torch.logsumexp(log_w, dim=0) - math.log(log_w.shape[0])


def marginal_elbo(elbo_y: Tensor, y_logits: Tensor) -> Tensor:
    """Σ_y q(y|x) elbo(x, y) + H(q(y|x)) in nats: a bound on log p(x) where the label is not known.

    It is largest, log Σ_y exp elbo(x, y), where q(y|x) is the softmax of the bounds.
    Args: bounds on log p(x, y) for each class, and the classifier's logits, both `(…, B, K)`. Returns `(…, B)`.
    Raises ValueError if the shapes differ. Source: Kingma et al. 2014 (arXiv:1406.5298), eq. 7.
    """
    _same_shape(elbo_y=elbo_y, y_logits=y_logits)
    log_q = y_logits.log_softmax(-1)
    return (log_q.exp() * (elbo_y - log_q)).sum(-1)


# Generative adversarial networks.


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """−log D(x) − log(1 − D(G(z))) ≥ 0 in nats, D = sigmoid(logit), for D to minimize; its mean is −V(D, G).

    It is 2 log 2 where D is 1/2 everywhere. Args: logits of real and of generated points, both `(B,)`. Returns `(B,)`.
    Raises ValueError if the shapes differ. Source: Goodfellow et al. 2014 (arXiv:1406.2661), eq. 1.
    """
    _same_shape(real_logits=real_logits, fake_logits=fake_logits)
    return F.softplus(-real_logits) + F.softplus(fake_logits)


def generator_loss_minimax(fake_logits: Tensor) -> Tensor:
    """log(1 − D(G(z))) ≤ 0 in nats, the generator's part of V(D, G). Its gradient in the logit is −D: none where D ≈ 0.

    Args: `(B,)`. Returns `(B,)`. Source: Goodfellow et al. 2014, algorithm 1.
    """
    return -F.softplus(fake_logits)


def generator_loss(fake_logits: Tensor) -> Tensor:
    """−log D(G(z)) ≥ 0 in nats, the non-saturating loss. Its gradient in the logit is −(1 − D): largest where D ≈ 0.

    Args: `(B,)`. Returns `(B,)`. Source: Goodfellow et al. 2014, end of section 3.
    """
    return F.softplus(-fake_logits)


def critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """f(G(z)) − f(x), what a Wasserstein critic f minimizes; minus its mean is ≤ W₁ if f is 1-Lipschitz.

    Args: scores, any real numbers, both `(B,)`. Returns `(B,)`, in the unit of x.
    Raises ValueError if the shapes differ. Source: Arjovsky, Chintala & Bottou 2017 (arXiv:1701.07875), eq. 2.
    """
    _same_shape(real_scores=real_scores, fake_scores=fake_scores)
    return fake_scores - real_scores


def critic_generator_loss(fake_scores: Tensor) -> Tensor:
    """−f(G(z)), what the generator minimizes against a Wasserstein critic. Args: `(B,)`. Returns `(B,)`."""
    return -fake_scores


def gradient_penalty(
    critic: Callable[[Tensor], Tensor],
    x: Tensor,
    x_fake: Tensor,
    rng: torch.Generator | None = None,
    *,
    batch_dims: int = 1,
) -> Tensor:
    """(‖∇f(x̂)‖₂ − 1)² at points x̂ drawn evenly on the lines between real and generated points.

    Args: `critic` maps `(B, *event)` to `(B,)`; x and x_fake `(B, *event)`; `batch_dims` is 2 for `(runs, B, *event)`.
    Returns `(B,)`, through which gradients reach the critic. Raises ValueError if the shapes differ.
    Source: Gulrajani et al. 2017 (arXiv:1704.00028), algorithm 1.
    """
    _same_shape(x=x, x_fake=x_fake)
    shape = x.shape[:batch_dims] + (1,) * (x.dim() - batch_dims)
    t = torch.rand(shape, generator=rng, dtype=x.dtype)
    return ((_squared_gradient(critic, x.lerp(x_fake, t)) + 1e-12).sqrt() - 1) ** 2  # sqrt has no gradient at 0


def r1_penalty(discriminator: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """½ ‖∇D(x)‖₂² ≥ 0 of the logit at real points; weighted by γ it makes training converge near the equilibrium.

    Args: `discriminator` maps `(B, *event)` to logits `(B,)`; x `(B, *event)`. Returns `(B,)`.
    Source: Mescheder, Geiger & Nowozin 2018 (arXiv:1801.04406), eq. 9.
    """
    return 0.5 * _squared_gradient(discriminator, x)


def _squared_gradient(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """‖∇f(x)‖² for each point, of the shape of f(x); a graph is kept, so that it can be minimized."""
    x = x.detach().requires_grad_()
    values = function(x)
    (gradient,) = torch.autograd.grad(values.sum(), x, create_graph=True)
    return gradient.reshape(*values.shape, -1).square().sum(-1)


# Energy-based models.


def free_energy(x: Tensor, weight: Tensor, visible_bias: Tensor, hidden_bias: Tensor) -> Tensor:
    """F(x) = −b·x − Σ_j log(1 + exp(c_j + (x W)_j)) in nats, of a restricted Boltzmann machine: p(x) = exp(−F(x)) / Z.

    Args: x `(…, B, V)`, weight W `(…, V, H)`, visible_bias b `(…, V)`, hidden_bias c `(…, H)`. Returns `(…, B)`.
    Source: Hinton 2012 (10.1007/978-3-642-35289-8_32), section 16.1.
    """
    hidden_logits = x @ weight + hidden_bias.unsqueeze(-2)
    return -(x * visible_bias.unsqueeze(-2)).sum(-1) - F.softplus(hidden_logits).sum(-1)


def contrastive_divergence(data_energy: Tensor, chain_energy: Tensor) -> Tensor:
    """Mean F(x) − mean F(x_k), whose gradient is that of CD-k where the chains' ends x_k were drawn without a graph.

    No likelihood: its value means nothing, and may rise while the model gets better. Args: free energies of data
    `(…, B)` and of chains `(…, C)`. Returns `(…)`: these means are apart, since there may be more chains than data.
    Source: Hinton 2002 (10.1162/089976602760128018).
    """
    return data_energy.mean(-1) - chain_energy.mean(-1)


# Preferences.


def bradley_terry_loss(chosen: Tensor, rejected: Tensor) -> Tensor:
    """−log sigmoid(chosen − rejected) ≥ 0 in nats, for rewards of the preferred answer and of the other one.

    Args: rewards, both `(B,)`. Returns `(B,)`. Raises ValueError if the shapes differ.
    Source: Bradley & Terry 1952 (doi 10.2307/2334029); Ouyang et al. 2022 (arXiv:2203.02155), eq. 1.
    """
    _same_shape(chosen=chosen, rejected=rejected)
    return F.softplus(rejected - chosen)


def dpo_loss(chosen: Tensor, rejected: Tensor, chosen_ref: Tensor, rejected_ref: Tensor, beta: float) -> Tensor:
    """`bradley_terry_loss` of the rewards β (log π − log π_ref), for which π is the optimum. log 2 where π is π_ref.

    Args: log-probabilities in nats, summed over an answer's tokens, each `(B,)`; the last two under the reference,
    which is not trained. Returns `(B,)`. Raises ValueError if the shapes differ or unless β > 0.
    Source: Rafailov et al. 2023 (arXiv:2305.18290), eq. 7.
    """
    if beta <= 0:
        raise ValueError(f"beta must be positive, got {beta}.")
    _same_shape(chosen=chosen, rejected=rejected, chosen_ref=chosen_ref, rejected_ref=rejected_ref)
    return bradley_terry_loss(beta * (chosen - chosen_ref.detach()), beta * (rejected - rejected_ref.detach()))


def tilted(log_ref: Tensor, reward: Tensor, beta: float) -> Tensor:
    """log of the π that maximizes E_π[reward] − β KL(π ‖ π_ref): log softmax(log π_ref + reward / β), `(…, K)`.

    Args: log π_ref and the reward of each of K answers, `(…, K)`. Raises ValueError unless β > 0.
    Source: Rafailov et al. 2023, eq. 4; Korbak et al. 2022 (arXiv:2206.00761).
    """
    if beta <= 0:
        raise ValueError(f"beta must be positive, got {beta}.")
    return (log_ref + reward / beta).log_softmax(-1)
