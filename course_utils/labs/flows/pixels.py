"""Lecture 08a's second explorer: an autoregressive model draws a digit, pixel by pixel."""

from functools import lru_cache

import ipywidgets
import numpy as np
import torch
from torch import Tensor

from course_utils.models.flows import LinearAutoregression
from course_utils.widgets.panel import Panel, View, image_png, slider, strip

WIDTH, UNKNOWN = 420, 0.12  # CSS pixels of the strip; the shade of what is not drawn yet


def shown(x: Tensor, probability: Tensor, done: int) -> np.ndarray:
    """An image after its first `done` pixels, beside the probabilities they were drawn with: `(H, 2 W + 1)`."""
    both = torch.stack([x, probability]).flatten(1).clone()
    both[:, done:] = UNKNOWN
    return strip(both.view(2, *x.shape[-2:]))


def caption(x: Tensor, probability: Tensor, done: int) -> str:
    """What the last pixel drawn was, in words."""
    if not done:
        return "Nothing drawn yet"
    ink, chance = x.flatten()[done - 1] == 1, probability.flatten()[done - 1]
    return f"Pixel {done}: ink with probability {chance:.2f} given the {done - 1} before; {'ink' if ink else 'no ink'}"


def pixel_player(model: LinearAutoregression) -> Panel:
    """Draw an image pixel by pixel with ▶ or a slider: on the left the image, on the right each pixel's probability."""
    size, wide = len(model.bias), 2 * model.event[-1] + 1

    @lru_cache(maxsize=32)
    def path(seed: int) -> tuple[Tensor, Tensor]:
        x, probability = model.path(torch.rand(1, size, generator=torch.Generator().manual_seed(seed)))
        return x[0], probability[0]

    def show(seed: int, done: int) -> dict[str, tuple[bytes, str]]:
        png = image_png(shown(*path(seed), done), scale=max(1, 630 // wide))
        return {"pixels": (png, caption(*path(seed), done))}

    controls = {
        "seed": slider("seed", 0, 19, 0, "Which random numbers decide the pixels"),
        "done": slider("pixels", 0, size, 0, "How many pixels have been drawn, row by row"),
    }
    run = ipywidgets.Play(max=size, interval=120, description="Draw", tooltip="Draw one pixel after another")
    ipywidgets.link((run, "value"), (controls["done"], "value"))
    panel = Panel(show, controls, {"pixels": View(WIDTH, WIDTH // 2)}, extra=[run])
    panel.run = run
    return panel
