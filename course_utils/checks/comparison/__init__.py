"""The checks of assignment 05, one for each function that the learner writes."""

from course_utils.checks.comparison.budgets import parameter_count, train_for, width_for_budget
from course_utils.checks.comparison.splits import split
from course_utils.checks.comparison.tables import evaluate, summary
from course_utils.checks.comparison.verdicts import verdict

__all__ = ["evaluate", "parameter_count", "split", "summary", "train_for", "verdict", "width_for_budget"]
