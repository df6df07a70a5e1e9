"""Questions whose texts hold every character that some format takes for a mark, for hypothesis.

A text is drawn in parts, and said twice: as the bank writes it, and as what a reader must see in the end.
"""

from dataclasses import dataclass

from hypothesis import strategies as st

from course_utils.questions import Choice, Question

MARKS = [*"~={}:#<>&\"'\\%[]()|-/_^!?.,;@ \n\t", "//", "->", "####", "::", "\n\n", "&amp;", "\\n", "\\(", "$$"]
WORDS = st.lists(st.sampled_from(MARKS) | st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="`*"))
CODE = st.text(st.sampled_from("ab1 \n=~{}#:<>&'\"\\$%[]->"), min_size=1, max_size=30).filter(str.strip)
FORMULA = st.lists(
    st.sampled_from([*"xyz01+-=<>:,", r"\log ", r"\frac{1}{2}", r"\{", r"\}", r"\&", r"\%", r"\#", "_{i}y", "^{2}y"]),
    min_size=1,
    max_size=8,
)


@dataclass(frozen=True)
class Part:
    """A part of a text: of what kind, and what a reader must see."""

    kind: str
    text: str


@dataclass(frozen=True)
class Text:
    """A text of the bank, and the parts that a reader must see."""

    source: str
    parts: tuple[Part, ...]


def _written(part: Part) -> str:
    if part.kind == "words":
        return part.text.replace("$", r"\$")
    return f"`{part.text}`" if part.kind == "code" else f"${part.text}$"


def _text(parts: list[Part]) -> Text:
    return Text(" ".join(map(_written, parts)), tuple(parts))


_PARTS = st.one_of(
    WORDS.map("".join).filter(str.strip).map(lambda text: Part("words", text)),
    CODE.map(lambda text: Part("code", text)),
    FORMULA.map(lambda marks: Part("formula", "x" + "".join(marks) + "y")),
)
TEXTS = st.lists(_PARTS, min_size=1, max_size=4).map(_text)
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: float(f"{number:.6g}"))


@st.composite
def questions(draw: st.DrawFn, kind: str) -> tuple[Question, dict[str, Text]]:
    """A question of a kind, and its texts by where they stand: "ask", "because", ("choice", 0), …"""
    texts = {"ask": draw(TEXTS), "because": draw(TEXTS), "answer": draw(TEXTS), "section": draw(TEXTS)}
    count = draw(st.integers(3, 5))
    options = [draw(TEXTS) for _ in range(count)]
    texts |= {("option", index): text for index, text in enumerate(options)}
    texts |= {("because", index): draw(TEXTS) for index in range(count)}
    own = {"single": _choices, "several": _choices, "numeric": _numeric, "order": _order, "short": _short}[kind]
    about = {"id": "03-some-question", "lecture": "03_vae", "quiz": False, "objective": 1, "level": "apply"}
    fields = own(draw, kind, texts, options)
    question = Question(kind=kind, section=texts["section"].source, ask=texts["ask"].source, **about, **fields)
    return question, texts


def _choices(draw: st.DrawFn, kind: str, texts: dict, options: list[Text]) -> dict:
    right = draw(st.sets(st.integers(0, len(options) - 1), min_size=1, max_size=1 if kind == "single" else 2))
    reasons = [texts["because", index].source for index in range(len(options))]
    sources = [text.source for text in options]
    return {"choices": tuple(Choice(s, i in right, r) for i, (s, r) in enumerate(zip(sources, reasons, strict=True)))}


def _numeric(draw: st.DrawFn, kind: str, texts: dict, options: list[Text]) -> dict:
    tolerance = draw(st.sampled_from([0.0, 0.01, 1e-7, 2.5, 100.0]))
    return {"compute": repr(draw(NUMBERS)), "tolerance": tolerance, "because": texts["because"].source}


def _order(draw: st.DrawFn, kind: str, texts: dict, options: list[Text]) -> dict:
    return {"steps": tuple(text.source for text in options), "because": texts["because"].source}


def _short(draw: st.DrawFn, kind: str, texts: dict, options: list[Text]) -> dict:
    return {"answer": texts["answer"].source, "points": tuple(text.source for text in options)}
