"""The bank's marks: what is a formula, code or emphasis, and what is just a dollar sign or an asterisk."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.questions import every, markup


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("it costs $5 and $6", ["words"]),
        (r"it costs \$x$", ["words"]),
        ("$x$ and $y_1$.", ["formula", "words", "formula", "words"]),
        ("$$x$$", ["display"]),
        ("`$x$` and $`y`$", ["code", "words", "formula"]),
        ("*this*, 2 * 3 * 4, a*b*c, **x**, `a*b*c`", ["emphasis", "words", "code"]),
        ("*x $y$ z*", ["words", "formula", "words"]),
        ("see:\n```python\nif x:\n    y\n```", ["words", "block"]),
    ],
)
def test_what_is_a_mark(text, kinds):
    assert [piece.kind for piece in markup.pieces(text)] == kinds


def test_code_on_lines_of_its_own_keeps_its_indentation():
    assert "<pre><code>if x:\n    y</code></pre>" in markup.html("see:\n```python\nif x:\n    y\n```")


@given(st.text())
def test_any_text_gives_well_formed_xml(text):
    ElementTree.fromstring(f"<div>{markup.html(text)}</div>")


@given(st.text(st.sampled_from("ab $`*\\\n<&")))
def test_no_letter_is_lost_or_moved(text):
    shown = "".join(
        ElementTree.fromstring(f"<div>{markup.html(text, lambda tex, _: markup.escape(tex))}</div>").itertext()
    )
    assert [letter for letter in shown if letter in "ab<&"] == [letter for letter in text if letter in "ab<&"]


def test_no_text_of_the_bank_has_a_mark_left_or_a_formula_that_is_none():
    for question in every():
        because = [choice.because for choice in question.choices]
        for text in (question.ask, question.because, question.answer, *question.steps, *question.points, *because):
            left = "".join(piece.text for piece in markup.pieces(text) if piece.kind == "words")
            assert "`" not in left and "$" not in left.replace("US$", ""), text
            for piece in markup.pieces(text):
                if piece.kind in ("formula", "display"):
                    assert markup.mathml(piece.text).startswith("<math"), text
