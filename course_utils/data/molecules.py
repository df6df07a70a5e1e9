"""Strings of molecules: a small grammar of SMILES that draws them, and a strict checker without a chemistry package.

Read is the part of SMILES (Weininger 1988, doi 10.1021/ci00057a005) with the atoms C N O F S Cl, the bonds = and #,
branches and the ring digits 1 to 9; aromatic letters, charges and brackets are not. Hydrogen fills free valences.
"""

import re
from collections import Counter
from typing import NamedTuple
from zlib import crc32

import torch
from torch import Tensor

VALENCE = {"C": 4, "N": 3, "O": 2, "F": 1, "S": 6, "Cl": 1}  # the most bonds that an atom may have
TOKENS = (*VALENCE, "=", "#", "(", ")", *"123456789", "end")
END = len(TOKENS) - 1
_TOKEN = re.compile(r"Cl|[CNOFS=#()1-9]")
_PLACE = {token: place for place, token in enumerate(TOKENS)}

# What may stand for each <name>, with its weight. @ is a ring's digit, one higher within another ring.
GRAMMAR: dict[str, dict[str, int]] = {
    "molecule": {
        "<head><ring><rest>": 5, "<ring><rest>": 2, "<head><link><ring><rest>": 2, "<head><rest>": 1,
    },
    "rest": {
        "<tail>": 4, "<link><ring><rest>": 3, "<link><tail>": 2,
    },
    "ring": {
        "C@=CC=C(C=C@)": 5, "C@=CC(<side>)=C(C=C@)": 4, "C@=CN=C(C=C@)": 2, "C@CCN(CC@)": 2, "C@CC(<side>)C(CC@)": 1,
        "N@CCN(CC@)": 1, "N@CCC(CC@)": 1, "C@=CC=C(S@)": 1, "C@=CC=C(O@)": 1,
    },
    "side": {
        "<tail>": 6, "<link><ring><tail>": 1,
    },
    "link": {
        "C": 3, "O": 2, "N": 1, "CC": 2, "C(=O)N": 3, "NC(=O)": 2, "C(=O)": 1, "S": 1, "S(=O)(=O)N": 1, "C=C": 1,
        "C#C": 1,
    },
    "head": {
        "C": 4, "F": 2, "Cl": 2, "O": 2, "N": 2, "CO": 2, "N#C": 1, "FC(F)(F)": 1, "CN(C)": 1,
    },
    "tail": {
        "C": 4, "F": 3, "Cl": 2, "O": 2, "N": 2, "OC": 2, "C#N": 1, "C(F)(F)F": 1, "N(C)C": 1, "C(=O)O": 2,
        "NC(=O)C": 1, "CC": 1,
    },
}  # fmt: skip


class Molecule(NamedTuple):
    """Atoms by symbol, and bonds as (atom, atom, order)."""

    atoms: tuple[str, ...]
    bonds: tuple[tuple[int, int, int], ...]

    @property
    def rings(self) -> int:
        """How many bonds are more than a tree has."""
        return len(self.bonds) - len(self.atoms) + 1

    def key(self, rounds: int = 6) -> str:
        """The same for every way to write a molecule; by Weisfeiler & Lehman's colors, so equal for few others."""
        colors = list(self.atoms)
        for _ in range(rounds):
            near: list[list[str]] = [[] for _ in colors]
            for a, b, order in self.bonds:
                near[a].append(f"{order}{colors[b]}")
                near[b].append(f"{order}{colors[a]}")
            names = [f"{color}({','.join(sorted(each))})" for color, each in zip(colors, near, strict=True)]
            colors = [f"{crc32(name.encode()):x}" for name in names]
        return ",".join(sorted(colors))


def cut(smiles: str) -> list[str]:
    """The tokens of a string. Raises ValueError for a letter that is none."""
    parts = _TOKEN.findall(smiles)
    if "".join(parts) != smiles:
        raise ValueError(f"{smiles!r} holds more than {' '.join(TOKENS[:-1])}.")
    return parts


def parse(smiles: str) -> Molecule:
    """The molecule that a string writes; ValueError, which says what is wrong and where, if it writes none."""
    reader = _Reader()
    for place, token in enumerate(cut(smiles), start=1):
        reader.read(token, place)
    return reader.finish()


def fault(smiles: str) -> str:
    """What is wrong with a string, in words; empty if nothing is."""
    try:
        parse(smiles)
    except ValueError as error:
        return str(error)
    return ""


class _Reader:
    """Reads a string token by token."""

    def __init__(self) -> None:
        self.atoms: list[str] = []
        self.bonds: dict[tuple[int, int], int] = {}
        self.last: int | None = None  # the atom that the next one is bound to
        self.order, self.branches, self.rings, self.before = 0, [], {}, ""  # order 0: no bond symbol is waiting

    def read(self, token: str, place: int) -> None:
        if token in VALENCE:
            self._atom(token)
        elif self.last is None:
            raise ValueError(f"token {place}: {token} needs an atom before it.")
        elif token in "=#":
            self._refuse(self.order > 0, place, "two bonds in a row")
            self.order = "-=#".index(token) + 1
        elif token.isdigit():
            self._refuse(self.before in ("(", ")"), place, "a ring digit must follow an atom")
            self._ring(int(token), place)
        else:
            self._refuse(self.order > 0 or self.before == "(", place, f"{self.before}{token} holds no atom")
            self._branch(token, place)
        self.before = token

    def _refuse(self, wrong: bool, place: int, reason: str) -> None:
        if wrong:
            raise ValueError(f"token {place}: {reason}.")

    def _atom(self, symbol: str) -> None:
        self.atoms.append(symbol)
        if self.last is not None:
            self.bonds[self.last, len(self.atoms) - 1] = self.order or 1
        self.last, self.order = len(self.atoms) - 1, 0

    def _ring(self, digit: int, place: int) -> None:
        if digit not in self.rings:
            self.rings[digit] = self.last, self.order
        else:
            first, order = self.rings.pop(digit)
            self._refuse(first == self.last or (first, self.last) in self.bonds, place, "a ring of fewer than 3 atoms")
            self._refuse(bool(order and self.order) and order != self.order, place, "a ring bond of two orders")
            self.bonds[first, self.last] = order or self.order or 1
        self.order = 0

    def _branch(self, token: str, place: int) -> None:
        if token == "(":
            self.branches.append(self.last)
        else:
            self._refuse(not self.branches, place, "a branch closed that was never opened")
            self.last = self.branches.pop()

    def finish(self) -> Molecule:
        open_ends = {"no atom": not self.atoms, "a bond to nothing": self.order > 0}
        open_ends |= {"a branch never closed": self.branches, "a ring never closed": self.rings}
        for reason, wrong in open_ends.items():
            if wrong:
                raise ValueError(f"{reason}.")
        used = Counter()
        for (a, b), order in self.bonds.items():
            used.update({a: order, b: order})
        for atom, symbol in enumerate(self.atoms):
            if used[atom] > VALENCE[symbol]:
                raise ValueError(f"atom {atom + 1}, {symbol}, has {used[atom]} bonds; it may have {VALENCE[symbol]}.")
        return Molecule(tuple(self.atoms), tuple((a, b, order) for (a, b), order in self.bonds.items()))


def draw(rng: torch.Generator | None = None, name: str = "molecule", digit: int = 1) -> str:
    """One string of the grammar, each rule by its weight. All of them are valid."""
    rules = GRAMMAR[name]
    number = torch.multinomial(torch.tensor([*rules.values()], dtype=torch.float), 1, generator=rng)
    rule = [*rules][int(number)]
    below = digit + (name == "ring")
    return re.sub(r"<(\w+)>", lambda part: draw(rng, part[1], below), rule.replace("@", str(digit)))


def strings(n: int, *, longest: int = 40, rng: torch.Generator | None = None) -> list[str]:
    """n different strings of the grammar, of at most so many tokens."""
    found: dict[str, None] = {}
    while len(found) < n:
        smiles = draw(rng)
        if len(cut(smiles)) <= longest:
            found[smiles] = None
    return list(found)


def encode(smiles: str) -> Tensor:
    """Tokens `(T,)`, the last one END."""
    return torch.tensor([*(_PLACE[token] for token in cut(smiles)), END])


def decode(tokens: Tensor) -> str:
    """The string before the first END (all of it, if there is none)."""
    kept = tokens.tolist()
    return "".join(TOKENS[token] for token in kept[: kept.index(END) if END in kept else None])
