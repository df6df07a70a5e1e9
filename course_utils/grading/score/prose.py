"""What a learner wrote in words, as HTML in which nothing runs and nothing is loaded.

mistune reads the Markdown (tags in it are shown, not obeyed), latex2mathml sets the mathematics, and nh3 lets through
only what stands in its lists here.
"""

import html as entities
from functools import cache

INERT = '<div class="tex2jax_ignore mathjax_ignore">'
MOST = 30_000  # characters of one text
# fmt: off
TAGS = {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "code", "pre", "blockquote", "ul",
        "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"}
MATH = {"math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot",
        "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose",
        "mmultiscripts", "mprescripts", "none", "semantics"}
# fmt: on
SIZES = {"lspace", "rspace", "width", "height", "depth", "voffset", "columnalign", "rowspacing", "columnspacing"}
SIGNS = {"stretchy", "fence", "form", "separator", "minsize", "maxsize", "movablelimits", "accent", "accentunder"}
OTHERS = {"display", "displaystyle", "scriptlevel", "mathvariant", "linethickness", "notation", "columnlines"}
ATTRIBUTES = {"a": {"href", "title"}} | {tag: SIZES | SIGNS | OTHERS for tag in MATH}


def _formula(source: str, display: str) -> str:
    from latex2mathml.converter import convert

    try:
        return convert(source[:2000], display=display)
    except Exception:  # of many kinds: what does not parse is shown as it was written
        return f"<code>{entities.escape(source)}</code>"


@cache
def _markdown() -> object:
    import mistune

    class Renderer(mistune.HTMLRenderer):
        """No pictures: their addresses would be loaded."""

        def image(self, text: str, url: str, title: str | None = None) -> str:
            return f"[picture: {text}]"

    markdown = mistune.create_markdown(renderer=Renderer(escape=True), plugins=["table", "strikethrough", "math"])
    # Instead of the plugin's own, which leave the mathematics to a script.
    markdown.renderer.register("inline_math", lambda _, text: _formula(text, "inline"))
    markdown.renderer.register("block_math", lambda _, text: _formula(text, "block") + "\n")
    return markdown


def safe(made: str) -> str:
    """HTML with no tag, attribute or address but those of the lists above."""
    import nh3

    lists = {"tags": TAGS | MATH, "attributes": ATTRIBUTES, "url_schemes": {"http", "https", "mailto"}}
    return nh3.clean(made, clean_content_tags=set(), link_rel="noopener noreferrer", **lists)


def html(source: str) -> str:
    """Markdown as safe HTML, with its mathematics as MathML."""
    cut = source[:MOST] + ("\n\n[cut here: too long]" if len(source) > MOST else "")
    try:
        return safe(_markdown()(cut))
    except RecursionError:
        return f"<pre>{entities.escape(cut)}</pre>"


def inert(source: str) -> str:
    """Markdown as safe HTML for a Markdown cell: on one line, a second reading of it finds nothing more to obey.

    The classes, and a character of no width behind each backslash, keep MathJax from what is left of TeX.
    """
    line = html(source).strip().replace("\n", "&#10;").replace("\\", "\\\u200b").replace("$", "&#36;")
    return f"{INERT}{line}</div>"
