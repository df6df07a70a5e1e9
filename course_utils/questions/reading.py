"""From TOML to questions, strictly: what is not as it must be raises, with file, question, and what to do."""

import re
import tomllib
from pathlib import Path

from course_utils.questions.page import Page
from course_utils.questions.question import KINDS, LEVELS, Choice, Question

EVERY = {"id": str, "section": str, "objective": int, "level": str, "ask": str}
OPTIONAL = {"kind": str, "quiz": bool}
OWN = {  # what a kind needs, and what it may have
    "single": ({"choice": list}, {}),
    "several": ({"choice": list}, {}),
    "numeric": ({"tolerance": (int, float), "because": str}, {"compute": str, "code": str, "unit": str}),
    "order": ({"steps": list, "because": str}, {}),
    "short": ({"answer": str, "points": list}, {}),
}


def read(path: Path, page: Page | None = None) -> tuple[Question, ...]:
    """Questions from a TOML file; with a page, also that it has the sections and objectives which they name.

    Raises ValueError for an unknown file, field, kind or level, a missing reason, a key that does not fit the kind.
    """
    questions: list[Question] = []
    for number, entry in enumerate(_entries(path), start=1):
        try:
            question = _question(entry, path.stem)
            _require(
                question.id not in {known.id for known in questions}, "has the id of an earlier one; choose another"
            )
            lack = page.lacks(question.section, question.objective) if page else ""
            _require(not lack, lack)
        except ValueError as error:
            name = entry.get("id", "no id") if isinstance(entry, dict) else "no table"
            raise ValueError(f"{path.name}, {name}: question {number} {error}") from None
        questions.append(question)
    return tuple(questions)


def _entries(path: Path) -> list:
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.toml")))
        raise ValueError(f"There are no questions named {path.stem!r}. There are: {known}.")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name} is not TOML: {error}. Mend that line.") from error
    if set(content) != {"question"} or not isinstance(content["question"], list):
        raise ValueError(f"{path.name} must hold tables [[question]] and nothing else, not {', '.join(content)}.")
    return content["question"]


def _question(entry: object, lecture: str) -> Question:
    _require(isinstance(entry, dict), "must be a table [[question]]")
    kind = entry.get("kind", "single")
    _require(kind in KINDS, f"has the kind {kind!r}; choose one of {', '.join(KINDS)}")
    needed, may = OWN[kind]
    _fields(entry, EVERY | needed, OPTIONAL | may, f"of the kind {kind}")
    own = {name: value.strip() if isinstance(value, str) else value for name, value in entry.items()}
    number = lecture.split("_")[0]
    _require(re.fullmatch(rf"{number}-[a-z0-9-]+", own["id"]), f"needs an id such as {number}-what-it-asks")
    _require(own["level"] in LEVELS, f"has the level {own['level']!r}; choose one of {', '.join(LEVELS)}")
    _require(kind == "single" or not own.get("quiz"), "is asked on the page: there only `single` is; drop `quiz`")
    lists = {name: _texts(own[name], name) for name in ("steps", "points") if name in own}
    choices = tuple(_choice(choice) for choice in own.pop("choice", ()))
    _fit(kind, own, choices)
    return Question(**{"kind": "single", "quiz": False} | own | lists, lecture=lecture, choices=choices)


def _fit(kind: str, own: dict, choices: tuple[Choice, ...]) -> None:
    """Whether the answer fits the kind."""
    right = sum(choice.right for choice in choices)
    if kind == "single":
        _require(2 <= len(choices) <= 5 and right == 1, "needs two to five choices, exactly one of them right")
    if kind == "several":
        fits = 3 <= len(choices) <= 6 and 0 < right < len(choices)
        _require(fits, "needs three to six choices, some of them right and some wrong")
    if kind == "numeric":
        _require(("compute" in own) != ("code" in own), "needs either `compute` or `code`")
        _require(own["tolerance"] >= 0, "needs a tolerance of 0 or more")
    if kind == "order":
        distinct = 3 <= len(own["steps"]) == len(set(own["steps"])) <= 8
        _require(distinct, "needs three to eight `steps`, all different")
    _require(len({choice.text for choice in choices}) == len(choices), "has the same choice twice; drop one")


def _choice(entry: object) -> Choice:
    _require(isinstance(entry, dict), "needs its choices as tables [[question.choice]]")
    verdict = [name for name in ("right", "wrong") if name in entry]
    _require(len(verdict) == 1, f"has a choice that is not one of `right` or `wrong`: {entry}")
    own = {"misconception": str} if verdict == ["wrong"] else {}
    _fields(
        entry, {verdict[0]: str, "because": str} | own, {}, f"a choice that is {verdict[0]}, with a reason in `because`"
    )
    misconception = entry.get("misconception", "").strip()
    return Choice(entry[verdict[0]].strip(), verdict == ["right"], entry["because"].strip(), misconception)


def _fields(entry: dict, needed: dict, may: dict, where: str) -> None:
    """Whether a table has all it needs, nothing unknown, each of its type and not empty."""
    missing, unknown = sorted(set(needed) - set(entry)), sorted(set(entry) - set(needed) - set(may))
    _require(not missing, f"lacks `{'`, `'.join(missing)}` ({where}); add it")
    _require(not unknown, f"has unknown fields `{'`, `'.join(unknown)}` ({where}); mend or drop them")
    for name, value in entry.items():
        kind = (needed | may)[name]
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        _require(fits, f"has `{name} = {value!r}` ({where}), which is of the wrong type")
        _require(
            not isinstance(value, str | list) or (value.strip() if isinstance(value, str) else value),
            f"has an empty `{name}` ({where}); fill it",
        )


def _texts(values: list, name: str) -> tuple[str, ...]:
    fits = all(isinstance(value, str) and value.strip() for value in values)
    _require(fits, f"needs texts in `{name}`, none empty")
    return tuple(value.strip() for value in values)


def _require(fits: object, message: str) -> None:
    if not fits:
        raise ValueError(message)
