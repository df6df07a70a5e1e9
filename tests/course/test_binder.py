"""What Binder would build, asked of repo2docker itself: which Python, which environment file, which last step."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IGNORED = shutil.ignore_patterns(".venv", ".git", "__pycache__")


@pytest.fixture(scope="module")
def dockerfile(tmp_path_factory):
    tree = tmp_path_factory.mktemp("binder") / "course"
    shutil.copytree(ROOT, tree, symlinks=True, ignore=IGNORED)
    options = ["--no-build", "--debug", "--user-id", "1000", "--user-name", "jovyan", "."]
    result = subprocess.run([sys.executable, "-m", "repo2docker", *options], cwd=tree, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


def test_the_python_that_environment_yml_names(dockerfile):
    assert "Building conda environment for python=3.12\n" in dockerfile
    assert "conda/environment.py-3.12-" in dockerfile.replace("-2f", "/").replace("-2e", ".").replace("-2d", "-")


def test_the_environment_file_in_binder_and_nothing_from_the_root(dockerfile):
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"' in dockerfile
    assert "COPY --chown=1000:1000 src/binder/environment.yml ${REPO_DIR}/binder/environment.yml" in dockerfile
    assert "pip install" not in dockerfile  # the package comes with postBuild


def test_post_build_is_run_and_stops_at_the_first_failure(dockerfile):
    assert "RUN ./binder/postBuild" in dockerfile
    post_build = ROOT / "binder" / "postBuild"
    assert post_build.stat().st_mode & 0o111
    lines = [line for line in post_build.read_text().splitlines() if line and not line.startswith("#")]
    assert lines[:2] == ["set -e", "pip install --no-deps -e ."]


@pytest.mark.parametrize("fetched", [True, False])
def test_post_build_fetches_mnist_and_goes_on_without_it(tmp_path, fetched):
    splits = tmp_path / "splits"
    for name, text in {"pip": "", "timeout": f'shift; exec "{sys.executable}" "${{@:2}}"'}.items():
        (tmp_path / name).write_text(f"#!/usr/bin/env bash\n{text}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "course_utils").mkdir()
    action = f"open({str(splits)!r}, 'a').write(split + ' ')" if fetched else "raise FileNotFoundError('no mirror')"
    stub = f"def images(name, split):\n    assert name == 'mnist'\n    {action}\n"
    (tmp_path / "course_utils" / "data.py").write_text(stub)
    (tmp_path / "course_utils" / "__init__.py").touch()
    env = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([ROOT / "binder" / "postBuild"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ("MNIST could not be fetched" in done.stdout) != fetched
    assert not fetched or splits.read_text() == "train test "


def test_post_build_stops_where_the_package_cannot_be_installed(tmp_path):
    (tmp_path / "pip").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "pip").chmod(0o755)
    env = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([ROOT / "binder" / "postBuild"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 1 and "MNIST" not in done.stdout


def test_binder_and_conda_share_one_file():
    link = ROOT / "binder" / "environment.yml"
    assert link.is_symlink() and link.resolve() == ROOT / "environment.yml"
