"""Pictures of one's own, from a folder or an upload, as images of the kind that `data.images` gives."""

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

__all__ = ["Pictures", "own_images"]

SIDES = (8, 16, 28)
_PAPER = 0.5  # an edge lighter than this is paper
_LITTER = {"thumbs.db", "desktop.ini"}  # what Windows leaves in a folder of pictures; hidden files are left out too
_WAY_OUT = "Take them away, or save them as PNG or JPEG (a telephone's HEIC pictures: export them as JPEG)."
_SIXTEEN_BIT = ("I", "I;16", "I;16B", "I;16L")


class Pictures(NamedTuple):
    """Images with their classes; the first two as `data.images` gives them."""

    x: Tensor  # float32 in [0, 1], (N, 1, side, side); 0 is paper, 1 is ink
    y: Tensor  # int64, (N,): places in `names`
    names: tuple[str, ...]  # of the classes, in alphabetical order
    inverted: bool  # whether light was taken for ink, as in chalk on a blackboard


def own_images(
    source: str | Path | Iterable[str | Path | Mapping],
    side: int = 28,
    *,
    invert: bool | None = None,
    at_least: int = 1,
) -> Pictures:
    """Pictures of any format, size and colour that Pillow reads, as small grey-level images, in alphabetical order.

    A picture is turned as its camera held it, laid on white paper where it is transparent (on black, if on white
    nothing of it were to be seen), made grey, cut to the square in its middle, and reduced: a pixel is the mean of
    what it covers.

    Args:
        source: a folder whose sub-folders are the classes; or a folder of pictures, or files, whose classes are the
            folders they lie in; or the `value` of an `ipywidgets.FileUpload(multiple=True)`, whose class is "upload".
        side: 8, 16 or 28 pixels.
        invert: whether light is ink. None: if the edges of most pictures are dark, since the edge mostly is paper.
        at_least: how many pictures are needed.

    Raises:
        FileNotFoundError: there is no such folder or file.
        ValueError: no pictures, too few, files that are no pictures (the message names them), another `side`, or
            pictures both in the folder and in sub-folders.
    """
    if side not in SIDES:
        raise ValueError(f"side must be one of {', '.join(map(str, SIDES))} pixels, got {side!r}")
    entries = sorted(_entries(source), key=lambda entry: entry[:2])
    if len(entries) < max(1, at_least):
        where = f" in {source}" if isinstance(source, str | Path) else ""
        raise ValueError(
            f"too few pictures{where}: {len(entries)} of at least {max(1, at_least)}. Add PNG or JPEG files, "
            "for several classes in one sub-folder for each"
        )
    paper = torch.from_numpy(np.stack(_read(entries, side))).unsqueeze(1)  # 0 is black, 1 is white
    if invert is None:
        invert = bool((_edges(paper) < _PAPER).float().mean() > 0.5)
    names = tuple(sorted({label for label, _, _ in entries}))
    y = torch.tensor([names.index(label) for label, _, _ in entries])
    return Pictures(paper if invert else 1 - paper, y, names, invert)


def _entries(source: str | Path | Iterable) -> Iterator[tuple[str, str, Path | bytes]]:
    """Class, name and place (or content) of each picture."""
    if isinstance(source, str | Path):
        yield from _files(Path(source).expanduser())
        return
    for item in [source] if isinstance(source, Mapping) else source:
        if isinstance(item, Mapping):
            yield "upload", str(item["name"]), bytes(item["content"])
        else:
            yield from _files(Path(item).expanduser())


def _files(place: Path) -> Iterator[tuple[str, str, Path]]:
    if not place.exists():
        raise FileNotFoundError(f"there is no folder or file {place} (looked for in {Path.cwd()})")
    if place.is_file():
        yield place.resolve().parent.name, str(place), place
        return
    files = [path for path in place.rglob("*") if path.is_file() and _wanted(path.relative_to(place))]
    inside = [path for path in files if path.parent == place]
    if inside and len(inside) < len(files):
        raise ValueError(
            f"{place} has pictures ({inside[0].name}, ...) and sub-folders: "
            "put each picture into the sub-folder of its class, or all of them into one folder"
        )
    for path in files:
        label = place.resolve().name if inside else path.relative_to(place).parts[0]
        yield label, str(path), path


def _wanted(path: Path) -> bool:
    return not any(part.startswith(".") or part.lower() in _LITTER for part in path.parts)


def _read(entries: list[tuple[str, str, Path | bytes]], side: int) -> list[np.ndarray]:
    """The pictures, (side, side) float32 each, 0 for black and 1 for white. Names all that cannot be read at once."""
    pictures, bad = [], []
    for _, name, content in entries:
        try:
            with Image.open(io.BytesIO(content) if isinstance(content, bytes) else content) as image:
                pictures.append(_reduce(image, side))
        except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
            why = "no picture" if isinstance(error, UnidentifiedImageError) else str(error)
            bad.append(f"{name} ({why})")
    if bad:
        more = f", and {len(bad) - 5} more" if len(bad) > 5 else ""
        raise ValueError(f"{len(bad)} of {len(entries)} files cannot be read: {', '.join(bad[:5])}{more}. {_WAY_OUT}")
    return pictures


def _reduce(image: Image.Image, side: int) -> np.ndarray:
    image = ImageOps.exif_transpose(image)
    white = 65535 if image.mode in _SIXTEEN_BIT else 255
    grey = np.asarray(image if white > 255 else _opaque(image), dtype=np.float32) / white
    square = ImageOps.fit(Image.fromarray(grey), (side, side), Image.Resampling.BOX)
    return np.clip(np.asarray(square, dtype=np.float32), 0, 1)


def _opaque(image: Image.Image) -> Image.Image:
    """In grey, laid on white, or on black if on white it is blank."""
    if not image.has_transparency_data:
        return image.convert("L")
    image = image.convert("RGBA")
    on_white, on_black = (
        Image.alpha_composite(Image.new("RGBA", image.size, paper), image).convert("L") for paper in ("white", "black")
    )
    darkest, lightest = on_white.getextrema()
    return on_white if darkest < lightest else on_black


def _edges(x: Tensor) -> Tensor:
    """The median grey level of the outermost pixels of each image (N, 1, side, side); (N,)."""
    edge = torch.cat([x[..., 0, :], x[..., -1, :], x[..., 1:-1, 0], x[..., 1:-1, -1]], dim=-1)
    return edge.flatten(1).median(dim=1).values
