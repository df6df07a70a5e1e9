"""The small package under the notebooks of the course on generative models.

Nothing is imported here, so that `import course_utils` costs nothing: a notebook names the modules it uses.
"""
