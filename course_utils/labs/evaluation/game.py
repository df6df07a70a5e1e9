"""The game of lecture 07: "real or generated?", with the interval that so few answers allow."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from course_utils.metrics.intervals import wilson_interval
from course_utils.widgets.panel import Panel, View, image_png


@dataclass
class Game:
    """Images in random order, half of them real, and the answers so far: `answers[i]` is True for "real"."""

    images: Tensor  # (n, 1, H, W)
    real: Sequence[bool]
    answers: list[bool] = field(default_factory=list)

    def answer(self, real: bool) -> None:
        """Say of the image on show whether it is real; nothing happens once all are answered."""
        if len(self.answers) < len(self.images):
            self.answers.append(real)

    @property
    def right(self) -> int:
        return sum(given == truth for given, truth in zip(self.answers, self.real, strict=False))

    @property
    def score(self) -> str:
        """The share of right answers with its interval, in words."""
        n = len(self.answers)
        if not n:
            return f"Image 1 of {len(self.images)}: real or generated?"
        low, high = wilson_interval(self.right, n)
        last = f"The last one was {'real' if self.real[n - 1] else 'generated'}. "
        end = "" if n < len(self.images) else " That was all."
        return f"{last}{self.right} of {n} right ({self.right / n:.0%}), 95 % interval {low:.0%} to {high:.0%}.{end}"


def new_game(real: Tensor, fake: Tensor, trials: int = 30, seed: int = 0) -> Game:
    """A game with `trials` images, half from each set `(N, 1, H, W)`. Raises ValueError if a set is too small."""
    half, rng = trials // 2, np.random.default_rng(seed)
    if trials < 2 or trials % 2 or half > min(len(real), len(fake)):
        raise ValueError(
            f"{trials} trials need an even number and {half} images of each; {len(real)}, {len(fake)} are given."
        )
    picked = [images[i] for images in (real, fake) for i in rng.permutation(len(images))[:half]]
    order = rng.permutation(trials)
    return Game(np.stack([picked[i].numpy() for i in order]), [bool(i < half) for i in order])


def real_or_generated(real: Tensor, fake: Tensor, *, trials: int = 30, seed: int = 0, size: int = 160) -> Panel:
    """The game: say of each image whether it is real. Reset begins again with the same images."""
    game = new_game(real, fake, trials, seed)

    def show() -> dict[str, tuple[bytes, str]]:
        index = min(len(game.answers), trials - 1)
        return {"image": (image_png(game.images[index], max(1, size // game.images.shape[-1])), game.score)}

    buttons = {
        "Real": (lambda: game.answer(True), "I think this image is real"),
        "Generated": (lambda: game.answer(False), "I think a model made this image"),
    }
    panel = Panel(show, {}, {"image": View(size, size)}, buttons=buttons, on_reset=game.answers.clear)
    panel.views["image"].caption.layout.max_width = "560px"
    panel.game = game
    return panel
