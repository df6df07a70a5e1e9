"""HTML to PDF by a headless Chromium, the system's or Playwright's own."""

import shutil
from collections.abc import Mapping
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu"]  # the page is our own, and asks for nothing
FOOTER = (
    "<div style='font: 8px sans-serif; width: 100%; text-align: center'>"
    "<span class='title'></span> · page <span class='pageNumber'></span> of <span class='totalPages'></span></div>"
)


def print_pages(pages: Mapping[Path, str]) -> str:
    """Print each text of HTML to its path; "" if that went well, else why not and what to do."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return "No PDF: Playwright is not installed. Print the HTML from a browser, or `pip install -e '.[dev]'`."
    own = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=own, args=FLAGS)
            for path, text in pages.items():
                page = browser.new_page()
                page.set_content(text)
                page.pdf(path=path, prefer_css_page_size=True, print_background=True, **_FOOTED)
                page.close()
            browser.close()
    except Error as error:
        why = str(error).strip().partition("\n")[0]
        return f"No PDF: no Chromium starts ({why}). Print the HTML from a browser, or `playwright install chromium`."
    return ""


_FOOTED = {"display_header_footer": True, "header_template": "<span></span>", "footer_template": FOOTER}
