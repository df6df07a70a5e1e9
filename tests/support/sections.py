"""The sections of a lecture: their titles, the cells that hold them, and links that lead there."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat

LINK = re.compile(r"\[([^\[\]]+)\]\(([^)#\s]*?)#cell-id=([^)\s]+)\)", re.S)


class Link(NamedTuple):
    text: str
    target: Path
    cell: str


def cells(page: Path) -> list:
    return nbformat.read(page, as_version=4).cells


def text(page: Path) -> str:
    """The Markdown of a page, or of a .md file."""
    if page.suffix == ".md":
        return page.read_text()
    return "\n\n".join(cell.source for cell in cells(page) if cell.cell_type == "markdown")


def title(heading: str) -> str:
    """A heading without its marks, its number, "Depth" and its minutes."""
    bare = re.sub(r"^#+ +|\s*\(\d+ min\)$", "", heading.strip())
    return re.sub(r"^(▸ )?((Depth|Lab \w+|\d+) · )?", "", bare)


@cache
def sections(page: Path) -> dict[str, str]:
    """The titles of a notebook's sections and subsections, each with the id of the cell that holds it."""
    found: dict[str, str] = {}
    for cell in cells(page):
        if cell.cell_type == "markdown":
            source = re.sub(r"```.*?```", "", cell.source, flags=re.S)
            for heading in re.findall(r"^##+ .*", source, re.M):
                found.setdefault(title(heading), cell.id)
    return found


def objectives(page: Path) -> list[str]:
    """What a lecture says one will be able to do, without the punctuation at the end."""
    listed = re.search(r"\*\*You will be able to\*\*\n(.*?)\n\n", cells(page)[0].source, re.S)[1]
    items = re.split(r"^\d+\. ", listed, flags=re.M)[1:]
    return [" ".join(item.split()).rstrip(";.") for item in items]


def links(page: Path) -> list[Link]:
    """The links to sections on a page."""
    return [Link(" ".join(t.split()), (page.parent / to).resolve(), cell) for t, to, cell in LINK.findall(text(page))]


def complaint(link: Link) -> str | None:
    """What is wrong with a link: its text must be the title of the section that its cell holds."""
    if not link.target.exists():
        return f"{link.target} is not there"
    there = sections(link.target)
    if link.text not in there:
        return f"{link.target.name} has no section “{link.text}”, only {', '.join(there)}"
    if there[link.text] != link.cell:
        return f"“{link.text}” stands in {link.target.name}#cell-id={there[link.text]}, not in {link.cell}"
    return None


def key(term: str) -> str:
    """What terms are sorted by: small letters and digits, Greek letters by name, all else left out."""
    for letter, name in {"β": "beta", "α": "alpha", "σ": "sigma", "ε": "epsilon", "é": "e"}.items():
        term = term.lower().replace(letter, name)
    return re.sub(r"[^a-z0-9]", "", term)
