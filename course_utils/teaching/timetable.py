"""The speaker's script: read out of the lectures' notes, with the minutes of three versions, and printed.

    python -m course_utils.teaching script             kit/timetable.md, kit/script/NN_topic.md

A note is a cell of type "notes" right after the first cell of its slide, folded on the learner's page:

    <details><summary>For the speaker · 6 min (45: 3, tour: 1)</summary>

    **Open.** A paragraph for each part; the parts are those of PARTS, in any order, OPEN and ON always.

    </details>

6 are the slide's minutes in a session of 90. In brackets: those in a session of 45, and those in one session on the
whole course; where a number is missing, that version leaves the slide out. In **Click**, `backticks` hold the label
of a control of the page, and nothing else. A lecture none of whose notes has minutes for a session of 45 has no script
yet: its notes are free in form, and the timetable names it.
"""

import argparse
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jupytext

HELP = "the speaker's script of each lecture, and its timetable"
LECTURES = Path("lectures")
OPEN, ON = "Open", "On"
PARTS = ("Prepare", OPEN, "Picture", "Ask", "Misconception", "Click", ON)
VERSIONS = ("90 minutes", "45 minutes", "tour of the course")
NOTE = re.compile(r"<details><summary>(?P<summary>.*?)</summary>\n\n(?P<text>.*)\n\n</details>", re.DOTALL)
SUMMARY = re.compile(r"For the speaker · (\d+) min(?: \((?:45: (\d+)(?:, tour: (\d+))?|tour: (\d+))\))?")
PART = re.compile(r"\*\*(\w+)\.\*\* (\S.*)", re.DOTALL)


@dataclass(frozen=True)
class Note:
    """What the speaker says at a slide. `minutes`: one number for each of VERSIONS, None where it is left out."""

    lecture: str
    slide: str
    minutes: tuple[int, int | None, int | None]
    parts: dict[str, str]

    @property
    def text(self) -> str:
        """The parts as they stand on the page."""
        return "\n\n".join(f"**{name}.** {said}" for name, said in self.parts.items())

    @property
    def controls(self) -> list[str]:
        """The labels of the controls that the speaker is told to use."""
        return re.findall(r"`([^`]+)`", self.parts.get("Click", ""))


def scripts(folder: Path = LECTURES) -> dict[str, list[Note]]:
    """The notes of each lecture that has a script, by the lecture's name.

    Raises ValueError, naming lecture and slide, for a note that is not as above or a slide without one; OSError if
    there are no lectures.
    """
    paths = sorted(folder.glob("*.py"))
    if not paths:
        raise FileNotFoundError(f"There are no lectures in {folder}/. Run this in the course's folder.")
    found = {path.stem: read(path) for path in paths}
    return {name: notes for name, notes in found.items() if notes}


def read(path: Path) -> list[Note]:
    """The notes of a lecture, slide by slide; none if it has no script yet. Raises as `scripts`."""
    cells = jupytext.read(path, fmt="py:percent").cells
    places = [i for i, cell in enumerate(cells) if _kind(cell) == "notes"]
    core = [i for i, cell in enumerate(cells) if _kind(cell) == "slide" and not _folds(cell)]
    if not any("min (45: " in cells[i].source for i in places):
        return []
    allowed = {i + 1 for i, cell in enumerate(cells) if _kind(cell) == "slide"}
    for i in set(places) - allowed:
        raise ValueError(f"{path.stem}: the note {cells[i].source[:60]!r} does not follow a slide's first cell.")
    for i in core:
        if i + 1 not in places:
            raise ValueError(f"{path.stem}, slide {title(cells[i].source)!r}: no note follows its first cell.")
    return [_note(path.stem, title(cells[i].source), cells[i + 1].source) for i in core]


def title(source: str) -> str:
    """The name of a slide: its heading without the minutes, or its first bold words."""
    heading = re.search(r"^#+ (.*?)(?: \(\d+ min\))?$", source, re.MULTILINE) or re.search(r"\*\*(.+?)\.?\*\*", source)
    return heading[1] if heading else source.partition("\n")[0]


def _kind(cell: dict) -> str | None:
    return cell.metadata.get("slideshow", {}).get("slide_type")


def _folds(cell: dict) -> bool:
    return "depth" in cell.metadata.get("tags", [])


def _note(lecture: str, slide: str, source: str) -> Note:
    def wrong(why: str) -> ValueError:
        return ValueError(f"{lecture}, slide {slide!r}: {why}")

    note = NOTE.fullmatch(source.strip())
    if not note:
        raise wrong("the note is not <details><summary>…</summary>, blank line, text, blank line, </details>.")
    summary = SUMMARY.fullmatch(note["summary"])
    if not summary:
        raise wrong(f"{note['summary']!r} is not like 'For the speaker · 6 min (45: 3, tour: 1)'.")
    long, short, *either = (int(number) if number else None for number in summary.groups())
    tour = either[0] or either[1]
    if 0 in (long, short, *either) or max(short or 1, tour or 1) > long:
        raise wrong("each version takes at least a minute, and none more than the one of 90; leave out a version of 0.")
    parts: dict[str, str] = {}
    for paragraph in note["text"].split("\n\n"):
        part = PART.fullmatch(paragraph.strip())
        if not part or part[1] not in PARTS or part[1] in parts:
            raise wrong(f"{paragraph[:50]!r} does not begin with a part of its own: {', '.join(PARTS)}.")
        parts[part[1]] = part[2]
    if missing := [name for name in (OPEN, ON) if name not in parts]:
        raise wrong(f"the note has no {' and no '.join(missing)}.")
    return Note(lecture, slide, (long, short, tour), parts)


def total(notes: Iterable[Note], version: int) -> int:
    """The minutes of a version, an index of VERSIONS."""
    return sum(note.minutes[version] or 0 for note in notes)


def timetable(found: dict[str, list[Note]], without: Sequence[str] = ()) -> str:
    """The tables of all lectures and of the tour, in Markdown; `without` are the names of those without a script."""
    pages = ["# Timetable", "Minutes a slide. What is left of a session is for questions."]
    pages += [f"Without a script in this form: {', '.join(without)}."] if without else []
    for notes in found.values():
        rows = [[note.slide, *(str(m) if m else "skip" for m in note.minutes[:2])] for note in notes]
        sums = ["**Sum**", *(f"**{total(notes, version)}**" for version in (0, 1))]
        pages += [f"## {notes[0].slide}", _table(["Slide", *VERSIONS[:2]], [*rows, sums], 2)]
    tour = [note for notes in found.values() for note in notes if note.minutes[2]]
    rows = [[found[note.lecture][0].slide, note.slide, str(note.minutes[2])] for note in tour]
    sums = ["**Sum**", "", f"**{total(tour, 2)}**"]
    pages += [
        "## A tour of the whole course, in one session",
        _table(["Lecture", "Slide", "Minutes"], [*rows, sums], 1),
    ]
    return "\n\n".join(pages) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> str:
    lines = [head, ["---"] * (len(head) - numbers) + ["--:"] * numbers, *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def script(notes: Sequence[Note]) -> str:
    """The script of one lecture alone, in Markdown, to be printed."""
    sums = [total(notes, version) for version in range(3)]
    pages = [f"# {notes[0].slide}: the speaker's script", f"In all {_said(*sums)}."]
    for note in notes:
        pages += [f"## {note.slide}", f"*{_said(*note.minutes)}*", note.text]
    return "\n\n".join(pages) + "\n"


def _said(long: int, short: int | None, tour: int | None) -> str:
    return f"{long} min (in 45 minutes: {short or 'skip'}" + (f", on the tour: {tour})" if tour else ")")


def kit(folder: Path) -> list[Path]:
    """Write the timetable and a script for each lecture; return the files. Raises as `scripts`."""
    found = scripts()
    without = [path.stem for path in sorted(LECTURES.glob("*.py")) if path.stem not in found]
    pages = {folder / "timetable.md": timetable(found, without)}
    pages |= {folder / "script" / f"{name}.md": script(notes) for name, notes in found.items()}
    for path, page in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    return list(pages)


def options(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--out", type=Path, default=Path("kit"), help="the folder to write to (default: kit)")


def run(arguments: argparse.Namespace) -> list[Path]:
    """Write what the command line asks for. Raises as `scripts`."""
    return kit(arguments.out)
