"""Runs one submission, locked in, from a job to its record."""
