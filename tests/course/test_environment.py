"""pyproject.toml, constraints.txt, environment.yml, the installed packages and JupyterLab's settings agree."""

import importlib.metadata as metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from jupyterlab_server.settings_utils import get_settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LINES = (ROOT / "constraints.txt").read_text().splitlines()
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())
CONDA_NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}
# Packages of one platform only: pip leaves them out elsewhere, so they have no line in constraints.txt.
PLATFORM = re.compile(r"nvidia-|cuda-|triton|appnope|colorama|pywin|winpty|greenlet")


def canonical(line):
    name, _, version = line.partition("==")
    return canonicalize_name(name), version


PINNED = dict(map(canonical, LINES))


def wanted(*groups):
    return [Requirement(text) for group in groups for text in group]


RUN = wanted(PROJECT["project"]["dependencies"])
ALL = RUN + wanted(PROJECT["project"]["optional-dependencies"]["dev"], PROJECT["build-system"]["requires"])


def test_constraints_are_lines_of_name_and_version():
    for line in LINES:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line), line
    assert len(PINNED) == len(LINES)
    assert sorted(LINES, key=str.lower) == LINES


@pytest.mark.parametrize("requirement", ALL, ids=lambda requirement: requirement.name)
def test_a_direct_dependency_has_a_floor_that_its_pin_meets(requirement):
    pin = Version(PINNED[canonicalize_name(requirement.name)])
    assert any(part.operator == ">=" for part in requirement.specifier)
    assert pin in requirement.specifier


def needed(**environment):
    """Return the names of all that pip installs for the tests here, or in the environment described."""
    reached, queue = set(), [(requirement, "") for requirement in ALL]
    while queue:
        requirement, extra = queue.pop()
        name = canonicalize_name(requirement.name)
        marker = requirement.marker
        if PLATFORM.match(name) or (marker and not marker.evaluate({"extra": extra} | environment)):
            continue
        for extra in {"", *requirement.extras} - {extra for known, extra in reached if known == name}:
            reached.add((name, extra))
            queue += [(Requirement(text), extra) for text in requirements_of(name)]
    return {name for name, _ in reached}


def requirements_of(name):
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # needed by another version of Python only
        return []


def test_everything_that_gets_installed_is_pinned_and_nothing_else_is():
    assert needed() - set(PINNED) == set()
    if sys.version_info[:2] != (3, 11):
        return  # only with the oldest Python is everything installed that some Python needs
    some_python = set().union(*(needed(python_version=version) for version in ("3.11", "3.12", "3.13", "3.14")))
    assert {name for name in set(PINNED) - some_python if not PLATFORM.match(name)} == set()


def test_the_tests_run_with_the_pinned_versions():
    installed = {name: Version(metadata.version(name)).public for name in needed()}
    assert installed == {name: str(Version(PINNED[name])) for name in installed}


def test_conda_has_the_same_packages_in_the_same_versions():
    assert CONDA["channels"] == ["conda-forge"]
    assert "python=3.12" in CONDA["dependencies"]  # the only spelling that Binder understands
    lines = [line.split("=") for line in CONDA["dependencies"] if line not in ("python=3.12", "pip")]
    assert "pip" in CONDA["dependencies"]
    conda = {CONDA_NAMES.get(name, name): version for name, version in lines}
    assert conda == {requirement.name: PINNED[canonicalize_name(requirement.name)] for requirement in RUN}
    assert "pytorch-cpu" in dict(lines)


def test_jupyterlab_knows_each_setting_and_reads_it(tmp_path, monkeypatch):
    source = ROOT / "course_utils" / "jupyter" / "lab_settings.json"
    folder = tmp_path / "labconfig"
    folder.mkdir()
    shutil.copy(source, folder / "default_setting_overrides.json")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    lab = Path(sys.prefix) / "share" / "jupyter" / "lab"
    for plugin, settings in json.loads(source.read_text()).items():
        schemas = str(lab / "schemas")
        read, _ = get_settings(str(lab / "settings"), schemas, str(tmp_path), schema_name=plugin)
        for name, value in settings.items():
            assert read["schema"]["properties"][name]["default"] == value
    assert read["schema"]["properties"]["autosave"]["default"] is True  # what we leave alone stays


SETTINGS = {"lab_settings.json": "default_setting_overrides.json", "lab_page.json": "page_config.json"}


@pytest.mark.parametrize(("ours", "installed_as"), SETTINGS.items())
def test_the_settings_are_installed(ours, installed_as):
    installed = Path(sys.prefix) / "etc" / "jupyter" / "labconfig" / installed_as
    assert installed.exists(), "the course is not installed in this environment: use `make test`"
    wanted = json.loads((ROOT / "course_utils" / "jupyter" / ours).read_text())
    # JupyterLab adds keys of its own when it starts.
    assert json.loads(installed.read_text()).items() >= wanted.items()


def test_what_is_switched_off_exists():
    page = json.loads((ROOT / "course_utils" / "jupyter" / "lab_page.json").read_text())
    bundles = (Path(sys.prefix) / "share" / "jupyter" / "labextensions").glob("@jupyter/nbgrader/static/*.js")
    code = "".join(path.read_text() for path in bundles)
    assert all(f'"{name}"' in code for name in page["disabledExtensions"])


def make(*arguments, path=None):
    env = os.environ | ({"PATH": path} if path else {})
    command = [shutil.which("make"), "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout


def test_make_help_names_the_commands():
    names = [line.split()[1] for line in make("help").splitlines()]
    assert {"lab", "test", "check", "run", "release", "clean", "help"} <= set(names)
    assert make("help") == make()


@pytest.mark.parametrize(
    ("old", "new", "chosen"),
    [
        (["python3"], ["python3.12", "python3.11"], "python3.12"),
        (["python3.11"], ["python3", "python3.13"], "python3"),
        ([], ["python"], "python"),
        (["python3", "python"], [], "python3"),  # install.py then says that it is too old
    ],
)
def test_make_picks_a_python_that_is_new_enough(tmp_path, old, new, chosen):
    for tool in ("awk", "id", "sh"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    for name in old + new:
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {int(name in old)}\n")
        (tmp_path / name).chmod(0o755)
    assert make("--dry-run", "env", path=str(tmp_path)).split() == [chosen, "install.py"]
    assert make("--dry-run", "env", "PYTHON=mine", path=str(tmp_path)).split() == ["mine", "install.py"]


@pytest.mark.parametrize(("user", "allow_root"), [(0, True), (1000, False)])
def test_make_lab_takes_the_port_and_allows_root_only_to_root(tmp_path, user, allow_root):
    (tmp_path / "id").write_text(f"#!/bin/sh\necho {user}\n")
    (tmp_path / "id").chmod(0o755)
    printed = make("--dry-run", "lab", "PORT=9999", path=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert "--port=9999" in printed
    assert ("--allow-root" in printed) == allow_root
