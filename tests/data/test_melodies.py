"""Melodies: each bar is full, notes are what ABC says, tokens go both ways."""

import pytest

from course_utils.data import melodies
from course_utils.data.melodies import Note


@pytest.mark.parametrize("name", melodies.ABC)
def test_each_bar_is_full_but_for_the_first_and_last(name):
    eighths, abc = melodies.ABC[name]
    full = [sum(note.length for note in melodies.notes(bar)) for bar in abc.split("|")]
    assert set(full[1:-1]) == {eighths} and 0 < full[0] <= eighths and 0 < full[-1] <= eighths


def test_letters_are_pitches():
    assert melodies.notes("C2G,c3|z") == [Note(60, 2), Note(55, 1), Note(72, 3), Note(melodies.REST, 1)]
    assert [note.pitch for note in melodies.notes("CDEFGABc")] == [60, 62, 64, 65, 67, 69, 71, 72]
    with pytest.raises(ValueError, match="not a line of notes"):
        melodies.notes("CDH")


def test_tokens_and_tunes_go_both_ways():
    for tune in melodies.melodies().values():
        tokens = melodies.encode(tune)
        assert tokens[-1] == melodies.END and melodies.decode(tokens) == tune
