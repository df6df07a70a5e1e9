"""Train the painter of lecture 08b anew, and write its checkpoint: about ten minutes."""

from course_utils import training
from course_utils.labs.diffusion import painter

if __name__ == "__main__":
    training.one_thread()
    painter.save(painter.train())
