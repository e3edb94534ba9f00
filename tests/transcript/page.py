"""The pages that are transcripts, and their scripts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.paths import ROOT
from tests.transcript.evening import evening
from tests.transcript.walkthrough import walkthrough

PAGES: Final[Mapping[Path, Callable[[Path], str]]] = {
    ROOT / "docs" / "evening.md": evening,
    ROOT / "docs" / "walkthrough.md": walkthrough,
}
"""Each page, and what plays it in an empty folder and returns its text."""
