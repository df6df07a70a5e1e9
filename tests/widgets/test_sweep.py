"""The explorer of the corruption sweep: a level is looked up and drawn, whatever was shown before."""

import io
import warnings

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils.widgets import sweep as explorer


def levels(values, name="distance"):
    images = torch.linspace(0, 1, 20).view(20, 1, 1, 1).expand(20, 1, 8, 8)
    return [
        explorer.Level(f"level {i}", images * (i + 1) / 5, {name: v, "recall": 1 - i / 4}) for i, v in enumerate(values)
    ]


@pytest.fixture
def sweep():
    return {"noise": levels([1.0, 2.0, 5.0, 9.0, 300.0]), "copies": levels([1.0, 0.8, 0.5, 0.2, 0.0])}


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_a_move_looks_the_level_up_and_says_it_in_words(sweep):
    panel = explorer.corruption_explorer(sweep, {"distance": (0.5, 1.5)})
    panel.set(kind="copies", strength=3)
    assert panel.exception is None
    assert panel.views["metrics"].image.tooltip == "copies, level 3: distance 0.2, recall 0.25."
    assert panel.views["images"].caption.value == "copies: level 3"
    panel.reset()
    assert panel.values == {"kind": "noise", "strength": 0}


def test_the_picture_has_the_title_given_and_room_in_its_own_proportions(sweep):
    panel = explorer.corruption_explorer(sweep, {}, title="What is found")
    high, wide, _ = pixels(panel.views["metrics"].image.value).shape
    layout = panel.views["metrics"].image.layout
    room = [int(size.removesuffix("px")) for size in (layout.min_height, layout.width)]
    assert room[0] / room[1] == pytest.approx(high / wide, rel=0.02)
    assert explorer.SweepPicture(sweep, {}, "What is found").figure.get_suptitle() == "What is found"
    assert explorer.SweepPicture(sweep, {}).figure.get_suptitle() == explorer.TITLE


def test_a_picture_does_not_depend_on_the_moves_before_it(sweep):
    drawn = explorer.SweepPicture(sweep, {"distance": (0.5, 1.5)})
    first = pixels(drawn.png("noise", 2)[0])
    others = [pixels(drawn.png(kind, index)[0]) for kind, index in (("copies", 4), ("noise", 0), ("noise", 3))]
    assert (pixels(drawn.png("noise", 2)[0]) == first).all()
    assert all((other != first).any() for other in others)
    assert all(len(ax.texts) == 1 and len(ax.lines) == 2 for ax in drawn.panels.values()), "marks pile up"


def test_corruptions_of_different_lengths_or_metrics_are_refused(sweep):
    for wrong in (levels([1.0, 2.0]), levels([1.0] * 5, name="score")):
        with pytest.raises(ValueError, match="same"):
            explorer.corruption_explorer({**sweep, "blur": wrong}, {})


def test_tiled_keeps_the_order_of_the_images():
    images = torch.arange(12.0).view(12, 1, 1, 1).expand(12, 1, 2, 2)
    sheet = explorer.tiled(images, columns=5)
    assert sheet.shape == (5, 14)
    np.testing.assert_array_equal(sheet[0, ::3], [0, 1, 2, 3, 4])
    np.testing.assert_array_equal(sheet[3, ::3], [5, 6, 7, 8, 9])


def test_a_metric_that_no_corruption_moves_has_an_axis_all_the_same():
    flat = {"noise": levels([2.0] * 5), "copies": levels([2.0] * 5)}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = explorer.SweepPicture(flat, {})
    low, high = drawn.panels["distance"].get_ylim()
    assert low < 2 < high
