"""Lecture 11b's explorers and figures: what a move shows, and what is said about it."""

import re
import wave
from io import BytesIO

import numpy as np
import pytest
import torch

from course_utils.labs.creations import chemistry, explorers, levels, plots, repair, risk, tunes
from course_utils.metrics.intervals import Interval
from course_utils.training import seeded


def png(panel, view):
    return bytes(panel.views[view].image.value)


def caption(panel, view):
    return panel.views[view].caption.value


@pytest.fixture(scope="module")
def digits():
    return repair.digits(0)


def test_the_repair_explorer_goes_from_the_mean_to_a_draw(digits):
    x, test, label, _ = digits
    panel = explorers.repair_explorer(repair.by_class(x, label), test)
    before = png(panel, "pictures")
    assert "1.00 times the mean's" in caption(panel, "pictures")
    panel.controls["seed"].value = 1
    assert png(panel, "pictures") == before, "another draw does not move the mean"
    panel.controls["part"].value = 1.0
    drawn = png(panel, "pictures")
    ratio = float(re.search(r"([\d.]+) times", caption(panel, "pictures"))[1])
    assert drawn != before and 1.8 < ratio < 3
    panel.controls["seed"].value = 2
    assert png(panel, "pictures") != drawn
    for name in explorers.WAYS:
        panel.controls["name"].value = name
        assert panel.exception is None and caption(panel, "pictures").startswith(name)
    panel.reset()
    assert png(panel, "pictures") == before


def test_on_the_way_lie_mean_and_draw():
    mean, sample = torch.zeros(3), torch.ones(3)
    assert torch.equal(explorers.between(mean, sample, 0.25), torch.full((3,), 0.25))


def test_the_risk_explorer_says_the_var_of_each_way():
    rng = np.random.default_rng(0)
    drawn = {"narrow": rng.standard_normal((4000, 60)), "wide": 2 * rng.standard_normal((4000, 60))}
    panel = explorers.risk_explorer(drawn, drawn["wide"], ["narrow", "wide"])
    before = png(panel, "risk")
    panel.set(days=25, level=0.95)
    said = [float(number) for number in re.findall(r"(?:true|narrow|wide) ([\d.]+)", caption(panel, "risk"))]
    expected = [risk.tail(drawn[name][:, :25].sum(1), 0.95)[0] for name in ("wide", "narrow", "wide")]
    np.testing.assert_allclose(said, expected, atol=0.051)
    assert png(panel, "risk") != before and panel.exception is None


def test_the_melody_explorer_draws_plays_and_counts_copies():
    learn, _ = tunes.split(0)
    known = [explorers.tunes.melodies.decode(tune) for tune in learn]
    panel = explorers.melody_explorer({order: tunes.markov(learn, order) for order in range(4)}, known)
    (player,) = [child for child in panel.children[0].children if type(child).__name__ == "Audio"]
    before, heard = png(panel, "roll"), bytes(player.value)
    panel.set(order=3, seed=4)
    assert png(panel, "roll") != before and bytes(player.value) != heard and panel.exception is None
    tune = tunes.compose(tunes.markov(learn, 3), seeded(4), length=30)
    assert caption(panel, "roll") == (
        f"{len(tune)} notes; the longest stretch that a tune has, too: {tunes.longest_copy(tune, known)} notes"
    )
    with wave.open(BytesIO(bytes(player.value))) as file:
        assert file.getframerate() == tunes.RATE and file.getnframes() == len(tunes.sound(tune))


def test_the_picker_moves_towards_what_is_liked_and_can_be_reset():
    panel = levels.picker()
    before = png(panel, "levels")
    assert caption(panel, "levels").endswith("0 picks")
    panel.buttons["Like B"].click()
    assert caption(panel, "levels").endswith("1 picks") and png(panel, "levels") != before and panel.exception is None
    assert all(int(steps) >= 18 for steps in re.findall(r": (\d+) steps", caption(panel, "levels")))
    panel.buttons["Reset"].click()
    assert png(panel, "levels") == before


def test_figures_are_ready_to_be_shown_and_say_what_they_hold():
    run = [chemistry.Round(1.0, 1.0, "C"), chemistry.Round(3.0, 0.5, "CC")]
    gain = {"a": {"x": Interval(1.0, 0.5, 1.5), "y": Interval(0.0, -1.0, 1.0)}}
    figures = [
        plots.repair_diagram(), plots.chased([run, run]), plots.gains(gain, "where", "gain", "Gains"),
        plots.tradeoff({"one": (0.01, 0.5), "two": (0.02, 0.2)}, 0.1), tunes.roll({"a": [tunes.Note(60, 2)]}, "One"),
        plots.clusters(np.ones(20), np.ones(21), np.ones(21)),
    ]  # fmt: skip
    for figure in figures:
        figure.check()
    assert "climbs to 3.0" in figures[1].alt and "x 1.00 (0.50 to 1.50)" in figures[2].alt


def test_the_table_stands_in_columns():
    text = plots.verdict_table([("a", 1), ("long", 22)], ("way", "gain"))
    assert text.splitlines() == ["way   gain", "a     1", "long  22"]
