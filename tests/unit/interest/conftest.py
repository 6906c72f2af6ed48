"""Make ``interest_books``, the figures and the slow twin, importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
