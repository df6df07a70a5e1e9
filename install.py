"""Make the course's environment in .venv, or say in one line why it cannot be made.

    python install.py          what a learner or an instructor needs
    python install.py --dev    and what the tests need

A second call finds the environment ready and returns at once. On Linux without an NVIDIA GPU torch is the CPU build:
uv knows where PyTorch keeps it. TORCH_INDEX=<address> takes torch and torchvision from that index. pip brings all else,
from where it is configured to: uv reads none of pip's settings (mirrors, proxies, certificates).
Only the standard library is used, and the syntax is old, so that an old Python can say that it is too old.
"""

from __future__ import print_function

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, os.path.join("Scripts", "python.exe") if os.name == "nt" else os.path.join("bin", "python"))
READY = os.path.join(VENV, "ready")  # written last; an environment without it is made anew
INPUTS = ["pyproject.toml", "constraints.txt"]
INPUTS += [os.path.join("course_utils", "jupyter", name) for name in ("lab_settings.json", "lab_page.json")]

FREE_GB = 3  # the environment with the CPU build of torch takes 1.8 GB, and pip's downloads come beside it
PROBE_SECONDS = 40  # for the first few small packages; a network that is slower cannot bring torch either
NO_CPU_TORCH = "PyTorch's own index cannot be reached, so torch comes from pip's. If that has CUDA builds only, the "
NO_CPU_TORCH += "environment takes 5.3 GB in place of 1.8. To name another: make lab TORCH_INDEX=<address>"
DISK = r"No space left on device|Disk quota exceeded|Errno 28|Errno 122"
NETWORK = r"connection broken by|connection error|Max retries exceeded|Read timed out|ConnectTimeout"


class Problem(Exception):
    """Something that stops the installation; its text is the one line to show."""


def check_python():
    if sys.version_info < (3, 11):
        version = ".".join(str(part) for part in sys.version_info[:3])
        message = "Python 3.11 or newer is needed, and {0} is Python {1}. Name a newer one: make lab PYTHON=python3.12"
        raise Problem(message.format(sys.executable, version))


def check_venv():
    try:
        import ensurepip  # noqa: F401  (Debian and Ubuntu leave these two out)
        import venv  # noqa: F401
    except ImportError as error:
        message = "This Python cannot make virtual environments: {0}. On Debian and Ubuntu: apt install python3-venv"
        raise Problem(message.format(error))


def check_disk():
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < FREE_GB:
        raise Problem(disk_is_full("{0:.1f} GB is free at {1}, {2} GB is needed".format(free, ROOT, FREE_GB)))


def disk_is_full(why):
    return "The disk is full: " + why + ". On Linux, TORCH_INDEX avoids GBs of CUDA packages: see README.md."


def explain(output):
    """The one line for what a failed command printed."""
    if re.search(DISK, output) or shutil.disk_usage(ROOT).free < 1e8:
        return disk_is_full("the installation ran out of space at " + ROOT)
    if re.search(NETWORK, output):
        return "The network is missing: pip cannot reach the package index. Connect, or set HTTPS_PROXY, and try again."
    lines = output.strip().splitlines() or ["no output"]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return "\n".join(lines[-15:] + ["The installation failed: " + (errors or lines)[-1]])


def run(command, seconds=None, **variables):
    """Run a command quietly (in a terminal, one line shows what it does now); raise Problem if it fails."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=dict(os.environ, **variables), universal_newlines=True, **pipes)
    timer = threading.Timer(seconds or 24 * 3600, process.kill)
    timer.start()
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if sys.stdout.isatty() and re.match(r"\s*(Collecting|Downloading|Installing)", line):
                print("\r\033[K  " + line.strip()[:76], end="")
                sys.stdout.flush()
    except BaseException:
        process.kill()
        raise
    finally:
        code = process.wait()
        too_slow = not timer.is_alive()
        timer.cancel()
        if sys.stdout.isatty():
            print("\r\033[K", end="")
    if code != 0:
        raise Problem(explain("Read timed out" if too_slow else "".join(lines)))


def digest():
    """Changes with whatever the environment is made from, and with the folder: an environment cannot be moved."""
    parts = [ROOT.encode("utf-8")]
    for name in INPUTS:
        with open(os.path.join(ROOT, name), "rb") as file:
            parts.append(file.read())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def made_for():
    """Return [digest, "lab" or "dev"] of the environment that is there; empty if none was ever finished."""
    if not (os.path.exists(READY) and os.path.exists(PYTHON)):
        return []
    with open(READY) as file:
        return file.read().split()


def write_ready(text):
    with open(READY, "w") as file:
        file.write(text + "\n")


def wants_cpu_torch():
    return sys.platform.startswith("linux") and not (shutil.which("nvidia-smi") or glob.glob("/dev/nvidia*"))


def bring_cpu_torch(pip, pinned):
    """Install the CPU build of torch and torchvision from PyTorch's own index, or say that pip's will do."""
    uv = [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--torch-backend", "cpu", "--no-deps"]
    try:
        run(pip + pinned + ["uv"])
        run(uv + pinned + ["torch", "torchvision"], UV_HTTP_RETRIES="0")
    except Problem:
        print(NO_CPU_TORCH)
        sys.stdout.flush()


def install(dev, anew):
    import tomllib

    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        build_requirements = tomllib.load(file)["build-system"]["requires"]
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]
    pinned = ["-c", os.path.join(ROOT, "constraints.txt")]
    torch_index = os.environ.get("TORCH_INDEX")
    level = "dev" if dev else "lab"
    if anew:
        check_disk()
        base = getattr(sys, "_base_executable", sys.executable)  # not the .venv itself, should it be active
        run([base, "-m", "venv", "--clear", VENV])
    else:
        write_ready("updating " + level)
    # The build backend goes first, with few retries: it is small, and tells in seconds whether the network is there.
    run(pip + pinned + ["--retries", "1"] + build_requirements, seconds=PROBE_SECONDS)
    if torch_index:
        run(pip + pinned + ["--no-deps", "--index-url", torch_index, "torch", "torchvision"])
    elif wants_cpu_torch():
        bring_cpu_torch(pip, pinned)
    run(pip + pinned + ["--no-build-isolation", "--editable", ROOT + ("[dev]" if dev else "")])
    write_ready(digest() + " " + level)


def main(dev):
    check_python()
    before = made_for()
    dev = dev or "dev" in before
    if before == [digest(), "dev" if dev else "lab"]:
        return
    check_venv()
    print("Installing the course in .venv: a few minutes the first time.")
    sys.stdout.flush()
    try:
        install(dev, anew=not before)
    finally:
        if not os.path.exists(READY):
            shutil.rmtree(VENV, ignore_errors=True)


if __name__ == "__main__":
    try:
        main("--dev" in sys.argv[1:])
    except (Problem, OSError) as problem:
        sys.exit(explain(str(problem)) if isinstance(problem, OSError) else str(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped. Nothing half-made is left: run the command again to start anew.")
