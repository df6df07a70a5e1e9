"""What a question may name of its lecture's page: the titles of sections, and the objectives."""

import re
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"^# ## (?:(?P<number>\d+) · |▸ Depth · )?(?P<title>.+?)(?: \(\d+ min\))?$", re.M)
OBJECTIVES = re.compile(r"^# \*\*You will be able to\*\*\n((?:#(?: .*)?\n)+?)(?:#\n|\n)", re.M)


@dataclass(frozen=True)
class Page:
    """A lecture's page: its titles without number and minutes, `core` those of the numbered sections, objectives."""

    name: str
    titles: tuple[str, ...]
    core: tuple[str, ...]
    objectives: tuple[str, ...]

    def lacks(self, section: str, objective: int) -> str:
        """What the page lacks of a question's section and objective, in words; empty if nothing."""
        if section not in self.titles:
            return f"names the section {section!r}; {self.name} has: {', '.join(self.titles)}"
        if not 1 <= objective <= len(self.objectives):
            return f"names objective {objective}; {self.name} has 1 to {len(self.objectives)}"
        return ""


def page_of(path: Path) -> Page:
    """The page of a lecture's script, such as `lectures/03_vae.py`."""
    text = path.read_text(encoding="utf-8")
    headings = list(HEADING.finditer(text))
    found = OBJECTIVES.search(text)
    if not found or not headings:
        raise ValueError(f"{path.name} has no list under **You will be able to**, or no sections.")
    objectives = re.split(r"^# \d+\. ", found[1], flags=re.M)[1:]
    return Page(
        path.stem,
        tuple(heading["title"] for heading in headings),
        tuple(heading["title"] for heading in headings if heading["number"]),
        tuple(" ".join(text.replace("\n#", " ").split()).rstrip(".;") for text in objectives),
    )
