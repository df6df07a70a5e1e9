"""What to read before a second try: the section of the lecture that a task names, for each question that lost points.

The one source is the task's own text, as in `In the lecture: [The KL to the prior](../../lectures/03_vae.ipynb)`.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from course_utils.grading.score import prose
from course_utils.grading.score.master import Cell

NAMED = re.compile(r"In the lecture: \[([^\]]+)\]\(([^)]*/(\d\d)[^/)]*)\)")


class Section(NamedTuple):
    """A section of a lecture; `link` is as it stands in the assignment."""

    title: str
    link: str
    lecture: str


def sections(cells: Iterable[Cell]) -> dict[str, Section]:
    """By graded cell: the section that its task names."""
    found: dict[str, Section] = {}
    named = None
    for cell in cells:
        if cell.kind in ("test", "written"):
            found |= {str(cell.id): named} if named else {}
        elif cell.type == "markdown" and cell.source.startswith("## "):
            match = NAMED.search(" ".join(cell.source.split()))
            named = Section(*match.groups()) if match else None
    return found


def for_page(text: str) -> str:
    """Markdown of an assignment for its feedback page, one folder deeper: its links mended, its hints unfolded."""
    text = re.sub(r"<details><summary>(.*?)</summary>", r"**\1**", text).replace("</details>", "")
    return text.replace("](../", "](../../")


def again(cells: Iterable[Cell], lost: set[str]) -> list[str]:
    """The HTML that names the sections behind the questions `lost`; nothing if there are none."""
    behind: dict[Section, list[str]] = {}
    for name, section in sections(cells).items():
        if name in lost:
            behind.setdefault(section, []).append(f"`{name}`")
    lines = [f"- [Lecture {s.lecture}, {s.title}]({s.link}): {', '.join(names)}" for s, names in behind.items()]
    first = "The lecture explains what these questions ask for. The hints in the tasks help with a second try."
    return ["<h2>Read again</h2>", prose.html(for_page("\n".join([first, "", *lines])))] if lines else []
