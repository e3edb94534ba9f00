"""The page that holds the transcript."""

from typing import Final

from tests.paths import ROOT

PAGE: Final = ROOT / "docs" / "evening.md"
