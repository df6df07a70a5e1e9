"""The command line of the sandbox: bubblewrap around one Python process, which sees the libraries and nothing else.

No network, no home, no course folder, no exchange: the job comes through a pipe. What the process sees of the disk is
programs and libraries, read-only, and a private /tmp. It keeps two capabilities, with which the nursery gives each
submission namespaces of its own and sees how much memory it takes; the submission itself has none.
"""

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
SYSTEM = ["/lib", "/lib64", "/lib32", "/bin", "/sbin"]
# Of /usr what programs are made of; the exchange folder of nbgrader, for one, is not.
PARTS = ["bin", "sbin", "lib", "lib64", "lib32", "libexec", "include"]
SHARED = ["fonts", "fontconfig", "locale", "terminfo", "zoneinfo", "ca-certificates"]
USR = [f"{prefix}/{part}" for prefix in ("/usr", "/usr/local") for part in PARTS]
USR += [f"{prefix}/share/{part}" for prefix in ("/usr", "/usr/local") for part in SHARED]
SETTINGS = ["/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime"]
ALONE = ["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
# Under any other number bubblewrap makes a second user namespace for /dev, in which nobody may enter a process's own.
ALONE += ["--uid", "0", "--gid", "0"]
CAPABILITIES = ["--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SYS_PTRACE"]


class NoSandbox(Exception):
    """The sandbox cannot be had here; the text says why."""


def environment(home: str = "/tmp") -> dict[str, str]:
    """The few environment variables that a submission gets: one thread, no display, nothing of the instructor's."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "COURSE_DATA") if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    quiet = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "TQDM_DISABLE": "1", "PYTHONHASHSEED": "0"}
    # The package, and nothing beside it: its folder is bound at this place in the sandbox.
    path = {"PYTHONPATH": str(PACKAGE.parent), "PATH": "/usr/bin:/bin", "HOME": home, "MPLCONFIGDIR": f"{home}/mpl"}
    return {**kept, **threads, **quiet, **path, "IPYTHONDIR": f"{home}/ipython", "PYTHONDONTWRITEBYTECODE": "1"}


def libraries() -> list[str]:
    """The folders that Python and its packages are loaded from, this package included, outermost only."""
    found = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values()}
    found |= {entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    found |= {str(Path(sys.executable).parent), str(Path(sys.executable).resolve().parents[1]), str(PACKAGE)}
    found -= {"/", "/usr", "/usr/local"}
    folders = sorted({folder for folder in found if os.path.isdir(folder)}, key=len)
    outermost: list[str] = []
    for folder in folders:
        if not any(Path(folder).is_relative_to(outer) for outer in [*outermost, *USR]):
            outermost.append(folder)
    return outermost


def _system() -> list[str]:
    arguments = []
    for folder in [*SYSTEM, *USR]:
        if os.path.islink(folder):
            arguments += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            arguments += ["--ro-bind", folder, folder]
    return arguments


def wrap(command: list[str]) -> list[str]:
    """Return `command` inside the sandbox. Raises NoSandbox where bubblewrap is not installed."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise NoSandbox("bubblewrap (bwrap) is not installed: apt install bubblewrap")
    arguments = [bwrap, *ALONE, "--die-with-parent", "--new-session", *CAPABILITIES, *_system()]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--hostname", "grading"]
    data = [os.environ["COURSE_DATA"]] if "COURSE_DATA" in os.environ else []
    for folder in [*SETTINGS, *libraries(), *data]:
        arguments += ["--ro-bind-try", folder, folder]
    arguments += ["--chdir", "/tmp", "--clearenv"]
    for name, value in environment().items():
        arguments += ["--setenv", name, value]
    return [*arguments, "--", *command]


@functools.cache
def probe() -> str | None:
    """Why the sandbox cannot be had on this machine, or None. Tries all of it, once, with a submission of 1 + 1."""
    try:
        command = wrap([sys.executable, "-m", "course_utils.grading.run.nursery", "--probe"])
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    except NoSandbox as error:
        return str(error)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not run: {error}"
    lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
    return None if done.returncode == 0 else f"bubblewrap does not work here: {lines[-1]}"
