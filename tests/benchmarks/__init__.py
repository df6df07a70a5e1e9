"""What is measured, and never passes or fails: `python -m tests.benchmarks`, or one of the programs in this folder."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "support"))  # as pytest does
