"""Lecture 01's figures that take more code than a page has room for."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from course_utils.plotting import COLORS, Picture, picture
from course_utils.plotting.diagrams import Arrow, Block, diagram

_CLEAR, _PARTLY, _NO = "#BFE3D3", "#FBE9B7", "#F3C9AE"  # exact or in one pass; in part or slowly; not at all


def two_directions() -> Picture:
    """What a generative and a discriminative model learn, as blocks with shapes."""
    blocks = {
        "y ~ p(y)": Block(0, 0, "B"),
        "Gaussians": Block(1, 0, kind="network"),
        "x ~ p(x|y)": Block(2, 0, "B × D"),
        "Bayes' rule": Block(3, 0, kind="network"),
        "p(y|x)": Block(4, 0, "B × K"),
        "x": Block(2, 1, "B × D"),
        "logistic": Block(3, 1, kind="network"),
        "p(y|x) ": Block(4, 1, "B × K"),
    }
    ends = [("y ~ p(y)", "Gaussians"), ("Gaussians", "x ~ p(x|y)"), ("x ~ p(x|y)", "Bayes' rule")]
    ends += [("Bayes' rule", "p(y|x)"), ("x", "logistic"), ("logistic", "p(y|x) ")]
    return diagram(blocks, [Arrow(*pair) for pair in ends], title="Generative (above) and discriminative (below)")


def race_figure(
    results: Mapping[str, Mapping[str, Tensor]], labels: Sequence[int], limits: Mapping[str, Mapping[str, float]]
) -> Picture:
    """A panel for each task: each rival's accuracy `(seeds, len(labels))` as mean ± sd, its closed forms in black."""
    ends = [
        f"{task}: " + ", ".join(f"{rival} {v[:, 0].mean():.0%} to {v[:, -1].mean():.0%}" for rival, v in right.items())
        for task, right in results.items()
    ]
    alt = f"Accuracy against labels, from {labels[0]} to {labels[-1]}. {'. '.join(ends)}."
    figure, panels = picture(1, len(results), height=3.6, sharey=True, alt=alt)
    for ax, (task, right) in zip(panels, results.items(), strict=True):
        for (rival, values), color in zip(right.items(), COLORS, strict=False):
            mean, sd = values.mean(0), values.std(0)
            ax.plot(labels, mean, "o-", color=color, markersize=3, label=rival)
            ax.fill_between(labels, mean - sd, mean + sd, color=color, alpha=0.15, linewidth=0)
        for limit, style in zip(limits.get(task, {}).values(), ("--", ":"), strict=False):
            ax.axhline(limit, color="black", linestyle=style, linewidth=1)
        ax.set(xscale="log", xlabel="labels", title=task)
    panels[0].set_ylabel("share of test points right")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def family_map(columns: Sequence[str], families: Mapping[str, Sequence[str]]) -> Picture:
    """A table with a row for each family; cells that begin with "exact" or "one" are green, with "no" red.

    The last column, the lecture, has no color.
    """
    alt = "Table of families. " + " ".join(f"{name}: {', '.join(row)}." for name, row in families.items())
    title = "What each family can compute (D: number of pixels or tokens)"
    figure, ax = picture(height=4.2, title=title, alt=alt)
    for v, (name, row) in enumerate(families.items()):
        ax.text(-0.56, v, name, ha="right", va="center")
        for h, text in enumerate(row):
            color = "white" if h == len(columns) - 1 else shade(text)
            ax.barh(v, 0.96, left=h - 0.48, height=0.88, color=color)
            ax.text(h, v, text, ha="center", va="center", fontsize="small")
    for h, text in enumerate(columns):
        ax.text(h, -0.8, text, ha="center", va="center", fontsize="small", fontweight="bold")
    ax.set(xlim=(-2.5, len(columns) - 0.5), ylim=(len(families) - 0.4, -1.2))
    ax.axis("off")
    return figure


def shade(text: str) -> str:
    """The color of a cell of the family map."""
    if text.startswith(("exact", "one")):
        return _CLEAR
    return _NO if text.split()[0] == "no" else _PARTLY
