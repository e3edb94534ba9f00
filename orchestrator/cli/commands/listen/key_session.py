"""Keys that are pressed while one file is played: pause, seek, loop, spans, sections, other sounds.

Tests: ``tests/orchestrator/cli/commands/listen/test_spans.py``.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.core.address import clock
from domain.core.refusal import OperationalError, Refusal, suggest
from orchestrator.cli.commands.listen.sound_switch import SoundSwitch, starts_s
from orchestrator.cli.commands.listen.span_marks import Mark, SpanMarks
from orchestrator.cli.commands.listen.steering import BESIDE_KEYS, Act, Steering
from orchestrator.cli.shell.frame import Call
from orchestrator.cli.shell.keys import Keyboard
from orchestrator.cli.shell.suggestions import command_line

if TYPE_CHECKING:
    from orchestrator.desk.listening.player import FilePlayer
    from orchestrator.desk.listening.song_place import PlacedSection

SEEK_S: Final = 5.0
"""Seconds that an arrow moves the position."""
TICK_S: Final = 0.05
"""Seconds between two looks at the player."""
DIGITS: Final = frozenset("123456789")

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
class Loop:
    """A stretch that is played again and again, in seconds of song time."""

    start_s: float
    end_s: float


class KeySession:
    """Carries out the keys that are pressed while one file is played."""

    def __init__(
        self, call: Call, playing: "FilePlayer", steering: Steering, keyboard: Keyboard, *, loop: bool
    ) -> None:
        self._call, self._playing, self._steering, self._loops = call, playing, steering, loop
        self._keyboard, self._switch = keyboard, SoundSwitch(playing, steering.beside)
        self._file = playing.file
        self._loop: Loop | None = None
        """Stretch that is looped; None for the whole file."""

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
        else:
            self._steer(key)
        return ""

    def _steer(self, key: str) -> None:
        """Carry out a *key* after which the playback goes on."""
        marks = self._steering.marks
        if key == "space":
            self._pause("paused") if self._playing.playing else self._play(self._playing.position_s)
        elif key in _SEEKS:
            self._play(self._playing.position_s + _SEEKS[key])
        elif key == "l":
            self._toggle_loop()
        elif key == "?":
            self._say(*(f"{name:5}  {meaning}" for name, meaning in self._steering.keys.items()))
        elif self._steering.beside and key in BESIDE_KEYS:
            self._hear(key)
        elif marks is not None and key in {"[", "]", "0"}:
            self._say(self._mark(key, marks))
        elif marks is not None and key in DIGITS:
            self._jump(int(key))
        else:
            self._say("there is no such key here; ? lists them all")

    def _act(self, act: Act) -> None:
        """Carry out *act*, and play on from where it was."""
        sounded = act.asks and self._playing.playing
        if act.asks:
            self._playing.stop()
        act.carry_out(self._file, self._switch.time_s - starts_s(self._file))
        if sounded:
            self._start(self._playing.position_s)
        self._say()

    def _is_over(self) -> bool:
        """True if the player, which has ended, is not started again."""
        early = self._playing.early_end()
        if early:
            self._keyboard.end_line()
            self._call.say(f"  {early}")
        elif self._loops:
            self._start(self._loop.start_s - self._begins_s if self._loop else 0.0)
            return False
        return True

    @property
    def _begins_s(self) -> float:
        """Song time of the first frame of the file that is heard."""
        return starts_s(self._playing.file)

    def _start(self, position_s: float) -> None:
        """Play from a position in seconds, within the loop if there is one."""
        if self._loop is None:
            self._playing.start(position_s)
            return
        start_s, end_s = self._loop.start_s - self._begins_s, self._loop.end_s - self._begins_s
        self._playing.start(position_s if start_s <= position_s < end_s else start_s, end_s)

    def _toggle_loop(self) -> None:
        """Loop the span that is marked, else the section that is heard, else the whole file; or loop no more."""
        if self._loops:
            self._loops, before, self._loop = False, self._loop, None
            if before and self._playing.playing:
                self._start(self._playing.position_s)
            self._say("loop off")
            return
        self._loops = True
        self._loop, name = self._stretch()
        if self._loop and self._playing.playing:
            self._start(self._playing.position_s)
        self._say(f"loop on: {name}" if name else "loop on")

    def _stretch(self) -> tuple[Loop | None, str]:
        """Stretch that a loop plays now, and the name of it; None and an empty text for the whole file."""
        marks, time_s = self._steering.marks, self._switch.time_s
        if marks is None:
            return None, ""
        if marks.start and marks.end:
            return Loop(marks.start.position_s, marks.end.position_s), marks.words
        begins_s = starts_s(self._switch.own)
        for section in self._sections():
            if section.start_s <= time_s - begins_s < section.end_s:
                return Loop(section.start_s + begins_s, section.end_s + begins_s), section.name
        return None, ""

    def _sections(self) -> "list[PlacedSection]":
        """Sections of the song in the item."""
        own = self._switch.own
        return own.place.sections(own.duration_s) if own.place else []

    def _jump(self, number: int) -> None:
        """Go to the section of a *number*, from 1, in the order in which they sound."""
        sections = self._sections()
        if number > len(sections):
            own = self._switch.own
            form = command_line(suggest("song form", own.place.song)) if own.place else "only a song has one"
            left = f"there are {len(sections)} sections here" if sections else f"there is no form here: {form}"
            self._say(left)
            return
        section, begins_s = sections[number - 1], starts_s(self._switch.own)
        if self._loop:
            self._loop = Loop(section.start_s + begins_s, section.end_s + begins_s)
        self._start(max(0.0, section.start_s + begins_s - self._begins_s))
        self._say(f"{section.name}{self._time(' from ')}")

    def _mark(self, key: str, marks: SpanMarks) -> str:
        """Carry out a *key* of the span; return a line about it."""
        if key == "0":
            return marks.forget()
        time_s, place = self._switch.time_s, self._switch.own.place
        words = place.words(time_s - place.starts_s) if place else clock(round(time_s * 1000), 1000)
        mark = Mark(time_s, words)
        return marks.begin(mark) if key == "[" else marks.finish(mark)

    def _hear(self, key: str) -> None:
        """Switch to the sound of *key* at the same time of the song."""
        try:
            file, lines = self._switch.press(key)
        except Refusal as refusal:
            hint = f": {command_line(refusal.next)}" if refusal.next else ""
            self._say(f"{refusal.detail}{hint}")
            return
        except OperationalError as error:
            self._say(str(error))
            return
        if not self._switch.hear(file):
            lines.append("it ends before that time: from its beginning")
        if self._loop and self._playing.playing:
            self._start(self._playing.position_s)
        self._say(*lines)

    def _pause(self, word: str) -> None:
        self._playing.stop()
        self._say(f"{word}{self._time(' at ')}; (space) plays on")

    def _play(self, position_s: float) -> None:
        self._start(position_s)
        self._say(self._time("from ") or "plays on")

    def _time(self, lead: str = "") -> str:
        """The position behind *lead*; empty if positions are not shown."""
        seconds = int(self._playing.position_s)
        return f"{lead}{seconds // 60}:{seconds % 60:02d}" if self._steering.times else ""

    def _say(self, *lines: str) -> None:
        self._keyboard.end_line()
        self._call.wraps(*(f"  {line}" for line in lines))
        self._keyboard.ask()
