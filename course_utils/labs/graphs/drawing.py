"""A graph of named variables, drawn as circles and arrows."""

from collections.abc import Mapping
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.text import Text

from course_utils.models.graphs import Network, Parents
from course_utils.plotting import COLORS, Picture, picture
from course_utils.plotting.diagrams import Arrow, Block, diagram

Places = Mapping[str, tuple[float, float]]
RADIUS = 0.36  # of a circle, in units of the places
ASIA: Places = {
    "asia": (0.6, 3), "smoke": (3.1, 3), "tub": (0.6, 2), "lung": (2.3, 2), "bronc": (3.9, 2),
    "either": (1.45, 1), "xray": (0.6, 0), "dysp": (2.9, 0),
}  # fmt: skip
# From left to right, for a diagram of blocks: the column, and the row from the top.
ASIA_BLOCKS: Places = {
    "asia": (0, 0), "smoke": (0, 2), "tub": (1, 0), "lung": (1, 1), "bronc": (1, 2),
    "either": (2, 0.5), "xray": (3, 0), "dysp": (3, 1.5),
}  # fmt: skip


class Node(NamedTuple):
    """What is drawn for a variable: its circle, and the text inside."""

    circle: Circle
    text: Text


def draw(ax: Axes, parents: Parents, places: Places, names: Mapping[str, str] | None = None) -> dict[str, Node]:
    """Circles at their places, with names (or what `names` gives instead) inside, and the arrows between them."""
    nodes = {}
    for name, place in places.items():
        circle = ax.add_patch(Circle(place, RADIUS, facecolor="white", edgecolor="#444444", linewidth=1.3))
        said = (names or {}).get(name, name)
        nodes[name] = Node(circle, ax.text(*place, said, ha="center", va="center", fontsize=8.5, clip_on=True))
    for child, above in parents.items():
        for parent in above:
            arrow(ax, places[parent], places[child])
    x, y = zip(*places.values(), strict=True)
    ax.set(xlim=(min(x) - 0.5, max(x) + 0.5), ylim=(min(y) - 0.5, max(y) + 0.5), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return nodes


def arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """An arrow from the rim of one circle to the rim of another."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx**2 + dy**2) ** 0.5
    step = RADIUS / length * dx, RADIUS / length * dy
    ends = (start[0] + step[0], start[1] + step[1]), (end[0] - step[0], end[1] - step[1])
    look = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0, "color": "#444444"}
    ax.add_patch(FancyArrowPatch(*ends, **look))


def graphs(
    several: Mapping[str, Parents],
    places: Places,
    *,
    title: str,
    set_by_hand: str = "",
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> Picture:
    """Graphs over the same places side by side, each below its title; `names[title]` renames what is inside.

    `set_by_hand` is orange in the graphs whose title holds "do(".
    """
    said = "; ".join(f"{name}: {_said(parents)}" for name, parents in several.items())
    figure, axes = picture(1, len(several), title=title, alt=f"{title}. {said}.", height=2.5)
    for ax, (name, parents) in zip(axes, several.items(), strict=True):
        nodes = draw(ax, parents, places, (names or {}).get(name))
        ax.set_title(name, fontsize="medium")
        if set_by_hand and "do(" in name:
            nodes[set_by_hand].circle.set_facecolor(COLORS[4])
    return figure


def _said(parents: Parents) -> str:
    arrows = [f"{above} to {child}" for child, several in parents.items() for above in several]
    return ", ".join(arrows) or "no arrows"


def tables_diagram(network: Network, places: Places) -> Picture:
    """A network as a diagram of its tables, each with the shape rows (states of the parents) × columns (its own)."""
    blocks = {
        name: Block(*places[name], f"{table[..., 0].numel()} × {table.shape[-1]}", "network")
        for name, table in network.tables.items()
    }
    arrows = [Arrow(parent, child) for child, above in network.parents.items() for parent in above]
    return diagram(blocks, arrows, title="A table for each variable: states of its parents × its own")
