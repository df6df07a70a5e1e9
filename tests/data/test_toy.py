"""2-D sets: each density is normalized, and each sampler draws from it."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

from course_utils.data.toys import Toy, toy

NAMES = ("ring", "grid", "moons", "circles", "checkerboard", "blobs", "pinwheel")
# Half-width of a square that holds all but 1e-6 of the mass, and a grid that resolves the density.
# Wider noise for some: the same code, on a coarser grid.
CASES = {
    "ring": ({}, 2.15, 400),
    "ring, wide": ({"modes": 5, "radius": 1.0, "std": 0.2}, 2.2, 100),
    "grid": ({}, 4.4, 300),
    "moons": ({}, 2.4, 160),
    "moons, wide": ({"std": 0.3}, 3.8, 80),
    "circles": ({}, 1.4, 80),
    "checkerboard": ({}, 4.0, 80),
    "checkerboard, 3 cells": ({"cells": 3, "side": 1.0}, 1.5, 120),
    "blobs": ({}, 7.5, 120),
    "pinwheel": ({}, 5.6, 240),
    "pinwheel, untwisted": ({"twist": 0.0}, 5.6, 160),
}
pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def case(label: str) -> tuple[Toy, float, int]:
    options, half_width, count = CASES[label]
    return toy(label.partition(",")[0], **options), half_width, count


def cells(half_width: float, count: int) -> tuple[Tensor, float]:
    """Midpoints (count², 2) of a grid on [-half_width, half_width]², and the area of a cell."""
    width = 2 * half_width / count
    ticks = (torch.arange(count, dtype=torch.float64) + 0.5) * width - half_width
    return torch.cartesian_prod(ticks, ticks), width**2


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def misfit(x: Tensor, density: Tensor, half_width: float, blocks: int = 20) -> float:
    """p-value of a chi-square test of the points x against a density given on the midpoints of `cells`."""
    count = math.isqrt(len(density))
    per_block = count // blocks
    shape = (blocks, per_block, blocks, per_block)
    expected = len(x) * (density * (2 * half_width / count) ** 2).view(shape).sum((1, 3)).flatten().numpy()
    edges = np.linspace(-half_width, half_width, blocks + 1)
    observed = np.histogram2d(*x.double().T.numpy(), bins=(edges, edges))[0].flatten()
    full = expected >= 5
    expected = np.append(expected[full], len(x) - expected[full].sum() + 1e-9)
    observed = np.append(observed[full], len(x) - observed[full].sum())
    if expected[-1] < 5:  # too few for a cell of its own
        expected, observed = (np.append(v[:-2], v[-2:].sum()) for v in (expected, observed))
    statistic = ((observed - expected) ** 2 / expected).sum()
    half = torch.tensor([len(expected) - 1, statistic], dtype=torch.float64) / 2
    return torch.special.gammaincc(half[0], half[1]).item()


@pytest.mark.parametrize("label", CASES)
def test_the_density_integrates_to_one_and_the_samples_follow_it(label):
    points, half_width, count = case(label)
    x, area = cells(half_width, count)
    log_p = points.log_prob(x)
    density = log_p.exp()
    assert (density * area).sum().item() == pytest.approx(1, abs=2e-6)

    draws = points.sample(20_000, rng=seeded())
    assert misfit(draws, density, half_width) > 1e-3

    finite = torch.where(density > 0, log_p, 0.0)
    mean, square = ((density * finite**k * area).sum().item() for k in (1, 2))
    spread = math.sqrt(max(square - mean**2, 0) / len(draws))
    assert points.log_prob(draws.double()).mean().item() == pytest.approx(mean, abs=4.5 * spread + 1e-5)


def test_the_chi_square_check_can_fail():
    x, _ = cells(2.4, 160)
    wrong = toy("moons", std=0.06).log_prob(x).exp()
    assert misfit(toy("moons").sample(20_000, rng=seeded()), wrong, 2.4) < 1e-6


def test_every_set_of_the_documentation_is_there():
    assert [toy(name).name for name in NAMES] == list(NAMES)
    assert {label.partition(",")[0] for label in CASES} == set(NAMES)


def test_ring_and_grid_are_those_of_the_papers():
    ring, grid = toy("ring"), toy("grid")
    assert ring.modes.shape == (8, 2) and torch.allclose(ring.modes.norm(dim=1), torch.tensor(2.0))
    assert torch.allclose(ring.covariances, 0.02**2 * torch.eye(2))
    assert sorted(map(tuple, grid.modes.tolist())) == [(a, b) for a in range(-4, 5, 2) for b in range(-4, 5, 2)]
    assert torch.allclose(grid.covariances, 0.05**2 * torch.eye(2))
    assert torch.allclose(toy("ring", radius=1, std=0.01).modes, ring.modes / 2)
    assert toy("ring", std=0.05).sample(4000, rng=seeded()).norm(dim=1).std().item() == pytest.approx(0.05, rel=0.05)


@pytest.mark.parametrize("name", ["ring", "grid", "blobs", "pinwheel"])
def test_modes_are_local_maxima(name):
    points = toy(name)
    modes = points.modes.double().requires_grad_()
    log_p = points.log_prob(modes)
    (slope,) = torch.autograd.grad(log_p.sum(), modes)
    # With overlap (blobs, pinwheel near its hub) the maximum is beside the mean, by much less than a std.
    assert slope.norm(dim=1).max() < (0.05 if name in ("blobs", "pinwheel") else 1e-3)
    step = 0.05 if name in ("blobs", "pinwheel") else 0.01
    for angle in torch.arange(12) * (math.pi / 6):
        beside = modes.detach() + step * torch.stack([angle.cos(), angle.sin()])
        assert (points.log_prob(beside) < log_p).all()


@pytest.mark.parametrize("name", ["moons", "circles", "checkerboard"])
def test_sets_without_separate_modes_say_so(name):
    assert toy(name).modes is None


@pytest.mark.parametrize("name", ["ring", "grid", "blobs"])
def test_mixtures_agree_with_torch_distributions(name):
    points = toy(name)
    weights, means, covariances = points.weights.double(), points.means.double(), points.covariances.double()
    reference = MixtureSameFamily(Categorical(weights), MultivariateNormal(means, covariances))
    x = 3 * torch.randn(500, 2, dtype=torch.float64, generator=seeded())
    torch.testing.assert_close(points.log_prob(x), reference.log_prob(x), rtol=1e-6, atol=1e-6)


def test_blobs_are_the_documented_mixture():
    blobs = toy("blobs")
    assert blobs.weights.tolist() == pytest.approx([0.5, 0.3, 0.2])
    x, k = blobs.sample_labelled(50_000, rng=seeded())
    for j in range(3):
        assert (k == j).float().mean().item() == pytest.approx(blobs.weights[j].item(), abs=0.01)
        assert torch.allclose(x[k == j].mean(0), blobs.means[j], atol=0.03)
        assert torch.allclose(x[k == j].T.cov(), blobs.covariances[j], atol=0.03)
    largest, smallest = torch.linalg.eigvalsh(blobs.covariances).T.flip(0)
    assert (largest / smallest > 2).all()  # anisotropic


def test_circles_agree_with_the_closed_form():
    """A circle of radius R in Gaussian noise: p(x) = exp(-(r² + R²) / 2s²) I0(rR / s²) / 2πs² (Rice)."""
    s = 0.07
    angle = torch.linspace(0, 2 * math.pi, 50, dtype=torch.float64)  # both ends: the seam of the circle
    for r in (0.0, 0.3, 0.5, 0.8, 1.0, 1.3):
        r = torch.tensor(r, dtype=torch.float64)
        parts = [
            -((r - radius) ** 2) / (2 * s**2) + torch.special.i0e(r * radius / s**2).log() for radius in (1.0, 0.5)
        ]
        exact = torch.logsumexp(torch.stack(parts), 0) - math.log(2 * 2 * math.pi * s**2)
        x = r * torch.stack([angle.cos(), angle.sin()], -1)
        torch.testing.assert_close(toy("circles", std=s).log_prob(x), exact.expand(50), rtol=0, atol=1e-8)


@pytest.mark.parametrize("std", [0.05, 0.4])
def test_moons_agree_with_brute_force_within_six_std(std):
    t = (torch.arange(100_000, dtype=torch.float64) + 0.5) / 100_000 * math.pi
    arcs = torch.cat([torch.stack([t.cos(), t.sin()], -1), torch.stack([1 - t.cos(), 0.5 - t.sin()], -1)])
    angle = torch.arange(4) * (math.pi / 2) + 0.3
    ways = torch.stack([angle.cos(), angle.sin()], -1).double()
    starts = torch.tensor([[-1.0, 0.0], [2.0, 0.5], [0.0, 1.0], [0.5, 0.25]], dtype=torch.float64)  # tips, top, middle
    x = torch.cat([start + std * d * ways for start in starts for d in (0, 2, 6)])
    square = torch.stack([-(arcs - point).square().sum(1) / (2 * std**2) for point in x])
    exact = square.logsumexp(1) - math.log(len(arcs) * 2 * math.pi * std**2)
    torch.testing.assert_close(toy("moons", std=std).log_prob(x), exact, rtol=0, atol=1e-6)


def test_moons_lie_where_scikit_learn_puts_them():
    from sklearn.datasets import make_moons

    x, arc = make_moons(200, noise=None)
    ours = toy("moons", std=1e-3)
    on_the_arc = -math.log(2 * math.pi) - math.log(1e-3 * math.sqrt(2 * math.pi))  # 1 / length · N(0 | 0, std²)
    assert ours.log_prob(torch.from_numpy(x)).min() > on_the_arc - math.log(2) - 1e-3  # half as dense at the tips
    points, label = ours.sample_labelled(500, rng=seeded())
    nearest = torch.cdist(points.double(), torch.from_numpy(x)).argmin(1)
    assert torch.equal(label, torch.from_numpy(arc)[nearest])


def test_pinwheel_is_a_turned_mixture():
    points, straight = toy("pinwheel"), toy("pinwheel", twist=0.0)
    x = 2 * torch.randn(200, 2, dtype=torch.float64, generator=seeded())
    z = torch.view_as_complex(x)
    turned = torch.view_as_real(z * torch.polar(torch.ones_like(z.abs()), 0.8 * z.abs()))
    torch.testing.assert_close(points.log_prob(turned), straight.log_prob(x))
    torch.testing.assert_close(points.modes.norm(dim=1), torch.full((5,), 2.0))


def test_checkerboard_is_uniform_on_black_squares():
    board = toy("checkerboard")
    x = torch.tensor([[-3.0, -3.0], [-1.0, -3.0], [3.0, 3.0], [1.0, 1.0], [5.0, 5.0], [-1.0, 0.5]])
    black = torch.tensor([True, False, True, True, False, False])
    expected = torch.where(black, -math.log(32), -math.inf)
    torch.testing.assert_close(board.log_prob(x), expected)
    draws, square = board.sample_labelled(50_000, rng=seeded())
    assert board.log_prob(draws).isfinite().all()
    assert torch.equal(torch.cdist(draws, board.centers).argmin(1), square)


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_labels_name_the_component(name):
    points = toy(name)
    x, k = points.sample_labelled(500, rng=seeded())
    assert x.shape == (500, 2) and k.shape == (500,) and k.dtype == torch.int64
    assert torch.equal(torch.cdist(x, points.modes).argmin(1), k)


@pytest.mark.parametrize("name", NAMES)
def test_sampling_is_repeatable_and_leaves_the_global_generator_alone(name):
    points = toy(name)
    torch.manual_seed(1)
    state = torch.get_rng_state()
    a, b, c = (points.sample(50, rng=seeded(seed)) for seed in (0, 0, 1))
    assert torch.equal(state, torch.get_rng_state())
    assert torch.equal(a, b) and not torch.equal(a, c)
    assert torch.equal(a, points.sample_labelled(50, rng=seeded())[0])
    first = points.sample(50)
    torch.manual_seed(1)
    assert torch.equal(first, points.sample(50)) and not torch.equal(first, points.sample(50))


@pytest.mark.parametrize("name", NAMES)
def test_log_prob_keeps_the_type_of_x_and_any_batch_size(name):
    points = toy(name)
    x = points.sample(5000, rng=seeded())
    assert x.dtype == torch.float32 and points.log_prob(x).dtype == torch.float32
    log_p = points.log_prob(x.double())
    assert log_p.dtype == torch.float64 and log_p.shape == (5000,)
    torch.testing.assert_close(points.log_prob(x[:500]).double(), log_p[:500], atol=2e-4, rtol=1e-4)
    torch.testing.assert_close(points.log_prob(x[4500:].double()), log_p[4500:])
    assert points.log_prob(x[:0]).shape == (0,)


@pytest.mark.parametrize("name", ["ring", "moons", "pinwheel"])
def test_the_score_is_the_gradient_of_log_prob(name):
    points = toy(name, std=0.3) if name != "pinwheel" else toy(name)
    x = points.sample(20, rng=seeded()).double().requires_grad_()
    assert torch.autograd.gradcheck(points.log_prob, x)


def test_errors_say_what_is_allowed():
    with pytest.raises(ValueError, match=r"'ringg'.*'ring', 'grid', 'moons', 'circles', 'checkerboard', 'blobs'"):
        toy("ringg")
    with pytest.raises(ValueError, match="std must be positive, got 0"):
        toy("ring", std=0)
    with pytest.raises(TypeError, match="sigma"):
        toy("ring", sigma=0.1)
    with pytest.raises(ValueError, match="n must be at least 1, got 0"):
        toy("moons").sample(0)
    for x in (torch.zeros(2), torch.zeros(3, 3), torch.zeros(4, 2, dtype=torch.int64)):
        with pytest.raises(ValueError, match=r"shape \(B, 2\), got torch"):
            toy("moons").log_prob(x)
