"""A terminal with simulated input, for commands that ask questions."""

import os
import pty
import select
import subprocess
import sys
import time

from tests.orchestrator.label import Label
from tests.paths import ROOT

PATIENCE_S = 30.0


class Terminal:
    """A command with a terminal of its own."""

    def __init__(self, label: Label, *words: str) -> None:
        ours, theirs = pty.openpty()
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"}
        env.pop("TAKESHEET_STORE", None)
        command = [sys.executable, "-m", "orchestrator.cli.main", *words]
        self.process = subprocess.Popen(command, cwd=label.folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self._ours, self.seen = ours, ""

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def sees(self, words: str, *, times: int = 1) -> None:
        """Wait until *words* were written to the terminal *times* times."""
        until = time.monotonic() + PATIENCE_S
        while self.seen.count(words) < times:
            assert time.monotonic() < until, f"{words!r} never came: {self.seen}"
            if select.select([self._ours], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self._ours, 4096).decode(errors="replace")
                except OSError:  # the other side is closed
                    assert self.seen.count(words) >= times, f"{words!r} never came: {self.seen}"

    def ends(self) -> int:
        code = self.process.wait(timeout=PATIENCE_S)
        os.close(self._ours)
        return code
