"""A pane of tmux with an interactive shell, in which commands are started, pressed, stopped and resized."""

import os
import re
import shlex
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from tests.orchestrator.terminal import PATIENCE_S
from tests.paths import ROOT

ROWS: Final = 50
POLL_S: Final = 0.1
AT_SHELL: Final = re.compile(r"^shell (\d+)>$")
"""The prompt of the shell, which waits for a command, with the exit code of the last one."""
MODES: Final = "terminal modes:"
PROGRAM: Final = (sys.executable, "-m", "orchestrator.cli.main")


class TmuxPane:
    """A shell in tmux, on a server of its own; a context manager, at whose end that server is stopped.

    Raises:
        FileNotFoundError: tmux is not installed.
    """

    def __init__(self, folder: Path, columns: int) -> None:
        self._folder, self._columns = folder, columns
        self._socket = f"takesheet-{uuid.uuid4().hex[:12]}"

    def __enter__(self) -> Self:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        for name in ("TAKESHEET_STORE", "COLUMNS", "LINES", "TMUX", "NO_COLOR"):
            env.pop(name, None)
        config = self._folder / "tmux.conf"
        config.write_text("set -g history-limit 20000\nset -g status off\n", encoding="utf-8")
        rc = self._folder / "shell.rc"
        rc.write_text("PS1='shell $?> '\n", encoding="utf-8")  # a shell on the way drops the one of the environment
        shell = f"exec bash --noprofile --rcfile {shlex.quote(str(rc))} --noediting -i"
        size = ["-x", str(self._columns), "-y", str(ROWS)]
        command = ["tmux", "-L", self._socket, "-f", str(config), "new-session", "-d", *size, shell]
        subprocess.run(command, cwd=self._folder, env=env, check=True)
        self.waits_for_shell()
        self.modes = self._modes()
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, *words], check=True, capture_output=True, text=True, encoding="utf-8"
        )
        return done.stdout

    @property
    def seen(self) -> str:
        """All that was shown, in lines that are joined where the pane has broken them."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-")

    def start(self, *words: str, program: Sequence[str] = PROGRAM) -> None:
        """Start a command of *program* as a job of the shell; its words are not shown."""
        script = self._folder / "run.sh"
        command = shlex.join([*program, *words])
        script.write_text(f"#!/bin/sh\nexec {command}\n", encoding="utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        self.press("./run.sh\n")
        self.sees("run.sh")

    def press(self, keys: str) -> None:
        """Send the bytes of *keys*, all at once."""
        self._tmux("send-keys", "-H", *(f"{byte:02x}" for byte in keys.encode()))

    def resize(self, columns: int) -> None:
        """Make the pane *columns* wide, as if its window was resized."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(ROWS))
        self._columns = columns

    def shows(self, words: str) -> int:
        """Return how many times *words* were shown."""
        return self.seen.count(words.rstrip())

    def sees(self, words: str, *, times: int = 1) -> None:
        """Wait until *words* were shown *times* times."""
        until = time.monotonic() + PATIENCE_S
        while self.shows(words) < times:
            assert time.monotonic() < until, f"{words!r} never came: {self.seen}"
            time.sleep(POLL_S)

    @property
    def at_shell(self) -> int | None:
        """Exit code of the last command if the shell waits for another one; else None."""
        waits = AT_SHELL.match(self.seen.rstrip().rsplit("\n", 1)[-1])
        return int(waits[1]) if waits else None

    def waits_for_shell(self) -> int:
        """Wait until the shell asks for a command; return the exit code of the last one."""
        until = time.monotonic() + PATIENCE_S
        while (code := self.at_shell) is None:
            assert time.monotonic() < until, f"the shell never came: {self.seen}"
            time.sleep(POLL_S)
        return code

    def ends(self) -> int:
        """Wait for the end of the command; see that the terminal is as it was before; return the exit code."""
        code = self.waits_for_shell()
        self.check_modes()
        return code

    def check_modes(self) -> None:
        """Assert that the shell has the terminal as it was at first, and that the cursor is visible."""
        assert self._modes() == self.modes
        assert self._tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"

    def _modes(self) -> str:
        """Checksum of the modes of the terminal in the words of ``stty -g``, which are wider than a pane."""
        times = self.shows(MODES)
        self.press(f'echo "{MODES}" $(stty -g | cksum)\n')
        self.sees(MODES, times=times + 2)
        self.waits_for_shell()
        return self.seen.rsplit(MODES, 1)[1].split("\n")[0].strip()
