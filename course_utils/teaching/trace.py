"""Where each objective of the course is taught, practiced and assessed: a table made from the pages themselves.

An objective stands at the head of a lecture's page. A question of the bank names the objective that it asks for and the
section that taught it; a task of an assignment names, under *In the lecture*, the section that it practices. So a
section teaches what its questions ask for, and a task practices what its section teaches.
"""

import argparse
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from course_utils import questions

HELP = "where each objective is taught, practiced and assessed"
ROOT = Path(__file__).parents[2]
HEADING = re.compile(r"# (?P<level>##+) (?:\d+ · |▸ Depth · )?(?P<title>.+?)(?: \(\d+ min\))?$")
TITLE = re.compile(r"^# # (.*)$", re.M)


@dataclass
class Row:
    """An objective of a lecture: the sections that teach it, the tasks that practice it, its questions."""

    lecture: str
    number: int
    objective: str
    sections: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    asked: list[questions.Question] = field(default_factory=list)

    def holes(self) -> list[str]:
        """What is missing, in words; a task is not: a lecture of two halves has one assignment."""
        what = f"{self.lecture}, objective {self.number} ({self.objective})"
        return [] if self.asked else [f"{what}: no question asks for it; write one, or take the objective off the page"]


def rows(root: Path = ROOT) -> list[Row]:
    """Every objective of every lecture that the bank knows, in their order."""
    practiced = list(_tasks(root))
    return [row for name in questions.names() for row in _of(root, name, practiced)]


def _of(root: Path, name: str, practiced: list[tuple[str, str, str]]) -> Iterator[Row]:
    path, bank = root / "lectures" / f"{name}.py", questions.load(name)
    page, within = questions.page_of(path), _within(path)
    for number, objective in enumerate(page.objectives, 1):
        asked = [question for question in bank if question.objective == number]
        sections = [title for title in page.titles if title in {question.section for question in asked}]
        tasks = [task for task, where, part in practiced if where == name and within(part) in sections]
        yield Row(name, number, objective, sections, list(dict.fromkeys(tasks)), asked)


def _within(path: Path) -> Callable[[str], str]:
    """What gives, for words of a heading on a page, the title of the section that it stands in; "" for no heading."""
    found, section = {}, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if heading := HEADING.match(line):
            section = heading["title"] if heading["level"] == "##" else section
            found[heading["title"].casefold()] = section
    return lambda words: next((section for title, section in found.items() if words.casefold() in title), "")


def _tasks(root: Path) -> Iterator[tuple[str, str, str]]:
    """Each task of each assignment, with the lecture and the section that it names."""
    for path in sorted(root.glob("solutions/[0-9]*/*.py")):
        for part in re.split(r"(?=^# ## )", path.read_text(encoding="utf-8"), flags=re.M):
            text = re.sub(r"\n# ", " ", part.replace("\n#\n", "\n\n"))
            if found := re.search(r"In the lecture: \[([^\]]+)\]\([^)]*/([^/)]*)\.ipynb\)", text):
                title = part.splitlines()[0].removeprefix("# ## ")
                yield f"{path.stem[:2]}: {title}", found[2], found[1]


def table(root: Path = ROOT) -> str:
    """The page `trace.md`, in Markdown."""
    lines = ["# Where each objective is taught, practiced and assessed", ""]
    lines += ["Made by `make kit` from the lectures, the assignments and the question bank.", ""]
    for name in questions.names():
        title = TITLE.search((root / "lectures" / f"{name}.py").read_text(encoding="utf-8"))
        lines += [f"## {title[1] if title else name}", ""]
        lines += ["| | You can … | Taught in | Practiced in | Assessed by |", "|---|---|---|---|---|"]
        lines += [_line(row) for row in rows(root) if row.lecture == name]
        lines.append("")
    return "\n".join(lines)


def _line(row: Row) -> str:
    asked = "; ".join(f"`{question.id}` ({question.level})" for question in row.asked)
    cells = [str(row.number), row.objective, "; ".join(row.sections), "; ".join(row.tasks), asked]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def options(parser: argparse.ArgumentParser) -> None:
    """The command line's own words."""
    parser.add_argument("--out", type=Path, default=Path("kit"), help="folder to write trace.md into (default: kit)")


def run(arguments: argparse.Namespace) -> list[Path]:
    """Write the page."""
    return kit(arguments.out)


def kit(folder: Path) -> list[Path]:
    """Write `trace.md` into a folder of the kit; its path. ValueError names each objective that nothing assesses."""
    if holes := [hole for row in rows() for hole in row.holes()]:
        raise ValueError("\n".join(holes))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "trace.md"
    path.write_text(table() + "\n", encoding="utf-8")
    return [path]
