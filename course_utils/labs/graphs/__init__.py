"""Lecture 09b."""
