"""What Binder would build, asked of repo2docker itself: which Python, which environment file, which last step."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
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
    assert lines == ["set -e", "pip install --no-deps -e ."]


def test_binder_and_conda_share_one_file():
    link = ROOT / "binder" / "environment.yml"
    assert link.is_symlink() and link.resolve() == ROOT / "environment.yml"
