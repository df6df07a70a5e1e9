"""Precision, recall, density, coverage, memorization and mode coverage, against prdc and cases known by hand."""

import numpy as np
import pytest
import torch
from prdc import compute_prdc

from course_utils import data, metrics
from course_utils.metrics import neighbors


def sets(seed, n=300, m=200, width=8, shift=0.0, scale=1.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, width)), scale * rng.normal(size=(m, width)) + shift


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("k, shift, scale", [(1, 0.0, 1.0), (5, 0.5, 1.0), (10, 0.0, 0.5), (3, 100.0, 1.0)])
def test_prdc_agrees_with_the_reference_code(seed, k, shift, scale):
    real, fake = sets(seed, shift=shift, scale=scale)
    ours, theirs = metrics.prdc(real, fake, k), compute_prdc(real, fake, k)
    assert ours._asdict() == pytest.approx(theirs, rel=1e-12)


def test_prdc_of_2048_features_agrees_with_the_reference_code():
    real, fake = sets(0, n=400, m=300, width=2048, scale=0.99)
    assert metrics.prdc(real, fake)._asdict() == pytest.approx(compute_prdc(real, fake, 5), rel=1e-12)


def test_blocks_do_not_change_the_result(monkeypatch):
    real, fake = sets(0)
    whole, nearest = metrics.prdc(real, fake), metrics.nearest_neighbors(real, fake)[0]
    monkeypatch.setattr(neighbors, "_BLOCK", 1000)
    assert metrics.prdc(real, fake) == whole
    np.testing.assert_allclose(metrics.nearest_neighbors(real, fake)[0], nearest)


def test_precision_and_recall_of_a_line_by_hand():
    real = np.array([[0.0], [1.0], [2.0], [10.0]])  # k = 1: radii 1, 1, 1, 8
    fake = np.array([[0.5], [3.0], [-1.0], [100.0]])  # radii 1.5, 2.5, 1.5, 97
    result = metrics.prdc(real, fake, k=1)
    # 0.5 lies in two balls; 3.0 in that around 10 only, being on the boundary of that around 2; −1 is on a boundary
    assert result == pytest.approx((2 / 4, 4 / 4, 3 / 4, 3 / 4))


@pytest.mark.parametrize("far", [0.0, 1e4])
def test_a_copy_of_the_real_set_is_perfect_and_boundaries_are_outside_wherever_the_data_lie(far):
    real, _ = sets(0, n=400)
    result = metrics.prdc(real + far, real + far, k=5)
    assert (result.precision, result.recall, result.coverage) == (1, 1, 1)
    assert result.density == pytest.approx(1)  # itself and 4 of the 5 neighbors' balls, in the mean


def test_recall_falls_with_lost_modes_and_precision_with_strays():
    real, _ = sets(0, n=600, width=2)
    half, stray = real[real[:, 0] > 0] + 0.01, np.concatenate([real + 0.01, real + 50])
    assert metrics.prdc(real, half).precision > 0.95 and metrics.prdc(real, half).recall < 0.75
    assert metrics.prdc(real, stray).precision == pytest.approx(0.5, abs=0.02)
    assert metrics.prdc(real, stray).recall > 0.95


@pytest.mark.parametrize("k", [0, 200, 300])
def test_prdc_refuses_more_neighbors_than_there_are(k):
    with pytest.raises(ValueError, match="neighbors need more than k samples"):
        metrics.prdc(*sets(0), k)


def test_nearest_neighbors_are_those_of_cdist_and_a_copy_is_at_distance_zero():
    x, reference = sets(0, shift=5.0)
    reference[7] = x[3]
    expected = torch.cdist(*map(torch.from_numpy, (x, reference))).min(1)
    distances, indices = metrics.nearest_neighbors(x, reference)
    np.testing.assert_allclose(distances, expected.values, atol=1e-6)
    assert (indices == expected.indices.numpy()).all()
    assert distances[3] == 0 and indices[3] == 7


@pytest.mark.parametrize("seed", range(3))
def test_memorization_tells_copies_from_new_samples(seed):
    train, held_out, new = np.random.default_rng(seed).normal(size=(3, 400, 6))
    half = np.concatenate([train[:200], new[:200]])
    honest, copied, mixed = (metrics.memorization(fake, train, held_out) for fake in (new, train + 1e-6, half))
    assert abs(honest.auc - 0.5) < 0.1 and honest.near_copies < 0.05
    assert copied.auc == 1 and copied.near_copies == 1
    assert abs(mixed.near_copies - 0.5) < 0.03 and abs(mixed.auc - 0.75) < 0.06


def test_memorization_counts_ties_one_half_and_falls_below_one_half_for_bad_fakes():
    train, held_out = np.random.default_rng(0).normal(size=(2, 200, 4))
    assert metrics.memorization(held_out, train, held_out).auc == pytest.approx(0.5)
    assert metrics.memorization(held_out + 30, train, held_out).auc == 0


# --- mode coverage


def test_mode_coverage_of_the_ring_itself():
    ring = data.toy("ring")
    for seed in range(3):
        x = ring.sample(2500, rng=torch.Generator().manual_seed(seed))
        covered = metrics.mode_coverage(x, ring.modes, std=0.02)
        assert covered.modes == covered.modes_with_share == 8 and covered.counts.shape == (8,)
        assert abs(covered.high_quality - (1 - np.exp(-4.5))) < 0.01  # P(χ²₂ < 9)
        assert covered.counts.sum() == round(covered.high_quality * 2500)


def test_mode_coverage_counts_strays_once_and_shares_not_at_all():
    modes = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0], [5.0, 5.0]])
    x = np.concatenate([np.zeros((94, 2)), [[5.0, 0.29]], [[0.0, 5.31]], np.full((4, 2), 2.5)])
    covered = metrics.mode_coverage(x, modes, std=0.1)
    assert (covered.modes, covered.modes_with_share, covered.high_quality) == (2, 1, 0.95)
    assert covered.counts.tolist() == [94, 1, 0, 0]
    assert metrics.mode_coverage(x, modes, std=0.1, share=0.04).modes_with_share == 2
    assert metrics.mode_coverage(x, modes, std=0.1, share=0).modes_with_share == 2


def test_mode_coverage_of_nothing_good_is_zero():
    covered = metrics.mode_coverage(np.full((10, 2), 9.0), np.zeros((3, 2)), std=0.1)
    assert covered[:3] == (0, 0, 0)


@pytest.mark.parametrize(
    "x, modes, std",
    [
        (np.zeros((5, 3)), np.zeros((8, 2)), 0.1),
        (np.zeros((0, 2)), np.zeros((8, 2)), 0.1),
        (np.zeros((5, 2)), np.zeros((8, 2)), 0.0),
        (np.full((5, 2), np.nan), np.zeros((8, 2)), 0.1),
    ],
)
def test_mode_coverage_refuses_bad_input(x, modes, std):
    with pytest.raises(ValueError):
        metrics.mode_coverage(x, modes, std)
