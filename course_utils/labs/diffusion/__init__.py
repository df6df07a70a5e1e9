"""Lecture 08b: its explorers, and words to pictures."""
