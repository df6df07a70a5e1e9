"""What one believes, kept in a file of one's own: answers before and after, confidence, quiz, thoughts. No server.

The file is JSON, `my_outlook.json` in the folder of the page. Nothing is written unless asked, and nothing that stands
there is replaced unless that is asked too.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

FILE = Path("my_outlook.json")
STAGES = ("before", "after")


@dataclass
class Record:
    """Agreement with each key question, 0 to 10, and a reason, before and after; confidence by lecture and objective,
    0 to 1; answers to quiz questions by lecture, True where right, by the question's number; thoughts by question."""

    before: dict[str, dict[str, Any]] = field(default_factory=dict)
    after: dict[str, dict[str, Any]] = field(default_factory=dict)
    confidence: dict[str, dict[str, float]] = field(default_factory=dict)
    quiz: dict[str, dict[str, bool]] = field(default_factory=dict)
    thoughts: dict[str, str] = field(default_factory=dict)


def load(path: Path = FILE) -> Record:
    """What the file holds; an empty Record if there is none. Raises ValueError for a file that is no record."""
    if not path.exists():
        return Record()
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is not a file of this page ({error}). Move it away, or give the page another name."
        ) from error


def conflicts(new: Record, old: Record) -> list[str]:
    """Entries that stand in the old record and are otherwise, or missing, in the new one."""
    return [
        f"{part} · {key}"
        for part, held in asdict(old).items()
        for key, value in held.items()
        if getattr(new, part).get(key) != value and not _grown(value, getattr(new, part).get(key))
    ]


def _grown(old: Any, new: Any) -> bool:
    """Whether a table of answers has only got more of them."""
    nested = isinstance(old, Mapping) and isinstance(new, Mapping) and "agree" not in old
    return nested and all(new.get(key) == value for key, value in old.items())


def save(record: Record, path: Path = FILE, replace: bool = False) -> str:
    """Write the record, and say so. Raises FileExistsError, naming the entries, if it would change any that stand in
    the file, unless `replace`; nothing is written then."""
    changed = conflicts(record, load(path))
    if changed and not replace:
        raise FileExistsError(
            f"{path} already holds something else for {', '.join(changed)}. Tick “replace” if it may go, then save."
        )
    _write(path, json.dumps(asdict(record), indent=1, ensure_ascii=False) + "\n")
    return f"Saved in {path}."


def export(record: Record, questions: Mapping[str, str], path: Path, replace: bool = False) -> str:
    """Write the record as Markdown, and say so. FileExistsError if another text stands there, unless `replace`."""
    text = markdown(record, questions)
    if path.exists() and path.read_text(encoding="utf-8") != text and not replace:
        raise FileExistsError(f"{path} exists. Tick “replace” if it may go, then export.")
    _write(path, text)
    return f"Written to {path}."


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a file beside it first, which then takes its place."""
    beside = path.with_suffix(path.suffix + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def markdown(record: Record, questions: Mapping[str, str]) -> str:
    """The record in words, under the texts of the key questions; what was not answered is said to be open."""
    lines = ["# What I believe about generative models", "", "## The key questions", ""]
    for key, text in questions.items():
        lines += [f"**{text}**", ""]
        for stage in STAGES:
            given = getattr(record, stage).get(key)
            said = f"{given['agree']} of 10. {given['reason']}".strip() if given else "not answered"
            lines.append(f"- {stage}: {said}")
        lines.append("")
    lines += ["## Confidence and quiz", "", "| lecture | confidence | right |", "|---|---|---|"]
    lines += [f"| {name} | {sure:.0%} | {right:.0%} of {n} |" for name, sure, right, n in points(record)]
    lines += ["", "## Thoughts", ""]
    for question, text in record.thoughts.items():
        lines += [f"**{question}**", "", text, ""]
    return "\n".join(lines).rstrip() + "\n"


def points(record: Record) -> list[tuple[str, float, float, int]]:
    """Of each lecture rated and answered: its name, the mean confidence, the share right, and how many answers."""
    both = [name for name in record.confidence if record.quiz.get(name) and record.confidence[name]]
    return [
        (name, fmean(record.confidence[name].values()), fmean(record.quiz[name].values()), len(record.quiz[name]))
        for name in sorted(both)
    ]


def excess(record: Record) -> float:
    """Mean confidence minus share right, over all answers: above 0 one is too sure. Raises ValueError without any."""
    known = points(record)
    if not known:
        raise ValueError("Rate an objective and answer a question of the same lecture first.")
    answers = sum(n for *_, n in known)
    return sum((sure - right) * n for _, sure, right, n in known) / answers
