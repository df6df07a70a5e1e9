"""Lecture 09b's explorers in JupyterLab, by keyboard and by mouse."""

import pytest
from browser import ROOT, changed, open_lab, run_in_browser, settled, slider

pytestmark = pytest.mark.needs("browser")
CELL = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from course_utils.labs.graphs import diagnosis, separation
from course_utils.models.graphs import Network
tables = {{"a": [0.7, 0.3], "b": [0.6, 0.4], "c": [[[0.9, 0.1], [0.2, 0.8]]] * 2, "d": [[0.9, 0.1], [0.2, 0.8]]}}
net = Network(tables, {{"c": ["a", "b"], "d": ["c"]}})
places = {{"a": (0, 1), "b": (2, 1), "c": (1, 0), "d": (1, -1)}}
display(separation.separation_explorer(net, places, "a"), diagnosis.diagnosis_explorer())
"""


def test_both_explorers_by_keyboard_and_mouse(tmp_path):
    with open_lab(tmp_path, CELL) as address, run_in_browser(address, 1500) as (page, _):
        graph, people = page.locator("img.widget-image").nth(0), page.locator("img.widget-image").nth(1)
        start, crowd = settled(page, graph), settled(page, people)
        box = page.get_by_role("checkbox", name="d is observed")
        box.focus()
        page.keyboard.press("Space")
        woken = changed(page, graph, start)
        assert graph.get_attribute("title").startswith("a, given d. Connected: b, c.")
        page.get_by_role("checkbox", name="c is observed").click()
        changed(page, graph, woken)
        slider(page, "ask for").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => document.querySelector('img.widget-image').title.startsWith('b, given c, d.')")
        slider(page, "prevalence").focus()
        page.keyboard.press("ArrowRight")
        changed(page, people, crowd)
        assert people.get_attribute("title").startswith("PPV 14.5%: of 1,101 positives 160 are ill.")
        assert page.locator("[role=alert]").count() == 0
        page.get_by_role("button", name="Reset").first.click()
        page.wait_for_function("() => document.querySelector('img.widget-image').title.startsWith('a, nothing')")
        assert settled(page, graph) == start
