"""Strings of molecules: what the grammar draws is valid, and the checker says what is wrong with the rest."""

import pytest
import torch

from course_utils.data import molecules
from course_utils.training import seeded

DRAWN = molecules.strings(300, rng=seeded())


def test_all_that_the_grammar_draws_is_valid_different_and_short_enough():
    assert len(set(DRAWN)) == 300 and max(len(molecules.cut(smiles)) for smiles in DRAWN) <= 40
    assert [molecules.fault(smiles) for smiles in DRAWN if molecules.fault(smiles)] == []


def test_every_rule_of_the_grammar_can_be_drawn():
    text = " ".join(molecules.strings(2000, rng=seeded(1)))
    for name in ("head", "tail", "link"):
        assert [rule for rule in molecules.GRAMMAR[name] if rule not in text] == []
    assert "C2" in text, "a ring within a ring has another digit"


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("", "no atom"), ("C(C", "a branch never closed"), ("CC)", "never opened"), ("C()C", "holds no atom"),
        ("C(=)C", "holds no atom"), ("(C)C", "needs an atom"), ("=CC", "needs an atom"), ("C=", "a bond to nothing"),
        ("C==C", "two bonds"), ("C1CC", "a ring never closed"), ("C11", "fewer than 3"), ("C1C1", "fewer than 3"),
        ("C=1CC#1", "two orders"), ("C(1CC1)", "follow an atom"), ("F=C", "F, has 2"), ("CC(C)(C)(C)C", "C, has 5"),
        ("N=C=N(C)(C)", "N, has 4"), ("O(C)(C)C", "O, has 3"), ("ClCl(C)", "Cl, has 2"), ("C[NH]C", "holds more"),
        ("c1ccccc1", "holds more"), ("CBr", "holds more"),
    ],
)  # fmt: skip
def test_the_checker_says_what_is_wrong(smiles, reason):
    assert reason in molecules.fault(smiles)
    with pytest.raises(ValueError, match=reason.replace("(", r"\(")):
        molecules.parse(smiles)


@pytest.mark.parametrize(
    ("smiles", "atoms", "bonds", "rings"),
    [
        ("C1=CC=CC=C1", 6, 6, 1), ("CS(=O)(=O)N", 5, 4, 0), ("N#CCl", 3, 2, 0), ("C1CC2CC1CC2", 7, 8, 2),
        ("C=1CC=1", 3, 3, 1),
    ],
)  # fmt: skip
def test_what_is_valid_is_read(smiles, atoms, bonds, rings):
    found = molecules.parse(smiles)
    assert (len(found.atoms), len(found.bonds), found.rings) == (atoms, bonds, rings)


def test_a_key_knows_a_molecule_however_it_is_written():
    def key(smiles):
        return molecules.parse(smiles).key()

    assert key("OCC") == key("CCO") == key("C(O)C")
    assert key("C1=CC=CC=C1O") == key("OC1=CC=CC=C1")
    different = ["CCO", "COC", "CC=O", "CCCO", "CC(C)O", "C1CC1O", "CCF"]
    assert len({key(smiles) for smiles in different}) == len(different)


def test_tokens_and_strings_go_both_ways():
    for smiles in DRAWN:
        tokens = molecules.encode(smiles)
        assert tokens[-1] == molecules.END and molecules.decode(tokens) == smiles
    assert molecules.cut("CClC") == ["C", "Cl", "C"]
    assert molecules.decode(torch.tensor([0, molecules.END, 0])) == "C"
