"""Train the recorded runs of lecture 10a anew, both or one: python -m course_utils.labs.language [long] [scaling]"""

import sys

from course_utils import training
from course_utils.labs.language import runs

if __name__ == "__main__":
    training.one_thread()
    wanted = sys.argv[1:] or ["long", "scaling"]
    if "long" in wanted:
        runs.remake_long()
    if "scaling" in wanted:
        runs.record(runs.SCALING)
