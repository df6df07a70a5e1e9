"""Text: the course's own prose, frozen in `prose.txt`, letters as numbers, and tasks whose answer stands far back.

`python -m course_utils.data.text` remakes the file from lectures/ and assignments/. It is frozen so that no number
moves when a page is edited.
"""

import json
import random
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["Characters", "Document", "Task", "brackets", "corpus", "few_shot", "induction", "recall", "split"]

FILE = Path(__file__).with_name("prose.txt")
_HEAD = "@@ "  # a document begins with a line of this, its topic and its name
_SIGNS = {
    "–": "-",
    "−": "-",
    "×": "x",
    "·": "-",
    "→": "->",
    "≤": "<=",
    "…": "...",
    "▸": "",
    "ø": "o",
    "ı": "i",
    "±": "+-",
}


class Document(NamedTuple):
    """A page's prose: paragraphs, one a line. A lecture and its assignment share a topic, and a few sentences."""

    topic: str  # "01" … "08"
    name: str  # "lecture 08a" or "assignment 08"
    text: str


def corpus(file: Path = FILE) -> list[Document]:
    """All documents of the frozen prose, about 197,000 characters. Raises ValueError if the file is no such text."""
    head, *parts = re.split(f"^{_HEAD}", file.read_text(encoding="utf-8"), flags=re.M)
    if head or not parts:
        raise ValueError(f"{file} does not begin with '{_HEAD}topic name': remake it, python -m course_utils.data.text")
    documents = []
    for part in parts:
        line, _, text = part.partition("\n")
        documents.append(Document(*line.split(" ", 1), text))
    return documents


def split(documents: Sequence[Document], seed: int = 0, test: int = 2) -> tuple[list[Document], list[Document]]:
    """Documents to learn from, and those of `test` topics drawn by the seed: no topic is in both.

    Raises ValueError unless at least one topic is left on each side.
    """
    topics = sorted({document.topic for document in documents})
    if not 0 < test < len(topics):
        raise ValueError(f"test must leave topics on both sides: 1 to {len(topics) - 1}, got {test}.")
    held = set(random.Random(seed).sample(topics, test))
    return [d for d in documents if d.topic not in held], [d for d in documents if d.topic in held]


class Characters:
    """Letters as numbers: the alphabet of some texts, in order of code; `encode` and `decode` undo each other."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.letters = "".join(sorted(set().union(*texts)))
        self.place = {letter: number for number, letter in enumerate(self.letters)}

    def __len__(self) -> int:
        return len(self.letters)

    def encode(self, text: str) -> Tensor:
        """The text as int64, `(T,)`. Raises ValueError, which names them, at letters that are not in the alphabet."""
        unknown = sorted(set(text) - set(self.letters))
        if unknown:
            raise ValueError(f"not in the alphabet of {len(self)} letters: {', '.join(map(repr, unknown[:5]))}.")
        return torch.tensor([self.place[letter] for letter in text], dtype=torch.long)

    def decode(self, tokens: Tensor) -> str:
        """The text of int64 tokens `(T,)`."""
        return "".join(self.letters[token] for token in tokens.tolist())


# Tasks whose answer stands `distance` tokens before the place where it is asked for.


class Task(NamedTuple):
    """Sequences of tokens; at the places where `asked` is true the token follows from one earlier."""

    x: Tensor  # int64, (N, T)
    asked: Tensor  # bool, (N, T): places whose token is an answer
    distance: Tensor  # int64, (N, T): how many tokens before it the answer stood; 0 where nothing is asked
    kinds: int  # of tokens, V
    chance: float  # how often a guess among the possible answers is right
    answers: range  # the tokens that can be an answer


KEYS, NOISE = 8, 8  # kinds of key and of noise in `recall`


def recall(n: int, length: int, distance: int | None = None, rng: torch.Generator | None = None) -> Task:
    """Noise with one key in it; the last but one token asks, the last repeats the key, `distance` tokens after it.

    Tokens 0 … 7 are keys, 8 … 15 noise, 16 asks. None: distances 2 … length − 1, all equally likely.
    Raises ValueError for other distances.
    """
    if distance is not None and not 2 <= distance < length:
        raise ValueError(f"distance must be 2 to {length - 1}, got {distance}.")
    x = torch.randint(KEYS, KEYS + NOISE, (n, length), generator=rng)
    far = torch.full((n,), distance) if distance else torch.randint(2, length, (n,), generator=rng)
    key, row = torch.randint(KEYS, (n,), generator=rng), torch.arange(n)
    x[row, length - 1 - far] = key
    x[:, -2], x[:, -1] = KEYS + NOISE, key
    distances = torch.zeros_like(x)
    distances[:, -1] = far
    return Task(x, distances > 0, distances, KEYS + NOISE + 1, 1 / KEYS, range(KEYS))


PAIRS = 3  # kinds of bracket


def brackets(n: int, length: int, rng: torch.Generator | None = None) -> Task:
    """Balanced brackets of three kinds, tokens 0, 1, 2 to open and 3, 4, 5 to close; asked at each that closes.

    Evenly drawn steps up and down, kept between 0 and what the rest of the line can close; `length` must be even.
    """
    if length % 2:
        raise ValueError(f"balanced brackets have an even length, got {length}.")
    x, distances = torch.zeros(n, length, dtype=torch.long), torch.zeros(n, length, dtype=torch.long)
    coin, kind = torch.rand(n, length, generator=rng) < 0.5, torch.randint(PAIRS, (n, length), generator=rng)
    for row, (ups, kinds) in enumerate(zip(coin.tolist(), kind.tolist(), strict=True)):
        stack: list[tuple[int, int]] = []
        for t in range(length):
            if not stack or (ups[t] and len(stack) < length - t):
                stack.append((t, kinds[t]))
                x[row, t] = kinds[t]
            else:
                opened, which = stack.pop()
                x[row, t], distances[row, t] = PAIRS + which, t - opened
    return Task(x, distances > 0, distances, 2 * PAIRS, 1 / PAIRS, range(PAIRS, 2 * PAIRS))


SYMBOLS = 32


def induction(n: int, length: int, distance: int | None = None, rng: torch.Generator | None = None) -> Task:
    """… A B … A, and B must follow: `distance` different ones of 32 symbols in random order, said again and again.

    Asked from the second token of the second time on. None: distances 4 … min(32, length // 2), drawn evenly.
    Raises ValueError for other distances.
    """
    most = min(SYMBOLS, length // 2)
    if distance is not None and not 4 <= distance <= most:
        raise ValueError(f"distance must be 4 to {most}, got {distance}.")
    far = torch.full((n,), distance) if distance else torch.randint(4, most + 1, (n,), generator=rng)
    order = torch.rand(n, SYMBOLS, generator=rng).argsort(1)
    t = torch.arange(length)
    asked = t > far[:, None]
    return Task(order.gather(1, t % far[:, None]), asked, far[:, None] * asked, SYMBOLS, 1 / SYMBOLS, range(SYMBOLS))


CUES, VALUES = 4, 8


def few_shot(n: int, pairs: int, rng: torch.Generator | None = None) -> Task:
    """Pairs of a cue (tokens 0 … 3) and its value (4 … 11): a table from cues to values, new for each sequence.

    Asked at every value. Who remembers all pairs is right at the k-th, counted from 0, with probability
    1 − (7/8)(3/4)^k; `distance` is to the last time that cue's value stood there, and 0 at the first.
    """
    cue = torch.randint(CUES, (n, pairs), generator=rng)
    value = CUES + torch.randint(VALUES, (n, CUES), generator=rng).gather(1, cue)
    x = torch.stack([cue, value], -1).flatten(1)
    same = (cue[:, :, None] == cue[:, None, :]) & torch.ones(pairs, pairs, dtype=torch.bool).tril(-1)
    last = torch.where(same, torch.arange(pairs), -1).amax(-1)
    distance, asked = torch.zeros_like(x), torch.zeros_like(x, dtype=torch.bool)
    distance[:, 1::2] = torch.where(last < 0, 0, 2 * (torch.arange(pairs) - last))
    asked[:, 1::2] = True
    return Task(x, asked, distance, CUES + VALUES, 1 / VALUES, range(CUES, CUES + VALUES))


# Remaking the file.


def plain(markdown: str) -> str:
    """A page's Markdown as plain prose, a paragraph a line, in ASCII: no code, tables, displayed formulas or links.

    A formula in a line stays if it is short and plain, and becomes ~ if it needs TeX.
    """
    text = re.split(r"^## (?:Further reading|Sources)", markdown, flags=re.M)[0]
    text = re.sub(r"```.*?```|\$\$.*?\$\$|</?[a-z][^>]*>", "", text, flags=re.S)
    text = re.sub(r"\$([^$]+)\$", lambda m: "~" if re.search(r"[\\{}_^]", m[1]) else m[1], text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^\s*(?:[#>\-]+|\d+\.) *|[*`]|\\", "", re.sub(r"^\|.*$|^> *$", "", text, flags=re.M), flags=re.M)
    lines = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    return _ascii("\n".join(line for line in lines if line) + "\n")


def _ascii(text: str) -> str:
    """Without accents; a few signs spelled with others, Greek letters by name, the rest left out."""
    for sign, spelled in _SIGNS.items():
        text = text.replace(sign, spelled)
    names = {
        letter: unicodedata.name(letter, "").split(" ")[-1].lower()
        for letter in set(text)
        if "α" <= letter.lower() <= "ω"
    }
    text = "".join(names.get(letter, letter) for letter in text)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _markdown(page: Path) -> str:
    """The Markdown cells of a notebook."""
    cells = json.loads(page.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def remake(root: Path, file: Path = FILE) -> int:
    """Write the prose of the notebooks under root's lectures/ and assignments/ to the file; how many characters."""
    pages = sorted(root.glob("lectures/[0-9]*.ipynb")) + sorted(root.glob("assignments/*/*.ipynb"))
    if not pages:
        raise FileNotFoundError(
            f"no lectures/*.ipynb or assignments/*/*.ipynb in {root.resolve()}: name the course's folder."
        )
    parts = []
    for page in pages:
        number = page.stem.split("_")[0]
        kind = "lecture" if page.parent.name == "lectures" else "assignment"
        parts.append(f"{_HEAD}{number[:2]} {kind} {number}\n{plain(_markdown(page))}")
    return file.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    print(f"{remake(Path()):,} characters in {FILE}")
