"""Restricted Boltzmann machines: p(x) = exp(−F(x)) / Z over binary x, by Gibbs sampling, enumeration, and annealing.

An RBM at the inverse temperature β is an RBM again (`tempered`), so sampling, free energy and log Z are written once.
All methods take more batch dimensions in front: `lead` machines side by side, x `(*lead, B, V)`.

rbm = RBM(16, 10)
rbm.gibbs(x, 100, rng)            # x after 100 steps, (B, 16)
rbm.log_prob(x)                   # nats, exact where one layer has at most 20 units
ais(rbm, base, betas, 100, rng)   # what log Z is estimated from, where none has
"""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils import losses
from course_utils.models.layers import check_labels

MOST = 20  # units of the smaller layer that are enumerated: a million states
SAMPLE_STEPS = 1000  # Gibbs steps of `RBM.sample`


def states(n: int) -> Tensor:
    """All binary vectors of n units, `(2**n, n)`, counting up, the last unit fastest.

    Raises ValueError for more than 20 units.
    """
    if not 0 < n <= MOST:
        raise ValueError(f"{n} units have 2^{n} states: enumerate at least one and at most {MOST}; beyond, use ais.")
    return (torch.arange(2**n)[:, None] >> torch.arange(n - 1, -1, -1) & 1).float()


def draw(probability: Tensor, rng: torch.Generator | None = None) -> Tensor:
    """Zeros and ones, each 1 with its probability; of the same shape."""
    return (torch.rand(probability.shape, generator=rng, dtype=probability.dtype) < probability).to(probability.dtype)


class RBM(nn.Module):
    """V visible and H hidden binary units, E(x, h) = −b·x − c·h − x W h, with nothing inside a layer.

    Parameters: weight W `(*lead, V, H)`, visible_bias b `(*lead, V)`, hidden_bias c `(*lead, H)`.
    Source: Smolensky 1986; Hinton 2002. First weights N(0, `std`²), biases 0 (Hinton 2012, section 8).
    """

    def __init__(
        self,
        visible: int,
        hidden: int,
        *,
        lead: tuple[int, ...] = (),
        std: float = 0.01,
        rng: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.lead = tuple(lead)
        self.weight = nn.Parameter(std * torch.randn(*lead, visible, hidden, generator=rng))
        self.visible_bias = nn.Parameter(torch.zeros(*lead, visible))
        self.hidden_bias = nn.Parameter(torch.zeros(*lead, hidden))

    def energy(self, x: Tensor, h: Tensor) -> Tensor:
        """E(x, h) in nats, `(…, B)`, for x `(…, B, V)` and h `(…, B, H)`."""
        return -(x * self.visible_logits(h)).sum(-1) - (h * self.hidden_bias.unsqueeze(-2)).sum(-1)

    def free_energy(self, x: Tensor) -> Tensor:
        """F(x) = −log Σ_h exp(−E(x, h)) in nats, `(…, B)`: log p(x) = −F(x) − log Z."""
        return losses.free_energy(x, self.weight, self.visible_bias, self.hidden_bias)

    def hidden_logits(self, x: Tensor) -> Tensor:
        """Logits of p(h = 1 | x), `(…, B, H)`."""
        return x @ self.weight + self.hidden_bias.unsqueeze(-2)

    def visible_logits(self, h: Tensor) -> Tensor:
        """Logits of p(x = 1 | h), `(…, B, V)`."""
        return h @ self.weight.mT + self.visible_bias.unsqueeze(-2)

    @torch.no_grad()
    def gibbs(self, x: Tensor, steps: int = 1, rng: torch.Generator | None = None) -> Tensor:
        """x `(…, B, V)` after so many steps: all hidden units given x, then all visible units given them."""
        for _ in range(steps):
            h = draw(self.hidden_logits(x).sigmoid(), rng)
            x = draw(self.visible_logits(h).sigmoid(), rng)
        return x

    def log_partition(self) -> Tensor:
        """log Z in nats, of shape `lead`, exactly: a sum over all states of the smaller layer.

        Raises ValueError if both layers have more than 20 units; then estimate it by `ais`.
        """
        visible, hidden = self.weight.shape[-2:]
        if visible <= hidden:
            return torch.logsumexp(-self.free_energy(states(visible).to(self.weight)), -1)
        turned = losses.free_energy(states(hidden).to(self.weight), self.weight.mT, self.hidden_bias, self.visible_bias)
        return torch.logsumexp(-turned, -1)

    def log_prob(self, x: Tensor) -> Tensor:
        """log P(x) in nats, `(…, B)`, exactly, for x `(…, B, V)` of zeros and ones; see `log_partition`."""
        return -self.free_energy(x) - self.log_partition().unsqueeze(-1)

    @torch.no_grad()
    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """x `(*lead, n, V)` after 1,000 Gibbs steps from coin flips: draws of p(x) if that is long enough, which no
        formula says. There are no classes y to ask for."""
        check_labels(n, y, 0)
        coins = torch.rand(*self.lead, n, self.weight.shape[-2], generator=rng).round()
        return self.gibbs(coins, SAMPLE_STEPS, rng)

    @torch.no_grad()
    def tempered(self, betas: Tensor, base_logits: Tensor) -> "RBM":
        """RBMs at inverse temperatures β `(T,)` on the way from independent pixels (β = 0, logits `(V,)`) to this one.

        Weights and hidden biases β W and β c, visible biases (1 − β) base_logits + β b; `lead` is (T,).
        Source: Salakhutdinov & Murray 2008 (10.1145/1390156.1390266). Departure: the base has no hidden units.
        """
        visible, hidden = self.weight.shape[-2:]
        warm = RBM(visible, hidden, lead=(len(betas),)).to(self.weight)
        warm.weight.copy_(betas[:, None, None] * self.weight)
        warm.hidden_bias.copy_(betas[:, None] * self.hidden_bias)
        warm.visible_bias.copy_(torch.lerp(base_logits, self.visible_bias, betas[:, None]))
        return warm


@torch.no_grad()
def ais(rbm: RBM, base_logits: Tensor, betas: Tensor, chains: int, rng: torch.Generator | None = None) -> Tensor:
    """log weights `(chains,)` in nats of annealed importance sampling: the mean of exp(log w) has the mean Z.

    log Z is estimated by `log_mean_exp`, on average from below (Jensen), so the likelihood is overstated.
    Args: betas rise from 0 to 1, `(T,)`; base_logits `(V,)` of the independent pixels that it starts from.
    Raises ValueError for other betas. Source: Neal 2001 (arXiv:physics/9803008); Salakhutdinov & Murray 2008.
    """
    if betas[0] != 0 or betas[-1] != 1 or (betas.diff() <= 0).any():
        raise ValueError(f"betas must rise from 0 to 1, got {betas.tolist()[:1]} … {betas.tolist()[-1:]}.")
    x = draw(base_logits.sigmoid().expand(chains, -1), rng)
    log_w = (F.softplus(base_logits).sum() + len(rbm.hidden_bias) * math.log(2)).expand(chains).clone()
    for before, beta in pairwise(betas):
        pull, logits = x @ (rbm.visible_bias - base_logits), rbm.hidden_logits(x)
        log_w += (beta - before) * pull + (F.softplus(beta * logits) - F.softplus(before * logits)).sum(-1)
        h = draw((beta * logits).sigmoid(), rng)
        x = draw(torch.lerp(base_logits, rbm.visible_logits(h), beta).sigmoid(), rng)
    return log_w


def log_mean_exp(log_w: Tensor) -> Tensor:
    """The logarithm of the mean of exp(log_w), over the last dimension."""
    return torch.logsumexp(log_w, -1) - math.log(log_w.shape[-1])


@torch.no_grad()
def exchange(ladder: RBM, x: Tensor, odd: bool, rng: torch.Generator | None = None) -> Tensor:
    """Parallel tempering: neighbors on a ladder of temperatures swap their states or keep them, and p stays as it was.

    A swap of t and t + 1 is taken with probability min(1, exp(F_t(x_t) + F_t+1(x_t+1) − F_t(x_t+1) − F_t+1(x_t))).
    Args: ladder from `RBM.tempered`, x `(T, B, V)`; pairs begin at rung 0, or at 1 where `odd`. Returns `(T, B, V)`.
    Source: Swendsen & Wang 1986; Geyer 1991; for RBMs Desjardins et al. 2010.
    """
    here, x = ladder.free_energy(x), x.clone()
    up, down = ladder.free_energy(x.roll(-1, 0)), ladder.free_energy(x.roll(1, 0))  # of the next one's, the last one's
    accept = here[:-1] + here[1:] - up[:-1] - down[1:]
    swap = accept.exp() > torch.rand(accept.shape, generator=rng)
    swap[1 - int(odd) :: 2] = False
    low, high = x[:-1].clone(), x[1:].clone()
    x[:-1] = torch.where(swap[..., None], high, x[:-1])
    x[1:] = torch.where(swap[..., None], low, x[1:])
    return x
