"""What the test cells of the assignments call: each check says what is wrong and names the misconception.

One module for each assignment (`from course_utils.checks import vae as check`), on the mechanism in `common`.
"""

from course_utils.checks.kit.common import CheckFailed, quiet

__all__ = ["CheckFailed", "quiet"]
