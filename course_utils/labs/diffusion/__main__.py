"""Train the painters of lecture 08b anew: `python -m course_utils.labs.diffusion`, about ten minutes a network.

Writes the checkpoint, network 0, and the table of how well each obeys its captions. With numbers, only those networks.
"""

import sys

from course_utils import training
from course_utils.labs.diffusion import composing, painter

NETWORKS = (0, 1)

if __name__ == "__main__":
    training.one_thread()
    for seed in map(int, sys.argv[1:] or NETWORKS):
        trained = painter.train(seed=seed)
        if seed == 0:
            painter.save(trained)
        composing.write(composing.rows(trained, seed))
    composing.write(composing.rows(painter.load(), 0))
