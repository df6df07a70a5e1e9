"""Make the teaching kit: without a command all of it, into `kit/`; with one, that part.

    python -m course_utils.teaching
    python -m course_utils.teaching export --format moodle --lecture 03_vae --out kit/moodle
    python -m course_utils.teaching exam --lectures 03_vae 04_gan --questions 20 --variants 3 --seed 7

A command is a module with HELP, `options(parser)`, `run(arguments)` and `kit(folder)`: the last two write files and
return their paths; ValueError says in words what is wrong with what was asked for.
"""

import argparse
import importlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

COMMANDS = {
    "script": "course_utils.teaching.timetable",
    "trace": "course_utils.teaching.trace",
    "export": "course_utils.teaching.exports.command",
    "exam": "course_utils.teaching.exports.exam",
}
KIT = Path("kit")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 0 if all went well, 2 if it asked for what cannot be."""
    parser = argparse.ArgumentParser("python -m course_utils.teaching", description=(__doc__ or "").partition("\n")[0])
    commands, modules = parser.add_subparsers(dest="command"), {}
    for name, where in COMMANDS.items():
        modules[name] = importlib.import_module(where)
        modules[name].options(commands.add_parser(name, help=modules[name].HELP, description=modules[name].HELP))
    chosen = parser.parse_args(arguments)
    try:
        made = modules[chosen.command].run(chosen) if chosen.command else everything(list(modules.values()))
    except (ValueError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    print("\n".join(map(str, made)) if chosen.command else contents(made))
    return 0


def contents(made: Sequence[Path]) -> str:
    """What the kit holds, folder by folder, and where to begin."""
    folders = Counter(path.parent for path in made if path.parent != KIT)
    lines = [str(path) for path in made if path.parent == KIT]
    lines += [f"{folder}/: {count} files" for folder, count in sorted(folders.items())]
    return "\n".join([*lines, f"Begin with {KIT}/timetable.md and {KIT}/script/; solutions/README.md says more."])


def everything(modules: list, folder: Path = KIT) -> list[Path]:
    """The whole kit."""
    return [path for module in modules for path in module.kit(folder)]


if __name__ == "__main__":
    sys.exit(main())
