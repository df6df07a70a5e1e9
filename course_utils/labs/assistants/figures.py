"""Lecture 10b's figures: the way from text to assistant, a reward that is chased, reliability, a detector's curves."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from course_utils.labs.assistants.tuning import Confidence, Measured
from course_utils.metrics.calibration import reliability as reliable
from course_utils.plotting import COLORS, Picture, picture
from course_utils.plotting.diagrams import Arrow, Block, diagram


def pipeline() -> Picture:
    """Data and models, from text to a tuned assistant."""
    blocks = {
        "text": Block(0, 0, "20,000 pieces"),
        "predictor": Block(1, 0, "next word", kind="network"),
        "examples": Block(1, 1, "8,000 answers"),
        "instructed": Block(2, 0, "answers", kind="network"),
        "two draws": Block(2, 1, "per prompt"),
        "raters": Block(3, 1, "which is better"),
        "DPO": Block(3, 0, "KL × β", kind="loss"),
        "preferred": Block(4, 0, "assistant", kind="network"),
    }
    ends = [("text", "predictor"), ("predictor", "instructed"), ("examples", "instructed"), ("instructed", "DPO")]
    ends += [("instructed", "two draws"), ("two draws", "raters"), ("raters", "DPO"), ("DPO", "preferred")]
    return diagram(blocks, [Arrow(*pair) for pair in ends], title="From predictor to assistant")


def chase(way: Sequence[Measured]) -> Picture:
    """What is rewarded (words) and what is wanted (quality), against the KL from the reference."""
    kl = [one.kl for one in way]
    first, last = way[0], way[-1]
    alt = (
        f"Words go from {first.words:.1f} to {last.words:.1f}, quality from {first.quality:.2f} to {last.quality:.2f}."
    )
    figure, axes = picture(1, 2, title="Tuned by hurried raters: held-out facts", alt=alt, height=2.7)
    series = ([one.words for one in way], [one.quality for one in way])
    names = ("rewarded: words an answer", "wanted: quality")
    for ax, values, name, color in zip(axes, series, names, (COLORS[1], COLORS[2]), strict=True):
        ax.plot(kl, values, "o-", color=color)
        ax.set(title=name, xlabel="KL from the reference, nats", ylim=(0, 1.15 * max(values)))
    axes[0].set_ylabel("words")
    axes[1].set_ylabel("quality")
    return figure


def reliability(found: Mapping[str, Confidence]) -> Picture:
    """Each answer as a point, confidence against the probability that it is right, by what was asked for."""
    alt = "Confidence against being right: the weather near the diagonal, what was never told far below it."
    figure, axes = picture(
        1, len(found), title="Confidence, and how often it is right", alt=alt, height=3.0, sharey=True
    )
    marks = {"told": ("o", COLORS[0]), "weather": ("^", COLORS[2]), "untold": ("x", COLORS[1])}
    for ax, (name, (sure, right, kind)) in zip(axes, found.items(), strict=True):
        ax.plot([0, 1], [0, 1], ":", color="#555555")
        for one, (mark, color) in marks.items():
            ax.plot(sure[kind == one], right[kind == one], mark, color=color, markersize=5, alpha=0.8, label=one)
        error = reliable(sure, right).error
        ax.set(title=f"{name}, ECE {error:.2f}", xlabel="confidence", xlim=(-0.03, 1.05), ylim=(-0.05, 1.07))
        ax.set_xticks([0, 0.5, 1])
    axes[0].set_ylabel("probability of being right")
    axes[0].legend(fontsize=8)
    return figure


def detector_curves(
    curves: Mapping[tuple[int, int], tuple[float, float, NDArray[np.float64], NDArray[np.float64]]],
) -> Picture:
    """ROC curves by length, of three splits, their left ends to be looked at."""
    lengths = sorted({length for _, length in curves})
    alt = "ROC curves: longer texts have more area, but at few false alarms most curves lie near zero."
    figure, axes = picture(1, 2, title="Who wrote this?", alt=alt, height=3.0)
    for (seed, length), (_, _, false, true) in curves.items():
        color = COLORS[lengths.index(length)]
        for ax in axes:
            ax.plot(false, true, color=color, linewidth=1.1, label=f"{length} characters" if seed == 0 else None)
    axes[0].set(title="all of it")
    axes[1].set(title="the left end", xlim=(-0.003, 0.1))
    axes[0].legend(fontsize=8)
    for ax in axes:
        ax.set(xlabel="false alarms: human text", ylabel="machine text found")
    return figure
