"""Lecture 10b."""
