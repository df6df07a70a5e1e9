"""The loop: what it records, a stop button that loses nothing, a non-finite loss that is named before it does harm."""

import math
import os
import signal
import threading

import pytest
import torch
from torch import nn

from course_utils import training


def quadratic(model, x, rng):
    loss = (model(x) - 3).square().mean()
    return {"loss": loss, "weight": model.weight.abs().sum()}


def line():
    torch.manual_seed(0)
    return nn.Linear(1, 1), torch.ones(40, 1)


def test_fit_minimizes_and_records_each_step():
    model, x = line()
    history = training.fit(model, quadratic, x, epochs=60, batch_size=16, lr=0.1, progress=False)
    assert history.steps == 60 * 3 == len(history["loss"]) == len(history["weight"])
    assert not history.interrupted and history.seconds > 0
    assert (model(x) - 3).abs().max() < 0.05
    assert not model.training


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    def run(seed):
        torch.manual_seed(0)
        model, x = nn.Linear(3, 1), torch.randn(50, 3)
        return training.fit(model, quadratic, x, epochs=3, batch_size=8, seed=seed, progress=False)["loss"]

    assert run(0) == run(0) != run(1)


def test_fit_does_not_touch_the_global_random_state():
    model, x = line()
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    training.fit(model, quadratic, x, epochs=2, progress=False)
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_very_short_runs_work(steps):
    model, x = line()
    assert training.fit(model, quadratic, x, epochs=steps, batch_size=40, progress=False).steps == steps


def test_on_step_sees_every_step():
    seen = []
    training.loop(lambda step: {"loss": step}, 5, on_step=seen.append, progress=False)
    assert [state.step for state in seen] == [0, 1, 2, 3, 4]
    assert all(state.total == 5 for state in seen)
    assert seen[-1].terms == {"loss": 4.0} and seen[-1].history["loss"] == [0, 1, 2, 3, 4]


def test_the_stop_button_ends_after_the_step_under_way_and_keeps_what_was_learned():
    model, x = line()
    before = signal.getsignal(signal.SIGINT)

    def press_stop(state):
        if state.step == 9:
            os.kill(os.getpid(), signal.SIGINT)

    history = training.fit(model, quadratic, x, epochs=100, batch_size=40, lr=0.1, on_step=press_stop, progress=False)
    assert history.interrupted and history.steps == 10 == len(history["loss"])
    assert quadratic(model, x, None)["loss"] < history["loss"][0]
    assert not model.training and signal.getsignal(signal.SIGINT) is before


def test_a_second_press_stops_at_once():
    def stuck(step):
        for _ in range(2):
            signal.raise_signal(signal.SIGINT)
        raise AssertionError("the second interrupt should have ended the step")

    with pytest.raises(KeyboardInterrupt):
        training.loop(stuck, 3, progress=False)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_loop_also_runs_outside_the_main_thread():
    result = []
    thread = threading.Thread(target=lambda: result.append(training.loop(lambda s: {"loss": s}, 3, progress=False)))
    thread.start()
    thread.join()
    assert result[0].steps == 3


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_non_finite_term_is_named_with_its_step_before_the_update(bad):
    model, x = line()
    calls = []

    def loss_fn(model, x, rng):
        calls.append(model.weight.item())
        terms = quadratic(model, x, rng)
        return terms | {"kl": torch.tensor(bad)} if len(calls) == 4 else terms

    with pytest.raises(FloatingPointError, match=r"step 3: the term 'kl' is (nan|inf).*loss = "):
        training.fit(model, loss_fn, x, epochs=50, batch_size=40, progress=False)
    assert model.weight.item() == calls[-1]
    assert not model.training


def test_a_real_divergence_is_caught():
    model, x = line()

    def explode(model, x, rng):
        return {"loss": (model(x) * 1e30).square().mean()}

    with pytest.raises(FloatingPointError, match="step 0: the term 'loss' is inf"):
        training.fit(model, explode, x, epochs=5, progress=False)


def test_the_history_shows_itself_in_one_line():
    history = training.loop(lambda step: {"loss": 0.5}, 3, progress=False)
    assert repr(history).startswith("History: 3 steps in 0.0 s, loss 0.5")


def test_smoothed_is_the_mean_of_the_last_steps():
    history = training.History()
    for value in (1.0, 2.0, 3.0, 4.0):
        history.record({"loss": value})
    assert history.smoothed("loss", window=2) == pytest.approx([1.0, 1.5, 2.5, 3.5])
    assert history.smoothed("loss", window=100)[-1] == pytest.approx(2.5)


def test_the_progress_bar_shows_steps_and_terms(capsys):
    training.loop(lambda step: {"loss": math.pi}, 40, description="VAE")
    shown = capsys.readouterr().err
    assert "VAE" in shown and "40/40" in shown and "loss=3.142" in shown


def test_unknown_schedule_is_refused():
    model, x = line()
    with pytest.raises(ValueError, match="one_cycle"):
        training.fit(model, quadratic, x, epochs=1, schedule="cosine", progress=False)
