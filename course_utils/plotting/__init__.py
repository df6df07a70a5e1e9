"""Figures for the page: a `Picture` shows itself once, with alt text; charts and grids return one.

What a diagram is made of stands in `plotting.diagrams`.
"""

from course_utils.plotting.charts import curves, image_grid, latent_map
from course_utils.plotting.diagrams import gan_diagram, vae_diagram
from course_utils.plotting.figure import CLASS_COLORS, COLORS, CSS_DPI, MAX_WIDTH, Picture, picture, to_png

__all__ = [
    "CLASS_COLORS",
    "COLORS",
    "CSS_DPI",
    "MAX_WIDTH",
    "Picture",
    "curves",
    "gan_diagram",
    "image_grid",
    "latent_map",
    "picture",
    "to_png",
    "vae_diagram",
]
