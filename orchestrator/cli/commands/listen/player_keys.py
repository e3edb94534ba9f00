"""Playback with keys: pause, seek, next, loop; Ctrl-C stops the sound first.

Tests: ``tests/orchestrator/cli/commands/listen/test_play.py``.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orchestrator.cli.shell.frame import Call
from orchestrator.cli.shell.keys import Keyboard

if TYPE_CHECKING:
    from orchestrator.desk.listening.audition import AuditionFile
    from orchestrator.desk.listening.player import FilePlayer

PROMPT: Final = "(space) pause (arrows) back, on (n)ext (l)oop (q) stop ? "
KEYS: Final = {
    "space": "pause; play on",
    "left": "back by 5 s",
    "right": "on by 5 s",
    "up": "the song before; the beginning of the first",
    "down": "the next song",
    "n": "the next song",
    "l": "loop: again and again, until l is pressed again",
    "q": "stop",
}
"""Meaning of each key while something plays."""
SEEK_S: Final = 5.0
"""Seconds that an arrow moves the position."""
TICK_S: Final = 0.05
"""Seconds between two looks at the player."""

_NAMES: Final = {
    " ": "space",
    "\x04": "q",
    "": "q",
    **{f"\x1b{lead}{letter}": name for letter, name in zip("ABCD", ("up", "down", "right", "left"), strict=True)
       for lead in "[O"},
}  # fmt: skip
"""Names of the keys whose typed characters are no name."""
_SEEKS: Final = {"right": SEEK_S, "left": -SEEK_S}
_ENDS: Final = {"q": "q", "n": "next", "down": "next", "up": "before"}
"""Result of each key that ends the playback of a file."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act of a key besides those of the player; the playback goes on after it."""

    meaning: str
    carry_out: "Callable[[AuditionFile, float], None]"
    """Called with the file and the position in it, in seconds."""
    asks: bool = False
    """True if it asks for a line: the sound pauses meanwhile."""


@dataclass(frozen=True, slots=True)
class Steering:
    """Keys of a playback: the prompt, and which keys have another meaning than the player's.

    Args:
        prompt: shown whenever a key is read.
        acts: the acts of other keys, which may replace keys of the player.
        others: meanings of the keys that end the playback and are returned.
        times: True if positions are shown.
    """

    prompt: str = PROMPT
    acts: Mapping[str, Act] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    times: bool = True

    @property
    def keys(self) -> Mapping[str, str]:
        """Meaning of each key."""
        return {**KEYS, **{key: act.meaning for key, act in self.acts.items()}, **self.others}


def has_keys(call: Call) -> bool:
    """True if the user can press keys: both ends are a terminal, and no flag forbids to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not (call.json or call.plain or call.no_input)


def play_files(
    call: Call, player: Sequence[str], files: "Sequence[AuditionFile]", *, loop: bool = False,
    steering: Steering | None = None,
) -> str:  # fmt: skip
    """Play *files* in turn: with keys on a terminal, else each to its end.

    Args:
        call: the command.
        player: command line of the player.
        files: what to play.
        loop: on a terminal, play each file again and again.
        steering: the keys; by default those of the player alone.

    Returns:
        The key that ended the playback, ``q`` or one of ``steering.others``; empty if it ended by itself.

    Raises:
        Refused: ``player.failed``.
    """
    from orchestrator.desk.listening.player import FilePlayer, play_through

    if not has_keys(call):
        for file in files:
            call.say(*file.words)
            call.say(*filter(None, [play_through(player, file)]))
        return ""
    number, keys = 0, steering or Steering()
    with Keyboard(keys.prompt) as keyboard:  # one for all files: a key pressed between two of them counts
        while number < len(files):
            keyboard.end_line()
            call.wraps(*(f"  {words}" for words in files[number].words))
            with FilePlayer(player, files[number]) as playing:
                ended = _Keys(call, playing, keys, keyboard, loop=loop).run()
            if ended not in {"next", "before"}:
                return ended
            number = number + 1 if ended == "next" else max(0, number - 1)
    return ""


class _Keys:
    """Carries out the keys that are pressed while one file is played."""

    def __init__(
        self, call: Call, playing: "FilePlayer", steering: Steering, keyboard: Keyboard, *, loop: bool
    ) -> None:
        self._call, self._playing, self._steering, self._loop = call, playing, steering, loop
        self._keyboard = keyboard

    def run(self) -> str:
        """Play the file; return ``next`` at its end, ``before``, or the key that ended it.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed while nothing sounded.
            Refused: ``player.failed``.
        """
        self._keyboard.ask()
        self._playing.start()
        while True:
            try:
                if (key := self._pressed()) and (ends := self._press(key)):
                    return ends
                if self._playing.ended() and self._is_over():
                    return "next"
            except KeyboardInterrupt:
                if not self._playing.playing:
                    raise
                self._pause("stopped")

    def _pressed(self) -> str:
        """Return the name of the next key; empty if something plays and no key is pressed."""
        typed = self._keyboard.typed(timeout_s=TICK_S if self._playing.playing else None)
        self._playing.leave_out(self._keyboard.suspended_s())
        if typed is None:
            return ""
        self._keyboard.end_line()
        return _NAMES.get(typed, typed)

    def _press(self, key: str) -> str:
        """Carry out *key*; return the result if it ends the playback, else an empty text."""
        if key in self._steering.acts:
            self._act(self._steering.acts[key])
        elif key in self._steering.others:
            return key
        elif key in _ENDS:
            return _ENDS[key]
        elif key == "space":
            self._pause("paused") if self._playing.playing else self._play(self._playing.position_s)
        elif key in _SEEKS:
            self._play(self._playing.position_s + _SEEKS[key])
        elif key == "l":
            self._loop = not self._loop
            self._say(f"loop {'on' if self._loop else 'off'}")
        elif key == "?":
            self._say(*(f"{name:5}  {meaning}" for name, meaning in self._steering.keys.items()))
        else:
            self._say("there is no such key here; ? lists them all")
        return ""

    def _act(self, act: Act) -> None:
        """Carry out *act*, and play on from where it was."""
        playing = self._playing
        if not act.asks:
            act.carry_out(playing.file, playing.position_s)
        else:
            sounded = playing.playing
            playing.stop()
            act.carry_out(playing.file, playing.position_s)
            if sounded:
                playing.start(playing.position_s)
        self._say()

    def _is_over(self) -> bool:
        """True if the player, which has ended, is not started again."""
        early = self._playing.early_end()
        if early:
            self._keyboard.end_line()
            self._call.say(f"  {early}")
        elif self._loop:
            self._playing.start()
            return False
        return True

    def _pause(self, word: str) -> None:
        self._playing.stop()
        self._say(f"{word}{self._time(' at ')}; (space) plays on")

    def _play(self, position_s: float) -> None:
        self._playing.start(position_s)
        self._say(self._time("from ") or "plays on")

    def _time(self, lead: str = "") -> str:
        """The position behind *lead*; empty if positions are not shown."""
        seconds = int(self._playing.position_s)
        return f"{lead}{seconds // 60}:{seconds % 60:02d}" if self._steering.times else ""

    def _say(self, *lines: str) -> None:
        self._keyboard.end_line()
        self._call.say(*(f"  {line}" for line in lines))
        self._keyboard.ask()
