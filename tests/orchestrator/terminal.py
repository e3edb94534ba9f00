"""A terminal with simulated input, for commands that ask questions."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping
from types import MappingProxyType

from tests.orchestrator.label import Label, Said
from tests.paths import ROOT

PATIENCE_S = 30.0
SETTLED_S = 0.5
QUESTIONS = ("?\r\n", "(y/n) ", "note: ", "from-to: ", "number: ", "words: ", "moved 0-3: ")
"""Ends of the questions that are answered with a line."""
NO_ENV: Mapping[str, str] = MappingProxyType({})
ROWS = 24


class Terminal:
    """A command with a terminal of its own."""

    def __init__(self, label: Label, *words: str, columns: int = 80, env: Mapping[str, str] = NO_ENV) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
        told = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", **env}
        for name in ("TAKESHEET_STORE", "COLUMNS", "LINES"):
            told.pop(name, None)
        command = [*label.command, *words]
        self.process = subprocess.Popen(command, cwd=label.folder, env=told, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self._ours, self.seen = ours, ""

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def interrupt(self) -> None:
        """Send SIGINT to a command that has written its prompt, once it reads.

        Python looks for signals before it reads, and again when a read is interrupted: one that arrives between the
        two waits for the next key.
        """
        time.sleep(SETTLED_S)
        self.process.send_signal(signal.SIGINT)

    def sees(self, words: str, *, times: int = 1) -> None:
        """Wait until *words* were written to the terminal *times* times."""
        until = time.monotonic() + PATIENCE_S
        while self.seen.count(words) < times:
            assert time.monotonic() < until, f"{words!r} never came: {self.seen}"
            if not self.reads():
                assert self.seen.count(words) >= times, f"{words!r} never came: {self.seen}"

    def sees_a_prompt(self) -> None:
        """Wait until the last of what was written is a question, and the command waits for its answer."""
        until = time.monotonic() + PATIENCE_S
        while not self.seen.endswith(("? ", "note: ", "]: ", "(y/n) ")):
            assert time.monotonic() < until, f"no prompt came: {self.seen}"
            assert self.reads(), f"it ended without a prompt: {self.seen}"

    def settles(self) -> None:
        """Wait until something was written, and then nothing for half a second."""
        until, quiet, before = time.monotonic() + PATIENCE_S, 0, len(self.seen)
        echoes = self.seen.count("\n") + 1
        while quiet < SETTLED_S or self.seen.count("\n") <= echoes:
            assert time.monotonic() < until, f"no answer came: {self.seen}"
            assert self.reads(), f"it ended without an answer: {self.seen}"
            quiet, before = (quiet + 0.1, before) if len(self.seen) == before else (0, len(self.seen))

    def sees_the_end(self) -> None:
        """Read all that the command writes until it closes the terminal."""
        until = time.monotonic() + 10 * PATIENCE_S  # a render among them
        while self.reads():
            assert time.monotonic() < until, f"it never ended: {self.seen}"

    def reads(self) -> bool:
        """Read what was written meanwhile, for a tenth of a second at most; False if the terminal was closed."""
        if select.select([self._ours], [], [], 0.1)[0]:
            try:
                self.seen += os.read(self._ours, 4096).decode(errors="replace")
            except OSError:  # the other side is closed
                return False
        return True

    @property
    def fileno(self) -> int:
        """The file descriptor of the terminal's other side."""
        return self._ours

    def hang_up(self) -> None:
        """Close the terminal while the command runs."""
        os.close(self._ours)

    def ends(self) -> int:
        until = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < until:
            self.reads()  # a full terminal would keep the command from ending
        code = self.process.wait(timeout=PATIENCE_S)
        os.close(self._ours)
        return code


def answer_lines(label: Label, text: str, *words: str) -> Said:
    """Run *words* with ``--plain`` on a terminal without echo, and answer each of its questions with a line of *text*.

    After the last line the input ends, as by Ctrl-D.  A line is typed once its question has come: what is typed before
    is discarded.

    Returns:
        Everything that was shown is in ``err``, with the line ends of a file.
    """
    terminal = Terminal(label, *words, "--plain")
    modes = termios.tcgetattr(terminal.fileno)
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(terminal.fileno, termios.TCSANOW, modes)
    read, until = 0, time.monotonic() + PATIENCE_S
    lines = iter(text.splitlines())
    while terminal.reads():
        assert time.monotonic() < until, f"it never ended: {terminal.seen}"
        if terminal.seen[read:].endswith(QUESTIONS):
            read = len(terminal.seen)
            terminal.press(f"{line}\n" if (line := next(lines, None)) is not None else "\x04")
    return Said(terminal.ends(), "", terminal.seen.replace("\r\n", "\n"))
