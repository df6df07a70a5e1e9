c = get_config()  # noqa: F821  (nbgrader defines it)

c.CourseDirectory.course_id = "generative-models"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
# The paired script holds the answers: it must never be copied into a release.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py", "README.md"]

# `nbgrader zip_collect` takes files named <student>_<notebook>, such as ada_03_vae.ipynb.
c.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>[^/]+)_(?P<file_id>\d\d_[^/]+\.ipynb)$"
c.OverwriteCells.add_missing_cells = True  # a deleted test cell comes back, and with it its points
c.Validator.width = 130  # it cuts longer lines off: a check's message has up to 100 characters a line, code 120
c.Execute.timeout = 120  # seconds a cell; the default of 30 is short for training on a busy machine
c.Execute.shutdown_kernel = "immediate"  # a polite shutdown sometimes takes 3 s a student
c.KernelManager.transport_encryption = "auto"  # else each kernel prints a warning
