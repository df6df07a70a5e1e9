"""install.py: what it says when it cannot go on, and that it never takes a half-made environment for ready."""

import ast
import importlib.util
import inspect
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIP_SETTINGS = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "TORCH_INDEX")

spec = importlib.util.spec_from_file_location("install", ROOT / "install.py")
install = importlib.util.module_from_spec(spec)
spec.loader.exec_module(install)


def make_wheel(folder, name, version, files=(), requires=(), extra=()):
    """Write a wheel by hand and return its file name."""
    import os
    import zipfile

    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nProvides-Extra: dev\n"
    metadata += "".join(f"Requires-Dist: {r}\n" for r in requires)
    metadata += "".join(f"Requires-Dist: {r}; extra == 'dev'\n" for r in extra)
    wheel = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, wheel), "w") as archive:
        for path, text in dict(files).items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return wheel


BACKEND = f"""
{inspect.getsource(make_wheel)}

def build_editable(folder, config_settings=None, metadata_directory=None):
    return make_wheel(folder, "course", "1.0", requires=["torch", "torchvision"], extra=["linter"])
"""
PROJECT = """
[build-system]
requires = ["backend>=1"]
build-backend = "backend"
[project]
name = "course"
"""


UV = """
import os, subprocess, sys
wanted = ["install", "--python", sys.executable, "--torch-backend", "cpu", "--no-deps", "-c", "constraints.txt"]
asked = [os.path.basename(text) if text.endswith(".txt") else text for text in sys.argv[2:]]
assert asked == [*wanted, "torch", "torchvision"], asked
if "CPU_INDEX" not in os.environ:
    sys.exit("error: tcp connect error")
pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--index-url", os.environ["CPU_INDEX"]]
sys.exit(subprocess.call(pip + ["torch==2.13.0", "torchvision==0.28.0"]))
"""


def package_index(folder, packages):
    """Lay out wheels as an index that pip reads from disk; return its address."""
    for name, version, files in packages:
        (folder / name).mkdir(parents=True)
        wheel = make_wheel(folder / name, name, version, files)
        (folder / name / "index.html").write_text(f'<a href="{wheel}">{wheel}</a>')
    return folder.as_uri()


@pytest.fixture
def tree(tmp_path):
    """A course of five empty packages, small enough to be installed in seconds."""
    tree = tmp_path / "course"
    (tree / "course_utils" / "jupyter").mkdir(parents=True)
    shutil.copy(ROOT / "install.py", tree)
    for name in ("lab_settings.json", "lab_page.json"):
        (tree / "course_utils" / "jupyter" / name).write_text("{}")
    (tree / "pyproject.toml").write_text(PROJECT)
    (tree / "constraints.txt").write_text("backend==1.0\nlinter==1.0\ntorch==2.13.0\ntorchvision==0.28.0\n")
    return tree


def call(tree, *arguments, before="", **environment):
    """Run install.py as a file, after the statements in `before`, with pip's settings taken from nowhere else."""
    code = f"import runpy, sys; sys.argv = {['install.py', *arguments]}\n{before}\n"
    code += "runpy.run_path('install.py', run_name='__main__')"
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(PIP_SETTINGS)}
    kept |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"} | environment
    return subprocess.run([sys.executable, "-c", code], cwd=tree, env=kept, capture_output=True, text=True, timeout=120)


@pytest.fixture
def unreachable():
    """The address of an index that nobody serves: the port is held, and does not listen."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/simple"


def packages(tree):
    return {path.name for path in (tree / ".venv").glob("lib/*/site-packages/*")}


def assert_one_line(result, *words):
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    for word in words:
        assert word in result.stderr


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("sys.version_info = (3, 9, 18)", ["Python 3.11 or newer is needed", "3.9.18", "make lab PYTHON="]),
        ("sys.version_info = (2, 7, 18)", ["Python 3.11 or newer is needed", "2.7.18"]),
        ("sys.modules['venv'] = None", ["virtual environments", "python3-venv"]),
        ("sys.modules['ensurepip'] = None", ["virtual environments", "python3-venv"]),
        (
            "import shutil; now = shutil.disk_usage('.'); shutil.disk_usage = lambda _: now._replace(free=2 * 10**9)",
            ["The disk is full", "2.0 GB is free", "3 GB is needed"],
        ),
    ],
)
def test_says_in_one_line_what_is_missing(tree, before, words):
    assert_one_line(call(tree, before=before), *words)
    assert not (tree / ".venv").exists()


def test_says_in_one_line_that_the_network_is_missing(tree, unreachable):
    assert_one_line(call(tree, PIP_INDEX_URL=unreachable), "The network is missing")
    assert not (tree / ".venv").exists()


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("OSError: [Errno 122] Disk quota exceeded: '/home/x'", "The disk is full"),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",
            "The network is missing",
        ),
        (
            "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool: Read timed out.",
            "The network is missing",
        ),
        ("ERROR: first\nERROR: No matching distribution found for torch==2.13.0\n", "for torch==2.13.0"),
    ],
)
def test_translates_what_pip_prints(output, line):
    assert line in install.explain(output).splitlines()[-1]


def test_gives_up_on_a_network_that_never_answers():
    with pytest.raises(install.Problem, match="The network is missing"):
        install.run([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.5)


def torch_at(folder, build=""):
    return package_index(folder, [("torch", f"2.13.0{build}", {}), ("torchvision", f"0.28.0{build}", {})])


@pytest.mark.parametrize(
    ("gpu", "answers", "build"), [(False, True, "+cpu"), (False, False, ""), (True, True, "")], ids=str
)
def test_the_cpu_build_of_torch_where_there_is_no_gpu(tree, tmp_path, gpu, answers, build):
    packed = [("backend", "1.0", {"backend.py": BACKEND}), ("uv", "1.0", {"uv.py": UV})]
    index = package_index(tmp_path / "index", [*packed, ("torch", "2.13.0", {}), ("torchvision", "0.28.0", {})])
    here = "sys.platform = 'linux'; import glob, shutil; glob.glob = lambda _: []\n"
    here += f"shutil.which = lambda _: {'/usr/bin/nvidia-smi' if gpu else None!r}"
    cpu = {"CPU_INDEX": torch_at(tmp_path / "cpu", "+cpu")} if answers else {}
    made = call(tree, before=here, PIP_INDEX_URL=index, **cpu)
    assert made.returncode == 0, made.stderr
    assert {f"torch-2.13.0{build}.dist-info", f"torchvision-0.28.0{build}.dist-info"} <= packages(tree)
    assert made.stdout.splitlines()[1:] == ([] if gpu or answers else [install.NO_CPU_TORCH]), "one line"


def test_other_systems_have_one_build_of_torch(monkeypatch):
    monkeypatch.setattr(install.sys, "platform", "darwin")
    assert not install.wants_cpu_torch()


def test_uv_knows_the_option():
    options = subprocess.check_output([sys.executable, "-m", "uv", "pip", "install", "--help"], text=True)
    assert "--torch-backend" in options


def test_an_environment_from_its_making_to_a_failed_update(tree, tmp_path, unreachable):
    general = [("backend", "1.0", {"backend.py": BACKEND}), ("torch", "2.13.0", {}), ("torchvision", "0.28.0", {})]
    index = package_index(tmp_path / "index", [*general, ("linter", "1.0", {"linter.py": ""})])
    cpu = torch_at(tmp_path / "cpu", "+cpu")

    (tree / ".venv").mkdir()
    (tree / ".venv" / "left-over").touch()  # from an installation that was killed
    first = call(tree, PIP_INDEX_URL=index, TORCH_INDEX=cpu)
    assert first.returncode == 0, first.stderr
    assert not (tree / ".venv" / "left-over").exists()
    assert {"torch-2.13.0+cpu.dist-info", "torchvision-0.28.0+cpu.dist-info", "course-1.0.dist-info"} <= packages(tree)
    assert "linter.py" not in packages(tree)

    assert call(tree, PIP_INDEX_URL=unreachable).returncode == 0

    assert call(tree, "--dev", PIP_INDEX_URL=index, CPU_INDEX=cpu).returncode == 0
    assert "linter.py" in packages(tree)
    assert call(tree, PIP_INDEX_URL=unreachable).returncode == 0  # the tests' environment serves the learner too

    constraints = tree / "constraints.txt"
    constraints.write_text(constraints.read_text().replace("linter==1.0", "linter==2.0"))
    assert_one_line(call(tree, PIP_INDEX_URL=unreachable), "The network is missing")
    assert {"torch-2.13.0+cpu.dist-info", "course-1.0.dist-info", "linter.py"} <= packages(tree)  # kept, but not ready:
    assert (tree / ".venv" / "ready").read_text() == "updating dev\n"


def test_a_moved_folder_is_not_ready(tree):
    show = [sys.executable, "-c", "import install; print(install.digest())"]
    before = subprocess.check_output(show, cwd=tree)
    assert subprocess.check_output(show, cwd=tree) == before
    assert subprocess.check_output(show, cwd=tree.rename(tree.with_name("moved"))) != before


def test_an_old_python_can_read_it():
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Starred, ast.Nonlocal, ast.Match, ast.AsyncFunctionDef)
    tree = ast.parse((ROOT / "install.py").read_text())
    assert (ROOT / "install.py").read_text().isascii()
    for node in ast.walk(tree):
        assert not isinstance(node, newer), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            assert node.returns is None and not any(a.annotation for a in arguments), f"line {node.lineno}"
            assert not node.args.kwonlyargs and not node.args.posonlyargs, f"line {node.lineno}"
        if isinstance(node, ast.Raise):
            assert node.cause is None, f"line {node.lineno}"
