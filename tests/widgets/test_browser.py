"""The latent explorer in JupyterLab, driven by a real browser: keyboard, Reset, error line, and no flicker."""

import base64
import io

import pytest
from browser import PIXELS, ROOT, changed, open_lab, run_in_browser, settled, slider
from PIL import Image
from playwright import sync_api

pytestmark = pytest.mark.needs("browser")
CELL = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import torch
from course_utils.widgets import latent_explorer

def decode(z):
    if z[0, 0] > 2:
        raise ValueError("z₁ is too large for this decoder")
    squares = 4 * (-1.0) ** torch.arange(64)
    return (squares + z @ torch.linspace(-1, 1, 3 * 64).reshape(3, 64)).reshape(-1, 1, 8, 8)

latent_explorer(decode, 3)
"""
# At each frame, whether the picture is in the page in its full size.
WATCH = """image => {
    [window.seen, window.watching] = [[], true];
    const look = () => {
        const box = image.getBoundingClientRect();
        window.seen.push(image.isConnected && box.width > 200 && box.height > 200);
        if (window.watching) requestAnimationFrame(look);
    };
    look();
}"""
SEEN = "() => { window.watching = false; return window.seen; }"


class Screencast:
    """Every frame that the browser paints of the page, while it is open."""

    def __init__(self, page: sync_api.Page) -> None:
        self.frames: list[bytes] = []
        self.session = page.context.new_cdp_session(page)
        self.session.on("Page.screencastFrame", self.take)

    def take(self, frame: dict) -> None:
        self.frames.append(base64.b64decode(frame["data"]))
        self.session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def __enter__(self) -> "Screencast":
        self.session.send("Page.startScreencast", {"format": "png"})
        return self

    def __exit__(self, *_: object) -> None:
        self.session.send("Page.stopScreencast")

    def contrast(self, box: dict[str, float]) -> list[int]:
        """For each frame, the range of gray levels within the box."""
        area = (box["x"] + 4, box["y"] + 4, box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
        ranges = [Image.open(io.BytesIO(frame)).convert("L").crop(area).getextrema() for frame in self.frames]
        return [high - low for low, high in ranges]


def test_the_explorer_in_a_browser(tmp_path):
    with open_lab(tmp_path, CELL) as address, run_in_browser(address, 900) as (page, _):
        image = page.locator("img.widget-image").first
        assert image.get_attribute("title") == "decoded from z, ‖z‖ = 0.00", "the picture's text alternative"
        start = settled(page, image)

        slider(page, "z₁").focus()
        page.keyboard.press("ArrowRight")
        moved = changed(page, image, start)
        assert image.get_attribute("title") == "decoded from z, ‖z‖ = 0.10"

        page.keyboard.press("Tab")  # its number, which can be typed as well
        page.keyboard.press("Tab")
        assert slider(page, "z₂").evaluate("handle => handle === document.activeElement")
        image.evaluate(WATCH)
        with Screencast(page) as painted:
            for _ in range(20):
                page.keyboard.press("ArrowRight")
                page.wait_for_timeout(40)
            changed(page, image, moved)
            page.wait_for_function("() => document.querySelector('img.widget-image').title.includes('= 2.00')")
        seen, contrast = page.evaluate(SEEN), painted.contrast(image.bounding_box())
        assert len(seen) >= 20 and all(seen), f"the picture was away in {seen.count(False)} of {len(seen)} frames"
        assert len(contrast) >= 5 and min(contrast) > 100, f"the picture was painted blank: gray levels {contrast}"

        good = settled(page, image)
        slider(page, "z₁").focus()
        page.keyboard.press("End")
        alert = page.get_by_role("alert").filter(has_text="ValueError: z₁ is too large for this decoder")
        alert.wait_for(state="visible", timeout=60_000)
        assert image.evaluate(PIXELS) == good, "the last good picture stays"

        reset = page.get_by_role("button", name="Reset")
        assert reset.get_attribute("title")
        reset.click()
        page.wait_for_function("() => document.querySelector('img.widget-image').title.includes('= 0.00')")
        assert settled(page, image) == start
        alert.wait_for(state="detached", timeout=60_000)
