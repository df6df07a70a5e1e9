"""Lecture 01's explorer: two classes in the plane, a generative and a discriminative model of the same labels.

It stands here because its picture is drawn once and then updated, which takes more code than a page has room for.
`TwoClasses.update` is the pure part: from the controls' values to the picture.
"""

import contourpy
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor
from torch.nn import functional as F

from course_utils.models.discriminant import GaussianDiscriminant
from course_utils.plotting import COLORS, CSS_DPI, MAX_WIDTH, Picture, picture
from course_utils.widgets.panel import LivePicture, Panel, View, choice, slider

LABELS = (4, 6, 10, 20, 50, 100, 200, 500, 1000)
KINDS = [("naive", "tied_diag"), ("one Σ", "tied"), ("own Σ each", "full")]
LIMIT, CELLS, DRAWS, TESTS = 5.0, 110, 60, 4000
_TICKS = torch.linspace(-LIMIT, LIMIT, CELLS)
GRID = torch.cartesian_prod(_TICKS, _TICKS).flip(1)  # row by row from below, (CELLS², 2)
_BLUE_TO_RED = LinearSegmentedColormap.from_list("classes", [COLORS[0], "white", COLORS[1]])
DIRECTION = torch.tensor([0.96, 0.28])  # from the mean of class 0 to that of class 1


def two_classes(n: int, distance: float, correlation: float, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """n points (n, 2) of two Gaussian classes y (n,) in turn: variances 1, one correlation, means `distance` apart."""
    y = torch.arange(n) % 2
    root = torch.linalg.cholesky(torch.tensor([[1.0, correlation], [correlation, 1.0]]))
    return torch.randn(n, 2, generator=rng) @ root.T + (y[:, None] - 0.5) * distance * DIRECTION, y


def logistic(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Weights (2,) and bias () of scikit-learn's logistic regression, its penalty at the default."""
    fitted = LogisticRegression().fit(x, y)
    return torch.tensor(fitted.coef_[0], dtype=x.dtype), torch.tensor(fitted.intercept_[0], dtype=x.dtype)


def zero_line(values: Tensor) -> list[NDArray]:
    """The curves, each (points, 2), on which a function given on GRID is 0."""
    ticks = _TICKS.numpy()
    return contourpy.contour_generator(ticks, ticks, values.view(CELLS, CELLS).numpy()).lines(0.0)


def bands(values: Tensor, count: int) -> NDArray:
    """Values in [0, 1], given on GRID, rounded to a few levels, which also makes the PNG in half of the time."""
    return ((values * count).round().view(CELLS, CELLS) / count).numpy()


def _dots(ax: Axes, marker: str, size: float) -> list[PathCollection]:
    look = {"linewidths": 1.3} if marker == "x" else {"linewidths": 0, "alpha": 0.45}  # crosses stand out from dots
    return [ax.scatter([], [], s=size, marker=marker, color=color, **look) for color in COLORS[:2]]


class TwoClasses:
    """Left: density, labeled points, points drawn. Right: p(y = 1 | x) of the generative model, and both boundaries."""

    def __init__(self) -> None:
        self.picture, (left, right) = picture(1, 2, width=MAX_WIDTH, height=3.9, sharey=True, alt="Two classes.")
        square = {"extent": (-LIMIT, LIMIT) * 2, "origin": "lower", "interpolation": "nearest"}
        self.density = left.imshow(np.zeros((CELLS, CELLS)), cmap="Greys", vmin=0, vmax=1.6, **square)
        self.posterior = right.imshow(np.zeros((CELLS, CELLS)), cmap=_BLUE_TO_RED, vmin=-0.9, vmax=1.9, **square)
        self.points, self.draws = [_dots(ax, "o", 13) for ax in (left, right)], _dots(left, "x", 22)  # crosses on top
        styles = ({"linewidth": 2}, {"linewidth": 2, "linestyle": "--"})
        self.lines = [right.add_collection(LineCollection([], color="black", **style)) for style in styles]
        left.set_title("p(x, y): labeled •, drawn from it ×", fontsize="medium")
        right.set_title("boundary: generative —, logistic - -", fontsize="medium")
        left.set(xlabel="x₁", ylabel="x₂")
        right.set(xlabel="x₁")
        self.moving = [self.density, self.posterior, *self.points[0], *self.points[1], *self.draws, *self.lines]

    def update(self, distance: float, labels: int, correlation: float, covariance: str, seed: int) -> str:
        """Fit both models to new labels, and update the picture. Returns what it shows, in words, with the numbers."""
        rng = torch.Generator().manual_seed(seed)
        x, y = two_classes(labels, distance, correlation, rng)
        x_test, y_test = two_classes(TESTS, distance, correlation, rng)
        model = GaussianDiscriminant(x, F.one_hot(y, 2).float(), covariance, reg_covar=1e-3)
        weight, bias = logistic(x, y)
        drawn = torch.arange(DRAWS) % 2
        self._dress(model.log_joint(GRID), GRID @ weight + bias)
        for dots, (at, k) in zip(
            [self.draws, *self.points], [(model.sample(DRAWS, y=drawn, rng=rng), drawn), (x, y), (x, y)], strict=True
        ):
            for index, collection in enumerate(dots):
                collection.set_offsets(at[k == index].numpy())
        guesses = (model.log_joint(x_test).argmax(1), (x_test @ weight + bias > 0).long())
        generative, discriminative = (f"{(guess == y_test).float().mean():.1%}" for guess in guesses)
        return f"{labels} labels. Right on {TESTS} new points: generative {generative}, logistic {discriminative}"

    def _dress(self, joint: Tensor, logit: Tensor) -> None:
        density = joint.logsumexp(1).exp()
        self.density.set_data(bands(density / density.max(), 8))
        self.posterior.set_data(bands(joint.softmax(1)[:, 1], 10))
        for line, values in zip(self.lines, (joint[:, 1] - joint[:, 0], logit), strict=True):
            line.set_segments(zero_line(values))


def two_ways(
    distance: float = 2.0, labels: int = 20, correlation: float = 0.7, covariance: str = "tied_diag", seed: int = 0
) -> Picture:
    """The explorer's picture at one setting, for the page."""
    two = TwoClasses()
    said = two.update(distance, labels, correlation, covariance, seed)
    two.picture.suptitle(said, fontsize="medium")
    two.picture.alt = (
        f"Two panels of the plane with two classes of points. Left: the density of a generative model, and points "
        f"drawn from it. Right: its decision boundary and that of logistic regression. {said}."
    )
    return two.picture


def class_explorer() -> Panel:
    """Sliders for the distance of two classes, the labels, the correlation, what the model assumes, and the sample."""
    two = TwoClasses()
    live = LivePicture(two.picture, two.moving)
    controls = {
        "distance": slider(
            "distance", 0.0, 4.0, 2.0, "How far apart the means are: the smaller, the more overlap", 0.25
        ),
        "labels": choice("labels", LABELS, 20, "How many labeled points both models learn from"),
        "correlation": slider("correlation", -0.9, 0.9, 0.7, "Of the two features within each class", 0.1),
        "covariance": choice(
            "Gaussians",
            KINDS,
            "tied_diag",
            "What the model assumes: no correlation, one covariance for both classes, one each",
        ),
        "seed": slider("sample", 0, 30, 0, "Other labeled points from the same two classes"),
    }

    def show(**values: object) -> dict[str, tuple[bytes, str]]:
        said = two.update(**values)
        return {"picture": (live.png(), said)}

    return Panel(show, controls, {"picture": View(round(MAX_WIDTH * CSS_DPI))})
