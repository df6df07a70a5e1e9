"""An IPython shell without a server: what a cell prints, shows and raises becomes notebook outputs, within a limit."""

import builtins
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

KEPT = ("text/plain", "image/png", "image/jpeg")
PICTURE_BYTES = 2_000_000
PICTURE = re.compile(
    r'<img alt="[^"]*" src="data:image/png;base64,([A-Za-z0-9+/=]+)"[^<>]*>'
)  # the course's own figures


class Outputs:
    """The outputs of one cell. Past the limit of characters, text is dropped and one line says so."""

    def __init__(self, limit: int) -> None:
        self.items: list[dict] = []
        self.left, self.dropped = limit, False

    def text(self, name: str, text: str) -> None:
        kept, self.left = text[: self.left], max(0, self.left - len(text))
        if len(kept) < len(text) and not self.dropped:
            self.dropped = True
            kept += "\n[output cut here: too long]\n"
        if not kept:
            return
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += kept
        else:
            self.items.append({"output_type": "stream", "name": name, "text": kept})

    def data(self, kind: str, data: dict) -> None:
        kept, html = {}, data.get("text/html")
        picture = PICTURE.fullmatch(html) if isinstance(html, str) else None
        data = {**data, "image/png": picture.group(1)} if picture else data
        for key in KEPT:
            value = data.get(key)
            if isinstance(value, str) and len(value) <= (PICTURE_BYTES if key.startswith("image") else self.left):
                kept[key] = value
                self.left -= 0 if key.startswith("image") else len(value)
        if kept and len(self.items) < 200:
            extra = {"execution_count": None} if kind == "execute_result" else {}
            self.items.append({"output_type": kind, "data": kept, "metadata": {}, **extra})

    def error(self, name: str, value: str, lines: list[str]) -> None:
        lines = [line[:2000] for line in lines[:60]]
        self.items.append({"output_type": "error", "ename": name, "evalue": value[:4000], "traceback": lines})


class _Stream(io.TextIOBase):
    def __init__(self, shell: "Shell", name: str) -> None:
        self.shell, self.stream_name = shell, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.shell.outputs.text(self.stream_name, str(text))
        return len(text)


class _Hook(DisplayHook):
    def __call__(self, result: object = None) -> None:
        if result is None or self.quiet():
            return
        builtins._ = result
        data, _ = self.compute_format_data(result)
        self.shell.outputs.data("execute_result", data)


class _Publisher(DisplayPublisher):
    def publish(self, data: dict, metadata: dict | None = None, **_: object) -> None:
        self.shell.outputs.data("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.items.clear()


class Shell(InteractiveShell):
    """Runs a learner's cells as a notebook's kernel would: magics, displays, `await`, errors with their traceback."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    outputs = Outputs(0)
    failed: tuple[str, str] | None = None

    def __init__(self, **kwargs: object) -> None:
        config = Config({"HistoryManager": {"enabled": False}, "Shell": {"colors": "nocolor"}})
        super().__init__(config=config, **kwargs)

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.failed = (getattr(etype, "__name__", str(etype)), str(evalue))
        self.outputs.error(*self.failed, stb)

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window here."""

    @contextmanager
    def recording(self, limit: int) -> Iterator[Outputs]:
        self.outputs, self.failed = Outputs(limit), None
        with redirect_stdout(_Stream(self, "stdout")), redirect_stderr(_Stream(self, "stderr")):
            yield self.outputs
