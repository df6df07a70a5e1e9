"""What every explorer is made of, and the explorers that several lectures share."""

from course_utils.widgets.latent import arithmetic, interpolation, latent_explorer, latent_sweep
from course_utils.widgets.live import live_curves
from course_utils.widgets.panel import LivePicture, Panel, View, choice, image_png, slider, strip

__all__ = [
    "LivePicture",
    "Panel",
    "View",
    "arithmetic",
    "choice",
    "image_png",
    "interpolation",
    "latent_explorer",
    "latent_sweep",
    "live_curves",
    "slider",
    "strip",
]
