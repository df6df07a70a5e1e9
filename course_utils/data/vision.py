"""torchvision, imported in this one place.

A torchvision built for CUDA beside a CPU build of torch cannot load its compiled operators. Importing it then fails
with "operator torchvision::nms does not exist". The course uses only the parts of torchvision that are written in
Python, and these need no more than the names of the missing operators. So write

    >>> from course_utils.data.vision import datasets  # or models, transforms

and not `import torchvision`. Where the plain import works, nothing is registered. Where it does not, calling one of the
compiled operators (non-maximum suppression, for example) still raises an error.
"""

import importlib
import sys

import torch

# What torchvision 0.28 looks up by name while it is imported (torchvision/_meta_registrations.py).
_OPERATORS = ("nms", "qnms")
_registered: list[torch.library.Library] = []  # an operator lives as long as the Library that defined it


def _register_missing() -> None:
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in _OPERATORS:
        if not hasattr(torch.ops.torchvision, name):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _registered.append(library)


def _import_torchvision() -> None:
    # The plain import goes first: names defined before it would clash with the compiled operators where these exist.
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if not any(f"torchvision::{name} does not exist" in str(error) for name in _OPERATORS):
            raise
        for module in [m for m in sys.modules if m.partition(".")[0] == "torchvision"]:
            del sys.modules[module]  # half-imported
        _register_missing()
        importlib.import_module("torchvision")


_import_torchvision()

from torchvision import datasets, models, transforms  # noqa: E402

__all__ = ["datasets", "models", "transforms"]
