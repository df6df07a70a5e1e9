"""A picture that is drawn once and then only has its moving parts redrawn, which takes a third of the time."""

from collections.abc import Iterable

from matplotlib.artist import Artist

from course_utils.plotting import Picture
from course_utils.widgets.panel import LIVE_DENSITY, live_png, png_file


class Stage:
    """Axes and texts of `picture` become a background; `png` draws the `moving` artists over it, in that order."""

    def __init__(self, picture: Picture, moving: Iterable[Artist], density: float = LIVE_DENSITY) -> None:
        self.picture, self.moving = picture, list(moving)
        for artist in self.moving:
            artist.set_animated(True)
        live_png(picture, density)
        self.background = picture.canvas.copy_from_bbox(picture.bbox)

    def png(self) -> bytes:
        """The picture as it is now."""
        canvas = self.picture.canvas
        canvas.restore_region(self.background)
        for artist in self.moving:
            artist.axes.draw_artist(artist)
        return png_file(canvas.buffer_rgba())
