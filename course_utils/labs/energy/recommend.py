"""Lecture 09a's rivals of the RBM on a ratings table, and how a list of recommendations is judged."""

from typing import NamedTuple

import torch
from torch import Tensor

FAR = -1e9  # the score of what a user has rated already


def bias_model(seen: Tensor, ridge: float = 5.0, rounds: int = 10) -> Tensor:
    """Stars guessed as mean + user's + item's bias, `(U, I)`, from the ratings seen `(U, I)`, 0 where there is none.

    Source: Koren, Bell & Volinsky 2009 (10.1109/MC.2009.263), eq. 3, by ridge regression in turns.
    """
    known, stars = (seen > 0).float(), seen.float()
    mean, of_user = stars.sum() / known.sum(), torch.zeros(len(seen), 1)
    for _ in range(rounds):
        of_item = ((stars - mean - of_user) * known).sum(0) / (known.sum(0) + ridge)
        of_user = ((stars - mean - of_item) * known).sum(1, keepdim=True) / (known.sum(1, keepdim=True) + ridge)
    return mean + of_user + of_item


class Factors(NamedTuple):
    """A matrix factorization: users `(U, K)` and items `(I, K)`; a user's score of an item is their product."""

    users: Tensor
    items: Tensor


def solve(target: Tensor, weight: Tensor, items: Tensor, ridge: float) -> Tensor:
    """Users `(U, K)` that minimize Σ weight (target − users · items)² + ridge ‖users‖², items `(I, K)` fixed."""
    gram = torch.einsum("ui,ik,il->ukl", weight, items, items) + ridge * torch.eye(items.shape[1])
    return torch.linalg.solve(gram, (weight * target) @ items)


def factorize(
    target: Tensor, weight: Tensor, rank: int, ridge: float, rounds: int = 8, rng: torch.Generator | None = None
) -> Factors:
    """Weighted matrix factorization of target `(U, I)` by alternating least squares.

    Stars: weight 1 where there is a rating and 0 elsewhere (Koren et al. 2009). Likes: 1 + α x everywhere, so that what
    is not known counts as a weak no (Hu, Koren & Volinsky 2008, 10.1109/ICDM.2008.22).
    """
    items = 0.1 * torch.randn(target.shape[1], rank, generator=rng)
    for _ in range(rounds):
        users = solve(target, weight, items, ridge)
        items = solve(target.mT, weight.mT, users, ridge)
    return Factors(users, items)


def of_stars(seen: Tensor, rank: int = 6, ridge: float = 4.0, rng: torch.Generator | None = None) -> dict[str, Tensor]:
    """Scores `(U, I)` of what needs the stars seen `(U, I)`, 0 where there is none, or how often an item is rated."""
    known, bias = (seen > 0).float(), bias_model(seen)
    rest = factorize((seen - bias) * known, known, rank, ridge, rng=rng)
    popularity = known.sum(0).expand_as(known)
    return {"popularity": popularity, "bias model": bias, "MF of stars": bias + rest.users @ rest.items.mT}


class Verdict(NamedTuple):
    """Of the k items recommended to each user: the share of held-out likes found, the mean of the stars they would
    truly give, the share of recommendations that go to the tenth of the items that are rated most, and how many
    different items are recommended to anyone."""

    recall: float
    stars: float
    head: float
    items: int


def judge(score: Tensor, seen: Tensor, held: Tensor, expected: Tensor, k: int = 10) -> Verdict:
    """Judge scores `(U, I)` on held-out ratings; a held-out item with 4 stars or more is to be found.

    Recall is over the users with such an item, each divided by at most k. Raises ValueError if there is none.
    """
    wanted = (held >= 4).float()
    number = wanted.sum(1)
    if not number.any():
        raise ValueError("No rating of 4 stars or more is held out: there is nothing to be found.")
    top = score.masked_fill(seen > 0, FAR).topk(k, 1).indices
    found = wanted.gather(1, top).sum(1)[number > 0] / number[number > 0].clamp(max=k)
    head = (seen > 0).sum(0).argsort(descending=True, stable=True)[: seen.shape[1] // 10]
    to_head = torch.isin(top, head).float().mean().item()
    return Verdict(found.mean().item(), expected.gather(1, top).mean().item(), to_head, len(top.unique()))
