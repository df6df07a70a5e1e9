"""What a question is. Texts may hold `code`, *emphasis* and $formulas$ (`markup`)."""

import contextlib
import io
import math
import statistics
from dataclasses import dataclass

KINDS = ("single", "several", "numeric", "order", "short")
LEVELS = ("remember", "understand", "apply", "analyze", "evaluate", "create")  # Bloom, revised: Krathwohl 2002


@dataclass(frozen=True)
class Choice:
    """One choice: its text, whether it is right, why, and, if it is wrong, the name of the misconception."""

    text: str
    right: bool
    because: str
    misconception: str = ""


@dataclass(frozen=True)
class Question:
    """One question; what its kind does not use is empty.

    kind        what it uses
    single      choices (2 to 5, exactly one right)
    several     choices (3 to 6, some right, some wrong)
    numeric     value, right within `tolerance` (absolute, in `unit`), because; `code`, if any, is shown to the learner
    order       steps (3 to 8, in the right order: shuffle them), because
    short       answer (a model answer), points (what must be said)
    """

    id: str
    lecture: str
    kind: str
    quiz: bool
    section: str
    objective: int
    level: str
    ask: str
    choices: tuple[Choice, ...] = ()
    because: str = ""
    compute: str = ""
    code: str = ""
    tolerance: float = 0.0
    unit: str = ""
    steps: tuple[str, ...] = ()
    answer: str = ""
    points: tuple[str, ...] = ()

    @property
    def right(self) -> tuple[int, ...]:
        """The indices of the right choices."""
        return tuple(index for index, choice in enumerate(self.choices) if choice.right)

    @property
    def value(self) -> float:
        """The answer of a numeric question: `compute` evaluated, or what `code` prints."""
        if self.kind != "numeric":
            raise ValueError(f"{self.id} is of the kind {self.kind!r}; only a numeric question has a value")
        if self.compute:
            return float(eval(self.compute, {"math": math, "statistics": statistics}))
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(self.code, {"__name__": self.id})
        return float(printed.getvalue())

    def accepts(self, number: float) -> bool:
        """Whether a number counts as right: at most `tolerance` from `value`."""
        return abs(number - self.value) <= self.tolerance * (1 + 1e-9)
