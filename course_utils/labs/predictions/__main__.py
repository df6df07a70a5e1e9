"""Make the recorded table: `python -m course_utils.labs.predictions` (ten minutes on one free core).

With some of the words rare, labels, defects, missing: these parts anew, the others as they are. With the word
`tuning`: print what each candidate of `tuning` scores on the three splits for choosing (five minutes).
"""

import sys

from course_utils.labs.predictions import choose, table
from course_utils.training import one_thread


def main(words: list[str]) -> None:
    """Make the table, or choose the settings. Raises SystemExit for another word."""
    one_thread()
    if words == ["tuning"]:
        for line in choose.lines():
            print(line, flush=True)
    elif set(words) - set(table.PARTS):
        raise SystemExit(
            f"Say {table.COMMAND}, with tuning or some of {', '.join(table.PARTS)}; got {' '.join(words)}."
        )
    else:
        results = table.read() if words and table.FILE.exists() else {}
        for word in words or table.PARTS:
            for key, values in table.part(word):
                results[key] = values
            table.write(table.FILE, results)


if __name__ == "__main__":
    main(sys.argv[1:])
