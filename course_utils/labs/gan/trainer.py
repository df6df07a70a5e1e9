"""The live trainer of lecture 04: a GAN that trains while one watches.

The browser's Play button asks for one picture after another; each request trains a few steps in the kernel and draws.
So there is no thread and no task: a paused button or a closed page asks for nothing, and other cells run in between.
"""

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets

from course_utils.labs.gan.paint import SIDE, WIDTH, jpeg, paint, plane
from course_utils.labs.gan.session import DISCRIMINATORS, MY_POINTS, PRESETS, SETS, Frame, Session, Setup
from course_utils.plotting import CSS_DPI, Picture, picture
from course_utils.training.gan import LOSSES
from course_utils.widgets.panel import Panel, View, choice, slider

RATES = (1e-3, 2e-3, 4e-3, 1e-2, 3e-2, 1e-1)
# The controls that say how a new network begins; the others only show or train it.
CHOICES = (
    "data",
    "points",
    "loss",
    "discriminator",
    "instance_noise",
    "penalty",
    "lr",
    "lr_ratio",
    "d_steps",
    "seed",
)


def _controls() -> dict[str, Any]:
    start = Setup()
    penalty = "Weight of R1, or of the Wasserstein gradient penalty (0.1 to 1)"
    play = ipywidgets.Play(
        min=0, max=10**9, interval=33, show_repeat=False, description="play", tooltip="Train and watch; pause; stop"
    )
    text = {"style": {"description_width": "72px"}, "layout": {"width": "300px", "height": "54px", "margin": "1px"}}
    return {
        "play": play,
        "speed": slider("speed", 1, 30, 5, "Steps of G between two pictures"),
        "scrub": slider("look back", 0, 0, 0, "Go back over what was recorded"),
        "data": choice("data", SETS, start.data, "Real points"),
        "points": ipywidgets.Textarea(MY_POINTS, description="my points", tooltip="Centers: x y; x y; …", **text),
        "loss": choice("loss", list(LOSSES), start.config.loss, "Loss of both players"),
        "discriminator": choice(
            "D sees", list(DISCRIMINATORS), start.discriminator, "Remedies inside the discriminator"
        ),
        "instance_noise": slider("noise", 0.0, 1.0, 0.0, "Instance noise: blurs what D sees", step=0.1),
        "penalty": slider("penalty", 0.0, 1.0, 0.0, penalty, step=0.05),
        "lr": choice(
            "rate of G", [1e-3, 2e-3, 4e-3, 1e-2, 3e-2, 1e-1], start.config.lr, "Learning rate of the generator"
        ),
        "lr_ratio": choice("D over G", [0.1, 0.25, 0.5, 1.0, 2.0, 4.0], 1.0, "Learning rate of D over that of G"),
        "d_steps": slider("D steps", 1, 10, 1, "Steps of D for each step of G"),
        "seed": slider("seed", 0, 20, 0, "Sets the first weights, the data and the noise"),
    }


ROOM = ' style="padding:0 8px 0 0;line-height:1.4;text-align:left"'


class Diary(ipywidgets.HTML):
    """What was tried, a row a press: all settings and scores in `rows`, and as CSV by the link below the table."""

    def __init__(self) -> None:
        super().__init__(layout={"width": "340px"})
        self.rows: list[dict[str, Any]] = []

    def record(self, settings: Mapping[str, Any], start: Mapping[str, Any], frame: Frame) -> None:
        """Add a row. The table names only the settings that are not those of the start."""
        scores = {"steps D": frame.steps[0], "steps G": frame.steps[1], "modes": frame.modes, "good": frame.good}
        losses = {"loss D": frame.d_loss, "loss G": frame.g_loss}
        changed = ", ".join(f"{name} {value}" for name, value in settings.items() if value != start[name])
        self.rows.append({"changed": changed or "nothing", **settings, **scores, **losses})
        self.value = self._table() + self._link()

    def _table(self) -> str:
        shown = ["changed", "steps G", "modes", "good"]
        head = "".join(f"<th{ROOM}>{name}</th>" for name in shown)
        cells = [[f"{v:.0%}" if isinstance(v, float) else str(v) for v in map(row.get, shown)] for row in self.rows]
        lines = ["".join(f"<td{ROOM}>{escape(text)}</td>" for text in line) for line in cells]
        return f"<table><tr>{head}</tr>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"

    def _link(self) -> str:
        file = io.StringIO()
        writer = csv.DictWriter(file, list(self.rows[0]))
        writer.writeheader()
        writer.writerows(self.rows)
        data = base64.b64encode(file.getvalue().encode()).decode()
        return f'<a download="gan_diary.csv" href="data:text/csv;base64,{data}"><u>Save as CSV</u></a>'


class GANTrainer(Panel):
    """Play, or one step of D or G at a time; any change of the setup starts a new network at step 0."""

    def __init__(self) -> None:
        self.session, self.diary = Session(Setup()), Diary()
        view = View(WIDTH, SIDE)
        view.image.format = "jpeg"
        buttons = {
            "Step D": (lambda: self._train("d_only"), "One step of the discriminator only"),
            "50 × D": (lambda: self._train("d_only", 50), "Fifty steps of the discriminator only"),
            "Step G": (lambda: self._train("g_only"), "One step of the generator only"),
            "Record": (self._note, "Keep these settings, and the scores now, as a row of the table"),
        }
        for name, (changes, what) in PRESETS.items():
            buttons[name] = (lambda changes=changes: self._preset(changes), what)
        follow = {"play": self._tick, **dict.fromkeys(CHOICES, self._restart)}
        super().__init__(
            self._show,
            _controls(),
            {"game": view},
            follow=follow,
            buttons=buttons,
            on_reset=self._begin_anew,
            extra=[self.diary],
        )

    def _show(self, scrub: int, **_: Any) -> dict[str, tuple[bytes, str]]:
        index = min(scrub, len(self.session.frames) - 1)
        return {"game": (jpeg(paint(self.session, index)), self.session.caption(self.session.frames[index]))}

    def _tick(self, value: int) -> None:
        if value:  # 0 is the stop button
            self._train("advance", self.controls["speed"].value)

    def _train(self, work: str, *arguments: int) -> None:
        getattr(self.session, work)(*arguments)
        self._to_end()

    def _restart(self, _: Any = None) -> None:
        """Raises, and keeps the old session, while the points are not yet points: the panel says what is wrong."""
        self.session = Session(Setup.of(**{name: self.controls[name].value for name in CHOICES}))
        self._to_end()

    def _preset(self, changes: Mapping[str, Any]) -> None:
        """All as at the start, but for these."""
        self.set(**{name: self._start[name] for name in CHOICES} | dict(changes))
        self._begin_anew()

    def _note(self) -> None:
        frame = self.session.frames[min(self.controls["scrub"].value, len(self.session.frames) - 1)]
        settings = {name: self.controls[name].value for name in CHOICES}
        self.diary.record(settings, self._start, frame)

    def _begin_anew(self) -> None:
        self.controls["play"].playing = False
        self._restart()

    def _to_end(self) -> None:
        with self.hold():
            scrub, last = self.controls["scrub"], len(self.session.frames) - 1
            scrub.max = last
            scrub.value = last


def gan_trainer() -> GANTrainer:
    """The live trainer, paused at step 0."""
    return GANTrainer()


def static_reading(setup: Setup, steps: Sequence[int]) -> Picture:
    """What the trainer shows after so many steps, side by side, for those who read on paper."""
    session, captions = Session(setup), []
    alt = "Snapshots of the live trainer, generated points with arrows that follow D's slope"
    figure, axes = picture(1, len(steps), alt=alt, title="The live trainer, at rest", height=2.6)
    for ax, (before, step) in zip(axes, zip([0, *steps], steps, strict=False), strict=True):
        if step > before:
            session.advance(step - before)
        ax.imshow(plane(session.x.numpy(), session.frames[-1]))
        ax.set(title=f"step {step}", xticks=[], yticks=[])
        captions.append(session.caption(session.frames[-1]))
    figure.alt = f"{alt}: {'; '.join(captions)}"
    figure.set_size_inches(figure.get_figwidth(), 300 / CSS_DPI)
    return figure
