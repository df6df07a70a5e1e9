"""What every explorer is made of: PNG bytes, a `View` that shows them, a `Panel` that wires controls to views.

A control's change runs one pure function, `show`, and sets one image's bytes. No widget is ever made anew, so nothing
flickers. What fails is said in the panel, and the last good picture stays.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist
from numpy.typing import ArrayLike
from PIL import Image
from traitlets import Unicode

from course_utils.plotting import CSS_DPI, Picture

LIVE_DENSITY = 1.5  # image pixels to the CSS pixel of a picture that is redrawn while one looks


def png_file(image: Image.Image | memoryview) -> bytes:
    """An image, or what a canvas's `buffer_rgba` gives, as a PNG file.

    Compressed least: the way to the browser is short, so that time counts, not size.
    """
    if not isinstance(image, Image.Image):
        image = Image.fromarray(np.asarray(image)).convert("RGB")  # faster than to leave one of four numbers out
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def image_png(image: ArrayLike, scale: int = 1) -> bytes:
    """A gray-level image `(H, W)` or `(1, H, W)` in [0, 1] as a PNG file, each pixel a square of `scale` pixels.

    0 is white, 1 is black; values outside are clipped. Raises ValueError for another shape or a value not finite.
    """
    gray = np.asarray(image.detach() if hasattr(image, "detach") else image, dtype=np.float32)
    if gray.ndim == 3 and gray.shape[0] == 1:
        gray = gray[0]
    if gray.ndim != 2:
        raise ValueError(f"image_png draws one image (H, W) or (1, H, W), got the shape {gray.shape}.")
    if not np.isfinite(gray).all():
        raise ValueError("The image holds values that are not finite.")
    ink = np.rint(255 * (1 - gray.clip(0, 1))).astype(np.uint8)
    paper = Image.fromarray(ink)
    return png_file(paper.resize((paper.width * scale, paper.height * scale), Image.Resampling.NEAREST))


def strip(images: ArrayLike, gap: int = 1) -> np.ndarray:
    """Images `(N, 1, H, W)` or `(N, H, W)` side by side, `gap` light columns between them: `(H, N W + (N - 1) gap)`."""
    row = np.asarray(images.detach() if hasattr(images, "detach") else images, dtype=np.float32)
    row = row.reshape(len(row), *row.shape[-2:])
    spaced = np.pad(row, ((0, 0), (0, 0), (0, gap)), constant_values=0.12)
    return np.concatenate(list(spaced), axis=1)[:, : spaced.shape[0] * spaced.shape[2] - gap]


class LivePicture:
    """A Picture that is drawn again and again, as PNG: only its `moving` artists, over the rest, which is kept.

    With none moving all of it is drawn, and laid out anew only if tick labels grow. Three times as fast with.
    """

    def __init__(self, picture: Picture, moving: Iterable[Artist] = ()) -> None:
        self.picture, self.moving, self._room = picture, list(moving), None
        picture.set_dpi(CSS_DPI * LIVE_DENSITY)
        for artist in self.moving:
            artist.set_animated(True)
        self._draw_all()
        self._background = picture.canvas.copy_from_bbox(picture.bbox)

    def png(self) -> bytes:
        """The picture as it is now."""
        if not self.moving:
            self._draw_all()
        else:
            self.picture.canvas.restore_region(self._background)
            for artist in self.moving:
                artist.axes.draw_artist(artist)
        return png_file(self.picture.canvas.buffer_rgba())

    def _draw_all(self) -> None:
        axes = [axis for ax in self.picture.axes for axis in (ax.xaxis, ax.yaxis)]
        room = [max((len(label.get_text()) for label in axis.get_ticklabels()), default=0) for axis in axes]
        if room != self._room:
            self.picture.set_layout_engine("constrained")
            self.picture.draw_without_rendering()
            self.picture.set_layout_engine("none")
            self._room = room
        self.picture.canvas.draw()


Content = LivePicture | tuple[bytes, str]  # a picture to be drawn as it is now, or a PNG and its caption


def slider(label: str, low: float, high: float, value: float, tooltip: str, step: float = 1) -> widgets.Widget:
    """A slider over integers if all of its numbers are, else over floats."""
    whole = all(isinstance(number, int) for number in (low, high, value, step))
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    return kind(value, min=low, max=high, step=step, description=label, tooltip=tooltip, **_CONTROL)


def choice(label: str, options: Sequence[Any], value: Any, tooltip: str) -> widgets.SelectionSlider:
    """A slider over values, or pairs (name, value). Not a menu: in JupyterLab an arrow key leaves that for a cell."""
    return widgets.SelectionSlider(options=options, value=value, description=label, tooltip=tooltip, **_CONTROL)


_CONTROL: dict[str, Any] = {"style": {"description_width": "72px"}, "layout": {"width": "340px", "margin": "1px"}}


class _Image(widgets.Image):
    """An Image whose tooltip is shown: the browser's side of ipywidgets 8 fails on a tooltip without a description."""

    description = Unicode("").tag(sync=True)


class View(widgets.VBox):
    """A picture of a fixed width in CSS pixels (its room is kept while it is empty), with a caption above it."""

    def __init__(self, width: int, height: int | None = None) -> None:
        self.caption = widgets.Label("", layout={"max_width": f"{width}px", "min_height": "28px"})
        size = {"width": f"{width}px", "max_width": "100%", "min_height": f"{height}px" if height else "auto"}
        whole = {"object_fit": "contain", "object_position": "left top"}  # on a narrow page it shrinks, undistorted
        self.image = _Image(format="png", layout={**size, **whole, "border": "1px solid #DDE3EA"})
        super().__init__([self.caption, self.image], layout={"margin": "0 12px 0 0"})

    def put(self, png: bytes, caption: str, alt: str) -> None:
        """Show a PNG; `alt` says what it is to who cannot see it (as the title of the image)."""
        with self.image.hold_sync():
            self.image.value, self.image.tooltip = png, alt
        self.caption.value = caption


def _render(content: Content) -> tuple[bytes, str, str]:
    """PNG, caption, alt text."""
    if isinstance(content, LivePicture):
        return content.png(), "", content.picture.alt
    return *content, content[1]


class Panel(widgets.HBox):
    """Labeled controls with a Reset button, views, and a line for errors.

    `show(**values)`, given the controls' values by name, returns the content of each view by name: a LivePicture
    whose artists it has updated, or (PNG, caption). Changes made within `hold` are drawn once, at its end.

    Args: `follow[name](value)` runs when the user moves that control, before the drawing, and may `set` others;
    `buttons[label]` is (action, tooltip); `on_reset` runs when Reset has put all controls back;
    `extra` stands below the buttons.
    Raises ValueError for a control without label or tooltip, and whatever the first `show` raises.
    """

    def __init__(
        self,
        show: Callable[..., Mapping[str, Content]],
        controls: Mapping[str, widgets.ValueWidget],
        views: Mapping[str, View],
        *,
        follow: Mapping[str, Callable[[Any], None]] | None = None,
        buttons: Mapping[str, tuple[Callable[[], None], str]] | None = None,
        on_reset: Callable[[], None] = lambda: None,
        extra: Sequence[widgets.Widget] = (),
    ) -> None:
        self.show, self.controls, self.views = show, dict(controls), dict(views)
        self.exception: Exception | None = None
        self._start, self._held, self._on_reset = self.values, 0, on_reset
        for name, control in self.controls.items():
            if not (control.description and control.tooltip):
                raise ValueError(f"The control '{name}' needs a label (description) and a tooltip.")
            control.observe(self._observer((follow or {}).get(name)), names="value")
        actions = {**(buttons or {}), "Reset": (self.reset, "Put everything back as it was at the start")}
        self.buttons = {label: self._button(label, *given) for label, given in actions.items()}
        self.error = widgets.HTML()
        row = widgets.HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"})
        left = [*self.controls.values(), row, *extra, self.error]
        super().__init__(
            [
                widgets.VBox(left, layout={"flex": "0 0 352px", "margin": "0 12px 0 0"}),
                widgets.HBox(list(self.views.values()), layout={"flex": "1 1 0", "flex_flow": "row wrap"}),
            ]
        )
        self._draw()

    @property
    def values(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: control.value for name, control in self.controls.items()}

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Draw once, at the end, whatever is changed inside; nothing in `follow` runs for these changes."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
        if not self._held:
            self._draw()

    def set(self, **values: Any) -> None:
        """Set several controls by name and draw once."""
        with self.hold():
            for name, value in values.items():
                self.controls[name].value = value

    def reset(self) -> None:
        """All controls as they were at the start."""
        with self.hold():
            self.set(**self._start)
            self._on_reset()

    def _draw(self) -> None:
        ready = {name: _render(content) for name, content in self.show(**self.values).items()}
        for name, content in ready.items():
            self.views[name].put(*content)

    def _attempt(self, work: Callable[[], None]) -> None:
        """Do the work and draw; if that fails, say so in the panel and keep the picture."""
        try:
            with self.hold():
                work()
        except Exception as error:
            self.exception = error
            text = f"{type(error).__name__}: {error}"
            self.error.value = f'<div role="alert" style="{_ALERT}">{escape(text)}</div>'
        else:
            self.exception, self.error.value = None, ""

    def _observer(self, follow: Callable[[Any], None] | None) -> Callable[[Any], None]:
        def changed(change: Any) -> None:
            if not self._held:
                self._attempt(lambda: follow(change["new"]) if follow else None)

        return changed

    def _button(self, label: str, action: Callable[[], None], tooltip: str) -> widgets.Button:
        button = widgets.Button(description=label, tooltip=tooltip, layout={"width": "auto"})
        button.on_click(lambda _: self._attempt(action))
        return button


_ALERT = "color:#8B0000;background:#FFF1F0;border-left:4px solid #D00000;padding:4px 8px;line-height:1.4"
