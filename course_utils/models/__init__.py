"""The models of the course, one file a family. Losses are in `losses`, training in `training`."""

from course_utils.models.gan import Discriminator, Generator
from course_utils.models.layers import first_weights, largest_singular_value, mlp
from course_utils.models.vae import VAE, ConditionalVAE, GaussianVAE, reparameterize

__all__ = [
    "VAE",
    "ConditionalVAE",
    "Discriminator",
    "GaussianVAE",
    "Generator",
    "first_weights",
    "largest_singular_value",
    "mlp",
    "reparameterize",
]
