"""torchvision through `course_utils.data.vision`, mostly in fresh processes: what is imported stays imported."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Stand-ins for torchvision: what the import does, then the submodules that the course uses.
COMPILED = """
    import torch
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.impl(name, lambda dets, scores, iou_threshold: scores + 1, "CPU")
"""
NOT_COMPILED = """
    import torch, torchvision.extension
    torch.library.register_fake("torchvision::nms")(lambda dets, scores, iou_threshold: scores)
    torch.library.register_fake("torchvision::qnms")(lambda dets, scores, iou_threshold: scores)
"""


def run(code: str, *path: Path) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, [*path, ROOT]))}
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(code)]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def stand_in(folder: Path, on_import: str) -> Path:
    package = folder / "torchvision"
    package.mkdir()
    lines = "from torchvision import datasets, models, transforms"
    (package / "__init__.py").write_text(f"{textwrap.dedent(on_import)}\n{lines}\n")
    for name in ("extension", "datasets", "models", "transforms"):
        (package / f"{name}.py").touch()
    return folder


def test_the_installed_torchvision_works_also_after_its_plain_import_failed():
    done = run(
        """
        import sys, torch
        try:
            import torchvision
        except RuntimeError as error:  # the case this module is for; it does not arise in every installation
            assert "does not exist" in str(error)
        from course_utils.data import vision
        from course_utils.data.vision import datasets, models, transforms
        assert datasets.MNIST.resources and models.resnet18 and transforms.Compose
        import torchvision
        assert torchvision.datasets is datasets
        image = torch.arange(12.0).view(1, 3, 4)
        assert transforms.functional.hflip(image)[0, 0].tolist() == [3, 2, 1, 0]
        """
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr == ""


def test_missing_operators_are_registered_and_still_refuse_to_run(tmp_path):
    done = run(
        """
        import torch
        try:
            import torchvision
        except RuntimeError as error:
            print(error)
        from course_utils.data import vision
        try:
            torch.ops.torchvision.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
        except NotImplementedError:
            print("refused")
        """,
        stand_in(tmp_path, NOT_COMPILED),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "operator torchvision::nms does not exist\nrefused\n", "")


def test_compiled_operators_are_not_shadowed(tmp_path):
    done = run(
        """
        import torch
        from course_utils.data import vision
        print(torch.ops.torchvision.nms(torch.zeros(1, 4), torch.ones(1), 0.5).tolist(), vision._registered)
        """,
        stand_in(tmp_path, COMPILED),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[2.0] []\n", "")


def test_another_failure_is_passed_on(monkeypatch):
    from course_utils.data import vision

    def fail(name: str) -> None:
        raise RuntimeError("CUDA versions differ")

    monkeypatch.setattr(vision.importlib, "import_module", fail)
    with pytest.raises(RuntimeError, match="CUDA versions differ"):
        vision._import_torchvision()
