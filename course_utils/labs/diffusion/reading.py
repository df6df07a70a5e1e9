"""The painter backward, from a picture to its caption: by Bayes' rule over the painter, and by plain classifiers.

python -m course_utils.labs.diffusion.reading [seeds]     trains the classifiers anew and writes `reading.csv`, minutes

The classifiers see as many pictures, and take as many steps, as the painter did: 30,000 of each.
"""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils import training
from course_utils.labs.diffusion.painter import Painter, pictures
from course_utils.labs.diffusion.shapes import WORDS, Caption, captions, draw, is_held_out, tokens, turned
from course_utils.models import diffusion, first_weights, mlp

TABLE = Path(__file__).with_name("reading.csv")
FIELDS = ["seed", "shown", "never"]
TIMES = (0.4, 0.7)  # how far the picture is noised before each caption has to guess it
SIZES = [len(options) for options in WORDS]


@torch.no_grad()
def misses(painter: Painter, x: Tensor, words: Tensor, rng: torch.Generator) -> Tensor:
    """How far the painter's guess of a picture x `(3, 16, 16)` is off under each caption: squared errors, `(N,)`.

    words `(N, 7)`: the captions. All guess from the same noise, so that the difference is the caption's alone. Up to
    weights of the times the sum is minus the bound on log p(x | caption). Source: Li et al. 2023 (arXiv:2303.16203).
    """
    x_0, total = 2 * x[None] - 1, torch.zeros(len(words))
    for t in map(torch.tensor, TIMES):
        noisy = diffusion.q_sample(x_0, t, torch.randn(x_0.shape, generator=rng))
        guess = painter.denoise(noisy.expand(len(words), -1, -1, -1), t.expand(len(words)), words)
        total += (guess - x_0).square().flatten(1).sum(1)
    return total


def examples(held_out: bool, n: int, rng: torch.Generator) -> tuple[list[Caption], Tensor]:
    """n captions, of those shown in training or of those never shown, and a picture of each `(n, 3, 16, 16)`."""
    pool = [caption for caption in captions() if is_held_out(caption) is held_out]
    asked = [pool[i] for i in torch.randint(len(pool), (n,), generator=rng)]
    return asked, torch.stack([draw(caption, rng) for caption in asked])


def same(read: Caption, asked: Caption) -> bool:
    """Whether both tell one scene: "a … left of b …" is "b … right of a …"."""
    return read in (asked, turned(asked))


class Reader(nn.Module):
    """A plain classifier of pictures: each of seven words by itself. Two convolutions and a hidden layer."""

    def __init__(self) -> None:
        super().__init__()
        first, second = nn.Conv2d(3, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1)
        self.layers = nn.Sequential(first, nn.ReLU(), nn.MaxPool2d(2), second, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.head = mlp(512, 128, sum(SIZES))

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Logits of each word, from x `(B, 3, 16, 16)`."""
        return self.head(self.layers(x)).split(SIZES, 1)

    @torch.no_grad()
    def read(self, x: Tensor) -> list[Caption]:
        """The caption of each picture: the likeliest word at each place."""
        best = torch.stack([x_logits.argmax(1) for x_logits in self(x)], 1)
        return [caption_of(words) for words in best]


def caption_of(words: Tensor) -> Caption:
    """The caption of tokens `(7,)`."""
    return Caption(*(options[i] for options, i in zip(WORDS, words.tolist(), strict=True)))


def _loss(model: Reader, x: Tensor, words: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
    terms = [F.cross_entropy(x_logits, word) for x_logits, word in zip(model(x), words.T, strict=True)]
    return {"loss": torch.stack(terms).sum()}


def train(seed: int, steps: int = 30_000, n: int = 30_000, **options: Any) -> Reader:
    """A reader of n pictures of captions that are not held out; of the two ways to tell a scene always the first."""
    x, y = pictures(n, training.seeded(seed))
    told = [caption_of(words) for words in y]
    words = tokens([min(caption, turned(caption)) for caption in told])
    with first_weights(seed):
        model = Reader()
    training.fit(model, _loss, x, words, steps=steps, batch_size=64, lr=1e-3, seed=seed, **options)
    return model


def row(seed: int, tests: int = 500, **options: Any) -> dict[str, float]:
    """A trained reader's seed, and the share of fresh pictures it reads right, of captions shown and never shown."""
    model, shares = train(seed, **options), {"seed": seed}
    for name, held_out in (("shown", False), ("never", True)):
        asked, x = examples(held_out, tests, training.seeded(1000 + seed))
        shares[name] = sum(map(same, model.read(x), asked)) / tests
    return shares


def write(rows: Sequence[dict[str, float]], path: Path = TABLE) -> None:
    """The rows as CSV."""
    with path.open("w", newline="") as file:
        lines = csv.DictWriter(file, FIELDS, lineterminator="\n")
        lines.writeheader()
        lines.writerows(rows)


def recorded(path: Path = TABLE) -> list[dict[str, float]]:
    """The rows that `write` wrote."""
    with path.open() as file:
        return [{name: float(value) for name, value in line.items()} for line in csv.DictReader(file)]


if __name__ == "__main__":
    training.one_thread()
    write([row(int(seed), progress=False) for seed in sys.argv[1:] or range(3)])
