"""Fill the paragraphs of a notebook's Markdown to one width: a filter from a py:percent script to the same script.

    jupytext --sync --pipe 'python -m course_utils.jupyter.wrap' lectures/*.py      what `make sync` does

Only paragraphs are filled, those of lists and quotations too. Headings, tables, display math, code, HTML and code
cells stay as they are, and a line breaks inside inline math or code only
where that is long. What is shown cannot change: the cell is
parsed before and after.
"""

import re
import sys

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

WIDTH = 116  # of the text; with "# " before it, within the 120 of the code
MARKDOWN_CELL = re.compile(r"^# %%[^\n]*\[markdown\][^\n]*\n((?:#(?: [^\n]*)?\n)+)", re.MULTILINE)
CONTAINERS = re.compile(r"(?:[ >]|[-*+] |\d{1,9}[.)] )*")
WORD = re.compile(r"(?:(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|\$[^$]+\$|\S)+")
STARTS_A_BLOCK = re.compile(r"(?:[-+*]|\d+[.)]|#+|=+|-+)$|[>|<]|```|~~~|\$\$")
PARSER = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)


def shown(text: str) -> str:
    """The cell's HTML, with every run of white space as one space."""
    return " ".join(PARSER.render(text).split())


def words(text: str) -> list[str]:
    """The pieces between which a line may break. A word that would begin a list or a heading stays with the one before,
    a percent sign with its number; a formula or code stays whole unless it would nearly fill a line alone."""
    found = []
    for match in WORD.finditer(text):
        whole = " ".join(match[0].split())
        for word in [whole] if len(whole) <= 0.75 * WIDTH else whole.split():
            if found and (word[0] == "%" or STARTS_A_BLOCK.match(word)):
                word = f"{found.pop()} {word}"
            found.append(word)
    return found


def fill(lines: list[str]) -> list[str]:
    """One paragraph, filled. Its first line may begin with the marks of the lists and quotations that hold it."""
    first = CONTAINERS.match(lines[0])[0]
    rest = re.sub(r"[^ >]", " ", first)
    mark = r"[ >]*" if ">" in first else r" *"
    text = " ".join([lines[0][len(first) :], *(re.sub(f"^{mark}", "", line) for line in lines[1:])])
    filled = [""]
    for word in words(text):
        if filled[-1] and len(first) + len(filled[-1]) + 1 + len(word) > WIDTH:
            filled.append("")
        filled[-1] = f"{filled[-1]} {word}".lstrip()
    return [(rest if n else first) + line for n, line in enumerate(filled)]


def wrap(text: str) -> str:
    """The Markdown text with its paragraphs filled.

    Raises ValueError if the page would show something else: then the paragraph is one that this module cannot read.
    """
    lines = text.split("\n")
    paragraphs = [token.map for token in PARSER.parse(text) if token.type == "paragraph_open"]
    for start, end in reversed(paragraphs):
        old = lines[start:end]
        if not any("$$" in line or line.endswith(("  ", "\\")) for line in old):
            lines[start:end] = fill(old)
    filled = "\n".join(lines)
    if shown(filled) != shown(text):
        raise ValueError(f"filling its lines would change what this cell shows:\n{text}")
    return filled


def wrap_script(script: str) -> str:
    """A py:percent script with the paragraphs of its Markdown cells filled, all else as it was."""

    def wrap_cell(match: re.Match) -> str:
        source = "\n".join(line[2:] for line in match[1].splitlines())
        lines = (f"# {line}".rstrip() for line in wrap(source).split("\n"))
        return match[0].removesuffix(match[1]) + "\n".join(lines) + "\n"

    return MARKDOWN_CELL.sub(wrap_cell, script)


if __name__ == "__main__":
    sys.stdout.write(wrap_script(sys.stdin.read()))
