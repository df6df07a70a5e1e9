"""Lecture 09a's drawings: an RBM's two layers, a step of contrastive divergence, and the toy patterns."""

import torch
from torch import Tensor

from course_utils.models.energy import states
from course_utils.plotting import COLORS, Picture, picture
from course_utils.plotting.diagrams import Arrow, Block, diagram


def bars_and_stripes(side: int = 4) -> Tensor:
    """All patterns of full rows or full columns, each once: `(2**(side + 1) − 2, side²)`, zeros and ones.

    Source: Hinton & Sejnowski 1986; MacKay 2003, chapter 43. Departure: all white and all black count once.
    """
    lines = states(side)
    rows, columns = lines[:, :, None].expand(-1, side, side), lines[1:-1, None, :].expand(-1, side, side)
    return torch.cat([rows, columns]).reshape(-1, side * side)


def energy_and_density(x: Tensor, energy: Tensor, densities: dict[str, Tensor]) -> Picture:
    """An energy over x `(N,)` beside the densities that it and its like make."""
    alt = "Left: an energy with two wells, the left one deeper. Right: its density with two peaks, the left one higher."
    figure, (left, right) = picture(1, 2, title="An energy, and the density it makes", height=2.9, alt=alt)
    left.plot(x, energy)
    for (name, density), line in zip(densities.items(), ("-", "--"), strict=True):
        right.plot(x, density, line, label=f"from {name}")
    left.set(xlabel="x", ylabel="energy (nats)", ylim=(energy.min().item() - 0.5, 10))
    right.set(xlabel="x", ylabel="density")
    right.legend(frameon=False)
    return figure


def two_layers(visible: int = 6, hidden: int = 4) -> Picture:
    """The graph of an RBM: a row of hidden units over a row of visible ones, lines only between the rows."""
    alt = f"{hidden} hidden units above {visible} visible ones; each is joined to all of the other row, none within."
    figure, ax = picture(
        alt=alt, width=5.2, height=2.2, title="A restricted Boltzmann machine: no lines within a layer"
    )
    top, bottom = ([(k - (n - 1) / 2, level) for k in range(n)] for n, level in ((hidden, 1.0), (visible, 0.0)))
    for upper in top:
        for lower in bottom:
            ax.plot(*zip(upper, lower, strict=True), color="#B8C4D0", linewidth=0.8, zorder=1)
    for name, units, color in (("h", top, "#F9DFCC"), ("x", bottom, "#CFE3F2")):
        ax.scatter(*zip(*units, strict=True), s=420, color=color, edgecolors="#444444", zorder=2)
        for number, (x, y) in enumerate(units, 1):
            ax.text(x, y, f"{name}{chr(0x2080 + number)}", ha="center", va="center")
    for text, level in (("hidden, biases c", 1.0), ("weights W", 0.5), ("visible, biases b", 0.0)):
        ax.text(visible / 2 + 0.2, level, text, va="center", color=COLORS[6])
    ax.set(xlim=(-visible / 2 - 0.2, visible / 2 + 2.6), ylim=(-0.4, 1.4), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return figure


def cd_diagram() -> Picture:
    """One step of CD-1: a chain that begins at the data, two free energies, and who gets the gradient."""
    blocks = {
        "x": Block(0, 0, "data, B × V"),
        "h": Block(1, 0, "drawn, B × H"),
        "x₁": Block(2, 0, "drawn, B × V"),
        "F(x)": Block(0, 1, "B"),
        "F(x₁)": Block(2, 1, "B"),
        "loss": Block(1, 1, "mean − mean", kind="loss"),
        "W, b, c": Block(3.2, 0.5, kind="network"),
    }
    forward = [("x", "h"), ("h", "x₁"), ("x", "F(x)"), ("x₁", "F(x₁)"), ("F(x)", "loss"), ("F(x₁)", "loss")]
    arrows = [Arrow(*ends) for ends in forward] + [Arrow("loss", "W, b, c", gradient=True)]
    return diagram(blocks, arrows, title="A step of CD-1: no gradient (dashed) goes through the drawing")
