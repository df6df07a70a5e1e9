"""The mechanism of the checks, and what several of them share."""
