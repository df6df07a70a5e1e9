"""Checks of assignment 08: one ancestral step, one deterministic step, and guidance."""

import torch
from torch import Tensor, nn

from course_utils.checks.flows_diffusion.schedule import ALPHA, ALPHA_BAR
from course_utils.checks.kit.common import Answer, question, recognize, require, tensor
from course_utils.checks.kit.draws import FIXED, MANY, independent, seeded, standard_normal
from course_utils.checks.kit.properties import draws_by_default, fixed, precise

MEAN = "The mean is (x_t − (1 − α_t) / √(1 − ᾱ_t) ε) / √α_t."
MOVE = "First x_0 = (x_t − √(1 − ᾱ_t) ε) / √ᾱ_t, then √ᾱ_s x_0 + √(1 − ᾱ_s) ε."


def _step(answer: Answer, x_t: Tensor, t: int, epsilon: Tensor, *rng: torch.Generator) -> Tensor:
    return tensor(answer(x_t, t, epsilon, ALPHA_BAR.to(x_t), *rng), tuple(x_t.shape), "x_{t−1}")


@question
def ddpm_step(answer: Answer) -> None:
    """The mean of DDPM, noise of variance 1 − α_t from rng, and none at t = 1."""
    x_t, epsilon, rng = fixed(4, 2, 3, 5), fixed(4, 2, 3, 5, seed=1), seeded(1)
    first = _step(answer, x_t, 4, epsilon, rng)
    _random(answer, first, x_t, epsilon, rng)
    for t in (4, 3, 6):
        _mean(answer, t)
    for t in (4, 2, 6):
        _spread(answer, t, seeded(2))
    last = _step(answer, x_t, 1, epsilon, seeded(1))
    other = _step(answer, x_t, 1, epsilon, seeded(2))
    noisy = "Noise is added at the last step, t = 1: it would stay in the picture. There x_0 is the mean alone."
    require(torch.equal(last, other), noisy)
    right = (x_t - (1 - ALPHA_BAR[1]).sqrt() * epsilon) / ALPHA_BAR[1].sqrt()
    recognize(last, right, {"is x_t itself: t = 1 is a step, too.": x_t}, "x_0, from t = 1,")
    _spread(answer, 3)
    draws_by_default(answer, x_t, 4, epsilon, ALPHA_BAR, read=lambda value: tensor(value, (4, 2, 3, 5), "x_{t−1}"))
    precise(_step(answer, x_t.double(), 3, epsilon.double(), seeded(1)), "x_{t−1}")
    precise(_step(answer, x_t.double(), 1, epsilon.double(), seeded(1)), "x_0")


def _random(answer: Answer, first: Tensor, x_t: Tensor, epsilon: Tensor, rng: torch.Generator) -> None:
    """Check that noise is drawn at t = 4, anew, and from rng."""
    second, again = _step(answer, x_t, 4, epsilon, rng), _step(answer, x_t, 4, epsilon, seeded(1))
    seeds = _step(answer, x_t, 4, epsilon, seeded(5))
    none = "No noise is added at t = 4. An ancestral step draws it: + √(1 − α_t) z, z ~ N(0, I), unless t = 1."
    require(not (torch.equal(first, second) and torch.equal(first, seeds)), none)
    require(not torch.equal(first, second), f"Two calls in a row give the same noise. {FIXED}")
    require(torch.equal(first, again), f"Two rng with the same seed give different steps: rng is not used. {FIXED}")


def _mean(answer: Answer, t: int) -> None:
    """Check the step without its noise, which two calls with one seed have in common."""
    x_t, epsilon, zero = fixed(4, 3, seed=2), fixed(4, 3, seed=3), torch.zeros(4, 3)
    value = _step(answer, x_t, t, epsilon, seeded(4)) - _step(answer, zero, t, zero, seeded(4))
    recognize(value, _mean_of(t, x_t, epsilon), _mean_mistakes(t, x_t, epsilon), f"The mean of the step from t = {t}")


def _mean_of(t: int, x_t: Tensor, epsilon: Tensor) -> Tensor:
    return (x_t - (1 - ALPHA[t]) / (1 - ALPHA_BAR[t]).sqrt() * epsilon) / ALPHA[t].sqrt()


def _mean_mistakes(t: int, x_t: Tensor, epsilon: Tensor) -> dict[str, Tensor]:
    """Wrong means, with what is wrong about them."""
    a, level, before = ALPHA[t], ALPHA_BAR[t], ALPHA_BAR[t - 1]
    root, after = (1 - level).sqrt(), ALPHA_BAR.roll(-1)[t] / level
    x_0 = (x_t - root * epsilon) / level.sqrt()
    return {
        f"takes ᾱ_t for α_t. α_t = alpha_bar[t] / alpha_bar[t − 1] is of one step. {MEAN}": x_0,
        f"divides by √ᾱ_t. {MEAN}": (x_t - (1 - a) / root * epsilon) / level.sqrt(),
        f"has 1 − ᾱ_t where 1 − α_t is due. {MEAN}": (x_t - root * epsilon) / a.sqrt(),
        f"takes α_t for ᾱ_t under the root. {MEAN}": (x_t - (1 - a).sqrt() * epsilon) / a.sqrt(),
        f"lacks the root of 1 − ᾱ_t. {MEAN}": (x_t - (1 - a) / (1 - level) * epsilon) / a.sqrt(),
        f"has the root of 1 − α_t. {MEAN}": (x_t - (1 - a).sqrt() / root * epsilon) / a.sqrt(),
        f"lacks the root of α_t. {MEAN}": (x_t - (1 - a) / root * epsilon) / a,
        f"adds the noise where it is to be subtracted. {MEAN}": (x_t + (1 - a) / root * epsilon) / a.sqrt(),
        f"is multiplied by √α_t. {MEAN}": (x_t - (1 - a) / root * epsilon) * a.sqrt(),
        f"is not divided by √α_t. {MEAN}": x_t - (1 - a) / root * epsilon,
        f"subtracts all of ε. {MEAN}": (x_t - epsilon) / a.sqrt(),
        f"subtracts (1 − α_t) ε, not divided by √(1 − ᾱ_t). {MEAN}": (x_t - (1 - a) * epsilon) / a.sqrt(),
        f"divides ε by √(1 − ᾱ_(t−1)): t is one too small. {MEAN}": (x_t - (1 - a) / (1 - before).sqrt() * epsilon)
        / a.sqrt(),
        f"has α of the next step: α_t = alpha_bar[t] / alpha_bar[t − 1]. {MEAN}": (x_t - (1 - after) / root * epsilon)
        / after.sqrt(),
        "is that of DDIM. An ancestral step has another mean, and noise.": before.sqrt() * x_0
        + (1 - before).sqrt() * epsilon,
        "is √ᾱ_(t−1) x_0, without the rest of x_t.": before.sqrt() * x_0,
        f"has α_t the wrong way up: alpha_bar[t] / alpha_bar[t − 1] < 1. {MEAN}": (x_t - (1 - 1 / a) / root * epsilon)
        * a.sqrt(),
    }


def _spread(answer: Answer, t: int, *rng: torch.Generator) -> None:
    """Check the noise of the step from t over many draws."""
    zero = torch.zeros(MANY // 2, 4)
    noise = _step(answer, zero, t, zero, *rng)
    none = f"No noise is added at t = {t}. Only the last step, t = 1, has none."
    require(noise.std() > 0, none)
    a, level, before = ALPHA[t], ALPHA_BAR[t], ALPHA_BAR[t - 1]
    sigma = "The standard deviation here is σ_t = √(1 − α_t)."
    for message, size in {
        f"1 − α_t, which is its variance. {sigma}": 1 - a,
        f"√(1 − ᾱ_t): α_t, of one step, is alpha_bar[t] / alpha_bar[t − 1]. {sigma}": (1 - level).sqrt(),
        f"√((1 − α_t)(1 − ᾱ_(t−1)) / (1 − ᾱ_t)), the paper's other choice. {sigma}": (
            (1 - a) * (1 - before) / (1 - level)
        ).sqrt(),
        f"1: the noise lacks its factor. {sigma}": torch.ones(()),
        f"divided by √α_t, too: add the noise after that. {sigma}": ((1 - a) / a).sqrt(),
        f"√α_t. {sigma}": a.sqrt(),
        f"√(1 − ᾱ_(t−1)). {sigma}": (1 - before).sqrt(),
        f"1 − ᾱ_t. {sigma}": 1 - level,
    }.items():
        apart = abs(size / (1 - a).sqrt() - 1) > 0.06
        require(not (apart and abs(noise.std() / size - 1) < 0.02), f"The noise at t = {t} has a spread of {message}")
    independent(noise, "z", "(B, *event)")
    standard_normal(noise / (1 - a).sqrt(), f"The noise at t = {t}, divided by √(1 − α_t),")


@question
def ddim_step(answer: Answer) -> None:
    """√ᾱ_s x_0 + √(1 − ᾱ_s) ε with x_0 from x_t and ε: near and far s, s = 0, no noise."""
    x, epsilon = fixed(4, 2, 3, 5), fixed(4, 2, 3, 5, seed=1)
    for t, s in ((5, 3), (4, 1), (6, 5), (3, 0)):
        x_t, right = _on_line(x, epsilon, t), _on_line(x, epsilon, s)
        value = answer(x_t, t, s, epsilon, ALPHA_BAR)
        wrong = _ddim_mistakes(x_t, t, s, epsilon, x)
        again = answer(x_t, t, s, epsilon, ALPHA_BAR)
        same = not isinstance(value, Tensor) or not isinstance(again, Tensor) or torch.equal(value, again)
        require(same, "Two calls give different x_s: a DDIM step draws no noise, it takes the ε that is given.")
        recognize(value, right, wrong, f"x_s from t = {t} to s = {s}")
    x, epsilon = fixed(1, 7, seed=2), fixed(1, 7, seed=3)
    one = answer(_on_line(x, epsilon, 6), 6, 2, epsilon, ALPHA_BAR)
    recognize(one, _on_line(x, epsilon, 2), {}, "x_s of one point in 7 dimensions")
    exact = answer(_on_line(x, epsilon, 6).double(), 6, 2, epsilon.double(), ALPHA_BAR.double())
    precise(tensor(exact, (1, 7), "x_s"), "x_s")


def _on_line(x: Tensor, epsilon: Tensor, t: int) -> Tensor:
    return ALPHA_BAR[t].sqrt() * x + (1 - ALPHA_BAR[t]).sqrt() * epsilon


def _ddim_mistakes(x_t: Tensor, t: int, s: int, epsilon: Tensor, x: Tensor) -> dict[str, Tensor]:
    """Wrong x_s, with what is wrong about them."""
    now, then, before = ALPHA_BAR[t], ALPHA_BAR[s], ALPHA_BAR[t - 1]

    def moved(level: Tensor, to: Tensor) -> Tensor:
        return to.sqrt() * (x_t - (1 - level).sqrt() * epsilon) / level.sqrt() + (1 - to).sqrt() * epsilon

    variance = (x_t - (1 - now) * epsilon) / now.sqrt()
    return {
        f"is x_0. Go back to the noise of s from there. {MOVE}": x,
        f"is x_0 with too little noise: √(1 − ᾱ_s) ε is missing. {MOVE}": then.sqrt() * x,
        "goes one step, to t − 1. Go to s, which may be far.": moved(now, before),
        "goes to s − 1: s is one too small. ᾱ_s is alpha_bar[s].": moved(now, ALPHA_BAR[s - 1]),
        f"has t and s exchanged. {MOVE}": moved(then, now),
        f"takes α_t for ᾱ_t. ᾱ_t is alpha_bar[t]. {MOVE}": moved(ALPHA[t], ALPHA[s]),
        f"takes α_t for ᾱ_t in x_0. ᾱ_t is alpha_bar[t]. {MOVE}": moved(ALPHA[t], then),
        f"takes 1 − ᾱ, the variances, where their roots are due. {MOVE}": then.sqrt() * variance + (1 - then) * epsilon,
        f"takes 1 − ᾱ_t where its root is due. {MOVE}": then.sqrt() * variance + (1 - then).sqrt() * epsilon,
        f"takes 1 − ᾱ_s where its root is due. {MOVE}": then.sqrt() * x + (1 - then) * epsilon,
        f"lacks the roots of ᾱ. {MOVE}": then * (x_t - (1 - now).sqrt() * epsilon) / now + (1 - then).sqrt() * epsilon,
        f"does not divide by √ᾱ_t. {MOVE}": then.sqrt() * x * now.sqrt() + (1 - then).sqrt() * epsilon,
        f"adds ε where x_0 wants it subtracted. {MOVE}": then.sqrt() * (x_t + (1 - now).sqrt() * epsilon) / now.sqrt()
        + (1 - then).sqrt() * epsilon,
        f"subtracts √(1 − ᾱ_s) ε at the end. {MOVE}": then.sqrt() * x - (1 - then).sqrt() * epsilon,
        f"does not multiply x_0 by √ᾱ_s. {MOVE}": x + (1 - then).sqrt() * epsilon,
        f"keeps the noise of t: √(1 − ᾱ_s) ε, not √(1 − ᾱ_t) ε. {MOVE}": then.sqrt() * x + (1 - now).sqrt() * epsilon,
        "is the mean of an ancestral step.": _mean_of(t, x_t, epsilon),
        "is x_t itself: nothing is moved.": x_t,
    }


class _TwoMinds(nn.Module):
    """A network (x_t, t, y) → noise with and without the class, which checks what it is given."""

    def __init__(self, t: Tensor, y: Tensor) -> None:
        super().__init__()
        self.t, self.y, self.calls = t, y, []

    def forward(self, x_t: Tensor, t: Tensor, y: Tensor | None) -> Tensor:
        require(
            isinstance(t, Tensor) and torch.equal(t, self.t),
            "The network is given another t than guided is. Pass t on as it is.",
        )
        other = "The network is given a y of your own. Without a class, y is None: zeros would be the class 0."
        require(y is None or (isinstance(y, Tensor) and torch.equal(y, self.y)), other)
        self.calls.append(y is not None)
        shift = t / 4 if y is None else y - 0.3 * t
        return (0.5 * x_t if y is None else 0.8 * x_t.sin()) + shift.reshape(-1, *[1] * (x_t.dim() - 1)).to(x_t)


def _minds(x_t: Tensor, seed: int = 0) -> tuple[_TwoMinds, Tensor, Tensor, Tensor, Tensor]:
    """A network, t and y, and what the network says with the class and without it."""
    t = torch.arange(1, len(x_t) + 1)
    y = (t + seed) % 3
    model = _TwoMinds(t, y)
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    model.calls.clear()
    return model, t, y, with_class, without


@question
def guided(answer: Answer) -> None:
    """ε_∅ + w (ε_y − ε_∅) for w = 3, 1, 0 and ½, the network asked with the class and with None."""
    x_t = fixed(4, 2, 3, 5)
    model, t, y, with_class, without = _minds(x_t)
    value = answer(model, x_t, t, y, 3.0)
    asked = set(model.calls)
    require(asked, "guided does not call the network.")
    require(False in asked, "The network is never asked without a class. Call it with y = None, too.")
    require(True in asked, "The network is never asked with the class. Call it with y, too.")
    recognize(value, without + 3 * (with_class - without), _guidance_mistakes(with_class, without, 3.0), "The noise")
    for w in (1.0, 0.0, 0.5, 7):
        right = without + w * (with_class - without)
        wrong = _guidance_mistakes(with_class, without, w)
        recognize(answer(model, x_t, t, y, w), right, wrong, f"The noise for w = {w}")
    points = fixed(5, 2, seed=1)
    model, t, y, with_class, without = _minds(points, 1)
    recognize(answer(model, points, t, y, 2.0), 2 * with_class - without, {}, "The noise of points (5, 2)")
    precise(tensor(answer(model, points.double(), t, y, 2.0), (5, 2), "The noise"), "The noise")


def _guidance_mistakes(with_class: Tensor, without: Tensor, w: float) -> dict[str, Tensor]:
    """Wrong guided noise, with what is wrong about it."""
    gap, here = with_class - without, "Here it is ε_∅ + w (ε_y − ε_∅)."
    return {
        f"is ε_y + w (ε_y − ε_∅), that of another convention, in which w = 0 is the class alone. {here}": with_class
        + w * gap,
        f"has with and without the class exchanged. {here}": with_class - w * gap,
        f"is pushed away from the class: the sign is wrong. {here}": without - w * gap,
        f"has the wrong sign throughout. {here}": -without - w * gap,
        f"is w ε_y alone. {here}": w * with_class,
        f"is w (ε_y − ε_∅): the ε_∅ in front is missing. {here}": w * gap,
        f"is w ε_y − ε_∅. {here}": w * with_class - without,
        f"is ε_∅ + w ε_y. {here}": without + w * with_class,
        f"ignores w: it is ε_y. {here}": with_class,
        f"ignores w and the class: it is ε_∅. {here}": without,
        f"is the mean of the two. {here}": (with_class + without) / 2,
        f"ignores w. {here}": with_class + gap,
    }
