"""The toy watermarks of lecture 06: found with the key, at the stated rate without, gone when they must be."""

import pytest
import torch
from scipy import stats

from course_utils import data
from course_utils.labs.ethics import watermark


@pytest.fixture(scope="module")
def digits():
    x, _ = data.images("digits", "train")
    return x[:700], x[700:]


def rate(found):
    return found.float().mean().item()


def test_a_pattern_is_balanced_belongs_to_its_key_and_to_no_other():
    pattern = watermark.key_pattern(7)
    assert pattern.shape == (1, 8, 8) and pattern.sum() == 0 and set(pattern.unique().tolist()) == {-1, 1}
    assert torch.equal(pattern, watermark.key_pattern(7))
    assert watermark.key_pattern(7, (5,)).sum() == 1
    correlations = [(pattern * watermark.key_pattern(key)).mean().abs().item() for key in range(8, 40)]
    assert max(correlations) < 0.6


def test_embedding_is_faint_and_stays_an_image_of_256_levels(digits):
    marked = watermark.embed(digits[0], watermark.key_pattern(0), 0.05)
    assert (marked - digits[0]).abs().max() <= 0.05 + 0.5 / 255 + 1e-6
    assert marked.min() >= 0 and marked.max() <= 1
    torch.testing.assert_close((255 * marked).round() / 255, marked)


def test_the_mark_is_found_with_its_key_and_not_with_another(digits):
    calibration, new = digits
    pattern = watermark.key_pattern(0)
    marked = watermark.embed(new, pattern, 0.1)
    halves = calibration[:350], calibration[350:]
    assert rate(watermark.Detector(pattern, *halves).found(marked)) > 0.95
    others = [rate(watermark.Detector(watermark.key_pattern(key), *halves).found(new)) for key in range(1, 6)]
    assert max(others) < 0.04
    assert rate(watermark.Detector(-pattern, *halves).found(marked)) < 0.01


def test_false_alarms_on_new_digits_are_as_stated_only_if_other_images_calibrate(digits):
    first, second, new = digits[0][:350], digits[0][350:], digits[1]
    keys = [watermark.key_pattern(key) for key in range(150)]
    fresh, same = (
        sum(rate(watermark.Detector(key, first, images).found(new)) for key in keys) / 150 for images in (second, first)
    )
    assert 0.006 < fresh < 0.015
    assert same > 1.4 * fresh


def test_the_stated_false_alarms_hold_where_images_are_gaussian():
    images = torch.randn(12000, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    for alarms in (0.01, 0.1):
        detector = watermark.Detector(watermark.key_pattern(0), images[:4000], images[4000:8000], fpr=alarms)
        z = detector.score(images[8000:])
        assert abs(z.mean()) < 0.06 and abs(z.std() - 1) < 0.05
        assert rate(detector.found(images[8000:])) == pytest.approx(alarms, rel=0.4)


def test_the_filter_beats_the_plain_pattern(digits):
    calibration, new = digits
    pattern = watermark.key_pattern(3)
    marked = watermark.embed(new, pattern)
    detector = watermark.Detector(pattern, calibration[:350], calibration[350:])
    plain = (marked * pattern).flatten(1).sum(1)
    reference = (calibration * pattern).flatten(1).sum(1)
    plainly = rate((plain - reference.mean()) / reference.std() > detector.threshold)
    assert rate(detector.found(marked)) > plainly + 0.3


def test_low_bits_match_in_full_change_nothing_visible_and_die_of_noise(digits):
    pattern, x = watermark.key_pattern(1), watermark.rounded(digits[0])
    marked = watermark.embed_bits(x, pattern)
    assert (marked - x).abs().max() < 1.001 / 255
    assert (watermark.matching_bits(marked, pattern) == 64).all()
    needed = watermark.bits_needed(64)
    assert rate(watermark.matching_bits(watermark.noisy(marked, 0.05), pattern) >= needed) < 0.05


def test_the_bits_needed_are_the_exact_binomial_tail():
    for alarms in (0.5, 0.01, 1e-6):
        needed = watermark.bits_needed(64, alarms)
        assert stats.binom.sf(needed - 1, 64, 0.5) <= alarms < stats.binom.sf(needed - 2, 64, 0.5)


def test_averaging_gives_the_pattern_away_enough_to_remove_and_to_forge(digits):
    unmarked, other = digits
    pattern = watermark.key_pattern(5)
    detector = watermark.Detector(pattern, unmarked[:350], unmarked[350:])
    marked = watermark.embed(other, pattern)
    guess = watermark.estimated_pattern(marked[:300], unmarked)
    guess = torch.where(guess > guess.median(), 1.0, -1.0)
    assert (guess == pattern).float().mean() > 0.8
    assert rate(detector.found(watermark.embed(marked, -guess))) < 0.05
    assert rate(detector.found(watermark.embed(other[300:], guess))) > 0.5


def test_each_attack_of_strength_0_leaves_the_stored_image(digits):
    x = watermark.rounded(digits[0])
    for attacked in (
        watermark.noisy(x, 0), watermark.blurred(x, 0), watermark.shifted(x, 0), watermark.cropped(x, 0),
        watermark.rounded(x, 256),
    ):  # fmt: skip
        torch.testing.assert_close(attacked, x)


def test_attacks_do_what_they_are_called():
    x = torch.zeros(1, 1, 8, 8)
    x[0, 0, 3, 3] = 1
    assert watermark.shifted(x, 1.0)[0, 0, 3, 4] == 1 and watermark.shifted(x, 1.0).sum() == 1
    assert watermark.shifted(x, 0.4)[0, 0, 3, 3] == pytest.approx(0.6, abs=2e-3)
    assert watermark.blurred(x, 0.8).sum() == pytest.approx(1, abs=0.05)
    assert watermark.blurred(x, 0.8).max() < 0.5
    frame = watermark.cropped(torch.ones(1, 1, 8, 8), 1.5)[0, 0]
    assert (frame[0] == 0).all() and frame[1, 4] == pytest.approx(0.5, abs=2e-3) and (frame[2:6, 2:6] == 1).all()
    assert len(watermark.rounded(torch.linspace(0, 1, 50), 4).unique()) == 4
    with pytest.raises(ValueError, match="0 to 1 pixel"):
        watermark.shifted(x, 2)
