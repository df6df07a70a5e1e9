"""What was handed in by accident or with intent: for each case how the file is made, and what it must give.

A case changes a right submission of `tiny`. `points` are those of double, mean and evens; `flag` is a part of one of its
flags ("" for none at all); `why` a part of the reason if it cannot be graded. In the cases that tamper, double is wrong
(it returns 4, which only the hidden test finds): 2 points for it would be a gain.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass

from grading_course import NAME, TESTS, insert, position, put

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
    odd = [None, 7, {}, {"cell_type": "code", "source": None}, {"cell_type": "video", "source": ["x", 3], "metadata": 5}]
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


def attack(source: str, double: str = WRONG) -> Callable[[Notebook], Notebook]:
    """A wrong answer, and a cell after it that should make it pass."""
    return lambda notebook: insert(put(notebook, "double", double), "test_double", source)


SWALLOW = "while True:\n    try:\n        time.sleep(100)\n    except BaseException:\n        pass"
INDENTED = SWALLOW.replace("\n", "\n    ")

ROBUST = {
    "split_answer": Case(_split("double", 1)),
    "split_test": Case(_split("test_double", 1)),
    "split_setup": Case(_split("setup", 1)),
    "copied_answer": Case(_copy("double")),
    "copied_answer_empty": Case(_copy("double", "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()")),
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
    "processes": Case(first("import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(100)"), flag=None),
    "input": Case(first("name = input('Your name? ')")),
    "figure": Case(first("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")),
    "warning": Case(
        answer("import sys, warnings\ndef double(x):\n    warnings.warn('old'); print('!', file=sys.stderr)\n    return x + x")
    ),
    "hidden_builtins": Case(first("sum_ = sum\nmax = 3\nlist = [1]\nabs = 'a'")),
    "dataclass": Case(first("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: float")),
    "magics": Case(first("%matplotlib inline\n%time 1 + 1\n!true\nawait __import__('asyncio').sleep(0)"), flag=None),
    "wrong": Case(answer(WRONG), FIRST_LOST),
    "partial_credit": Case(answer("def evens(n):\n    return 1.5", "evens"), (2, 3, 1.5)),
    "own_error": Case(answer("class E(Exception):\n    def __str__(self): 1 / 0\ndef double(x):\n    raise E"), FIRST_LOST),
}

FDS = "import os\nfor fd in range(3, 64):\n    try:\n        os.write(fd, MESSAGE)\n    except OSError:\n        pass"
FORGED = json.dumps({"token": "0" * 32, "ok": True, "error": None, "value": None, "kind": "NoneType"})
YES = "class Yes{base}:\n    def __eq__(self, other): return True\n    def __array__(self, *a, **k): return np.array([3.0, -4])"

TAMPERING = {
    "patched_numpy_testing": Case(attack("np.testing.assert_allclose = lambda *a, **k: None"), FIRST_LOST, "assert_allclose"),
    "patched_code": Case(
        attack("np.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__"), FIRST_LOST, "assert_allclose"
    ),
    "patched_by_dict": Case(
        attack("vars(np.testing)['assert_allclose'] = lambda *a, **k: None"), FIRST_LOST, "assert_allclose"
    ),
    "patched_deep": Case(
        attack("import numpy.testing._private.utils as u\nu.assert_array_compare = lambda *a, **k: None"),
        FIRST_LOST,
        "assert_array_compare",
    ),
    "patched_builtins": Case(attack("import builtins\nbuiltins.AssertionError = type('E', (Exception,), {})\n"
                                    "builtins.isinstance = lambda *a: True"), FIRST_LOST, "builtins"),
    "replaced_module": Case(
        attack("import sys, types\nfake = types.ModuleType('numpy')\nfake.testing = types.SimpleNamespace("
               "assert_allclose=lambda *a, **k: None)\nfake.array = list\nsys.modules['numpy'] = np = fake"),
        FIRST_LOST,
        "numpy",
    ),
    "hidden_name": Case(
        attack("real = np\nclass np:\n    array = real.array\n    class testing:\n        assert_allclose = print"),
        FIRST_LOST,
        "the name np",
    ),
    "equal_to_all": Case(attack("pass", YES.format(base="") + "\ndef double(x): return Yes()"), FIRST_LOST, "Yes.__eq__"),
    "number_equal_to_all": Case(
        attack("pass", YES.format(base="(float)") + "\ndef double(x): return Yes(7)"), FIRST_LOST, "Yes"
    ),
    "array_equal_to_all": Case(
        attack("pass", "class Yes(np.ndarray):\n    def __array_function__(self, *a): return True\n"
               "    def __array_ufunc__(self, *a, **k): return np.bool_(True)\n    def __eq__(self, other): return True\n"
               "def double(x): return np.zeros(2).view(Yes)"),
        FIRST_LOST,
        "Yes",
    ),
    "mock_any": Case(attack("pass", "from unittest.mock import ANY\ndef double(x): return ANY"), FIRST_LOST, "unittest.mock"),
    "showtraceback": Case(
        attack("get_ipython().showtraceback = lambda *a, **k: None\n"
               "get_ipython()._showtraceback = lambda *a, **k: None"),
        FIRST_LOST,
        "showtraceback",
    ),
    "shell_class": Case(
        attack("type(get_ipython()).run_cell = lambda *a, **k: None\nget_ipython().run_cell = print"), (0, 0, 0), "run_cell"
    ),
    "do_execute": Case(
        attack("get_ipython().kernel.do_execute = lambda *a, **k: {'status': 'ok'}"), FIRST_LOST, "do_execute"
    ),
    "asserts_dropped": Case(
        attack("import ast\nclass Drop(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
               "    def visit_Expr(self, node): return ast.Pass()\n"
               "get_ipython().ast_transformers.append(Drop())"),
        FIRST_LOST,
        "ast_transformers",
    ),
    "patched_compile": Case(
        attack("import builtins, ast\nreal = builtins.compile\nast.parse = lambda *a, **k: real('pass', '', 'exec', 1024)\n"
               "builtins.compile = lambda *a, **k: real('pass', '', 'exec')"),
        FIRST_LOST,
        "builtins.compile",
    ),
    "forged_result": Case(attack(f"MESSAGE = {(FORGED + chr(10)).encode()!r}\n{FDS}"), FIRST_LOST, "forged result"),
    "forged_result_in_answer": Case(
        attack("pass", f"MESSAGE = {(FORGED + chr(10)).encode()!r}\ndef double(x):\n    "
               + FDS.replace("\n", "\n    ") + "\n    os.abort()"),
        FIRST_LOST,
        "forged result",
    ),
    "nan_credit": Case(answer("def evens(n):\n    return float('nan')", "evens"), (2, 3, 0), "nan"),
    "infinite_credit": Case(answer("def evens(n):\n    return float('inf')", "evens"), (2, 3, 0), "inf"),
    "negative_credit": Case(answer("def evens(n):\n    return -50", "evens"), (2, 3, 0), "-50"),
    "too_much_credit": Case(answer("def evens(n):\n    return 1000", "evens"), (2, 3, 0), "1000"),
    "false_credit": Case(answer("def evens(n):\n    return False", "evens"), (2, 3, 0)),
    "patched_when_called": Case(
        attack("pass", "def double(x):\n    np.testing.assert_allclose = lambda *a, **k: None\n    return 4"),
        FIRST_LOST,
        "assert_allclose",
    ),
    "patched_for_a_moment": Case(
        attack("pass", "real = np.testing.assert_allclose\ndef once(*a, **k):\n    np.testing.assert_allclose = real\n"
               "def double(x):\n    np.testing.assert_allclose = once\n    return 4"),
        FIRST_LOST,
        "assert_allclose",
    ),
    "read_from_the_caller": Case(
        attack("pass", "import sys\ndef double(x):\n    frame = sys._getframe(1)\n    frame.f_globals['np'] = None\n    return 4"),
        FIRST_LOST,
        "_getframe",
    ),
    "trace": Case(attack("import sys\nsys.settrace(lambda *a: None)"), FIRST_LOST, "settrace"),
    "objects_of_the_process": Case(attack("import gc\nprint(len(gc.get_objects()))"), FIRST_LOST, "gc"),
    "thread": Case(
        attack("import threading, time\ndef patch():\n    while True:\n        np.testing.assert_allclose = lambda *a, **k: None\n"
               "threading.Thread(target=patch, daemon=True).start()"),
        (0, 0, 0),
        "thread",
    ),
    "timer": Case(
        attack("import signal\ndef patch(*a): np.testing.assert_allclose = lambda *a, **k: None\n"
               "signal.signal(signal.SIGALRM, patch)\nsignal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)"),
        FIRST_LOST,
        "signal",
    ),
    "process_left_running": Case(
        lambda n: insert(n, "test_double", "import os, time\nif os.fork() == 0: time.sleep(100)"), (0, 0, 0), "process"
    ),
    "reads_and_writes_everything": Case(
        first("import glob, os, socket, shutil\nfor path in ROOT, '/home', '/root', '/etc/passwd', '/work':\n"
              "    print(path, os.path.exists(path))\nprint(glob.glob('/**/*.ipynb', recursive=True)[:5], glob.glob('/**/*.db'))\n"
              "for path in '../../../gradebook.db', ROOT + '/gradebook.db':\n    try: open(path, 'w').write('x')\n"
              "    except OSError as e: print('refused', e)\nshutil.rmtree(ROOT, ignore_errors=True)\n"
              "try: socket.create_connection(('127.0.0.1', 22), 1)\nexcept OSError as e: print('no network', e)"),
    ),
    "leaves_files": Case(first("import os\nprint(os.listdir('/tmp'), os.listdir('/dev/shm'))\n"
                               "for d in '/tmp', '/dev/shm', os.path.expanduser('~'):\n    open(d + '/mine', 'w').write('x')")),
    "looks_for_files": Case(first("import os\nprint(sorted({*os.listdir('/tmp'), *os.listdir('/dev/shm')} - {'w', 'work'}))")),
}  # fmt: skip

CASES = {**ROBUST, **TAMPERING}
SECRETS = [line for text in TESTS.values() for line in text.splitlines() if "secret" in line]
