"""Lecture 12: the course on one page, small experiments on what comes next, debate cards, what one believes."""
