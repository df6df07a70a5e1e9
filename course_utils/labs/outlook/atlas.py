"""The course on one page: families by what each can do, each cell a link to where it was shown and what came out.

`map.toml` names sections, columns and quotations; all numbers are taken from the recorded tables and from the claims
ledgers when the map is drawn, so that none is typed in twice.

runs = bench.read() + bench.read(table.NEWCOMERS_FILE)
Atlas(load(runs))              # end a cell with it
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from math import isfinite, nan
from pathlib import Path
from statistics import fmean
from typing import Any, Protocol
from urllib.parse import quote as percent

ROOT = Path(__file__).parents[3]
BUDGETS = (3.0, 0.0)  # processor seconds: the race of lecture 05, and real images, which cost none
LECTURES, LEDGERS = ROOT / "lectures", ROOT / "tests" / "claims"
MAP = Path(__file__).with_name("map.toml")
KEYS = {"family", "ability", "lecture", "section", "contender", "column", "quote", "says"}


class Run(Protocol):
    """A line of a recorded table, as `labs.comparison.table.Run`."""

    contender: str
    budget: float
    steps: int
    scores: dict[str, float]


@dataclass(frozen=True)
class Cell:
    """What a family can do: words, the number found at the source ("" if there is none), and the link."""

    family: str
    ability: str
    lecture: str
    heading: str
    says: str
    number: str

    @property
    def link(self) -> str:
        """The section's address as JupyterLab and nbconvert make it: the heading, its spaces as hyphens."""
        return f"{self.lecture}.ipynb#{percent(self.heading.replace(' ', '-'), safe='')}"

    @property
    def text(self) -> str:
        return f"{self.says} {self.number}".strip()


def load(runs: Iterable[Run], path: Path = MAP) -> list[Cell]:
    """The cells of the map. Raises ValueError, naming the cell, for an unknown key, section, column or quotation."""
    entries, runs, cells = tomllib.loads(path.read_text(encoding="utf-8")), list(runs), []
    for entry in entries["cell"]:
        where = f"{path.name}, {entry.get('family')} · {entry.get('ability')}"
        try:
            cells.append(_cell(entry, runs, entries["abilities"]))
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{where}: {error}") from error
    return cells


def abilities(path: Path = MAP) -> dict[str, str]:
    """The columns of the map: key and title."""
    return tomllib.loads(path.read_text(encoding="utf-8"))["abilities"]


def _cell(entry: Mapping[str, str], runs: list[Run], known: Mapping[str, str]) -> Cell:
    if set(entry) - KEYS or entry["ability"] not in known:
        raise ValueError(f"unknown key or ability: {sorted(set(entry) - KEYS) or entry['ability']}")
    number = ""
    if "column" in entry:
        number = mean_of(runs, entry["contender"], entry["column"])
    elif "quote" in entry:
        number = quoted(entry["quote"], entry["lecture"])
    says = entry.get("says", "")
    return Cell(
        entry["family"], entry["ability"], entry["lecture"], heading(entry["lecture"], entry["section"]), says, number
    )


def mean_of(runs: Iterable[Run], contender: str, column: str) -> str:
    """The mean over a contender's seeds in the race of 3 s, three digits; `column` is a score or "steps".

    Raises ValueError if there is no such run or column.
    """
    chosen = [run for run in runs if run.contender == contender and run.budget in BUDGETS]
    values = [run.steps if column == "steps" else run.scores.get(column, nan) for run in chosen]
    if not values or not isfinite(mean := fmean(values)):
        raise ValueError(f"no {column!r} of {contender!r} in the tables")
    return f"{mean:,.0f}" if abs(mean) >= 100 else f"{mean:.3g}"


def quoted(pattern: str, lecture: str) -> str:
    """What stands at {} in the one sentence of the lecture's ledger that has the words around it."""
    before, after = (re.escape(part) for part in pattern.split("{}"))
    ledger = tomllib.loads((LEDGERS / f"{lecture}.toml").read_text(encoding="utf-8"))
    rest = after or r"(?=[.,;:]|$)"  # without words after it: to the end of the clause
    found = [re.search(f"{before}(.+?){rest}", " ".join(c["quote"].split())) for c in ledger["claim"]]
    hits = [match[1] for match in found if match]
    if len(hits) != 1:
        raise ValueError(f"{len(hits)} claims of {lecture} read {pattern!r}, not one")
    return hits[0].replace("$", "").replace("*", "")


def headings(lecture: str) -> list[str]:
    """The headings of a lecture's sections, with number and minutes."""
    script = (LECTURES / f"{lecture}.py").read_text(encoding="utf-8")
    return re.findall(r"^# ## (.+)$", script, re.M)


def title(heading: str) -> str:
    """A section's title: its heading without number, mark of depth, and minutes."""
    return re.sub(r"^(\d+ · |▸ Depth · )|( \(\d+ min\))$", "", heading)


def heading(lecture: str, section: str) -> str:
    """The heading of the section of that title. Raises ValueError if there is not exactly one."""
    found = [line for line in headings(lecture) if title(line) == section]
    if len(found) != 1:
        raise ValueError(f"{lecture} has {len(found)} sections {section!r}, not one")
    return found[0]


class Atlas:
    """The map as a table of links; as plain text where there is no HTML."""

    def __init__(self, cells: Iterable[Cell], titles: Mapping[str, str] | None = None) -> None:
        self.titles = dict(abilities() if titles is None else titles)
        self.cells = {(cell.family, cell.ability): cell for cell in cells}
        self.families = list(dict.fromkeys(family for family, _ in self.cells))

    def _repr_html_(self) -> str:
        top = "".join(f'<th scope="col">{escape(title)}</th>' for title in self.titles.values())
        rows = "".join(
            f'<tr><th scope="row">{escape(family)}</th>{"".join(self._td(family, key) for key in self.titles)}</tr>'
            for family in self.families
        )
        head = f'<thead><tr><th scope="col">family</th>{top}</tr></thead>'
        return f'<style>{STYLE}</style><div class="atlas"><table>{head}<tbody>{rows}</tbody></table></div>'

    def _td(self, family: str, ability: str) -> str:
        cell = self.cells.get((family, ability))
        if cell is None:
            return '<td class="none">–</td>'
        number = f"<b>{escape(cell.number)}</b>" if cell.number else ""
        where = escape(f"Lecture {cell.lecture.split('_')[0]}, {title(cell.heading)}", quote=True)
        return f'<td><a href="{escape(cell.link)}" title="{where}">{escape(cell.says)} {number}</a></td>'

    def __repr__(self) -> str:
        lines = [
            f"{family} · {ability}: {cell.text} ({cell.lecture})" for (family, ability), cell in self.cells.items()
        ]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}


STYLE = """
.atlas { overflow-x: auto; max-width: 100%; }
.atlas table { border-collapse: collapse; font-size: 12px; line-height: 1.3; }
.atlas th, .atlas td { border: 1px solid #CBD3DC; padding: 4px 6px; text-align: left !important; vertical-align: top;
  white-space: normal; }
.atlas thead th { background: #F1F4F8; font-weight: 600; }
.atlas td { background: #EAF3FA; min-width: 62px; }
.atlas td.none { background: #FFFFFF; color: #888888; }
.atlas a { display: block; color: #004A75; text-decoration: none; }
.atlas a:hover, .atlas a:focus { text-decoration: underline; outline: 2px solid #0072B2; }
"""
