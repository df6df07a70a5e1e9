"""The training loop of every page, and the two steps of adversarial training in `gan`."""

from course_utils.training.loop import History, OnStep, State, fit, loop, one_thread, seeded

__all__ = ["History", "OnStep", "State", "fit", "loop", "one_thread", "seeded"]
