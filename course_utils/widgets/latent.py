"""Explorers of a trained model: pure functions that say what is shown, and thin wiring from controls to them.

`decode` is z `(B, Z)` to x_logits `(B, 1, H, W)`, as `VAE.decode`; `to_pixels` turns that into [0, 1]: `torch.sigmoid`,
or None where the decoder already gives pixels. `encode` is x to (mu, logvar); mu is taken as the code of an image.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from course_utils.widgets.panel import Panel, View, choice, image_png, slider, strip

ToPixels = Callable[[Tensor], Tensor] | None
ENCODE = "Put the sliders on the code of the chosen image again"
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


# What is shown: pure functions, which a page also uses for its static figures.


@torch.no_grad()
def decoded(decode: Callable[..., Tensor], z: Tensor, *given: Tensor, to_pixels: ToPixels = torch.sigmoid) -> Tensor:
    """Images in [0, 1], `(B, 1, H, W)`, from codes z `(B, Z)` (and classes `(B,)`, for a conditional decoder)."""
    x_logits = decode(z, *given)
    return x_logits if to_pixels is None else to_pixels(x_logits)


def interpolate(z_a: Tensor, z_b: Tensor, steps: int = 9) -> Tensor:
    """Codes `(steps, Z)` at equal distances on the line from z_a to z_b, each `(Z,)` or `(1, Z)`, ends included."""
    t = torch.linspace(0, 1, steps, dtype=z_a.dtype)[:, None]
    return (1 - t) * z_a.reshape(1, -1) + t * z_b.reshape(1, -1)


def latent_sweep(
    decode: Callable[..., Tensor],
    latent: int,
    values: Sequence[float] | Tensor = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0),
    *,
    z: Tensor | None = None,
    to_pixels: ToPixels = torch.sigmoid,
) -> Tensor:
    """Images `(latent V, 1, H, W)`: row by row, one dimension of z (default: 0) takes each of the V values in turn.

    For `plotting.image_grid` with `columns=V`.
    """
    codes = (torch.zeros(latent) if z is None else z.reshape(latent)).repeat(latent, len(values), 1)
    dimension = torch.arange(latent)
    codes[dimension, :, dimension] = torch.as_tensor(values, dtype=codes.dtype)
    return decoded(decode, codes.flatten(0, 1), to_pixels=to_pixels)


def _code(encode: Callable[..., Any], images: Tensor, index: int, *given: Tensor) -> Tensor:
    """The code mu `(1, Z)` of one image."""
    with torch.no_grad():
        return encode(images[index : index + 1], *given)[0]


def _name(index: int, labels: Sequence[Any] | Tensor | None) -> str:
    return f"image {index}" if labels is None else f"image {index}, a {_label(labels[index])}"


def _label(label: Any) -> str:
    return str(label.item() if isinstance(label, Tensor) else label)


def _enlarged(image: ArrayLike, size: int) -> bytes:
    """The image, about `size` pixels wide."""
    return image_png(image, max(1, size // image.shape[-1]))


# Explorers: wiring.


@dataclass(frozen=True)
class _Model:
    """What the latent explorer moves in. Raises ValueError if one of its parts lacks another."""

    decode: Callable[..., Tensor]
    encode: Callable[..., Any] | None
    images: Tensor | None
    labels: Tensor | None
    classes: Sequence[str] | None
    to_pixels: ToPixels

    def __post_init__(self) -> None:
        needs_labels = self.classes is not None and self.images is not None
        if (self.images is None) != (self.encode is None) or (needs_labels and self.labels is None):
            raise ValueError("To start from images, give images and encode; and labels, if the model is conditional.")

    def image(self, z: Tensor, y: int) -> Tensor:
        given = () if self.classes is None else (torch.tensor([y]),)
        return decoded(self.decode, z, *given, to_pixels=self.to_pixels)[0]

    def condition(self, index: int) -> dict[str, int]:
        """The class of an image, if the model is conditional: where its control goes."""
        return {} if self.classes is None else {"condition": int(self.labels[index])}

    def code(self, index: int) -> Tensor:
        given = [torch.tensor([y]) for y in self.condition(index).values()]
        return _code(self.encode, self.images, index, *given)


def _latent_controls(latent: int, limit: float, images: int, classes: Sequence[str] | None) -> dict[str, Any]:
    """The latent explorer's controls: an image to start from and a class, where there are any; then z1, z2, …"""
    controls = {}
    if images:
        tip = "Choose an image: the sliders go to its code"
        controls["start"] = slider("start from", 0, images - 1, 0, tip)
    if classes is not None:
        controls["condition"] = choice("class", [*zip(classes, range(len(classes)), strict=True)], 0, "Class to decode")
    for i in range(1, latent + 1):
        label, tip = f"z{i}".translate(_SUBSCRIPT), f"Latent dimension {i} of {latent}"
        controls[f"z{i}"] = slider(label, -limit, limit, 0.0, tip, step=0.1)
    return controls


def latent_explorer(
    decode: Callable[..., Tensor],
    latent: int,
    *,
    images: Tensor | None = None,
    encode: Callable[..., Any] | None = None,
    labels: Tensor | None = None,
    classes: Sequence[str] | None = None,
    to_pixels: ToPixels = torch.sigmoid,
    limit: float = 4.0,
    size: int = 224,
    seed: int = 0,
) -> Panel:
    """A slider for each dimension of z and the decoded image. Reset goes to z = 0; Random z draws from N(0, I).

    Args: with `images` (N, 1, H, W) and `encode`, choosing one puts the sliders on its code. With `classes`, the names
    of 0, 1, …, the model is conditional: `decode(z, y)`, and `encode(x, y)` with y from `labels`. Codes beyond
    ± `limit` are put there; `size` is a picture's width in CSS pixels. Raises ValueError if one lacks another.
    """
    model = _Model(decode, encode, images, labels, classes, to_pixels)
    rng = torch.Generator().manual_seed(seed)
    start_view = cache(lambda index: (_enlarged(images[index], size), _name(index, labels)))

    def show(start: int = 0, condition: int = 0, **sliders: float) -> dict[str, tuple[bytes, str]]:
        z = torch.tensor([list(sliders.values())])
        shown = {"decoded": (_enlarged(model.image(z, condition), size), f"decoded from z, ‖z‖ = {z.norm():.2f}")}
        return shown if images is None else {**shown, "start": start_view(start)}

    def go_to(z: Tensor, **others: int) -> None:
        panel.set(**{f"z{i}": value for i, value in enumerate(z.flatten().tolist(), 1)}, **others)

    def start_from(index: int) -> None:
        go_to(model.code(index), **model.condition(index))

    buttons = {"Random z": (lambda: go_to(torch.randn(latent, generator=rng)), "Draw z from N(0, I)")}
    if images is not None:
        buttons = {"Encode": (lambda: start_from(panel.controls["start"].value), ENCODE), **buttons}
    controls = _latent_controls(latent, limit, 0 if images is None else len(images), classes)
    views = {name: View(size, size) for name in (["decoded"] if images is None else ["decoded", "start"])}
    return (panel := Panel(show, controls, views, follow={"start": start_from}, buttons=buttons))


def interpolation(
    encode: Callable[..., Any],
    decode: Callable[..., Tensor],
    images: Tensor,
    labels: Tensor | None = None,
    *,
    steps: int = 9,
    to_pixels: ToPixels = torch.sigmoid,
    size: int = 140,
) -> Panel:
    """Two images and what lies between their codes: a slider t on z = (1 − t) z_first + t z_second, and a strip."""
    other = 1 if labels is None else next((i for i, y in enumerate(labels) if y != labels[0]), 1)
    controls = {
        "first": slider("first", 0, len(images) - 1, 0, "Image at t = 0"),
        "second": slider("second", 0, len(images) - 1, other, "Image at t = 1"),
        "t": slider("t", 0.0, 1.0, 0.5, "Place on the line between both codes", step=0.02),
    }
    views = {name: View(size, size) for name in ("first", "between", "second")} | {"strip": View(3 * size + 48)}

    def show(first: int, second: int, t: float) -> dict[str, tuple[bytes, str]]:
        z_first, z_second = _code(encode, images, first), _code(encode, images, second)
        codes = torch.cat([interpolate(z_first, z_second, steps), torch.lerp(z_first, z_second, t)])
        x = decoded(decode, codes, to_pixels=to_pixels)
        return {
            "first": (_enlarged(images[first], size), _name(first, labels)),
            "between": (_enlarged(x[-1], size), f"decoded at t = {t:.2f}"),
            "second": (_enlarged(images[second], size), _name(second, labels)),
            "strip": (_enlarged(strip(x[:-1]), 4 * size), f"decoded in {steps} equal steps from t = 0 to t = 1"),
        }

    def swap() -> None:
        panel.set(first=panel.controls["second"].value, second=panel.controls["first"].value)

    panel = Panel(show, controls, views, buttons={"Swap": (swap, "Exchange first and second")})
    return panel


def arithmetic(
    encode: Callable[..., Any],
    decode: Callable[..., Tensor],
    images: Tensor,
    labels: Tensor | None = None,
    *,
    to_pixels: ToPixels = torch.sigmoid,
    size: int = 104,
) -> Panel:
    """Latent arithmetic on the codes of three images: z = z_a − z_b + z_c, decoded."""
    controls = {
        name: slider(name, 0, len(images) - 1, min(i, len(images) - 1), f"Image {name} of a − b + c")
        for i, name in enumerate("abc")
    }

    def show(**chosen: int) -> dict[str, tuple[bytes, str]]:
        z_a, z_b, z_c = (_code(encode, images, index) for index in chosen.values())
        x = decoded(decode, z_a - z_b + z_c, to_pixels=to_pixels)[0]
        given = {
            name: (
                _enlarged(images[index], size),
                sign + name + ("" if labels is None else f": a {_label(labels[index])}"),
            )
            for sign, (name, index) in zip(("", "− ", "+ "), chosen.items(), strict=True)
        }
        return {**given, "result": (_enlarged(x, size), "= a − b + c")}

    return Panel(show, controls, {name: View(size, size) for name in (*"abc", "result")})
