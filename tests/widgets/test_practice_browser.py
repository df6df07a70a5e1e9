"""The practice page in JupyterLab with nothing but the keyboard: answer, confidence, reason, next, calibration."""

import json

import pytest
from browser import FLAGS, ROOT, needs, open_lab
from playwright import sync_api

from course_utils import questions

pytestmark = pytest.mark.needs("browser")
CELL = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import random
from course_utils import questions
from course_utils.widgets import practice, progress

asked = [next(q for q in questions.every() if q.kind == kind) for kind in ("order", "numeric", "single")]
practice.Practice(asked, 3, progress.load("practice.jsonl"), random.Random(3))
"""
STEPS = len(next(question.steps for question in questions.every() if question.kind == "order"))
IN_FIELD = "document.activeElement.matches('input') || document.activeElement.innerText == 'A'"
FOCUS = "document.activeElement.innerText || document.activeElement.placeholder"


def focused(page, text):
    page.wait_for_function(f"({FOCUS} || '').includes({text!r})", timeout=20_000)


def test_a_round_with_the_keyboard_alone(tmp_path):
    with open_lab(tmp_path, CELL) as address, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs.browser()[0], args=FLAGS)
        page = browser.new_page(viewport={"width": 1100, "height": 1000})
        page.goto(address)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=180_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.get_by_role("button", name="Check").wait_for(timeout=180_000)
        for number in range(3):
            if number == 0:  # from then on the focus comes by itself
                first = page.locator(".jp-OutputArea-output input[type=text]:visible")
                first.or_(page.get_by_role("button", name="A", exact=True)).first.focus(timeout=60_000)
            if place := page.evaluate("document.activeElement.placeholder"):
                page.keyboard.type("abcdefgh"[:STEPS] if "letters" in place else "1e9")
                page.keyboard.press("Tab")
            else:
                page.keyboard.press("Space")
            page.get_by_role("button", name="90 %").focus()
            page.keyboard.press("Space")
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            focused(page, "Check")
            page.keyboard.press("Enter")
            focused(page, "Next question")
            assert page.locator("[role=status]").first.inner_text().startswith(("✓", "✗"))
            page.keyboard.press("Tab" if number == 2 else "Enter")
            if number < 2:
                page.wait_for_function(IN_FIELD, timeout=20_000)
        focused(page, "How well")
        page.keyboard.press("Enter")
        page.get_by_text("Brier score").first.wait_for(timeout=20_000)
        browser.close()
    entries = [json.loads(line) for line in (tmp_path / "page" / "practice.jsonl").read_text().splitlines()]
    assert len(entries) == 3 and {entry["sure"] for entry in entries} == {0.9}
