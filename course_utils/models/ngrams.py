"""N-grams: the next token from counts of what followed the last n − 1, interpolated with shorter pasts."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course_utils.models.layers import check_labels
from course_utils.models.transformer import draw

Codes = NDArray[np.int64]


class _Table(NamedTuple):
    """Counts of one order, each past and each past with its next token written as one whole number."""

    pasts: Codes  # sorted
    total: NDArray[np.float64]  # how often the past was seen
    kinds: NDArray[np.float64]  # how many different tokens followed it
    grams: Codes  # past · V + token, sorted
    count: NDArray[np.float64]


class NGram:
    """P(x) = Π_t p(x_t | the n − 1 tokens before it), with Witten & Bell's smoothing.

    p(c | past) = (count(past c) + kinds(past) · p(c | shorter past)) / (count(past) + kinds(past)), where kinds is the
    number of different tokens seen after that past, and the shorter past lacks its first token; below one token stands
    1 / V. A past never seen passes on to the shorter one. At the beginning of a sequence the past is as long as it is.
    Source: Witten & Bell 1991 (doi 10.1109/18.87000), method C; Chen & Goodman 1999 (doi 10.1006/csla.1999.0128).

    Args: `order` n ≥ 1; `vocabulary` V; `length` of a draw. Raises ValueError if V^n has no place in 63 bits.
    """

    def __init__(self, order: int, vocabulary: int, length: int = 100) -> None:
        if order < 1 or vocabulary**order >= 2**63:
            raise ValueError(f"an order of 1 or more with V^order < 2^63, got {order} and V = {vocabulary}.")
        self.order, self.vocabulary, self.length = order, vocabulary, length
        self.tables: list[_Table] = []

    def fit(self, sequences: Iterable[Tensor]) -> "NGram":
        """Count in sequences of tokens, each `(T,)`; pasts do not reach from one into the next. Returns itself."""
        parts = [np.asarray(x, dtype=np.int64) for x in sequences]
        self.tables = [self._count(parts, order) for order in range(1, self.order + 1)]
        return self

    def _count(self, parts: list[Codes], order: int) -> _Table:
        codes = np.concatenate([self._codes(x, order) for x in parts])
        grams, count = np.unique(codes, return_counts=True)
        pasts, first, kinds = np.unique(grams // self.vocabulary, return_index=True, return_counts=True)
        total = np.add.reduceat(count, first)
        return _Table(pasts, total.astype(float), kinds.astype(float), grams, count.astype(float))

    def _codes(self, x: Codes, order: int) -> Codes:
        """Each run of `order` tokens of x `(…, T)` as one number, `(…, T − order + 1)`."""
        size = max(0, x.shape[-1] - order + 1)
        return sum((x[..., i : i + size] * self.vocabulary ** (order - 1 - i) for i in range(order)), np.int64(0))

    def _step(self, table: _Table, codes: Codes, shorter: NDArray[np.float64]) -> NDArray[np.float64]:
        """p of one order from that of the order below, for runs of tokens written as numbers."""
        past, seen = _find(table.pasts, codes // self.vocabulary)
        gram, known = _find(table.grams, codes)
        total, kinds = table.total[past] * seen, np.where(seen, table.kinds[past], 1.0)
        return (table.count[gram] * known + kinds * shorter) / (total + kinds)

    def _probability(self, tokens: Codes, last: Codes) -> NDArray[np.float64]:
        """p of the tokens `last` at each place of `tokens` `(…, T)`, given those before it."""
        p = np.full(tokens.shape, 1 / self.vocabulary)
        for order, table in enumerate(self.tables, start=1):
            here = slice(order - 1, None)
            codes = self._codes(tokens, order) - tokens[..., here] + last[..., here]
            p[..., here] = self._step(table, codes, p[..., here])
        return p

    def log_prob_tokens(self, x: Tensor) -> Tensor:
        """log p of each token in nats, of x `(…, T)`, the same shape, float64."""
        tokens = np.asarray(x, dtype=np.int64)
        return torch.from_numpy(np.log(self._probability(tokens, tokens)))

    def logits(self, x: Tensor) -> Tensor:
        """log p of all tokens at each place of x `(…, T)`, given those before it: `(…, T, V)` float64."""
        tokens = np.asarray(x, dtype=np.int64)
        every = [self._probability(tokens, np.full_like(tokens, token)) for token in range(self.vocabulary)]
        return torch.from_numpy(np.log(np.stack(every, -1)))

    def log_prob(self, x: Tensor) -> Tensor:
        """log P(x) in nats, `(B,)`, of x `(B, T)`; over sequences of one length the P sum to 1."""
        return self.log_prob_tokens(x).sum(-1)

    def next(self, past: Tensor) -> Tensor:
        """The distribution of the next token, `(B, V)` float64, after each past `(B, T)`."""
        tokens = np.asarray(past, dtype=np.int64)[:, max(0, past.shape[1] - self.order + 1) :]
        every = np.tile(np.arange(self.vocabulary)[:, None], (len(tokens), 1, 1))  # (B, V, 1)
        p = np.full((len(tokens), self.vocabulary), 1 / self.vocabulary)
        for order, table in enumerate(self.tables[: tokens.shape[1] + 1], start=1):
            past = tokens[:, tokens.shape[1] - order + 1 :]
            followed = np.concatenate([np.repeat(past[:, None], self.vocabulary, 1), every], axis=-1)  # (B, V, order)
            p = self._step(table, self._codes(followed, order)[..., 0], p)
        return torch.from_numpy(p)

    def sample(
        self,
        n: int,
        *,
        y: Tensor | None = None,
        rng: torch.Generator | None = None,
        prompt: Tensor | None = None,
        length: int | None = None,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float = 1.0,
    ) -> Tensor:
        """n sequences `(n, length)`, arguments as `Transformer.sample`. There are no classes y."""
        check_labels(n, y, 0)
        length = self.length if length is None else length
        x = torch.zeros(n, 0, dtype=torch.long) if prompt is None else prompt.expand(n, -1)
        settings = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
        return draw(lambda x: self.next(x).log(), x, length, rng, **settings)


def _find(table: Codes, codes: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """Places of the codes in a sorted table, and whether they are in it."""
    place = np.searchsorted(table, codes).clip(max=len(table) - 1)
    return place, table[place] == codes
