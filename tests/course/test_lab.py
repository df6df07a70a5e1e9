"""`make lab` as a learner meets it, in a browser: the landing page, no dialog, and links that open."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import needs
import pytest
from patience import wait_until
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
OPTIONS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run"
SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start `make lab` with an empty home folder and yield the port asked for and the address it prints."""
    assert (ROOT / ".venv" / "ready").exists(), "there is no environment for `make lab` to start in: use `make test`"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "XDG", "IPYTHON"))}
    env |= {"HOME": str(tmp_path_factory.mktemp("home")), "BROWSER": "true"}  # "true" opens no window
    log = tmp_path_factory.mktemp("lab") / "log"
    command = ["make", "lab", f"PORT={port}", f"PYTHON={sys.executable}"]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True)
    try:
        yield port, printed_address(process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def printed_address(process, log):
    def look():
        assert process.poll() is None, f"`make lab` has ended:\n{log.read_text()}"
        return re.search(r"http://127\.0\.0\.1:\S+token=\w+", log.read_text())

    return wait_until(look, "the address that `make lab` prints", seconds=180).group()


@pytest.fixture(scope="module")
def page(lab):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs.browser()[0], args=OPTIONS.split())
        page = browser.new_page()
        page.set_default_timeout(180_000)  # ten kernels start at once, beside whatever else this machine does
        page.outside = []
        page.on("request", lambda request: page.outside.append(request.url))
        page.goto(lab[1])
        page.locator(".jp-MarkdownViewer h1").wait_for()
        yield page
        browser.close()


def test_the_address_is_printed_with_the_port_asked_for(lab):
    port, address = lab
    assert address.startswith(f"http://127.0.0.1:{port}/lab/tree/lectures/README.md?token=")


@pytest.mark.needs("browser")
def test_the_landing_page_is_rendered_beside_the_lectures(page):
    title = (ROOT / "lectures" / "README.md").read_text().splitlines()[0].removeprefix("# ")
    assert page.locator(".jp-MarkdownViewer h1").inner_text().strip("¶ ") == title
    assert "lectures" in page.locator(".jp-FileBrowser-crumbs").inner_text()


@pytest.mark.needs("browser")
def test_each_link_opens_and_nothing_stands_in_the_way(page):
    links = page.locator(".jp-MarkdownViewer a:not(.jp-InternalAnchorLink)")
    tabs = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab")
    texts = list(dict.fromkeys(links.all_inner_texts()))
    for opened, text in enumerate(texts, start=1):
        tabs.first.click()
        links.filter(has_text=text).first.click()
        tabs.nth(opened).wait_for()
    for notebook in tabs.filter(has_text=".ipynb").all():
        notebook.click()  # its kernel has started, without a question which
        page.locator(f"{SHOWN} .jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    assert {"03_vae.ipynb", "README.md"} <= set(tabs.all_inner_texts())
    page.wait_for_timeout(1000)
    assert page.locator(".jp-Dialog").all_inner_texts() == []
    assert page.locator(".Toastify__toast").all_inner_texts() == []  # where JupyterLab offers its news
    assert [url for url in page.outside if not re.match(r"(http|ws)://127\.0\.0\.1:|data:|blob:", url)] == []
