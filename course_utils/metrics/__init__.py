"""Metrics that compare generated with real data, each with its formula, its source, and loud on bad input.

Features are `(N, F)`, tensors or arrays; everything is computed in float64. The order of arguments is real, then fake.
A feature extractor is any module whose forward returns (features, logits); `embed` runs it over images. What the
functions return has its class in the module that defines it. Confidence intervals are in `metrics.intervals`, ROC
curves in `metrics.roc`.
"""

from course_utils.metrics.features import embed, inception, train_classifier
from course_utils.metrics.frechet import frechet_distance, frechet_extrapolated, frechet_gaussians
from course_utils.metrics.inception_score import inception_score
from course_utils.metrics.kid import kid
from course_utils.metrics.modes import mode_coverage
from course_utils.metrics.neighbors import memorization, nearest_neighbors, prdc

__all__ = [
    "embed",
    "frechet_distance",
    "frechet_extrapolated",
    "frechet_gaussians",
    "inception",
    "inception_score",
    "kid",
    "memorization",
    "mode_coverage",
    "nearest_neighbors",
    "prdc",
    "train_classifier",
]
