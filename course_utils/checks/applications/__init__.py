"""The checks of assignment 11, one for each function that the learner writes."""

from course_utils.checks.applications.intervals import coverage, interval
from course_utils.checks.applications.missing import conditional
from course_utils.checks.applications.pictures import shrink, upsample
from course_utils.checks.applications.rows import balance, split
from course_utils.checks.applications.tables import prepare
from course_utils.checks.applications.thresholds import threshold

__all__ = [
    "balance",
    "conditional",
    "coverage",
    "interval",
    "prepare",
    "shrink",
    "split",
    "threshold",
    "upsample",
]
