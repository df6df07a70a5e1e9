"""GANs on 2-D sets over several seeds at once: what collapses, what mends it, measured by mode coverage.

`python -m course_utils.labs.gan.experiment` (minutes) trains every row of the table that lecture 04 shows beside the
published one.
"""

import csv
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import mean, stdev

import torch

from course_utils.data.toys import Toy, toy
from course_utils.metrics.modes import ModeCoverage, mode_coverage
from course_utils.models import Discriminator, Generator, first_weights
from course_utils.models.ensemble import stack
from course_utils.training.gan import GAN, GANConfig

# What one may change: the discriminator's options, and the config's. Each keeps all else as it is.
REMEDIES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "plain": ({}, {}),
    "packing 2": ({"pack": 2}, {}),
    "packing 4": ({"pack": 4}, {}),
    "minibatch deviation": ({"minibatch_stddev": True}, {}),
    "instance noise": ({}, {"instance_noise": 0.3}),
    "R1 penalty": ({}, {"r1": 0.1}),
    "WGAN-GP": ({}, {"loss": "wasserstein", "gradient_penalty": 0.1}),
    "spectral norm": ({"spectral": True}, {}),
}


@dataclass(frozen=True)
class Protocol:
    """What is held fixed while remedies are compared. With `decay`, the running mean of G is judged, else G itself."""

    hidden: int
    steps: int
    config: GANConfig
    latent: int = 16
    decay: bool = True


TABLE = Protocol(hidden=64, steps=3000, config=GANConfig(batch_size=128, lr=4e-3, average=0.99))
COLUMNS = ["set", "setting", "seeds", "modes", "modes sd", "modes with share", "share sd", "good %", "good sd"]


def stacked_gan(data: Toy, protocol: Protocol, remedy: str = "plain", seeds: Iterable[int] = range(5)) -> GAN:
    """A GAN for each seed, side by side, untrained. The seed sets the first weights; data and noise differ too."""
    options, changes = REMEDIES[remedy]
    generators, discriminators, seeds = [], [], list(seeds)
    for seed in seeds:
        with first_weights(seed):
            generators.append(Generator((2,), protocol.latent, protocol.hidden, output=None))
            discriminators.append(Discriminator((2,), protocol.hidden, **options))
    config = replace(protocol.config, **changes)
    networks = stack(generators), stack(discriminators)
    return GAN(*networks, lambda n, rng: (data.sample(n, rng=rng),), config, seed=seeds[0])


def run(
    data: Toy, protocol: Protocol, remedy: str = "plain", seeds: Iterable[int] = range(5), **options: object
) -> GAN:
    """`stacked_gan`, trained by the protocol."""
    gan = stacked_gan(data, protocol, remedy, seeds)
    gan.train(protocol.steps, decay=protocol.decay, **{"description": remedy, **options})
    return gan


def draw(gan: GAN, n: int = 2500, seed: int = 0) -> torch.Tensor:
    """n points of each run, `(S, n, 2)`, from the running mean of G if there is one."""
    return (gan.averaged if gan.config.average else gan.G).sample(n, rng=torch.Generator().manual_seed(seed))


def coverage(gan: GAN, data: Toy, std: float) -> list[ModeCoverage]:
    """The mode coverage of each run, by the published protocol: 2,500 draws."""
    return [mode_coverage(x, data.modes, std) for x in draw(gan)]


def coverage_text(runs: Iterable[ModeCoverage]) -> str:
    """The coverage of several runs in words."""
    runs = list(runs)
    good, sd = mean_sd(100 * c.high_quality for c in runs)
    modes = ", ".join(str(c.modes) for c in runs)
    shared = ", ".join(str(c.modes_with_share) for c in runs)
    return f"modes {modes} · with a fair share {shared} · good samples {good:.0f} ± {sd:.0f} %"


def mean_sd(values: Iterable[float]) -> tuple[float, float]:
    """Mean and standard deviation over runs."""
    values = [float(value) for value in values]
    return mean(values), stdev(values)


def row(name: str, remedy: str, seeds: Iterable[int] = range(5), protocol: Protocol = TABLE) -> dict[str, object]:
    """One row of the table: mean ± sd over the seeds."""
    data, std, seeds = toy(name), {"ring": 0.02, "grid": 0.05}[name], list(seeds)
    runs = coverage(run(data, protocol, remedy, seeds, progress=False), data, std)
    numbers = [
        *mean_sd(c.modes for c in runs),
        *mean_sd(c.modes_with_share for c in runs),
        *mean_sd(100 * c.high_quality for c in runs),
    ]
    first = [name, remedy, f"{seeds[0]}-{seeds[-1]}", *(round(number, 1) for number in numbers)]
    return dict(zip(COLUMNS, first, strict=True))


def write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """The table as CSV, under a line that says when and with what it was made."""
    versions = f"Python {platform.python_version()}, torch {torch.__version__.split('+')[0]}"
    with path.open("w", newline="") as file:
        file.write(f"# {date.today().isoformat()}, {versions}; python -m course_utils.labs.gan.experiment\n")
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for entry in rows:
            print(*entry.values(), flush=True)
            table.writerow(entry)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of the table."""
    with path.open() as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def table_text() -> str:
    """The table of `TABLE_FILE` for a page, the published numbers beside ours."""
    line = "{:4s} {:19s} {:12s} {:12s} {:13s} {}"
    lines = [line.format("set", "setting", "modes", "fair share", "good, %", "published: modes, good %")]
    for r in read(TABLE_FILE):
        ours = [f"{r[name]} ± {r[sd]}" for name, sd in (COLUMNS[3:5], COLUMNS[5:7], COLUMNS[7:9])]
        lines.append(line.format(r["set"], r["setting"], *ours, PUBLISHED.get((r["set"], r["setting"]), "")).rstrip())
    return "\n".join(lines)


TABLE_FILE = Path(__file__).parent / "table.csv"
# Lin et al. 2018 (PacGAN); Srivastava et al. 2017 (VEEGAN) report another number for the plain GAN.
PUBLISHED = {
    ("ring", "plain"): "6.3 ± 0.5, 98.2 (VEEGAN paper: 1, 99.3)",
    ("ring", "packing 2"): "7.9 ± 0.1, 95.6",
    ("ring", "packing 4"): "7.8, 95.9",
    ("grid", "plain"): "17.3 ± 0.8, 94.8",
    ("grid", "packing 2"): "23.8, 91.3",
    ("grid", "packing 4"): "24.8, 93.6",
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    write(TABLE_FILE, (row(name, remedy) for name in ("ring", "grid") for remedy in REMEDIES))
