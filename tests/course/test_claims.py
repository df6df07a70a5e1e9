"""The claims ledger: what holds is told from what does not, seeds are shifted from outside, quotations are found."""

from pathlib import Path

import nbformat
import pytest

from course_utils.jupyter import claims
from course_utils.jupyter.claims import Claim

LEDGERS = sorted((Path(__file__).parents[1] / "claims").glob("*.toml"))
LECTURES = Path(__file__).parents[2] / "lectures"
PAGE = """
import numpy as np, random, torch
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
a = torch.rand(1, generator=torch.Generator().manual_seed(0)).item()
torch.manual_seed(0)
b, c = torch.rand(1).item(), np.random.default_rng(0).random()
d = train_test_split(range(9), random_state=0)[0]
e = PCA(1, svd_solver="randomized", random_state=0).fit(np.eye(30)).components_[0]
random.seed(0)
f = random.random()
"""


@pytest.fixture
def page(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PAGE)])
    nbformat.write(notebook, tmp_path / "page.ipynb")
    return tmp_path / "page.ipynb"


def test_a_claim_holds_falls_or_cannot_be_evaluated(page):
    ledger = [Claim("", "0 < a < 1"), Claim("", "a > 1"), Claim("", "unknown > 1"), Claim("", "len(d) == 6")]
    result, verdicts = claims.run(page, ledger)
    assert result.passed, result.error
    assert [verdict.held for verdict in verdicts] == [True, False, False, True]
    assert verdicts[0].values.startswith("a = 0.")
    assert "NameError" in verdicts[2].values and "len(d) = 6" in verdicts[3].values


SOLVED = """<details><summary>Solution</summary>

```python
a = a - {by}
```
In words.
</details>"""


def test_a_solution_runs_over_a_copy_of_the_page_and_has_claims_of_its_own(page):
    notebook = nbformat.read(page, as_version=4)
    notebook.cells += [nbformat.v4.new_markdown_cell(SOLVED.format(by=by)) for by in (5, "metrics.inception()", 9)]
    nbformat.write(notebook, page)
    assert [bool(code) for code in claims.solutions(page)] == [True, False, True]
    ledger = [Claim("", "0 < a < 1"), Claim("", "-5 < a < -4", 1), Claim("", "-9 < a < -8", 3), Claim("", "True", 4)]
    result, verdicts = claims.run(page, ledger)
    assert result.passed, result.error
    assert [verdict.held for verdict in verdicts] == [True, True, True, False]
    notebook.cells[-1] = nbformat.v4.new_markdown_cell(SOLVED.format(by="unknown"))
    nbformat.write(notebook, page)
    result, _ = claims.run(page, ledger)
    assert "NameError" in result.error


def test_another_seed_moves_every_draw_of_the_page_but_not_its_data(page):
    names = [Claim("", name + " is None") for name in ("a", "b", "c", "d", "list(e[:2])", "f")]
    first, other, again = ([v.values for v in claims.run(page, names, shift)[1]] for shift in (0, 1000, 1000))
    assert other == again
    assert [one == two for one, two in zip(first, other, strict=True)] == [False, False, False, True, False, False]


def test_a_page_that_fails_lets_every_claim_fall(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(notebook, tmp_path / "page.ipynb")
    result, verdicts = claims.run(tmp_path / "page.ipynb", [Claim("", "True")])
    assert not result.passed and not verdicts[0].held and "ZeroDivisionError" in verdicts[0].values


def test_a_quotation_is_found_across_line_breaks_only_word_for_word():
    script = "# %% [markdown]\n# It rises from 1 to 2\n# nats, always.\n"
    quotes = [Claim("from 1 to 2 nats", "True"), Claim("from 1 to 3 nats", "True")]
    assert claims.missing(quotes, script) == ["from 1 to 3 nats"]


@pytest.mark.parametrize("entry", ['quote = "x"', 'quote = "x"\nholds = "1 +"', 'quote = "x"\nholds = "1"\nmore = 1'])
def test_an_entry_that_says_nothing_is_refused(tmp_path, entry):
    ledger = tmp_path / "ledger.toml"
    ledger.write_text(f"[[claim]]\n{entry}\n")
    with pytest.raises(ValueError, match=r"claim 1|expression"):
        claims.load(ledger)


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda path: path.stem)
def test_every_quotation_stands_in_its_lecture(ledger):
    script = (LECTURES / f"{ledger.stem}.py").read_text()
    assert claims.missing(claims.load(ledger), script) == []
