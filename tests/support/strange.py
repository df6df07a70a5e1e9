"""Notebooks as data: the small assignment as released, its right answers, and any JSON that may be handed in."""

import re

from grading_course import ANSWERS, NAME, TESTS, master, put
from hypothesis import strategies as st

from course_utils.grading.score.master import Cell, Master

STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"


def _released(source):
    source = re.sub(r"    ### BEGIN SOLUTION.*### END SOLUTION", STUB, source, flags=re.DOTALL)
    return re.sub(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", source, flags=re.DOTALL).strip()


def released():
    """The release as nbgrader makes it, without its gradebook; the notebook and what the command knows of it."""
    notebook = master()
    cells = []
    for cell in notebook["cells"]:
        tag, whole = cell["metadata"].get("nbgrader", {}), cell["source"]
        cell["source"] = _released(whole)
        cells.append(Cell(tag.get("grade_id"), cell["id"], cell["cell_type"], cell["source"], tag, whole))
    return notebook, Master(NAME, NAME, cells, notebook["metadata"], {})


STUBS, MASTER = released()


def right():
    notebook = STUBS
    for name, source in ANSWERS.items():
        notebook = put(notebook, name, source)
    return put(notebook, "essay", "My own words on this.")


KEYS = ["cell_type", "source", "metadata", "id", "outputs", "input", "attachments", "grade_id", "nbgrader", "cells"]
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
leaves |= st.sampled_from(
    ["code", "markdown", "raw", "double", "essay", "test_mean", *ANSWERS.values(), *TESTS.values()]
)
objects = st.recursive(
    leaves,
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), part, max_size=5)
    ),
    max_leaves=20,
)


@st.composite
def notebooks(draw):
    """A right notebook in which cells are dropped, doubled, moved, and any of their parts is anything."""
    cells = draw(st.lists(st.sampled_from(right()["cells"]), max_size=14))
    out = []
    for cell in cells:
        change = draw(st.dictionaries(st.sampled_from(KEYS), objects, max_size=2))
        out.append({**cell, **change})
    out.insert(draw(st.integers(0, len(out))), draw(objects))
    return {**right(), "cells": out}
