"""Lecture 10a's explorers: merges, the map of attention, the distribution that the next letter is drawn from."""

import io
import math

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import models
from course_utils.data.text import Characters
from course_utils.labs.language import drawing, explorers
from course_utils.models import tokens
from course_utils.models.transformer import Transformer, choose

TEXT = "the model and the data, then the model and the noise and the model"


@pytest.fixture(scope="module")
def letters():
    return Characters([TEXT])


@pytest.fixture(scope="module")
def model(letters):
    with models.first_weights(0):
        made = Transformer(len(letters), 24, 16, 2, 2).eval()
    for parameter in made.parameters():
        parameter.data.mul_(1.5)
    return made


def png(panel, view):
    return bytes(panel.views[view].image.value)


def said(panel, view):
    return panel.views[view].caption.value


def pixels(file):
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB")).astype(int)


def test_more_merges_are_fewer_tokens_and_the_caption_names_the_last(letters):
    learned = tokens.learn(TEXT, 12)
    panel = explorers.merges_explorer(learned, TEXT)
    assert said(panel, "text") == f"bytes alone. {len(TEXT)} tokens for {len(TEXT)} bytes"
    before = png(panel, "text")
    panel.controls["merges"].value = 3
    assert png(panel, "text") != before and panel.exception is None
    last = " + ".join(drawing.shown(part.decode()) for part in learned.merges[2])
    assert said(panel, "text").startswith(f"merge 3: {last}. {len(learned.first(3).split(TEXT))} tokens")
    panel.reset()
    assert png(panel, "text") == before


def test_the_map_shows_the_weights_rows_that_look_at_columns():
    weights = torch.zeros(4, 4)
    weights[2, 1] = 1.0
    image = pixels(drawing.attention_map(weights, "abcd", 200))
    dark = (image[..., 0] < 60) & (image[..., 2] > 80)
    edge, cell = 20 * drawing.SCALE, (300 - 32) / 4
    y, x = (values.mean() for values in np.nonzero(dark))
    assert abs(y - (edge + 2.5 * cell)) < 3 and abs(x - (edge + 1.5 * cell)) < 3


def test_the_attention_explorer_reads_what_is_typed(model, letters):
    panel = explorers.attention_explorer(model, letters, "the data")
    before = png(panel, "map")
    weights = model.attention(letters.encode("the data")[None])[0, 0, 0]
    assert f"looks most at number {int(weights[-1].argmax()) + 1}," in said(panel, "map")
    panel.controls["head"].value = 2
    assert png(panel, "map") != before
    panel.controls["text"].value = "the noise"
    assert panel.exception is None and png(panel, "map") != before
    kept = png(panel, "map")
    panel.controls["text"].value = "Zürich"
    assert "not in the alphabet" in panel.error.value and png(panel, "map") == kept
    panel.controls["text"].value = ""
    assert "Type a letter" in panel.error.value
    panel.buttons["Reset"].click()
    assert panel.exception is None and png(panel, "map") == before


def test_the_sampler_shows_the_distribution_it_draws_from(model, letters):
    panel = explorers.sampling_explorer(model, letters, "the ")
    logits = model(model.started(letters.encode("the ")[None]))[0, -1]
    p = choose(logits)
    bits = -(p * p.log()).sum() / math.log(2)
    assert said(panel, "next").startswith(f"{len(letters)} letters can be drawn, entropy {bits:.2f} bits")
    before = png(panel, "next")
    panel.controls["top_k"].value = 3
    assert said(panel, "next").startswith("3 letters can be drawn") and png(panel, "next") != before
    panel.controls["temperature"].value = 0.0
    assert said(panel, "next").startswith("1 letters can be drawn, entropy 0.00 bits")


def test_a_draw_continues_the_prompt_anew_at_each_click_and_reset_begins_again(model, letters):
    panel = explorers.sampling_explorer(model, letters, "the ")
    empty = png(panel, "text")
    panel.buttons["Continue"].click()
    first = png(panel, "text")
    panel.buttons["Continue"].click()
    second = png(panel, "text")
    assert len({empty, first, second}) == 3 and panel.exception is None
    panel.reset()
    assert png(panel, "text") == empty
    panel.buttons["Continue"].click()
    assert png(panel, "text") == first
    panel.controls["prompt"].value = ""
    assert "Type a letter" in panel.error.value


def test_bars_are_as_high_as_their_probabilities():
    image = pixels(drawing.bars([0.0, 0.0], [1.0, 0.5], "ab", 200, 150))
    blue = (image[..., 0] < 20) & (image[..., 2] > 150)
    heights = [blue[:, half].sum(0).max() for half in (slice(0, 150), slice(150, 300))]
    assert abs(heights[0] / heights[1] - 2) < 0.05


def test_white_space_and_strange_signs_are_made_visible():
    assert drawing.shown(" a\n\x00→") == "·a\\n<0><2192>"
