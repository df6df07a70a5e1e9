"""Checks of assignment 09: both conditionals, one step of the Gibbs chain, and the loss of contrastive divergence."""

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.checks.energy_graphs.machine import (
    Machine,
    binary,
    energies,
    finite,
    free_energies,
    leaves,
    machine,
    shapes,
    slopes,
    steep,
)
from course_utils.checks.kit.common import Answer, close, gradients, question, recognize, require, tensor
from course_utils.checks.kit.draws import seeded
from course_utils.checks.kit.properties import one_row, precise

GO = "First h from x and u_h, then the new x from h and u_x; a unit is 1 where u < p."


@question
def p_h_given_x(answer: Answer) -> None:
    """σ(c + x W), (B, H): values, W the right way round, inputs in the thousands, float64."""
    for visible, hidden in ((4, 4), (5, 3)):
        W, _, c = machine(visible, hidden, seed=visible)
        x = binary(6, visible, seed=1)
        wrong = _unit_mistakes(x @ W, c, "c + x W")
        if visible == hidden:
            wrong["takes W the wrong way round: its rows belong to x. It is σ(c + x W)."] = (x @ W.T + c).sigmoid()
        recognize(answer(x, W, c), (x @ W + c).sigmoid(), wrong, "p(h = 1 | x)")
    _conditional(answer, x, W, c, steep()[0], "p(h = 1 | x)")


@question
def p_x_given_h(answer: Answer) -> None:
    """σ(b + h Wᵀ), (B, V): values, W the right way round, inputs in the thousands, float64."""
    for visible, hidden in ((4, 4), (5, 3)):
        W, b, _ = machine(visible, hidden, seed=visible)
        h = binary(6, hidden, seed=1)
        wrong = _unit_mistakes(h @ W.T, b, "b + h Wᵀ")
        if visible == hidden:
            wrong["takes W the wrong way round: its columns belong to h. It is σ(b + h Wᵀ)."] = (h @ W + b).sigmoid()
        recognize(answer(h, W, b), (h @ W.T + b).sigmoid(), wrong, "p(x = 1 | h)")
    _conditional(answer, h, W, b, steep()[0], "p(x = 1 | h)")


def _conditional(answer: Answer, given: Tensor, W: Tensor, bias: Tensor, large: Tensor, what: str) -> None:
    """Check a conditional of 5 visible and 3 hidden units with a large W, for one row, and in float64."""
    matrix = large if given.shape[1] == len(large) else large.T
    far = answer(given.double(), large, bias.double())
    finite(far, what, "torch.sigmoid is exp(a) / (1 + exp(a)) without that.")
    recognize(far, (given.double() @ matrix + bias).sigmoid(), {}, f"{what} for weights in the thousands")
    one_row(answer, [given], [W, bias], read=lambda value: tensor(value, value.shape, what))
    double = [part.double() for part in (given, W, bias)]
    precise(tensor(answer(*double), (6, len(bias)), what), what)


def _unit_mistakes(product: Tensor, bias: Tensor, inside: str) -> dict[str, Tensor]:
    a = product + bias
    is_ = f"It is σ({inside})."
    return {
        f"is the input of the sigmoid. {is_}": a,
        f"lacks the bias. {is_}": product.sigmoid(),
        f"has the wrong sign in the sigmoid: that is the probability of 0. {is_}": (-a).sigmoid(),
        f"has the wrong sign at the bias. {is_}": (product - bias).sigmoid(),
        f"adds the bias after the sigmoid. {is_}": product.sigmoid() + bias,
        f"has 2 a in the sigmoid: that is for units of −1 and 1. {is_}": (2 * a).sigmoid(),
        f"is a softmax over the units: each of them decides for itself. {is_}": a.softmax(1),
        f"is a tanh, which is no probability. {is_}": a.tanh(),
        f"is exp(a), not divided by 1 + exp(a). {is_}": a.exp(),
        "is a softplus, the logarithm of what is summed over the unit. Its slope, the sigmoid, is due.": F.softplus(a),
        "is 0 or 1: a sample, or rounded. Return the probabilities.": (a > 0).to(a),
        "is the logarithm. Return probabilities.": F.logsigmoid(a),
        "is turned round, units first. Return one row for each row of the batch.": a.sigmoid().T,
    }


@question
def gibbs_step(answer: Answer) -> None:
    """h = 1[u_h < p(h | x)], x' = 1[u_x < p(x | h)], zeros and ones like x: values for given uniforms."""
    for visible, hidden in ((4, 4), (7, 5)):
        rbm, x = machine(visible, hidden, seed=hidden), binary(40, visible)
        u_h, u_x = (torch.rand(40, units, generator=seeded(units + i)) for i, units in enumerate((hidden, visible)))
        value = answer(x, u_h, u_x, *rbm)
        several = "gibbs_step returns several values. Return the new x alone, (B, V)."
        require(not isinstance(value, tuple | list), several)
        boolean = isinstance(value, Tensor) and value.dtype == torch.bool
        require(not boolean, "The new x is of True and False. Make numbers of them: (u < p).to(x.dtype).")
        wrong = _chain_mistakes(x, rbm, u_h, u_x) | (_square_mistakes(x, rbm, u_h, u_x) if visible == hidden else {})
        recognize(value, _chain(x, rbm, u_h, u_x), wrong, f"The new x for V = {visible} and H = {hidden}")
    ones = tuple(torch.ones_like(part) * size for part, size in zip(rbm, (1, 0, 0), strict=True))
    edge = answer(x * 0, u_h * 0 + 0.5, u_x * 0 + 0.5, *ones)
    recognize(edge, x * 0, {"is 1 where u = p, in one of the layers. It is 1 where u < p.": x * 0 + 1}, "The new x")
    one_row(answer, [x, u_h, u_x], rbm, read=lambda value: tensor(value, value.shape, "The new x"))
    double = [part.double() for part in (x, u_h, u_x, *rbm)]
    precise(tensor(answer(*double), (40, 7), "The new x"), "The new x")


def _chain(x: Tensor, rbm: Machine, u_h: Tensor, u_x: Tensor) -> Tensor:
    W, b, c = rbm
    h = (u_h < (x @ W + c).sigmoid()).to(x)
    return (u_x < (h @ W.T + b).sigmoid()).to(x)


def _chain_mistakes(x: Tensor, rbm: Machine, u_h: Tensor, u_x: Tensor) -> dict[str, Tensor]:
    W, b, c = rbm
    p_h = (x @ W + c).sigmoid()
    h = (u_h < p_h).to(x)
    p_x, mean = (h @ W.T + b).sigmoid(), (p_h @ W.T + b).sigmoid()
    rounded = (p_h > 0.5).to(x)
    return {
        f"is p(x | h), a probability. The chain goes from sample to sample. {GO}": p_x,
        f"comes from the probabilities of h, not from a sample of h. {GO}": (u_x < mean).to(x),
        f"is made of probabilities throughout: nothing is drawn. {GO}": mean,
        f"is 1 where u > p, so it comes with the probability of 0. {GO}": (u_x > p_x).to(x),
        f"has an h that is 1 where u_h > p. {GO}": (u_x < ((u_h > p_h).to(x) @ W.T + b).sigmoid()).to(x),
        f"is 1 where u > p, in both halves. {GO}": (u_x > ((u_h > p_h).to(x) @ W.T + b).sigmoid()).to(x),
        f"comes from an h that is rounded at ½: u_h is not used. {GO}": (u_x < (rounded @ W.T + b).sigmoid()).to(x),
        f"is rounded at ½: u_x is not used. {GO}": (p_x > 0.5).to(x),
        f"is rounded at ½ throughout: nothing is drawn. {GO}": ((rounded @ W.T + b).sigmoid() > 0.5).to(x),
        f"is h. Go back to x from there. {GO}": h,
        f"is x itself. {GO}": x,
        f"lacks b. {GO}": (u_x < (h @ W.T).sigmoid()).to(x),
        f"lacks c. {GO}": (u_x < ((u_h < (x @ W).sigmoid()).to(x) @ W.T + b).sigmoid()).to(x),
        f"holds u against the input of the sigmoid, not against p. {GO}": (u_x < h @ W.T + b).to(x),
    }


def _square_mistakes(x: Tensor, rbm: Machine, u_h: Tensor, u_x: Tensor) -> dict[str, Tensor]:
    """Mistakes that only run where V = H."""
    W, b, c = rbm
    return {
        "takes W the wrong way round: its rows belong to x, its columns to h.": _chain(x, (W.T, b, c), u_h, u_x),
        "has b and c exchanged: b belongs to x.": _chain(x, (W, c, b), u_h, u_x),
        "has u_h and u_x exchanged.": _chain(x, rbm, u_x, u_h),
        "uses u_h twice. u_x is for the new x.": _chain(x, rbm, u_h, u_h),
        "uses u_x twice. u_h is for h.": _chain(x, rbm, u_x, u_x),
    }


@question
def cd_loss(answer: Answer) -> None:
    """F(x) − F(x_k), (B,), with x_k held fixed: values, gradients to W, b and c and none to x_k."""
    x, x_k, rbm = binary(6, 5), binary(6, 5, seed=1), machine(5, 3)
    right = free_energies(x, rbm) - free_energies(x_k, rbm)
    recognize(answer(x, x_k, *rbm), right, _loss_mistakes(x, x_k, rbm), "The loss")
    far = answer(x.double(), x_k.double(), *steep())
    finite(far, "The loss", "F.softplus(a) is log(1 + exp(a)) without that.")
    apart = free_energies(x.double(), steep()) - free_energies(x_k.double(), steep())
    recognize(far, apart, {}, "The loss for weights in the thousands")
    _slopes(answer, x, x_k, rbm)
    one_row(answer, [x, x_k], rbm, read=lambda value: tensor(value, value.shape, "The loss"))
    double = [part.double() for part in (x, x_k, *rbm)]
    precise(tensor(answer(*double), (6,), "The loss"), "The loss")


def _slopes(answer: Answer, x: Tensor, x_k: Tensor, rbm: Machine) -> None:
    """Check that the gradient is that of CD: probabilities of h in both phases, and x_k a constant."""
    ours, start = leaves(rbm), x_k.clone().requires_grad_()
    value = answer(x, start, *ours)
    cut = "No gradient leaves the loss: only x_k is to be detached, not F."
    require(isinstance(value, Tensor) and value.requires_grad, cut)
    (through,) = torch.autograd.grad(value.sum(), start, retain_graph=True, allow_unused=True)
    flows = "The gradient flows into x_k, and through it back into the chain. x_k is a draw, a constant: x_k.detach()."
    require(through is None or through.abs().max() == 0, flows)
    found = torch.autograd.grad(value.sum(), ours, retain_graph=True, allow_unused=True)
    for name, rest in (("F(x_k)", free_energies(x, ours)), ("F(x)", -free_energies(x_k, ours))):
        only = torch.autograd.grad(rest.sum(), ours)
        same = all(mine is not None and close(mine, part, 1e-3) for mine, part in zip(found, only, strict=True))
        require(not same, f"{name} has no gradient: it is detached as a whole. Detach x_k alone; W, b and c learn.")
    gradients(value, slopes(free_energies(x, ours) - free_energies(x_k, ours), ours), "The loss")


def _loss_mistakes(x: Tensor, x_k: Tensor, rbm: Machine) -> dict[str, Tensor]:
    W, b, c = rbm
    data, model = free_energies(x, rbm), free_energies(x_k, rbm)
    right = data - model
    p, p_k = (x @ W + c).sigmoid(), (x_k @ W + c).sigmoid()
    return {
        "has the wrong sign: data are to get a low F, what the chain drew a high one. F(x) − F(x_k).": -right,
        "is F(x) alone: the negative phase, − F(x_k), is missing, and F falls everywhere.": data,
        "is −F(x_k) alone: the data are not used.": -model,
        "is F(x_k) alone. It is F(x) − F(x_k).": model,
        "is F(x) + F(x_k). The chain's end is pushed up: F(x) − F(x_k).": data + model,
        "is the distance between the two, |F(x) − F(x_k)|. Keep its sign.": right.abs(),
        "is squared. It is F(x) − F(x_k).": right**2,
        "is the error of the reconstruction, |x − x_k|². That is not what CD lowers: F(x) − F(x_k).": (
            ((x - x_k) ** 2).sum(1)
        ),
        "has energies at the mean of h, not free energies.": energies(x, p, rbm) - energies(x_k, p_k, rbm),
        "has energies at one h, rounded. Free energies sum over all h.": (
            energies(x, (p > 0.5).to(x), rbm) - energies(x_k, (p_k > 0.5).to(x), rbm)
        ),
        "lacks the hidden units: −Σ_j softplus(c_j + (x W)_j) is a part of F.": (x_k - x) @ b,
        "lacks x·b, which is a part of F.": right - (x_k - x) @ b,
        "lacks c inside the softplus.": (x_k - x) @ b - F.softplus(x @ W).sum(1) + F.softplus(x_k @ W).sum(1),
        "takes the mean of F(x_k) over the batch from each F(x). Row by row: F(x) − F(x_k).": data - model.mean(),
        "has the shape (B, B): (B, 1) with (B,) broadcasts. Sum without keepdim.": data[:, None] - model,
    } | shapes(right)
