"""Lecture 11b's melodies: Markov chains and small transformers on splits of the tunes; what they copy; their sound."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
import torch
from matplotlib.collections import LineCollection
from torch import Tensor
from torch.nn import functional as F

from course_utils import models, training
from course_utils.data import melodies
from course_utils.data.melodies import END, REST, Note
from course_utils.models.ngrams import NGram
from course_utils.models.transformer import Transformer
from course_utils.plotting import COLORS, Picture, picture

LONGEST, HELD = 70, 6  # tokens of a melody at most, its end among them; tunes held out
RATE = 11_025  # samples a second
NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B")


def split(seed: int) -> tuple[list[Tensor], list[Tensor]]:
    """Tunes to learn from and tunes held out, as tokens, another split for each seed."""
    tunes = [melodies.encode(tune) for tune in melodies.melodies().values()]
    order = torch.randperm(len(tunes), generator=torch.Generator().manual_seed(seed)).tolist()
    return [tunes[i] for i in order[HELD:]], [tunes[i] for i in order[:HELD]]


def markov(tunes: Sequence[Tensor], order: int) -> NGram:
    """A chain that looks back on `order` notes (0: on none); an END before the first note tells where it begins."""
    return NGram(order + 1, END + 1, LONGEST).fit(F.pad(tune, (1, 0), value=END) for tune in tunes)


def _padded(tunes: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Tokens filled up with END, and which of them count, both `(N, LONGEST)`."""
    x = torch.stack([F.pad(tune, (0, LONGEST - len(tune)), value=END) for tune in tunes])
    return x, torch.arange(LONGEST) < torch.tensor([len(tune) for tune in tunes])[:, None]


def transformer(tunes: Sequence[Tensor], seed: int = 0, steps: int = 100, progress: bool = False) -> Transformer:
    """A small transformer on tunes."""

    def loss(model: Transformer, x: Tensor, counts: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        return {"loss": -(model.log_prob_tokens(x) * counts).sum() / counts.sum()}

    with models.first_weights(seed):
        model = Transformer(END + 1, LONGEST, width=32, heads=2, blocks=1, dropout=0.2)
    plan = {"steps": steps, "batch_size": 15, "lr": 5e-3, "seed": seed}
    training.fit(model, loss, *_padded(tunes), progress=progress, description="transformer", **plan)
    return model


@torch.no_grad()
def nats(model: NGram | Transformer, tunes: Sequence[Tensor]) -> float:
    """−log p of a token, the ends among them, mean over all of these tunes, in nats."""
    if isinstance(model, NGram):
        per = [model.log_prob_tokens(F.pad(tune, (1, 0), value=END))[1:] for tune in tunes]
        return -torch.cat(per).mean().item()
    x, counts = _padded(tunes)
    return -(model.log_prob_tokens(x)[counts]).mean().item()


def compose(
    model: NGram | Transformer, rng: torch.Generator, temperature: float = 1.0, length: int = 40, shortest: int = 0
) -> list[Note]:
    """A melody of a model, of at most `length` notes; drawn again while it has fewer than `shortest`."""
    prompt = torch.tensor([END]) if isinstance(model, NGram) else None
    while True:
        drawn = model.sample(1, rng=rng, length=length, prompt=prompt, temperature=temperature)
        tune = melodies.decode(drawn[0])
        if len(tune) >= shortest:
            return tune


def longest_copy(tune: Sequence[Note], known: Sequence[Sequence[Note]]) -> int:
    """The length in notes of the longest stretch of a tune that stands in one of the known ones, too."""
    return max((_longest_common(tune, other) for other in known), default=0)


def _longest_common(a: Sequence[Note], b: Sequence[Note]) -> int:
    match = SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
    return match.size


def sound(tune: Sequence[Note], eighth: float = 0.2) -> np.ndarray:
    """Samples in [−1, 1], RATE a second: three partials of each note, fading; an eighth lasts so many seconds.

    The pitch p has 440 · 2^((p − 69) / 12) Hz: A above middle C is number 69, twelve equal steps are an octave.
    """
    parts = []
    for pitch, length in tune:
        t = np.arange(round(length * eighth * RATE)) / RATE
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        tone = sum(np.sin(2 * np.pi * k * hertz * t) / k**2 for k in (1, 2, 3))
        parts.append((pitch != REST) * tone * np.exp(-3 * t) * np.minimum(1, t / 0.01))
    return np.concatenate(parts) / 1.4


def segments(tune: Sequence[Note]) -> list[list[tuple[float, float]]]:
    """Each note as a line: from when to when, and how high."""
    ends = np.cumsum([note.length for note in tune])
    pairs = zip(tune, ends, strict=True)
    return [[(end - length, pitch), (end - 0.15, pitch)] for (pitch, length), end in pairs if pitch != REST]


def roll(tunes: dict[str, Sequence[Note]], title: str) -> Picture:
    """Piano rolls, one below the other."""
    said = "; ".join(f"{name}: {len(tune)} notes from {_range(tune)}" for name, tune in tunes.items())
    figure, axes = picture(len(tunes), 1, title=title, height=0.5 + 1.5 * len(tunes), alt=f"Piano rolls. {said}.")
    for ax, (name, tune) in zip(np.atleast_1d(axes), tunes.items(), strict=True):
        ax.add_collection(LineCollection(segments(tune), colors=COLORS[0], linewidths=5, capstyle="butt"))
        ax.set(title=name, ylim=(53, 78), xlim=(-1, sum(note.length for note in tune) + 1))
        ax.set_yticks([55, 60, 67, 72], ["G", "C", "G", "c"])
        ax.grid(axis="y")
        ax.set(xlabel="eighths", ylabel="pitch")
    return figure


def _range(tune: Sequence[Note]) -> str:
    pitches = [note.pitch for note in tune if note.pitch != REST]
    return f"{NAMES[min(pitches) % 12]} to {NAMES[max(pitches) % 12]}" if pitches else "no pitch"
