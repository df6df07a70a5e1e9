"""Lecture 08b's explorers: noise over time; digits by class, guidance, steps and seed; pictures of a typed caption."""

import ipywidgets
import numpy as np
import torch
from PIL import Image
from torch import Tensor

from course_utils.labs.diffusion.painter import Painter
from course_utils.labs.diffusion.shapes import obeyed, parse, tokens
from course_utils.models import diffusion
from course_utils.models.diffusion import Denoiser
from course_utils.plotting import COLORS, Picture, picture
from course_utils.training import seeded
from course_utils.widgets.panel import LivePicture, Panel, View, choice, image_png, png_file, slider, strip

QUICK = 6  # steps for a typed caption, so that it answers at once
STEPS = (1, 2, 3, 5, 10, 20)


class NoisePicture:
    """Points x_t, and the curves of what is left of the data and of the noise, the time marked."""

    def __init__(self, x: Tensor) -> None:
        self.x, self.epsilon = x, torch.randn(x.shape, generator=seeded())
        self.picture, (plane, curve) = picture(1, 2, width=4.8, height=2.4, alt="Points at a time of diffusion")
        (self.points,) = plane.plot([], [], ".", markersize=2.5, color=COLORS[0])
        plane.set(xlim=(-4, 4), ylim=(-4, 4), aspect="equal", xlabel="x₁", ylabel="x₂")
        t = torch.linspace(0, 1, 101)
        curve.plot(t, diffusion.alpha_bar(t), label="data, ᾱ")
        curve.plot(t, 1 - diffusion.alpha_bar(t), "--", label="noise, 1 − ᾱ")
        curve.set(xlabel="time t", ylabel="share of the variance", xlim=(0, 1))
        curve.legend(fontsize=8)
        (self.now,) = curve.plot([], [], color="black", linewidth=1)
        self.live = LivePicture(self.picture, [self.points, self.now])

    def update(self, t: float) -> None:
        """Show time t."""
        self.points.set_data(*diffusion.q_sample(self.x, torch.tensor(t), self.epsilon).T)
        self.now.set_data([t, t], [0, 1])


def noise_explorer(x: Tensor, images: Tensor) -> Panel:
    """A slider for the time, on points x `(N, 2)` and on images `(n, 1, H, W)` in [0, 1]."""
    view, epsilon = NoisePicture(x), torch.randn(images.shape, generator=seeded(1))

    def show(t: float) -> dict[str, LivePicture | tuple[bytes, str]]:
        view.update(t)
        noisy = 0.5 * diffusion.q_sample(2 * images - 1, torch.tensor(t), epsilon) + 0.5
        keep = diffusion.alpha_bar(torch.tensor(t)).item()
        said = f"t = {t:.2f}: ᾱ = {keep:.3f}; signal to noise {keep / (1 - keep):.3g}" if t else "t = 0: the data"
        return {"points": (view.live.png(), said), "digits": (image_png(strip(noisy), 6), f"digits at t = {t:.2f}")}

    controls = {"t": slider("time t", 0.0, 0.99, 0.3, "0 is data, 1 is noise", 0.01)}
    return Panel(show, controls, {"points": View(528), "digits": View(500)})


def digits_explorer(model: Denoiser, n: int = 10) -> Panel:
    """Sliders for the class, the guidance, the number of steps, the seed: n images, and the way to the first one."""
    pixels = (lambda x: (0.5 * x + 0.5).clamp(0, 1)) if model.pixels else (lambda x: x)

    def show(y: int, guidance: float, steps: int, seed: int) -> dict[str, tuple[bytes, str]]:
        labels, path = torch.full((n,), y), []

        def denoise(x: Tensor, t: Tensor) -> Tensor:
            path.append(x[:1])
            return model.denoise(x, t, labels, guidance)

        x = diffusion.ddim(denoise, torch.randn(n, *model.event, generator=seeded(seed)), diffusion.times(steps))
        kept = [path[i] for i in np.linspace(0, len(path) - 1, min(9, len(path))).astype(int)]
        scale = max(1, 48 // model.event[-1])
        said = f"{n} draws of {y} in {steps} step{'s'[: steps > 1]}, guidance {guidance:g}"
        return {
            "drawn": (image_png(strip(pixels(x)), scale), said),
            "path": (image_png(strip(pixels(torch.cat([*kept, x[:1]]))), scale), "from noise to the first of them"),
        }

    controls = {
        "y": slider("class", 0, model.classes - 1, 3, "The class to draw"),
        "guidance": slider("guidance", 0.0, 8.0, 1.0, "0 forgets the class, 1 is p(x | y), more exaggerates it", 0.5),
        "steps": choice("steps", STEPS, 20, "How many times the network is asked"),
        "seed": slider("seed", 0, 30, 0, "Other noise to start from"),
    }
    return Panel(show, controls, {"drawn": View(540), "path": View(540)})


def tiled(images: Tensor) -> np.ndarray:
    """Color images `(n, 3, H, W)` in [0, 1] side by side in gray frames: `(H + 2, n (W + 2), 3)`."""
    framed = np.pad(images.numpy().clip(0, 1), ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=0.8)
    return np.concatenate(list(framed), axis=2).transpose(1, 2, 0)


def tiles(images: Tensor, scale: int = 5) -> bytes:
    """`tiled` as a PNG file."""
    paper = Image.fromarray(np.rint(255 * tiled(images)).astype(np.uint8))
    return png_file(paper.resize((paper.width * scale, paper.height * scale), Image.Resampling.NEAREST))


def caption_explorer(painter: Painter, text: str, n: int = 5) -> Panel:
    """Type a caption; see n pictures of it, and how many the judge finds obedient."""

    def show(caption: str, guidance: float, seed: int) -> dict[str, tuple[bytes, str]]:
        asked = parse(caption)
        y, noise = tokens([asked] * n), torch.randn(n, *painter.event, generator=seeded(seed))
        x = diffusion.ddim(lambda x, t: painter.denoise(x, t, y, guidance), noise, diffusion.times(QUICK))
        x = (0.5 * x + 0.5).clamp(0, 1)
        right = sum(obeyed(asked, image)["all"] for image in x)
        return {"pictures": (tiles(x), f"{asked}: {right} of {n} as asked")}

    words = ipywidgets.Text(
        text,
        description="caption",
        tooltip="a large red circle left of a small blue square; Enter draws it",
        continuous_update=False,
        layout={"width": "340px"},
    )
    controls = {
        "caption": words,
        "guidance": slider("guidance", 0.0, 6.0, 2.0, "0 forgets the caption, 1 is p(x | caption)", 0.5),
        "seed": slider("seed", 0, 30, 0, "Other noise to start from"),
    }
    return Panel(show, controls, {"pictures": View(455)})


def color_grid(images: Tensor, labels: list[str], *, title: str, alt: str, columns: int = 6) -> Picture:
    """Color images `(N, 3, H, W)` row by row, a label a row."""
    rows = len(images) // columns
    figure, axes = picture(rows, 1, alt=alt, title=title, width=5.2, height=0.4 + 1.1 * rows, squeeze=False)
    for ax, part, label in zip(axes[:, 0], images.split(columns), labels, strict=True):
        ax.imshow(tiled(part), interpolation="nearest")
        ax.set_title(label, fontsize=9)
        ax.set(xticks=[], yticks=[])
    return figure
