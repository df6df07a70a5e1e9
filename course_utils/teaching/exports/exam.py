"""`exam`: papers with a key, from the question bank."""

import argparse
import sys
from pathlib import Path

from course_utils.questions import LEVELS
from course_utils.teaching.exports import command, paper, pdf
from course_utils.teaching.exports.variants import choose, variants

HELP = "Make an exam on paper: variants by seed, shuffled, and a key with reasons for each."


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked for."""
    parser.add_argument("--lectures", nargs="+", metavar="NAME", help="such as 03_vae; without it, all")
    parser.add_argument("--level", nargs="+", choices=LEVELS, help="Bloom's levels; without it, all")
    parser.add_argument("--questions", type=int, default=20, help="how many (default 20)")
    parser.add_argument("--variants", type=int, default=3, help="how many papers, 1 to 26 (default 3)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another exam (default 1)")
    parser.add_argument("--title", default="Generative models: exam")
    parser.add_argument("--out", type=Path, default=Path("kit/exam"), help="folder (default kit/exam)")


def run(arguments: argparse.Namespace) -> list[Path]:
    """Write the papers and keys, as HTML and, where there is a browser, as PDF. ValueError: what cannot be had."""
    bank = [question for name in command.lectures(arguments.lectures) for question in command.bank(name)]
    suitable = [question for question in bank if not arguments.level or question.level in arguments.level]
    chosen = choose(suitable, arguments.questions, arguments.seed)
    pages = {}
    for variant in variants(chosen, arguments.variants, arguments.seed):
        name = f"exam_{arguments.seed}{variant.letter}"
        pages[arguments.out / f"{name}.html"] = paper.paper(variant, arguments.title)
        pages[arguments.out / f"{name}_key.html"] = paper.key(variant, arguments.title)
    return _write(pages)


def kit(folder: Path) -> list[Path]:
    """An exam of every lecture, as an example."""
    parser = argparse.ArgumentParser()
    options(parser)
    return run(parser.parse_args(["--out", str(folder / "exam")]))


def _write(pages: dict[Path, str]) -> list[Path]:
    for path, text in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    printed = {path.with_suffix(".pdf"): text for path, text in pages.items()}
    if why := pdf.print_pages(printed):
        print(why, file=sys.stderr)
        return list(pages)
    return [*pages, *printed]
