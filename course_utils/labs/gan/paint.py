"""One moment of a GAN on the plane as an image, for the live trainer.

Drawn in 7 ms, where matplotlib takes 51, with moving artists over a kept background: too long for 30 pictures a second.
"""

import io
from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from course_utils.labs.gan.plots import FAKE, REAL
from course_utils.labs.gan.session import EXTENT, Frame, Session
from course_utils.plotting import COLORS

SIDE, WIDTH = 420, 720  # pixels: the plane is a square, beside it two charts
_SHADES = (255 * (0.4 + 0.6 * colormaps["PuOr"](np.linspace(0, 1, 256))[:, :3])).astype(np.uint8)
_INK, _PAPER = "#333333", "#FFFFFF"


def paint(session: Session, index: int = -1) -> Image.Image:
    """The frame as an image: D's surface, real and generated points with their pushes, losses and modes up to there."""
    frames = session.frames[: index % len(session.frames) + 1]
    image = Image.new("RGB", (WIDTH, SIDE), _PAPER)
    image.paste(plane(session.x.numpy(), frames[-1]))
    draw, left, half = ImageDraw.Draw(image), SIDE + 12, SIDE // 2
    series = {"loss of D": (COLORS[2], [f.d_loss for f in frames]), "loss of G": (FAKE, [f.g_loss for f in frames])}
    _chart(draw, (left, 0, WIDTH, half - 6), series)
    if session.modes is None:
        draw.text((left, half + 8), "this set has no separate modes", _INK, _font())
    else:
        modes = {f"modes of {len(session.modes)} with a fair share": (COLORS[3], [f.modes for f in frames])}
        _chart(draw, (left, half + 6, WIDTH, SIDE), modes, (0.0, float(len(session.modes))))
    return image


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(13)


def _pixels(points: NDArray[np.float32]) -> list[list[float]]:
    """Points of the plane as pixels; y points down in an image."""
    return ((points * [1, -1] / EXTENT + 1) * SIDE / 2).clip(-SIDE, 2 * SIDE).tolist()


def plane(real: NDArray[np.float32], frame: Frame) -> Image.Image:
    """D's surface (violet: real, orange: generated), real points as squares, generated ones as disks."""
    shade = Image.fromarray(_SHADES[(frame.surface[::-1] * 255).astype(np.uint8)])
    image = shade.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    draw = ImageDraw.Draw(image)
    for x, y in _pixels(real):
        draw.rectangle((x - 1.5, y - 1.5, x + 1.5, y + 1.5), fill=REAL)
    length = np.linalg.norm(frame.gradient, axis=1, keepdims=True)
    ends = frame.fake - 0.3 * frame.gradient / (1 + length)  # an arrow is at most 0.3 long
    for start, end in zip(_pixels(frame.fake), _pixels(ends), strict=True):
        draw.line((*start, *end), fill="#444444")
        x, y = start
        draw.ellipse((x - 2.5, y - 2.5, x + 2.5, y + 2.5), fill=FAKE)
    return image


def _chart(
    draw: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    series: dict[str, tuple[str, Sequence[float]]],
    limits: tuple[float, float] | None = None,
) -> None:
    """Lines over all frames so far; the axis from the least to the greatest value shown, or within `limits`."""
    x0, y0, x1, y1 = box[0] + 34, box[1] + 22, box[2] - 6, box[3] - 8
    values = np.array([numbers for _, numbers in series.values()], dtype=float)
    known = values[np.isfinite(values)]
    low, high = limits or ((known.min(), known.max() + 1e-3) if known.size else (0.0, 1.0))
    draw.line((x0, y0, x0, y1, x1, y1), fill=_INK)
    for value, y in ((high, y0), (low, y1)):
        draw.text((x0 - 4, y), f"{value:.3g}", _INK, _font(), anchor="rm")
    place = np.linspace(x0, x1, values.shape[1]) if values.shape[1] > 1 else np.array([x0])
    for number, ((name, (color, _)), line) in enumerate(zip(series.items(), values, strict=True)):
        draw.text((x0 + 110 * number, box[1] + 2), name, color, _font())
        y = y1 - (line - low) / (high - low) * (y1 - y0)
        path = [point for point in zip(place.tolist(), y.tolist(), strict=True) if np.isfinite(point[1])]
        if len(path) > 1:
            draw.line(path, fill=color, width=2)


def jpeg(image: Image.Image) -> bytes:
    """As a JPEG file, which takes a tenth of the time of a PNG here."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
