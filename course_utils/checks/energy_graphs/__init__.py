"""The checks of assignment 09, one for each function that the learner writes."""

from course_utils.checks.energy_graphs.chain import cd_loss, gibbs_step, p_h_given_x, p_x_given_h
from course_utils.checks.energy_graphs.energies import energy, free_energy, log_likelihood
from course_utils.checks.energy_graphs.tables import conditional, joint
from course_utils.checks.energy_graphs.weighting import estimate, likelihood_weighting

__all__ = [
    "cd_loss",
    "conditional",
    "energy",
    "estimate",
    "free_energy",
    "gibbs_step",
    "joint",
    "likelihood_weighting",
    "log_likelihood",
    "p_h_given_x",
    "p_x_given_h",
]
