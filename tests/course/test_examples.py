"""Examples run: those in docstrings, and the explorer of CONTRIBUTING.md."""

import doctest
import importlib
import re
from pathlib import Path

import pytest
import torch

from course_utils import plotting, widgets

ROOT = Path(__file__).parents[2]
WITH_EXAMPLES = [path for path in sorted(ROOT.glob("course_utils/**/*.py")) if ">>> " in path.read_text()]


def test_there_are_examples():
    assert len(WITH_EXAMPLES) >= 2


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_of_a_module_run(path):
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    failed, tried = doctest.testmod(importlib.import_module(module))
    assert tried and not failed


def test_the_recipe_of_an_explorer_runs():
    (recipe,) = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    before, panel = recipe.split("\nwidgets.Panel(")
    x = torch.linspace(0, 1, 5)
    figure, ax = plotting.picture(alt="a line", title="a line")
    ax.set(xlabel="x", ylabel="y")
    names = {"x": x, "figure": figure, "curve": ax.plot(x, x)[0], "widgets": widgets}
    exec(before, names)
    explorer = eval(f"widgets.Panel({panel.strip()}", names)
    first = explorer.views["picture"].image.value
    explorer.controls["beta"].value = 0.5
    assert explorer.exception is None and explorer.views["picture"].image.value != first
