"""A course form that names nobody and needs no server: a file with a random name, handed in by any way.

The form holds ratings and texts, no name, no date, no machine. An instructor reads a folder of them with `summary`,
which says nothing about fewer than five.
"""

import json
import random
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import ipywidgets

RATED = {
    "pace": "The pace was right (1 too slow, 3 right, 5 too fast)",
    "clear": "I could follow the formulas (1 hardly, 5 throughout)",
    "useful": "The experiments told me something that the text alone would not (1 no, 5 yes)",
    "fair": "The assignments asked for what the lectures taught (1 no, 5 yes)",
}
WRITTEN = {"keep": "One thing to keep", "change": "One thing to change", "unclear": "What is still unclear"}
FEWEST = 5  # forms: below, a single voice could be told from the others


def write(ratings: Mapping[str, int], texts: Mapping[str, str], folder: Path = Path(".")) -> Path:
    """A form in the folder, under a name drawn at random. Raises ValueError for a rating outside 1 to 5, or unknown."""
    if set(ratings) - set(RATED) or set(texts) - set(WRITTEN) or not all(1 <= r <= 5 for r in ratings.values()):
        raise ValueError(f"Rate {', '.join(RATED)} from 1 to 5; write {', '.join(WRITTEN)}.")
    path = folder / f"course_form_{secrets.token_hex(4)}.json"
    with path.open("x", encoding="utf-8") as file:
        json.dump({"ratings": dict(ratings), "texts": dict(texts)}, file, indent=1, ensure_ascii=False)
    return path


def summary(paths: Sequence[Path], seed: int = 0) -> str:
    """Medians and ranges of the ratings, and the texts in a random order. Raises ValueError for fewer than FEWEST."""
    forms = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    if len(forms) < FEWEST:
        raise ValueError(f"{len(forms)} forms: with fewer than {FEWEST} one voice could be told from the others.")
    lines = [f"{len(forms)} forms"]
    for key, text in RATED.items():
        given = [form["ratings"][key] for form in forms if key in form["ratings"]]
        lines.append(
            f"{text}: median {median(given):g}, {min(given)} to {max(given)}" if given else f"{text}: no answer"
        )
    for key, text in WRITTEN.items():
        texts = [form["texts"][key] for form in forms if form["texts"].get(key, "").strip()]
        lines += [text, *(f"  - {one}" for one in random.Random(seed).sample(texts, len(texts)))]
    return "\n".join(lines)


def form(folder: Path = Path(".")) -> ipywidgets.VBox:
    """The form as widgets; a file is written when the button is pressed, once for each press."""
    wide = {"description_width": "0px"}
    ratings = {key: ipywidgets.IntSlider(3, 1, 5, description=" ", tooltip=text) for key, text in RATED.items()}
    texts = {key: ipywidgets.Textarea(placeholder=text, rows=2, style=wide) for key, text in WRITTEN.items()}
    button, said = ipywidgets.Button(description="Write the form"), ipywidgets.HTML()

    def press(_: object) -> None:
        path = write({k: w.value for k, w in ratings.items()}, {k: w.value for k, w in texts.items()}, folder)
        said.value = f"Written to <code>{path.name}</code>: no name, no date. Hand it in as your course asks."

    button.on_click(press)
    rows = [ipywidgets.VBox([ipywidgets.HTML(text), ratings[key]]) for key, text in RATED.items()]
    return ipywidgets.VBox([*rows, *texts.values(), button, said])
