"""Metrics that compare generated with real data, each with its formula, its source, and loud on bad input.

Features are `(N, F)`, tensors or arrays; everything is computed in float64. The order of arguments is real, then fake.
A feature extractor is any module whose forward returns (features, logits); `embed` runs it over images.
"""

from course_utils.metrics.features import Classifier, Embedding, Inception, embed, inception, train_classifier
from course_utils.metrics.frechet import Extrapolation, frechet_distance, frechet_extrapolated, frechet_gaussians
from course_utils.metrics.inception_score import inception_score
from course_utils.metrics.inputs import Estimate
from course_utils.metrics.intervals import Interval, mean_interval, welch_interval, wilson_interval
from course_utils.metrics.kid import kid
from course_utils.metrics.modes import ModeCoverage, mode_coverage
from course_utils.metrics.neighbors import PRDC, Memorization, copy_threshold, memorization, nearest_neighbors, prdc

__all__ = [
    "PRDC",
    "Classifier",
    "Embedding",
    "Estimate",
    "Extrapolation",
    "Inception",
    "Interval",
    "Memorization",
    "ModeCoverage",
    "copy_threshold",
    "embed",
    "frechet_distance",
    "frechet_extrapolated",
    "frechet_gaussians",
    "inception",
    "inception_score",
    "kid",
    "mean_interval",
    "memorization",
    "mode_coverage",
    "nearest_neighbors",
    "prdc",
    "train_classifier",
    "welch_interval",
    "wilson_interval",
]
