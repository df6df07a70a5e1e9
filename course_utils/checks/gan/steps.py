"""The checks of assignment 04 for one training step of each player: what moved, and which gradients are left."""

import copy
from collections.abc import Callable

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


class _Maker(nn.Linear):
    """A generator of points in the plane from codes in the plane, which keeps the codes it was given."""

    def __init__(self) -> None:
        super().__init__(2, 2)
        self.codes: list[Tensor] = []
        with torch.no_grad():
            self.weight.copy_(torch.tensor([[0.9, -0.4], [0.3, 1.2]]))
            self.bias.copy_(torch.tensor([0.1, -0.5]))

    def forward(self, z: Tensor) -> Tensor:
        self.codes.append(z.detach().clone())
        return super().forward(z)


def _players() -> tuple[_Maker, nn.Module, Tensor, Tensor]:
    """G, D, real points x and noise z, always the same."""
    x, z = torch.randn(2, 6, 2, generator=torch.Generator().manual_seed(3))
    return _Maker(), _Judge(), x + 1, z


def _given(G: _Maker, z: Tensor, name: str) -> None:
    """Raise CheckFailed if G was called with anything but z."""
    rows = torch.cat([z[:0], *(code.reshape(-1, z.shape[1]) for code in G.codes)])
    same = (rows[:, None] == z).all(2).any(1).all()
    require(same, f"{name} gives other noise to G. Take z as it is given: the caller draws it.")


TWICE = "has made two steps. One call is one step."


def _flat(network: nn.Module) -> Tensor:
    return nn.utils.parameters_to_vector(network.parameters()).detach().clone()


def _slope(loss: Tensor, network: nn.Module) -> Tensor:
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(network.parameters()))])


def _twice(network: nn.Module, loss: Callable[[nn.Module], Tensor]) -> Tensor:
    """The weights after two steps down the loss with learning rate 0.1."""
    moved = copy.deepcopy(network)
    for _ in range(2):
        slopes = torch.autograd.grad(loss(moved), list(moved.parameters()))
        with torch.no_grad():
            for parameter, slope in zip(moved.parameters(), slopes, strict=True):
                parameter -= 0.1 * slope
    return _flat(moved)


def _updates(start: Tensor, slope: Tensor, count: int, who: str) -> dict[str, Tensor]:
    """Wrong updates with learning rate 0.1 and an old gradient of 1: what each leaves of the weights."""
    return {
        f"has not moved. The step is zero_grad, backward, optimizer.step(). Or is {who}'s gradient cut off?": start,
        "still has an older gradient in its update: call zero_grad before backward.": start - 0.1 * (slope + 1),
        "has moved uphill: the loss is minimized.": start + 0.1 * slope,
        "has moved too far: take the mean of the loss over the batch, not its sum.": start - 0.1 * count * slope,
        "has moved twice as far: one call is one backward and one step.": start - 0.2 * slope,
    }


def _clean(network: nn.Module) -> bool:
    """Whether no parameter holds a gradient, or only zeros."""
    return not any(p.grad.any() for p in network.parameters() if p.grad is not None)


def _age(network: nn.Module) -> None:
    """Give every parameter a gradient of 1, as if left over from something else."""
    for p in network.parameters():
        p.grad = torch.ones_like(p)


def _squares(real: Tensor, fake: Tensor) -> Tensor:
    """The least-squares loss of D, which is not the one of task 3: a step must use the loss that it is given."""
    return (real - 1) ** 2 + (fake + 0.5) ** 2


@question
def d_step(answer: Answer) -> None:
    """D takes one step down its loss, G neither moves nor gets a gradient, the mean loss is returned."""
    G, D, x, z = _players()
    start, before = _flat(D), _flat(G)
    x_fake = G(z).detach()
    G.codes.clear()
    loss = _squares(D(x), D(x_fake)).mean()
    slope = _slope(loss, D)
    wrong = _d_mistakes(D, x, x_fake, z) | _updates(start, slope, len(x), "D")
    wrong[TWICE] = _twice(D, lambda player: _squares(player(x), player(x_fake)).mean())
    _age(D)
    reached: list[Tensor] = []
    for parameter in G.parameters():
        parameter.register_hook(reached.append)
    value = answer(G, D, torch.optim.SGD(D.parameters(), lr=0.1), x, z, _squares)
    require(torch.equal(before, _flat(G)), "d_step changes the weights of G. The optimizer it is given is that of D.")
    leak = "d_step sends a gradient into G: a detach is missing. G(z).detach() is data for D."
    require(not reached and _clean(G), leak)
    _given(G, z, "d_step")
    recognize(_flat(D), start - 0.1 * slope, wrong, "D after the step")
    _returned(value, loss.detach(), len(x), _squares(D(x), D(x_fake)).mean().detach(), "The loss that d_step returns")
    G, D = G.eval(), D.eval()  # these modes, too, stay as they are
    answer(G, D, torch.optim.SGD(D.parameters(), lr=0.1), x, z, _squares)


def _d_mistakes(D: nn.Module, x: Tensor, x_fake: Tensor, z: Tensor) -> dict[str, Tensor]:
    """Messages and what each leaves of the weights of D."""
    own = F.softplus(-D(x)) + F.softplus(D(x_fake))
    return {
        message: _flat(D) - 0.1 * _slope(loss.mean(), D)
        for message, loss in {
            "has learned the labels the wrong way round: loss_fn(real_logits, fake_logits).": _squares(D(x_fake), D(x)),
            "was trained on sigmoid(D(x)). loss_fn takes logits.": _squares(D(x).sigmoid(), D(x_fake).sigmoid()),
            "was trained on z instead of G(z).": _squares(D(x), D(z)),
            "was trained with the loss of task 3. Use loss_fn, the loss that is given.": own,
        }.items()
    }


def _returned(value: object, loss: Tensor, count: int, later: Tensor, what: str) -> None:
    """Check the loss that a step returns, a number or a tensor; `later` is the loss after the step."""
    number = torch.tensor(float(value)) if isinstance(value, int | float) else value
    wrong = {
        "is the sum over the batch. Return the mean.": loss * count,
        "is negated.": -loss,
        "is that after the step. Return the one that the step went down from.": later,
    }
    recognize(number, loss, wrong, what)


@question
def g_step(answer: Answer) -> None:
    """G takes one step down its loss through D, D stays as it is, the mean loss is returned."""
    G, D, _, z = _players()
    start, before = _flat(G), _flat(D)

    def loss_fn(fake: Tensor) -> Tensor:
        return (fake - 2) ** 2

    loss = loss_fn(D(G(z))).mean()
    slope = _slope(loss, G)
    wrong = {
        "was trained on sigmoid(D(G(z))). loss_fn takes logits.": loss_fn(D(G(z)).sigmoid()),
        "was trained with the loss of task 2. Use loss_fn, the loss that is given.": F.softplus(-D(G(z))),
        "was trained with the loss of task 1. Use loss_fn, the loss that is given.": -F.softplus(D(G(z))),
    }
    wrong = {message: start - 0.1 * _slope(other.mean(), G) for message, other in wrong.items()}
    wrong[TWICE] = _twice(G, lambda player: loss_fn(D(player(z))).mean())
    _age(G)
    _age(D)
    G.codes.clear()
    value = answer(G, D, torch.optim.SGD(G.parameters(), lr=0.1), z, loss_fn)
    require(torch.equal(before, _flat(D)), "g_step changes the weights of D. Only G moves in its own step.")
    _given(G, z, "g_step")
    recognize(_flat(G), start - 0.1 * slope, wrong | _updates(start, slope, len(z), "G"), "G after the step")
    _returned(value, loss.detach(), len(z), loss_fn(D(G(z))).mean().detach(), "The loss that g_step returns")
    G, D = G.eval(), D.eval()  # these modes, too, stay as they are
    answer(G, D, torch.optim.SGD(G.parameters(), lr=0.1), z, loss_fn)
