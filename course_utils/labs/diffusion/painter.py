"""Words to pictures in small: a denoiser of 16×16 color pictures that is told a caption.

painter = load()                                              # the checkpoint that lies beside this file
x = painter.sample(4, y=tokens([parse("a large red circle left of a small blue square")] * 4), rng=rng)

`python -m course_utils.labs.diffusion` trains it anew and writes the checkpoint.
"""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils import training
from course_utils.labs.diffusion.shapes import SIZE, WORDS, captions, draw, is_held_out, tokens
from course_utils.models import diffusion, first_weights, mlp

CHECKPOINT = Path(__file__).with_name("painter.pt")
EVENT = (3, SIZE, SIZE)
_CHOICES = [len(options) for options in WORDS]


class Painter(diffusion.Denoiser):
    """A Denoiser of pictures `(B, 3, 16, 16)` whose y are tokens `(B, 7)`; −1 in place of all seven: no caption.

    Each word is a one-hot vector, and all are given to the network beside the time.
    """

    def __init__(self, hidden: int = 384, steps: int = 25, guidance: float = 2.0) -> None:
        super().__init__(EVENT, 0, hidden, steps=steps, guidance=guidance)
        width = self.embed[0].in_features + sum(_CHOICES)
        self.embed = mlp(width, hidden, hidden, activation=torch.nn.SiLU)

    def conditions(self, t: Tensor, y: Tensor | None) -> Tensor:
        """The time's features and the words as one-hot vectors, `(B, 10 + 20)`; all 0 for no caption."""
        y = torch.full((len(t), len(_CHOICES)), -1) if y is None else y
        words = [F.one_hot(part.clamp(min=0), n) for part, n in zip(y.T, _CHOICES, strict=True)]
        return torch.cat([diffusion.time_features(t), torch.cat(words, 1) * (y >= 0).all(1, keepdim=True)], 1)

    def denoise(self, x: Tensor, t: Tensor, y: Tensor | None = None, guidance: float = 1.0) -> Tensor:
        """The guess of x_0, `(B, 3, 16, 16)`; with guidance both guesses, with words and without, in one pass."""
        if y is None or guidance == 1:
            return super().denoise(x, t, y)
        both = self(torch.cat([x, x]), t, torch.cat([y, torch.full_like(y, -1)]))
        return diffusion.to_x_0(diffusion.guided(*both.chunk(2), guidance), x, t, self.predicts)

    @torch.no_grad()
    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n pictures `(n, 3, 16, 16)` in [0, 1] by `ddim` in `steps` steps, of captions y `(n, 7)`, or of any."""
        noise = torch.randn(n, *EVENT, generator=rng)
        x = diffusion.ddim(lambda x, t: self.denoise(x, t, y, self.guidance), noise, diffusion.times(self.steps))
        return (0.5 * x + 0.5).clamp(0, 1)


def pictures(n: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """n pictures `(n, 3, 16, 16)` of captions drawn from those not held out, and their tokens `(n, 7)`."""
    shown = [caption for caption in captions() if not is_held_out(caption)]
    chosen = [shown[i] for i in torch.randint(len(shown), (n,), generator=rng)]
    return torch.stack([draw(caption, rng) for caption in chosen]), tokens(chosen)


def loss(model: Painter, x: Tensor, y: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
    """`diffusion.denoising_loss`, one in ten captions untold."""
    untold = torch.rand(len(y), 1, generator=rng) < 0.1
    return {"loss": diffusion.denoising_loss(model, x, torch.where(untold, -1, y), rng, drop=0.0).mean()}


def train(steps: int = 30_000, n: int = 30_000, seed: int = 0, progress: bool = True) -> Painter:
    """A Painter trained on n pictures."""
    with first_weights(seed):
        painter = Painter()
    x, y = pictures(n, training.seeded(seed))
    training.fit(painter, loss, x, y, steps=steps, batch_size=64, lr=1e-3, seed=seed, progress=progress)
    return painter


def save(painter: Painter, path: Path = CHECKPOINT) -> None:
    """Write the weights, in half precision."""
    torch.save({name: value.half() for name, value in painter.state_dict().items()}, path)


def load(path: Path = CHECKPOINT) -> Painter:
    """The trained painter of the checkpoint."""
    painter = Painter()
    painter.load_state_dict(torch.load(path, weights_only=True))
    return painter.eval()
