"""Lecture 10a's explorers: merges by a slider, what a typed text's letters look at, what the next one is drawn from."""

import math

import ipywidgets
import torch

from course_utils.data.text import Characters
from course_utils.labs.language import drawing
from course_utils.models.tokens import BytePairs
from course_utils.models.transformer import Transformer, choose
from course_utils.widgets.panel import Panel, View, choice, slider

WIDE, MAP, LETTERS, BARS, DRAWN = 640, 520, 36, 18, 90


def typed(label: str, text: str, tooltip: str) -> ipywidgets.Text:
    """A line to type in; it is read when Enter is pressed or the line is left."""
    look = {"style": {"description_width": "72px"}, "layout": {"width": "340px", "margin": "1px"}}
    return ipywidgets.Text(text, description=label, tooltip=tooltip, continuous_update=False, **look)


def merges_explorer(learned: BytePairs, text: str) -> Panel:
    """A text cut into tokens after any number of the merges learned; the caption names the last merge."""
    bytes_there = len(text.encode())

    def show(merges: int) -> dict[str, tuple[bytes, str]]:
        tokens = learned.first(merges).split(text)
        last = " + ".join(drawing.shown(part.decode(errors="replace")) for part in learned.merges[merges - 1])
        said = f"merge {merges}: {last}. " if merges else "bytes alone. "
        return {"text": (drawing.cut_text(tokens, WIDE, 150), f"{said}{len(tokens)} tokens for {bytes_there} bytes")}

    steps = slider("merges", 0, len(learned.merges), 0, "How many merges, in the order in which they were learned")
    return Panel(show, {"merges": steps}, {"text": View(WIDE, 150)})


def readable(text: str, letters: Characters) -> str:
    """The first letters of a typed text. Raises ValueError if nothing is left, or a letter is none of the model's."""
    text = text[:LETTERS]
    if not text:
        raise ValueError("Type a letter or more.")
    letters.encode(text)
    return text


def attention_explorer(model: Transformer, letters: Characters, text: str = "the model, then the mo") -> Panel:
    """What each letter of a typed text looks at, in a chosen block and head: rows look, columns are looked at."""
    heads = model.blocks[0].attention.heads

    def show(text: str, block: int, head: int) -> dict[str, tuple[bytes, str]]:
        text = readable(text, letters)
        weights = model.attention(letters.encode(text)[None])[block - 1, 0, head - 1]
        far = (weights * (torch.arange(len(text))[:, None] - torch.arange(len(text)))).sum(1).mean()
        last = int(weights[-1].argmax())
        said = f"looks back {far:.1f} letters in the mean; the last looks most at number {last + 1}, '{text[last]}'"
        return {"map": (drawing.attention_map(weights, text, MAP), said)}

    controls = {
        "text": typed("text", text, f"Up to {LETTERS} letters; press Enter"),
        "block": slider("block", 1, len(model.blocks), 1, "Which block, from the letters up"),
        "head": slider("head", 1, heads, 1, "Which of its heads"),
    }
    return Panel(show, controls, {"map": View(MAP, MAP)})


class Sampler:
    """The next letter's distribution after a prompt, before and after temperature, top-k and top-p; and a draw."""

    def __init__(self, model: Transformer, letters: Characters) -> None:
        self.model, self.letters, self.prompt, self.seed = model, letters, "", 0
        self.logits, self.drawn = torch.zeros(len(letters)), ""

    def read(self, prompt: str) -> None:
        """Compute the logits after a new prompt."""
        if prompt == self.prompt:
            return
        x = self.letters.encode(prompt[-self.model.context + 1 :])[None]
        with torch.no_grad():
            self.logits = self.model(self.model.started(x))[0, -1]
        self.prompt, self.drawn = prompt, ""

    def draw(self, temperature: float, top_k: int, top_p: float) -> None:
        """Draw the next letters, with another seed each time."""
        rng, self.seed = torch.Generator().manual_seed(self.seed), self.seed + 1
        given = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
        self.drawn = self.letters.decode(
            self.model.sample(1, rng=rng, prompt=self.letters.encode(self.prompt), length=DRAWN, **given)[0]
        )

    def picture(self, temperature: float, top_k: int, top_p: float) -> tuple[bytes, str]:
        """The likeliest letters as bars, pale as the model gives them, blue as they are drawn."""
        after = choose(self.logits, temperature, top_k, top_p)
        order = self.logits.argsort(descending=True)[:BARS]
        names = [self.letters.letters[i] for i in order.tolist()]
        before = self.logits.softmax(-1)
        bits = torch.special.entr(after).sum() / math.log(2)
        said = f"{int((after > 0).sum())} letters can be drawn, entropy {bits:.2f} bits; pale: as the model gives them"
        return drawing.bars(before[order].tolist(), after[order].tolist(), names, WIDE, 200), said


def sampling_explorer(model: Transformer, letters: Characters, prompt: str = "The generator ") -> Panel:
    """Temperature, top-k and top-p by sliders; the distribution they leave at each move, and a draw at each click."""
    sampler = Sampler(model, letters)

    def show(prompt: str, temperature: float, top_k: int, top_p: float) -> dict[str, tuple[bytes, str]]:
        if not prompt:
            raise ValueError("Type a letter or more to begin with.")
        sampler.read(prompt)
        text = sampler.drawn or "(press Continue)"
        return {
            "next": sampler.picture(temperature, top_k, top_p),
            "text": (drawing.paper((prompt + text).split("\n"), WIDE, 110), "the prompt, and what was drawn after it"),
        }

    controls = {
        "prompt": typed("prompt", prompt, "What the model continues; press Enter"),
        "temperature": slider("temp.", 0.0, 2.0, 1.0, "Temperature: logits are divided by it", step=0.05),
        "top_k": choice("top-k", [1, 2, 3, 5, 10, 20, len(letters)], len(letters), "So many of the likeliest letters"),
        "top_p": slider("top-p", 0.05, 1.0, 1.0, "The fewest letters that hold this probability", step=0.05),
    }

    def draw() -> None:
        values = panel.values
        sampler.draw(values["temperature"], values["top_k"], values["top_p"])

    def again() -> None:
        sampler.seed, sampler.drawn = 0, ""

    buttons = {"Continue": (draw, f"Draw the next {DRAWN} letters")}
    panel = Panel(show, controls, {"next": View(WIDE, 200), "text": View(WIDE, 110)}, buttons=buttons, on_reset=again)
    return panel
