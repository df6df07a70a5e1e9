"""Lecture 09b's explorer of d-separation: ask for one variable, observe others, see what may depend on it, how much."""

from collections.abc import Collection
from functools import lru_cache

import ipywidgets

from course_utils.labs.graphs import dags, drawing, learning
from course_utils.models.graphs import Network
from course_utils.plotting import COLORS, Picture, picture
from course_utils.widgets.panel import LivePicture, Panel, View, choice

NONE = 1e-9  # bits: less is rounding
FILLS = {"asked": COLORS[0], "observed": "#444444", "connected": "#F6C9A8", "separated": "#FFFFFF"}
DARK = ("asked", "observed")


class Reading:
    """What the graph and the tables say of every variable when one is asked for and others are observed."""

    def __init__(self, network: Network, asked: str, observed: Collection[str]) -> None:
        self.asked, self.observed = asked, [name for name in network.names if name in observed and name != asked]
        linked = dags.connected(network.parents, asked, self.observed)
        others = [name for name in network.names if name not in (asked, *self.observed)]
        self.bits = {name: learning.information(network, asked, name, self.observed) for name in others}
        self.role = {name: "connected" if name in linked else "separated" for name in others}
        self.role |= {asked: "asked"} | dict.fromkeys(self.observed, "observed")

    def named(self, role: str) -> list[str]:
        """The variables of a role."""
        return [name for name, own in self.role.items() if own == role]

    def said(self) -> str:
        """The picture in words."""
        given = f"given {', '.join(self.observed)}" if self.observed else "nothing observed"
        separated, linked = (", ".join(self.named(role)) or "none" for role in ("separated", "connected"))
        text = f"{self.asked}, {given}. Connected: {linked}. d-separated: {separated}."
        silent = [name for name in self.named("connected") if self.bits[name] < NONE]
        return text + (f" Connected, but independent by these tables: {', '.join(silent)}." if silent else "")


class SeparationPicture:
    """The graph: blue is asked for, dark is observed, orange may depend on it; below a name, the dependence."""

    def __init__(self, network: Network, places: drawing.Places) -> None:
        self.network = network
        self.picture, ax = picture(width=6.0, height=4.4, alt="A graph")
        self.nodes = drawing.draw(ax, network.parents, places)
        for number, role in enumerate(FILLS):
            patch = ax.scatter([], [], s=70, color=FILLS[role], edgecolors="#444444", label=role)
            patch.set_zorder(number)
        ax.legend(loc="lower right", frameon=False, fontsize=8)
        ax.set_xlabel("below a name: mutual information with the one asked for, in thousandths of a bit", fontsize=8)
        self.live = LivePicture(self.picture, [part for node in self.nodes.values() for part in node])

    def update(self, asked: str, observed: Collection[str]) -> Reading:
        """Color the graph and write the numbers."""
        reading = Reading(self.network, asked, observed)
        for name, node in self.nodes.items():
            role, bits = reading.role[name], reading.bits.get(name)
            node.circle.set_facecolor(FILLS[role])
            node.text.set(
                text=name if bits is None else f"{name}\n{number(bits)}", color="white" if role in DARK else "k"
            )
        return reading


def number(bits: float) -> str:
    """Bits as thousandths; what is only rounding as 0."""
    return "0" if bits < NONE else "< 0.1" if bits < 1e-4 else f"{1000 * bits:.1f}"


def still(network: Network, places: drawing.Places, asked: str, observed: Collection[str], title: str) -> Picture:
    """The explorer's picture at one setting, for the page."""
    drawn = SeparationPicture(network, places)
    said = drawn.update(asked, observed).said()
    for node in drawn.nodes.values():
        for part in node:
            part.set_animated(False)
    drawn.picture.axes[0].set_title(title, fontsize="medium")
    drawn.picture.set_layout_engine("constrained")  # room for the title
    drawn.picture.alt = f"A graph of {len(drawn.nodes)} variables. {said}"
    return drawn.picture


def separation_explorer(network: Network, places: drawing.Places, asked: str) -> Panel:
    """Choose the variable asked for; tick what is observed."""
    drawn = SeparationPicture(network, places)
    controls = {"asked": choice("ask for", network.names, asked, "The variable whose dependences are shown")}
    controls |= {name: _tick(name) for name in network.names}

    @lru_cache(maxsize=256)
    def frame(asked: str, observed: frozenset[str]) -> tuple[bytes, str]:
        said = drawn.update(asked, observed).said()
        return drawn.live.png(), said

    def show(asked: str, **observed: bool) -> dict[str, tuple[bytes, str]]:
        return {"graph": frame(asked, frozenset(name for name, seen in observed.items() if seen))}

    return Panel(show, controls, {"graph": View(660, 484)})


def _tick(name: str) -> ipywidgets.Checkbox:
    return ipywidgets.Checkbox(
        value=False, indent=False, description=f"{name} is observed", tooltip=f"Whether the value of {name} is known"
    )
