"""Checks of assignment 10 of tuning: the log-probability of an answer, and the loss of DPO."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.checks.kit.cases import judged
from course_utils.checks.kit.common import Answer, gradients, question, require, tensor
from course_utils.checks.kit.properties import fixed, one_row, precise

SHIFT = "logits[:, t] predicts tokens[:, t + 1]."
SUM = "Sum over the answer's tokens, and keep the batch: (B,)."


def _terms(logits: Tensor, tokens: Tensor) -> Tensor:
    """log p of tokens[:, 1:], (B, T − 1)."""
    return logits[:, :-1].log_softmax(-1).gather(-1, tokens[:, 1:, None])[..., 0]


def _answer(logits: Tensor, tokens: Tensor, answer: Tensor) -> Tensor:
    return (_terms(logits, tokens) * answer[:, 1:]).sum(1)


def _in_place(logits: Tensor, tokens: Tensor) -> Tensor:
    return logits.log_softmax(-1).gather(-1, tokens[..., None])[..., 0]


def _backwards(logits: Tensor, tokens: Tensor, answer: Tensor) -> Tensor:
    return (logits[:, 1:].log_softmax(-1).gather(-1, tokens[:, :-1, None])[..., 0] * answer[:, :-1]).sum(1)


def _first_only(answer: Tensor) -> Tensor:
    return answer & (answer.long().cumsum(1) == 1)


def _last_only(answer: Tensor) -> Tensor:
    return answer & (answer.long().flip(1).cumsum(1).flip(1) == 1)


def _plus_one(answer: Tensor) -> Tensor:
    return torch.cat([answer[:, :1] & False, answer[:, :-1]], 1)


ANSWER_MISTAKES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    f"reads each token's probability from its own position, after the model has seen it. {SHIFT}": lambda z, y, a: (
        _in_place(z, y) * a
    ).sum(1),
    f"is shifted the wrong way. {SHIFT}": _backwards,
    "has the mask left behind by the shift: where tokens[:, 1:] is looked up, the mask is answer[:, 1:].": (
        lambda z, y, a: (_terms(z, y) * a[:, :-1]).sum(1)
    ),
    "lacks the first token of the answer. It is predicted at the last position of the prompt.": lambda z, y, a: (
        _terms(z, y) * (a & _plus_one(a))[:, 1:]
    ).sum(1),
    "has the prompt and the padding in it. Sum over the answer's tokens only.": lambda z, y, a: _terms(z, y).sum(1),
    "is that of the prompt and the padding: the mask is the wrong way round.": lambda z, y, a: _answer(z, y, ~a),
    "has the prompt in it. Sum over the answer's tokens only.": lambda z, y, a: _answer(
        z, y, a | (a.long().cumsum(1) == 0)
    ),
    "has the padding in it. Sum over the answer's tokens only.": lambda z, y, a: _answer(z, y, a.long().cumsum(1) > 0),
    f"is averaged over the answer's tokens. {SUM}": lambda z, y, a: _answer(z, y, a) / a.sum(1),
    f"is averaged over all positions. {SUM}": lambda z, y, a: _answer(z, y, a) / (y.shape[1] - 1),
    f"is divided by T, the number of positions. {SUM}": lambda z, y, a: _answer(z, y, a) / y.shape[1],
    f"is one number, summed over the batch too. {SUM}": lambda z, y, a: _answer(z, y, a).sum(),
    f"is one number, averaged over the batch. {SUM}": lambda z, y, a: _answer(z, y, a).mean(),
    f"is one number, averaged over all answers' tokens. {SUM}": lambda z, y, a: _answer(z, y, a).sum() / a.sum(),
    f"is not summed. {SUM}": lambda z, y, a: _terms(z, y) * a[:, 1:],
    "has the wrong sign: that is the loss. log p is never positive.": lambda z, y, a: -_answer(z, y, a),
    "is the sum of probabilities. Sum their logarithms.": lambda z, y, a: (_terms(z, y).exp() * a[:, 1:]).sum(1),
    "is a probability. Return its logarithm.": lambda z, y, a: _answer(z, y, a).exp(),
    "is in bits. Use the natural logarithm.": lambda z, y, a: _answer(z, y, a) / math.log(2),
    "sums logits. log_softmax makes log-probabilities of them.": lambda z, y, a: (
        z[:, :-1].gather(-1, y[:, 1:, None])[..., 0] * a[:, 1:]
    ).sum(1),
    "is normalized over the positions. The vocabulary is the last dimension.": lambda z, y, a: (
        z[:, :-1].log_softmax(1).gather(-1, y[:, 1:, None])[..., 0] * a[:, 1:]
    ).sum(1),
    "is of the answer's first token alone. Sum over all of them.": lambda z, y, a: _answer(z, y, _first_only(a)),
    "is of the answer's last token alone. Sum over all of them.": lambda z, y, a: _answer(z, y, _last_only(a)),
    "is of the most likely tokens. Look up those that stand there.": lambda z, y, a: (
        z[:, :-1].log_softmax(-1).amax(-1) * a[:, 1:]
    ).sum(1),
}


def _texts(rows: int, length: int, size: int, spans: list[tuple[int, int]], seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """logits, tokens, and the mask of answers that begin and end as `spans` say."""
    tokens = torch.randint(size, (rows, length), generator=torch.Generator().manual_seed(seed))
    place = torch.arange(length)
    return 2 * fixed(rows, length, size, seed=seed), tokens, torch.stack([(place >= a) & (place < b) for a, b in spans])


@question
def answer_log_prob(answer: Answer) -> None:
    """Σ log p(token) over the answer's tokens, each predicted one position before; answers of other lengths."""
    what = "log p(answer)"
    cases = [
        _texts(3, 8, 5, [(3, 6), (2, 7), (4, 8)], seed=1),
        _texts(2, 6, 4, [(1, 3), (3, 6)], seed=2),
    ]
    judged(answer, cases, _answer, ANSWER_MISTAKES, what)
    logits, tokens, mask = cases[0]
    judged(
        answer, [_texts(4, 5, 3, [(4, 5), (1, 5), (2, 3), (0, 0)], seed=3)], _answer, {}, f"{what}, with an empty one,"
    )
    judged(answer, [(400 * logits, tokens, mask)], _answer, {}, f"{what} for logits of ±1,000")
    leaf = logits.clone().requires_grad_()
    slope = torch.autograd.grad(_answer(leaf, tokens, mask).sum(), leaf)[0]
    gradients(answer(leaf, tokens, mask), {"logits": (leaf, slope)}, what)
    one_row(answer, [logits, tokens, mask], read=lambda value: value)
    precise(tensor(answer(logits.double(), tokens, mask), (3,), what), what)


LOSS = "−log σ(β [(chosen − chosen_ref) − (rejected − rejected_ref)])."


def _margin(c: Tensor, r: Tensor, rc: Tensor, rr: Tensor) -> Tensor:
    return (c - rc) - (r - rr)


def _dpo(c: Tensor, r: Tensor, rc: Tensor, rr: Tensor, beta: float) -> Tensor:
    return -F.logsigmoid(beta * _margin(c, r, rc, rr))


DPO_MISTAKES: dict[str, Callable[..., Tensor]] = {
    f"has chosen and rejected exchanged: it teaches the rejected answer. {LOSS}": lambda c, r, rc, rr, b: (
        -F.logsigmoid(-b * _margin(c, r, rc, rr))
    ),
    f"has the wrong sign: log σ is to grow, so the loss is −log σ. {LOSS}": lambda *a: -_dpo(*a),
    f"has the reference the wrong way round: subtract chosen_ref, add rejected_ref. {LOSS}": lambda c, r, rc, rr, b: (
        -F.logsigmoid(b * (c + rc - r - rr))
    ),
    f"leaves out the reference, and nothing keeps the model near it. {LOSS}": lambda c, r, rc, rr, b: (
        -F.logsigmoid(b * (c - r))
    ),
    f"uses the reference of the chosen answer only. {LOSS}": lambda c, r, rc, rr, b: -F.logsigmoid(b * (c - rc - r)),
    f"has the sign of rejected_ref wrong. {LOSS}": lambda c, r, rc, rr, b: -F.logsigmoid(b * (c - rc - r - rr)),
    f"leaves out β. {LOSS}": lambda c, r, rc, rr, b: -F.logsigmoid(_margin(c, r, rc, rr)),
    f"multiplies the loss by β. β stands inside σ. {LOSS}": lambda c, r, rc, rr, b: (
        -b * F.logsigmoid(_margin(c, r, rc, rr))
    ),
    f"divides by β. {LOSS}": lambda c, r, rc, rr, b: -F.logsigmoid(_margin(c, r, rc, rr) / b),
    f"has β at the model's terms and not at the reference's. {LOSS}": lambda c, r, rc, rr, b: (
        -F.logsigmoid(b * (c - r) - (rc - rr))
    ),
    f"has β at the chosen answer only. {LOSS}": lambda c, r, rc, rr, b: -F.logsigmoid(b * (c - rc) - (r - rr)),
    f"lacks the logarithm. {LOSS}": lambda c, r, rc, rr, b: -torch.sigmoid(b * _margin(c, r, rc, rr)),
    f"is 1 − σ. {LOSS}": lambda c, r, rc, rr, b: torch.sigmoid(-b * _margin(c, r, rc, rr)),
    f"has no σ: the margin alone has no end. {LOSS}": lambda c, r, rc, rr, b: -b * _margin(c, r, rc, rr),
    f"leaves the rejected answer out. {LOSS}": lambda c, r, rc, rr, b: -F.logsigmoid(b * (c - rc)),
    f"judges each answer alone. Compare the two inside one σ. {LOSS}": lambda c, r, rc, rr, b: (
        -F.logsigmoid(b * (c - rc)) - F.logsigmoid(-b * (r - rr))
    ),
    f"adds the two answers' terms. The rejected one is subtracted. {LOSS}": lambda c, r, rc, rr, b: (
        -F.logsigmoid(b * ((c - rc) + (r - rr)))
    ),
    f"takes ratios of probabilities. A ratio is a difference of logarithms. {LOSS}": lambda c, r, rc, rr, b: (
        -F.logsigmoid(b * ((c - rc).exp() - (r - rr).exp()))
    ),
    f"divides log-probabilities. A ratio is a difference of logarithms. {LOSS}": lambda c, r, rc, rr, b: (
        -F.logsigmoid(b * (c / rc - r / rr))
    ),
    "is a hinge, max(0, 1 − β · margin). Here it is −log σ.": lambda c, r, rc, rr, b: (
        1 - b * _margin(c, r, rc, rr)
    ).relu(),
    "is the square of IPO. Here it is −log σ.": lambda c, r, rc, rr, b: (_margin(c, r, rc, rr) - 1 / (2 * b)) ** 2,
    "is in bits. Use the natural logarithm.": lambda *a: _dpo(*a) / math.log(2),
    "is averaged over the batch. Return one loss for each pair, (B,).": lambda *a: _dpo(*a).mean(),
    "is summed over the batch. Return one loss for each pair, (B,).": lambda *a: _dpo(*a).sum(),
    "has the shape (B, 1). Return (B,).": lambda *a: _dpo(*a)[:, None],
}


def _pairs(rows: int, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Log-probabilities (rows,) of chosen and rejected answers, by the model and by the reference."""
    c, r, rc, rr = (-4 - 3 * fixed(rows, seed=seed + i).abs() for i in range(4))
    return c, r, rc, rr


@question
def dpo_loss(answer: Answer) -> None:
    """−log σ(β margin): three β, a model equal to its reference, margins of ±10,000, gradients."""
    what = "The loss"
    cases = [(*_pairs(5, 1), 0.5), (*_pairs(4, 5), 0.1), (*_pairs(3, 9), 2.0)]
    judged(answer, cases, _dpo, DPO_MISTAKES, what)
    c, r, rc, rr = _pairs(5, 1)
    judged(answer, [(c, r, c, r, 0.3)], _dpo, {}, f"{what} of a model that equals its reference, log 2,")
    _stable(answer)
    leaves = [part.clone().requires_grad_() for part in (c, r)]
    slopes = torch.autograd.grad(_dpo(*leaves, rc, rr, 0.5).sum(), leaves)
    named = dict(zip(("chosen", "rejected"), zip(leaves, slopes, strict=True), strict=True))
    gradients(answer(*leaves, rc, rr, 0.5), named, what)
    judged(answer, [(c, r, rc, rr)], lambda *a: _dpo(*a, 0.1), {}, f"{what} without a β, where it is 0.1,")
    one_row(answer, [c, r, rc, rr], [0.5], read=lambda value: value)
    precise(tensor(answer(*(part.double() for part in (c, r, rc, rr)), 0.5), (5,), what), what)


def _stable(answer: Answer) -> None:
    far, zero = torch.tensor([-10_000.0, 10_000.0, -300.0]), torch.zeros(3)
    value = answer(far, zero, zero, zero, 1.0)
    lost = "The loss is inf or nan for margins of ±10,000: σ is 0 there. F.logsigmoid computes log σ without σ."
    require(not isinstance(value, Tensor) or torch.isfinite(value).all(), lost)
    judged(answer, [(far, zero, zero, zero, 1.0)], _dpo, {}, "The loss for margins of ±10,000")
