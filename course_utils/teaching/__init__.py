"""The teaching kit, made from the pages and the question bank: `python -m course_utils.teaching`."""
