"""Figures of lecture 06 that are layout only: what they show is measured on the page."""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.plotting import COLORS, Picture, picture
from course_utils.widgets.sweep import Level

STYLES = ("-", "--", "-.", ":")
MARKS = "os^"


def auc_table(areas: Mapping[tuple[str, str], Sequence[float]], *, title: str, alt: str) -> Picture:
    """The AUC of detectors, row: trained on, column: asked about; in each field the mean and the range over seeds."""
    known, asked = (list(dict.fromkeys(pair[i] for pair in areas)) for i in (0, 1))
    means = np.array([[np.mean(areas[row, column]) for column in asked] for row in known])
    figure, ax = picture(width=5.6, height=0.8 + 0.65 * len(known), title=title, alt=alt)
    ax.imshow(means, cmap="cividis", vmin=0.5, vmax=1, aspect="auto")
    for (i, j), mean in np.ndenumerate(means):
        values = areas[known[i], asked[j]]
        text = f"{mean:.2f}\n{min(values):.2f} to {max(values):.2f}"
        ax.text(j, i, text, ha="center", va="center", fontsize=9, color="white" if mean < 0.8 else "black")
    ax.set_xticks(range(len(asked)), asked)
    ax.set_yticks(range(len(known)), known)
    ax.set(xlabel="asked about images of", ylabel="trained on images of")
    return figure


def sweep_picture(sweep: Mapping[str, Sequence[Level]], *, title: str, alt: str) -> Picture:
    """A panel for each of six attacks: every value of its levels against the strength, from none to full."""
    figure, axes = picture(2, 3, height=4.6, sharex=True, sharey=True, title=title, alt=alt)
    for ax, (kind, levels) in zip(axes.flat, sweep.items(), strict=True):
        strength = np.linspace(0, 1, len(levels))
        for name, style, color in zip(levels[0].values, STYLES, COLORS, strict=False):
            ax.plot(strength, [level.values[name] for level in levels], style, color=color, label=name)
        ax.set_title(f"{kind}, to {levels[-1].label}", fontsize=10)
        ax.set(xlabel="strength", ylabel="share of images")
        ax.label_outer()
    axes[0, 2].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def share_picture(
    panels: Mapping[str, Mapping[tuple[str, str], Sequence[float]]], aims: Mapping[str, float], *, title: str, alt: str
) -> Picture:
    """Dots of shares, a panel for each way to read them: by training set, the aim a gray line, and by model.

    Args: `panels[title][model, set]` are the shares of several seeds, `aims[set]` what the training asked for.
    """
    figure, axes = picture(1, len(panels), height=3.2, sharey=True, title=title, alt=alt)
    for ax, (heading, shares) in zip(axes, panels.items(), strict=True):
        models = list(dict.fromkeys(model for model, _ in shares))
        for place, (kind, aim) in enumerate(aims.items()):
            ax.plot([place - 0.4, place + 0.4], [aim, aim], color="gray")
            for model, shift, color, mark in zip(models, (-0.2, 0, 0.2), COLORS, MARKS, strict=False):
                values = shares[model, kind]
                label = None if place else model
                ax.plot([place + shift] * len(values), values, mark, color=color, label=label)
        ax.set_xticks(range(len(aims)), aims)
        ax.set_title(heading, fontsize=10)
        ax.set_xlabel("training set")
    axes[0].set_ylabel("share of rare digits")
    axes[0].legend()
    return figure


def roc_picture(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]], *, title: str, alt: str, least: float = 0.002
) -> Picture:
    """ROC curves (false, true positive rate) on a logarithmic axis from `least`, and the line of guessing."""
    figure, ax = picture(height=3.6, title=title, alt=alt)
    for (name, (false, true)), color in zip(curves.items(), COLORS, strict=False):
        ax.plot(false, true, color=color, label=name)
    chance = np.geomspace(least, 1)
    ax.plot(chance, chance, ":", color="gray", label="guessing")
    ax.set(
        xscale="log", xlim=(least, 1.1), xlabel="false alarms, share of non-members", ylabel="share of members found"
    )
    figure.legend(loc="outside right center", frameon=False)
    return figure
