"""The bank's texts as HTML: words, *emphasis*, `code`, ```code on lines of its own```, $formulas$, $$displayed ones$$.

    >>> html("Is `a < b`?\\n\\nYes.")
    'Is <code>a &lt; b</code>?<br/><br/>Yes.'
    >>> [piece.kind for piece in pieces("$5 is no formula, $x$ is")]
    ['words', 'formula', 'words']

A dollar sign opens a formula if no space follows it, and closes one if none stands before it and no digit after it (the
rule of Pandoc's Markdown); `\\$` is always a dollar sign. An asterisk is a mark only around words of one line that
touch it, as in *this*, not in 2 * 3 or a*b. Nothing else is one: `_` and `<` stay what they are. What comes
out is well-formed XML, so that it fits into web pages, Moodle and QTI alike.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

_MARKS = re.compile(
    r"```[a-z]*\n(?P<block>.*?)\n?```"
    r"|(?P<ticks>`+)(?P<code>(?:(?!(?P=ticks)).)+)(?P=ticks)(?!`)"
    r"|(?<!\\)\$\$(?P<display>(?:(?!\$\$).)+?)\$\$"
    r"|(?<![\\$])\$(?![\s$])(?P<formula>[^$]*?[^\s\\$]|[^\s\\$])\$(?![\d$])"
    r"|(?<![\w*\\])\*(?P<emphasis>[^\W_](?:[^*$`\n]*[^\s*$`])?)\*(?![\w*])",
    re.DOTALL,
)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
_NAMED = re.compile(r"(<mi>(?:log|ln|exp|min|max|sin|cos|det|arg|tanh|sup|inf)</mi>)(?=<m(?!o)\w)")


@dataclass(frozen=True)
class Piece:
    """A stretch of one kind: words, emphasis, code, block (code on lines of its own), formula or display (TeX)."""

    kind: str
    text: str


def pieces(text: str) -> list[Piece]:
    """What a text is made of, in order. Characters that XML forbids become �."""
    found, end, text = [], 0, _NO_XML.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    for match in _MARKS.finditer(text):
        if match.start() > end:
            found.append(_words(text[end : match.start()]))
        kind = next(name for name in ("block", "code", "display", "formula", "emphasis") if match[name] is not None)
        found.append(Piece("block" if kind == "code" and "\n" in match[kind] else kind, match[kind]))
        end = match.end()
    return [*found, _words(text[end:])] if end < len(text) else found


def html(text: str, formula: Callable[[str, bool], str] | None = None) -> str:
    """A text as what may stand in a `<div>`; `formula(tex, display)` sets a formula: as MathML if it is not given."""
    return "".join(_html(piece, formula or mathml) for piece in pieces(text.strip()))


def tex(source: str, display: bool) -> str:
    r"""A formula between `\(` and `\)`, or `\[` and `\]`: what MathJax finds in any page."""
    start, end = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f"{start}{escape(source, quote=False)}{end}"


@lru_cache(maxsize=4096)
def mathml(source: str, display: bool = False) -> str:
    """A formula as a MathML element; as code if it is none."""
    from latex2mathml.converter import convert

    try:
        made = convert(source, display="block" if display else "inline")
        made = re.sub(r"&(?!#?\w+;)", "&amp;", _NAMED.sub(r'\1<mspace width="0.167em"/>', made))
        ElementTree.fromstring(made)
    except Exception:  # of many kinds: what does not parse is shown as it was written
        return f"<code>{escape(source)}</code>"
    return made


def _words(text: str) -> Piece:
    return Piece("words", text.replace(r"\$", "$"))


def _html(piece: Piece, formula: Callable[[str, bool], str]) -> str:
    if piece.kind in ("formula", "display"):
        return formula(piece.text, piece.kind == "display")
    if piece.kind == "block":
        return f"<pre><code>{escape(piece.text)}</code></pre>"
    if piece.kind == "code":
        return f"<code>{escape(piece.text)}</code>"
    if piece.kind == "emphasis":
        return f"<em>{_plain(piece.text)}</em>"
    paragraphs = re.split(r"\n[ \t]*\n\s*", piece.text)
    return "<br/><br/>".join(_plain(re.sub(r"[ \t]*\n[ \t]*", " ", part)) for part in paragraphs)


def _plain(words: str) -> str:
    r"""Escaped, and kept from MathJax, which takes `\(`, `\[` and `$$` for a formula's start, but not across tags."""
    return re.sub(r"\\(?=[(\[])|(?<=\$)\$", r"<span>\g<0></span>", escape(words))
