"""What every explorer is made of, and the explorers that several lectures share."""

from course_utils.widgets.latent import arithmetic, interpolation, latent_explorer
from course_utils.widgets.live import live_curves

__all__ = ["arithmetic", "interpolation", "latent_explorer", "live_curves"]
