"""From what was handed in to points in the gradebook."""
