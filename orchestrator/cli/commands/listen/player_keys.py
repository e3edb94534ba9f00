"""Playback with keys: pause, seek, next, loop; Ctrl-C stops the sound first.

Tests: ``tests/orchestrator/cli/commands/listen/test_play.py``.
"""

import re
import sys
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from orchestrator.cli.shell.frame import Call
from orchestrator.cli.shell.keys import Keyboard

if TYPE_CHECKING:
    from orchestrator.desk.listening.audition import AuditionFile
    from orchestrator.desk.listening.player import FilePlayer

PROMPT: Final = "(space) pause (arrows) back, on (n)ext (l)oop (q) stop ? "
SEEK_S: Final = 5.0
"""Seconds that an arrow moves the position."""
TICK_S: Final = 0.05
"""Seconds between two looks at the player."""

_TYPED: Final = re.compile(r"\x1b[\[O].|.", re.DOTALL)
_ARROWS: Final = {"\x1b[C": SEEK_S, "\x1bOC": SEEK_S, "\x1b[D": -SEEK_S, "\x1bOD": -SEEK_S}


def has_keys(call: Call) -> bool:
    """True if the user can press keys: both ends are a terminal, and no flag forbids to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not (call.json or call.plain or call.no_input)


def play_files(
    call: Call, player: Sequence[str], files: "Sequence[AuditionFile]", *, loop: bool = False, others: str = ""
) -> str:
    """Play *files* in turn: with keys on a terminal, else each to its end.

    Args:
        call: the command.
        player: command line of the player.
        files: what to play.
        loop: on a terminal, play each file again and again.
        others: keys that end the playback and are returned, besides those of the player.

    Returns:
        The key among *others* that ended the playback; empty if it ended otherwise.

    Raises:
        Refused: ``player.failed``.
    """
    from orchestrator.desk.listening.player import FilePlayer, play_through

    if not has_keys(call):
        for file in files:
            call.say(*file.words)
            call.say(*filter(None, [play_through(player, file)]))
        return ""
    for file in files:
        call.say(*(f"  {words}" for words in file.words))
        with FilePlayer(player, file) as playing:
            key = _Keys(call, playing, others, loop=loop).run()
        if key != "n":
            return key if key in set(others) else ""
    return ""


class _Keys:
    """Carries out the keys that are pressed while one file is played."""

    def __init__(self, call: Call, playing: "FilePlayer", others: Collection[str], *, loop: bool) -> None:
        self._call, self._playing, self._others, self._loop = call, playing, others, loop

    def run(self) -> str:
        """Play the file; return ``n`` at its end, or the key that ended it.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed while nothing sounded.
            Refused: ``player.failed``.
        """
        with Keyboard(PROMPT) as keyboard:
            self._playing.start()
            while True:
                try:
                    for key in self._pressed(keyboard):
                        if ends := self._press(key):
                            return ends
                except KeyboardInterrupt:
                    if not self._playing.playing:
                        raise
                    self._pause("stopped")
                if self._playing.ended() and self._is_over():
                    print(file=sys.stderr)
                    return "n"

    def _pressed(self, keyboard: Keyboard) -> Iterator[str]:
        typed = keyboard.typed(timeout_s=TICK_S if self._playing.playing else None)
        self._playing.leave_out(keyboard.suspended_s())
        if typed is not None:
            print(file=sys.stderr)
            yield from _TYPED.findall(typed) or ["q"]

    def _press(self, key: str) -> str:
        """Carry out *key*; return it if it ends the playback, else an empty text."""
        if key in {"q", "\x04"}:
            return "q"
        if key == "n" or key in self._others:
            return key
        if key == " ":
            self._pause("paused") if self._playing.playing else self._play(self._playing.position_s)
        elif key in _ARROWS:
            self._play(self._playing.position_s + _ARROWS[key])
        elif key == "l":
            self._loop = not self._loop
            self._say(f"loop {'on' if self._loop else 'off'}")
        else:
            self._say("there is no such key here")
        return ""

    def _is_over(self) -> bool:
        """True if the player, which has ended, is not started again."""
        early = self._playing.early_end()
        if early:
            self._call.say("", f"  {early}")
        elif self._loop:
            self._playing.start()
            return False
        return True

    def _pause(self, word: str) -> None:
        self._playing.stop()
        self._say(f"{word} at {_clock(self._playing.position_s)}; (space) plays on")

    def _play(self, position_s: float) -> None:
        self._playing.start(position_s)
        self._say(f"from {_clock(self._playing.position_s)}")

    def _say(self, words: str) -> None:
        self._call.say(f"  {words}")
        print(PROMPT, end="", file=sys.stderr, flush=True)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
