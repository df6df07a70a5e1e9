"""Lecture 11b's strings of molecules: models that draw them, how draws are judged, and a property that is chased."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from sklearn.linear_model import Ridge
from torch import Tensor
from torch.nn import functional as F

from course_utils import models, training
from course_utils.data import molecules
from course_utils.data.molecules import END, TOKENS, VALENCE, Molecule
from course_utils.models.ngrams import NGram
from course_utils.models.transformer import Transformer

LONGEST = 41  # tokens, the end among them


def padded(strings: Sequence[str]) -> Tensor:
    """Strings as tokens `(N, LONGEST)`, filled up with END."""
    rows = [molecules.encode(smiles) for smiles in strings]
    return torch.stack([F.pad(row, (0, LONGEST - len(row)), value=END) for row in rows])


def ngram(strings: Sequence[str], order: int = 5) -> NGram:
    """An n-gram of strings with their ends; an END before the first token tells that it is the first."""
    return NGram(order, len(TOKENS), LONGEST).fit(F.pad(molecules.encode(s), (1, 0), value=END) for s in strings)


def transformer(strings: Sequence[str], seed: int = 0, steps: int = 600, progress: bool = False) -> Transformer:
    """A small transformer on strings; the places after the first END do not count."""
    x = padded(strings)
    counts = F.pad((x == END).cumsum(1)[:, :-1], (1, 0)) == 0

    def loss(model: Transformer, x: Tensor, counts: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        return {"loss": -(model.log_prob_tokens(x) * counts).sum() / counts.sum()}

    with models.first_weights(seed):
        model = Transformer(len(TOKENS), LONGEST, width=32, heads=2, blocks=2)
    plan = {"steps": steps, "batch_size": 32, "lr": 5e-3, "seed": seed}
    training.fit(model, loss, x, counts, progress=progress, description="transformer", **plan)
    return model


def drawn(model: NGram | Transformer, n: int, rng: torch.Generator) -> list[str]:
    """n strings of a model."""
    prompt = torch.tensor([END]) if isinstance(model, NGram) else None
    return [molecules.decode(tokens) for tokens in model.sample(n, rng=rng, length=LONGEST, prompt=prompt)]


def one_more_carbon(strings: Sequence[str], n: int, rng: torch.Generator) -> list[str]:
    """No model at all: a known string with one C put in somewhere, the first that the checker lets through.

    Source: "AddCarbon", Renz et al. 2019 (doi 10.1016/j.ddtec.2020.09.003).
    """
    found = []
    while len(found) < n:
        parts = molecules.cut(strings[int(torch.randint(len(strings), (), generator=rng))])
        place = int(torch.randint(len(parts) + 1, (), generator=rng))
        smiles = "".join([*parts[:place], "C", *parts[place:]])
        found += [smiles] * (not molecules.fault(smiles))
    return found


class Score(NamedTuple):
    """Shares: valid of all; unique of the valid; of these new as a string, and as a molecule. `size`: see `judged`."""

    valid: float
    unique: float
    new_string: float
    new_molecule: float
    size: float


def judged(strings: Sequence[str], known: Sequence[str], keys: set[str], fresh: Sequence[str]) -> Score:
    """Judge draws against known strings with their molecules' keys.

    `size` is Wasserstein's distance between the numbers of atoms of the valid draws and of fresh strings of the source.
    """
    good = [smiles for smiles in strings if not molecules.fault(smiles)]
    kinds = set(good)
    new = kinds - set(known)
    new_keys = {molecules.parse(smiles).key() for smiles in new} - keys
    share = 1 / max(1, len(kinds))
    return Score(
        len(good) / len(strings), len(kinds) / max(1, len(good)), len(new) * share, len(new_keys) * share,
        _wasserstein(*([len(molecules.parse(s).atoms) for s in part] for part in (good, fresh))),
    )  # fmt: skip


def _wasserstein(a: Sequence[int], b: Sequence[int]) -> float:
    from scipy.stats import wasserstein_distance

    return float(wasserstein_distance(a, b)) if a else float("nan")


def activity(molecule: Molecule) -> float:
    """What the molecule is worth, by a rule that stands for the laboratory: fluorine, nitrogen and rings help.

    Each only to a point: two F, two N, two rings; and each heavy atom beyond 18 costs 0.2, each Cl beyond one 0.5.
    """
    count = {symbol: molecule.atoms.count(symbol) for symbol in VALENCE}
    gain = sum(min(number, 2) for number in (count["F"], count["N"], molecule.rings))
    return gain - 0.2 * max(0, len(molecule.atoms) - 18) - 0.5 * max(0, count["Cl"] - 1) - max(0, count["F"] - 3)


def counts_of(strings: Sequence[str]) -> np.ndarray:
    """How often each token stands in each string, `(N, V)`: all that the predictor sees."""
    return np.stack([np.bincount(molecules.encode(smiles)[:-1], minlength=len(TOKENS)) for smiles in strings])


def predictor(strings: Sequence[str]) -> Callable[[Sequence[str]], np.ndarray]:
    """A linear guess of the activity, from strings whose activity was measured."""
    fitted = Ridge(1.0).fit(counts_of(strings), [activity(molecules.parse(smiles)) for smiles in strings])
    return lambda strings: fitted.predict(counts_of(strings))


class Round(NamedTuple):
    """A round of the chase: guessed and true activity of those kept, means, and the one with the best guess."""

    guessed: float
    true: float
    best: str


def chase(
    strings: Sequence[str], value: Callable[[Sequence[str]], np.ndarray], rng: torch.Generator, rounds: int = 30,
    kept: int = 50,
) -> list[Round]:  # fmt: skip
    """Change one token of each string kept, four times; keep the valid ones of highest value; again. Round 0: as given.

    The simplest genetic search on molecules; Jensen 2019 (doi 10.1039/C8SC05372C) mixes graphs in place of strings.
    """
    best, found = list(strings)[:kept], []
    for _ in range(rounds + 1):
        guessed = value(best)
        true = [activity(molecules.parse(smiles)) for smiles in best]
        found.append(Round(float(guessed.mean()), float(np.mean(true)), best[int(guessed.argmax())]))
        pool = sorted({*best, *(s for old in best for s in _changed(old, 4, rng))})
        order = np.argsort(-value(pool), kind="stable")[:kept]
        best = [pool[place] for place in order]
    return found


def _changed(smiles: str, times: int, rng: torch.Generator) -> list[str]:
    """Valid strings of at most LONGEST − 1 tokens that differ in one token: replaced, put in, or left out."""
    parts, found = molecules.cut(smiles), []
    for _ in range(times):
        place, token, way = (int(torch.randint(n, (), generator=rng)) for n in (len(parts), END, 3))
        put = [] if way == 2 else [TOKENS[token]]
        new = [*parts[:place], *put, *parts[place + (way != 1) :]]
        found += ["".join(new)] * (len(new) < LONGEST and not molecules.fault("".join(new)))
    return found
