"""Inception Score and KID against closed forms and torchmetrics; what every metric of two sets refuses."""

import numpy as np
import pytest
import torch
from oracles import Identity, features
from torchmetrics.image.inception import InceptionScore
from torchmetrics.image.kid import KernelInceptionDistance

from course_utils import metrics

pytestmark = pytest.mark.filterwarnings("ignore:Metric `:UserWarning")  # torchmetrics on its memory


TWO_SETS = [metrics.frechet_distance, metrics.kid, metrics.prdc, metrics.frechet_extrapolated]


@pytest.mark.parametrize("metric", TWO_SETS)
@pytest.mark.parametrize(
    "fake, message",
    [
        (np.full((20, 4), np.nan), "fake features holds 80 value"),
        (np.full((20, 4), np.inf), "infinite"),
        (np.zeros((1, 4)), "at least 2 samples"),
        (np.zeros((20, 3)), "different numbers of features: real has 4, fake has 3"),
        (np.zeros(20), "dimension"),
    ],
)
def test_bad_features_are_refused_and_named(metric, fake, message):
    with pytest.raises(ValueError, match=message):
        metric(np.random.default_rng(0).normal(size=(20, 4)), fake)


# --- Inception Score


def probabilities(n, classes, seed, sharpness=3.0):
    logits = sharpness * np.random.default_rng(seed).normal(size=(n, classes))
    return torch.from_numpy(logits).softmax(1).numpy(), logits


def test_inception_score_is_1_if_all_samples_look_alike_and_the_number_of_classes_at_best():
    assert metrics.inception_score(np.tile([0.2, 0.5, 0.3], (40, 1))).value == pytest.approx(1)
    assert metrics.inception_score(np.full((40, 4), 0.25)).value == pytest.approx(1)
    assert metrics.inception_score(np.tile(np.eye(7), (5, 1))).value == pytest.approx(7)  # log 0 included


def test_inception_score_of_a_known_channel():
    p = np.array([[0.9, 0.1], [0.1, 0.9]] * 10)
    entropy = -(0.9 * np.log(0.9) + 0.1 * np.log(0.1))
    assert metrics.inception_score(p).value == pytest.approx(2 * np.exp(-entropy))


@pytest.mark.parametrize("splits", [2, 5, 10])
def test_inception_score_agrees_with_torchmetrics(splits):
    p, logits = probabilities(1000, 10, splits)
    torch.manual_seed(splits)
    order = torch.randperm(1000)  # the shuffle that torchmetrics draws
    torch.manual_seed(splits)
    metric = InceptionScore(feature=Identity(10), splits=splits)
    metric.update(torch.from_numpy(logits))
    expected = [value.item() for value in metric.compute()]
    assert metrics.inception_score(p[order], splits) == pytest.approx(expected, rel=1e-5)


def test_inception_score_is_biased_downwards_by_splits_and_keeps_every_sample():
    p, _ = probabilities(1003, 10, 0)
    one, ten, hundred = (metrics.inception_score(p, splits) for splits in (1, 10, 50))
    assert one.value > ten.value > hundred.value and np.isnan(one.spread)
    parts = [metrics.inception_score(part).value for part in np.array_split(p, 10)]
    assert ten == pytest.approx((np.mean(parts), np.std(parts, ddof=1)))


def test_inception_score_shuffles_only_with_a_seed():
    p = np.repeat(np.eye(5), 40, axis=0)  # sorted by class
    assert metrics.inception_score(p, 5).value == pytest.approx(1)
    assert metrics.inception_score(p, 5, seed=0).value > 4.5
    assert metrics.inception_score(p, 5, seed=0) == metrics.inception_score(p, 5, seed=0)


@pytest.mark.parametrize(
    "p, message",
    [
        (probabilities(20, 4, 0)[1], "Logits need a softmax"),
        (np.full((20, 4), 0.2), "rows sum to 0.8"),
        (np.tile([1.2, -0.2], (20, 1)), "smallest value is -0.2"),
        (np.full((20, 4), np.nan), "NaN"),
        (np.full((1, 4), 0.25), "two samples"),
        (np.full(4, 0.25), "2 dimension"),
    ],
)
def test_inception_score_refuses_what_are_no_probabilities(p, message):
    with pytest.raises(ValueError, match=message):
        metrics.inception_score(p)


def test_inception_score_refuses_too_many_splits_and_warns_of_small_ones():
    p, _ = probabilities(40, 10, 0)
    for splits in (0, 21, 41):
        with pytest.raises(ValueError, match="splits"):
            metrics.inception_score(p, splits)
    with pytest.warns(UserWarning, match="8 samples in a split for 10 classes"):
        metrics.inception_score(p, 5)


# --- KID


def by_hand(x, y):
    k = [[(a @ b / len(a) + 1) ** 3 for b in (*x, *y)] for a in (*x, *y)]
    n, total = len(x), 0.0
    for i in range(2 * n):
        for j in range(2 * n):
            same = (i < n) == (j < n)
            total += 0 if i == j else k[i][j] / (n * (n - 1)) if same else -k[i][j] / n**2
    return total


@pytest.mark.parametrize("seed", range(3))
def test_kid_is_the_unbiased_mmd(seed):
    x, y = features(12, 5, seed), features(12, 5, seed + 10, shift=0.5)
    assert metrics.kid(x, y, subsets=1, subset_size=12).value == pytest.approx(by_hand(x, y))


def test_kid_agrees_with_torchmetrics_on_whole_sets_and_in_the_mean_over_subsets():
    x, y = features(300, 64, 0), features(300, 64, 1, shift=0.3)

    def theirs(subsets, size):
        metric = KernelInceptionDistance(feature=Identity(64), subsets=subsets, subset_size=size)
        metric.set_dtype(torch.float64)
        metric.update(torch.from_numpy(x), real=True)
        metric.update(torch.from_numpy(y), real=False)
        torch.manual_seed(0)
        return [value.item() for value in metric.compute()]

    assert metrics.kid(x, y, subsets=1, subset_size=300).value == pytest.approx(theirs(1, 300)[0], rel=1e-5)
    (mean, spread), ours = theirs(100, 100), metrics.kid(x, y, subsets=100, subset_size=100)
    assert abs(ours.value - mean) < 5 * spread / 10
    assert ours.spread == pytest.approx(spread, rel=0.4)


def test_kid_of_one_distribution_is_zero_on_average_for_any_subset_size():
    values = {size: [] for size in (10, 40)}
    for seed in range(40):
        x, y = np.random.default_rng(seed).normal(size=(2, 40, 8))
        for size, found in values.items():
            found.append(metrics.kid(x, y, subsets=10, subset_size=size, seed=seed).value)
    for found in values.values():
        assert abs(np.mean(found)) < 5 * np.std(found) / np.sqrt(40)
        assert min(found) < 0 < max(found)


def test_kid_repeats_with_its_seed_and_refuses_subsets_that_cannot_be_drawn():
    x, y = features(50, 5, 0), features(30, 5, 1)
    assert metrics.kid(x, y, seed=3) == metrics.kid(x, y, seed=3) != metrics.kid(x, y, seed=4)
    assert np.isnan(metrics.kid(x, y, subsets=1).spread)
    for wrong in ({"subset_size": 31}, {"subset_size": 1}, {"subsets": 0}):
        with pytest.raises(ValueError, match="cannot be drawn from 50 real and 30 fake"):
            metrics.kid(x, y, **wrong)
