"""The training loop: a progress bar, a history, a stop button that loses nothing, and one `on_step` hook.

`loop` repeats any step (a GAN has two updates in one); `fit` is `loop` around one optimizer and one loss.
"""

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from course_utils.data import batches


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
    """The terms as floats. Raises FloatingPointError, which names step and term, at the first that is not finite."""
    values = {name: value.item() if isinstance(value, Tensor) else float(value) for name, value in terms.items()}
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
    epochs: int,
    batch_size: int = 64,
    lr: float = 3e-3,
    seed: int = 0,
    schedule: str | None = "one_cycle",
    on_step: OnStep | None = None,
    progress: bool = True,
    description: str = "",
) -> History:
    """Minimize `loss_fn(model, *batch, rng)["loss"]` with Adam; every entry it returns is recorded.

    Args: tensors with the same first dimension N, shuffled into batches anew each epoch; `seed` fixes the shuffling and
    what the loss draws from its `torch.Generator`; `schedule` is "one_cycle" (Smith & Topin 2018) or None.
    The model is left in evaluation mode. Raises ValueError for an unknown schedule, and FloatingPointError, before the
    update, if a term is not finite.
    """
    if schedule not in ("one_cycle", None):
        raise ValueError(f"schedule must be 'one_cycle' or None, got {schedule!r}.")
    rng = torch.Generator().manual_seed(seed)
    steps = epochs * math.ceil(len(tensors[0]) / batch_size)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, fused=True)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps) if schedule else None
    stream = (batch for _ in range(epochs) for batch in batches(*tensors, batch_size=batch_size, rng=rng))

    def step_fn(step: int) -> dict[str, float]:
        terms = loss_fn(model, *next(stream), rng)
        values = _floats(terms, step)
        optimizer.zero_grad()
        terms["loss"].backward()
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        return values

    model.train()
    try:
        return loop(step_fn, steps, on_step=on_step, progress=progress, description=description, model=model)
    finally:
        model.eval()
