"""The checks of assignment 07, one for each function that the learner writes."""

from course_utils.checks.evaluation.scores import (
    frechet_distance,
    frechet_distance_refuses,
    inception_score,
    moments,
    over_splits,
)
from course_utils.checks.evaluation.sets import extrapolate, precision_recall

__all__ = [
    "extrapolate",
    "frechet_distance",
    "frechet_distance_refuses",
    "inception_score",
    "moments",
    "over_splits",
    "precision_recall",
]
