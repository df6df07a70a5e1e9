"""From the record of a run to points and flags. A flag says what a person should look at; it is no verdict.

A test's points count if it passed, and if nothing suggests that it passed for another reason than the answer: the
released stub fails it in the same process, the libraries were not changed while it ran, nothing ran beside it.
"""

import math
from dataclasses import dataclass, field

from course_utils.grading.run.suspicion import Reading

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


def _doubts(outcome: dict, test: str, reading: Reading) -> list[str]:
    """Why a pass may have another reason than the answer."""
    reached = reading.reached(test)
    doubts = [f"changed {name} while it ran" for name in outcome["during"][:3]]
    doubts += ["the unanswered stub passes it too"] if outcome["stub_passed"] else []
    doubts += [outcome["crowd"]] if outcome["crowd"] else []
    values = [name for name in outcome["classes"] if name.endswith(")") and name.partition("(")[0] in reached]
    doubts += [f"{name} imitates a value" for name in values]
    return doubts + outcome["tripped"] + [f"the answer {what}" for what in reading.in_test(test)]


def judge(cells: list[dict], record: dict, reading: Reading) -> Verdict:
    """The verdict on a submission. cells: as sanitized; reading: what stands out in the learner's code."""
    verdict = Verdict()
    verdict.flags += [f"the code {what}" for what in reading.findings] + record["flags"]
    for i, cell in enumerate(cells):
        outcome = record["outcomes"].get(str(i))
        if outcome and outcome["died"]:
            verdict.unfinished.append(f"{cell.get('id') or f'cell {i}'}: {outcome['died']}")
        if cell["kind"] == "test":
            _judge_test(cell, outcome, verdict, reading)
    verdict.flags = list(dict.fromkeys(verdict.flags))
    return verdict


def _judge_test(cell: dict, outcome: dict | None, verdict: Verdict, reading: Reading) -> None:
    name, worth = cell["id"], cell["points"]
    verdict.points[name] = 0.0
    if outcome is None or outcome["died"] or not outcome["ok"] or outcome["late"] or "during" not in outcome:
        error = (outcome or {}).get("error") or ["NotFinished", "not run"]
        late = outcome is not None and not outcome["died"] and outcome.get("late")
        verdict.messages[name] = "not finished in time" if late else f"{error[0]}: {error[1]}"
    else:
        points, problem = _credit(outcome, worth)
        doubts = _doubts(outcome, cell["source"], reading)
        if problem or (points and doubts):
            verdict.flags += [f"{name}: no points, {doubt}" for doubt in [problem, *doubts] if doubt]
            verdict.messages[name] = HELD
        else:
            verdict.points[name] = points
    if outcome and "before" in outcome:
        verdict.flags += [f"changed {what}" for what in outcome["before"][:5]]
        verdict.flags += [f"redefines comparison: {what}" for what in outcome["classes"]]
