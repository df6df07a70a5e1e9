"""The Fréchet distance against closed forms, pytorch-fid's formula and torchmetrics."""

import warnings

import numpy as np
import pytest
import torch
from oracles import Identity, features
from scipy import linalg
from torchmetrics.image.fid import FrechetInceptionDistance

from course_utils import metrics

pytestmark = pytest.mark.filterwarnings("ignore:Metric `:UserWarning")  # torchmetrics on its memory


def moments(x):
    return x.mean(0), np.cov(x, rowvar=False)


def pytorch_fid(mu_1, sigma_1, mu_2, sigma_2):
    """pytorch-fid's formula, through scipy."""
    root = linalg.sqrtm(sigma_1 @ sigma_2).real
    return ((mu_1 - mu_2) ** 2).sum() + np.trace(sigma_1) + np.trace(sigma_2) - 2 * np.trace(root)


def torchmetrics_fid(real, fake):
    metric = FrechetInceptionDistance(feature=Identity(real.shape[1])).set_dtype(torch.float64)
    metric.update(torch.from_numpy(real), real=True)
    metric.update(torch.from_numpy(fake), real=False)
    return metric.compute().item()


def test_frechet_of_gaussians_that_commute_is_the_distance_of_means_and_of_standard_deviations():
    rng = np.random.default_rng(0)
    basis = linalg.qr(rng.normal(size=(30, 30)))[0]
    std_1, std_2 = rng.uniform(0.01, 3, 30), rng.uniform(0.01, 3, 30)
    mu_1, mu_2 = rng.normal(size=(2, 30))
    distance = metrics.frechet_gaussians(mu_1, (basis * std_1**2) @ basis.T, mu_2, (basis * std_2**2) @ basis.T)
    assert distance == pytest.approx(((mu_1 - mu_2) ** 2).sum() + ((std_1 - std_2) ** 2).sum(), rel=1e-12)


def test_frechet_in_one_dimension():
    assert metrics.frechet_gaussians([1.0], [[4.0]], [-2.0], [[9.0]]) == pytest.approx(3**2 + (2 - 3) ** 2)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n, m, width", [(500, 400, 20), (60, 400, 50), (30, 40, 50), (40, 30, 50), (51, 51, 50)])
def test_frechet_agrees_with_pytorch_fid_and_torchmetrics(seed, n, m, width):
    real, fake = features(n, width, seed), features(m, width, seed + 100, shift=0.1)
    with warnings.catch_warnings(action="ignore"):
        ours = metrics.frechet_distance(real, fake)
    assert ours == pytest.approx(pytorch_fid(*moments(real), *moments(fake)), rel=1e-5)
    assert ours == pytest.approx(torchmetrics_fid(real, fake), rel=1e-5)
    assert ours == pytest.approx(metrics.frechet_gaussians(*moments(real), *moments(fake)), rel=1e-7)


@pytest.mark.parametrize("seed", range(5))
def test_frechet_of_singular_covariances(seed):
    real, fake = features(400, 40, seed, rank=12), features(400, 40, seed + 100, rank=25)
    ours = metrics.frechet_gaussians(*moments(real), *moments(fake))
    assert ours == pytest.approx(pytorch_fid(*moments(real), *moments(fake)), rel=1e-5)
    x, y = ((z - z.mean(0)) / np.sqrt(len(z) - 1) for z in (real, fake))
    exact = linalg.svdvals(x @ y.T).sum()  # the nuclear norm: no squares, so no root of a rounding error
    shift = real.mean(0) - fake.mean(0)
    assert ours == pytest.approx(shift @ shift + (x**2).sum() + (y**2).sum() - 2 * exact, rel=1e-7)
    assert metrics.frechet_distance(real, fake) == pytest.approx(ours, rel=1e-7)


def test_frechet_of_2048_features():
    real, fake = features(2500, 2048, 0), features(2500, 2048, 1, shift=0.01)
    assert metrics.frechet_distance(real, fake) == pytest.approx(torchmetrics_fid(real, fake), rel=1e-5)


def test_frechet_does_not_care_for_order_rotation_or_a_common_shift():
    real, fake = features(200, 15, 0), features(150, 15, 1, shift=0.2)
    rotation = linalg.qr(np.random.default_rng(2).normal(size=(15, 15)))[0]
    distance = metrics.frechet_distance(real, fake)
    assert metrics.frechet_distance(fake, real) == pytest.approx(distance)
    assert metrics.frechet_distance(real[::-1] @ rotation + 7, fake @ rotation + 7) == pytest.approx(distance)
    assert metrics.frechet_distance(3 * real, 3 * fake) == pytest.approx(9 * distance)


def test_frechet_of_a_set_from_itself_is_zero_and_from_a_moved_copy_is_the_square_of_the_move():
    real = features(300, 20, 0)
    assert metrics.frechet_distance(real, real) == pytest.approx(0, abs=1e-10)
    assert metrics.frechet_distance(real, real + 0.5) == pytest.approx(20 * 0.25)


def test_frechet_of_a_constant_generator_is_finite():
    real, constant = features(300, 20, 0), np.zeros((300, 20))
    mu, sigma = moments(real)
    assert metrics.frechet_distance(real, constant) == pytest.approx(mu @ mu + np.trace(sigma))


def test_frechet_takes_float32_tensors_and_computes_in_float64():
    real, fake = (torch.from_numpy(features(300, 20, s)).float() for s in (0, 1))
    assert metrics.frechet_distance(real, fake) == metrics.frechet_distance(real.double(), fake.numpy())


def test_frechet_bias_is_that_of_the_formula():
    n, width, rng = 400, 20, np.random.default_rng(0)
    values = [metrics.frechet_distance(*rng.normal(size=(2, n, width))) for _ in range(60)]
    expected = 2 * width / n + width * (width + 1) / (2 * n)
    assert abs(np.mean(values) - expected) < 5 * np.std(values) / np.sqrt(60) + 0.03 * expected


@pytest.mark.parametrize("seed", range(3))
def test_extrapolation_removes_most_of_the_bias(seed):
    real, fake = np.random.default_rng(seed).normal(size=(2, 1000, 20))
    line = metrics.frechet_extrapolated(real, fake, seed=seed)
    plain = metrics.frechet_distance(real, fake)
    assert abs(line.value) < 0.5 * plain
    assert line.slope > 0 and line.sizes[0] == 200 and line.sizes[-1] == 1000
    assert line.distances[-1] == pytest.approx(plain)


def test_few_samples_warn_with_the_reason():
    with pytest.warns(UserWarning, match="10 samples for 20 features: the covariance is singular"):
        metrics.frechet_distance(features(10, 20, 0), features(100, 20, 1))


GOOD = np.eye(3)


@pytest.mark.parametrize(
    "sigma, message",
    [
        (np.array([[1, 0.2, 0], [0.1, 1, 0], [0, 0, 1]]), "not symmetric"),
        (np.diag([1.0, 1.0, -0.1]), "imaginary"),
        (np.diag([1.0, np.nan, 1.0]), "NaN"),
        (np.eye(2), "are needed"),
        (np.ones(3), "2 dimension"),
    ],
)
def test_frechet_refuses_what_is_no_covariance(sigma, message):
    for pair in ((sigma, GOOD), (GOOD, sigma)):
        with pytest.raises(ValueError, match=message):
            metrics.frechet_gaussians(np.zeros(3), pair[0], np.zeros(3), pair[1])


def test_rounding_of_float32_in_a_covariance_is_not_refused():
    x = features(30, 40, 0, rank=5).astype(np.float32)
    sigma = np.cov(x, rowvar=False).astype(np.float32)
    assert linalg.eigvalsh(sigma)[0] < 0
    assert metrics.frechet_gaussians(x.mean(0), sigma, x.mean(0), sigma) < 1e-3
