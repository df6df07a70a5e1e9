"""The ratings table: it is what it says, what is missing is not missing at random, and a split loses nothing."""

import pytest
import torch

from course_utils.data.ratings import GENRES, hold_out, ratings
from course_utils.training import seeded


def test_every_user_gives_so_many_ratings_of_one_to_five_stars():
    made = ratings(50, 30, per_user=12, rng=seeded(0))
    assert made.stars.shape == made.expected.shape == (50, 30) and made.stars.dtype == torch.int64
    assert ((made.stars > 0).sum(1) == 12).all() and made.stars.max() == 5 and made.stars.min() == 0
    assert made.expected.min() >= 1 and made.expected.max() <= 5 and made.taste.shape == (50, GENRES)


def test_the_same_seed_gives_the_same_table_and_another_another():
    first, again, other = (ratings(20, 15, per_user=5, rng=seeded(seed)).stars for seed in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_stars_are_what_is_expected_plus_noise():
    made = ratings(rng=seeded(1))
    given = made.stars > 0
    middle = given & (made.expected > 2) & (made.expected < 4)  # where clamping does not bite
    gap = made.stars[middle] - made.expected[middle]
    assert abs(gap.mean()) < 0.05 and 0.5 < gap.std() < 0.8


def test_famous_films_and_liked_genres_are_rated_more():
    made = ratings(rng=seeded(2))
    counts = (made.stars > 0).sum(0).float()
    assert counts[:10].mean() > 5 * counts[-60:].mean(), "fame falls with the number"
    assert made.expected[made.stars > 0].mean() > made.expected.mean() + 0.2, (
        "what is watched is liked more than the rest"
    )
    flat = ratings(skew=0.0, rng=seeded(2))
    assert (flat.stars > 0).sum(0)[:10].float().mean() < 1.5 * (flat.stars > 0).sum(0)[-60:].float().mean()


def test_a_split_gives_each_rating_to_one_side():
    stars = ratings(100, 40, per_user=15, rng=seeded(3)).stars
    seen, held = hold_out(stars, 0.2, seeded(0))
    assert torch.equal(seen + held, stars) and not ((seen > 0) & (held > 0)).any()
    assert abs((held > 0).sum() / (stars > 0).sum() - 0.2) < 0.04


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_split_needs_two_sides(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        hold_out(torch.ones(2, 2).long(), share)


@pytest.mark.parametrize("number", [0, 15])
def test_impossible_tables_are_refused(number):
    with pytest.raises(ValueError, match="per_user"):
        ratings(20, 15, per_user=number)
