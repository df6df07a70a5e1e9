"""A JupyterLab with one notebook, and what a test does in it with a real browser."""

import contextlib
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import needs
import pytest
from patience import wait_until
from playwright import sync_api

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
# The picture's pixels as one string.
PIXELS = """image => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL();
}"""


@contextlib.contextmanager
def open_lab(tmp_path: Path, cell: str) -> Iterator[str]:
    """The address of a JupyterLab of its own, whose folder holds one notebook with one cell."""
    (tmp_path / "page").mkdir()
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)], metadata={"kernelspec": kernel})
    nbformat.write(page, tmp_path / "page" / "page.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: str(tmp_path / name) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=t0ken", f"--ServerApp.root_dir={tmp_path / 'page'}", "--LabApp.news_url=None"]
    command += ["--KernelManager.transport_encryption=auto", *(["--allow-root"] if os.getuid() == 0 else [])]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env={**os.environ, **own}, cwd=tmp_path, stdout=log, stderr=log)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/api", server, tmp_path / "log")
        yield f"http://127.0.0.1:{port}/lab/tree/page.ipynb?token=t0ken"
    finally:
        server.terminate()
        server.wait(20)


def wait_until_up(address: str, server: subprocess.Popen, log: Path) -> None:
    def answers() -> bool:
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(urllib.error.URLError, TimeoutError):
            urllib.request.urlopen(address, timeout=2).close()
            return True
        return False

    wait_until(answers, f"JupyterLab, which writes to {log}", every=0.2)


@contextlib.contextmanager
def run_in_browser(address: str, height: int) -> Iterator[tuple[sync_api.Page, list[str]]]:
    """A browser in which all cells of the lab's notebook have run, and the addresses that it asked for."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs.browser()[0], args=FLAGS)
        page, asked = browser.new_page(viewport={"width": 1280, "height": height}), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=180_000)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=180_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.locator("img.widget-image").first.wait_for(timeout=180_000)
        yield page, asked
        browser.close()


def slider(page: sync_api.Page, label: str) -> sync_api.Locator:
    return page.locator(".widget-slider", has_text=label).locator("[role=slider]")


def settled(page: sync_api.Page, image: sync_api.Locator) -> str:
    """The picture's pixels, once they have stopped changing."""
    before = None
    for _ in range(50):
        now = image.evaluate("image => image.complete && image.naturalWidth > 0") and image.evaluate(PIXELS)
        if now and now == before:
            return now
        before = now
        page.wait_for_timeout(150)
    return pytest.fail("the picture does not settle")


def changed(page: sync_api.Page, image: sync_api.Locator, before: str) -> str:
    """The picture's pixels, once they differ from what they were."""
    for _ in range(50):
        if settled(page, image) != before:
            return settled(page, image)
    return pytest.fail("the picture does not change")
