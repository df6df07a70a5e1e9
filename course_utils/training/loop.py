"""The training loop: a progress bar, a history, a stop button that loses nothing, and one `on_step` hook.

`loop` repeats any step (a GAN has two updates in one); `fit` is `loop` around one optimizer and one loss.
"""

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from course_utils.data import batches


def seeded(seed: int) -> torch.Generator:
    """A source of random numbers that starts at this seed: the same seed, the same draws."""
    return torch.Generator().manual_seed(seed)


def one_thread() -> None:
    """One thread for PyTorch, NumPy and scikit-learn: with small networks, threads mostly wait for each other."""
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    threadpool_limits(1)


class History(dict[str, list[float]]):
    """What a run recorded: `history["loss"]` is one float a step; also `steps` done, `seconds` taken, `interrupted`."""

    def __init__(self) -> None:
        super().__init__()
        self.steps, self.seconds, self.interrupted = 0, 0.0, False

    def record(self, terms: Mapping[str, float]) -> None:
        """Append one step."""
        for name, value in terms.items():
            self.setdefault(name, []).append(value)
        self.steps += 1

    def __repr__(self) -> str:
        last = "".join(f", {name} {values[-1]:.4g}" for name, values in self.items())
        return f"History: {self.steps} steps in {self.seconds:.1f} s{last}" + ", interrupted" * self.interrupted

    def smoothed(self, name: str, window: int = 50) -> list[float]:
        """The mean of the last `window` steps (fewer at the beginning), a float a step."""
        values = torch.tensor([0.0, *self[name]], dtype=torch.float64).cumsum(0)
        first = (torch.arange(1, len(values)) - window).clamp(min=0)
        last = torch.arange(1, len(values))
        return ((values[last] - values[first]) / (last - first)).tolist()


@dataclass(frozen=True)
class State:
    """What `on_step` is given after each step: its number from 0, of how many, its terms, all history, the model."""

    step: int
    total: int
    terms: dict[str, float]
    history: History
    model: nn.Module | None = None


OnStep = Callable[[State], None]


@contextmanager
def _stop_button() -> Iterator[threading.Event]:
    """Turn the first interrupt (the notebook's stop button, Ctrl-C) into a flag, so that no update is cut in half.

    A second interrupt stops at once. Only the main thread gets interrupts; elsewhere the flag is never set.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.getsignal(signal.SIGINT)

    def request(signum: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signal.signal(signal.SIGINT, request)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _floats(terms: Mapping[str, Tensor | float], step: int) -> dict[str, float]:
    """The terms as floats, each the mean over stacked networks.

    Raises FloatingPointError, which names step and term, at the first that is not finite.
    """
    values = {
        name: float(value.detach().mean() if isinstance(value, Tensor) else value) for name, value in terms.items()
    }
    for name, value in values.items():
        if not math.isfinite(value):
            raise FloatingPointError(
                f"step {step}: the term '{name}' is {value}. Terms of this step: "
                + ", ".join(f"{n} = {v:.4g}" for n, v in values.items())
                + ". Usual causes: a learning rate that is too high, or the log or exp of an unbounded value."
            )
    return values


def loop(
    step_fn: Callable[[int], Mapping[str, Tensor | float]],
    steps: int,
    *,
    on_step: OnStep | None = None,
    progress: bool = True,
    description: str = "",
    model: nn.Module | None = None,
) -> History:
    """Call `step_fn(0)`, …, `step_fn(steps - 1)`, each of which updates something and returns the terms to record.

    The stop button ends the loop after the step under way; the history so far is returned with `interrupted` set.
    Raises FloatingPointError at the first term that is not finite, naming step and term.
    """
    history, start = History(), time.perf_counter()
    with _stop_button() as stop, tqdm(total=steps, desc=description, disable=not progress, mininterval=0.2) as bar:
        for step in range(steps):
            terms = _floats(step_fn(step), step)
            history.record(terms)
            history.seconds = time.perf_counter() - start
            history.interrupted = stop.is_set()
            if on_step is not None:
                on_step(State(step, steps, terms, history, model))
            if step % 20 == 0 or step == steps - 1:
                bar.set_postfix({name: f"{value:.4g}" for name, value in terms.items()}, refresh=False)
            bar.update()
            if stop.is_set():
                history.interrupted = True
                tqdm.write(f"Stopped after step {step + 1} of {steps}; what was learned so far is kept.")
                break
    return history


def fit(
    model: nn.Module,
    loss_fn: Callable[..., Mapping[str, Tensor]],
    *tensors: Tensor,
    epochs: int | None = None,
    steps: int | None = None,
    weights: Tensor | None = None,
    batch_size: int = 64,
    lr: float = 3e-3,
    seed: int = 0,
    schedule: str | None = "one_cycle",
    **options: Any,
) -> History:
    """Minimize `loss_fn(model, *batch, rng)["loss"]` with Adam; every entry it returns is recorded.

    Args: tensors `(N, …)`, shuffled into batches anew each epoch; `steps` in place of `epochs`; `seed` fixes the
    batches and what the loss draws with its `rng`; `schedule` is "one_cycle" (Smith & Topin 2018) or None; `options`
    go to `loop`. With `weights` `(N,)` batches are drawn with replacement, each point by its weight. Networks stacked
    by `models.ensemble` take tensors `(S, N, …)` and weights `(S, N)` (None: all equal), and a loss `(S,)`.
    The model is left in evaluation mode. Raises ValueError for an unknown schedule, or unless one of epochs and steps
    is given, and FloatingPointError, before the update, if a term is not finite.
    """
    if (epochs is None) == (steps is None):
        raise ValueError(f"fit needs epochs or steps, not both; got {epochs} and {steps}.")
    lead = getattr(model, "lead", ())
    steps = steps or epochs * math.ceil(tensors[0].shape[len(lead)] / batch_size)
    rng, update = seeded(seed), _adam(model, lr, schedule, steps)
    if lead and weights is None:
        weights = torch.ones(tensors[0].shape[:2])
    stream = _stream(tensors, weights, batch_size, rng)

    def step_fn(step: int) -> dict[str, float]:
        terms = loss_fn(model, *next(stream), rng)
        values = _floats(terms, step)
        update(terms["loss"])
        return values

    model.train()
    try:
        return loop(step_fn, steps, model=model, **options)
    finally:
        model.eval()


def _adam(model: nn.Module, lr: float, schedule: str | None, steps: int) -> Callable[[Tensor], None]:
    """What takes one step of Adam on a loss, its learning rate by the schedule."""
    if schedule not in ("one_cycle", None):
        raise ValueError(f"schedule must be 'one_cycle' or None, got {schedule!r}.")
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, fused=True)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps) if schedule else None

    def update(loss: Tensor) -> None:
        optimizer.zero_grad()
        loss.sum().backward()  # over stacked networks, which leaves each its own gradient
        optimizer.step()
        if scheduler is not None:
            scheduler.step()

    return update


def _stream(
    tensors: Sequence[Tensor], weights: Tensor | None, batch_size: int, rng: torch.Generator
) -> Iterator[tuple[Tensor, ...]]:
    """Minibatches without end: epoch after epoch, or drawn by weights `(N,)`, or `(S, N)` for tensors `(S, N, …)`."""
    while weights is None:
        yield from batches(*tensors, batch_size=batch_size, rng=rng)
    run = (torch.arange(len(weights))[:, None],) if weights.dim() == 2 else ()
    while True:
        chosen = torch.multinomial(weights, batch_size, replacement=True, generator=rng)
        yield tuple(values[(*run, chosen)] for values in tensors)
