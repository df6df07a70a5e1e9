"""Lecture 11b."""
