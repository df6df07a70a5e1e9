"""Make the recorded table of lecture 11b anew: python -m course_utils.labs.creations, about three minutes."""

from course_utils import training
from course_utils.labs.creations import table

if __name__ == "__main__":
    training.one_thread()
    table.remake()
