"""Lecture 08a's explorers in JupyterLab, by key and by mouse: a flow's layers, and a digit drawn pixel by pixel."""

import pytest
from browser import PIXELS, ROOT, changed, open_lab, run_in_browser, settled, slider

pytestmark = pytest.mark.needs("browser")
CELL = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import torch
from course_utils import models
from course_utils.labs.flows import explorer, pixels
from course_utils.models import flows
from course_utils.training import seeded

with models.first_weights(0):
    flow = flows.Flow(flows.alternating(2, 4), hidden=8)
chain = flows.LinearAutoregression((1, 8, 8))
for number, parameter in enumerate([*flow.parameters(), chain.weight]):
    parameter.data.copy_(0.4 * torch.randn(parameter.shape, generator=seeded(number)))
display(explorer.flow_explorer(flow, (-6.0, 6.0, -6.0, 6.0)), pixels.pixel_player(chain))
"""


def test_the_flow_explorers_by_key_and_mouse(tmp_path):
    with open_lab(tmp_path, CELL) as address, run_in_browser(address, 1300) as (page, _):
        grid, digit = (page.locator("img.widget-image").nth(number) for number in range(2))
        _walk(page, grid)
        _draw(page, digit)


def _walk(page, image):
    """A key passes a layer, the mouse drags to the last one, ▶ plays from there, Reset goes back to the base."""
    start = settled(page, image)
    assert image.get_attribute("title").startswith("0 of 4 layers done: the base")
    handle = slider(page, "layers")
    handle.focus()
    page.keyboard.press("ArrowRight")
    first = changed(page, image, start)
    assert image.get_attribute("title").startswith("1 of 4 layers done: on the way")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    changed(page, image, first)
    assert image.get_attribute("title").startswith("4 of 4 layers done: the model of the data")
    page.get_by_role("button", name="Reset").first.click()
    page.wait_for_function("() => document.querySelector('img.widget-image').title.startsWith('0 of 4')")
    assert settled(page, image) == start == image.evaluate(PIXELS)
    page.locator(".widget-play button").first.click()
    page.wait_for_function(
        "() => document.querySelector('img.widget-image').title.startsWith('4 of 4')", timeout=20_000
    )


def _draw(page, image):
    """A key draws one pixel; another seed draws another digit."""
    start = settled(page, image)
    assert image.get_attribute("title") == "Nothing drawn yet"
    slider(page, "pixels").focus()
    page.keyboard.press("ArrowRight")
    first = changed(page, image, start)
    assert image.get_attribute("title").startswith("Pixel 1: ink with probability 0.50 given the 0 before")
    page.keyboard.press("End")
    whole = changed(page, image, first)
    slider(page, "seed").focus()
    page.keyboard.press("ArrowRight")
    changed(page, image, whole)
    assert image.get_attribute("title").startswith("Pixel 64")
