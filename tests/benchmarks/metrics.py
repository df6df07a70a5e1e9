"""The metrics' numbers for `tests.benchmarks`: each in turn with the library that computes it too, on the same data."""

import multiprocessing
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from scipy import linalg
from threadpoolctl import threadpool_limits

from course_utils import metrics
from course_utils.data import vision

Row = tuple[str, float, str, str]
WIDTH = 2048  # of the Inception network
N = 10_000
SUBSETS = 100  # the default of both
RUNS = 3

assert vision  # registers torchvision's missing operators, which torchmetrics wants


def in_turn(*works: Callable[[], object], runs: int = RUNS) -> tuple[list[float], list[object]]:
    """The median CPU seconds of each work, run one after the other `runs` times, and what each returned last.

    One thread, and its own time: the ratio then does not depend on what else the machine does.
    """
    seconds, results = [[] for _ in works], [None] * len(works)
    torch.set_num_threads(1)
    with threadpool_limits(1):
        for i in list(range(len(works))) * runs:
            start = time.process_time()
            results[i] = works[i]()
            seconds[i].append(time.process_time() - start)
    return [float(np.median(times)) for times in seconds], results


def features(n: int, seed: int) -> np.ndarray:
    """Skewed, correlated features (n, 2048), float32, no negative ones, about as the Inception network gives them."""
    rng = np.random.default_rng(seed)
    mix, x = np.random.default_rng(99).normal(size=(64, WIDTH)) / 8, np.empty((n, WIDTH), dtype=np.float32)
    for rows in np.array_split(np.arange(n), max(1, n // 500)):  # in parts: its own memory is not to be measured
        part = rng.normal(size=(len(rows), 64)) @ mix + 0.5 * rng.normal(size=(len(rows), WIDTH)) + 0.02 * seed
        x[rows] = np.maximum(0.4 * part, 0)
    return x


def pytorch_fid(mu_1: np.ndarray, sigma_1: np.ndarray, mu_2: np.ndarray, sigma_2: np.ndarray) -> float:
    """pytorch-fid's and clean-fid's route."""
    root = linalg.sqrtm(sigma_1 @ sigma_2)
    return float(((mu_1 - mu_2) ** 2).sum() + np.trace(sigma_1) + np.trace(sigma_2) - 2 * np.trace(root).real)


def frechet() -> list[Row]:
    """The Fréchet distance at 2,048 features: sample covariances, a closed form, and few samples."""
    real, fake = features(5000, 0), features(5000, 1)
    given = [f(x.astype(float)) for x in (real, fake) for f in (lambda x: x.mean(0), lambda x: np.cov(x, rowvar=False))]
    seconds, values = in_turn(lambda: metrics.frechet_gaussians(*given), lambda: pytorch_fid(*given))
    few = [x[:1000] for x in (real, fake)]
    with warnings.catch_warnings(action="ignore"):
        small, _ = in_turn(lambda: metrics.frechet_distance(*few))
    return [
        ("Fréchet, 2,048 features, scipy's sqrtm", seconds[1], "s", ""),
        ("Fréchet, 2,048 features, ours", seconds[0], "s", ""),
        ("ratio of the medians", seconds[1] / seconds[0], "×", "≥ 4"),
        ("relative difference, × 10¹²", 1e12 * abs(values[0] / values[1] - 1), "", "≤ 10⁷"),
        *closed_form(),
        ("Fréchet, from 1,000 samples, ours", small[0], "s", "< ours above"),
    ]


def closed_form() -> list[Row]:
    """Errors where the distance is known: covariances that commute, condition 10⁴."""
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.normal(size=(WIDTH, WIDTH)))[0]
    std_1, std_2 = (rng.permutation(np.geomspace(0.01, 1, WIDTH)) for _ in range(2))
    zero, exact = np.zeros(WIDTH), ((std_1 - std_2) ** 2).sum()
    one, two = ((basis * std**2) @ basis.T for std in (std_1, std_2))
    given = (zero, (one + one.T) / 2, zero, (two + two.T) / 2)
    return [
        (
            "error in a closed form, × 10¹², ours",
            1e12 * abs(metrics.frechet_gaussians(*given) / exact - 1),
            "",
            "≤ next",
        ),
        ("error in a closed form, × 10¹², scipy's", 1e12 * abs(pytorch_fid(*given) / exact - 1), "", ""),
    ]


class Identity(torch.nn.Module):
    """Passes features on, for torchmetrics."""

    num_features = WIDTH

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


def torchmetrics_kid(real: np.ndarray, fake: np.ndarray, dtype: torch.dtype) -> float:
    from torchmetrics.image.kid import KernelInceptionDistance

    metric = KernelInceptionDistance(feature=Identity(), subsets=SUBSETS, subset_size=1000).set_dtype(dtype)
    metric.update(torch.from_numpy(real).to(dtype), real=True)
    metric.update(torch.from_numpy(fake).to(dtype), real=False)
    return metric.compute()[0].item()


def kid() -> list[Row]:
    """KID of 10,000 × 2,048 features, 100 subsets of 1,000."""
    real, fake = features(N, 0), features(N, 1)
    works = [lambda: metrics.kid(real, fake, subsets=SUBSETS, subset_size=1000).value]
    works += [lambda dtype=dtype: torchmetrics_kid(real, fake, dtype) for dtype in (torch.float64, torch.float32)]
    (ours, double, single), _ = in_turn(*works, runs=1)
    return [
        ("KID, ours, in float64", ours, "s", ""),
        ("torchmetrics in float64, over ours", double / ours, "×", "≥ 1"),
        ("torchmetrics in float32, over ours", single / ours, "×", "≥ 1"),
        ("KID, peak memory", peak_gb("kid"), "GB", "< 2"),
    ]


def manifold() -> list[Row]:
    """Precision, recall, density and coverage of 10,000 × 2,048 features."""
    from prdc import compute_prdc

    real, fake = features(N, 0), features(N, 1)
    (ours, theirs), (one, other) = in_turn(
        lambda: metrics.prdc(real, fake), lambda: compute_prdc(real, fake, nearest_k=5), runs=1
    )
    return [
        ("precision … coverage, ours", ours, "s", ""),
        ("prdc, over ours", theirs / ours, "×", "≥ 1"),
        ("largest difference", max(abs(one._asdict()[name] - value) for name, value in other.items()), "", ""),
        ("precision … coverage, peak memory", peak_gb("prdc"), "GB", "< 2"),
    ]


def _alone(name: str, queue: multiprocessing.Queue) -> None:
    getattr(metrics, name)(features(N, 0), features(N, 1))
    # Not getrusage: its peak is inherited from the process that started this one.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    queue.put(int(status["VmHWM"].split()[0]) / 1e6)


def peak_gb(name: str) -> float:
    """The peak memory of a process that makes the features and computes one metric of them."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_alone, args=(name, queue))
    process.start()
    peak = queue.get()
    process.join()
    return peak
