"""Train the recorded runs of lecture 10a anew: runs.csv and prose.pt. About 15 minutes of one processor."""

from course_utils import training
from course_utils.labs.language import runs

if __name__ == "__main__":
    training.one_thread()
    runs.remake()
