"""Self-check questions and lecture 01's explorer in JupyterLab: by keyboard alone, with nothing from the network."""

import pytest
from browser import PIXELS, ROOT, changed, open_lab, run_in_browser, settled, slider

pytestmark = pytest.mark.needs("browser")
CELL = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from course_utils.labs.definitions import class_explorer
from course_utils.widgets import quiz
display(quiz.ask("03_vae", 1), class_explorer.class_explorer())
"""


def test_questions_and_explorer_by_keyboard(tmp_path):
    with open_lab(tmp_path, CELL) as address, run_in_browser(address, 1400) as (page, asked):
        _answer(page)
        _explore(page, page.locator("img.widget-image").first)
        own = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
        assert [url for url in asked if not url.startswith(own)] == []


def _answer(page):
    choices, reasons = page.locator(".self-check div summary"), page.locator(".self-check div details > p")
    assert choices.count() == 3 and not any(reason.is_visible() for reason in reasons.all())
    choices.first.focus()
    for key, shown in (("Enter", "✗ Not quite."), ("Space", "✗ Not quite."), ("Enter", "✓ Right.")):
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        page.keyboard.press(key)
        reason = page.locator(".self-check details:focus-within > p")
        reason.wait_for(state="visible", timeout=5_000)
        assert reason.inner_text().startswith(shown)
        page.keyboard.press("Tab")
    assert page.locator(".jp-mod-editMode").count() == 0, "JupyterLab took the key for its own"


def _explore(page, image):
    start, said = settled(page, image), image.get_attribute("title")
    assert said.startswith("20 labels.")
    slider(page, "distance").focus()
    page.keyboard.press("ArrowRight")
    moved = changed(page, image, start)
    slider(page, "labels").focus()
    page.keyboard.press("ArrowRight")
    more = changed(page, image, moved)
    slider(page, "Gaussians").focus()
    page.keyboard.press("ArrowRight")
    changed(page, image, more)
    assert image.get_attribute("title").startswith("50 labels.")
    box, natural = image.bounding_box(), image.evaluate("image => image.naturalWidth / image.naturalHeight")
    assert abs(box["width"] / box["height"] / natural - 1) < 0.02, "the picture is squeezed"
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("said => document.querySelector('img.widget-image').title === said", arg=said)
    assert settled(page, image) == start == image.evaluate(PIXELS)
