"""Lecture 09a's second explorer: Gibbs chains on digits as a film, and how well they mix."""

from collections.abc import Mapping

import ipywidgets
import numpy as np
import torch
from torch import Tensor

from course_utils.models.energy import RBM, exchange
from course_utils.widgets.panel import Panel, View, choice, image_png, slider, strip

COLUMNS, GAP, EMPTY = 6, 1, 0.12  # of the sheet of chains; the shade between them


@torch.no_grad()
def plain(rbm: RBM, x: Tensor, steps: int, rng: torch.Generator | None = None, every: int = 1) -> Tensor:
    """Gibbs chains from x `(B, V)`: their path `(steps + 1, B, V)`, with `every` Gibbs steps between two frames."""
    path = [x]
    for _ in range(steps):
        path.append(rbm.gibbs(path[-1], every, rng))
    return torch.stack(path)


@torch.no_grad()
def tempered(
    rbm: RBM, x: Tensor, steps: int, base_logits: Tensor, rungs: int = 8, rng: torch.Generator | None = None
) -> Tensor:
    """Parallel tempering from x `(B, V)` on all rungs: the path of the coldest, `(steps + 1, B, V)`.

    A frame is a Gibbs step on every rung, then swaps of neighbors: `rungs` times the work of a plain step.
    """
    ladder = rbm.tempered(torch.linspace(0, 1, rungs), base_logits)
    all_rungs, path = x.expand(rungs, -1, -1).clone(), [x]
    for step in range(steps):
        all_rungs = exchange(ladder, ladder.gibbs(all_rungs, 1, rng), step % 2 == 1, rng)
        path.append(all_rungs[-1].clone())  # a view would keep all rungs
    return torch.stack(path)


def autocorrelation(path: Tensor, lags: Tensor) -> Tensor:
    """The mean over pixels of the correlation of a pixel with itself so many frames later, `(len(lags),)`.

    Args: path `(T, B, V)`, thought to be at rest. Pixels that never change are left out.
    """
    centered = path - path.mean((0, 1))
    variance = centered.square().mean((0, 1))
    moving = variance > 1e-3
    at = [(centered[lag:] * centered[: len(path) - lag]).mean((0, 1))[moving] / variance[moving] for lag in lags]
    return torch.stack([one.mean() for one in at])


def kinds_seen(classes: Tensor) -> float:
    """How many different classes a chain has shown, on average: classes `(T, B)`, −1 for none of them."""
    return float(np.mean([len(chain.unique()) - int((chain < 0).any()) for chain in classes.T]))


def visited(path: Tensor, patterns: Tensor) -> float:
    """How many of the patterns `(P, V)` a chain has been at, on average, for a path `(T, B, V)` of zeros and ones."""
    code = 2.0 ** torch.arange(path.shape[-1], dtype=torch.float64)
    at, known = path.double() @ code, patterns.double() @ code
    return kinds_seen(torch.where(torch.isin(at, known), at, -1.0))


def sheet(x: Tensor) -> np.ndarray:
    """Images `(N, 1, H, W)`, COLUMNS to a row, with light gaps, as are places left over."""
    missing = torch.full((-len(x) % COLUMNS, *x.shape[1:]), EMPTY)
    rows = [strip(part, GAP) for part in torch.cat([x, missing]).split(COLUMNS)]
    line = np.full((GAP, rows[0].shape[1]), EMPTY, dtype=np.float32)
    return np.concatenate([part for row in rows for part in (row, line)][:-1])


def gibbs_film(paths: Mapping[str, Tensor], classes: Mapping[str, Tensor], scale: int = 8) -> Panel:
    """Chains as a film, a frame a step. Args: for each sampler its path `(T, N, 1, H, W)` and its classes `(T, N)`."""
    names, length = list(paths), min(map(len, paths.values())) - 1

    def show(sampler: str, step: int) -> dict[str, tuple[bytes, str]]:
        now, before = classes[sampler][step], classes[sampler][: step + 1]
        said = f"{sampler}, step {step}: {len(now.unique())} kinds on show, a chain has seen {kinds_seen(before):.1f}"
        return {"chains": (image_png(sheet(paths[sampler][step]), scale), said)}

    controls = {
        "sampler": choice("sampler", names, names[0], "Which chains are shown"),
        "step": slider("step", 0, length, 0, "How many steps the chains have taken"),
    }
    run = ipywidgets.Play(max=length, interval=100, description="Run", tooltip="Take one step after another")
    ipywidgets.link((run, "value"), (controls["step"], "value"))
    high, wide = sheet(paths[names[0]][0]).shape
    panel = Panel(show, controls, {"chains": View(wide * scale, high * scale)}, extra=[run])
    panel.run = run
    return panel
