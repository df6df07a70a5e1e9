"""The checks of assignment 01, one for each function that the learner writes."""

from course_utils.checks.definitions.gaussians import fit, log_joint, log_posterior, sample
from course_utils.checks.definitions.tables import burglary_given_call, joint_table

__all__ = ["burglary_given_call", "fit", "joint_table", "log_joint", "log_posterior", "sample"]
