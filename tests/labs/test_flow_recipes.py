"""Lecture 08a's recipes: flows by seed, side by side, and a mixture that is scikit-learn's."""

import torch
from sklearn.mixture import GaussianMixture

from course_utils.data import toy
from course_utils.labs.flows import recipes
from course_utils.models import ensemble, flows
from course_utils.training import seeded

MASKS = flows.alternating(2, 2)


def test_side_by_side_stand_the_flows_of_each_seed():
    stacked, single = recipes.side_by_side(MASKS, 8)
    assert stacked.lead == (3,)
    for seed in range(3):
        alone, taken = recipes.new(MASKS, 8, seed), ensemble.one_of(stacked, single, seed)
        assert torch.equal(alone.layers[0].net[0].weight, taken.layers[0].net[0].weight)
    assert not torch.equal(alone.layers[0].net[0].weight, single.layers[0].net[0].weight)


def test_the_mixture_is_scikit_learns():
    x = toy("blobs").sample(400, rng=seeded())
    expected = GaussianMixture(3, reg_covar=1e-5, max_iter=50, random_state=0).fit(x).score_samples(x)
    torch.testing.assert_close(
        recipes.mixture(x, 3).log_prob(x), torch.from_numpy(expected).float(), rtol=1e-3, atol=1e-3
    )


def test_numbers_are_weights_and_biases():
    assert recipes.numbers(recipes.new(MASKS, 8, depth=1)) == 2 * (2 * 8 + 8 + 8 * 4 + 4)
