"""Words to pictures in small: a convolutional denoiser of 16×16 color pictures that is told a caption.

painter = load()                                              # the checkpoint that lies beside this file
x = painter.sample(4, y=tokens([parse("a large red circle left of a small blue square")] * 4), rng=rng)

`python -m course_utils.labs.diffusion` trains it anew (about ten minutes) and writes the checkpoint.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils import training
from course_utils.labs.diffusion.shapes import SIZE, WORDS, captions, draw, is_held_out, tokens
from course_utils.models import diffusion, first_weights

CHECKPOINT = Path(__file__).with_name("painter.pt")
EVENT, CHANNELS, GIVEN = (3, SIZE, SIZE), (24, 48, 64), 96
_CHOICES = [len(options) for options in WORDS]


def one_hot(y: Tensor) -> Tensor:
    """Tokens `(B, 7)` as one vector a caption, `(B, 20)`; −1 stands for a caption that is not told: all 0."""
    told = (y >= 0).all(1, keepdim=True)
    return torch.cat([F.one_hot(part.clamp(min=0), n) for part, n in zip(y.T, _CHOICES, strict=True)], 1) * told


class Block(nn.Module):
    """Two convolutions around a shortcut; what is given scales and shifts the channels between them."""

    def __init__(self, width_in: int, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(width_in, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)
        self.norm, self.told = nn.GroupNorm(4, width), nn.Linear(GIVEN, 2 * width)
        self.shortcut = nn.Conv2d(width_in, width, 1)

    def forward(self, x: Tensor, given: Tensor) -> Tensor:
        scale, shift = self.told(given)[:, :, None, None].chunk(2, dim=1)
        h = self.norm(self.first(F.silu(x))) * (1 + scale) + shift
        return self.shortcut(x) + self.second(F.silu(h))


class Painter(nn.Module):
    """A small U-Net that guesses v; y are tokens `(B, 7)`, or None for no caption. Pictures `(B, 3, 16, 16)` in [0, 1].

    Source: Ho et al. 2020, appendix B. Departures: three sizes (16, 8, 4), no attention, the places as two channels.
    """

    event, predicts, pixels, classes = EVENT, "v", True, -1

    def __init__(self, steps: int = 25, guidance: float = 2.0) -> None:
        super().__init__()
        self.steps, self.guidance = steps, guidance
        a, b, c = CHANNELS
        self.time, self.caption = nn.Linear(10, GIVEN), nn.Linear(sum(_CHOICES), GIVEN)
        self.given = nn.Sequential(nn.SiLU(), nn.Linear(GIVEN, GIVEN), nn.SiLU())
        self.first, self.last = nn.Conv2d(5, a, 3, padding=1), nn.Conv2d(a, 3, 3, padding=1)
        self.down = nn.ModuleList([Block(a, a), Block(a, b), Block(b, c), Block(c, c)])
        self.up = nn.ModuleList([Block(c + b, b), Block(b + a, a)])

    def forward(self, x: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        """x_t `(B, 3, 16, 16)`, t `(B,)` or one for all, and tokens, to v."""
        given = self.time(diffusion.time_features(t.expand(len(x))))
        if y is not None:
            given = given + self.caption(one_hot(y).to(x))
        given = self.given(given)
        places = torch.linspace(-1, 1, SIZE).expand(len(x), 1, SIZE, SIZE)
        h = self.down[0](self.first(torch.cat([x, places, places.mT], 1)), given)
        half = self.down[1](F.avg_pool2d(h, 2), given)
        quarter = self.down[3](self.down[2](F.avg_pool2d(half, 2), given), given)
        half = self.up[0](torch.cat([F.interpolate(quarter, scale_factor=2), half], 1), given)
        return self.last(F.silu(self.up[1](torch.cat([F.interpolate(half, scale_factor=2), h], 1), given)))

    denoise = diffusion.Denoiser.denoise

    @torch.no_grad()
    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n pictures `(n, 3, 16, 16)` by `ddim` in `steps` steps, of captions y, tokens `(n, 7)`, or of any."""
        noise = torch.randn(n, *EVENT, generator=rng)
        x = diffusion.ddim(lambda x, t: self.denoise(x, t, y, self.guidance), noise, diffusion.times(self.steps))
        return (0.5 * x + 0.5).clamp(0, 1)


def pictures(n: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """n pictures `(n, 3, 16, 16)` of captions drawn from those not held out, and their tokens `(n, 7)`."""
    shown = [caption for caption in captions() if not is_held_out(caption)]
    chosen = [shown[i] for i in torch.randint(len(shown), (n,), generator=rng)]
    return torch.stack([draw(caption, rng) for caption in chosen]), tokens(chosen)


def denoising_loss(model: Painter, x: Tensor, y: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
    """`diffusion.denoising_loss`, one in ten captions untold."""
    untold = torch.rand(len(y), 1, generator=rng) < 0.1
    return {"loss": diffusion.denoising_loss(model, x, torch.where(untold, -1, y), rng, drop=0.0).mean()}


def train(steps: int = 8000, n: int = 30_000, seed: int = 0) -> Painter:
    """A Painter trained on n pictures."""
    with first_weights(seed):
        painter = Painter()
    x, y = pictures(n, training.seeded(seed))
    training.fit(painter, denoising_loss, x, y, steps=steps, batch_size=64, lr=2e-3, seed=seed)
    return painter


def save(painter: Painter, path: Path = CHECKPOINT) -> None:
    """Write the weights, in half precision."""
    torch.save({name: value.half() for name, value in painter.state_dict().items()}, path)


def load(path: Path = CHECKPOINT) -> Painter:
    """The trained painter of the checkpoint."""
    painter = Painter()
    painter.load_state_dict(torch.load(path, weights_only=True))
    return painter.eval()
