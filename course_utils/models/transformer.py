"""A causal transformer in one file. Letters: B sequences, T tokens, V kinds of token, C width, H heads, D = C / H.

Pre-norm blocks as in GPT-2 (Radford et al. 2019); positions by rotation (Su et al. 2021, arXiv:2104.09864), so that no
weight depends on the length; output weights shared with the embedding (Press & Wolf 2017, arXiv:1608.05859).
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.models.layers import check_labels


def attention_weights(q: Tensor, k: Tensor) -> Tensor:
    """softmax(q kᵀ / √D) over the tokens up to each one's own place: `(…, T, T)`, rows sum to 1, 0 above the diagonal.

    Args: queries and keys `(…, T, D)`. Source: Vaswani et al. 2017 (arXiv:1706.03762), eq. 1, with the causal mask.
    """
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (…, T, T): row t asks, column s answers
    later = torch.ones_like(scores, dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -torch.inf).softmax(-1)  # masked before the softmax, so rows still sum to 1


def rotate(x: Tensor) -> Tensor:
    """Turn each pair of coordinates of x `(…, T, D)`, D even, by an angle that grows with the place t.

    The product of a turned query and a turned key then depends on their distance alone. Pair i of D / 2 turns by
    t · 10000^(−2i/D), in radians. Source: Su et al. 2021, eq. 14 and 15.
    """
    T, D = x.shape[-2:]
    places, speeds = torch.arange(T, dtype=torch.float64), 10_000 ** (-torch.arange(0, D, 2, dtype=torch.float64) / D)
    angle = places[:, None] * speeds  # (T, D/2), in double precision: far places turn often
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


class Attention(nn.Module):
    """Causal self-attention with H heads, `(B, T, C)` to `(B, T, C)`."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        if width % (2 * heads):
            raise ValueError(f"width must be an even number for each head: {width} does not divide by 2 · {heads}.")
        self.heads = heads
        self.qkv, self.out = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)

    def parts(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries and keys, turned by their places, and values, each `(B, H, T, D)`, of x `(B, T, C)`."""
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(-3, -2) for part in self.qkv(x).chunk(3, -1))
        return rotate(q), rotate(k), v

    def weights(self, x: Tensor) -> Tensor:
        """What each token looks at, `(B, H, T, T)`."""
        q, k, _ = self.parts(x)
        return attention_weights(q, k)

    def forward(self, x: Tensor) -> Tensor:
        """The weighted values of all heads, mixed; the same as `weights(x) @ v`, by a fused kernel."""
        mixed = F.scaled_dot_product_attention(*self.parts(x), is_causal=True)  # (B, H, T, D)
        return self.out(mixed.transpose(-3, -2).flatten(-2))  # (B, T, C)


class Block(nn.Module):
    """x + attention, then x + MLP, each of the normalized x; `(B, T, C)` to `(B, T, C)`."""

    def __init__(self, width: int, heads: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.drop(self.attention(self.norm1(x)))
        return x + self.drop(self.mlp(self.norm2(x)))


class Transformer(nn.Module):
    """P(x) = Π_t P(x_t | START, x_1 … x_{t−1}) for tokens x `(B, T)` in {0, …, V − 1}.

    Args: `vocabulary` V; `context`, the most tokens it looks back on when it samples, and the length of a draw; the
    width C, heads H and blocks; `dropout`, the share of values left out of what a block adds while it trains.
    START is a token of its own, V, that is never drawn.
    """

    def __init__(
        self, vocabulary: int, context: int, width: int = 64, heads: int = 4, blocks: int = 2, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.vocabulary, self.context, self.start = vocabulary, context, vocabulary
        self.embed = nn.Embedding(vocabulary + 1, width)
        self.blocks = nn.ModuleList(Block(width, heads, dropout) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:  # small, and smaller where blocks add up, as in GPT-2
                last = name.endswith(("out.weight", "mlp.2.weight"))
                nn.init.normal_(weight, std=0.5 / math.sqrt(width) / (math.sqrt(2 * blocks) if last else 1))

    def hidden(self, tokens: Tensor) -> Tensor:
        """The last block's output, normalized, `(B, T, C)`: features of each token in its past."""
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)

    def forward(self, tokens: Tensor) -> Tensor:
        """tokens `(B, T)`, START allowed, to logits `(B, T, V)`; those at t are of the token that comes next."""
        return F.linear(self.hidden(tokens), self.embed.weight[: self.vocabulary])

    @torch.no_grad()
    def attention(self, tokens: Tensor) -> Tensor:
        """What each token looks at, in each block and head: `(blocks, B, H, T, T)`; rows sum to 1."""
        x, seen = self.embed(tokens), []
        for block in self.blocks:
            seen.append(block.attention.weights(block.norm1(x)))
            x = block(x)
        return torch.stack(seen)

    def started(self, x: Tensor) -> Tensor:
        """x `(B, T)` behind a START, `(B, T + 1)`."""
        return F.pad(x, (1, 0), value=self.start)

    def log_prob_tokens(self, x: Tensor) -> Tensor:
        """log P(x_t | x_1 … x_{t−1}) in nats of each token, `(B, T)`, of x `(B, T)`."""
        x_logits = self(self.started(x)[:, :-1])
        return -F.cross_entropy(x_logits.transpose(1, 2), x, reduction="none")

    def log_prob(self, x: Tensor) -> Tensor:
        """log P(x) in nats, `(B,)`, exactly, of x `(B, T)`; over sequences of one length the P sum to 1."""
        return self.log_prob_tokens(x).sum(-1)

    @torch.no_grad()
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
        """n sequences `(n, length)`, token by token; `length` is the context unless told. There are no classes y.

        Args: `prompt`, `(P,)` or `(n, P)`, that they continue (it is not part of the answer); the rest as `choose`.
        With the defaults it draws from `log_prob`, as long as START, prompt and length fit in the context.
        """
        check_labels(n, y, 0)
        length = self.context if length is None else length
        x = self.started(torch.zeros(n, 0, dtype=torch.long) if prompt is None else prompt.expand(n, -1))
        settings = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
        return draw(lambda x: self(x[:, -self.context :])[:, -1], x, length, rng, **settings)


def choose(logits: Tensor, temperature: float = 1.0, top_k: int | None = None, top_p: float = 1.0) -> Tensor:
    """The distribution a token is drawn from, `(…, V)`, of logits `(…, V)`.

    First the logits over the temperature (0: all on the largest); then the `top_k` likeliest alone; then the fewest
    of the likeliest that hold at least `top_p` together (nucleus: Holtzman et al. 2020, arXiv:1904.09751).
    Raises ValueError unless temperature ≥ 0, top_k ≥ 1 and 0 < top_p ≤ 1.
    """
    if temperature < 0 or (top_k is not None and top_k < 1) or not 0 < top_p <= 1:
        raise ValueError(f"need temperature ≥ 0, top_k ≥ 1, 0 < top_p ≤ 1; got {temperature}, {top_k}, {top_p}.")
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p, order = torch.sort((logits / temperature).softmax(-1), dim=-1, descending=True, stable=True)
    kept = torch.arange(p.shape[-1]) < (top_k or p.shape[-1])
    p = p * kept / (p * kept).sum(-1, keepdim=True)
    if top_p < 1:
        p = p * (p.cumsum(-1) - p < top_p)  # what is held before this one is still too little
    return torch.zeros_like(p).scatter(-1, order, p / p.sum(-1, keepdim=True))


def draw(
    after: Callable[[Tensor], Tensor], x: Tensor, length: int, rng: torch.Generator | None, **settings: Any
) -> Tensor:
    """`length` tokens that continue x `(B, T)`, `(B, length)`, one after another, by `choose` with these settings.

    after: the logits of the next token, `(B, V)`, after each past `(B, …)`.
    """
    for _ in range(length):
        token = torch.multinomial(choose(after(x), **settings), 1, generator=rng)
        x = torch.cat([x, token], dim=1)
    return x[:, x.shape[1] - length :]
