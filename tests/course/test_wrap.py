"""Filling a notebook's paragraphs moves line ends in paragraphs, and nothing else."""

import pytest

from course_utils.jupyter.wrap import WIDTH, wrap, wrap_script

LONG = " ".join(["word"] * 60)
KEPT = {
    "heading": "# A heading\n\nshort",
    "bullets": "- one\n- two\n  1. three\n  2. four",
    "paragraph, then list": "**You will**\n1. do this;\n2. do that.",
    "table": "| a | b |\n|---|---|\n| " + LONG + " | 2 |",
    "display math": "$$\na\n= b\n- c .\n$$",
    "display math after text": "We have\n$$a\n+ b .$$",
    "code fence": "```python\nx = 1\ny = 2\n```",
    "indented code": "text\n\n    x = 1\n    y = 2",
    "HTML": "<details><summary>Solution</summary>\n\n```python\na = 1\nb = 2\n```\n\nIt is.\n\n</details>",
    "hard break": "one  \ntwo\\\nthree",
    "rule": "one\n\n---\n\ntwo",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_is_not_a_paragraph_stays(text):
    assert wrap(text) == text


@pytest.mark.parametrize("first, rest", [("", ""), ("- ", "  "), ("10. ", "    "), ("> ", "> "), ("> - ", ">   ")])
def test_a_paragraph_is_filled_below_the_marks_that_hold_it(first, rest):
    lines = wrap(f"{first}word\n{rest}" + LONG).split("\n")
    assert lines[0].startswith(f"{first}word word") and all(line.startswith(f"{rest}word") for line in lines[1:])
    assert all(WIDTH - 5 < len(line) <= WIDTH for line in lines[:-1])
    assert wrap("\n".join(lines)) == "\n".join(lines)


@pytest.mark.parametrize("inline", ["$a + b = c$", "`left right`", "13 %", "``a ` b``"])
def test_a_line_does_not_break_inside(inline):
    for before in range(1, WIDTH):
        assert inline in wrap("x" * before + f" {inline} {LONG}").replace("\n", "|")


@pytest.mark.parametrize("mark", ["-", "+", "*", "1.", "2)", "#", "##", ">", "=", "---", "|", "```", "<div>"])
def test_no_line_begins_with_what_would_begin_a_block(mark):
    for before in range(1, WIDTH):
        lines = wrap("x" * before + f" {mark} {LONG}").split("\n")
        assert not any(line.startswith(mark) for line in lines)


def test_only_markdown_cells_are_touched():
    code = "# %%\n# a comment\n# of two lines\nx = 1\n"
    script = f'# ---\n# jupyter:\n# ---\n\n# %% [markdown] tags=["a"]\n# one\n# two\n#\n# three\n\n{code}'
    assert wrap_script(script) == script.replace("# one\n# two", "# one two")


def test_a_cell_whose_page_would_change_is_refused(monkeypatch):
    monkeypatch.setattr("course_utils.jupyter.wrap.fill", lambda lines: ["something else"])
    with pytest.raises(ValueError, match="would change what this cell shows:\nsome text"):
        wrap("some text")
