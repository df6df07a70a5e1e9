"""Lecture 07, and what its assignment keeps to itself until the end."""
