"""What the tests need: found, got or missed, and what a run of tests says of it at its end."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import needs
import pytest

TESTS_FOLDER = Path(__file__).parents[1]
TESTS = """
import pytest

@pytest.fixture(scope="module")
def costly():
    raise AssertionError("set up although the browser is missing")

@pytest.mark.needs("browser")
@pytest.mark.parametrize("number", range(4))
def test_in_a_browser(number, costly):
    pass

@pytest.mark.needs("sandbox")
def test_locked_in():
    pass

def test_plain():
    pass
"""


def bare(folder):
    """An environment in which neither Chromium nor bubblewrap nor apt is to be found."""
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CI"))}
    return kept | {"PATH": str(empty), "PLAYWRIGHT_BROWSERS_PATH": str(empty), "PYTHONPATH": str(TESTS_FOLDER.parent)}


def run_tests(folder, *arguments, **environment):
    for name in ("conftest.py", "support/needs.py"):
        shutil.copy(TESTS_FOLDER / name, folder)
    (folder / "test_some.py").write_text(TESTS)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = needs(*names): what a test needs\n")
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, cwd=folder, env=bare(folder) | environment, capture_output=True, text=True)


@pytest.mark.parametrize("arguments", [(), ("-n", "2")])
def test_what_is_missing_is_skipped_and_counted_once(tmp_path, arguments):
    done = run_tests(tmp_path, *arguments)
    assert done.returncode == 0 and "1 passed, 5 skipped" in done.stdout, done.stdout
    title, browser, mend, sandbox, apt = done.stdout.splitlines()[-6:-1]
    assert "NOT TESTED ON THIS MACHINE" in title
    assert browser == "4 tests: Chromium is missing (it is not installed)." and "playwright install" in mend
    assert sandbox == "1 tests: bubblewrap is missing (it is not installed)." and "apt install bubblewrap" in apt


def test_where_ci_is_set_what_is_missing_is_a_failure(tmp_path):
    done = run_tests(tmp_path, CI="true")
    assert done.returncode == 1 and "1 passed, 5 errors" in done.stdout, done.stdout
    assert "4 tests: Chromium is missing" in done.stdout


def test_with_all_there_nothing_is_said(tmp_path):
    done = run_tests(tmp_path, "-k", "plain")
    assert done.returncode == 0 and "NOT TESTED" not in done.stdout


def program(folder, name, text):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with an empty PATH, whose Playwright has its Chromium at `tmp_path / "own"`, if there is one."""
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.setattr(needs, "own_browser", lambda: str(tmp_path / "own"))
    needs.browser.cache_clear()
    yield tmp_path
    needs.browser.cache_clear()


def test_a_browser_that_starts_is_taken_before_one_that_does_not(machine):
    assert needs.browser() == ("", "it is not installed")
    needs.browser.cache_clear()
    broken = program(machine, "chromium", "echo libnss3.so is missing >&2; exit 127")
    assert needs.browser() == ("", f"{broken} does not start: libnss3.so is missing")
    needs.browser.cache_clear()
    own = program(machine, "own", "echo Chromium 150")
    assert needs.browser() == (str(own), "")


def test_apt_is_asked_only_where_it_may_and_says_why_it_failed(machine, monkeypatch):
    for tool in ("env", "timeout", "true"):
        (machine / tool).symlink_to(
            next(path for path in (Path("/usr/bin", tool), Path("/bin", tool)) if path.exists())
        )
    assert needs.by_apt(["chromium"]) == "there is no apt-get"
    program(machine, "apt-get", f'echo "$@" >> {machine}/asked')
    monkeypatch.setattr(needs.os, "geteuid", lambda: 1000)
    assert "needs root" in needs.by_apt(["chromium"]), "no sudo"
    program(machine, "sudo", "echo a password is required >&2; exit 1")
    assert "needs root" in needs.by_apt(["chromium"]) and not (machine / "asked").exists()
    program(machine, "sudo", 'shift; exec "$@"')
    assert needs.by_apt(["chromium", "bubblewrap"]) is None
    update, install = (machine / "asked").read_text().splitlines()
    assert update.endswith(" update") and install.endswith(" --no-install-recommends chromium bubblewrap")
    program(machine, "apt-get", "echo Temporary failure resolving >&2; exit 100")
    assert needs.by_apt(["chromium"]) == "apt-get update: Temporary failure resolving"


def test_a_program_that_does_not_end_is_ended():
    assert needs.run(sys.executable, "-c", "import time; time.sleep(60)", seconds=0.5).endswith("not end within 0 s")


def test_getting_what_is_missing_is_never_a_failure(machine, monkeypatch, capsys):
    monkeypatch.setattr(needs, "by_playwright", lambda: "no answer")
    needs.main()
    assert capsys.readouterr().out.splitlines() == [
        "The tests need Chromium and bubblewrap: getting what can be had.",
        "Not by apt: there is no apt-get.",
        "No Chromium from Playwright: no answer.",
    ]
    program(machine, "chromium", "exit 0")
    program(machine, "bwrap", "exit 0")
    needs.browser.cache_clear()
    needs.main()
    assert capsys.readouterr().out == ""
