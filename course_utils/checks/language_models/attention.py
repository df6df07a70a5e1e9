"""The check of assignment 10 of causal attention: the scale, the mask, the softmax, and heads."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from course_utils.checks.kit.cases import judged
from course_utils.checks.kit.common import Answer, gradients, question, require, tensor
from course_utils.checks.kit.properties import fixed, one_row, precise

RULE = "softmax(q kᵀ / √D + mask) v."
LATER = "Position t sees 0, …, t, and nothing later."


def _scores(q: Tensor, k: Tensor) -> Tensor:
    return q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])


def _mask(scores: Tensor, diagonal: int = 1, fill: float = -math.inf) -> Tensor:
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(diagonal)
    return scores.masked_fill(later, fill)


def _right(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return _mask(_scores(q, k)).softmax(-1) @ v


def _scaled(size: Callable[[Tensor, Tensor, Tensor], float]) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """Attention whose scores are divided by another number."""
    return lambda q, k, v: _mask(q @ k.mT / size(q, k, v)).softmax(-1) @ v


def _upper(scores: Tensor) -> Tensor:
    return scores.masked_fill(torch.ones(scores.shape[-2:], dtype=torch.bool).tril(-1), -math.inf)


def _across(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """A softmax over the queries, whose columns sum to 1."""
    return _mask(_scores(q, k)).softmax(-2) @ v


MISTAKES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    f"sees later positions: there is no mask. {LATER}": lambda q, k, v: _scores(q, k).softmax(-1) @ v,
    "is masked after the softmax, so that the weights no longer sum to 1. Mask the scores by −inf first.": (
        lambda q, k, v: _mask(_scores(q, k).softmax(-1), fill=0) @ v
    ),
    f"has the mask the wrong way round: it sees the future and not the past. {LATER}": lambda q, k, v: (
        _upper(_scores(q, k)).softmax(-1) @ v
    ),
    f"does not see position t itself: the diagonal is masked, too. {LATER}": lambda q, k, v: (
        _mask(_scores(q, k), 0).softmax(-1) @ v
    ),
    f"sees one position too many: t + 1. {LATER}": lambda q, k, v: _mask(_scores(q, k), 2).softmax(-1) @ v,
    "has 0 where the scores are masked, and exp(0) = 1 is no mask. Fill in −inf.": lambda q, k, v: (
        _mask(_scores(q, k), fill=0).softmax(-1) @ v
    ),
    f"is not scaled. {RULE}": _scaled(lambda q, k, v: 1),
    f"is scaled by D, not by its root. {RULE}": _scaled(lambda q, k, v: q.shape[-1]),
    f"is multiplied by √D. Divide. {RULE}": _scaled(lambda q, k, v: q.shape[-1] ** -0.5),
    f"is scaled by √T, the number of positions. D is the last size of q. {RULE}": _scaled(
        lambda q, k, v: math.sqrt(q.shape[-2])
    ),
    f"is scaled by the size of v. D is the last size of q. {RULE}": _scaled(lambda q, k, v: math.sqrt(v.shape[-1])),
    f"is scaled by √B. D is the last size of q. {RULE}": _scaled(lambda q, k, v: math.sqrt(q.shape[0])),
    f"is scaled after the softmax. Scale the scores. {RULE}": lambda q, k, v: (
        _mask(q @ k.mT).softmax(-1) / math.sqrt(q.shape[-1]) @ v
    ),
    "has q and k exchanged: row t of the scores belongs to the query at t.": lambda q, k, v: _right(k, q, v),
    "has its softmax over the queries. The weights of one query sum to 1: the last dimension.": _across,
    f"has no softmax. {RULE}": lambda q, k, v: _mask(_scores(q, k), fill=0) @ v,
    "has weights that are exp(score), not normalized. Use a softmax.": lambda q, k, v: _mask(_scores(q, k)).exp() @ v,
    "is a plain mean of the values so far: the scores are not used.": lambda q, k, v: (
        _mask(torch.zeros_like(_scores(q, k))).softmax(-1) @ v
    ),
    "takes the value with the highest score. Weigh all of them by a softmax.": lambda q, k, v: (
        torch.nn.functional.one_hot(_mask(_scores(q, k)).argmax(-1), k.shape[-2]).to(v) @ v
    ),
    "is the weights alone. Multiply them by v.": lambda q, k, v: _mask(_scores(q, k)).softmax(-1),
    "compares q and k by their distance. The scores are products, q · k.": lambda q, k, v: (
        _mask(-((q[..., :, None, :] - k[..., None, :, :]) ** 2).sum(-1) / math.sqrt(q.shape[-1])).softmax(-1) @ v
    ),
}


def _inputs(*shape: int, width: int, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    """q and k of this shape, and v with `width` columns."""
    return 1.5 * fixed(*shape, seed=seed), fixed(*shape, seed=seed + 1), fixed(*shape[:-1], width, seed=seed + 2)


@question
def causal_attention(answer: Answer) -> None:
    """softmax(q kᵀ / √D + mask) v: one head and several, one position, far scores, gradients, float64."""
    what = "The output"
    q, k, v = _inputs(2, 5, 3, width=4)
    judged(answer, [(q, k, v)], _right, MISTAKES, what)
    judged(answer, [_inputs(2, 3, 5, 4, width=7, seed=3)], _right, MISTAKES, f"{what} of three heads")
    judged(answer, [_inputs(3, 1, 4, width=2, seed=6)], _right, {}, f"{what} for a single position")
    _far(answer)
    leaves = [part.clone().requires_grad_() for part in (q, k, v)]
    slopes = torch.autograd.grad((_right(*leaves) * fixed(2, 5, 4, seed=9)).sum(), leaves)
    output = answer(*leaves) * fixed(2, 5, 4, seed=9)
    gradients(output, dict(zip("qkv", zip(leaves, slopes, strict=True), strict=True)), what)
    one_row(answer, [q, k, v], read=lambda value: value)
    precise(tensor(answer(q.double(), k.double(), v.double()), (2, 5, 4), what), what)


def _far(answer: Answer) -> None:
    """Check scores of −3,000 to 2,000, the largest of them for a key that is still to come."""
    q, _, v = _inputs(1, 4, 3, width=2, seed=12)
    q, k = 1 + q / 20, torch.tensor([-2000.0, -1500.0, 500.0, 1000.0])[:, None].expand(1, 4, 3).clone()
    value = answer(q, k, v)
    lost = "The output is nan or inf where a later key has a score of a thousand. Mask before the softmax, by −inf."
    require(not isinstance(value, Tensor) or torch.isfinite(value).all(), lost)
    judged(answer, [(q, k, v)], _right, {}, "The output for scores of a thousand")
