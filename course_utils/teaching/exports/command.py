"""`export`: the question bank for learning platforms."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from course_utils import questions
from course_utils.questions import Question
from course_utils.teaching.exports import gift, moodle, package

HELP = "Write questions for Moodle, Canvas and other platforms."
FORMATS: dict[str, tuple[str, Callable[[Sequence[Question]], bytes]]] = {
    "moodle": (".xml", moodle.write),
    "gift": (".gift.txt", gift.write),
    "qti": (".zip", package.write),
    "canvas": (".zip", partial(package.write, canvas=True)),
}


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked for."""
    parser.add_argument("--format", choices=FORMATS, required=True, help="qti: QTI 2.1 as the standard has it")
    parser.add_argument("--lecture", nargs="+", metavar="NAME", help="such as 03_vae; without it, all")
    parser.add_argument("--out", type=Path, help="folder (default kit/FORMAT)")


def run(arguments: argparse.Namespace) -> list[Path]:
    """Write a file for each lecture."""
    folder = arguments.out or Path("kit") / arguments.format
    return [_write(arguments.format, name, folder) for name in lectures(arguments.lecture)]


def kit(folder: Path) -> list[Path]:
    """Every lecture in every format."""
    return [_write(form, name, folder / form) for form in FORMATS for name in lectures()]


def lectures(names: Sequence[str] | None = None) -> list[str]:
    """The lectures of those names, or all that have questions. ValueError for a name that has none."""
    known = questions.names()
    if unknown := sorted(set(names or ()) - set(known)):
        raise ValueError(f"There are no questions named {', '.join(unknown)}. There are: {', '.join(known)}.")
    return [name for name in known if not names or name in names]


def bank(name: str) -> tuple[Question, ...]:
    """The questions of a lecture."""
    return questions.load(name)


def _write(form: str, name: str, folder: Path) -> Path:
    ending, write = FORMATS[form]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}{ending}"
    path.write_bytes(write(bank(name)))
    return path
