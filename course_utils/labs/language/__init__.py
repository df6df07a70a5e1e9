"""Lecture 10a."""
