"""What honest learners write costs them nothing: no point, no flag, no error."""

import re
from pathlib import Path

import grading_course
import pytest
from grading_course import ANSWERS, POINTS

from course_utils.grading.run import worker
from course_utils.grading.score.job import make_job
from course_utils.grading.score.master import Cell, Master
from course_utils.grading.score.verdict import judge

LIMITS = {"cell": 300.0, "total": 600.0, "memory_mb": 3000.0}
WARM = ["torch", "torch.utils.data", "sklearn.linear_model", "joblib", "tqdm.auto"]  # seconds each, once for all


def idioms():
    """The sections of idioms.txt."""
    text = (Path(__file__).parents[1] / "support" / "idioms.txt").read_text()
    _, *parts = re.split(r"^%% (\w+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def master():
    """The small assignment, as it is released and with its tests."""
    cells = []
    for cell in grading_course.master()["cells"]:
        tag, source = cell["metadata"].get("nbgrader", {}), cell["source"]
        stub = re.sub(r"### BEGIN SOLUTION.*### END SOLUTION", "raise NotImplementedError()", source, flags=re.DOTALL)
        cells.append(Cell(tag.get("grade_id"), cell["id"], cell["cell_type"], stub, tag, source))
    return Master(grading_course.NAME, grading_course.NAME, cells, {}, {})


def submission(source):
    """The cells of a right submission, with the idiom as a cell of its own or as the answer."""
    idiom = {"kind": "code", "type": "code", "id": None, "points": 0, "source": source}
    answer = "double" if re.search(r"def double|double =", source) else None
    cells = []
    for cell in (cell for cell in master().cells if cell.type == "code"):
        entry = {
            "kind": "test" if cell.kind == "test" else "code",
            "type": "code",
            "id": cell.id,
            "points": cell.points,
        }
        right = cell.tests if cell.kind == "test" else ANSWERS.get(cell.id, cell.source)
        cells += [idiom] if cell.id == "double" else []
        cells += [] if cell.id == answer else [{**entry, "source": right}]
    return cells


def job(cells):
    made = make_job(master(), cells, {}, LIMITS, unsafe=False)
    return {**made, "modules": sorted({*made["modules"], *WARM})}


def test_there_are_idioms_enough():
    assert len(idioms()) >= 60


@pytest.mark.needs("sandbox")
@pytest.mark.parametrize("name", idioms())
def test_an_honest_idiom_costs_nothing(name):
    cells = submission(idioms()[name])
    record = worker.run(job(cells))
    assert record["error"] is None
    broken = [outcome["error"] or outcome["died"] for outcome in record["outcomes"].values() if not outcome["ok"]]
    verdict = judge(cells, record)
    assert (broken, verdict.messages, verdict.flags) == ([], {}, [])
    assert verdict.points == {f"test_{question}": points for question, points in POINTS.items()}


@pytest.mark.needs("sandbox")
def test_an_interrupted_run_leaves_the_next_one_whole():
    with pytest.raises(KeyboardInterrupt), worker.executor(1, None):
        raise KeyboardInterrupt
    assert worker.run(job(submission("x = 1")))["error"] is None
