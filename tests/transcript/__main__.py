"""Write the transcript anew: ``python -m tests.transcript``."""

import os
import tempfile
from pathlib import Path

from tests.transcript.evening import evening
from tests.transcript.page import PAGE

with tempfile.TemporaryDirectory(prefix="takesheet-evening-") as room:
    os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_STATE_HOME"] = f"{room}/home"
    os.environ.pop("TAKESHEET_AT", None)
    folder = Path(room, "harbour")
    folder.mkdir()
    PAGE.write_text(evening(folder), encoding="utf-8")
