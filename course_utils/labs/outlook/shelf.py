"""Where to go on: annotated resources, from a TOML file to a table that one filters with a slider."""

import re
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

FILE = Path(__file__).with_name("resources.toml")
KINDS = ("book", "course", "tutorial", "library", "community", "data")
LEVELS = ("first", "second", "third")
LINK = re.compile(r"https://[\w.-]+\.[a-z]{2,}(/[^\s<>\"]*)?")


@dataclass(frozen=True)
class Resource:
    """A resource, what it is for, and how long the part named takes (our estimate)."""

    kind: str
    name: str
    year: int
    url: str
    level: str
    minutes: int
    use: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.level not in LEVELS:
            raise ValueError(f"{self.name}: kind is one of {KINDS}, level one of {LEVELS}.")
        if not LINK.fullmatch(self.url) or self.minutes <= 0 or not self.use.strip():
            raise ValueError(f"{self.name}: needs an https link, minutes, and what it is for.")


class Shelf(tuple):
    """Resources as a table."""

    def of(self, *kinds: str, level: str | None = None) -> "Shelf":
        """Those of these kinds, or of all, and of a level."""
        return Shelf(one for one in self if (not kinds or one.kind in kinds) and level in (None, one.level))

    def _repr_html_(self) -> str:
        top = "".join(f'<th scope="col">{name}</th>' for name in ("what", "year", "reading", "time", "for"))
        rows = "".join(
            f'<tr><td><a href="{escape(one.url)}">{escape(one.name)}</a></td><td>{one.year}</td><td>{one.level}</td>'
            f"<td>{_time(one.minutes)}</td><td>{escape(one.use)}</td></tr>"
            for one in self
        )
        return f'<style>{STYLE}</style><table class="shelf"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'

    def __repr__(self) -> str:
        return "\n".join(f"{one.kind}: {one.name} ({one.year}), {_time(one.minutes)}. {one.url}" for one in self)


def load(path: Path = FILE) -> Shelf:
    """All resources. Raises ValueError for an entry that lacks something."""
    try:
        return Shelf(Resource(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["resource"])
    except TypeError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _time(minutes: int) -> str:
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"


STYLE = """
.shelf { border-collapse: collapse; font-size: 13px; line-height: 1.35; max-width: 100%; }
.shelf td, .shelf th { text-align: left !important; vertical-align: top; padding: 4px 8px; white-space: normal; }
"""
