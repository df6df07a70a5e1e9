"""Words as numbers, the chat format, and a transformer that is trained on texts or answers in a chat."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from course_utils import models, training
from course_utils.models.transformer import Transformer, choose

ROLES = ("<system>", "<user>", "<assistant>", "<end>")
LONGEST = 24  # words of an answer, at most


class Words:
    """Words as numbers: the four marks of the chat, then the words of some texts by the alphabet."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.list = [*ROLES, *sorted({word for text in texts for word in text.split()} - set(ROLES))]
        self.place = {word: number for number, word in enumerate(self.list)}

    def __len__(self) -> int:
        return len(self.list)

    def encode(self, text: str) -> Tensor:
        """The text as int64 `(T,)`. Raises ValueError, which names them, at words that are not known."""
        unknown = sorted({word for word in text.split() if word not in self.place})
        if unknown:
            raise ValueError(f"the model has no token for: {', '.join(unknown[:5])}.")
        return torch.tensor([self.place[word] for word in text.split()], dtype=torch.long)

    def decode(self, tokens: Tensor) -> str:
        """The words of int64 tokens `(T,)`."""
        return " ".join(self.list[token] for token in tokens.tolist())

    def padded(self, texts: Sequence[str], rest: Sequence[str] | None = None) -> tuple[Tensor, Tensor]:
        """Texts as tokens `(N, T)`, each ended by <end> and filled up with it; and which tokens count, bool `(N, T)`.

        With `rest`, one for each text, each text is followed by its rest, and the tokens of the rest alone count.
        """
        rest = rest or [""] * len(texts)
        rows = [self.encode(f"{first} {then} <end>") for first, then in zip(texts, rest, strict=True)]
        skipped = [len(first.split()) if then else 0 for first, then in zip(texts, rest, strict=True)]
        x = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=self.place["<end>"])
        place = torch.arange(x.shape[1])
        ends = torch.tensor([len(row) for row in rows])[:, None]
        return x, (place < ends) & (place >= torch.tensor(skipped)[:, None])


def prompt(question: str, system: str = "") -> str:
    """A question in the chat format, up to where the assistant begins to speak."""
    return " ".join(["<system>", *system.split(), "<user>", *question.split(), "<assistant>"])


def masked_loss(model: Transformer, x: Tensor, counts: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
    """Minus the mean log-probability, in nats, of the tokens that count."""
    return {"loss": -(model.log_prob_tokens(x) * counts).sum() / counts.sum()}


def log_prob(model: Transformer, x: Tensor, counts: Tensor) -> Tensor:
    """log P in nats of the tokens that count, given those before, `(N,)`."""
    return (model.log_prob_tokens(x) * counts).sum(-1)


def pretrained(words: Words, texts: Sequence[str], steps: int, seed: int = 0, **options: object) -> Transformer:
    """A transformer trained to predict the next word of the texts."""
    with models.first_weights(seed):
        model = Transformer(len(words), context=64, width=64, heads=4, blocks=2)
    training.fit(model, masked_loss, *words.padded(texts), steps=steps, seed=seed, **options)
    return model


class Answers(NamedTuple):
    """What a model said: the texts without <end>, and log P of all it drew, in nats, `(N,)`."""

    texts: list[str]
    log_prob: Tensor


@torch.no_grad()
def answer(
    model: Transformer,
    words: Words,
    prompts: Sequence[str],
    rng: torch.Generator | None = None,
    temperature: float = 1.0,
    longest: int = LONGEST,
) -> Answers:
    """Draw an answer to each prompt, until <end> or `longest` words."""
    rows = [words.encode(text) for text in prompts]
    start, end = torch.tensor([len(row) for row in rows]), words.place["<end>"]
    x = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=end)
    x = torch.nn.functional.pad(x, (0, longest), value=end)
    total, going = torch.zeros(len(rows)), torch.ones(len(rows), dtype=torch.bool)
    for step in range(longest):
        at = (start + step)[going]
        seen = model.started(x[going, : int(at.max())])
        logits = torch.nn.functional.linear(
            model.hidden(seen)[torch.arange(len(at)), at], model.embed.weight[: model.vocabulary]
        )
        drawn = torch.multinomial(choose(logits, temperature), 1, generator=rng)[:, 0]
        total[going] += logits.log_softmax(-1).gather(-1, drawn[:, None])[:, 0]
        x[going, at] = drawn
        going[going.clone()] = drawn != end
        if not going.any():
            break
    said = [
        words.decode(row[first : first + longest]).split("<end>")[0].strip()
        for row, first in zip(x, start, strict=True)
    ]
    return Answers(said, total)
