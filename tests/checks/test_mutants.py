"""Mutants of the masters: visible tests catch each, or a list says why it changes nothing. Here a sample of them."""

import mutants
import pytest

ASSIGNMENTS = mutants.assignments()


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_visible_tests_catch_a_sample_of_the_mutants(assignment):
    found = mutants.run(assignment, step=9)
    assert found["visible"] and not found["hidden"] and not found["escaped"]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_each_mutant_that_is_listed_as_equivalent_exists_and_has_a_reason(assignment):
    known = {(m.question, m.line) for pair in mutants.sources(assignment, False) for m in mutants.mutants(*pair)}
    listed = mutants.equivalent(assignment)
    assert set(listed) <= known and all(listed.values())


def test_operators_constants_axes_comparisons_and_calls_are_changed():
    source = "def f(x):\n    '''1 + 1'''\n    return x.sum(0) + 2 if x <= 3 else -x.log()"
    lines = {mutant.line for mutant in mutants.mutants("f", source)}
    for changed in (
        "x.sum(0) - 2",
        "x.sum(1) + 2",
        "x.mean(0) + 2",
        "x.sum(0) + 3",
        "x < 3",
        "not x <= 3",
        "else x.l",
        "-x",
    ):
        assert any(changed in line for line in lines), changed
    assert not any("1 - 1" in line for line in lines)


def test_a_mutant_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(mutants, "SECONDS", 0.3)
    caught_all = "while True:\n    try:\n        while True: pass\n    except Exception: pass"
    assert not mutants.passes({}, caught_all)
