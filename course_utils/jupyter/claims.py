"""What a page says, held against what its cells gave: a ledger of quotations, each with an expression that must hold.

    python -m course_utils.jupyter.claims                       every lecture, five seeds (`make claims`)
    python -m course_utils.jupyter.claims 03_vae --seeds 2      one of them

A ledger is `tests/claims/NN_topic.toml`, a list of `[[claim]]` with `quote`, found word for word in the lecture, and
`holds`, Python over the variables that the page leaves. With `solution = 1` it is Python over those that the first
folded solution leaves: each runs at the page's end, over a copy of its variables. Seed 0 is the page as it is; see
`seeds` for the others.
"""

import argparse
import ast
import builtins
import json
import re
import sys
import tomllib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from course_utils.jupyter.execute import Result, execute

LEDGERS = Path("tests/claims")
MARK = "claims:"
FOLDED = re.compile(r"<details><summary>Solution</summary>(.*?)</details>", re.DOTALL)
NEEDS_WEIGHTS = "metrics.inception()"  # a download: not run


@dataclass(frozen=True)
class Claim:
    """A sentence of a page, and the expression over its variables that is true if the sentence is.

    solution: the number of the folded solution, from 1, whose variables they are; 0 for the page's own.
    """

    quote: str
    holds: str
    solution: int = 0


@dataclass(frozen=True)
class Verdict:
    """What became of a claim on one run: whether it held, and the values that it was made of, in words."""

    claim: Claim
    held: bool
    values: str


def load(path: Path) -> list[Claim]:
    """The claims of a ledger. Raises ValueError, naming the entry, for one without a quotation or an expression."""
    claims = []
    for number, entry in enumerate(tomllib.loads(path.read_text()).get("claim", []), 1):
        if set(entry) - {"solution"} != {"quote", "holds"}:
            raise ValueError(
                f"{path}, claim {number}: needs `quote` and `holds`, may have `solution`, has {sorted(entry)}"
            )
        claims.append(Claim(**entry))
        _expression(claims[-1])
    return claims


def prose(script: str) -> str:
    """A script's text on one line: comment signs gone, white space and line breaks single spaces."""
    return " ".join(re.sub(r"^#( |$)", "", script, flags=re.M).split())


def missing(claims: list[Claim], script: str) -> list[str]:
    """The quotations that the script does not hold."""
    text = prose(script)
    return [claim.quote for claim in claims if prose(claim.quote) not in text]


def solutions(notebook: Path) -> list[str]:
    """The code of a page's folded solutions, exercise by exercise; empty for one without code that can run here."""
    cells = nbformat.read(notebook, as_version=4).cells
    prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    codes = ["\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL)) for text in FOLDED.findall(prose)]
    return ["" if NEEDS_WEIGHTS in code else code for code in codes]


def run(notebook: Path, claims: list[Claim], shift: int = 0, **options: Any) -> tuple[Result, list[Verdict]]:
    """Execute a page, its seeds raised by `shift`, and its solutions; then evaluate its claims in the same kernel."""
    before = f"from course_utils.jupyter import seeds\nseeds.shift({shift})" if shift else ""
    asked = [(claim.holds, claim.solution) for claim in claims]
    after = f"from course_utils.jupyter import claims as _\n_.report({asked!r}, {solutions(notebook)!r}, globals())"
    result = execute(notebook, before=before, after=after, **options)
    found = [line for line in _printed(result) if line.startswith(MARK)]
    answers = json.loads(found[-1].removeprefix(MARK)) if found else [(False, result.error or "not run")] * len(claims)
    return result, [Verdict(claim, *answer) for claim, answer in zip(claims, answers, strict=True)]


def report(asked: list[tuple[str, int]], solutions: list[str], page: dict[str, Any]) -> None:
    """In the page's kernel: run the solutions, evaluate each expression, and print what became of it."""
    spaces, answers = [page], []
    for number, code in enumerate(solutions, 1):
        spaces.append(dict(page))
        exec(compile(code, f"solution {number}", "exec"), spaces[-1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that make no sense alone; what the page warns of was printed before
        for text, solution in asked:
            try:
                space = spaces[solution]
                held, values = bool(eval(text, space)), _values(text, space)
            except Exception as error:
                held, values = False, f"{type(error).__name__}: {error}"
            answers.append((held, values))
    print(MARK + json.dumps(answers))


def _expression(claim: Claim) -> ast.Expression:
    try:
        return ast.parse(claim.holds, mode="eval")
    except SyntaxError as error:
        raise ValueError(f"{claim.holds!r} is no Python expression: {error.msg}") from None


def _values(text: str, page: dict[str, Any]) -> str:
    """The parts of an expression that have a value of their own on the page, such as `auc["VAE"]`, with that value."""
    parts: dict[str, str] = {}
    for node in ast.walk(ast.parse(text, mode="eval")):
        if isinstance(node, ast.Name | ast.Subscript | ast.Attribute | ast.Call):
            source = ast.unparse(node)
            try:
                value = eval(source, page)
            except Exception:  # a part that makes no sense alone, such as a comprehension's variable
                continue
            if not callable(value) and not hasattr(builtins, source) and len(said := repr(value)) <= 60:
                parts[source] = said
    return ", ".join(f"{name} = {value}" for name, value in parts.items())


def _printed(result: Result) -> list[str]:
    outputs = [o for cell in result.notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    return "".join(o.text for o in outputs if o.output_type == "stream").splitlines()


def main(arguments: list[str] | None = None) -> int:
    """Print, for each claim of the lectures named, what became of it on each seed; return 1 if one fell."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.jupyter.claims", description=__doc__.split("\n")[0])
    parser.add_argument("lectures", nargs="*", help="such as 03_vae (default: every ledger)")
    parser.add_argument("--seeds", type=int, default=5, help="how many runs of each page (default: 5)")
    options = parser.parse_args(arguments)
    fell = 0
    for name in options.lectures or sorted(path.stem for path in LEDGERS.glob("*.toml")):
        claims = load(LEDGERS / f"{name}.toml")
        runs = [run(Path("lectures", f"{name}.ipynb"), claims, 1000 * seed)[1] for seed in range(options.seeds)]
        print(f"\n## {name}: {len(claims)} claims, {options.seeds} seeds")
        for claim, verdicts in zip(claims, zip(*runs, strict=True), strict=True):
            held = sum(verdict.held for verdict in verdicts)
            fell += held < len(verdicts)
            print(f"\n{held} of {len(verdicts)}  “{claim.quote}”\n        {claim.holds}")
            for verdict in verdicts:
                print(f"        {'holds' if verdict.held else 'FALLS'}  {verdict.values}")
    return 1 if fell else 0


if __name__ == "__main__":
    sys.exit(main())
