"""The check of assignment 10 of the n-gram probability: counts, and what shorter contexts say."""

from collections.abc import Callable

import torch
from torch import Tensor

from course_utils.checks.kit.answers import array
from course_utils.checks.kit.cases import explained
from course_utils.checks.kit.common import Answer, question, recognize, require

STEP = "p_k = (count(h c) + α p_{k−1}) / (count(h) + α)."
START = "Before any count, each character of the alphabet has 1 / V."


def _counts(text: str, context: str, alphabet: str) -> Tensor:
    """How often each character follows the context, places that overlap included."""
    k = len(context)
    after = [text[i + k] for i in range(len(text) - k) if text[i : i + k] == context]
    return torch.tensor([float(after.count(c)) for c in alphabet], dtype=torch.float64)


def _flat(alphabet: str) -> Tensor:
    return torch.full((len(alphabet),), 1 / len(alphabet), dtype=torch.float64)


def _suffixes(context: str) -> list[str]:
    """From the empty context to the whole."""
    return [context[len(context) - k :] for k in range(len(context) + 1)]


def _through(contexts: Callable[[str], list[str]]) -> Callable[..., Tensor]:
    """The recursion over other contexts."""

    def p(text: str, context: str, alphabet: str, alpha: float) -> Tensor:
        p = _flat(alphabet)
        for h in contexts(context):
            counts = _counts(text, h, alphabet)
            p = (counts + alpha * p) / (counts.sum() + alpha)
        return p

    return p


_right = _through(_suffixes)


def _step(
    change: Callable[[Tensor, Tensor, float, float], Tensor], start: Callable = _flat
) -> Callable[[str, str, str, float], Tensor]:
    """The recursion with another step: change(counts, p of the shorter context, α, V)."""

    def p(text: str, context: str, alphabet: str, alpha: float) -> Tensor:
        p = start(alphabet)
        for h in _suffixes(context):
            p = change(_counts(text, h, alphabet), p, alpha, len(alphabet))
        return p

    return p


def _counted(count: Callable[[str, str], float], total: Callable[[str, str], float] | None = None) -> Callable:
    """The recursion with another way to count: count(text, h + c), and total(text, h) where it is no sum of these."""

    def p(text: str, context: str, alphabet: str, alpha: float) -> Tensor:
        p = _flat(alphabet)
        for h in _suffixes(context):
            counts = torch.tensor([float(count(text, h + c)) for c in alphabet], dtype=torch.float64)
            p = (counts + alpha * p) / ((counts.sum() if total is None else total(text, h)) + alpha)
        return p

    return p


def _places(text: str, part: str) -> int:
    return sum(text[i : i + len(part)] == part for i in range(len(text) - len(part) + 1))


def _trailing(text: str, h: str) -> int:
    return _places(text, h) if h else len(text)


def _back_off(text: str, context: str, alphabet: str, alpha: float) -> Tensor:
    """The counts of the longest context that was seen, smoothed by a constant."""
    seen = next(h for h in reversed(_suffixes(context)) if _counts(text, h, alphabet).sum() > 0)
    counts = _counts(text, seen, alphabet)
    return (counts + alpha / len(alphabet)) / (counts.sum() + alpha)


def _mean_of_all(text: str, context: str, alphabet: str, alpha: float) -> Tensor:
    parts = [
        _step(lambda n, p, a, v: (n + a / v) / (n.sum() + a))(text, h, alphabet, alpha) for h in _suffixes(context)
    ]
    return torch.stack(parts).mean(0)


MISTAKES: dict[str, Callable[[str, str, str, float], Tensor]] = {
    "is not smoothed: what was never counted gets 0, and a context never seen gives 0 / 0.": _step(
        lambda n, p, a, v: n / n.sum()
    ),
    f"is smoothed by the same number for each character: the shorter context is not used. {STEP}": _step(
        lambda n, p, a, v: (n + a / v) / (n.sum() + a)
    ),
    f"adds α to each count, whatever the shorter context says. {STEP}": _step(
        lambda n, p, a, v: (n + a) / (n.sum() + a * v)
    ),
    f"does not sum to 1: α is missing below the line. {STEP}": _step(lambda n, p, a, v: (n + a * p) / n.sum().clamp(1)),
    f"does not sum to 1: below the line stands α V, where the added α p sum to α. {STEP}": _step(
        lambda n, p, a, v: (n + a * p) / (n.sum() + a * v)
    ),
    f"adds p of the shorter context without α. {STEP}": _step(lambda n, p, a, v: (n + p) / (n.sum() + a)),
    f"takes α = 1 whatever is given. {STEP}": _step(lambda n, p, a, v: (n + p) / (n.sum() + 1)),
    f"begins without smoothing: the empty context's counts are p as they are. {START}": lambda t, h, s, a: _later(
        _counts(t, "", s) / len(t), t, h, s, a
    ),
    f"begins with p = 1 for each character. {START}": _step(
        lambda n, p, a, v: (n + a * p) / (n.sum() + a), lambda s: len(s) * _flat(s)
    ),
    f"begins with p = 0. {START}": _step(lambda n, p, a, v: (n + a * p) / (n.sum() + a), lambda s: 0 * _flat(s)),
    "leaves out the empty context, which counts single characters.": _through(lambda h: _suffixes(h)[1:]),
    "uses the whole context and the empty one, and skips those between.": _through(
        lambda h: list(dict.fromkeys(["", h]))
    ),
    "stops at the last character of the context. Go on to the whole context.": _through(lambda h: _suffixes(h)[:2]),
    "leaves out the whole context. k goes from 0 to its length.": _through(lambda h: _suffixes(h)[:-1] or [""]),
    "goes from the longest context to the shortest. The longest has the last word.": _through(
        lambda h: _suffixes(h)[::-1]
    ),
    "shortens the context at its end. The nearest characters stay: context[len(context) − k:].": _through(
        lambda h: [h[:k] for k in range(len(h) + 1)]
    ),
    "takes context[-0:] for the empty context: that is the whole. Write context[len(context) − k:].": _through(
        lambda h: [h[-k:] if k else h for k in range(len(h) + 1)]
    ),
    "reads the context backwards.": _through(lambda h: _suffixes(h[::-1])),
    "counts with str.count, which leaves out places that overlap: aa stands twice in aaa.": _counted(str.count),
    "counts with str.count, which leaves out overlaps, and a context at the end, which nothing follows.": _counted(
        str.count, lambda t, h: t.count(h) if h else len(t)
    ),
    "does not sum to 1: a context at the end of the text is counted, though nothing follows it.": _counted(
        _places, _trailing
    ),
    "counts texts that hold context and character in any distance: c comes right after the context.": _counted(
        lambda t, part: _places(t, part[-1] + part[:-1])
    ),
    "uses shorter contexts only where the longest was never seen. Interpolate: all have their say.": _back_off,
    "is the plain mean over all contexts' lengths. α sets how much a shorter one counts.": _mean_of_all,
    f"holds counts. Divide by count(h) + α. {STEP}": _step(lambda n, p, a, v: n + a * p),
    f"weighs the shorter context by the number of different followers (Witten & Bell). Here by α: {STEP}": _step(
        lambda n, p, a, v: (n + (n > 0).sum() * p) / (n.sum() + (n > 0).sum()) if n.sum() > 0 else p
    ),
    "holds logarithms. Return probabilities.": lambda *case: _right(*case).log(),
    "has its entries in the alphabet's sorted order. Keep the order that is given.": lambda t, h, s, a: _right(
        t, h, "".join(sorted(s)), a
    ),
    "is the probability of the last character of the alphabet alone. Return all of them, (V,).": lambda *case: _right(
        *case
    )[-1],
}


def _later(p: Tensor, text: str, context: str, alphabet: str, alpha: float) -> Tensor:
    """The recursion from a given p of the empty context."""
    for h in _suffixes(context)[1:]:
        counts = _counts(text, h, alphabet)
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


CASES = [
    ("aabaaabcaabaa", "aa", "cabd", 1.5),
    ("aabaaabcaabaa", "", "cabd", 0.5),
    ("aabaaabcaabaa", "b", "dcba", 3.0),
    ("banana bandana", "ana", "nab d", 0.7),
    ("banana bandana", "nad", "nab d", 2),
    ("banana bandana", "xyz", "nab d", 2.0),
    ("ab", "abab", "ba", 1.0),
]


@question
def ngram_probs(answer: Answer) -> None:
    """Interpolated probabilities for contexts of 0 to 4 characters, seen and never seen; each sums to 1."""
    what = "p(c | context)"
    text = "".join("abc"[i] for i in torch.randint(3, (60,)).tolist())
    cases = [*CASES, (text, "cab", "bca", 4.0)]
    found, right = [answer(*case) for case in cases], [_right(*case) for case in cases]
    explained(found, cases, right, MISTAKES, what)
    for value, case, expected in zip(found, cases, right, strict=True):
        given = array(value, (len(case[2]),), what)
        total = f"{what} sums to {given.sum():.3f} over the alphabet, for the context {case[1]!r}. It has to be 1."
        require(abs(float(given.sum()) - 1) < 1e-4, total)
        recognize(given, expected, {}, f"{what} for the context {case[1]!r}")
