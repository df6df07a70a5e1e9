"""Lecture 11b's levels: tiles drawn at random, a search for the way out, a person whose picks are followed."""

from collections import deque
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from course_utils.widgets.panel import Panel, View, image_png, slider, strip

ROWS, COLUMNS, OFFERED, RATE = 8, 12, 8, 0.5  # the rate: how far a pick moves the probabilities


def random_level(walls: float | Tensor, rng: torch.Generator | None = None) -> Tensor:
    """True where a wall stands, `(8, 12)`; start, top left, and exit, bottom right, are free.

    walls: the probability of a wall, one number or one a tile.
    """
    level = torch.rand(ROWS, COLUMNS, generator=rng) < walls
    level[0, 0] = level[-1, -1] = False
    return level


def steps(level: Tensor) -> int:
    """The steps of the shortest way from start to exit, by breadth-first search; 0 if there is none."""
    free = ~level
    far, queue = {(0, 0): 0}, deque([(0, 0)])
    while queue:
        row, column = here = queue.popleft()
        for there in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            if 0 <= there[0] < ROWS and 0 <= there[1] < COLUMNS and free[there] and there not in far:
                far[there] = far[here] + 1
                queue.append(there)
    return far.get((ROWS - 1, COLUMNS - 1), 0)


def solvable_levels(walls: float | Tensor, n: int, rng: torch.Generator) -> list[Tensor]:
    """n levels that have a way, by drawing until they do."""
    found = []
    while len(found) < n:
        level = random_level(walls, rng)
        found += [level] * (steps(level) > 0)
    return found


def longest(offered: Sequence[Tensor]) -> int:
    """A person who likes long ways: the number of the level with the longest."""
    return max(range(len(offered)), key=lambda i: steps(offered[i]))


def follow(pick: Callable[[Sequence[Tensor]], int], rng: torch.Generator, rounds: int = 10) -> list[list[int]]:
    """The steps of all levels offered in each round, when the generator moves towards what is picked."""
    walls, found = torch.full((ROWS, COLUMNS), 0.3), []
    for _ in range(rounds):
        offered = solvable_levels(walls, OFFERED, rng)
        found.append([steps(level) for level in offered])
        walls = moved(walls, offered[pick(offered)])
    return found


def moved(walls: Tensor, picked: Tensor) -> Tensor:
    """The walls' probabilities after a pick, kept within 0.05 and 0.95."""
    return ((1 - RATE) * walls + RATE * picked).clamp(0.05, 0.95)


def picker() -> Panel:
    """Four solvable levels; a button picks one, and the next four are drawn closer to it."""
    state = {"walls": torch.full((ROWS, COLUMNS), 0.3), "picks": 0}

    def offered(seed: int) -> list[Tensor]:
        rng = torch.Generator().manual_seed(1000 * seed + state["picks"])
        return solvable_levels(state["walls"], 4, rng)

    def show(seed: int) -> dict[str, tuple[bytes, str]]:
        four = offered(seed)
        said = ", ".join(f"{name}: {steps(level)} steps" for name, level in zip("ABCD", four, strict=True))
        return {
            "levels": (image_png(strip(torch.stack(four).float(), gap=2), scale=12), f"{said}; {state['picks']} picks")
        }

    def picks(number: int) -> Callable[[], None]:
        def act() -> None:
            state.update(walls=moved(state["walls"], offered(panel.values["seed"])[number]), picks=state["picks"] + 1)

        return act

    def again() -> None:
        state.update(walls=torch.full((ROWS, COLUMNS), 0.3), picks=0)

    buttons = {f"Like {name}": (picks(i), f"Draw the next four closer to {name}") for i, name in enumerate("ABCD")}
    controls = {"seed": slider("seed", 0, 9, 0, "Other random levels")}
    panel = Panel(show, controls, {"levels": View(648, 96)}, buttons=buttons, on_reset=again)
    return panel
