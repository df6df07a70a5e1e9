"""Captions and the pictures they describe: two shapes on 16×16 pixels in color, and a judge that reads a picture.

caption = Caption("large", "red", "circle", "left of", "small", "blue", "square")
x = draw(caption, rng)                  # (3, 16, 16) in [0, 1]
obeyed(caption, x)["all"]               # the judge reads the picture, not the caption
"""

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

SIZE = 16
SIZES = ("small", "large")
COLORS = {"red": (0.85, 0.1, 0.1), "green": (0.05, 0.6, 0.25), "blue": (0.1, 0.3, 0.85)}
SHAPES = ("circle", "square", "triangle")
RELATIONS = ("left of", "right of", "above", "below")
HELD_OUT = ("green", "triangle")  # a combination that no training picture shows; either word alone, many do
WORDS = (SIZES, tuple(COLORS), SHAPES, RELATIONS, SIZES, tuple(COLORS), SHAPES)  # the choices for each part


class Caption(NamedTuple):
    """What is to be seen: one thing, where it lies, and another thing of another color."""

    size: str
    color: str
    shape: str
    relation: str
    other_size: str
    other_color: str
    other_shape: str

    def __str__(self) -> str:
        return f"a {self.size} {self.color} {self.shape} {self.relation} a {' '.join(self[4:])}"

    @property
    def things(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        """Size, color and shape of both."""
        return self[:3], self[4:]


def parse(text: str) -> Caption:
    """The caption in words such as "a large red circle left of a small blue square".

    Raises ValueError, which says what the words may be, for another sentence or two things of one color.
    """
    words = text.lower().replace(" of ", "_of ").replace(",", " ").split()
    parts = tuple(word.replace("_", " ") for word in words if word not in ("a", "an", "the"))
    known = len(parts) == 7 and all(part in choices for part, choices in zip(parts, WORDS, strict=True))
    if not known or parts[1] == parts[5]:
        choices = " · ".join("/".join(options) for options in WORDS)
        raise ValueError(f"Say it as in “a large red circle left of a small blue square”, two colors: {choices}")
    return Caption(*parts)


def captions() -> list[Caption]:
    """All captions, in one order; the two things differ in color."""
    return [Caption(*parts) for parts in product(*WORDS) if parts[1] != parts[5]]


def is_held_out(caption: Caption) -> bool:
    """Whether one of its things is a green triangle."""
    return any(thing[1:] == HELD_OUT for thing in caption.things)


def tokens(captions: Sequence[Caption]) -> Tensor:
    """Each part's number among its choices, int64 `(N, 7)`: the words that the network is given."""
    numbers = [[choices.index(part) for part, choices in zip(caption, WORDS, strict=True)] for caption in captions]
    return torch.tensor(numbers)


def stencil(size: str, shape: str) -> Tensor:
    """A thing's pixels, bool `(w, w)`: 5 wide if it is small, 7 if large."""
    r = 2 if size == "small" else 3
    v, h = torch.meshgrid(torch.arange(-r, r + 1), torch.arange(-r, r + 1), indexing="ij")
    if shape == "circle":
        return v**2 + h**2 <= r**2 + 1
    return torch.ones_like(v, dtype=torch.bool) if shape == "square" else 2 * h.abs() <= v + r


def draw(caption: Caption, rng: torch.Generator | None = None) -> Tensor:
    """A picture `(3, 16, 16)` in [0, 1] of the caption on white, the places drawn at random."""
    x = torch.ones(3, SIZE, SIZE)
    axis = 1 if caption.relation in ("left of", "right of") else 0
    order = (0, 1) if caption.relation in ("left of", "above") else (1, 0)
    for (size, color, shape), half in zip(caption.things, order, strict=True):
        mask = stencil(size, shape)
        w = len(mask)
        corner = (SIZE - w) // 2 + torch.randint(-2, 3, (2,), generator=rng)
        corner[axis] = half * SIZE // 2 + torch.randint(0, SIZE // 2 - w + 1, (1,), generator=rng)
        v, h = corner.tolist()
        x[:, v : v + w, h : h + w][:, mask] = torch.tensor(COLORS[color])[:, None]
    return x


# The judge.

_PAINTS = torch.tensor([(1.0, 1.0, 1.0), *COLORS.values()])


def read(x: Tensor) -> Caption | None:
    """What a picture `(3, 16, 16)` shows, or None if there are not two things of two colors to be seen.

    A pixel has the color that is nearest. The two colors with most pixels are the things; each is the shape and size
    whose pixels, at the best place, overlap most with those of the color; where it lies is decided by the centers.
    """
    paint = (x[None] - _PAINTS[:, :, None, None]).square().sum(1).argmin(0)
    masks = [paint == k for k in (1, 2, 3)]
    one, other = torch.stack([mask.sum() for mask in masks]).topk(2).indices.sort().values.tolist()
    if min(masks[one].sum(), masks[other].sum()) < 5:
        return None
    v, h = (_center(masks[other]) - _center(masks[one])).tolist()
    relation = ("left of" if h > 0 else "right of") if abs(h) > abs(v) else ("above" if v > 0 else "below")
    (size, shape), (other_size, other_shape) = _fit(masks[one]), _fit(masks[other])
    names = list(COLORS)
    return Caption(size, names[one], shape, relation, other_size, names[other], other_shape)


def _center(mask: Tensor) -> Tensor:
    return mask.nonzero().float().mean(0)


def _fit(mask: Tensor) -> tuple[str, str]:
    """The size and shape whose overlap with the mask, over their union, is largest at its best place."""
    stencils, names = _stencils()
    both = F.conv2d(F.pad(mask.float(), (4, 4, 4, 4))[None, None], stencils).amax((0, 2, 3))
    return names[int((both / (stencils.sum((1, 2, 3)) + mask.sum() - both)).argmax())]


@cache
def _stencils() -> tuple[Tensor, list[tuple[str, str]]]:
    """Every thing's pixels in a frame of 7×7, `(6, 1, 7, 7)`, and its size and shape."""
    names = list(product(SIZES, SHAPES))
    framed = [F.pad(one, [(7 - len(one)) // 2] * 4) for one in (stencil(*name).float() for name in names)]
    return torch.stack(framed)[:, None], names


def turned(caption: Caption) -> Caption:
    """The same scene told from the other thing: "a … left of b …" is "b … right of a …"."""
    opposite = RELATIONS[RELATIONS.index(caption.relation) ^ 1]
    return Caption(*caption[4:], opposite, *caption[:3])


def obeyed(caption: Caption, x: Tensor) -> dict[str, bool]:
    """Whether the picture x `(3, 16, 16)` has both colors, both sizes, both shapes, the relation, and all of these.

    A thing is known by its color: without both colors nothing else counts as obeyed.
    """
    seen = read(x)
    if seen is not None and seen.color != caption.color:
        seen = turned(seen)
    met = seen is not None and (seen.color, seen.other_color) == (caption.color, caption.other_color)
    said = {
        "colors": met,
        "sizes": met and (seen.size, seen.other_size) == (caption.size, caption.other_size),
        "shapes": met and (seen.shape, seen.other_shape) == (caption.shape, caption.other_shape),
        "relation": met and seen.relation == caption.relation,
    }
    return said | {"all": all(said.values())}
