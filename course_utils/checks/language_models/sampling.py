"""The check of assignment 10 of temperature and top-p: which tokens stay, and with what probability."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.checks.kit.cases import judged
from course_utils.checks.kit.common import Answer, question, recognize, require, tensor
from course_utils.checks.kit.properties import fixed, one_row, precise

SET = "Keep the most likely tokens until their sum reaches top_p, the one that reaches it included."
ORDER = "First divide the logits by the temperature, then cut."


def _kept(p: Tensor, top_p: float) -> Tensor:
    """Which tokens stay (B, V)."""
    ordered, index = p.sort(-1, descending=True)
    before = ordered.cumsum(-1) - ordered
    return torch.zeros_like(p, dtype=torch.bool).scatter(-1, index, before < top_p)


def _normal(p: Tensor) -> Tensor:
    return p / p.sum(-1, keepdim=True)


def _right(logits: Tensor, temperature: float, top_p: float) -> Tensor:
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits)
    p = (logits / temperature).softmax(-1)
    return _normal(p * _kept(p, top_p))


def _cut(keep: Callable[[Tensor, float], Tensor]) -> Callable[[Tensor, float, float], Tensor]:
    """With another choice of the tokens that stay: keep(p, top_p)."""

    def probs(logits: Tensor, temperature: float, top_p: float) -> Tensor:
        p = (logits / temperature).softmax(-1)
        return _normal(p * keep(p, top_p))

    return probs


def _heated(heat: Callable[[Tensor, float], Tensor]) -> Callable[[Tensor, float, float], Tensor]:
    """With another use of the temperature: heat(logits, T) are probabilities."""

    def probs(logits: Tensor, temperature: float, top_p: float) -> Tensor:
        p = heat(logits, temperature)
        return _normal(p * _kept(p, top_p))

    return probs


def _short(p: Tensor, top_p: float) -> Tensor:
    """Those whose sum stays at or below top_p."""
    ordered, index = p.sort(-1, descending=True)
    return torch.zeros_like(p, dtype=torch.bool).scatter(-1, index, ordered.cumsum(-1) <= top_p)


def _long(p: Tensor, top_p: float) -> Tensor:
    """One token more than is due."""
    count = _kept(p, top_p).sum(-1, keepdim=True) + 1
    return p.argsort(-1, descending=True).argsort(-1) < count


def _rank(p: Tensor) -> Tensor:
    return p.argsort(-1, descending=True).argsort(-1)


def _unsorted(p: Tensor, top_p: float) -> Tensor:
    return p.cumsum(-1) - p < top_p


def _least(p: Tensor, top_p: float) -> Tensor:
    ordered, index = p.sort(-1)
    return torch.zeros_like(p, dtype=torch.bool).scatter(-1, index, ordered.cumsum(-1) - ordered < top_p)


def _misplaced(logits: Tensor, temperature: float, top_p: float) -> Tensor:
    """The sorted probabilities taken back by `index` instead of its inverse."""
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    return _normal(ordered * (ordered.cumsum(-1) - ordered < top_p)).gather(-1, index)


def _before_heat(logits: Tensor, temperature: float, top_p: float) -> Tensor:
    """The cut at temperature 1, then the temperature."""
    kept = _kept(logits.softmax(-1), top_p)
    return (logits / temperature).masked_fill(~kept, -torch.inf).softmax(-1)


def _softmax(logits: Tensor, temperature: float) -> Tensor:
    return (logits / temperature).softmax(-1)


def _second_softmax(logits: Tensor, temperature: float, top_p: float) -> Tensor:
    p = _softmax(logits, temperature)
    return p.masked_fill(~_kept(p, top_p), -torch.inf).softmax(-1)


def _sorted(logits: Tensor, temperature: float, top_p: float) -> Tensor:
    return _right(logits, temperature, top_p).sort(-1, descending=True).values


MISTAKES: dict[str, Callable[[Tensor, float, float], Tensor]] = {
    f"is cut before the temperature acts. {ORDER}": _before_heat,
    "is multiplied by the temperature. Divide the logits by it: a low one sharpens.": _heated(
        lambda z, t: (z * t).softmax(-1)
    ),
    "ignores the temperature. Divide the logits by it.": _heated(lambda z, t: z.softmax(-1)),
    "has a softmax of probabilities divided by T. Divide the logits, before the softmax.": _heated(
        lambda z, t: (z.softmax(-1) / t).softmax(-1)
    ),
    "divides probabilities by T, which the normalization undoes. Divide the logits.": _heated(
        lambda z, t: _normal(z.softmax(-1) / t)
    ),
    "is not normalized again after the cut: the tokens that stay have to sum to 1.": lambda z, t, p: (
        _softmax(z, t) * _kept(_softmax(z, t), p)
    ),
    f"leaves out the token that reaches top_p. {SET}": _cut(_short),
    f"keeps one token too many. {SET}": _cut(_long),
    "keeps tokens more likely than top_p, each alone. Add them up from the most likely.": _cut(lambda q, p: q > p),
    "keeps tokens more likely than 1 − top_p, each alone. Add them up from the most likely.": _cut(
        lambda q, p: q > 1 - p
    ),
    "keeps tokens at least top_p times as likely as the best. Add them up from the most likely.": _cut(
        lambda q, p: q >= p * q.amax(-1, keepdim=True)
    ),
    "keeps a share top_p of the tokens. Add up their probabilities, not their number.": _cut(
        lambda q, p: _rank(q) < round(p * q.shape[-1])
    ),
    "is cut in the order of the vocabulary. Sort by probability first, the most likely first.": _cut(_unsorted),
    "keeps the least likely tokens. Sort in descending order.": _cut(_least),
    "is in sorted order. Put each probability back to its token.": _sorted,
    "is put back in a wrong order: index says where a sorted entry came from, so scatter, do not gather.": _misplaced,
    "ignores top_p. Keep the most likely tokens that together reach it.": lambda z, t, p: _softmax(z, t),
    "keeps the most likely token only. Add up until top_p is reached.": lambda z, t, p: _right(z, 0, p),
    "goes through a second softmax. Divide by the sum of those that stay.": _second_softmax,
    "is cut with 0 in the logits, and exp(0) = 1 keeps a token. Fill in −inf.": lambda z, t, p: (
        (z / t).masked_fill(~_kept(_softmax(z, t), p), 0).softmax(-1)
    ),
    "spreads what was cut over all tokens alike. Divide by the sum of those that stay.": lambda z, t, p: _spread(
        _softmax(z, t), p
    ),
    "holds logarithms. Return probabilities.": lambda z, t, p: _right(z, t, p).log(),
    "has its softmax over the batch. The tokens are the last dimension.": _heated(lambda z, t: (z / t).softmax(0)),
    "is normalized over the whole batch. Each row has to sum to 1.": lambda z, t, p: (
        (_softmax(z, t) * _kept(_softmax(z, t), p)) / (_softmax(z, t) * _kept(_softmax(z, t), p)).sum()
    ),
}


def _spread(q: Tensor, top_p: float) -> Tensor:
    left = q * _kept(q, top_p)
    return left + (1 - left.sum(-1, keepdim=True)) / q.shape[-1]


@question
def next_token_probs(answer: Answer) -> None:
    """softmax(logits / T), cut to the top-p set, normalized: three settings, one token at least, T = 0 and T near 0."""
    logits = 1.5 * fixed(3, 7)
    cases = [(logits, 2.0, 0.8), (logits, 0.6, 0.9), (fixed(4, 6, seed=1), 1.3, 0.55), (logits + 30, 2.5, 0.7)]
    judged(answer, cases, _right, MISTAKES, "The distribution")
    ignored = {"ignores top_p = 1, which keeps all tokens.": lambda z, t, p: _right(z, t, 0.9)}
    judged(answer, [(logits, 1.0, 1.0)], _right, ignored, "The distribution for top_p = 1")
    recognize(answer(logits, 1.0, 0.01), _right(logits, 0, 1.0), {}, "The distribution for top_p = 0.01")
    _cold(answer, logits)
    recognize(answer(logits), logits.softmax(-1), {}, "The distribution without temperature and top_p")
    judged(answer, [(logits[:, :1], 0.7, 0.5)], _right, {}, "The distribution of a single token")
    one_row(answer, [logits], [0.8, 0.9], read=lambda value: value)
    precise(tensor(answer(logits.double(), 0.8, 0.9), (3, 7), "The distribution"), "The distribution")
    precise(tensor(answer(logits.double(), 0, 0.9), (3, 7), "The distribution"), "The distribution for T = 0")


def _cold(answer: Answer, logits: Tensor) -> None:
    """Check T = 0, and T near 0, where exp would overflow."""
    best = _right(logits, 0, 1.0)
    for temperature, top_p in ((0, 0.9), (0.0, 1.0), (1e-3, 0.9), (1e-6, 1.0)):
        what = f"The distribution for T = {temperature:g}"
        value = answer(logits, temperature, top_p)
        lost = f"{what} holds nan or inf. T = 0 is the limit: all probability on the most likely token."
        small = f"{what} holds nan or inf: exp overflows. softmax and logsumexp take the largest logit out first."
        finite = not isinstance(value, Tensor) or torch.isfinite(value).all()
        require(finite, lost if temperature == 0 else small)
        wrong = {} if temperature else {"is that for T = 1.": _right(logits, 1, top_p)}
        index = isinstance(value, Tensor) and value.shape == logits.shape[:1]
        require(not index, f"{what} is an index. Return probabilities, (B, V): 1 for the most likely token.")
        recognize(value, best, wrong, what)
