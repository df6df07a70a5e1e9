"""The checks of assignment 03, one for each function that the learner writes."""

from course_utils.checks.vae.terms import (
    Decoder,
    Encoder,
    elbo,
    kl_standard_normal,
    log_bernoulli,
    reparameterize,
    sample,
)

__all__ = ["Decoder", "Encoder", "elbo", "kl_standard_normal", "log_bernoulli", "reparameterize", "sample"]
