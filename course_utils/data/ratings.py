"""A ratings table with known structure: who would like what, what is watched and why, and the stars that are given.

films = ratings(600, 120, rng=torch.Generator().manual_seed(0))
seen, held = hold_out(films.stars, 0.2, rng)      # (600, 120) each, 0 where there is no rating
"""

from typing import NamedTuple

import torch
from torch import Tensor

GENRES = 6


class Ratings(NamedTuple):
    """Stars given, int64 `(U, I)`, 1 to 5, and 0 for most; and what is known only because the table is made.

    expected: the mean of the stars that each user would give each item, float `(U, I)`; fame: how much an item is
    watched, apart from tastes, `(I,)`, falling; genre: int64 `(I,)`; taste: how much a user likes a genre, `(U, G)`.
    """

    stars: Tensor
    expected: Tensor
    fame: Tensor
    genre: Tensor
    taste: Tensor


def ratings(
    users: int = 600, items: int = 120, *, per_user: int = 30, skew: float = 1.0, rng: torch.Generator | None = None
) -> Ratings:
    """Each user rates `per_user` items: famous ones more often (rank^−skew), and those of genres that he or she likes.

    Stars are the user's mean plus the item's quality plus a taste for its genre plus noise, rounded to 1 … 5. So what
    is missing is not missing at random. Raises ValueError unless 1 ≤ per_user < items.
    """
    if not 1 <= per_user < items:
        raise ValueError(f"per_user must be at least 1 and below {items} items, got {per_user}.")
    taste = torch.randn(users, GENRES, generator=rng)
    genre = torch.randint(GENRES, (items,), generator=rng)
    mean, quality = 3.3 + 0.4 * torch.randn(users, 1, generator=rng), 0.4 * torch.randn(items, generator=rng)
    expected = (mean + quality + 0.8 * taste[:, genre]).clamp(1, 5)
    noisy = expected + 0.6 * torch.randn(users, items, generator=rng)
    fame = torch.arange(1, items + 1).float() ** -skew
    watched = torch.multinomial(fame * (0.7 * taste[:, genre]).exp(), per_user, generator=rng)
    stars = torch.zeros(users, items, dtype=torch.int64).scatter(1, watched, 1)
    return Ratings(stars * noisy.round().clamp(1, 5).long(), expected, fame / fame.sum(), genre, taste)


def hold_out(stars: Tensor, share: float, rng: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
    """Split the ratings given `(U, I)` at random into two tables of that shape, 0 where the other has the rating.

    Returns the ratings kept and the `share` held out. Raises ValueError unless 0 < share < 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, got {share}.")
    out = torch.rand(stars.shape, generator=rng) < share
    return stars * ~out, stars * out
