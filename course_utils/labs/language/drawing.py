"""What lecture 10a's explorers draw: text cut into tokens, a map of attention, bars. By Pillow: a few milliseconds."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from course_utils.widgets.panel import png_file

SCALE = 1.5  # image pixels to the CSS pixel
PAPER, INK, BAR, PALE = "#FFFFFF", "#111111", "#0072B2", "#D5DBE3"
TINTS = ("#CFE3F2", "#F9DFCC", "#CDEBDD", "#F3DDEA")  # of neighboring tokens; light, so that the text is read


@lru_cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font, so many CSS pixels high."""
    return ImageFont.load_default(size=size * SCALE)


def shown(text: str) -> str:
    """A token as it is drawn: white space made visible, other signs that have no picture as their number."""
    visible = text.replace(" ", "·").replace("\n", "\\n")
    return "".join(sign if sign.isprintable() and ord(sign) < 256 else f"<{ord(sign):X}>" for sign in visible)


def canvas(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """White paper of a size in CSS pixels, and the pen."""
    image = Image.new("RGB", (round(width * SCALE), round(height * SCALE)), PAPER)
    return image, ImageDraw.Draw(image)


def cut_text(tokens: Sequence[bytes], width: int, height: int) -> bytes:
    """Tokens one after another as tinted boxes, line by line, as a PNG; what does not fit is left out."""
    image, pen = canvas(width, height)
    x, y, line = 6.0, 6.0, 24 * SCALE
    for number, token in enumerate(tokens):
        word = shown(token.decode(errors="replace"))
        wide = pen.textlength(word, font=font(13)) + 4
        if x + wide > image.width - 6:
            x, y = 6.0, y + line
        if y + line > image.height:
            break
        pen.rectangle((x, y, x + wide - 1, y + 19 * SCALE), fill=TINTS[number % len(TINTS)])
        pen.text((x + 2, y + 1), word, font=font(13), fill=INK)
        x += wide + 1
    return png_file(image)


def attention_map(weights: Tensor, letters: Sequence[str], side: int) -> bytes:
    """Weights `(T, T)` as shades of blue, a row for each token that looks, a column for each looked at, as a PNG."""
    image, pen = canvas(side, side)
    size = len(letters)
    edge = 20 * SCALE
    cell = (image.width - edge - 2) / size
    gray = weights.detach().numpy().clip(0, 1)[..., None] ** 0.6  # small weights are still to be seen
    rgb = 255 - gray * (255 - np.array([0, 58, 112]))
    room = round(cell * size)
    patch = Image.fromarray(rgb.round().astype(np.uint8)).resize((room, room), Image.Resampling.NEAREST)
    image.paste(patch, (round(edge), round(edge)))
    for place, letter in enumerate(letters):
        middle = edge + (place + 0.5) * cell
        for at in ((middle, edge / 2), (edge / 2, middle)):
            pen.text(at, shown(letter), font=font(max(7, min(13, int(cell / SCALE)))), fill=INK, anchor="mm")
    return png_file(image)


def bars(before: Sequence[float], after: Sequence[float], names: Sequence[str], width: int, height: int) -> bytes:
    """Two probabilities a name: before (pale) and after (blue), as a PNG; each after is written above its bar."""
    image, pen = canvas(width, height)
    top, floor = 22 * SCALE, image.height - 24 * SCALE
    step = (image.width - 8) / len(names)
    for place, (pale, blue, name) in enumerate(zip(before, after, names, strict=True)):
        left = 4 + place * step
        pen.rectangle((left + 1, floor - pale * (floor - top), left + step * 0.45, floor), fill=PALE)
        pen.rectangle((left + step * 0.48, floor - blue * (floor - top), left + step * 0.92, floor), fill=BAR)
        pen.text((left + step / 2, floor + 12 * SCALE), shown(name), font=font(13), fill=INK, anchor="mm")
        if blue >= 0.005:
            high = min(floor - max(pale, blue) * (floor - top), floor) - 8 * SCALE
            pen.text((left + step / 2, high), f"{100 * blue:.0f}", font=font(10), fill=INK, anchor="mm")
    pen.line((4, floor, image.width - 4, floor), fill="#444444", width=2)
    return png_file(image)


def paper(lines: Sequence[str], width: int, height: int) -> bytes:
    """Lines of text, broken at the width, as a PNG; what does not fit is left out."""
    image, pen = canvas(width, height)
    y = 6.0
    for line in lines:
        row = ""
        for word in (line + " ").split(" "):
            longer = f"{row} {word}" if row else word
            if pen.textlength(longer, font=font(13)) > image.width - 12:
                pen.text((6, y), row, font=font(13), fill=INK)
                row, y = word, y + 20 * SCALE
            else:
                row = longer
        pen.text((6, y), row, font=font(13), fill=INK)
        y += 20 * SCALE
    return png_file(image)
