"""The checks of assignment 08, one for each function that the learner writes."""

from course_utils.checks.flows_diffusion.flows import coupling_forward, coupling_inverse, log_prob
from course_utils.checks.flows_diffusion.loss import denoising_loss
from course_utils.checks.flows_diffusion.noise import q_sample
from course_utils.checks.flows_diffusion.steps import ddim_step, ddpm_step, guided

__all__ = [
    "coupling_forward",
    "coupling_inverse",
    "ddim_step",
    "ddpm_step",
    "denoising_loss",
    "guided",
    "log_prob",
    "q_sample",
]
