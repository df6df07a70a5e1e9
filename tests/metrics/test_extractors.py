"""The judges: the digits' classifier is accurate, and the Inception path is whole but for its weights."""

import hashlib

import pytest
import torch
from torch import nn

from course_utils import data, metrics


@pytest.fixture(scope="module")
def digits():
    return data.images("digits", "train"), data.images("digits", "test")


@pytest.fixture(scope="module")
def inception():
    torch.manual_seed(0)
    return metrics.features.Inception().eval()


@pytest.mark.parametrize("seed", [0, 1])
def test_the_classifier_reads_96_of_100_test_digits_and_repeats_with_its_seed(digits, seed):
    (x, y), (x_test, y_test) = digits
    state = torch.get_rng_state()
    classifier = metrics.train_classifier(x, y, seed=seed)
    assert torch.equal(state, torch.get_rng_state())
    embedded = metrics.embed(classifier, x_test)
    assert (embedded.probabilities.argmax(1) == y_test).double().mean() > 0.955
    assert embedded.features.shape == (360, 32) and embedded.probabilities.shape == (360, 10)
    if seed == 0:
        again = metrics.train_classifier(x, y, seed=0)
        torch.testing.assert_close(metrics.embed(again, x_test).features, embedded.features)


def test_embed_does_not_depend_on_the_batch_size_and_fits_every_metric(digits):
    (x, y), (x_test, _) = digits
    classifier = metrics.train_classifier(x, y, epochs=3)
    one, whole = metrics.embed(classifier, x_test, 7), metrics.embed(classifier, x_test)
    torch.testing.assert_close(one.features, whole.features)
    assert not whole.features.requires_grad
    real = metrics.embed(classifier, x).features
    assert metrics.frechet_distance(real, whole.features) > 0
    assert metrics.inception_score(whole.probabilities).value > 2


@pytest.mark.parametrize(
    "x",
    [torch.zeros(4, 64), torch.zeros(0, 1, 8, 8), torch.full((2, 1, 8, 8), 1.5), torch.full((2, 1, 8, 8), torch.nan)],
)
def test_embed_refuses_what_are_no_images(x):
    with pytest.raises(ValueError, match="Images must"):
        metrics.embed(metrics.features.Classifier(), x)


@pytest.mark.parametrize("shape", [(3, 1, 8, 8), (2, 3, 32, 20), (1, 3, 400, 300)])
def test_inception_gives_2048_features_and_1000_classes_for_any_size(inception, shape):
    embedded = metrics.embed(inception, torch.rand(shape, generator=torch.Generator().manual_seed(0)))
    assert embedded.features.shape == (shape[0], 2048) and embedded.probabilities.shape == (shape[0], 1000)
    assert torch.isfinite(embedded.features).all()
    torch.testing.assert_close(embedded.probabilities.sum(1), torch.ones(shape[0], dtype=torch.float64))


def test_inception_resizes_to_299_repeats_gray_and_scales_to_minus_one_to_one(inception):
    ramp = torch.linspace(0, 1, 16).expand(1, 1, 16, 16)
    prepared = inception.prepare(ramp)
    assert prepared.shape == (1, 3, 299, 299)
    assert prepared.min() == -1 and prepared.max() == 1
    assert torch.equal(prepared[:, 0], prepared[:, 2])
    expected = nn.functional.interpolate(ramp, size=(299, 299), mode="bilinear", align_corners=False)
    torch.testing.assert_close(prepared[:, :1], 2 * expected - 1)
    board = torch.tensor([0.0, 1.0]).repeat(1, 1, 598, 299)  # finer than the target: shrinking must average
    assert inception.prepare(board)[..., 5:-5, 5:-5].abs().max() < 0.1
    with pytest.raises(ValueError, match="1 or 3"):
        inception.prepare(torch.rand(2, 2, 8, 8))


def test_inception_does_not_depend_on_the_batch(inception):
    x = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    one, all_ = metrics.embed(inception, x, 1).features, metrics.embed(inception, x, 4).features
    torch.testing.assert_close(one, all_, rtol=1e-4, atol=1e-5)


def test_missing_weights_are_told_with_two_ways_out(monkeypatch, tmp_path):
    def offline(url, timeout):
        raise OSError("no network")

    monkeypatch.setattr("course_utils.metrics.features.urlopen", offline)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"(?s)no network.*Two ways out.*COURSE_DATA.*train_classifier"):
        metrics.inception()
    assert not list(tmp_path.iterdir())


def test_weights_in_course_data_are_used_and_damaged_ones_refused(monkeypatch, tmp_path):
    from course_utils.data.vision import models

    reference = models.inception_v3(weights=None, aux_logits=True, init_weights=False).eval()
    saved = tmp_path / "weights.pth"
    torch.save(reference.state_dict(), saved)
    name = f"inception-{hashlib.sha256(saved.read_bytes()).hexdigest()[:8]}.pth"
    saved.rename(tmp_path / name)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setattr(metrics.features, "weights_url", lambda: f"https://example.org/{name}")
    classifier, x = metrics.inception(), torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(classifier(x)[1], reference(classifier.prepare(x)))
    (tmp_path / name).write_bytes(b"half a file")
    with pytest.raises(ValueError, match="damaged"):
        metrics.inception()
