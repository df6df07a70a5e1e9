"""Debate cards: positions, evidence with its date; one's own answer before and after, in a file of one's own."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets

from course_utils.labs.outlook import record
from course_utils.labs.outlook.atlas import heading, title
from course_utils.labs.outlook.record import STAGES, Record
from course_utils.plotting import COLORS, Picture, picture
from course_utils.widgets.panel import LivePicture, Panel, View, choice, slider

FILE = Path(__file__).with_name("debate.toml")


@dataclass(frozen=True)
class Evidence:
    """What a source found, the year, and where it stands."""

    year: int
    says: str
    url: str


@dataclass(frozen=True)
class Card:
    """A statement to agree with or not, three positions, evidence, and the lecture's section that measured on it."""

    id: str
    title: str
    key: str
    positions: tuple[str, str, str]
    evidence: tuple[Evidence, ...]
    lecture: str
    section: str

    def _repr_html_(self) -> str:
        positions = zip(("For", "Against", "Or else"), self.positions, strict=True)
        said = "".join(f"<p><b>{name}.</b> {escape(text)}</p>" for name, text in positions)
        found = "".join(f'<li>{escape(e.says)} <a href="{escape(e.url)}">source</a></li>' for e in self.evidence)
        place = f"lecture {self.lecture.split('_')[0]}, {title(heading(self.lecture, self.section))}"
        measured = f'<p>Measured in this course: <a href="{self.lecture}.ipynb">{escape(place)}</a>.</p>'
        head = f"<summary><b>{escape(self.title)}.</b> {escape(self.key)}</summary>"
        return f"<details>{head}{said}<p><b>Evidence</b></p><ul>{found}</ul>{measured}</details>"


class Cards(tuple):
    """Cards that show themselves under each other, folded."""

    def _repr_html_(self) -> str:
        return '<div style="max-width:46em;line-height:1.45">' + "".join(card._repr_html_() for card in self) + "</div>"

    def __repr__(self) -> str:
        return "\n".join(f"{card.title}: {card.key}" for card in self)


def load(path: Path = FILE) -> Cards:
    """The cards. Raises ValueError, naming the file, for one that lacks something."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["card"]
        return Cards(_card(entry) for entry in entries)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: a card lacks, or has too much of, {error}") from error


def _card(entry: dict[str, Any]) -> Card:
    positions = tuple(entry[name] for name in ("for", "against", "third"))
    evidence = tuple(Evidence(**one) for one in entry["evidence"])
    return Card(entry["id"], entry["title"], entry["key"], positions, evidence, entry["lecture"], entry["section"])


def answers_picture(kept: Record, cards: Sequence[Card]) -> Picture:
    """Where one stood before and stands after, a line a question."""
    alt = "Dot plot of agreement from 0 to 10 with each key question, before (open) and after (filled)."
    figure, ax = picture(1, 1, width=5.4, height=2.6, title="Before (open) and after (filled)", alt=alt)
    for row, card in enumerate(reversed(cards)):
        before, after = (getattr(kept, stage).get(card.id, {}).get("agree") for stage in STAGES)
        if before is not None and after is not None:
            ax.plot([before, after], [row, row], color="#9AA5B1", zorder=1)
        for value, fill in ((before, "white"), (after, COLORS[0])):
            if value is not None:
                ax.scatter([value], [row], s=60, facecolor=fill, edgecolor=COLORS[0], zorder=2)
    ax.set_yticks(range(len(cards)), [card.title for card in reversed(cards)])
    ax.set(xlim=(-0.5, 10.5), ylim=(-0.6, len(cards) - 0.4), xlabel="agreement with the card's statement, 0 to 10")
    ax.grid(axis="x")
    return figure


def explorer(cards: Sequence[Card], kept: Record | None = None, path: Path = record.FILE) -> Panel:
    """Answer each key question before and after; *Keep* holds the answer, *Save* writes the file of one's own.

    What stands in the file is loaded first, and replaced only if the box says so.
    """
    kept = record.load(path) if kept is None else kept
    names = {card.title: card for card in cards}
    reason = ipywidgets.Textarea(placeholder="In one sentence: why?", rows=2, layout={"width": "340px"})
    replace = ipywidgets.Checkbox(False, description="replace what stands in the file", indent=False)
    said = ipywidgets.HTML()

    drawn = {"answers": _drawn(kept, cards)}

    def show(card: str, stage: str, agree: int) -> dict[str, Any]:
        given = getattr(kept, stage).get(names[card].id)
        said.value = f"<b>{escape(names[card].key)}</b><br>{_given(given)}"
        return drawn

    def keep() -> None:
        card, stage, agree = panel.values.values()
        given = {"agree": agree, "reason": reason.value.strip(), "date": date.today().isoformat()}
        getattr(kept, stage)[names[card].id] = given
        drawn["answers"] = _drawn(kept, cards)

    def save() -> None:
        told.value = record.save(kept, path, replace.value)

    def export() -> None:
        questions = {card.id: card.key for card in cards}
        told.value = record.export(kept, questions, path.with_suffix(".md"), replace.value)

    told = ipywidgets.HTML()
    controls = {
        "card": choice("card", list(names), next(iter(names)), "Which question"),
        "stage": choice("when", list(STAGES), STAGES[0], "Before or after the debate"),
        "agree": slider("agree", 0, 10, 5, "0 not at all, 10 wholly"),
    }
    buttons = {
        "Keep": (keep, "Hold this answer"),
        "Save": (save, f"Write all answers to {path.name}"),
        "Export": (export, f"Write them as Markdown, {path.with_suffix('.md').name}"),
    }
    panel = Panel(show, controls, {"answers": View(560)}, buttons=buttons, extra=[said, reason, replace, told])
    return panel


def _drawn(kept: Record, cards: Sequence[Card]) -> tuple[bytes, str]:
    """The picture of the answers, and the same in words."""
    told = [
        f"{card.title} {stage} {given['agree']}"
        for card in cards
        for stage in STAGES
        if (given := getattr(kept, stage).get(card.id))
    ]
    return LivePicture(answers_picture(kept, cards)).png(), "; ".join(told) or "No answer kept yet."


def _given(given: dict[str, Any] | None) -> str:
    return f"You said {given['agree']} on {given['date']}: {escape(given['reason'])}" if given else "Not answered yet."
