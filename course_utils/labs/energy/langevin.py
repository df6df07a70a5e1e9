"""Lecture 09a's first explorer: walkers that roll downhill and are shaken, for any step size."""

from collections.abc import Callable

import ipywidgets
import torch
from torch import Tensor

from course_utils.plotting import COLORS, Picture, picture
from course_utils.widgets.panel import LivePicture, Panel, View, choice, slider

Energy = Callable[[Tensor], Tensor]  # x `(B, D)` to `(B,)`
STEP_SIZES = (0.001, 0.003, 0.01, 0.03, 0.05, 0.07, 0.1)
BINS = 60  # of the histogram of x₁


def walk(energy: Energy, x: Tensor, step: float, steps: int, rng: torch.Generator | None = None) -> Tensor:
    """Langevin dynamics x ← x − ε ∇E(x) + √(2ε) noise from x `(B, D)`: the whole path, `(steps + 1, B, D)`.

    Unadjusted: what it settles to is exp(−E) / Z only for small ε. Source: Rossky, Doll & Friedman 1978; Neal 2011.
    """
    path = [x]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(energy(x).sum(), x)
        noise = torch.randn(x.shape, generator=rng, dtype=x.dtype)
        x = x.detach() - step * slope + (2 * step) ** 0.5 * noise
        path.append(x)
    return torch.stack(path)


class Landscape:
    """A plane's energy on a grid, its x₁-marginal by quadrature, and the paths of all step sizes from one start."""

    def __init__(self, energy: Energy, window: tuple[float, float, float, float], start: Tensor, steps: int) -> None:
        left, right, low, high = window
        self.x1, self.x2 = torch.linspace(left, right, 121), torch.linspace(low, high, 121)
        self.grid = energy(torch.cartesian_prod(self.x1, self.x2)).view(121, 121)
        marginal = torch.trapezoid((-self.grid).exp(), self.x2, dim=1)
        self.marginal = marginal / torch.trapezoid(marginal, self.x1)
        self.right = torch.trapezoid(self.marginal * (self.x1 > 0), self.x1).item()
        self.window, self.steps = window, steps
        seeded = (torch.Generator().manual_seed(0) for _ in STEP_SIZES)
        self.paths = {h: walk(energy, start, h, steps, rng) for h, rng in zip(STEP_SIZES, seeded, strict=True)}

    def lost(self, step: float, time: int) -> Tensor:
        """Which walkers have left the window for good: too far away, or no number any more."""
        x = self.paths[step][time]
        return ~(x.isfinite().all(1) & (x.abs().amax(1) < 20))

    def caption(self, step: float, time: int) -> str:
        """Where the walkers are, in words."""
        x, lost = self.paths[step][time], self.lost(step, time)
        away = f"; {lost.sum()} of {len(x)} flew off" if lost.any() else ""
        share = (x[~lost][:, 0] > 0).float().mean().item() if (~lost).any() else 0.0
        return f"ε = {step}, step {time}: {share:.0%} in the right well (exact {self.right:.0%}){away}"

    def histogram(self, step: float, time: int) -> tuple[Tensor, Tensor]:
        """Bin middles and the density of the walkers' x₁ in the window, both `(BINS,)`."""
        x = self.paths[step][time][:, 0].nan_to_num(1e9)
        left, right = self.window[:2]
        counts = torch.histc(x[(x > left) & (x < right)], BINS, left, right)
        width = (right - left) / BINS
        return left + width * (torch.arange(BINS) + 0.5), counts / len(x) / width


def still(land: Landscape, step_sizes: tuple[float, ...] = (0.001, 0.01, 0.05)) -> Picture:
    """Histograms of x₁ at the end of the paths, a panel a step size: the explorer on paper."""
    said = "; ".join(land.caption(step, land.steps) for step in step_sizes)
    title = f"x₁ of the walkers after {land.steps} steps, and the exact density"
    figure, axes = picture(1, len(step_sizes), title=title, height=2.6, sharey=True, alt=f"{title}. {said}.")
    for ax, step in zip(axes, step_sizes, strict=True):
        ax.plot(land.x1, land.marginal)
        ax.step(*land.histogram(step, land.steps), where="mid")
        ax.set(title=f"ε = {step}", xlabel="x₁")
    axes[0].set_ylabel("density")
    return figure


def langevin_explorer(
    energy: Energy, window: tuple[float, float, float, float], start: Tensor, steps: int = 200
) -> Panel:
    """Walkers on an energy's contours beside their histogram; sliders for step size and time, ▶ plays the time."""
    land = Landscape(energy, window, start, steps)
    figure, (plane, bars) = picture(1, 2, width=5.6, height=2.7, alt="Walkers, and their histogram")
    plane.contour(land.x1, land.x2, land.grid.T.clamp(max=8), levels=14, cmap="Blues_r", linewidths=0.8)
    (dots,) = plane.plot([], [], ".", color=COLORS[1], markersize=3)
    plane.set(xlim=window[:2], ylim=window[2:], xlabel="x₁", ylabel="x₂", title="walkers on the energy")
    bars.plot(land.x1, land.marginal, color=COLORS[0], label="exact")
    (outline,) = bars.step([], [], where="mid", color=COLORS[1], label="walkers")
    bars.set(xlim=window[:2], ylim=(0, 2 * land.marginal.max().item()), xlabel="x₁", ylabel="density", title="x₁")
    bars.legend(frameon=False)
    live = LivePicture(figure, [dots, outline])

    def show(step: float, time: int) -> dict[str, tuple[bytes, str]]:
        dots.set_data(*land.paths[step][time][~land.lost(step, time)].T.numpy())
        outline.set_data(*(part.numpy() for part in land.histogram(step, time)))
        return {"walkers": (live.png(), land.caption(step, time))}

    controls = {
        "step": choice("step ε", STEP_SIZES, 0.01, "How far a walker goes in one step"),
        "time": slider("steps", 0, steps, 0, "How many steps have been taken"),
    }
    run = ipywidgets.Play(max=steps, interval=80, description="Run", tooltip="Take one step after another")
    ipywidgets.link((run, "value"), (controls["time"], "value"))
    panel = Panel(show, controls, {"walkers": View(616, 297)}, extra=[run])
    panel.run, panel.land = run, land
    return panel
