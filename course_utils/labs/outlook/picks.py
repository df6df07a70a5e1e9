"""A person picks, the generator follows: the codes shown next lie around the one picked, closer each round.

After Picbreeder (Secretan et al. 2011, doi:10.1162/EVCO_a_00030), with a generator's codes in place of its networks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import ipywidgets
import torch
from torch import Tensor

from course_utils.training import seeded
from course_utils.widgets.panel import Panel, View, image_png, slider, strip

SHOWN = 6  # pictures a round
CLOSER = 0.9  # by which the spread shrinks each round

Decode = Callable[[Tensor], Tensor]  # codes (B, Z) to images (B, 1, H, W)


def around(center: Tensor, spread: float, n: int, rng: torch.Generator | None = None) -> Tensor:
    """n codes `(n, Z)` near center `(Z,)`: from N(0, I) if spread is 1, the center itself if it is 0.

    √(1 − s²) center + s ε has the prior's variance if the center has: all that is shown could have been drawn.
    """
    noise = torch.randn(n, len(center), generator=rng)
    return (1 - spread**2) ** 0.5 * center + spread * noise


@dataclass(frozen=True)
class Hunt:
    """What a person found: the distance of each round's pick to what was wanted, and how much the last six differ."""

    distances: list[float]
    variety: float


@torch.no_grad()
def hunt(
    decode: Decode, latent: int, wanted: Tensor, rng: torch.Generator, *, follow: bool, noise: float = 0.0,
    rounds: int = 12,
) -> Hunt:  # fmt: skip
    """A simulated person who wants one image and always picks the nearest by squared pixels, up to `noise`.

    Six pictures a round, the last pick among them. With `follow` the other five lie around it, closer each round; else
    they are drawn from the prior: the control, as many pictures seen and as many choices made.
    """
    center, spread, distances = None, 1.0, []
    for _ in range(rounds):
        base = torch.zeros(latent) if center is None else center
        fresh = around(base, spread if follow else 1.0, SHOWN - (center is not None), rng)
        z = fresh if center is None else torch.cat([center[None], fresh])
        off = (decode(z) - wanted).square().flatten(1).sum(1).sqrt()
        best = int((off + noise * torch.randn(SHOWN, generator=rng)).argmin())
        center, spread = z[best], spread * CLOSER
        distances.append(off[best].item())
    images = decode(z)
    return Hunt(distances, (images - images.mean(0)).square().flatten(1).sum(1).mean().item())


@dataclass
class Game:
    """The live version: six codes shown, and what was picked so far."""

    latent: int
    seed: int = 0
    picks: list[Tensor] = field(default_factory=list)

    def codes(self, closer: float) -> Tensor:
        """The six codes of this round `(6, Z)`, the last pick first; `closer`: the factor of the spread each round."""
        rng = seeded(1000 * self.seed + len(self.picks))
        if not self.picks:
            return torch.randn(SHOWN, self.latent, generator=rng)
        spread = closer ** len(self.picks)
        return torch.cat([self.picks[-1][None], around(self.picks[-1], spread, SHOWN - 1, rng)])


def pick_explorer(decode: Decode, latent: int) -> Panel:
    """Six digits; the buttons 1 to 6 pick one, and the next six lie around it. *Back* takes a pick back."""
    game = Game(latent)

    @torch.no_grad()
    def show(closer: float, start: int) -> dict[str, tuple[bytes, str]]:
        game.seed = start
        images, path = decode(game.codes(closer)), game.picks[-10:]
        round_ = f"Round {len(game.picks) + 1}: pictures 1 to 6." + (" 1 is your last pick." if game.picks else "")
        way = decode(torch.stack(path)) if path else torch.zeros(1, 1, 8, 8)
        said = f"Your last {len(path)} picks." if path else "Nothing picked yet."
        return {"six": (image_png(strip(images), 12), round_), "way": (image_png(strip(way), 5), said)}

    def picker(i: int) -> Callable[[], None]:
        return lambda: game.picks.append(game.codes(panel.controls["closer"].value)[i])

    buttons = {str(i + 1): (picker(i), f"Pick picture {i + 1}") for i in range(SHOWN)}
    buttons["Back"] = (lambda: game.picks and game.picks.pop(), "Take the last pick back")
    controls: dict[str, ipywidgets.ValueWidget] = {
        "closer": slider("closer", 0.6, 1.0, CLOSER, "The spread each round, as a share of the last one's", 0.05),
        "start": slider("start", 0, 20, 0, "Another first six"),
    }
    views = {"six": View(640), "way": View(440)}
    panel = Panel(show, controls, views, buttons=buttons, on_reset=game.picks.clear)
    return panel
