"""The full screen of a session that runs: one key decides, nothing scrolls, nothing asks.

Tests: ``tests/orchestrator/cli/commands/session/test_run_screen.py``.
"""

import sys
import termios
from collections.abc import Callable, Sequence
from contextlib import suppress

from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, Window

from orchestrator.cli.commands.session.run_keys import PROMPT, KeyConsole
from orchestrator.cli.commands.session.run_lines import producer_lines, room_lines

REFRESH_S = 0.5
"""Seconds between two looks at the clock and at what others recorded."""


class SessionScreen:
    """The screen of one terminal; input that was typed before it appeared decides nothing."""

    def __init__(self, console: KeyConsole, *, follows: bool) -> None:
        """Make the screen.

        Args:
            console: what the keys do.
            follows: show the room view and decide nothing; the keys leave.
        """
        self._console, self._follows = console, follows
        self._is_shown = False
        self._asked, self._typed = "", ""
        body = Window(FormattedTextControl(self._body), wrap_lines=False, always_hide_cursor=True)
        foot = Window(FormattedTextControl(self._foot), height=2, always_hide_cursor=True)
        self._application: Application[None] = Application(
            layout=Layout(HSplit([body, foot])), key_bindings=self._bindings(), full_screen=True,
            refresh_interval=REFRESH_S, erase_when_done=True, before_render=self._flush,
        )  # fmt: skip

    def run(self) -> None:
        """Show the screen until the user leaves, or the terminal is gone."""
        with suppress(EOFError, KeyboardInterrupt):
            self._application.run()

    def _flush(self, _: "Application[None]") -> None:
        """Throw away what was typed before the first screen."""
        if not self._is_shown:
            with suppress(termios.error, ValueError):
                termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
            self._is_shown = True

    def _body(self) -> StyleAndTextTuples:
        if self._follows or self._console.is_curtained:
            return _styled(room_lines(self._console.view().room))
        return _styled(producer_lines(self._console))

    def _foot(self) -> StyleAndTextTuples:
        if self._follows or self._console.is_curtained:
            return []
        if self._asked:
            return [("", "\n"), ("bold", f"{self._question()}{self._typed}")]
        return [("", f"{self._console.message}\n"), ("", PROMPT)]

    def _question(self) -> str:
        return self._console.asks(self._asked)

    def _bindings(self) -> KeyBindings:
        keys = KeyBindings()
        typing = Condition(lambda: bool(self._asked))

        def bind(*names: str, when: Condition, does: Callable[[KeyPressEvent], None]) -> None:
            keys.add(*names, filter=when, eager=True)(does)

        bind(Keys.Any, when=~typing, does=self._key)  # type: ignore[arg-type]  # an inverted condition is a filter
        bind(Keys.Any, when=typing, does=self._letter)
        bind("enter", when=typing, does=self._enter)
        bind("backspace", when=typing, does=self._shorten)
        bind("escape", when=typing, does=self._cancel)
        for way_out in ("c-c", "c-d"):
            keys.add(way_out, eager=True)(self._leave)
        keys.add(Keys.BracketedPaste)(self._pasted)
        return keys

    def _key(self, event: KeyPressEvent) -> None:
        key = event.data
        if not self._is_shown:
            return
        if key == "q":
            self._leave(event)
        elif self._follows:
            return
        elif self._console.asks(key):
            self._asked, self._typed = key, ""
        else:
            self._console.press(key)

    def _letter(self, event: KeyPressEvent) -> None:
        if event.data.isprintable():
            self._typed += event.data

    def _pasted(self, event: KeyPressEvent) -> None:
        """Take pasted text as words where words are asked for; as keys it would decide."""
        if self._asked:
            self._typed += " ".join(event.data.split())

    def _enter(self, _: KeyPressEvent) -> None:
        key, text = self._asked, self._typed
        self._asked, self._typed = "", ""
        self._console.answer(key, text)

    def _shorten(self, _: KeyPressEvent) -> None:
        self._typed = self._typed[:-1]

    def _cancel(self, _: KeyPressEvent) -> None:
        self._asked, self._typed = "", ""

    def _leave(self, event: KeyPressEvent) -> None:
        event.app.exit()


def _styled(lines: Sequence[str]) -> StyleAndTextTuples:
    """The lines with the first in bold."""
    return [("bold" if number == 0 else "", f"{line}\n") for number, line in enumerate(lines)]
