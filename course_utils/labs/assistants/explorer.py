"""Lecture 10b's explorer: three answers, a reward that is partly length, and what tuning makes of it, exactly."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from course_utils import losses
from course_utils.plotting import COLORS, Picture, picture
from course_utils.widgets.panel import LivePicture, Panel, View, slider

ANSWERS = ("right, short", "right, long", "wrong, longest")
REFERENCE = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)
QUALITY = torch.tensor([1.0, 0.5, 0.0], dtype=torch.float64)  # what we want
LENGTH = torch.tensor([0.1, 0.6, 1.0], dtype=torch.float64)  # what is easily seen
BETAS = torch.logspace(1, -1.3, 47, dtype=torch.float64)  # 10 to 0.05


def reward(flaw: float) -> Tensor:
    """What raters reward: quality, of which the share `flaw` is replaced by length, `(3,)`."""
    return (1 - flaw) * QUALITY + flaw * LENGTH


@dataclass(frozen=True)
class Tuned:
    """The best π for a reward and a β: its probabilities, its mean reward and quality, KL and entropy in nats."""

    probability: Tensor
    reward: float
    quality: float
    kl: float
    entropy: float


def tuned(beta: float, flaw: float) -> Tuned:
    """Exactly what the KL-regularized objective has as its optimum."""
    log_pi = losses.tilted(REFERENCE.log(), reward(flaw), beta)
    pi = log_pi.exp()
    kl, entropy = (pi * (log_pi - REFERENCE.log())).sum(), -(pi * log_pi).sum()
    return Tuned(pi, *(value.item() for value in ((pi * reward(flaw)).sum(), (pi * QUALITY).sum(), kl, entropy)))


@lru_cache(maxsize=32)
def along(flaw: float) -> list[Tuned]:
    """The best π of each β in `BETAS`, kept: β moves more often than the flaw."""
    return [tuned(beta.item(), flaw) for beta in BETAS]


class TuningPicture:
    """Bars: the reference and the tuned probabilities. Curves: reward and quality against KL, β falling."""

    def __init__(self) -> None:
        self.picture, (bars, curve) = picture(1, 2, width=6.4, height=3.0, alt="Three answers before and after tuning")
        place = np.arange(3)
        bars.bar(place - 0.2, REFERENCE.numpy(), 0.38, color="#B9C4D0", label="reference")
        self.bars = bars.bar(place + 0.2, np.ones(3), 0.38, color=COLORS[0], label="tuned")
        bars.set_xticks(place, [answer.replace(", ", ",\n") for answer in ANSWERS])
        bars.set(ylim=(0, 1.3), ylabel="probability", title="answers")
        bars.legend(fontsize=8, ncols=2, loc="upper center")
        (self.rewards,) = curve.plot([], [], color=COLORS[1], label="reward")
        (self.qualities,) = curve.plot([], [], color=COLORS[2], label="quality")
        (self.now,) = curve.plot([], [], "o", color="black", markersize=5)
        curve.set(
            xlim=(-0.05, 1.75), ylim=(-0.03, 1.3), xlabel="KL from the reference, nats", title="smaller β: to the right"
        )
        curve.set_ylabel("mean")
        curve.legend(fontsize=8, ncols=2, loc="upper center")
        self.live = LivePicture(self.picture, [*self.bars, self.rewards, self.qualities, self.now])

    def update(self, beta: float, flaw: float) -> str:
        """Show this β and this flaw; what is to be read, in words."""
        here, path = tuned(beta, flaw), along(flaw)
        for bar, value in zip(self.bars, here.probability.tolist(), strict=True):
            bar.set_height(value)
        kl = [point.kl for point in path]
        self.rewards.set_data(kl, [point.reward for point in path])
        self.qualities.set_data(kl, [point.quality for point in path])
        self.now.set_data([here.kl] * 2, [here.reward, here.quality])
        return (
            f"β = {beta:.2f}, flaw {flaw:.0%}: reward {here.reward:.2f}, quality {here.quality:.2f}, "
            f"KL {here.kl:.2f}, entropy {here.entropy:.2f} nats"
        )


def tuning_explorer() -> Panel:
    """Sliders for β and for the share of length in the reward."""
    view = TuningPicture()

    def show(log_beta: float, flaw: float) -> dict[str, tuple[bytes, str]]:
        said = view.update(10**log_beta, flaw)
        return {"answers": (view.live.png(), said)}

    controls = {
        "log_beta": slider("log₁₀ β", -1.3, 1.0, 0.0, "The price of a nat away from the reference", 0.05),
        "flaw": slider("flaw", 0.0, 1.0, 0.0, "Which share of the reward is length in place of quality", 0.05),
    }
    return Panel(show, controls, {"answers": View(704, 330)})


def still(betas: tuple[float, ...] = (1.0, 0.1), flaw: float = 0.8) -> Picture:
    """The explorer on paper: the answers under a good and under a flawed reward, for two β."""
    alt = "Probabilities of three answers. A good reward raises the right, short one, a flawed one the wrong, longest."
    figure, axes = picture(1, 2, title="The best π, by reward and by β", alt=alt, height=2.9, sharey=True)
    for ax, share, name in zip(axes, (0.0, flaw), ("reward: quality", f"reward: {flaw:.0%} length"), strict=True):
        rows = {"reference": REFERENCE} | {f"β = {beta:g}": tuned(beta, share).probability for beta in betas}
        for number, (label, probability) in enumerate(rows.items()):
            color = ["#B9C4D0", *COLORS][number]
            ax.bar(np.arange(3) + 0.27 * (number - 1), probability.numpy(), 0.25, label=label, color=color)
        ax.set_xticks(np.arange(3), [answer.replace(", ", ",\n") for answer in ANSWERS])
        ax.set(title=name)
    axes[0].set_ylabel("probability")
    axes[0].legend(fontsize=8)
    return figure
