"""An exam on paper: what is handed out, and what the one who grades it reads. HTML that prints on A4."""

from html import escape

from course_utils.questions import Choice
from course_utils.questions.markup import html
from course_utils.teaching.exports import common
from course_utils.teaching.exports.variants import LETTERS, Asked, Variant


def paper(variant: Variant, title: str) -> str:
    """What is handed out."""
    fields = "".join(f"<td>{name}</td><td class='line'></td>" for name in ("Name", "Student number", "Date"))
    about = f"{len(variant.asked)} questions, {variant.points} points. ○: one choice is right. □: choose all that are."
    parts = [_question(number, asked) for number, asked in enumerate(variant.asked, start=1)]
    head = f"<table class='who'><tr>{fields}</tr></table><p>{about}</p>"
    return _page(f"{title} · variant {variant.letter}", head + "".join(parts))


def key(variant: Variant, title: str) -> str:
    """The right answers at a glance, then each with its reasons."""
    rows = "".join(
        f"<tr><td>{number}</td><td>{_short_key(asked)}</td><td>{asked.points}</td><td>{escape(asked.question.id)}</td></tr>"
        for number, asked in enumerate(variant.asked, start=1)
    )
    table = f"<table class='key'><tr><th>Question</th><th>Right</th><th>Points</th><th>Id</th></tr>{rows}</table>"
    parts = [_explained(number, asked) for number, asked in enumerate(variant.asked, start=1)]
    return _page(f"Key · {title} · variant {variant.letter}", table + "".join(parts))


def _question(number: int, asked: Asked) -> str:
    return _section(number, asked, common.prompt(asked.question) + _field(asked))


def _section(number: int, asked: Asked, body: str) -> str:
    points = f"{asked.points} point{'s' if asked.points > 1 else ''}"
    return f"<section><h2>{number} <small>{points}</small></h2>{body}</section>"


def _field(asked: Asked) -> str:
    """Where the answer goes."""
    question = asked.question
    if question.kind == "numeric":
        return f"<p class='answer'>Answer: <span class='blank'></span> {escape(question.unit)}</p>"
    if question.kind == "short":
        return "<div class='ruled'></div>" * 6
    if question.kind == "order":
        blanks = "<span class='box'></span>" * len(question.steps)
        return f"{_options(asked, '')}<p class='answer'>Letters, in order: {blanks}</p>"
    return _options(asked, "○" if question.kind == "single" else "□")


def _options(asked: Asked, mark: str) -> str:
    texts = [option.text if isinstance(option, Choice) else option for option in asked.options]
    lines = [f"<li><b>{mark} {LETTERS[i]}</b><div>{html(text)}</div></li>" for i, text in enumerate(texts)]
    return f"<ol>{''.join(lines)}</ol>"


def _short_key(asked: Asked) -> str:
    question = asked.question
    if question.kind == "numeric":
        within = f" ± {question.tolerance:.3g}" if question.tolerance else ""
        return f"{question.value:.5g}{within} {escape(question.unit)}"
    return asked.key or "see below"


def _explained(number: int, asked: Asked) -> str:
    plain = asked.question.kind in ("numeric", "order")
    answer = f"<p class='right'>Right: {_short_key(asked)}</p>" if plain else ""
    reasons = "".join(_reason(i, option) for i, option in enumerate(asked.options) if isinstance(option, Choice))
    options = _options(asked, "") if asked.question.kind == "order" else f"<ol>{reasons}</ol>" if reasons else ""
    label = "<p class='right'>A model answer</p>" if asked.question.kind == "short" else ""
    why = "" if reasons else f"{label}<div>{common.model_answer(asked.question)}</div>"
    return _section(number, asked, common.prompt(asked.question) + options + answer + why)


def _reason(index: int, choice: Choice) -> str:
    mark, look = ("✓", "right") if choice.right else ("✗", "wrong")
    text = f"<b class='{look}'>{mark} {LETTERS[index]}</b><div>{html(choice.text)}"
    return f"<li>{text}<br/><small>{common.reason(choice)}</small></div></li>"


def _page(title: str, body: str) -> str:
    head = f"<meta charset='utf-8'/><title>{escape(title)}</title><style>{STYLE}</style>"
    return f"<!DOCTYPE html><html lang='en'><head>{head}</head><body><h1>{escape(title)}</h1>{body}</body></html>"


STYLE = """
@page { size: A4; margin: 16mm 16mm 20mm; }
body { font: 11pt/1.4 "Source Serif 4", "DejaVu Serif", Georgia, serif; max-width: 178mm; margin: 0 auto; color: #000; }
math { font-family: "STIX Two Math", "Latin Modern Math", "DejaVu Math TeX Gyre", math; }
h1 { font-size: 15pt; margin: 0 0 4mm; }
h2 { font-size: 11.5pt; margin: 0 0 1.5mm; border-top: .3mm solid #000; padding-top: 1mm; }
h2 small { font-weight: normal; float: right; }
section { break-inside: avoid; margin: 0 0 6mm; }
table { border-collapse: collapse; width: 100%; }
.who td { padding: 1mm 2mm 1mm 0; white-space: nowrap; }
.who .line { border-bottom: .2mm solid #000; width: 30%; }
.key td, .key th { border-bottom: .1mm solid #888; text-align: left; padding: .4mm 2mm .4mm 0; }
.key { margin-bottom: 6mm; }
ol { list-style: none; margin: 2mm 0; padding: 0; }
li { display: flex; gap: 3mm; margin: 0 0 1.5mm; }
ul li { display: list-item; margin: 0; }
li > b { flex: none; min-width: 8mm; font-family: "DejaVu Sans", sans-serif; font-weight: normal; }
code, pre { font: 9.5pt/1.35 "DejaVu Sans Mono", monospace; }
pre { background: #f3f3f3; padding: 2mm; margin: 2mm 0; white-space: pre-wrap; }
.blank { display: inline-block; width: 45mm; border-bottom: .2mm solid #000; }
.box { display: inline-block; width: 8mm; height: 7mm; border: .2mm solid #000; margin-right: 1.5mm; }
.box { vertical-align: middle; }
.answer { margin: 3mm 0 0; }
.ruled { height: 8mm; border-bottom: .1mm solid #888; }
.right { font-weight: bold !important; }
"""
