"""Diagrams of a model's blocks, with shapes and gradients: one description gives the picture and its alt text."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from course_utils.plotting.figure import COLORS, MAX_WIDTH, Picture, picture

FILLS = {"data": "#F1F4F8", "network": "#CFE3F2", "loss": "#F9DFCC"}
WIDE, HIGH = 0.8, 0.62  # of a block, in units of the grid


class Block(NamedTuple):
    """A box at column and row of a grid (row 0 on top), with the shape of what it holds; kind: a key of FILLS."""

    column: float
    row: float
    shape: str = ""
    kind: str = "data"


class Arrow(NamedTuple):
    """From block to block. A gradient is drawn dashed, from the loss back to the network that it moves."""

    start: str
    end: str
    gradient: bool = False


def diagram(blocks: Mapping[str, Block], arrows: Sequence[Arrow], *, title: str, alt: str | None = None) -> Picture:
    """Draw named blocks and the arrows between them; without `alt` the alt text lists them all.

    Raises ValueError for an arrow from or to a block that is not there, or an unknown kind.
    """
    _check(blocks, arrows)
    columns, rows = (1 + max(getattr(block, side) for block in blocks.values()) for side in ("column", "row"))
    lanes = _lanes(blocks, arrows, rows)
    top, bottom = min([-0.5, *(lane - 0.1 for lane in lanes.values())]), max([rows - 0.5, *lanes.values()]) + 0.1
    size = {"width": min(MAX_WIDTH, 1.25 * columns), "height": 0.5 + 0.85 * (bottom - top)}
    figure, ax = picture(title=title, alt=alt or _said(blocks, arrows, title), **size)
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(bottom, top), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    for name, block in blocks.items():
        _box(ax, name, block)
    for arrow in arrows:
        start, end = blocks[arrow.start], blocks[arrow.end]
        if arrow.gradient:
            _gradient(ax, start, end, lanes[arrow.start])
        else:
            _line(ax, start, end)
    return figure


def _lanes(blocks: Mapping[str, Block], arrows: Sequence[Arrow], rows: float) -> dict[str, float]:
    """The height at which each loss's gradients run: above all blocks or below, whichever is nearer to it."""
    starts = dict.fromkeys(arrow.start for arrow in arrows if arrow.gradient)
    above = [name for name in starts if blocks[name].row < (rows - 1) / 2]
    below = [name for name in starts if name not in above]
    heights = {name: -0.5 - 0.16 * number for number, name in enumerate(above)}
    return heights | {name: rows - 0.5 + 0.16 * number for number, name in enumerate(below)}


def _check(blocks: Mapping[str, Block], arrows: Sequence[Arrow]) -> None:
    unknown = {name for arrow in arrows for name in arrow[:2]} - set(blocks)
    if unknown:
        raise ValueError(f"arrows name blocks that are not there: {', '.join(sorted(unknown))}")
    kinds = {block.kind for block in blocks.values()} - set(FILLS)
    if kinds:
        raise ValueError(f"unknown kind of block {', '.join(sorted(kinds))}: choose one of {', '.join(FILLS)}")


def _box(ax: Axes, name: str, block: Block) -> None:
    corner = block.column - WIDE / 2, block.row - HIGH / 2
    style = "round,pad=0,rounding_size=0.08" if block.kind == "network" else "square,pad=0"
    ax.add_patch(FancyBboxPatch(corner, WIDE, HIGH, boxstyle=style, facecolor=FILLS[block.kind], edgecolor="#444444"))
    ax.text(block.column, block.row - 0.1 * bool(block.shape), name, ha="center", va="center", fontsize=9)
    ax.text(block.column, block.row + 0.16, block.shape, ha="center", va="center", fontsize=7, color="#444444")


def _line(ax: Axes, start: Block, end: Block) -> None:
    """From edge to edge: sideways between columns, up or down within one."""
    (x0, y0), (x1, y1) = start[:2], end[:2]
    step = (WIDE / 2 if x1 > x0 else -WIDE / 2, 0) if x0 != x1 else (0, HIGH / 2 if y1 > y0 else -HIGH / 2)
    ends = (x0 + step[0], y0 + step[1]), (x1 - step[0], y1 - step[1])
    ax.add_patch(FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=10, shrinkA=0, shrinkB=0, color="#444444"))


def _gradient(ax: Axes, start: Block, end: Block, lane: float) -> None:
    """Dashed, out of the block to its lane, along it, and into the other block."""
    side = HIGH / 2 if lane > start.row else -HIGH / 2
    shift = 0.12 * (-1 if abs(start.column - end.column) > 1 else 1)  # so that two gradients do not end at one place
    corners = [(start.column, start.row + side), (start.column, lane), (end.column + shift, lane)]
    ax.plot(*zip(*corners, strict=True), "--", color=COLORS[1], linewidth=1.2)
    ends = corners[-1], (end.column + shift, end.row + side)
    look = {"arrowstyle": "-|>", "mutation_scale": 10, "shrinkA": 0, "shrinkB": 0, "color": COLORS[1]}
    ax.add_patch(FancyArrowPatch(*ends, linestyle="--", **look))


def _said(blocks: Mapping[str, Block], arrows: Sequence[Arrow], title: str) -> str:
    """The diagram in words."""
    parts = [f"{name} {block.shape}".strip() for name, block in blocks.items()]
    forward = [f"{a.start} to {a.end}" for a in arrows if not a.gradient]
    back = [f"{a.start} to {a.end}" for a in arrows if a.gradient]
    said = f"Diagram: {title}. Blocks: {', '.join(parts)}. Arrows: {', '.join(forward)}."
    return f"{said} Gradients: {', '.join(back)}." if back else said


def vae_diagram(pixels: int, latent: int) -> Picture:
    """A VAE's blocks with shapes, its two losses, and which network each moves."""
    blocks = {
        "x": Block(0, 0, f"B × {pixels}"),
        "encoder": Block(1, 0, kind="network"),
        "mu, logvar": Block(2, 0, f"each B × {latent}"),
        "z": Block(3, 0, f"B × {latent}"),
        "decoder": Block(4, 0, kind="network"),
        "x_logits": Block(5, 0, f"B × {pixels}"),
        "KL": Block(2, 1, "B", kind="loss"),
        "ε ~ N(0, I)": Block(3, 1, f"B × {latent}"),
        "log p(x|z)": Block(5, 1, "B", kind="loss"),
    }
    forward = [("x", "encoder"), ("encoder", "mu, logvar"), ("mu, logvar", "z"), ("ε ~ N(0, I)", "z"), ("z", "decoder")]
    forward += [("decoder", "x_logits"), ("x_logits", "log p(x|z)"), ("mu, logvar", "KL")]
    back = [("log p(x|z)", "decoder"), ("log p(x|z)", "encoder"), ("KL", "encoder")]
    arrows = [Arrow(*ends) for ends in forward] + [Arrow(*ends, gradient=True) for ends in back]
    return diagram(blocks, arrows, title="A VAE: values, and gradients (dashed)")


def gan_diagram(latent: int, point: int) -> Picture:
    """A GAN's blocks with shapes, both losses, and which network each moves."""
    blocks = {
        "z": Block(0, 0, f"B × {latent}"),
        "G": Block(1, 0, kind="network"),
        "G(z)": Block(2, 0, f"B × {point}"),
        "x, real": Block(2, 1, f"B × {point}"),
        "D": Block(3, 0.5, kind="network"),
        "logits": Block(4, 0.5, "B"),
        "G's loss": Block(5, 0, "B", kind="loss"),
        "D's loss": Block(5, 1, "B", kind="loss"),
    }
    forward = [("z", "G"), ("G", "G(z)"), ("G(z)", "D"), ("x, real", "D"), ("D", "logits")]
    forward += [("logits", "G's loss"), ("logits", "D's loss")]
    arrows = [Arrow(*ends) for ends in forward]
    arrows += [Arrow("G's loss", "G", gradient=True), Arrow("D's loss", "D", gradient=True)]
    return diagram(blocks, arrows, title="A GAN: values, and who learns from which loss (dashed)")


def coupling_diagram() -> Picture:
    """One coupling layer of a flow, from data to noise, and where its log-determinant comes from."""
    blocks = {
        "x_A": Block(0, 0, "kept"),
        "x_B": Block(0, 2, "moved"),
        "network": Block(1, 1, "any", kind="network"),
        "s, t": Block(2, 1, "as x_B"),
        "stretch, shift": Block(3, 2, "x_B exp(s) + t"),
        "z_A": Block(4, 0, "= x_A"),
        "Σ s": Block(4, 1, "log |det J|", kind="loss"),
        "z_B": Block(4, 2),
    }
    pairs = [("x_A", "z_A"), ("x_A", "network"), ("network", "s, t"), ("s, t", "Σ s"), ("s, t", "stretch, shift")]
    pairs += [("x_B", "stretch, shift"), ("stretch, shift", "z_B")]
    return diagram(blocks, [Arrow(*ends) for ends in pairs], title="A coupling layer: the network sees x_A alone")


def denoiser_diagram(pixels: int) -> Picture:
    """A denoiser's step of training: what it sees, what it guesses, and what the loss moves."""
    blocks = {
        "x_0, ε": Block(0, 0, f"each B × {pixels}"),
        "t": Block(0, 2, "B"),
        "x_t": Block(1, 1, f"B × {pixels}"),
        "class y": Block(1, 3, "B"),
        "network": Block(2, 2, kind="network"),
        "guess": Block(3, 2, f"B × {pixels}"),
        "x_0, ε or v": Block(3, 0, f"B × {pixels}"),
        "‖ · ‖²": Block(4, 1, "B", kind="loss"),
    }
    pairs = [("x_0, ε", "x_t"), ("t", "x_t"), ("x_t", "network"), ("t", "network"), ("class y", "network")]
    pairs += [("network", "guess"), ("x_0, ε", "x_0, ε or v"), ("guess", "‖ · ‖²"), ("x_0, ε or v", "‖ · ‖²")]
    arrows = [*(Arrow(*ends) for ends in pairs), Arrow("‖ · ‖²", "network", gradient=True)]
    return diagram(blocks, arrows, title="A denoiser learns: values, and the gradient (dashed)")
