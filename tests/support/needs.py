"""What some tests need beyond Python: whether this machine has it, how to get it, and what to do where that fails.

    python tests/support/needs.py    get what is missing (`make test` does this first)

A test says `@pytest.mark.needs("browser")` or `needs("sandbox")`. Where that is missing, conftest.py skips it, or lets
it fail if the environment variable CI is "true".
"""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UPDATE_SECONDS, INSTALL_SECONDS = 120, 600  # for a slow network; one that does not answer ends sooner
QUIET = ["-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=15", "-o", "DPkg::Lock::Timeout=60"]
ERROR = ("E:", "Error:")  # apt's, Playwright's
# Where the kernel keeps ordinary users from making namespaces: the setting, the value that forbids, the value to set.
KERNEL = [
    ("kernel.unprivileged_userns_clone", 0, 1),
    ("kernel.apparmor_restrict_unprivileged_userns", 1, 0),
    ("user.max_user_namespaces", 0, 15000),
]


def run(*command: str, seconds: float, **environment: str) -> str | None:
    """Run a program with no input; None if it went well, else its first line that names an error, or its last."""
    try:
        env = os.environ | environment
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return f"{Path(command[0]).name} did not end within {seconds:.0f} s"
    except OSError as error:
        return str(error)
    said = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()
    return None if done.returncode == 0 else next((line for line in said if line.startswith(ERROR)), said[-1])


@functools.cache
def own_browser() -> str:
    """Where Playwright would have its own Chromium, whether or not it is there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def browsers() -> Iterator[str]:
    """Where a Chromium may be: the system's, then Playwright's."""
    yield from filter(None, map(shutil.which, BROWSERS))
    yield own_browser()


@functools.cache
def browser() -> tuple[str, str]:
    """The path of a Chromium that starts, and why there is none; one of the two is empty."""
    why = "it is not installed"
    for path in browsers():
        if os.path.exists(path):
            failure = run(path, "--version", seconds=60)
            if failure is None:
                return path, ""
            why = f"{path} does not start: {failure}"
    return "", why


@functools.cache
def no_sandbox() -> str:
    """Why submissions cannot be locked in here, tried with one; empty if they can."""
    from course_utils.grading.run import sandbox

    return "it is not installed" if shutil.which("bwrap") is None else sandbox.probe() or ""


def mend_browser() -> str:
    if shutil.which("apt-get") or sys.platform != "linux":
        return f"{sys.executable} -m playwright install --with-deps chromium"
    return f"install your system's chromium, or {sys.executable} -m playwright install chromium"


def mend_sandbox() -> str:
    if sys.platform != "linux":
        return "bubblewrap is for Linux: use WSL, or a virtual machine"
    if shutil.which("bwrap") is None:
        return "sudo apt install bubblewrap (on Fedora: sudo dnf install bubblewrap)"
    for name, forbids, value in KERNEL:
        path = Path("/proc/sys", *name.split("."))
        if path.exists() and int(path.read_text()) == forbids:
            return f"sudo sysctl -w {name}={value}"
    return "in a container: start it with user namespaces allowed (docker run --security-opt seccomp=unconfined)"


@dataclass(frozen=True)
class Need:
    """Something that tests need: why it cannot be used (empty if it can), what mends that, and its package."""

    title: str
    missing: Callable[[], str]
    mend: Callable[[], str]
    present: Callable[[], object]  # whether there is nothing to install; quicker than `missing`
    package: str


NEEDS = {
    "browser": Need("Chromium", lambda: browser()[1], mend_browser, lambda: browser()[0], "chromium"),
    "sandbox": Need("bubblewrap", no_sandbox, mend_sandbox, lambda: shutil.which("bwrap"), "bubblewrap"),
}


def by_apt(packages: list[str]) -> str | None:
    """Install packages as root, or where sudo asks for no password; None if it went well, else why not."""
    if shutil.which("apt-get") is None:
        return "there is no apt-get"
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and run(*root, "true", seconds=20) is not None:
        return "apt-get needs root, or a sudo that asks for no password"
    for seconds, command in (
        (UPDATE_SECONDS, ["update"]),
        (INSTALL_SECONDS, ["install", "-y", "--no-install-recommends", *packages]),
    ):
        limited = ["env", "DEBIAN_FRONTEND=noninteractive", "timeout", str(seconds), "apt-get", *QUIET, *command]
        if failure := run(*root, *limited, seconds=seconds + 30):
            return f"apt-get {command[0]}: {failure}"
    return None


def by_playwright() -> str | None:
    """Download Playwright's own Chromium into the home folder; None if it went well, else why not."""
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    return run(*command, seconds=INSTALL_SECONDS, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT="10000")


def main() -> None:
    """Get what is missing, in one line for each thing that cannot be had. Never a failure: the tests say the rest."""
    lacking = [need for need in NEEDS.values() if not need.present()]
    if not lacking or sys.platform == "win32":
        return
    print(f"The tests need {' and '.join(need.title for need in lacking)}: getting what can be had.", flush=True)
    if sys.platform == "linux" and (failure := by_apt([need.package for need in lacking])):
        print(f"Not by apt: {failure}.")
    browser.cache_clear()
    if not browser()[0] and (failure := by_playwright()):
        print(f"No Chromium from Playwright: {failure}.")


if __name__ == "__main__":
    main()
