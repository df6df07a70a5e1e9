"""The check of assignment 08 of the noising q(x_t | x_0)."""

import torch
from torch import Tensor

from course_utils.checks.flows_diffusion.schedule import ALPHA_BAR, READINGS, like
from course_utils.checks.kit.common import Answer, close, question, recognize, require, tensor
from course_utils.checks.kit.draws import FIXED, MANY, independent, seeded, standard_normal
from course_utils.checks.kit.properties import draws_by_default, fixed, precise

TERMS = "x_t = √ᾱ_t x + √(1 − ᾱ_t) ε."


def _pair(value: object, shape: tuple[int, ...], what: str = "x_t") -> tuple[Tensor, Tensor]:
    """(x_t, epsilon), both of this shape, or CheckFailed."""
    one = "q_sample returns x_t alone. Return the noise, too: (x_t, epsilon). The network has to find it."
    require(not isinstance(value, Tensor), one)
    several = isinstance(value, tuple | list)
    got = f"{len(value)} values" if several else f"one {type(value).__name__}"
    require(several and len(value) == 2, f"q_sample must return two tensors, (x_t, epsilon). It returns {got}.")
    return tensor(value[0], shape, what), tensor(value[1], shape, "epsilon")


@question
def q_sample(answer: Answer) -> None:
    """x_t = √ᾱ_t x + √(1 − ᾱ_t) ε for images and for points, ε ~ N(0, I) from rng, and returned."""
    x, t, rng = fixed(4, 2, 3, 5), torch.tensor([5, 2, 4, 3]), seeded(1)
    value = answer(x, t, ALPHA_BAR, rng)
    x_t, epsilon = _pair(value, x.shape)
    for name, silent in {"x": x, "√ᾱ_t x": like(ALPHA_BAR[t], x).sqrt() * x}.items():
        require(not close(x_t, silent), f"x_t is {name}: no noise is added. {TERMS}")
    noisy = like(ALPHA_BAR[t], x).sqrt() * x + (1 - like(ALPHA_BAR[t], x)).sqrt() * x_t
    require(not close(epsilon, noisy), "q_sample returns (epsilon, x_t). Return (x_t, epsilon), in this order.")
    fresh = not torch.equal(x_t, _pair(answer(x, t, ALPHA_BAR, rng), x.shape)[0])
    require(fresh, f"Two calls in a row give the same x_t: the noise is the same every time. {FIXED}")
    used = torch.equal(x_t, _pair(answer(x, t, ALPHA_BAR, seeded(1)), x.shape)[0])
    require(used, f"Two rng with the same seed give different x_t: rng is not used. {FIXED}")
    _pair(answer(fixed(3, 2), t[:3], ALPHA_BAR, rng), (3, 2), "x_t for points x of shape (3, 2)")
    _noise(answer, seeded(2))
    recognize(x_t, _noised(ALPHA_BAR[t], x, epsilon), _mistakes(x, t, epsilon), "x_t")
    _ends(answer)
    _noise(answer)
    draws_by_default(answer, x, t, ALPHA_BAR, read=lambda value: _pair(value, x.shape)[0])
    for part, what in zip(
        _pair(answer(x.double(), t, ALPHA_BAR.double(), seeded(1)), x.shape), ("x_t", "ε"), strict=True
    ):
        precise(part, what)


def _ends(answer: Answer) -> None:
    """Points instead of images, t = 0 and t = T, a batch of one."""
    for shape, times in (((3, 2), [0, 6, 1]), ((1, 4), [2]), ((2,), [3, 5])):
        x, t = fixed(*shape, seed=4), torch.tensor(times)
        x_t, epsilon = _pair(answer(x, t, ALPHA_BAR, seeded(3)), shape)
        recognize(x_t, _noised(ALPHA_BAR[t], x, epsilon), {}, f"x_t for x of shape {shape} and t = {times}")


def _noise(answer: Answer, *rng: torch.Generator) -> None:
    """Check the noise that is returned, over many draws."""
    x, t = torch.full((MANY // 2, 4), 2.0), torch.full((MANY // 2,), 4)
    x_t, epsilon = (part.detach() for part in _pair(answer(x, t, ALPHA_BAR, *rng), x.shape))
    together = torch.corrcoef(torch.stack([x_t.flatten(), epsilon.flatten()]))[0, 1].abs()
    require(together > 0.05, "The noise that is returned is not the one in x_t. Draw ε once, add it, and return it.")
    for name, size in (("√(1 − ᾱ_t)", 0.7**0.5), ("1 − ᾱ_t", 0.7)):
        scaled = f"The noise that is returned has been multiplied by {name} already. Return ε itself, before that."
        require(abs(epsilon.std() - size) > 0.03 or abs(epsilon.mean()) > 0.05, scaled)
    independent(epsilon, "ε", "(B, *event)")
    standard_normal(epsilon, "The noise ε")


def _noised(level: Tensor, x: Tensor, epsilon: Tensor) -> Tensor:
    return like(level, x).sqrt() * x + (1 - like(level, x)).sqrt() * epsilon


def _mistakes(x: Tensor, t: Tensor, epsilon: Tensor) -> dict[str, Tensor]:
    """Wrong x_t made with this noise, with what is wrong about them."""
    level = like(ALPHA_BAR[t], x)
    keep, add = level.sqrt(), (1 - level).sqrt()
    return {message: _noised(reading(t), x, epsilon) for message, reading in READINGS.items()} | {
        f"adds noise with the factor 1 − ᾱ_t, its variance. The factor is the root: {TERMS}": keep * x
        + (1 - level) * epsilon,
        f"multiplies x by ᾱ_t. The factor is the root: {TERMS}": level * x + add * epsilon,
        f"lacks both roots. {TERMS}": level * x + (1 - level) * epsilon,
        f"has its two factors exchanged. {TERMS}": add * x + keep * epsilon,
        f"has its two factors exchanged, and no roots. {TERMS}": (1 - level) * x + level * epsilon,
        f"adds the noise without its factor. {TERMS}": keep * x + epsilon,
        f"does not shrink x. {TERMS}": x + add * epsilon,
        f"has √ᾱ_t and 1 − √ᾱ_t. The squares of the factors add up to 1: {TERMS}": keep * x + (1 - keep) * epsilon,
        f"subtracts the noise that is returned. {TERMS}": keep * x - add * epsilon,
        f"is the noise alone. {TERMS}": add * epsilon,
    }
