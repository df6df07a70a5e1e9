"""Mutants of every master: how many do the visible tests catch, how many the hidden ones only, how many escape?

    python -m tests.benchmarks.mutants [01_definitions …] [--all]      # --all: every right answer is mutated, too

How they are made is said in `tests/support/mutants.py`. Exit status 1 if one escapes, or only hidden tests catch it.
"""

import argparse
import sys
from collections import Counter

import mutants


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*")
    parser.add_argument("--all", action="store_true", help="mutate every right answer, too")
    options = parser.parse_args()
    names = options.assignments or mutants.assignments()
    failed = False
    print(f"{'assignment':16} mutants  visible  hidden only  equivalent  escaped")
    for name in names:
        found = mutants.run(name, every=options.all)
        count = Counter({kind: len(each) for kind, each in found.items()})
        numbers = f"{count['visible']:9}{count['hidden']:13}{count['equivalent']:12}{count['escaped']:9}"
        print(f"{name:16}{count.total():8}{numbers}", flush=True)
        for kind in ("hidden", "escaped"):
            for mutant in found[kind]:
                print(f"    {kind}: {mutant.question}: {mutant.line}", flush=True)
                failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
