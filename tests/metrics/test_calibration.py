"""Reliability and the expected calibration error, against torchmetrics and by hand."""

import numpy as np
import oracles
import pytest
import torch
from torchmetrics.functional.classification import binary_calibration_error

from course_utils.metrics.calibration import reliability

assert oracles  # makes torchmetrics importable


def test_the_error_is_that_of_torchmetrics():
    rng = np.random.default_rng(0)
    confidence = rng.uniform(size=500)
    right = rng.uniform(size=500) < confidence**2
    expected = binary_calibration_error(torch.tensor(confidence), torch.tensor(right).int(), n_bins=15, norm="l1")
    assert reliability(confidence, right, bins=15).error == pytest.approx(expected.item(), abs=1e-6)


def test_who_is_right_as_often_as_confident_has_no_error():
    confidence = np.repeat([0.25, 0.75], [400, 400])
    right = np.concatenate([np.arange(400) % 4 == 0, np.arange(400) % 4 != 0])
    found = reliability(confidence, right, bins=4)
    assert found.error == pytest.approx(0)
    np.testing.assert_allclose(found.confidence, [0.25, 0.75])
    np.testing.assert_allclose(found.count, [400, 400])


def test_who_is_always_sure_and_half_right_has_an_error_of_a_half():
    assert reliability(np.ones(10), np.arange(10) % 2).error == pytest.approx(0.5)
    assert reliability([0.9, 0.9], [0.5, 0.7]).error == pytest.approx(0.3), "right may be a probability"


def test_a_confidence_on_an_edge_belongs_to_the_lower_bin():
    found = reliability([0.1, 0.5, 0.51, 0.0], [0, 1, 1, 0], bins=2)
    np.testing.assert_allclose(found.count, [3, 1])


@pytest.mark.parametrize(
    ("confidence", "right", "bins"),
    [([1.2], [1], 5), ([0.5], [2], 5), ([0.5, 0.5], [1], 5), ([], [], 5), ([0.5], [1], 0)],
)
def test_what_makes_no_sense_is_refused(confidence, right, bins):
    with pytest.raises(ValueError, match=r"need as many|must lie"):
        reliability(confidence, right, bins)
