"""From the record of a run to points. A test that passed gives its points: it ran where no learner's code can reach it.

A flag says what a person should look at. One is left: a test that ends in a number which is no number of points.
"""

import math
from dataclasses import dataclass, field

HELD = "a person will look at this question"


@dataclass
class Verdict:
    """The points of each test by grade_id, the message of each that failed, and what a person should look at."""

    points: dict[str, float] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)


def _credit(outcome: dict, worth: float) -> tuple[float, str | None]:
    """The points that a test that passed gives, and what is wrong with its partial credit."""
    if outcome["kind"] in ("bool", "bool_"):
        return (worth if float(outcome["value"]) else 0.0), None
    if outcome["value"] is None:
        return worth, None
    value = float(outcome["value"])
    if not math.isfinite(value) or not 0 <= value <= worth:
        return 0.0, f"gives {outcome['value']} of {worth:g} points"
    return value, None


def judge(cells: list[dict], record: dict) -> Verdict:
    """The verdict on a submission. cells: as sanitized."""
    verdict = Verdict()
    for i, cell in enumerate(cells):
        outcome = record["outcomes"].get(str(i))
        if outcome and outcome["died"]:
            verdict.unfinished.append(f"{cell.get('id') or f'cell {i}'}: {outcome['died']}")
        if cell["kind"] == "test":
            _judge_test(cell, outcome, verdict)
    return verdict


def _judge_test(cell: dict, outcome: dict | None, verdict: Verdict) -> None:
    name, worth = cell["id"], cell["points"]
    verdict.points[name] = 0.0
    if outcome is None or outcome["died"] or not outcome["ok"] or outcome["late"] or "kind" not in outcome:
        error = (outcome or {}).get("error") or ["NotFinished", "not run"]
        late = outcome is not None and not outcome["died"] and outcome.get("late")
        verdict.messages[name] = "not finished in time" if late else f"{error[0]}: {error[1]}"
        return
    points, problem = _credit(outcome, worth)
    verdict.points[name] = points
    if problem:
        verdict.flags.append(f"{name}: no points, {problem}")
        verdict.messages[name] = HELD
