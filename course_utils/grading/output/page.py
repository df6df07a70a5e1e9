"""The HTML that feedback and report share: one file, no scripts, everything that a learner wrote escaped."""

import base64
import re
from collections.abc import Iterable, Iterator
from html import escape

STYLE = """body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
pre { background: #f6f6f6; padding: .6rem; overflow-x: auto; white-space: pre-wrap; border-left: 4px solid #ccc }
math[display=block] { display: block; text-align: center }
pre.output { background: #fff } pre.error { border-color: #d55e00 } img { max-width: 100% }
table { border-collapse: collapse } td, th { padding: .2rem .8rem; text-align: left; border-bottom: 1px solid #ddd }
td.number, th.number { text-align: right } .note { border: 1px solid #e69f00; padding: .6rem }"""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
PICTURE = "<p><img"
PAGE = 2_000_000  # bytes of a page at most


def page(title: str, *parts: str) -> str:
    """A whole page. The browser is told to run and to load nothing."""
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    head += f"<title>{escape(title)}</title><style>{STYLE}</style>"
    body = "\n".join([f"<h1>{escape(title)}</h1>", *parts])
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def table(head: list[str], rows: list[list[object]]) -> str:
    """A table; numbers stand right."""

    def cell(value: object, mark: str) -> str:
        number = ' class="number"' if isinstance(value, int | float) else ""
        text = f"{value:g}" if isinstance(value, int | float) else str(value)
        return f"<{mark}{number}>{escape(text)}</{mark}>"

    lines = [
        "".join(cell(value, mark) for value in row) for mark, row in [("th", head), *(("td", row) for row in rows)]
    ]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def fit(parts: Iterable[str], left: int) -> Iterator[str]:
    """The parts that these many bytes hold. What is left out is said: pictures in their place, the rest at the end."""
    pictures = left * 3 // 4
    for part in parts:
        size = len(part.encode("utf-8", "replace"))
        if part.startswith(PICTURE):
            if size > pictures:
                yield f'<p class="note">A picture of {size / 1e3:.0f} kB is left out: the page would be too large.</p>'
                continue
            pictures -= size
        left -= size
        if left < 0:
            yield '<p class="note">The page is cut here: it would be too large. Your own file holds the rest.</p>'
            return
        yield part


def block(text: str, kind: str = "") -> str:
    """Text as it stands."""
    return f'<pre class="{kind}">{escape(text)}</pre>'


def image(data: bytes | str, alt: str) -> str:
    """A PNG picture; `data` are its bytes, or these in base64."""
    text = base64.b64encode(data).decode() if isinstance(data, bytes) else re.sub(r"[^A-Za-z0-9+/=]", "", data)
    return f'{PICTURE} alt="{escape(alt)}" src="data:image/png;base64,{text}"></p>'
