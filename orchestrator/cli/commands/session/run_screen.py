"""The full screen of a session that runs: one key decides, nothing scrolls, nothing asks."""

import sys
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, Window

from orchestrator.cli.commands.session.run_keys import KEYS, PROMPT, ROLL, WORDS, KeyConsole
from orchestrator.cli.commands.session.run_lines import producer_lines, room_lines

REFRESH_S = 0.5
"""Seconds between two looks at the clock and at what others recorded."""
WORDS_WITHIN_S = 3.0
"""Seconds within which the words of a moment begin; later keys are keys again."""


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
        """Key whose words are typed, and what was typed of them."""
        self._typed_at = 0.0
        body = Window(FormattedTextControl(self._body), wrap_lines=False, always_hide_cursor=True)
        foot = Window(FormattedTextControl(self._foot), height=2, always_hide_cursor=True)
        self._application: Application[None] = Application(
            layout=Layout(HSplit([body, foot])), key_bindings=self._bindings(), full_screen=True,
            refresh_interval=REFRESH_S, erase_when_done=True, before_render=self._before_render,
        )  # fmt: skip

    def run(self) -> None:
        """Show the screen until the user leaves, or the terminal is gone."""
        with suppress(EOFError, KeyboardInterrupt):
            self._application.run()

    def _before_render(self, _: "Application[None]") -> None:
        """Throw away what was typed before the first screen; end the question for words that do not come."""
        self._settle()
        if not self._is_shown:
            with suppress(termios.error, ValueError):
                termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
            self._is_shown = True

    def _body(self) -> StyleAndTextTuples:
        if self._follows or self._console.is_curtained or self._asked in WORDS:  # c is a letter of a moment's words
            return _styled(room_lines(self._console.view().room))
        return _styled(producer_lines(self._console))

    def _foot(self) -> StyleAndTextTuples:
        if self._follows or self._console.is_curtained:
            return []
        if self._asked:
            return [("", "\n"), ("bold", f"{self._question()}{self._typed}")]
        return [("", f"{self._console.message}\n"), ("", PROMPT)]

    def _question(self) -> str:
        return self._console.asks(self._asked) or self._console.may_say(self._asked)

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
        self._press(event.data)

    def _press(self, key: str) -> None:
        if not self._is_shown:
            return
        if key == "q":
            self._application.exit()
        elif self._follows:
            return
        elif self._console.asks(key):
            self._asks(key)
        else:
            self._console.press(key)
            if self._console.may_say(key):
                self._asks(key)

    def _asks(self, key: str) -> None:
        """Ask for the words of *key*."""
        self._asked, self._typed, self._typed_at = key, "", time.monotonic()

    def _letter(self, event: KeyPressEvent) -> None:
        self._settle()
        if not self._asked or self._is_key_instead_of_words(event.data):
            self._asked = ""
            self._press(event.data)
        elif event.data.isprintable():
            self._typed, self._typed_at = self._typed + event.data, time.monotonic()

    def _is_key_instead_of_words(self, key: str) -> bool:
        """True if *key* is a key of its own though words may follow: one that begins no words."""
        return self._asked in WORDS and not self._typed and key in {*KEYS, *ROLL} and not key.isalnum()

    def _settle(self) -> None:
        """End the question for the words of a moment if none came in time; a letter typed alone was a key."""
        if self._asked in WORDS and time.monotonic() - self._typed_at > WORDS_WITHIN_S and len(self._typed) <= 1:
            self._end_words()

    def _end_words(self) -> None:
        """Close the question, and carry out what was typed: a letter alone as the key that it is, else the words."""
        key, text = self._asked, self._typed
        self._asked, self._typed = "", ""
        if key in WORDS and len(text) == 1 and text in KEYS:
            self._press(text)
        else:
            self._console.answer(key, text)

    def _pasted(self, event: KeyPressEvent) -> None:
        """Take pasted text as words where words are asked for; as keys it would decide."""
        if self._asked:
            self._typed += " ".join(event.data.split())

    def _enter(self, _: KeyPressEvent) -> None:
        self._end_words()

    def _shorten(self, _: KeyPressEvent) -> None:
        self._typed = self._typed[:-1]

    def _cancel(self, _: KeyPressEvent) -> None:
        self._asked, self._typed = "", ""

    def _leave(self, event: KeyPressEvent) -> None:
        event.app.exit()


def _styled(lines: Sequence[str]) -> StyleAndTextTuples:
    """The lines with the first in bold."""
    return [("bold" if number == 0 else "", f"{line}\n") for number, line in enumerate(lines)]
