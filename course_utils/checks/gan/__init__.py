"""The checks of assignment 04, one for each function that the learner writes."""

from course_utils.checks.gan.coverage import mode_coverage
from course_utils.checks.gan.losses import discriminator_loss, generator_loss, generator_loss_minimax
from course_utils.checks.gan.networks import Discriminator, Generator
from course_utils.checks.gan.steps import d_step, g_step

__all__ = [
    "Discriminator",
    "Generator",
    "d_step",
    "discriminator_loss",
    "g_step",
    "generator_loss",
    "generator_loss_minimax",
    "mode_coverage",
]
