"""Write the transcripts anew: ``python -m tests.transcript [WORD]``, with WORD only those whose name holds it."""

import os
import sys
import tempfile
from pathlib import Path

from tests.transcript.page import PAGES

for page, play in PAGES.items():
    if any(word not in page.name for word in sys.argv[1:]):
        continue
    with tempfile.TemporaryDirectory(prefix="takesheet-transcript-") as room:
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_STATE_HOME"] = f"{room}/home"
        os.environ.pop("TAKESHEET_AT", None)
        folder = Path(room, "harbour")
        folder.mkdir()
        page.write_text(play(folder), encoding="utf-8")
