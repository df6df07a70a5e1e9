"""Lecture 11a's lab: tasks on small data, what would be used without a generative model, and what is used with one."""
