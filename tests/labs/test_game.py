"""The game of lecture 07: half of each, right counts, and what cannot be played is refused."""

import numpy as np
import pytest
import torch

from course_utils.labs.evaluation import game as games


def sets():
    return torch.full((20, 1, 8, 8), 0.25), torch.full((20, 1, 8, 8), 0.75)


@pytest.mark.parametrize("seed", range(3))
def test_a_game_has_half_of_each_in_random_order_and_knows_which(seed):
    game = games.new_game(*sets(), trials=20, seed=seed)
    assert sum(game.real) == 10 and game.real[:10] != [True] * 10
    np.testing.assert_array_equal(game.images[:, 0, 0, 0] == 0.25, game.real)


def test_a_player_who_knows_gets_all_and_one_who_says_real_gets_half():
    game = games.new_game(*sets(), trials=20)
    for truth in game.real:
        game.answer(truth)
    assert game.right == 20 and "20 of 20 right (100%)" in game.score and game.score.endswith("That was all.")
    game.answer(True)
    assert len(game.answers) == 20
    game.answers[:] = [True] * 20
    assert game.right == 10


def test_the_buttons_answer_and_reset_begins_again():
    panel = games.real_or_generated(*sets(), trials=4)
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
        games.new_game(*sets(), trials=trials)
