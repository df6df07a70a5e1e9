"""The explorer of lecture 05: several decoders at one latent position, and what a classifier reads in them."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from course_utils import metrics
from course_utils.labs.comparison.protocol import Model
from course_utils.labs.comparison.scoring import DigitClassifier
from course_utils.widgets.panel import Panel, View, image_png, slider, strip

WALK = torch.linspace(-3, 3, 9)
STRIP = 320  # CSS pixels
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def at(model: Model, classifier: DigitClassifier, z: Tensor, axis: int) -> tuple[Tensor, str]:
    """What a model makes of z `(Z,)`: its image, then those where z[axis] is −3 … 3, `(10, 1, H, W)`; and in words."""
    codes = z.repeat(len(WALK) + 1, 1)
    codes[1:, axis] = WALK
    images = model.decode(codes)
    p = metrics.embed(classifier.network, images[:1]).probabilities[0]
    return images, f"read as {p.argmax().item()} ({p.max().item():.0%})"


def same_place(models: Mapping[str, Model], classifier: DigitClassifier, *, size: int = 176, seed: int = 0) -> Panel:
    """Sliders for z, shared by all models, each with its image and its images along one dimension of z.

    They start from a draw of N(0, I), which Reset goes back to.

    Raises ValueError if the models' codes have different dimensions, or none.
    """
    dimensions = {model.latent for model in models.values()}
    if len(dimensions) != 1 or 0 in dimensions:
        raise ValueError(f"The models need codes of one dimension; they have {sorted(dimensions)}.")
    latent, rng = dimensions.pop(), torch.Generator().manual_seed(seed)
    controls = _controls(_draw(latent, rng))
    views = {}
    for name in models:
        views |= {name: View(size, size), f"{name}, walk": View(STRIP, 40)}

    def show(walk: int, **sliders: float) -> dict[str, tuple[bytes, str]]:
        shown, z = {}, torch.tensor(list(sliders.values()))
        for name, model in models.items():
            images, said = at(model, classifier, z, walk - 1)
            sheet, along = strip(images[1:]), f"{name}: {_name(walk)} from −3 to 3"
            shown[name] = image_png(images[0], max(1, size // images.shape[-1])), f"{name}: {said}"
            shown[f"{name}, walk"] = image_png(sheet, max(1, STRIP // sheet.shape[1])), along
        return shown

    def draw() -> None:
        panel.set(**{f"z{i}": value for i, value in enumerate(_draw(latent, rng), 1)})

    panel = Panel(show, controls, views, buttons={"Random z": (draw, "Draw z from N(0, I)")})
    return panel


def _name(dimension: int) -> str:
    return f"z{dimension}".translate(_SUBSCRIPT)


def _controls(z: list[float]) -> dict[str, Any]:
    """A slider for each dimension of z, and one for the dimension to walk along."""
    tip, last = "Latent dimension {} of {}", len(z)
    sliders = {f"z{i}": slider(_name(i), -3.0, 3.0, v, tip.format(i, last), step=0.1) for i, v in enumerate(z, 1)}
    return sliders | {"walk": slider("walk along", 1, last, 1, "The dimension that goes from −3 to 3 in the strips")}


def _draw(latent: int, rng: torch.Generator) -> list[float]:
    """A draw from N(0, I), to one digit after the point, within the sliders."""
    return [round(value, 1) for value in torch.randn(latent, generator=rng).clamp(-3, 3).tolist()]
