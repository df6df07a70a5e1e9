"""Lecture 11b's explorers: repairs between mean and draw, tail risk over the horizon, melodies by a Markov chain."""

import io
import wave
from collections.abc import Mapping, Sequence
from functools import lru_cache

import ipywidgets
import numpy as np
from matplotlib.collections import LineCollection
from numpy.typing import NDArray
from torch import Tensor

from course_utils.data.melodies import Note
from course_utils.labs.creations import repair, tunes
from course_utils.labs.creations.risk import tail
from course_utils.models.mixtures import GMMParameters
from course_utils.models.ngrams import NGram
from course_utils.plotting import COLORS, picture
from course_utils.training import seeded
from course_utils.widgets.panel import LivePicture, Panel, View, choice, image_png, slider, strip

WAYS = {"noise 0.3": ("noise", 0.3), "noise 0.6": ("noise", 0.6), "hole 2 × 2": ("hole", 2), "hole 4 × 4": ("hole", 4)}
WAYS |= {"hole 6 × 6": ("hole", 6), "4 × 4 → 8 × 8": ("small", 1)}


def between(mean: Tensor, sample: Tensor, part: float) -> Tensor:
    """On the way from the mean (0) to the draw (1), of any one shape."""
    return mean + part * (sample - mean)


def repair_explorer(theta: GMMParameters, x: Tensor, shown: int = 10) -> Panel:
    """Damage test pictures x `(B, 64)`, repair them with the mixture theta, and mix mean and draw."""

    @lru_cache(maxsize=64)
    def parts(name: str, seed: int) -> tuple[Tensor, Tensor, Tensor]:
        way = repair.damage(*WAYS[name])
        y = way.apply(x, seeded(0))
        found = repair.posterior(theta, way, y)
        return seen(way, y), found.mean(), found.sample(seeded(seed))

    def show(name: str, part: float, seed: int) -> dict[str, tuple[bytes, str]]:
        spoiled, mean, sample = parts(name, seed)
        repaired = between(mean, sample, part)
        rows = [x[:shown], spoiled[:shown], repaired[:shown]]
        sheet = np.concatenate(
            [np.pad(strip(row.view(-1, 8, 8)), ((0, 1), (0, 0)), constant_values=0.12) for row in rows]
        )
        error, best = ((guess - x).square().mean().item() for guess in (repaired, mean))
        caption = f"{name}: squared error {error:.4f}, {error / best:.2f} times the mean's. True, spoiled, repaired"
        return {"pictures": (image_png(sheet, scale=6), caption)}

    controls = {
        "name": choice("damage", list(WAYS), "4 × 4 → 8 × 8", "What happened to the pictures"),
        "part": slider("detail", 0.0, 1.0, 0.0, "0: the conditional mean; 1: a draw of what may have been there", 0.05),
        "seed": slider("draw", 0, 9, 0, "Another draw for the same damaged picture"),
    }
    return Panel(show, controls, {"pictures": View(534, 162)})


def seen(way: repair.Damage, y: Tensor) -> Tensor:
    """What is left of damaged pictures, as pictures `(B, 64)`: lost pixels faint, small ones as squares."""
    if way.name == "small":
        return repair.by_rule(way, y, "nearest")
    lost = way.matrix.sum(0) == 0
    return y @ way.matrix + 0.12 * lost


def risk_explorer(drawn: Mapping[str, NDArray[np.float64]], truth: NDArray[np.float64], names: Sequence[str]) -> Panel:
    """Value at risk over the next days by each way, over the true one: from returns `(n, days)`, for any horizon."""
    figure, ax = picture(
        width=6.2, height=3, title="Estimated over true value at risk", alt="Bars, one a way; 1 is right"
    )
    sums, true = {name: drawn[name].cumsum(-1) for name in names}, truth.cumsum(-1)
    bars = ax.barh(list(names), [0] * len(names), color=COLORS[0])
    ax.axvline(1, color=COLORS[2], linestyle="--")
    ax.set(xlabel="1: the true risk; below: it is underrated", xlim=(0, 2.2))
    live = LivePicture(figure, moving=bars)

    def show(days: int, level: float) -> dict[str, tuple[bytes, str]]:
        right = float(tail(true[:, days - 1], level)[0])
        at = {name: float(tail(each[:, days - 1], level)[0]) for name, each in sums.items()}
        for bar, value in zip(bars, at.values(), strict=True):
            bar.set_width(value / right)
        said = ", ".join(f"{name} {value:.1f}" for name, value in at.items())
        return {"risk": (live.png(), f"Loss exceeded with {1 - level:.0%}, in percent: true {right:.1f}; {said}")}

    controls = {
        "days": slider("days", 1, 60, 1, "How many days ahead the sum of returns is taken"),
        "level": choice("level", [("10 %", 0.9), ("5 %", 0.95), ("1 %", 0.99)], 0.99, "How rare the loss is"),
    }
    return Panel(show, controls, {"risk": View(682, 330)})


def wav(samples: NDArray[np.float64]) -> bytes:
    """Samples in [−1, 1] as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(tunes.RATE)
        file.writeframes((32_000 * samples.clip(-1, 1)).astype("<i2").tobytes())
    return buffer.getvalue()


def melody_explorer(chains: Mapping[int, NGram], known: Sequence[Sequence[Note]]) -> Panel:
    """A melody by a chain that looks back on so many notes: its piano roll, its sound, and how much it copies."""
    figure, ax = picture(width=6.2, height=2.4, alt="Piano roll of a melody", title="A melody")
    ax.set(ylim=(53, 78), xlim=(0, 120), xlabel="eighths", ylabel="pitch")
    ax.set_yticks([55, 60, 67, 72], ["G", "C", "G", "c"])
    ax.grid(axis="y")
    bars = ax.add_collection(LineCollection([], colors=COLORS[0], linewidths=6, capstyle="butt"))
    live = LivePicture(figure, moving=[bars])
    player = ipywidgets.Audio(format="wav", autoplay=False, loop=False)

    def show(order: int, temperature: float, seed: int) -> dict[str, tuple[bytes, str]]:
        tune = tunes.compose(chains[order], seeded(seed), temperature, length=30)
        bars.set_segments(tunes.segments(tune))
        player.value = wav(tunes.sound(tune)) if tune else b""
        copied = tunes.longest_copy(tune, known)
        return {"roll": (live.png(), f"{len(tune)} notes; the longest stretch that a tune has, too: {copied} notes")}

    controls = {
        "order": slider("memory", 0, max(chains), 1, "How many notes the chain looks back on"),
        "temperature": slider("temperature", 0.2, 1.6, 1.0, "Below 1 it prefers what is likely", 0.2),
        "seed": slider("seed", 0, 19, 3, "Another melody"),
    }
    return Panel(show, controls, {"roll": View(682, 264)}, extra=[player])
