"""Folders that tests refer to: the root of the project, and what was frozen for comparison."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
GOLDEN: Final = ROOT / "tests" / "golden"
