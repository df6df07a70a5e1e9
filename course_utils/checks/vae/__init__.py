"""The checks of assignment 03, one for each function that the learner writes."""

from course_utils.checks.vae.networks import Decoder, Encoder, sample
from course_utils.checks.vae.terms import elbo, kl_standard_normal, log_bernoulli, reparameterize

__all__ = ["Decoder", "Encoder", "elbo", "kl_standard_normal", "log_bernoulli", "reparameterize", "sample"]
