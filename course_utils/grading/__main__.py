"""`python -m course_utils.grading` is the command `course`."""

import sys

from course_utils.grading.command import main

sys.exit(main())
