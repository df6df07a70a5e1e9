"""Lecture 08a."""
