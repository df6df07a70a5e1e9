"""Lecture 11b's scenarios of returns: ways to draw the days to come, and the tail risk that is known to be true."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from course_utils.data.returns import Process
from course_utils.models import ensemble, first_weights, mlp
from course_utils.models.garch import Garch
from course_utils.training import fit, seeded

Array = NDArray[np.float64]
DAYS, AFTER, EVERY = 1000, 240, 40  # a history; the days after it; from every EVERY-th we look ahead
MEMORY = (0.5, 0.8, 0.94, 0.98)  # how much of yesterday's mean square each of the network's inputs keeps
BLOCK = 20


def tail(total: Array, level: float = 0.99) -> tuple[Array, Array]:
    """Value at risk and expected shortfall of sums of returns `(…, n)`, both positive for a loss: `(…)` each.

    VaR is the loss that is exceeded with probability 1 − level, ES the mean of the losses beyond it. Source: Artzner
    et al. 1999 (doi 10.1111/1467-9965.00068).
    """
    loss = np.sort(-total, -1)
    beyond = int(np.floor(level * loss.shape[-1]))
    return loss[..., beyond], loss[..., beyond:].mean(-1)


def bootstrap(r: Array, n: int, days: int, rng: np.random.Generator, block: int = 1) -> Array:
    """n futures `(n, days)`: stretches of `block` days each from a history r `(T,)`, from anywhere in it."""
    starts = rng.integers(0, len(r) - block + 1, (n, -(-days // block), 1))
    return r[starts + np.arange(block)].reshape(n, -1)[:, :days]


class VolatilityNetwork(nn.Module):
    """An autoregressive Gaussian: log of tomorrow's variance from running means of squares, by a small network.

    Stacked, S histories are learned at once: r `(S, T)`.
    """

    def __init__(self, hidden: int = 8) -> None:
        super().__init__()
        self.net = mlp(len(MEMORY) + 1, hidden, 1)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Features `(…, 5)` to the log-variance of the next day `(…)`."""
        return features[..., 2] + self.net(features)[..., 0]


def next_state(state: Array, r: Array) -> Array:
    """Running mean squares `(…, 4)` after a return `(…)`."""
    keep = np.array(MEMORY)
    return keep * state + (1 - keep) * r[..., None] ** 2


def features(state: Array, r: Array) -> torch.Tensor:
    """What the network sees: logarithms of the running means, and today's return over their root. `(…, 5)`"""
    both = [np.log(state + 0.01), (r / np.sqrt(state[..., 2] + 0.01))[..., None]]
    return torch.from_numpy(np.concatenate(both, -1)).float()


def states(r: Array, start: float) -> Array:
    """The running means after each day of r `(…, T)`: `(…, T, 4)`."""
    state, found = np.full((*r.shape[:-1], len(MEMORY)), start), []
    for day in range(r.shape[-1]):
        state = next_state(state, r[..., day])
        found.append(state)
    return np.stack(found, -2)


def learn(r: Array, start: float = 1.0, steps: int = 300) -> Callable[[int], VolatilityNetwork]:
    """A network for each history r `(S, T)`, side by side; returns what gives number s."""
    made = []
    for seed in range(len(r)):
        with first_weights(seed):
            made.append(VolatilityNetwork())
    stacked = ensemble.stack(made)
    x, target = features(states(r, start), r)[:, :-1], torch.from_numpy(r[:, 1:]).float()

    def loss(model: nn.Module, x: torch.Tensor, target: torch.Tensor, rng: torch.Generator) -> dict[str, torch.Tensor]:
        logvar = model(x)
        return {"loss": 0.5 * (logvar + target.square() * (-logvar).exp()).mean(-1)}

    fit(stacked, loss, x, target, steps=steps, batch_size=256, lr=5e-3, progress=False)
    return lambda seed: ensemble.one_of(stacked, made[0], seed)


@torch.no_grad()
def network_paths(net: VolatilityNetwork, state: Array, r: Array, shocks: Array) -> Array:
    """Returns `(n, days)` from the running means `(n, 4)` and today's return `(n,)`, with these shocks `(n, days)`."""
    path = np.empty_like(shocks)
    for day in range(shocks.shape[1]):
        r = path[:, day] = np.exp(0.5 * net(features(state, r)).numpy()) * shocks[:, day]
        state = next_state(state, r)
    return path


class Truth:
    """The true VaR and ES of the sum of the next days, for any variance of the first one: from one large simulation."""

    def __init__(self, process: Process, days: int = 60, n: int = 20_000, seed: int = 77) -> None:
        self.grid = torch.linspace(-1.5, 3.0, 13).exp() * process.long_run
        start = self.grid.repeat_interleave(n)
        r, _ = process.paths(len(start), days, seeded(seed), start)
        self.sums = r.cumsum(1).view(len(self.grid), n, days).numpy()

    def tail(self, variance: Array, days: int, level: float = 0.99) -> tuple[Array, Array]:
        """Both for each variance `(…)`, between the grid's by a straight line over logarithms."""
        at = np.log(self.grid.numpy())
        return tuple(np.interp(np.log(variance), at, each) for each in tail(self.sums[:, :, days - 1], level))


def histories(process: Process, seeds: Sequence[int]) -> tuple[Array, Array]:
    """For each seed a history with the days after it, `(S, DAYS + AFTER)`, and the variance, one day more."""
    found = [process.paths(1, DAYS + AFTER, seeded(seed)) for seed in seeds]
    return tuple(np.concatenate([each[part].double().numpy() for each in found]) for part in (0, 1))


HORIZONS, PATHS = (1, 10, 60), 3000
SHOWN = ("bootstrap", "blocks", "GARCH, normal", "GARCH, own shocks", "network, own shocks")


def own_shocks(net: VolatilityNetwork, r: Array) -> Array:
    """A history's returns over the network's standard deviations, from the second day on."""
    with torch.no_grad():
        return r[1:] / np.exp(0.5 * net(features(states(r, 1.0), r)[:-1]).numpy())


def futures(r: Array, net: VolatilityNetwork, rng: np.random.Generator, days: int = 60) -> dict[str, Array]:
    """Scenarios by each way, `(origins, PATHS, days)`, that begin after DAYS + EVERY · 0, 1, … days of r.

    Everything is learned from the first DAYS days; what came since only says how restless the market is.
    """
    past, at = r[:DAYS], np.arange(DAYS, DAYS + AFTER, EVERY)
    shape = (len(at) * PATHS, days)
    model = Garch.fit(past)
    v, state, today = model.variances(r)[at], states(r, 1.0)[at - 1], r[at - 1]
    v, state, today = (np.repeat(each, PATHS, 0) for each in (v, state, today))
    found = {
        "bootstrap": bootstrap(past, shape[0], days, rng),
        "blocks": bootstrap(past, shape[0], days, rng, BLOCK),
        "GARCH, normal": model.paths(v, rng.standard_normal(shape)),
        "GARCH, own shocks": model.paths(v, rng.choice(model.shocks(past), shape)),
        "network, own shocks": network_paths(net, state, today, rng.choice(own_shocks(net, past), shape)),
    }
    return {name: path.reshape(len(at), PATHS, days) for name, path in found.items()}


def errors(drawn: dict[str, Array], variance: Array, truth: Truth) -> dict[tuple[str, int], tuple[float, float]]:
    """For each way and horizon: mean |log(VaR / true VaR)|, and of ES, over the origins. variance `(T + 1,)`."""
    at, found = np.arange(DAYS, DAYS + AFTER, EVERY), {}
    for name, path in drawn.items():
        total = path.cumsum(-1)
        for days in HORIZONS:
            pairs = zip(tail(total[..., days - 1]), truth.tail(variance[at], days), strict=True)
            found[name, days] = tuple(float(np.abs(np.log(ours / true)).mean()) for ours, true in pairs)
    return found
