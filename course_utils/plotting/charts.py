"""Figures for the page: image grids, curves, latent maps; and `picture`, for one drawn by hand.

Images are ink on paper: 0 is white, 1 is black.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting.figure import CLASS_COLORS, COLORS, MAX_WIDTH, Picture, picture

Names = Sequence[object] | None


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
    _check_names(named, (n, rows, columns))
    gap = max(1, round(wide / 12))
    left = 0.9 * (row_labels is not None) + 0.3 * bool(ylabel)
    inch = min(0.8, (MAX_WIDTH - 0.2 - left) / columns, 7 / rows * wide / high) / (wide + gap)  # of one image's pixel
    step_x, step_y = wide + gap, high + (math.ceil(0.24 / inch) if labels is not None else gap)
    height = rows * step_y * inch + 0.45 + 0.25 * (column_labels is not None) + 0.25 * bool(xlabel)
    width = max(columns * step_x * inch + 0.2 + left, 0.095 * len(title))
    alt = alt or _grid_alt(title, n, rows, columns, named)
    figure, ax = picture(alt=alt, width=width, height=height, title=title)
    _show_sheet(ax, _sheet(gray, columns, gap, step_y - high), "white" if labels is not None else "#DDE3EA")
    x, y = (gap + step_x * np.arange(columns) + (wide - 1) / 2, gap + step_y * np.arange(rows) + (high - 1) / 2)
    _name_tiles(ax, x, y, row_labels, column_labels, xlabel, ylabel)
    for index, label in enumerate(labels if labels is not None else ()):
        below = y[index // columns] + high / 2 + 0.02 / inch
        ax.text(x[index % columns], below, str(label), ha="center", va="top")
    return figure


def _check_names(named: Mapping[str, Names], expected: tuple[int, ...]) -> None:
    """Raise ValueError unless there are as many names as things to name."""
    for (kind, given), number in zip(named.items(), expected, strict=True):
        if given is not None and len(given) != number:
            raise ValueError(f"{kind}: {len(given)} names for {number}.")


def _show_sheet(ax: Axes, sheet: NDArray[np.float32], gaps: str) -> None:
    """Draw a sheet of images, its gaps (NaN) in the color given."""
    colors = mpl.colormaps["gray_r"].with_extremes(bad=gaps)
    ax.imshow(np.ma.masked_invalid(sheet), cmap=colors, vmin=0, vmax=1, interpolation="nearest")


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
    drawn = [
        _draw_series(ax, name, np.atleast_2d(np.asarray(values, dtype=float)), x, str(color))
        for (name, values), color in zip(series.items(), np.resize(COLORS, len(series)), strict=True)
    ]
    for (name, value), style in zip((reference or {}).items(), ("--", ":", "-.") * len(reference or {}), strict=False):
        line = ax.axhline(value, color="#555555", linestyle=style, linewidth=1.2, label=name)
        drawn.append(_Drawn(value, line, f"reference line {name} at {value:.4g}"))
    lines = [line.line for line in sorted(drawn, key=lambda line: -np.nan_to_num(line.end))]
    ax.legend(handles=lines, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    ax.grid(axis="y")
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    low, high = ax.dataLim.intervalx
    where = f"{ylabel} against {xlabel} from {low:.4g} to {high:.4g}"
    figure.alt = alt or f"Line chart: {title}. {where}. {'; '.join(line.said for line in drawn)}."
    return figure


class _Drawn(NamedTuple):
    """A line of a chart: its last value, its artist, and what it shows, in words."""

    end: float
    line: Line2D
    said: str


def _draw_series(ax: Axes, name: str, runs: NDArray[np.float64], x: ArrayLike | None, color: str) -> _Drawn:
    """Draw runs `(runs, T)` as their mean, with a band of ± one standard deviation if there are several."""
    at = np.arange(runs.shape[1]) if x is None else np.asarray(x, dtype=float)
    if not runs.size or at.shape != runs.shape[1:]:
        raise ValueError(f"The series '{name}' has {runs.shape[1]} points for {len(at)} values of x.")
    mean, label = runs.mean(0), name if len(runs) == 1 else f"{name}\n(mean ± sd, {len(runs)} runs)"
    (line,) = ax.plot(at, mean, color=color, label=label, marker="o" if len(at) <= 20 else None, markersize=4)
    if len(runs) > 1:
        spread = runs.std(0, ddof=1)
        ax.fill_between(at, mean - spread, mean + spread, color=color, alpha=0.2, linewidth=0)
    return _Drawn(mean[-1], line, f"{' '.join(label.split())} from {mean[0]:.4g} to {mean[-1]:.4g}")


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
