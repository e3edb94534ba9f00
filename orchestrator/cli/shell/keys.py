"""Single keys from a terminal.

Tests: ``tests/orchestrator/cli/commands/listen/test_play.py``.
"""

import os
import select
import signal
import sys
import termios
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class Keyboard:
    """The terminal in single-key mode; a context manager, at whose end its modes are as before.

    Ctrl-Z gives the shell the terminal as it was before, and after ``fg`` single keys are read again.  Input typed
    before the prompt appeared is discarded, since it answers no question that was shown.
    """

    def __init__(self, prompt: str) -> None:
        self._prompt, self._terminal = prompt, sys.stdin.fileno()
        self._before = termios.tcgetattr(self._terminal)
        self._suspended_s = 0.0

    def __enter__(self) -> Self:
        tty.setcbreak(self._terminal, termios.TCSAFLUSH)
        self._handler = signal.signal(signal.SIGTSTP, self._suspend)
        self._ask()
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTSTP, self._handler)
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)

    def _ask(self) -> None:
        print(self._prompt, end="", file=sys.stderr, flush=True)

    def _suspend(self, *_: object) -> None:
        """Stop this process with the terminal as it was; resume in single-key mode, with the prompt again."""
        stopped = time.monotonic()
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._suspend)
        tty.setcbreak(self._terminal, termios.TCSAFLUSH)
        self._suspended_s += time.monotonic() - stopped
        self._ask()

    @contextmanager
    def lines(self) -> Iterator[None]:
        """Context in which the terminal is as it was before, so that a line can be typed."""
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)
        try:
            yield
        finally:
            tty.setcbreak(self._terminal, termios.TCSAFLUSH)

    def suspended_s(self) -> float:
        """Seconds for which this process was stopped since the last call."""
        seconds, self._suspended_s = self._suspended_s, 0.0
        return seconds

    def typed(self, *, timeout_s: float | None = None) -> str | None:
        """Return the typed characters; empty at the end of the input, None if nothing came within *timeout_s*."""
        if not select.select([self._terminal], [], [], timeout_s)[0]:
            return None
        try:
            return os.read(self._terminal, 32).decode(errors="replace")
        except OSError:  # the other side of the terminal is gone
            return ""


def one_key(prompt: str) -> str:
    """Return the next key typed after *prompt* appeared; empty at the end of the input.  Enter is ignored."""
    with Keyboard(prompt) as keyboard:
        while (key := keyboard.typed()) in {"\r", "\n"}:
            pass
    return key or ""
