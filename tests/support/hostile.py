"""What was handed in by accident or with intent: for each case how the file is made, and what it must give.

A case changes a right submission of `tiny`. `points` are those of double, mean and evens; `flag` is a part of one of
its flags ("" for none at all); `why` a part of the reason if it cannot be graded.
"""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grading_course import NAME, TESTS, insert, position, put

FOLDER = Path(__file__).parent
Notebook = dict
ALL, FIRST_LOST, NONE = (2, 3, 2), (0, 3, 2), (None, None, None)
WRONG = "def double(x):\n    return 4"


@dataclass(frozen=True)
class Case:
    """A submission: make(right notebook) gives the file's content."""

    make: Callable[[Notebook], Notebook | str | bytes]
    points: tuple = ALL
    flag: str = ""
    why: str = ""
    file: str = f"{NAME}.ipynb"


def _cell(name: str, change: Callable[[dict], object]) -> Callable[[Notebook], Notebook]:
    def make(notebook: Notebook) -> Notebook:
        notebook = copy.deepcopy(notebook)
        change(notebook["cells"][position(notebook, name)])
        return notebook

    return make


def _split(name: str, line: int) -> Callable[[Notebook], Notebook]:
    def make(notebook: Notebook) -> Notebook:
        notebook, at = copy.deepcopy(notebook), position(notebook, name)
        first, second = notebook["cells"][at], copy.deepcopy(notebook["cells"][at])
        lines = first["source"].splitlines(keepends=True)
        first["source"], second["source"], second["id"] = "".join(lines[:line]), "".join(lines[line:]), "half"
        notebook["cells"].insert(at + 1, second)
        return notebook

    return make


def _copy(name: str, source: str | None = None) -> Callable[[Notebook], Notebook]:
    def make(notebook: Notebook) -> Notebook:
        notebook, at = copy.deepcopy(notebook), position(notebook, name)
        twin = copy.deepcopy(notebook["cells"][at])
        twin["source"] = twin["source"] if source is None else source
        notebook["cells"].insert(at + 1, twin)
        return notebook

    return make


def _without(*names: str) -> Callable[[Notebook], Notebook]:
    def make(notebook: Notebook) -> Notebook:
        gone = {position(notebook, name) for name in names}
        return {**notebook, "cells": [cell for i, cell in enumerate(notebook["cells"]) if i not in gone]}

    return make


def _bare(notebook: Notebook) -> Notebook:
    cells = [{"cell_type": c["cell_type"], "source": c["source"], "outputs": []} for c in notebook["cells"]]
    return {"cells": cells}


def _old(notebook: Notebook) -> Notebook:
    cells = [{("input" if k == "source" else k): v for k, v in cell.items()} for cell in notebook["cells"]]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}


def _strange(notebook: Notebook) -> Notebook:
    odd = [
        None,
        7,
        {},
        {"cell_type": "code", "source": None},
        {"cell_type": "video", "source": ["x", 3], "metadata": 5},
    ]
    odd += [{"cell_type": "code", "source": "'\ud800'", "metadata": {"nbgrader": {"grade_id": ["list"]}}}]
    return {**notebook, "cells": [*odd, *notebook["cells"]]}


def _one_cell(notebook: Notebook) -> Notebook:
    sources = [notebook["cells"][position(notebook, name)]["source"] for name in ("double", "mean", "evens")]
    return _without("mean", "evens")(put(notebook, "double", "\n\n".join(sources)))


def _printed(notebook: Notebook) -> Notebook:
    return _cell("setup", lambda c: c.update(outputs=[{"output_type": "stream", "text": "x" * 30_000_000}]))(notebook)


def first(source: str) -> Callable[[Notebook], Notebook]:
    """A cell of the learner's own before the first question."""
    return lambda notebook: insert(notebook, "double", source)


def answer(source: str, name: str = "double") -> Callable[[Notebook], Notebook]:
    """Another answer to a question."""
    return lambda notebook: put(notebook, name, source)


def attack(source: str) -> Callable[[Notebook], Notebook]:
    """A wrong answer, and a cell after it that should make it pass."""
    return lambda notebook: insert(put(notebook, "double", WRONG), "test_double", source)


SWALLOW = "while True:\n    try:\n        time.sleep(100)\n    except BaseException:\n        pass"
NOISE = "warnings.warn('old'); print('!', file=sys.stderr)"
INDENTED = SWALLOW.replace("\n", "\n    ")

ROBUST = {
    "split_answer": Case(_split("double", 1)),
    "split_test": Case(_split("test_double", 1)),
    "split_setup": Case(_split("setup", 1)),
    "copied_answer": Case(_copy("double")),
    "copied_answer_empty": Case(
        _copy("double", "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()")
    ),
    "copied_test": Case(_copy("test_mean")),
    "copied_essay": Case(_copy("essay", "More.")),
    "deleted_test": Case(_without("test_double")),
    "deleted_tests_and_setup": Case(_without("test_double", "test_mean", "test_evens", "setup")),
    "deleted_answer": Case(_without("double"), FIRST_LOST),
    "answers_in_one_cell": Case(_one_cell),
    "answer_as_markdown": Case(_cell("double", lambda c: c.update(cell_type="markdown"))),
    "test_as_raw": Case(_cell("test_double", lambda c: c.update(cell_type="raw"))),
    "essay_as_code": Case(_cell("essay", lambda c: c.update(cell_type="code", outputs=[]))),
    "more_points": Case(_cell("test_double", lambda c: c["metadata"]["nbgrader"].update(points=1000))),
    "renamed_id": Case(_cell("test_double", lambda c: c["metadata"]["nbgrader"].update(grade_id="other"))),
    "test_made_editable": Case(
        lambda n: put(put(n, "double", WRONG), "test_double", "pass"),
        FIRST_LOST,
    ),
    "not_graded_any_more": Case(_cell("test_double", lambda c: c["metadata"]["nbgrader"].update(grade=False))),
    "schema_of_the_future": Case(_cell("double", lambda c: c["metadata"]["nbgrader"].update(schema_version=99))),
    "schema_of_words": Case(_cell("test_mean", lambda c: c["metadata"]["nbgrader"].update(schema_version="three"))),
    "metadata_of_the_wrong_type": Case(_cell("test_mean", lambda c: c.update(metadata="none"))),
    "other_kernel": Case(lambda n: {**n, "metadata": {"kernelspec": {"name": "julia-1.10", "language": "julia"}}}),
    "no_metadata_at_all": Case(_bare),
    "format_3": Case(_old),
    "strange_cells": Case(_strange),
    "renamed_file": Case(lambda n: n, file="Tiny (1) final.ipynb"),
    "broken_json": Case(lambda n: json.dumps(n)[:-300], NONE, why="broken JSON"),
    "empty_file": Case(lambda n: b"", NONE, why="empty"),
    "no_notebook": Case(lambda n: b"[1, 2]", NONE, why="not a notebook"),
    "no_cells": Case(lambda n: {**n, "cells": []}, NONE, why="no cells"),
    "binary": Case(lambda n: bytes(range(256)) * 9, NONE, why="not a whole notebook"),
    "nested": Case(lambda n: "[" * 200_000, NONE, why="not a whole notebook"),
    "other_file": Case(lambda n: "%PDF", NONE, why="no notebook", file="homework.pdf"),
    "stored_30_mb": Case(_printed),
    "prints_30_mb": Case(first("for _ in range(30): print('x' * 1_000_000)")),
    "loop": Case(first("while True: pass")),
    "loop_in_answer": Case(answer("def double(x):\n    while True: pass"), FIRST_LOST),
    "loop_that_swallows": Case(first(f"import time\n{SWALLOW}")),
    "loop_that_swallows_in_answer": Case(answer(f"import time\ndef double(x):\n    {INDENTED}"), FIRST_LOST),
    "exit": Case(first("import sys\nsys.exit(1)")),
    "hard_exit": Case(first("import os\nos.kill(os.getpid(), 9); os.abort()")),
    "hard_exit_in_answer": Case(answer("import os\ndef double(x):\n    os.abort()"), FIRST_LOST),
    "memory": Case(first("hoard = np.ones(12_000_000_000 // 8)")),
    "memory_in_answer": Case(answer("def double(x):\n    return [0] * 10**10"), FIRST_LOST),
    "processes": Case(first("import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(100)")),
    "input": Case(first("name = input('Your name? ')")),
    "figure": Case(first("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")),
    "warning": Case(answer(f"import sys, warnings\ndef double(x):\n    {NOISE}\n    return x + x")),
    "deep_code": Case(first(f"x = {'-' * 3000}1\ny = x{'.real' * 3000}")),
    "hidden_builtins": Case(first("sum_ = sum\nmax = 3\nlist = [1]\nabs = 'a'")),
    "dataclass": Case(first("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: float")),
    "magics": Case(first("%matplotlib inline\n%time 1 + 1\n!true\nawait __import__('asyncio').sleep(0)")),
    "wrong": Case(answer(WRONG), FIRST_LOST),
    "partial_credit": Case(answer("def evens(n):\n    return 1.5", "evens"), (2, 3, 1.5)),
    "own_error": Case(
        answer("class E(Exception):\n    def __str__(self): 1 / 0\ndef double(x):\n    raise E"), FIRST_LOST
    ),
}

CREDIT = {"nan": "float('nan')", "inf": "float('inf')", "-50": "-50", "1000": "1000", "": "False"}
CREDITS = {
    f"credit_{flag}": Case(answer(f"def evens(n):\n    return {value}", "evens"), (2, 3, 0), flag)
    for flag, value in CREDIT.items()
}


def tampering() -> dict[str, Case]:
    """The sections of tampering.txt."""
    found = {}
    _, *parts = re.split(r"^%% (\w+) \| ([\d ]+)\n", (FOLDER / "tampering.txt").read_text(), flags=re.MULTILINE)
    for name, points, source in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        make = answer(source) if "def double" in source else attack(source)
        found[name] = Case(make, tuple(map(int, points.split())))
    return found


TAMPERING = tampering()
CASES = {**ROBUST, **CREDITS, **TAMPERING}
SECRETS = [line for text in TESTS.values() for line in text.splitlines() if "secret" in line]
