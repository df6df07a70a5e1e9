"""Numbers that the course promises, measured.

    python -m tests.benchmarks            all of them
    python -m tests.benchmarks slider     those named

A benchmark is a function in `BENCHMARKS` that returns rows (what, value, unit, target). It is run, not collected by
pytest: on a shared machine a time is something to read, not something to pass.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from course_utils.jupyter.execute import execute
from tests.benchmarks.metrics import frechet, kid, manifold
from tests.benchmarks.vae import elbo, mnist

ROOT = Path(__file__).parents[2]
Row = tuple[str, float, str, str]

SETUP = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import json, statistics, time, torch
from course_utils import widgets
from course_utils.models import VAE
torch.set_num_threads(1); torch.manual_seed(0)
model = VAE((1, 28, 28), latent=8, hidden=128)

def milliseconds(work):
    start = time.perf_counter(); work(); return 1e3 * (time.perf_counter() - start)
"""

SLIDERS = """
import ipywidgets, matplotlib.pyplot as plt
images = torch.rand(100, 1, 28, 28)
ours = widgets.latent_explorer(model.decode, 8, images=images, encode=model.encode)
display(ours)

def usual(axes):
    def draw(**z):
        with torch.no_grad():
            x = model.decode(torch.tensor([list(z.values())])).sigmoid()
        plt.imshow(x[0, 0], cmap="gray_r"); plt.axis(axes); plt.show()

    sliders = {f"z{i}": ipywidgets.FloatSlider(min=-4, max=4, step=0.1) for i in range(1, 9)}
    ipywidgets.interact(draw, **sliders)
    return sliders["z3"]

moved = {"ours": ours.controls["z3"], "axes": usual("on"), "bare": usual("off")}
times = {name: [] for name in moved}
for move in range(205):  # in turn, so that all meet the same load of the machine
    for name, slider in moved.items():
        if name == "ours" or move % 5 == 0:
            value = (move % 39 + 1) / 10
            times[name].append(milliseconds(lambda: setattr(slider, "value", value)))
assert ours.exception is None
"""
SLIDERS_RESULT = "json.dumps({name: values[2:] for name, values in times.items()})"

IMPORTS = """
import time, torch
times = [time.perf_counter()]
import course_utils
times.append(time.perf_counter())
from course_utils import data, losses, models, training
times.append(time.perf_counter())
from course_utils import plotting, widgets
times.append(time.perf_counter())
print([b - a for a, b in zip(times, times[1:])])
"""

LIVE = """
from course_utils import losses, training
x = torch.rand(1437, 1, 8, 8)

def loss_fn(model, x, generator):
    x_logits, mu, logvar = model(x, generator)
    elbo = losses.elbo(losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar))
    return {"loss": -elbo.mean(), "kl": losses.kl_standard_normal(mu, logvar).mean()}

hook = widgets.live_curves("loss", "kl"); display(hook)

def share():  # of one run's time, so that both meet the same load of the machine
    inside = []
    run = training.fit(VAE(), loss_fn, x, epochs=80, progress=False,
                       on_step=lambda state: inside.append(milliseconds(lambda: hook(state))))
    return 1e-1 * sum(inside) / run.seconds

share()
shares = [share() for _ in range(3)]
redraw = [milliseconds(hook.draw) for _ in range(20)]
"""
LIVE_RESULT = "json.dumps([shares, redraw])"


def in_kernel(*cells: str) -> Any:
    """Run cells after SETUP in a kernel of their own, and return what the last one's JSON text says."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in (SETUP, *cells)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.ipynb"
        nbformat.write(notebook, path)
        result = execute(path)
    if not result.passed:
        raise RuntimeError(result.error)
    return json.loads(result.notebook.cells[-1].outputs[0].data["text/plain"].strip("'"))


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def slider() -> list[Row]:
    """One slider move, 8 latent dimensions to 28 × 28 pixels: all that the kernel does until the picture is sent."""
    times = in_kernel(SLIDERS, SLIDERS_RESULT)
    ours, axes, bare = (median(times[name]) for name in ("ours", "axes", "bare"))
    return [
        ("a move, latent_explorer, median", ours, "ms", "< 16"),
        ("a move, latent_explorer, 95 of 100", sorted(times["ours"])[int(0.95 * len(times["ours"]))], "ms", ""),
        ("a move, interact + imshow, median", axes, "ms", ""),
        ("a move, interact + imshow, no axes, median", bare, "ms", ""),
        ("ratio of the medians", axes / ours, "×", "≥ 20"),
        ("ratio of the medians, no axes", bare / ours, "×", ""),
    ]


def live() -> list[Row]:
    """Live curves of two panels: one redrawing, and what they add to a training run."""
    shares, redraw = in_kernel(LIVE, LIVE_RESULT)
    return [
        ("live curves, a redrawing, median", median(redraw), "ms", "< 60"),
        ("live curves, share of a run, median of 3", median(shares), "%", "≤ 15"),
    ]


def imports() -> list[Row]:
    """What the modules that every lecture imports add to the import of torch, in a fresh process; median of 5."""
    command = [sys.executable, "-c", IMPORTS]
    runs = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(5)]
    package, core, figures = (1e3 * median(list(column)) for column in zip(*map(json.loads, runs), strict=True))
    return [
        ("import course_utils", package, "ms", "< 300"),
        ("its data, losses, models, training", core, "ms", "< 300"),
        ("its plotting, widgets (matplotlib, ipywidgets)", figures, "ms", ""),
    ]


BENCHMARKS: dict[str, Callable[[], list[Row]]] = {
    "slider": slider,
    "live": live,
    "imports": imports,
    "elbo": elbo,
    "mnist": mnist,
    "frechet": frechet,
    "kid": kid,
    "manifold": manifold,
}


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmarks named (default: all) and print their rows."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help=f"from {', '.join(BENCHMARKS)} (default: all)")
    names = parser.parse_args(arguments).names or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    for name in names:
        try:
            rows = BENCHMARKS[name]()
        except FileNotFoundError as missing:
            print(f"{name}: left out. {missing}")
            continue
        for what, value, unit, target in rows:
            print(f"{what:<46}{value:>9.2f} {unit:<3} {f'target {target}' if target else ''}".rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
