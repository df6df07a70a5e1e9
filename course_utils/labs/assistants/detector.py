"""Text by people and text by an n-gram model, and a detector that asks how likely each is: who wrote this?"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from course_utils.data import text
from course_utils.models.ngrams import NGram

ORDER, LENGTH, TEMPERATURE = 5, 320, 0.9


class Writers(NamedTuple):
    """Texts of 320 characters and their scores, log p of each character in nats by the generator, `(N, 320)`."""

    people: Tensor  # pages on topics that the model has not seen
    machine: Tensor
    people_texts: list[str]


def writers(seed: int = 0, n: int = 80) -> Writers:
    """An n-gram model of the course's prose, without two topics; what it wrote, and what people wrote on those."""
    known, new = text.split(text.corpus(), seed)
    letters = text.Characters(document.text for document in (*known, *new))
    model = NGram(ORDER, len(letters)).fit(letters.encode(document.text) for document in known)
    made = model.sample(n, length=LENGTH, temperature=TEMPERATURE, rng=torch.Generator().manual_seed(seed))
    written = torch.cat([_cut(letters.encode(document.text)) for document in new])
    return Writers(*(model.log_prob_tokens(x) for x in (written, made)), [letters.decode(x) for x in written])


def _cut(tokens: Tensor) -> Tensor:
    """Tokens `(T,)` in pieces of LENGTH, `(T // LENGTH, LENGTH)`; what is left over is dropped."""
    return tokens[: len(tokens) // LENGTH * LENGTH].view(-1, LENGTH)


def score(log_p: Tensor, length: int) -> np.ndarray:
    """The detector's score of `length` characters, higher for more likely text: mean log p, `(N,)`.

    The first five are left out: there the model has no past.
    """
    return log_p[:, ORDER : ORDER + length].mean(1).numpy()
