"""The data of the course: small images with labels, 2-D sets whose density is known, and shuffled minibatches."""

from course_utils.data.datasets import as_blocks, batches, images
from course_utils.data.toys import Toy, toy

__all__ = ["Toy", "as_blocks", "batches", "images", "toy"]
