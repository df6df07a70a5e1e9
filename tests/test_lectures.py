"""Each lecture runs whole: headless, offline, within Binder's memory, with alt texts, and shows what it says."""

from pathlib import Path

import pytest

from course_utils.jupyter import claims

LECTURES = sorted((Path(__file__).parents[1] / "lectures").glob("*.ipynb"))
BINDER_MB = 1000  # what Binder guarantees to a session; it stops at twice that


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_there_are_lectures():
    assert LECTURES


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_lecture_runs_whole_and_offline(path):
    ledger = Path(__file__).parent / "claims" / f"{path.stem}.toml"
    result, verdicts = claims.run(path, claims.load(ledger) if ledger.exists() else [], timeout=900)
    assert result.passed, result.error
    assert result.peak_mb < BINDER_MB
    pictures = [o.data for o in outputs(result.notebook) if o.output_type in ("display_data", "execute_result")]
    assert any("text/html" in data for data in pictures), "a lecture without a single picture"
    for data in pictures:
        assert "image/png" not in data, "a figure without alt text: return a plotting.Picture"
        assert "<img" not in data.get("text/html", "") or 'alt="' in data["text/html"]
    fallen = [f"“{v.claim.quote}”, but {v.claim.holds} with {v.values}" for v in verdicts if not v.held]
    assert not fallen, "the page does not show what it says: " + "; ".join(fallen)
    assert "Warning" not in "".join(o.text for o in outputs(result.notebook) if o.output_type == "stream")
