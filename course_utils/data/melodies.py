"""Melodies in the public domain, as notes: folk tunes, and what was published before 1900 or is a folk song's form.

Written in ABC notation, all moved to C major or its relatives: a letter is a pitch, C D E F G A B the octave from
middle C, c d e … the one above, a comma the one below; z is a rest; the number counts eighths (none: one). Dotted pairs
in a few tunes are written even, and some are cut to their first part.
"""

import re
from typing import NamedTuple

import torch
from torch import Tensor

_NOTE = re.compile(r"([A-Ga-gz])(,?)(\d?)")
_STEPS = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
REST = 0

ABC: dict[str, tuple[int, str]] = {  # name: eighths in a bar, bars
    "Ah vous dirai-je, maman": (8, "C2C2G2G2|A2A2G4|F2F2E2E2|D2D2C4|G2G2F2F2|E2E2D4|G2G2F2F2|E2E2D4|C2C2G2G2|A2A2G4"
                                "|F2F2E2E2|D2D2C4"),
    "Frère Jacques": (8, "C2D2E2C2|C2D2E2C2|E2F2G4|E2F2G4|GAGFE2C2|GAGFE2C2|C2G,2C4|C2G,2C4"),
    "Ode to Joy (Beethoven)": (8, "E2E2F2G2|G2F2E2D2|C2C2D2E2|E3DD4|E2E2F2G2|G2F2E2D2|C2C2D2E2|D3CC4|D2D2E2C2"
                               "|D2EFE2C2|D2EFE2D2|C2D2G,4|E2E2F2G2|G2F2E2D2|C2C2D2E2|D3CC4"),
    "Mary Had a Little Lamb": (8, "E2D2C2D2|E2E2E4|D2D2D4|E2G2G4|E2D2C2D2|E2E2E2E2|D2D2E2D2|C8"),
    "Au clair de la lune": (8, "C2C2C2D2|E4D4|C2E2D2D2|C8|C2C2C2D2|E4D4|C2E2D2D2|C8|D2D2D2D2|A,4A,4|D2C2B,2A,2|G,8"
                            "|C2C2C2D2|E4D4|C2E2D2D2|C8"),
    "London Bridge": (8, "G3AG2F2|E2F2G4|D2E2F4|E2F2G4|G3AG2F2|E2F2G4|D4G4|E2C6"),
    "Row, Row, Row Your Boat": (6, "C3C3|C2DE3|E2DE2F|G6|cccGGG|EEECCC|G2FE2D|C6"),
    "Jingle Bells (Pierpont)": (8, "E2E2E4|E2E2E4|E2G2C3D|E8|F2F2F3F|F2E2E2EE|E2D2D2E2|D4G4|E2E2E4|E2E2E4|E2G2C3D|E8"
                                "|F2F2F3F|F2E2E2EE|G2G2F2D2|C8"),
    "Hot Cross Buns": (8, "E4D4|C8|E4D4|C8|C2C2C2C2|D2D2D2D2|E4D4|C8"),
    "Hänschen klein": (8, "G2E2E4|F2D2D4|C2D2E2F2|G2G2G4|G2E2E4|F2D2D4|C2E2G2G2|C8|D2D2D2D2|D2E2F4|E2E2E2E2|E2F2G4"
                       "|G2E2E4|F2D2D4|C2E2G2G2|C8"),
    "Alle meine Entchen": (8, "C2D2E2F2|G4G4|A2A2A2A2|G8|A2A2A2A2|G8|F2F2F2F2|E4E4|D2D2D2D2|C8"),
    "Summ, summ, summ": (8, "G4F4|E8|D2E2F2D2|C8|E2F2G2E2|D2E2F2D2|E2F2G2E2|D2E2F2D2|G4F4|E8|D2E2F2D2|C8"),
    "Old MacDonald": (8, "C2C2C2G,2|A,2A,2G,4|E2E2D2D2|C8|C2C2C2G,2|A,2A,2G,4|E2E2D2D2|C8"),
    "Yankee Doodle": (4, "CCDE|CED2|CCDE|C2B,2|CCDE|FEDC|B,G,A,B,|C2C2"),
    "Oh! Susanna (Foster)": (8, "CD|E2G2G3A|G2E2C3D|E2E2D2C2|D6CD|E2G2G3A|G2E2C3D|E2E2D2D2|C8|F4F4|A2A4A2|G2G2E2C2"
                             "|D6CD|E2G2G3A|G2E2C3D|E2E2D2D2|C8"),
    "Amazing Grace (New Britain)": (6, "G,2|C4EC|E4D2|C4A,2|G,4G,2|C4EC|E4D2|G6|G4E2|G4EC|E4D2|C4A,2|G,4G,2|C4EC"
                                    "|E4D2|C6"),
    "Auld Lang Syne": (8, "G,2|C3CC2E2|D3CD2E2|C3CE2G2|A6A2|G3EE2C2|D3CD2E2|C3A,A,2G,2|C6A2|G3EE2C2|D3CD2A2|G3EE2G2"
                       "|A6c2|G3EE2C2|D3CD2E2|C3A,A,2G,2|C6"),
    "Good King Wenceslas": (8, "C2C2C2D2|C2C2G,4|A,2G,2A,2B,2|C4C4|C2C2C2D2|C2C2G,4|A,2G,2A,2B,2|C4C4|G2F2E2D2|E2D2C4"
                            "|A,2G,2A,2B,2|C4C4|G,2G,2A,2B,2|C2C2D4|G2F2E2D2|C4F4|C8"),
    "Joy to the World (Mason)": (8, "c4B3A|G6F2|E4D4|C6G2|A6A2|B6B2|c8"),
    "We Wish You a Merry Christmas": (6, "G,2|C2CDCB,|A,2A,2A,2|D2DEDC|B,2G,2G,2|E2EFED|C2A,2G,G,|A,2D2B,2|C4"),
    "Deck the Halls": (8, "G3FE2D2|C2D2E2C2|DEFDE3D|C2B,2C4|G3FE2D2|C2D2E2C2|DEFDE3D|C2B,2C4|G3FE2D2|C2D2E2C2|AAAAG3F"
                       "|E2D2C4"),
    "Skip to My Lou": (8, "E2C2EEG2|D2B,2DDF2|E2C2EEG2|DEFDC2C2"),
    "Clementine": (6, "CC|CCC2G,2|EEE2C2|CEG2G2|FED4|DEF2F2|EDE2C2|CED2G,2|B,DC4"),
    "Drunken Sailor": (8, "A2AAA2AA|A2D2F2A2|G2GGG2GG|G2C2E2G2|A2AAA2AA|A2B2c2d2|c2A2G2E2|D4D4"),
    "My Bonnie": (6, "G2|e2d2c2|d2c2A2|G2E4|z4G2|e2d2c2|c2B2c2|d6|z4G2|e2d2c2|d2c2A2|G2E4|z4G2|A2d2c2|B2A2B2|c6"),
    "Sur le pont d'Avignon": (8, "C2C2C4|D2D2D4|E2F2G2C2|B,2C2D2G,2|C2C2C4|D2D2D4|E2F2G2C2|D2B,2C4"),
    "Three Blind Mice": (6, "E3D3|C6|E3D3|C6|G3F2F|E6|G3F2F|E5G|c2cBAB|c2GG2G|c2cBAB|c2GG2G|E3D3|C6"),
    "Pop Goes the Weasel": (6, "C2CD2D|EGEC2G,|C2CD2D|E3C3|C2CD2D|EGEC3|A3D2F|E3C3"),
    "Lullaby (Brahms)": (6, "EE|G4EE|G4EG|c2B2A2|A2G2DE|F2D2DE|F4DF|BAG2B2|c6"),
    "Alle Vögel sind schon da": (8, "C3EG2c2|A2c2G4|F3GE2C2|D4C4|G2G2F2F2|E2E2D4|G2G2F2F2|E2E2D4|C3EG2c2|A2c2G4|F3GE2C2"
                                 "|D4C4"),
    "This Old Man": (8, "G2E2G4|G2E2G4|A2G2F2E2|D2E2F4|EFG2C2C2|CDEFG4|G2D2D2F2|E2D2C4"),
    "Aura Lee (Poulton)": (8, "G2c2B2c2|d2A2d4|c2B2A2B2|c8|G2c2B2c2|d2A2d4|c2B2A2B2|c8"),
    "Largo (Dvořák)": (8, "E3GG4|E3DC4|D2E2G2E2|D8|E3GG4|E3DC4|D2E2D2C2|C8"),
    "Gott erhalte (Haydn)": (8, "C3DE2D2|F2E2DB,C2|A2G2F2E2|D2ECG4|C3DE2D2|F2E2DB,C2|A2G2F2E2|D2ECG4"),
    "Minuet (Petzold)": (6, "G2CDEF|G2C2C2|A2FGAB|c2C2C2|F2GFED|E2FEDC|B,2CDEC|D6|G2CDEF|G2C2C2|A2FGAB|c2C2C2|F2GFED"
                         "|E2FEDC|D2EDCB,|C6"),
    "Camptown Races (Foster)": (8, "G2G2E2G2|A2G2E4|E2D6|E2D6|G2G2E2G2|A2G2E4|D4E2D2|C8"),
}  # fmt: skip


class Note(NamedTuple):
    """A pitch as MIDI's number (60 is middle C, 12 an octave; REST for none) and a length in eighths."""

    pitch: int
    length: int


def notes(abc: str) -> list[Note]:
    """The notes of a line of ABC. Raises ValueError for what is neither a note nor a bar line."""
    if _NOTE.sub("", abc).replace("|", ""):
        raise ValueError(f"not a line of notes: {abc!r}")
    return [Note(_pitch(letter, comma), int(length or 1)) for letter, comma, length in _NOTE.findall(abc)]


def _pitch(letter: str, comma: str) -> int:
    if letter == "z":
        return REST
    return 60 + _STEPS[letter.upper()] + 12 * letter.islower() - 12 * bool(comma)


def melodies() -> dict[str, list[Note]]:
    """All tunes by name."""
    return {name: notes(abc) for name, (_, abc) in ABC.items()}


KINDS = tuple(sorted({note for tune in melodies().values() for note in tune}))  # a token is a pitch with a length
END = len(KINDS)
_PLACE = {note: place for place, note in enumerate(KINDS)}


def encode(tune: list[Note]) -> Tensor:
    """Tokens `(T,)`, the last one END. Raises KeyError for a note that no tune has."""
    return torch.tensor([*(_PLACE[note] for note in tune), END])


def decode(tokens: Tensor) -> list[Note]:
    """The notes before the first END (all of them, if there is none)."""
    kept = tokens.tolist()
    return [KINDS[token] for token in kept[: kept.index(END) if END in kept else None]]
