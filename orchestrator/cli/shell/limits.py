"""Limits of what a command line takes."""

from typing import Final

LARGEST: Final = 2**63 - 1
"""Largest position or count: databases count in 64 bits."""
