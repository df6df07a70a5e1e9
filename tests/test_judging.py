"""The explorer of the corruption sweep and the game of lecture 07: right pictures, right counts, no surprises."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils.widgets import judging


def levels(values, name="distance"):
    images = torch.linspace(0, 1, 20).view(20, 1, 1, 1).expand(20, 1, 8, 8)
    return [
        judging.Level(f"level {i}", images * (i + 1) / 5, {name: v, "recall": 1 - i / 4}) for i, v in enumerate(values)
    ]


@pytest.fixture
def sweep():
    return {"noise": levels([1.0, 2.0, 5.0, 9.0, 300.0]), "copies": levels([1.0, 0.8, 0.5, 0.2, 0.0])}


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_a_move_looks_the_level_up_and_says_it_in_words(sweep):
    panel = judging.corruption_explorer(sweep, {"distance": (0.5, 1.5)})
    panel.set(kind="copies", strength=3)
    assert panel.exception is None
    assert panel.views["metrics"].image.tooltip == "copies, level 3: distance 0.2, recall 0.25."
    assert panel.views["images"].caption.value == "copies: level 3"
    panel.reset()
    assert panel.values == {"kind": "noise", "strength": 0}


def test_the_picture_has_the_title_given_and_room_in_its_own_proportions(sweep):
    panel = judging.corruption_explorer(sweep, {}, title="What is found")
    high, wide, _ = pixels(panel.views["metrics"].image.value).shape
    layout = panel.views["metrics"].image.layout
    room = [int(size.removesuffix("px")) for size in (layout.min_height, layout.width)]
    assert room[0] / room[1] == pytest.approx(high / wide, rel=0.02)
    assert judging.SweepPicture(sweep, {}, "What is found").figure.get_suptitle() == "What is found"
    assert judging.SweepPicture(sweep, {}).figure.get_suptitle() == judging.TITLE


def test_a_picture_does_not_depend_on_the_moves_before_it(sweep):
    drawn = judging.SweepPicture(sweep, {"distance": (0.5, 1.5)})
    first = pixels(drawn.png("noise", 2)[0])
    others = [pixels(drawn.png(kind, index)[0]) for kind, index in (("copies", 4), ("noise", 0), ("noise", 3))]
    assert (pixels(drawn.png("noise", 2)[0]) == first).all()
    assert all((other != first).any() for other in others)
    assert all(len(ax.texts) == 0 for ax in drawn.panels.values()), "marks pile up"


def test_corruptions_of_different_lengths_or_metrics_are_refused(sweep):
    for wrong in (levels([1.0, 2.0]), levels([1.0] * 5, name="score")):
        with pytest.raises(ValueError, match="same"):
            judging.corruption_explorer({**sweep, "blur": wrong}, {})


def test_tiled_keeps_the_order_of_the_images():
    images = torch.arange(12.0).view(12, 1, 1, 1).expand(12, 1, 2, 2)
    sheet = judging.tiled(images, columns=5)
    assert sheet.shape == (5, 14)
    np.testing.assert_array_equal(sheet[0, ::3], [0, 1, 2, 3, 4])
    np.testing.assert_array_equal(sheet[3, ::3], [5, 6, 7, 8, 9])


def sets():
    return torch.full((20, 1, 8, 8), 0.25), torch.full((20, 1, 8, 8), 0.75)


@pytest.mark.parametrize("seed", range(3))
def test_a_game_has_half_of_each_in_random_order_and_knows_which(seed):
    game = judging.new_game(*sets(), trials=20, seed=seed)
    assert sum(game.real) == 10 and game.real[:10] != [True] * 10
    np.testing.assert_array_equal(game.images[:, 0, 0, 0] == 0.25, game.real)


def test_a_player_who_knows_gets_all_and_one_who_says_real_gets_half():
    game = judging.new_game(*sets(), trials=20)
    for truth in game.real:
        game.answer(truth)
    assert game.right == 20 and "20 of 20 right (100%)" in game.score and game.score.endswith("That was all.")
    game.answer(True)
    assert len(game.answers) == 20
    game.answers[:] = [True] * 20
    assert game.right == 10


def test_the_buttons_answer_and_reset_begins_again():
    panel = judging.real_or_generated(*sets(), trials=4)
    caption = panel.views["image"].caption
    assert caption.value == "Image 1 of 4: real or generated?"
    panel.buttons["Real"].click()
    panel.buttons["Generated"].click()
    assert panel.game.answers == [True, False] and f"{panel.game.right} of 2 right" in caption.value
    panel.buttons["Reset"].click()
    assert panel.game.answers == [] and caption.value == "Image 1 of 4: real or generated?"


@pytest.mark.parametrize("trials", [0, 3, 42])
def test_a_game_that_cannot_be_played_is_refused(trials):
    with pytest.raises(ValueError, match="trials need"):
        judging.new_game(*sets(), trials=trials)
