"""Lecture 12's experiments: the stream and its film, the hunt and its panel, captions read backward."""

import math

import pytest
import torch

from course_utils.labs.diffusion import painter, reading, shapes
from course_utils.labs.outlook import picks, streams
from course_utils.training import seeded


def test_the_stream_turns_and_its_true_density_integrates_to_one():
    x = streams.stream(4000, 0.5, seeded(0))
    angle = torch.atan2(x[-200:, 1], x[-200:, 0])
    assert ((3 * (angle - math.pi)).cos() > 0).double().mean() > 0.9  # half a turn: three groups, turned by π
    line = torch.linspace(-4, 4, 161, dtype=torch.float64)
    grid = torch.cartesian_prod(line, line)
    assert (streams.true_log_prob(grid, 0.0).exp().sum() * 0.05**2).item() == pytest.approx(1, abs=1e-3)


def test_no_model_of_the_page_beats_the_truth_on_average():
    x = streams.stream(3000, 0.3, seeded(1))
    entropy = math.log(3) + math.log(2 * math.pi * math.e * streams.SPREAD**2)  # groups hardly overlap
    assert -streams.true_log_prob(x, 0.3).mean().item() == pytest.approx(entropy, abs=0.06)


def test_the_film_moves_with_time():
    x = streams.stream(300, 0.5, seeded(0))
    path = x[:, None].expand(-1, 3, -1)
    panel = streams.film(x, {"one": path}, {"one": torch.zeros(300)})
    before = panel.views["film"].image.value
    panel.controls["time"].value = 290
    assert panel.exception is None and panel.views["film"].image.value != before


def test_codes_around_a_center_have_the_spread_that_is_asked():
    center = torch.randn(4, generator=seeded(0))
    assert torch.equal(picks.around(center, 0.0, 3), center.expand(3, -1))
    z = picks.around(center, 1.0, 4000, seeded(1))
    assert z.mean(0).abs().max() < 0.08 and (z.std(0) - 1).abs().max() < 0.05


def decode(z):
    return z[:, :4].view(-1, 1, 2, 2)


def test_a_hunt_that_follows_ends_nearer_and_sees_less():
    hunts = {
        follow: [picks.hunt(decode, 4, torch.full((1, 2, 2), 0.8), seeded(i), follow=follow) for i in range(20)]
        for follow in (True, False)
    }
    last = {follow: sum(h.distances[-1] for h in found) for follow, found in hunts.items()}
    assert last[True] < last[False] and sum(h.variety for h in hunts[True]) < sum(h.variety for h in hunts[False])
    assert all(h.distances == sorted(h.distances, reverse=True) for found in hunts.values() for h in found)


def test_the_picking_panel_picks_goes_back_and_starts_anew():
    panel = picks.pick_explorer(lambda z: torch.sigmoid(z).repeat(1, 4).view(-1, 1, 8, 8), 16)
    first = panel.views["six"].image.value
    panel.buttons["3"].click()
    second = panel.views["six"].image.value
    assert panel.exception is None and second != first and "Round 2" in panel.views["six"].caption.value
    panel.buttons["Back"].click()
    assert panel.views["six"].image.value == first
    panel.buttons["1"].click()
    panel.buttons["Reset"].click()
    assert panel.views["six"].image.value == first and "Nothing picked" in panel.views["way"].caption.value


def test_bayes_reads_a_picture_of_the_painter_and_the_caption_is_one_of_both_tellings():
    net, rng = painter.load(), seeded(0)
    asked, x = reading.examples(False, 3, rng)
    candidates = [*asked, *(shapes.turned(caption) for caption in asked)]
    words = shapes.tokens(candidates)
    for caption, image in zip(asked, x, strict=True):
        best = candidates[int(reading.misses(net, image, words, rng).argmin())]
        assert reading.same(best, caption)
    assert not reading.same(asked[0], asked[1])


def test_a_reader_learns_and_its_row_is_kept(tmp_path):
    row = reading.row(0, tests=20, steps=3, n=40, progress=False)
    assert set(row) == set(reading.FIELDS) and 0 <= row["never"] <= 1
    reading.write([row], tmp_path / "rows.csv")
    assert reading.recorded(tmp_path / "rows.csv") == [row]
    assert len(reading.recorded()) >= 3
    asked, _ = reading.examples(True, 5, seeded(1))
    assert all(shapes.is_held_out(caption) for caption in asked)
    assert reading.caption_of(shapes.tokens(asked)[0]) == asked[0]
