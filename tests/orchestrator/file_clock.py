"""A clock in a file, so that a test sets the time of a command that runs in a process of its own.

``python -m tests.orchestrator.file_clock FILE WORD...`` runs a command line by the clock in *FILE*.
"""

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.orchestrator.hand_clock import HandClock


@dataclass(frozen=True, slots=True)
class FileClock:
    """Tells the time that was last written to its file, to every process that asks it."""

    file: Path

    def set(self, time: str, zone: str = "Europe/Berlin") -> None:
        """Let it be *time*, wall-clock time in *zone*, from now on."""
        new = self.file.with_suffix(".new")
        new.write_text(HandClock(time, zone)().isoformat(), encoding="ascii")
        new.replace(self.file)

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self.file.read_text(encoding="ascii"))


if __name__ == "__main__":
    from orchestrator.cli.main import main

    main(sys.argv[2:], clock=FileClock(Path(sys.argv[1])))
