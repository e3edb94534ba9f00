"""A player for tests: a script that keeps what it is given to play, and then does what the test says."""

import stat
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from tests.orchestrator.label import Label
from tests.orchestrator.sounds import Signal
from tests.orchestrator.terminal import PATIENCE_S


@dataclass(frozen=True, slots=True)
class RecordingPlayer:
    """The player of a store, and the file in which it records."""

    notes: Path

    @classmethod
    def of(cls, label: Label, then: str = "exec sleep 60") -> "RecordingPlayer":
        """Make a script the player of the store; after recording its argument it does *then*, in shell."""
        script, notes = label.folder / "player.sh", label.folder / "played.txt"
        kept = 'cp "$1" "$(printf "%s/played-%s.wav" "$(dirname "$0")" "$$")"'
        record = f'echo "$(wc -c < "$1") $$ $1" >> "{notes}"'
        script.write_text(f"#!/bin/sh\n{kept}\n{record}\n{then}\n", encoding="utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        config = label.folder / ".takesheet" / "config.toml"
        quoted = str(script).replace("'", "'\\\\''")
        config.write_text(config.read_text().replace('player = ""', f"player = \"'{quoted}'\""))
        label.does("trust", "--yes")
        return cls(notes)

    def heard(self, number: int) -> Signal:
        """The samples of the file that was played as the one of *number*, from 0; shape (frames, channels)."""
        pid = self.waits_for(number + 1)[number][1]
        return np.asarray(soundfile.read(self.notes.with_name(f"played-{pid}.wav"), always_2d=True)[0])

    def rows(self) -> list[tuple[int, int, str]]:
        """Size in bytes, process id and path of each file that was played."""
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        words = [line.split(maxsplit=2) for line in lines]
        return [(int(size), int(pid), path) for size, pid, path in words]

    def waits_for(self, number: int) -> list[tuple[int, int, str]]:
        """Wait until *number* files were played; return them all."""
        until = time.monotonic() + PATIENCE_S
        while len(rows := self.rows()) < number:
            assert time.monotonic() < until, rows
            time.sleep(0.02)
        return rows
