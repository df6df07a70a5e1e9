"""Lecture 09a."""
