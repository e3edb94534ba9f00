"""Single keys and lines from a terminal.

Tests: ``tests/orchestrator/cli/shell/test_keys.py``.
"""

import os
import re
import select
import signal
import sys
import termios
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final, Self

REST_S: Final = 0.03
"""Seconds within which the rest of a key of several bytes must come: a terminal sends them at once."""
_UNFINISHED: Final = re.compile(rb"\x1b{1,2}(?:\[\[?[0-?]*[ -/]*|O)?")
"""Beginnings of the control sequences that a key sends (ECMA-48 section 5.4; SS3; the console's ``ESC [ [``)."""
_LONGEST: Final = 32
"""Most bytes of one key; what is longer is no key, and is cut there."""


class Keyboard:
    """The terminal in single-key mode without echo; a context manager, at whose end its modes are as before.

    Ctrl-Z gives the shell the terminal as it was before, and after ``fg`` the prompt is shown again.  Input typed
    before the beginning is discarded, since it answers no question that was shown.  Within the context of one keyboard
    there may be another: then what is typed between two prompts is not echoed into what is printed there.
    """

    _shell_modes: ClassVar[list[Any] | None] = None
    """Modes of the terminal before the outermost keyboard; None while there is no keyboard."""
    _open: ClassVar[str] = ""
    """The prompt behind which the cursor is; empty if the cursor is at the beginning of a line."""

    def __init__(self, prompt: str = "") -> None:
        self._prompt, self._terminal = prompt, sys.stdin.fileno()
        self._suspended_s = 0.0

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._terminal)
        self._outer_modes = Keyboard._shell_modes
        Keyboard._shell_modes = self._outer_modes or self._before
        tty.setcbreak(self._terminal, termios.TCSAFLUSH)
        self._handler = signal.signal(signal.SIGTSTP, self._suspend)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or not issubclass(kind, KeyboardInterrupt):  # whoever catches that begins a line: begin_line
            self.end_line()
        Keyboard._open = ""
        signal.signal(signal.SIGTSTP, self._handler)
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)
        Keyboard._shell_modes = self._outer_modes

    def ask(self) -> None:
        """Show the prompt on a line of its own; the cursor stays behind it."""
        self._show(self._prompt)

    @classmethod
    def _show(cls, prompt: str) -> None:
        cls.end_line()
        Keyboard._open = prompt
        print(prompt, end="", file=sys.stderr, flush=True)

    @classmethod
    def end_line(cls) -> None:
        """Begin a line if the cursor is behind a prompt: before anything is printed."""
        if cls._open:
            Keyboard._open = ""
            print(file=sys.stderr, flush=True)

    def _suspend(self, *_: object) -> None:
        """Stop this process with the terminal as it was; resume in the mode that it was in, with the prompt again."""
        stopped, modes = time.monotonic(), termios.tcgetattr(self._terminal)
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, Keyboard._shell_modes or self._before)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._suspend)
        termios.tcsetattr(self._terminal, termios.TCSAFLUSH, modes)
        self._suspended_s += time.monotonic() - stopped
        print(Keyboard._open, end="", file=sys.stderr, flush=True)

    @classmethod
    def line(cls, prompt: str) -> str:
        """Return the line that is typed after *prompt*, with its end; empty at the end of the input.

        Within the context of a keyboard the terminal has meanwhile the modes from before the outermost one.
        """
        held = cls._shell_modes is not None
        modes = termios.tcgetattr(sys.stdin) if held else None
        if held:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, cls._shell_modes or [])
        try:
            cls._show(prompt)
            line = sys.stdin.readline()
            if line.endswith("\n") and sys.stdin.isatty():  # the terminal has echoed it
                Keyboard._open = ""
            cls.end_line()
            return line
        finally:
            if modes:
                termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, modes)

    def suspended_s(self) -> float:
        """Seconds for which this process was stopped since the last call."""
        seconds, self._suspended_s = self._suspended_s, 0.0
        return seconds

    def key(self) -> str:
        """Show the prompt and return the next key; empty at the end of the input.  Enter is ignored."""
        self.ask()
        while (key := self.typed()) in {"\r", "\n"}:
            pass
        self.end_line()
        return key or ""

    def typed(self, *, timeout_s: float | None = None) -> str | None:
        """Return the characters of the next key, which for an arrow are several.

        What was typed after it is left for the next call.

        Returns:
            Empty at the end of the input; None if nothing came within *timeout_s*.
        """
        if not self._is_typed(timeout_s):
            return None
        key = self._byte()
        following = 0 if key < b"\xc0" else 1 if key < b"\xe0" else 2 if key < b"\xf0" else 3  # UTF-8, RFC 3629
        while (len(key) <= following or _UNFINISHED.fullmatch(key)) and len(key) < _LONGEST and self._is_typed(REST_S):
            if not (more := self._byte()):
                break
            key += more
        return key.decode(errors="replace")

    def _is_typed(self, timeout_s: float | None) -> bool:
        return bool(select.select([self._terminal], [], [], timeout_s)[0])

    def _byte(self) -> bytes:
        """Return one byte; empty at the end of the input."""
        try:
            return os.read(self._terminal, 1)
        except OSError:  # the other side of the terminal is gone
            return b""


def one_key(prompt: str) -> str:
    """Return the next key typed after *prompt* appeared; empty at the end of the input.  Enter is ignored."""
    with Keyboard(prompt) as keyboard:
        return keyboard.key()


def forget_typed_ahead() -> None:
    """Discard what was typed and not read yet, since it answers no question that was shown; only on a terminal."""
    if sys.stdin.isatty():
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


@contextmanager
def quiet_terminal(*, has_keys: bool) -> Iterator[None]:
    """Context in which keys that are typed between two prompts are not echoed; without *has_keys*, nothing happens."""
    if not has_keys:
        yield
        return
    with Keyboard():
        yield
