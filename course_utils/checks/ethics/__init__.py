"""The checks of assignment 06, one for each function that the learner writes."""

from course_utils.checks.ethics.privacy import copy_audit, membership_score
from course_utils.checks.ethics.ranking import auc, tpr_at_fpr
from course_utils.checks.ethics.shares import class_shares, drift, importance_weights

__all__ = ["auc", "class_shares", "copy_audit", "drift", "importance_weights", "membership_score", "tpr_at_fpr"]
