"""Checks of assignment 09: the energy, the free energy, and the exact log-likelihood."""

import math

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
    states,
    steep,
)
from course_utils.checks.kit.common import Answer, gradients, question, recognize, tensor
from course_utils.checks.kit.properties import one_row, precise

E_IS = "E = −x·b − h·c − x W h."
F_IS = "F = −x·b − Σ_j softplus(c_j + (x W)_j)."


@question
def energy(answer: Answer) -> None:
    """−x·b − h·c − x W h for each pair of rows, (B,): values, gradients, two sizes, one row, float64."""
    x, h, rbm = binary(6, 5), binary(6, 3, seed=1), machine(5, 3)
    recognize(answer(x, h, *rbm), energies(x, h, rbm), _energy_mistakes(x, h, rbm), "E(x, h)")
    square = machine(4, 4, seed=2)
    x4, h4 = binary(7, 4, seed=3), binary(7, 4, seed=4)
    swapped = _energy_mistakes(x4, h4, square) | _square_mistakes(x4, h4, square)
    recognize(answer(x4, h4, *square), energies(x4, h4, square), swapped, "E(x, h) for V = H = 4")
    ours = leaves(rbm)
    gradients(answer(x, h, *ours), slopes(energies(x, h, ours), ours), "E(x, h)")
    one_row(answer, [x, h], rbm, read=lambda value: tensor(value, value.shape, "E(x, h)"))
    double = [part.double() for part in (x, h, *rbm)]
    precise(tensor(answer(*double), (6,), "E(x, h)"), "E(x, h)")


def _energy_mistakes(x: Tensor, h: Tensor, rbm: Machine) -> dict[str, Tensor]:
    W, b, c = rbm
    fit, right = ((x @ W) * h).sum(1), energies(x, h, rbm)
    first, second = x @ b, h @ c
    grid = -first[:, None] - second - x @ W @ h.T
    return {
        f"has the wrong sign: that is −E. {E_IS}": -right,
        f"has the wrong sign at x W h. {E_IS}": right + 2 * fit,
        f"has the wrong sign at the biases. {E_IS}": first + second - fit,
        f"has the wrong sign at h·c. {E_IS}": right + 2 * second,
        f"has the wrong sign at x·b. {E_IS}": right + 2 * first,
        f"lacks x W h. {E_IS}": right + fit,
        f"lacks x·b, the visible bias. {E_IS}": right + first,
        f"lacks h·c, the hidden bias. {E_IS}": right + second,
        f"lacks the biases. {E_IS}": -fit,
        f"has a factor ½ at x W h: that is for units which are all connected to each other. {E_IS}": right + fit / 2,
        f"adds all of c, whatever h is. {E_IS}": right + second - c.sum(),
        f"adds all of b, whatever x is. {E_IS}": right + first - b.sum(),
        "is exp(−E), a probability without its Z. Return E.": (-right).exp(),
        "meets every x with every h, (B, B). Row i of x belongs to row i of h: (B,).": grid,
        "of each x W h is taken with every h: x @ W @ h.T is (B, B). Row i of x belongs to row i of h.": (
            -x @ W @ h.T - first - second
        ),
        "is averaged over the units. Sum over them.": -(x * b).mean(1) - (h * c).mean(1) - ((x @ W) * h).mean(1),
    } | shapes(right)


def _square_mistakes(x: Tensor, h: Tensor, rbm: Machine) -> dict[str, Tensor]:
    W, b, c = rbm
    return {
        f"takes W the wrong way round: its rows belong to x, its columns to h. {E_IS}": energies(x, h, (W.T, b, c)),
        f"has b and c exchanged: b belongs to x. {E_IS}": energies(x, h, (W, c, b)),
        f"has x and h exchanged. {E_IS}": energies(h, x, rbm),
    }


@question
def free_energy(answer: Answer) -> None:
    """−log Σ_h exp(−E(x, h)) against the sum over all h; gradients; weights in the thousands; float64."""
    x, rbm = binary(6, 5), machine(5, 3)
    recognize(answer(x, *rbm), free_energies(x, rbm), _free_mistakes(x, rbm), "F(x)")
    wide = machine(3, 7, seed=2)
    x3 = binary(4, 3, seed=3)
    recognize(answer(x3, *wide), free_energies(x3, wide), _free_mistakes(x3, wide), "F(x) for V = 3 and H = 7")
    ours = leaves(rbm)
    gradients(answer(x, *ours), slopes(free_energies(x, ours), ours), "F(x)")
    far = answer(x.double(), *steep())
    finite(far, "F(x)", "F.softplus(a) is log(1 + exp(a)) without that.")
    recognize(far, free_energies(x.double(), steep()), {}, "F(x) for weights in the thousands")
    one_row(answer, [x], rbm, read=lambda value: tensor(value, value.shape, "F(x)"))
    double = [part.double() for part in (x, *rbm)]
    precise(tensor(answer(*double), (6,), "F(x)"), "F(x)")


def _free_mistakes(x: Tensor, rbm: Machine) -> dict[str, Tensor]:
    W, b, c = rbm
    a, first, right = x @ W + c, x @ b, free_energies(x, rbm)
    soft, p = F.softplus(a), a.sigmoid()
    return {
        f"has the wrong sign: that is log Σ_h exp(−E), so −F. {F_IS}": -right,
        f"has the wrong sign at the softplus. {F_IS}": -first + soft.sum(1),
        f"has the wrong sign at x·b. {F_IS}": first - soft.sum(1),
        f"lacks x·b. {F_IS}": -soft.sum(1),
        f"lacks the softplus, what the hidden units give. {F_IS}": -first,
        f"lacks c inside the softplus. {F_IS}": -first - F.softplus(x @ W).sum(1),
        f"has c outside the softplus. {F_IS}": -first - c.sum() - F.softplus(x @ W).sum(1),
        f"has the wrong sign inside the softplus. {F_IS}": -first - F.softplus(-a).sum(1),
        f"has the logarithm outside the sum over the hidden units. {F_IS}": -first - a.exp().sum(1).log1p(),
        f"sums the softplus over the wrong thing: log(1 + Σ_j …) is not Σ_j log(1 + …). {F_IS}": (
            -first - (1 + a.exp()).sum(1).log()
        ),
        f"lacks the logarithm: softplus(a) = log(1 + exp(a)). {F_IS}": -first - (1 + a.exp()).sum(1),
        f"lacks the 1: each h_j is 0 or 1, and exp(0) = 1 belongs to 0. {F_IS}": -first - a.sum(1),
        "takes the best h only, max(0, a). All h count: softplus.": -first - a.relu().sum(1),
        "is the energy at the mean of h. The sum over all h is lower: softplus.": -first - (p * a).sum(1),
        "sums σ(a), its slope. It is softplus(a).": -first - p.sum(1),
        f"is averaged over the hidden units. Sum over them. {F_IS}": -first - soft.mean(1),
        "is the mean of E over all h. It is −log of the sum of exp(−E).": -first - a.sum(1) / 2,
        "is the mean over the h, not their sum: it is off by H log 2.": right + a.shape[1] * math.log(2),
        "is exp(−F), a probability without its Z. Return F.": (-right).exp(),
        "is not summed over the hidden units: one value for each row is left, (B,).": -first[:, None] - soft,
    } | shapes(right)


@question
def log_likelihood(answer: Answer) -> None:
    """−F(x) − log Z with Z over all 2^V states: values, a sum of 1, weights in the thousands, float64."""
    x, rbm = binary(6, 5), machine(5, 3)
    every = states(5)
    recognize(answer(x, *rbm), _exact(x, rbm), _likelihood_mistakes(x, every, rbm), "log p(x)")
    total = answer(every, *rbm)
    recognize(total, _exact(every, rbm), {}, "log p(x) of all 32 states, whose p sum to 1,")
    wide = machine(3, 6, seed=2)
    x3 = binary(4, 3, seed=3)
    recognize(answer(x3, *wide), _exact(x3, wide), {}, "log p(x) for V = 3 and H = 6")
    far = answer(x.double(), *steep())
    finite(far, "log p(x)", "Sum in logarithms: torch.logsumexp, F.softplus.")
    recognize(far, _exact(x.double(), steep()), {}, "log p(x) for weights in the thousands")
    one_row(answer, [x], rbm, read=lambda value: tensor(value, value.shape, "log p(x)"))
    double = [part.double() for part in (x, *rbm)]
    precise(tensor(answer(*double), (6,), "log p(x)"), "log p(x)")


def _exact(x: Tensor, rbm: Machine) -> Tensor:
    return -free_energies(x, rbm) - (-free_energies(states(x.shape[1]).to(x), rbm)).logsumexp(0)


def _likelihood_mistakes(x: Tensor, every: Tensor, rbm: Machine) -> dict[str, Tensor]:
    free, whole = free_energies(x, rbm), free_energies(every, rbm)
    right, log_z, units = _exact(x, rbm), (-whole).logsumexp(0), x.shape[1]
    hidden = states(rbm[2].shape[0])
    half = (-free_energies(every * 2 - 1, rbm)).logsumexp(0)
    return {
        "is −F(x): log Z is missing.": -free,
        "adds log Z. p = exp(−F) / Z, so it is subtracted.": -free + log_z,
        "has the wrong sign at F: p = exp(−F) / Z.": free - log_z,
        "has the wrong sign: it is the log-likelihood, not the loss.": -right,
        "has exp(+F) in Z. Z = Σ_x exp(−F(x)).": -free - whole.logsumexp(0),
        "has exp(+F) throughout: p = exp(−F) / Z.": free - whole.logsumexp(0),
        "has a Z over the rows of x only. Z sums over all 2^V states.": -free - (-free).logsumexp(0),
        f"averages over the states. Z is their sum: it is off by {units} log 2.": right + units * math.log(2),
        "subtracts Z, not log Z.": -free - log_z.exp(),
        "has a Z without the state of zeros only. There are 2^V states, from 0 … 0 to 1 … 1.": (
            -free - (-whole[1:]).logsumexp(0)
        ),
        "has a Z without the state of ones only. There are 2^V states, from 0 … 0 to 1 … 1.": (
            -free - (-whole[:-1]).logsumexp(0)
        ),
        "has a Z over states of −1 and 1. Units are 0 or 1.": -free - half,
        "adds up F over the states. Z = Σ_x exp(−F(x)).": -free + whole.sum(),
        "takes the likeliest state for Z. Sum over all of them.": -free - (-whole).max(),
        "has a Z over the hidden states alone, with x = 0.": -free - (hidden @ rbm[2]).logsumexp(0),
        "is p(x). Return its logarithm.": right.exp(),
        "is in bits. Use the natural logarithm.": right / math.log(2),
        "is that of all states, (2^V,). Return that of the rows of x, (B,).": -whole - log_z,
    } | shapes(right)
