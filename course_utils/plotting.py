"""Figures for the page: image grids, curves, latent maps. Each is a `Picture`, which shows itself once, with alt text.

Images are ink on paper: 0 is white, 1 is black. Colors are those of Okabe & Ito (2008), safe for color-blind readers.
A function that draws needs a title and axis labels; `Picture.check` says what a picture made by hand lacks.
"""

import base64
import io
import math
import sys
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from numpy.typing import ArrayLike, NDArray

COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"]
# Ten classes need ten colors: two are taken from Tol's muted scheme, and yellow, too faint, is darkened.
CLASS_COLORS = [*COLORS[:7], "#B5A400", "#882255", "#999999"]
CSS_DPI = 110  # CSS pixels to the inch: 10-point text is 15 pixels high on the page
DENSITY = 2  # image pixels to the CSS pixel
MAX_WIDTH = 7.2  # inches: as wide as a notebook's column

Names = Sequence[object] | None

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


def _gray(images: ArrayLike) -> NDArray[np.float32]:
    """Images `(N, 1, H, W)` or `(N, H, W)`, a tensor or an array, as float32 `(N, H, W)`; ValueError unless finite."""
    values = images.detach().cpu().numpy() if hasattr(images, "detach") else images
    array = np.asarray(values, dtype=np.float32)
    if array.ndim == 4 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 3 or not len(array):
        raise ValueError(f"Images must have the shape (N, 1, H, W) or (N, H, W) with N > 0, got {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError("The images hold values that are not finite.")
    return array


def _sheet(images: NDArray[np.float32], columns: int, gap_x: int, gap_y: int) -> NDArray[np.float32]:
    """Images `(N, H, W)` row by row on one sheet, NaN where there is none, with gaps on all sides."""
    n, height, width = images.shape
    rows = math.ceil(n / columns)
    sheet = np.full((rows, height + gap_y, columns, width + gap_x), np.nan, dtype=np.float32)
    for index, image in enumerate(images):
        sheet[index // columns, :height, index % columns, :width] = image
    sheet = sheet.reshape(rows * (height + gap_y), columns * (width + gap_x))
    return np.pad(sheet, ((gap_x, 0), (gap_x, 0)), constant_values=np.nan)


def _grid_alt(title: str, n: int, rows: int, columns: int, named: Mapping[str, Names]) -> str:
    """What an image grid holds, in words."""
    parts = [f"{name}: {', '.join(map(str, values))}." for name, values in named.items() if values is not None]
    shape = f"{rows} row{'s'[: rows > 1]} of {columns}"
    return " ".join([f"Grid of {n} gray-level image{'s'[: n > 1]}, {shape}: {title}.", *parts])


def image_grid(
    images: ArrayLike,
    *,
    title: str,
    columns: int = 10,
    alt: str | None = None,
    labels: Names = None,
    row_labels: Names = None,
    column_labels: Names = None,
    xlabel: str = "",
    ylabel: str = "",
) -> Picture:
    """Images `(N, 1, H, W)` in [0, 1], row by row, 0 white and 1 black; values outside are clipped.

    Args: `labels` stand under each image, `row_labels` and `column_labels` beside the grid; `xlabel` and `ylabel` say
    what changes along a row and down a column. Raises ValueError for a wrong shape, number of labels, or NaN.
    """
    gray = _gray(images)
    n, high, wide = gray.shape
    columns = min(columns, n)
    rows = math.ceil(n / columns)
    named = {"Labels": labels, "Rows": row_labels, "Columns": column_labels}
    for (name, given), expected in zip(named.items(), (n, rows, columns), strict=True):
        if given is not None and len(given) != expected:
            raise ValueError(f"{name}: {len(given)} names for {expected}.")
    gap = max(1, round(wide / 12))
    left = 0.9 * (row_labels is not None) + 0.3 * bool(ylabel)
    inch = min(0.8, (MAX_WIDTH - 0.2 - left) / columns, 7 / rows * wide / high) / (wide + gap)  # of one image's pixel
    step_x, step_y = wide + gap, high + (math.ceil(0.24 / inch) if labels is not None else gap)
    height = rows * step_y * inch + 0.45 + 0.25 * (column_labels is not None) + 0.25 * bool(xlabel)
    width = max(columns * step_x * inch + 0.2 + left, 0.095 * len(title))
    alt = alt or _grid_alt(title, n, rows, columns, named)
    figure, ax = picture(alt=alt, width=width, height=height, title=title)
    colors = mpl.colormaps["gray_r"].with_extremes(bad="white" if labels is not None else "#DDE3EA")
    sheet = np.ma.masked_invalid(_sheet(gray, columns, gap, step_y - high))
    ax.imshow(sheet, cmap=colors, vmin=0, vmax=1, interpolation="nearest")
    x, y = (gap + step_x * np.arange(columns) + (wide - 1) / 2, gap + step_y * np.arange(rows) + (high - 1) / 2)
    _name_tiles(ax, x, y, row_labels, column_labels, xlabel, ylabel)
    for index, label in enumerate(labels if labels is not None else ()):
        below = y[index // columns] + high / 2 + 0.02 / inch
        ax.text(x[index % columns], below, str(label), ha="center", va="top")
    return figure


def _name_tiles(
    ax: Axes, x: NDArray[Any], y: NDArray[Any], rows: Names, columns: Names, xlabel: str, ylabel: str
) -> None:
    """Names of rows and columns at the tiles' centers, in place of ticks."""
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    ax.set_xticks(x, [""] * len(x) if columns is None else [str(name) for name in columns])
    ax.set_yticks(y, [""] * len(y) if rows is None else [str(name) for name in rows])
    ax.set(xlabel=xlabel, ylabel=ylabel)


def curves(
    series: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    x: ArrayLike | None = None,
    alt: str | None = None,
    reference: Mapping[str, float] | None = None,
    height: float = 3.2,
) -> Picture:
    """Named lines over `x` (default: 0, 1, …), in a legend ordered as the lines end.

    Args: a series is `(T,)`, or `(runs, T)`, drawn as the mean with a band of ± one standard deviation; `reference`
    gives dashed horizontal lines. Raises ValueError if there is no series, an empty one, or one that does not match x.
    """
    if not series:
        raise ValueError("curves needs at least one series.")
    figure, ax = picture(alt=title, height=height)
    ends, said = [], []
    for (name, values), color in zip(series.items(), np.resize(COLORS, len(series)), strict=True):
        runs = np.atleast_2d(np.asarray(values, dtype=float))
        at = np.arange(runs.shape[1]) if x is None else np.asarray(x, dtype=float)
        if not runs.size or at.shape != runs.shape[1:]:
            raise ValueError(f"The series '{name}' has {runs.shape[1]} points for {len(at)} values of x.")
        mean, spread = runs.mean(0), runs.std(0, ddof=1) if len(runs) > 1 else np.zeros(len(at))
        label = name if len(runs) == 1 else f"{name}\n(mean ± sd, {len(runs)} runs)"
        (line,) = ax.plot(at, mean, color=color, label=label, marker="o" if len(at) <= 20 else None, markersize=4)
        if len(runs) > 1:
            ax.fill_between(at, mean - spread, mean + spread, color=color, alpha=0.2, linewidth=0)
        ends.append((mean[-1], line))
        said.append(f"{' '.join(label.split())} from {mean[0]:.4g} to {mean[-1]:.4g}")
    for (name, value), style in zip((reference or {}).items(), ("--", ":", "-.") * len(reference or {}), strict=False):
        ends.append((value, ax.axhline(value, color="#555555", linestyle=style, linewidth=1.2, label=name)))
        said.append(f"reference line {name} at {value:.4g}")
    lines = [line for _, line in sorted(ends, key=lambda end: -np.nan_to_num(end[0]))]
    ax.legend(handles=lines, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    ax.grid(axis="y")
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    low, high = ax.dataLim.intervalx
    where = f"{ylabel} against {xlabel} from {low:.4g} to {high:.4g}"
    figure.alt = alt or f"Line chart: {title}. {where}. {'; '.join(said)}."
    return figure


def latent_map(
    z: ArrayLike,
    y: ArrayLike,
    *,
    title: str,
    alt: str | None = None,
    names: Sequence[str] | None = None,
    xlabel: str = "z₁",
    ylabel: str = "z₂",
) -> Picture:
    """Points z `(N, 2)` colored by class y `(N,)`, the class's name (default: its number) at its median.

    Raises ValueError for other shapes.
    """
    points, classes = np.asarray(z, dtype=float), np.asarray(y)
    if points.ndim != 2 or points.shape[1] != 2 or classes.shape != points.shape[:1] or not len(points):
        raise ValueError(f"latent_map draws z (N, 2) with y (N,), got {points.shape} and {classes.shape}.")
    figure, ax = picture(alt=title, width=6.4, height=5.6)
    said = []
    for index, k in enumerate(np.unique(classes)):
        name = str(k) if names is None else names[int(k)]
        color, members = CLASS_COLORS[index % len(CLASS_COLORS)], points[classes == k]
        ax.scatter(*members.T, s=14, color=color, alpha=0.75, linewidths=0, label=name)
        center = np.median(members, axis=0)
        box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": color, "linewidth": 1.8}
        ax.text(*center, name, ha="center", va="center", fontsize=11, fontweight="bold", bbox=box, zorder=3)
        said.append(f"{name} ({center[0]:.1f}, {center[1]:.1f})")
    ax.set_aspect("equal", "datalim")
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(7, integer=True))
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, title="class", markerscale=1.8)
    (x0, y0), (x1, y1) = points.min(0), points.max(0)
    extent = f"{xlabel} from {x0:.1f} to {x1:.1f}, {ylabel} from {y0:.1f} to {y1:.1f}"
    figure.alt = alt or f"Scatter plot: {title}. {len(points)} points, {extent}. Class medians: {', '.join(said)}."
    return figure
