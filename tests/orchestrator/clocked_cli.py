"""The command line with the clock of a test: ``python -m tests.orchestrator.clocked_cli FILE WORDS``.

A process of its own has no clock of the test that began it; this one reads the time from FILE whenever it asks.
"""

import sys
from datetime import datetime
from pathlib import Path

from orchestrator.cli.main import main


def clock_of(file: Path) -> datetime:
    """The time that *file* says, an ISO 8601 time with its offset."""
    return datetime.fromisoformat(file.read_text("ascii"))


if __name__ == "__main__":
    named = Path(sys.argv[1])
    main(sys.argv[2:], clock=lambda: clock_of(named))
