"""The check of assignment 08 of the denoising loss: what the network is given, and what it is held against."""

import torch
from torch import Tensor, nn

from course_utils.checks.flows_diffusion.schedule import ALPHA_BAR, READINGS, like
from course_utils.checks.kit.common import Answer, gradients, question, recognize, reductions, require, tensor
from course_utils.checks.kit.draws import FIXED, MANY, independent, seeded, standard_normal
from course_utils.checks.kit.properties import draws_by_default, fixed, precise

WEIGHT = torch.tensor([9.0, 0.5, 2.0, 3.0, 0.25, 1.5, 4.0])
TERMS = "x_t = √ᾱ_t x + √(1 − ᾱ_t) ε."


class _Denoiser(nn.Module):
    """A network (x_t, t) → noise with one weight, which keeps what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(0.4))
        self.seen: list[tuple[Tensor, Tensor]] = []

    def forward(self, x_t: Tensor, t: Tensor) -> Tensor:
        require(
            isinstance(t, Tensor), "The network is given a t that is no tensor: it wants one t for each image, (B,)."
        )
        require(t.shape == x_t.shape[:1], f"The network is given t of the shape {tuple(t.shape)}, not (B,).")
        require(
            not t.dtype.is_floating_point, "The network is given a t that is no integer. Draw t with torch.randint."
        )
        self.seen.append((x_t.detach(), t.detach()))
        return self.weight * x_t + like(t, x_t) / 8


def _run(answer: Answer, x: Tensor, *rest: object) -> tuple[object, Tensor, Tensor, _Denoiser]:
    """The loss, and x_t and t that reached the network."""
    model = _Denoiser()
    value = answer(model, x, ALPHA_BAR.to(x), *rest)
    require(model.seen, "denoising_loss does not call the network.")
    x_t, t = (torch.cat(parts) for parts in zip(*model.seen, strict=True))
    given = f"The network is given x_t of the shape {tuple(x_t.shape)} where x is {tuple(x.shape)}."
    require(x_t.shape == x.shape, f"{given} ᾱ_t, (B,), needs one axis more for each axis of the event.")
    return value, x_t, t, model


@question
def denoising_loss(answer: Answer) -> None:
    """t uniform on 1 … T for each image, x_t by the schedule, weight[t] Σ (model − ε)², gradients to the network."""
    x, rng = fixed(7, 2, 3, 5), seeded(1)
    x_t, t = _run(answer, x, None, rng)[1:3]
    again = _run(answer, x, None, rng)[1:3]
    require(not torch.equal(x_t, again[0]), f"Two calls in a row give the same x_t. {FIXED}")
    require(not torch.equal(t, again[1]), f"Two calls in a row give the same t. {FIXED}")
    same = _run(answer, x, None, seeded(1))[1:3]
    used = torch.equal(x_t, same[0]) and torch.equal(t, same[1])
    require(used, f"Two rng with the same seed give different x_t or t: rng is not used for both. {FIXED}")
    flat = fixed(9, 4, seed=6)
    _run(answer, flat, None, rng)  # before many points: a wrong shape would fill the memory
    _times(answer, None, seeded(2))
    epsilon = _inputs(answer, x)
    _one_draw(answer)
    _values(answer, x, epsilon, None)
    _values(answer, x, epsilon, WEIGHT)
    _values(answer, flat, _inputs(answer, flat), WEIGHT)
    _times(answer)
    model = _Denoiser()
    draws_by_default(answer, model, x, ALPHA_BAR, read=lambda value: tensor(value, (7,), "The loss"))
    precise(tensor(_run(answer, x.double(), WEIGHT.double(), seeded(1))[0], (7,), "The loss"), "The loss")


def _times(answer: Answer, *rest: object) -> None:
    """Check that t is drawn for each image, uniformly from 1 to T."""
    top = len(ALPHA_BAR) - 1
    x_t, t = _run(answer, torch.zeros(MANY // 2, 4), *rest)[1:3]
    one = "All images of a batch have the same t. Draw one for each of them: t is (B,)."
    require((t != t[0]).any(), one)
    shares = torch.bincount(t.long().clamp(0, top + 1), minlength=top + 2) / len(t)
    require(shares[0] == 0, "t = 0 is drawn: there x_0 has no noise, and nothing is learned. t runs from 1 to T.")
    end = "torch.randint leaves out its upper end: randint(1, T + 1, …), and T is len(alpha_bar) − 1."
    require(shares[top + 1] == 0, "t > T is drawn. t runs from 1 to T = len(alpha_bar) − 1.")
    require(shares[top] > 0, f"t = T is never drawn. {end}")
    require(shares[1] > 0, "t = 1 is never drawn. t runs from 1 to T.")
    even = (shares[1 : top + 1] - 1 / top).abs().max() < 0.03
    require(even, "t is not uniform: each of 1 … T must come equally often. Draw it with torch.randint.")
    order = torch.corrcoef(torch.stack([t[:-1], t[1:]]).double())[0, 1].abs()
    require(order < 0.1, "The t of neighbors go together. Draw one for each image, independently.")
    noise = x_t / (1 - ALPHA_BAR[t])[:, None].sqrt()
    for name, wrong in _sizes(t).items():
        pairs = [(x_t[t == k].std(), wrong[t == k][0]) for k in range(1, top + 1)]
        looks = all(abs(found - size) < 0.05 * size + 0.01 for found, size in pairs)
        require(not looks, f"The noise in x_t {name}")
    independent(noise, "ε", "(B, *event)")
    standard_normal(noise, "The noise ε in x_t")


def _sizes(t: Tensor) -> dict[str, Tensor]:
    """Wrong standard deviations of the noise in x_t, for each t."""
    level = ALPHA_BAR[t]
    return {
        f"has the factor 1 − ᾱ_t, its variance. The factor is the root: {TERMS}": 1 - level,
        f"has no factor √(1 − ᾱ_t). {TERMS}": torch.ones_like(level),
        f"has the factor √ᾱ_t, which belongs to x. {TERMS}": level.sqrt(),
    } | {message: (1 - reading(t)).sqrt() for message, reading in READINGS.items()}


def _inputs(answer: Answer, x: Tensor) -> Tensor:
    """The noise ε `(B, *event)` behind the seed 3, after a check that x_t has x in it by √ᾱ_t."""
    noise, t = _run(answer, torch.zeros_like(x), None, seeded(3))[1:3]
    x_t, also = _run(answer, x, None, seeded(3))[1:3]
    require(torch.equal(t, also), "The t that is drawn depends on x. Draw it before you look at x.")
    level = like(ALPHA_BAR[t], x)
    wrong = {message: like(reading(t), x).sqrt() * x for message, reading in READINGS.items()}
    wrong |= {
        f"multiplies x by ᾱ_t. The factor is the root: {TERMS}": level * x,
        f"multiplies x by √(1 − ᾱ_t), which belongs to the noise. {TERMS}": (1 - level).sqrt() * x,
        f"does not shrink x. {TERMS}": x,
        f"leaves out x: the network is given noise alone. {TERMS}": torch.zeros_like(x),
    }
    recognize(x_t - noise, level.sqrt() * x, wrong, "x_t, without its noise,")
    return noise / (1 - level).sqrt()


def _one_draw(answer: Answer) -> None:
    """Check that the noise in x_t and the noise of the loss are one: a network that finds it has no loss of 2 D."""

    def finds(x_t: Tensor, t: Tensor) -> Tensor:
        return x_t / (1 - like(ALPHA_BAR[t], x_t)).sqrt()

    value = answer(finds, torch.zeros(2000, 4), ALPHA_BAR, None, seeded(7))
    other = isinstance(value, Tensor) and value.shape == (2000,) and abs(value.mean() / 8 - 1) < 0.1
    require(not other, "The loss holds the network against another noise than that in x_t. Draw ε once, for both.")


def _values(answer: Answer, x: Tensor, epsilon: Tensor, weight: Tensor | None) -> None:
    """Check the loss of each image, and its gradient."""
    value, x_t, t, model = _run(answer, x, weight, seeded(3))
    output = model(x_t, t)
    weights = torch.ones(len(t)) if weight is None else weight[t]
    terms = like(weights, x) * (output - epsilon) ** 2
    right = terms.flatten(1).sum(1)
    wrong = reductions(terms.detach(), "event") | _mistakes(output.detach(), epsilon, x, x_t, weights)
    if weight is not None:
        wrong |= _weight_mistakes((output - epsilon).detach(), weight, t)
    name = "The loss" if weight is None else "The loss with a weight"
    recognize(value, right.detach(), wrong, name)
    slope = torch.autograd.grad(right.sum(), model.weight)[0]
    gradients(value, {"the network": (model.weight, slope)}, name)


def _mistakes(output: Tensor, epsilon: Tensor, x: Tensor, x_t: Tensor, weights: Tensor) -> dict[str, Tensor]:
    """Wrong losses `(B,)`, with what is wrong about them."""

    def weighted(terms: Tensor) -> Tensor:
        return (like(weights, x) * terms).flatten(1).sum(1)

    error, target = output - epsilon, "The network predicts the noise ε."

    def scaled(other: Tensor) -> Tensor:
        return weighted((output - other) ** 2)

    return {
        f"holds the network against x. {target}": scaled(x),
        f"holds the network against x_t. {target}": scaled(x_t),
        f"holds the network against x_t − x, not against ε. {target}": scaled(x_t - x),
        "holds the network against −ε: with which sign was ε added to x_t?": scaled(-epsilon),
        "is the sum of absolute errors. Square them.": weighted(error.abs()),
        "is the sum of errors. Square them.": weighted(error),
        "is half the squared error. There is no ½ here.": weighted(error**2) / 2,
        "is the length of the error. Leave out the root: the loss is its square.": weighted(error**2).sqrt(),
        "has the wrong sign: it is to be minimized.": -weighted(error**2),
        "is the squared noise: the network's output is not used.": weighted(epsilon**2),
    }


def _weight_mistakes(error: Tensor, weight: Tensor, t: Tensor) -> dict[str, Tensor]:
    squares = (error**2).flatten(1).sum(1)
    here = "Image i has the weight weight[t[i]]."
    return {
        f"ignores weight. {here}": squares,
        f"takes weight[t - 1]. {here}": weight[t - 1] * squares,
        f"takes weight[t + 1]. {here}": weight.roll(-1)[t] * squares,
        f"is divided by the weight. {here}": squares / weight[t],
        f"squares the weight: it is inside the square. {here}": weight[t] ** 2 * squares,
        f"takes the root of the weight. {here}": weight[t].sqrt() * squares,
        f"takes the mean of the weights for all. {here}": weight[t].mean() * squares,
        f"divides the weight by the sum of all weights. {here}": weight[t] / weight.sum() * squares,
        f"divides the weight by the sum over the batch. {here}": weight[t] / weight[t].sum() * squares,
        f"takes the weight of the batch index, not of t. {here}": weight[torch.arange(len(t)) % len(weight)] * squares,
    }
