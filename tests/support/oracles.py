"""What the tests of the metrics share: features, and torchmetrics without a network of its own."""

import numpy as np
from torch import nn

from course_utils.data import vision

assert vision  # registers torchvision's missing operators, which torchmetrics wants


class Identity(nn.Module):
    """A "feature extractor" for torchmetrics that passes features on."""

    def __init__(self, width):
        super().__init__()
        self.num_features = width

    def forward(self, features):
        return features


def features(n, width, seed, *, shift=0.0, rank=None):
    """Correlated features (n, width) of this rank."""
    rng = np.random.default_rng(seed)
    mix = rng.normal(size=(rank or width, width)) / np.sqrt(width)
    return rng.normal(size=(n, rank or width)) @ mix + shift
