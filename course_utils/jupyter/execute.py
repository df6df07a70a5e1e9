"""Run notebooks from top to bottom in a fresh kernel, and say how long each took and how much memory it used.

    python -m course_utils.jupyter.execute                          every lecture
    python -m course_utils.jupyter.execute lectures/03_vae.ipynb    one of them

Outputs are thrown away: the files are only read. The kernel has no network but this machine (`offline/`).
"""

import argparse
import contextlib
import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from tqdm import tqdm
from traitlets.config import Config

OFFLINE = Path(__file__).parent / "offline"
ROW = "{:<40} {:>8} {:>8}  {}"


@dataclass
class Result:
    """What one execution gave. `error` is None when every cell ran; `notebook` holds the outputs, in memory only."""

    path: Path
    seconds: float
    peak_mb: float
    error: str | None
    notebook: nbformat.NotebookNode

    @property
    def passed(self) -> bool:
        return self.error is None


class PeakMemory(threading.Thread):
    """Sample the resident memory of a process and its children; `peak` is the largest sum seen, in bytes.

    Pages that processes share are counted for each. On Linux the peak that the kernel keeps of the process itself
    (VmHWM) is read as well, so that a spike between two samples is not missed.
    """

    def __init__(self, pid: int, interval: float = 0.1) -> None:
        super().__init__(daemon=True)
        self.process, self.interval, self.peak = psutil.Process(pid), interval, 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(self.interval):
            self.sample()

    def sample(self) -> None:
        """Take one reading; also wanted after each cell, since the kernel's own peak is gone when it ends."""
        with contextlib.suppress(psutil.NoSuchProcess):  # a child that ended between the two lines below
            tree = [self.process, *self.process.children(recursive=True)]
            resident = sum(process.memory_info().rss for process in tree)
            self.peak = max(self.peak, resident, high_water(self.process.pid))

    def stop(self) -> None:
        self.stopped.set()
        self.join()


def high_water(pid: int) -> int:
    """Return the largest resident size that a process ever had, in bytes; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return max((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), default=0)


def execute(
    path: str | Path,
    timeout: float = 600,
    *,
    offline: bool = True,
    progress: bool = False,
    before: str = "",
    after: str = "",
) -> Result:
    """Execute a notebook in a kernel of its own, in its own folder, and stop at the first cell that fails.

    timeout: seconds for the whole notebook.
    offline: refuse the kernel and its child processes every connection but those to this machine.
    before, after: code for the same kernel, run before the first cell and after the last as one more cell.
    """
    path = Path(path).resolve()
    notebook = nbformat.read(path, as_version=4)
    if before:
        notebook.cells[0:0] = [nbformat.v4.new_code_cell(before)]
    if after:
        notebook.cells.append(nbformat.v4.new_code_cell(after))
    code_cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    start = time.monotonic()
    with tqdm(total=code_cells, desc=path.stem, unit="cell", disable=not progress, leave=False) as bar:
        run = Run(notebook, path.parent, start + timeout, bar)
        error = run.to_the_end(kernel_environment(offline))
    return Result(path, time.monotonic() - start, run.peak / 1e6, error, notebook)


class Run:
    """One execution of a notebook; nbclient calls back as the kernel starts and at each cell."""

    def __init__(self, notebook: nbformat.NotebookNode, folder: Path, deadline: float, bar: tqdm) -> None:
        self.memory: PeakMemory | None = None
        self.cell = 0
        self.client = NotebookClient(
            notebook,
            config=Config({"KernelManager": {"transport_encryption": "auto"}}),  # else each kernel prints a warning
            resources={"metadata": {"path": str(folder)}},
            timeout_func=lambda _: max(1, round(deadline - time.monotonic())),
            shutdown_kernel="immediate",
            on_notebook_start=self.watch_memory,
            on_cell_start=self.note_cell,
            on_cell_executed=self.note_end,
        )
        self.bar = bar

    def watch_memory(self, **_: object) -> None:
        self.memory = PeakMemory(self.client.km.provisioner.pid)
        self.memory.start()

    def note_cell(self, cell_index: int, **_: object) -> None:
        self.cell = cell_index

    def note_end(self, **_: object) -> None:
        self.memory.sample()
        self.bar.update()

    @property
    def peak(self) -> int:
        return self.memory.peak if self.memory else 0

    def to_the_end(self, env: dict[str, str]) -> str | None:
        """Execute every cell; return None, or what stopped it and in which cell (the first is number 1)."""
        try:
            self.client.execute(env=env)
        except CellExecutionError as failure:
            return f"cell {self.cell + 1}: {failure.ename}: {failure.evalue}"
        except CellTimeoutError:
            return f"cell {self.cell + 1}: TimeoutError: the notebook's time is over"
        except DeadKernelError:
            return f"cell {self.cell + 1}: DeadKernelError: the kernel died (out of memory?)"
        finally:
            if self.memory:
                self.memory.stop()
        return None


def kernel_environment(offline: bool) -> dict[str, str]:
    """Return the kernel's environment variables: this process's, with the block on PYTHONPATH if offline."""
    env = dict(os.environ)
    if offline:
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(OFFLINE), env.get("PYTHONPATH")]))
    return env


def main(arguments: list[str] | None = None) -> int:
    """Execute the notebooks named (every lecture if none is), print one row for each, return 1 if one failed."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.jupyter.execute", description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: lectures/*.ipynb")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one notebook (default: 600)")
    options = parser.parse_args(arguments)
    notebooks = options.notebooks or sorted(Path("lectures").glob("*.ipynb"))
    if not notebooks:
        print("There is no notebook in lectures/.", file=sys.stderr)
        return 1
    print(ROW.format("notebook", "seconds", "peak MB", "result"))
    results = []
    for path in notebooks:
        result = execute(path, options.timeout, progress=True)
        outcome = "pass" if result.passed else f"FAIL  {result.error}"
        print(ROW.format(str(path), f"{result.seconds:.1f}", f"{result.peak_mb:.0f}", outcome), flush=True)
        results.append(result)
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
