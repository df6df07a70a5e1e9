"""What every figure is made of: a `Picture`, which shows itself once, with alt text, and the course's colors.

Colors are those of Okabe & Ito (2008), safe for color-blind readers. A figure needs a title and axis labels;
`Picture.check` says what one made by hand lacks.
"""

import base64
import io
import sys
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"]
# Ten classes need ten colors: two are taken from Tol's muted scheme, and yellow, too faint, is darkened.
CLASS_COLORS = [*COLORS[:7], "#B5A400", "#882255", "#999999"]
CSS_DPI = 110  # CSS pixels to the inch: 10-point text is 15 pixels high on the page
DENSITY = 2  # image pixels to the CSS pixel
MAX_WIDTH = 7.2  # inches: as wide as a notebook's column

# Only what must be set when axes are made. Text sizes stay matplotlib's own, so that what a page adds later fits.
STYLE = {
    "axes.prop_cycle": mpl.cycler(color=COLORS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.edgecolor": "#444444",
    "grid.color": "#E3E3E3",
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}


class Picture(Figure):
    """A matplotlib Figure made without pyplot, with a text alternative `alt` for those who cannot see it."""

    def __init__(self, *args: Any, alt: str, **kwargs: Any) -> None:
        if not alt.strip():
            raise ValueError("A picture needs alt text: what is drawn, and what is to be seen in it.")
        with mpl.rc_context(STYLE):
            super().__init__(*args, dpi=CSS_DPI, layout="constrained", **kwargs)
        FigureCanvasAgg(self)
        self.alt = alt

    def check(self) -> None:
        """Raise ValueError, naming what lacks, unless there are a title and labels on all axes with numbers on them."""
        shown = [ax for ax in self.axes if ax.axison and ax.get_visible()]
        missing = [
            f"axes {index}: no {name}"
            for index, ax in enumerate(shown)
            for name, axis in (("xlabel", ax.xaxis), ("ylabel", ax.yaxis))
            if _needs_label(axis)
        ]
        if not self.get_suptitle() and not any(ax.get_title() for ax in self.axes):
            missing.insert(0, "no title")
        if missing:
            raise ValueError(f"This picture is not ready to be shown ({'; '.join(missing)}).")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        _leave_to_mimebundle()
        self.check()
        source = base64.b64encode(to_png(self)).decode()
        style = f"width:{round(self.get_figwidth() * CSS_DPI)}px;max-width:100%"
        html = f'<img alt="{escape(self.alt)}" src="data:image/png;base64,{source}" style="{style}">'
        return {"text/html": html, "text/plain": self.alt}


def _needs_label(axis: Axis) -> bool:
    """Whether an axis shows numbers (not names, not hidden by `label_outer`) and does not say of what."""
    ticks = axis.get_tick_params()
    sides = ("labelbottom", "labeltop") if axis.axis_name == "x" else ("labelleft", "labelright")
    locator, formatter = axis.get_major_locator(), axis.get_major_formatter()
    named = isinstance(locator, FixedLocator) and isinstance(formatter, FuncFormatter)  # set_xticks(places, names)
    shown = axis.get_visible() and len(axis.get_majorticklocs()) and any(ticks.get(side) for side in sides)
    return bool(shown) and not (named or axis.get_label_text())


def _leave_to_mimebundle() -> None:
    """Keep IPython's inline backend, which draws any Figure once pyplot is imported, from drawing a Picture again."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        for mime in ("image/png", "image/jpeg", "image/svg+xml", "application/pdf"):
            shell.display_formatter.formatters[mime].for_type(Picture, lambda picture: None)


def to_png(figure: Figure, density: float = DENSITY) -> bytes:
    """The figure as a PNG file, `density` image pixels to the CSS pixel."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=CSS_DPI * density)
    return buffer.getvalue()


def picture(
    rows: int = 1,
    cols: int = 1,
    *,
    alt: str,
    title: str | None = None,
    width: float = MAX_WIDTH,
    height: float = 3.2,
    **subplots: Any,
) -> tuple[Picture, Any]:
    """An empty Picture and its axes, for a figure drawn by hand: one Axes, or an array of them as `plt.subplots` gives.

    Args: `width` and `height` of the whole in inches; `title` over all panels; `subplots` such as `sharey=True`.
    """
    with mpl.rc_context(STYLE):
        figure = Picture(figsize=(width, height), alt=alt)
        axes = figure.subplots(rows, cols, **subplots)
    if title is not None:
        figure.suptitle(title)
    return figure, axes
