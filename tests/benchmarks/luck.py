"""Does a right answer ever fail by bad luck? Every one of them, several times, with other seeds in its tests each time.

    python -m tests.benchmarks.luck [01_definitions …] [--draws 7] [--from 0]

What differs is every draw: the noise of samplers, the weights of networks, the points that a test draws for itself.
A failure is listed with its number, so that `--from` can repeat it. Exit status 1 if there is one.
"""

import argparse
import contextlib
import io
import re
import sys
from collections.abc import Iterator
from unittest import mock

import mutants
import nbgrader_course
import torch

ROOM = "course_utils.checks."


@contextlib.contextmanager
def other_seeds(draw: int) -> Iterator[None]:
    """Within, every seed that a check sets is another one for each draw."""
    plain, shift = torch.manual_seed, 1009 * draw
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(torch, "manual_seed", lambda seed: plain(seed + shift)))
        for module in [each for name, each in sys.modules.items() if name.startswith(ROOM) and hasattr(each, "seeded")]:
            own = mock.patch.object(module, "seeded", lambda seed: torch.Generator().manual_seed(seed + shift))
            stack.enter_context(own)
        yield


def problem(assignment: str, answer: nbgrader_course.Answer, draw: int) -> str | None:
    """What the tests say against a right answer in this draw, hidden tests included; None if they pass."""
    names: dict[str, object] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(mutants.cells(assignment)["setup"], names)
        exec(answer.source, names)
        for part in ["", *(f"_{part}" for part in nbgrader_course.further(assignment, answer.question))]:
            test = mutants.cells(assignment)[f"test_{answer.question}{part}"]
            test = re.sub(r"manual_seed\((\d+)\)", lambda seed: f"manual_seed({int(seed[1]) + 1009 * draw})", test)
            try:
                with other_seeds(draw):
                    exec(test, names)
            except Exception as error:
                return f"{type(error).__name__}: {error}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*")
    parser.add_argument("--draws", type=int, default=7, help="of every right answer (default: 7)")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the number of the first draw")
    options = parser.parse_args()
    total = failed = 0
    for name in options.assignments or mutants.assignments():
        pool = [answer for found in nbgrader_course.answers(name, "right").values() for answer in found]
        for answer in pool:
            for draw in range(options.first, options.first + options.draws):
                total += 1
                if said := problem(name, answer, draw):
                    failed += 1
                    print(f"{name}, {answer.question} ({answer.note}), draw {draw}: {said}", flush=True)
        print(f"{name:16}{len(pool):4} right answers, {len(pool) * options.draws:6} draws", flush=True)
    print(f"{failed} failures in {total} draws")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
