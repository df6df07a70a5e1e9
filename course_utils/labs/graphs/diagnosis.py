"""Lecture 09b's explorer of a test: how common, how sensitive, how specific; and what a result then means."""

import math
from typing import NamedTuple

import numpy as np
from matplotlib.colors import ListedColormap

from course_utils.plotting import COLORS, CSS_DPI, MAX_WIDTH, Picture, picture
from course_utils.widgets.panel import LivePicture, Panel, View, choice, slider

SIDE = 100
PEOPLE = SIDE**2
FILLS = ["#EEF1F5", "#9CC9EC", COLORS[6], COLORS[1]]  # healthy −, healthy +, ill −, ill +
GROUPS = ("healthy, negative", "healthy, positive", "ill, negative", "ill, positive")
COMMON = [1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5]
CURVE = np.logspace(-4, math.log10(0.5), 120)


class Frequencies(NamedTuple):
    """People of each kind, of so many in all: expected numbers."""

    true_positive: float
    false_negative: float
    false_positive: float
    true_negative: float

    @property
    def ppv(self) -> float:
        """The positive predictive value, p(ill | positive)."""
        return self.true_positive / (self.true_positive + self.false_positive)

    @property
    def npv(self) -> float:
        """The negative predictive value, p(healthy | negative)."""
        return self.true_negative / (self.true_negative + self.false_negative)


def frequencies(prevalence: float, sensitivity: float, specificity: float, people: float = PEOPLE) -> Frequencies:
    """Expected numbers of people: ill or healthy, positive or negative.

    Raises ValueError for shares outside 0 to 1, or if nobody would test positive, or nobody negative.
    """
    if not all(0 <= share <= 1 for share in (prevalence, sensitivity, specificity)):
        raise ValueError("Prevalence, sensitivity and specificity are shares from 0 to 1.")
    ill, healthy = people * prevalence, people * (1 - prevalence)
    found = Frequencies(ill * sensitivity, ill * (1 - sensitivity), healthy * (1 - specificity), healthy * specificity)
    if not 0 < found.true_positive + found.false_positive < people:
        raise ValueError("Everybody, or nobody, tests positive: the result says nothing, and one value is 0 / 0.")
    return found


def crowd(found: Frequencies) -> np.ndarray:
    """A square of people, `(SIDE, SIDE)`, 0 to 3 as GROUPS: the ill at the bottom, then who else is positive."""
    ill = round(found.true_positive + found.false_negative)
    sick_positive, well_positive = round(found.true_positive), round(found.false_positive)
    kinds = [3] * sick_positive + [2] * (ill - sick_positive) + [1] * well_positive
    return np.array(kinds[:PEOPLE] + [0] * (PEOPLE - len(kinds))).reshape(SIDE, SIDE)


def said(found: Frequencies) -> str:
    """The natural frequencies in words."""
    ill, positive = found.true_positive + found.false_negative, found.true_positive + found.false_positive
    return (
        f"PPV {found.ppv:.1%}: of {positive:,.0f} positives {found.true_positive:,.0f} are ill. "
        f"NPV {found.npv:.2%}. ({PEOPLE:,} people, {ill:,.0f} ill.)"
    )


class TestPicture:
    """Left: everybody, a dot each. Right: PPV and NPV for every prevalence, and where we are."""

    __test__ = False  # for pytest

    def __init__(self) -> None:
        self.picture, (left, right) = picture(1, 2, width=MAX_WIDTH, height=3.6, alt="People and predictive values")
        self.people = left.imshow(np.zeros((SIDE, SIDE)), cmap=ListedColormap(FILLS), vmin=0, vmax=3, origin="lower")
        left.set(xticks=[], yticks=[], title=f"{PEOPLE:,} people")
        left.spines[:].set_visible(False)
        for fill, name in zip(FILLS[::-1], GROUPS[::-1], strict=True):
            left.scatter([], [], marker="s", color=fill, edgecolors="#888888", linewidths=0.5, label=name)
        left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=2, frameon=False, fontsize=8)
        (self.ppv,) = right.plot(CURVE, CURVE, color=COLORS[1], label="PPV: ill, if positive")
        (self.npv,) = right.plot(CURVE, CURVE, color=COLORS[0], label="NPV: healthy, if negative")
        self.here = right.axvline(0.01, color="#555555", linestyle=":")
        right.set(xscale="log", ylim=(0, 1.03), xlabel="prevalence", ylabel="probability", title="What a result means")
        right.legend(loc="center left", frameon=False, fontsize=8, handlelength=1.1, borderaxespad=0.2)
        self.moving = [self.people, self.ppv, self.npv, self.here]

    def update(self, prevalence: float, sensitivity: float, specificity: float) -> str:
        """Draw these numbers; returns them in words."""
        found = frequencies(prevalence, sensitivity, specificity)
        self.people.set_data(crowd(found))
        ill, well = CURVE * sensitivity, (1 - CURVE) * (1 - specificity)
        self.ppv.set_ydata(ill / np.maximum(ill + well, 1e-12))
        healthy, missed = (1 - CURVE) * specificity, CURVE * (1 - sensitivity)
        self.npv.set_ydata(healthy / np.maximum(healthy + missed, 1e-12))
        self.here.set_xdata([prevalence, prevalence])
        return said(found)


def still(prevalence: float, sensitivity: float, specificity: float) -> Picture:
    """The explorer's picture at one setting, for the page."""
    drawn = TestPicture()
    words = drawn.update(prevalence, sensitivity, specificity)
    title = f"Prevalence {prevalence:.1%}, sensitivity {sensitivity:.1%}, specificity {specificity:.1%}"
    drawn.picture.suptitle(title, fontsize="medium")
    drawn.picture.alt = f"A square of people by health and result, and predictive values by prevalence. {words}."
    return drawn.picture


def diagnosis_explorer(prevalence: float = 0.01, sensitivity: float = 0.8, specificity: float = 0.904) -> Panel:
    """Sliders for prevalence, sensitivity and specificity."""
    drawn = TestPicture()
    live = LivePicture(drawn.picture, drawn.moving)
    options = [(f"1 in {round(1 / share):,}" if share < 0.2 else f"{share:.0%}", share) for share in COMMON]
    controls = {
        "prevalence": choice("prevalence", options, prevalence, "How many are ill among those who are tested"),
        "sensitivity": slider("sensitivity", 0.5, 1.0, sensitivity, "Positives among the ill", step=0.01),
        "specificity": slider("specificity", 0.5, 1.0, specificity, "Negatives among the healthy", step=0.002),
    }
    controls["specificity"].readout_format = ".3f"

    def show(**values: float) -> dict[str, tuple[bytes, str]]:
        words = drawn.update(**values)
        return {"test": (live.png(), words)}

    return Panel(show, controls, {"test": View(round(MAX_WIDTH * CSS_DPI))})
