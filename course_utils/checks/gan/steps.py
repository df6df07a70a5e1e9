"""The checks of assignment 04 for one training step of each player: what moved, and which gradients are left."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.checks.kit.common import Answer, question, recognize, require


class _Judge(nn.Module):
    """A discriminator of points in the plane, with logits (B,)."""

    def __init__(self) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.tensor([0.8, -1.3])), nn.Parameter(torch.tensor(0.4))

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(x) @ self.weight + self.bias


def _players() -> tuple[nn.Module, nn.Module, Tensor, Tensor]:
    """G, D, real points x and noise z, always the same."""
    G = nn.Linear(2, 2)
    with torch.no_grad():
        G.weight.copy_(torch.tensor([[0.9, -0.4], [0.3, 1.2]]))
        G.bias.copy_(torch.tensor([0.1, -0.5]))
    generator = torch.Generator().manual_seed(3)
    x, z = torch.randn(2, 6, 2, generator=generator)
    return G, _Judge(), x + 1, z


def _flat(network: nn.Module) -> Tensor:
    return nn.utils.parameters_to_vector(network.parameters()).detach().clone()


def _slope(loss: Tensor, network: nn.Module) -> Tensor:
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(network.parameters()))])


def _updates(start: Tensor, slope: Tensor, count: int, who: str) -> dict[str, Tensor]:
    """Wrong updates with learning rate 0.1 and an old gradient of 1: what each leaves of the weights."""
    return {
        f"has not moved. The step is zero_grad, backward, optimizer.step(). Or is {who}'s gradient cut off?": start,
        "still has an older gradient in its update: call zero_grad before backward.": start - 0.1 * (slope + 1),
        "has moved uphill: the loss is minimized.": start + 0.1 * slope,
        "has moved too far: take the mean of the loss over the batch, not its sum.": start - 0.1 * count * slope,
        "has moved twice. One call is one step.": start - 0.2 * slope,
    }


def _clean(network: nn.Module, old: float | None) -> bool:
    """Whether every gradient is as it was before (`old`), or cleared."""
    found = [p.grad for p in network.parameters() if p.grad is not None]
    return all(not grad.any() or (old is not None and bool((grad == old).all())) for grad in found)


def _age(network: nn.Module) -> None:
    """Give every parameter a gradient of 1, as if left over from something else."""
    for p in network.parameters():
        p.grad = torch.ones_like(p)


@question
def d_step(answer: Answer) -> None:
    """D takes one step down its loss, G neither moves nor gets a gradient, the mean loss is returned."""
    G, D, x, z = _players()
    x_fake, start, before = G(z).detach(), _flat(D), _flat(G)

    def loss_fn(real: Tensor, fake: Tensor) -> Tensor:
        return F.softplus(-real) + F.softplus(fake)

    loss = loss_fn(D(x), D(x_fake)).mean()
    slope, count = _slope(loss, D), len(x)
    swapped = _slope(loss_fn(D(x_fake), D(x)).mean(), D)
    sigmoid = _slope(loss_fn(D(x).sigmoid(), D(x_fake).sigmoid()).mean(), D)
    wrong = _updates(start, slope, count, "D") | {
        "has learned the labels the wrong way round: loss_fn(real_logits, fake_logits).": start - 0.1 * swapped,
        "was trained on sigmoid(D(x)). loss_fn takes logits.": start - 0.1 * sigmoid,
        "was trained on z instead of G(z).": start - 0.1 * _slope(loss_fn(D(x), D(z)).mean(), D),
    }
    _age(D)
    value = answer(G, D, torch.optim.SGD(D.parameters(), lr=0.1), x, z, loss_fn)
    require(torch.equal(before, _flat(G)), "d_step changes the weights of G. The optimizer it is given is that of D.")
    leak = "d_step sends a gradient into G: a detach is missing. G(z).detach() is data for D."
    require(_clean(G, None), leak)
    recognize(_flat(D), start - 0.1 * slope, wrong, "D after the step")
    _returned(value, loss.detach(), count, "The loss that d_step returns")


def _returned(value: object, loss: Tensor, count: int, what: str) -> None:
    """Check the loss that a step returns, a number or a tensor."""
    number = torch.tensor(float(value)) if isinstance(value, int | float) else value
    wrong = {"is the sum over the batch. Return the mean.": loss * count, "is negated.": -loss}
    recognize(number, loss, wrong, what)


@question
def g_step(answer: Answer) -> None:
    """G takes one step down its loss through D, D keeps weights and gradients, the mean loss is returned."""
    G, D, _, z = _players()
    start, before = _flat(G), _flat(D)

    def loss_fn(fake: Tensor) -> Tensor:
        return F.softplus(-fake)

    loss = loss_fn(D(G(z))).mean()
    slope, count = _slope(loss, G), len(z)
    wrong = _updates(start, slope, count, "G") | {
        "was trained on sigmoid(D(G(z))). loss_fn takes logits.": start
        - 0.1 * _slope(loss_fn(D(G(z)).sigmoid()).mean(), G)
    }
    _age(G)
    _age(D)
    optimizer = torch.optim.SGD(G.parameters(), lr=0.1)
    value = answer(G, D, optimizer, z, loss_fn)
    require(torch.equal(before, _flat(D)), "g_step changes the weights of D. Only G moves in its own step.")
    frozen = "g_step leaves D frozen: set requires_grad back to True afterwards."
    require(all(p.requires_grad for p in D.parameters()), frozen)
    added = "g_step adds its gradient to what D holds, for D's next step to use. Call D.zero_grad() at the end"
    require(_clean(D, 1.0), f"{added}, or freeze D with requires_grad_(False) meanwhile.")
    recognize(_flat(G), start - 0.1 * slope, wrong, "G after the step")
    _returned(value, loss.detach(), count, "The loss that g_step returns")
