"""Keys of a player and their meanings.

Tests: ``tests/orchestrator/cli/commands/listen/test_play.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orchestrator.cli.commands.listen.span_marks import SpanMarks

if TYPE_CHECKING:
    from orchestrator.desk.comparison.sounds_beside import SoundsBeside
    from orchestrator.desk.listening.audition import AuditionFile

PROMPT: Final = "(space) pause (arrows) back, on ([ ]) span (l)oop (x) A/B (n)ext (q) stop ? "
NOTE_PROMPT: Final = PROMPT.replace("(n)ext", "(n)ote")
"""Prompt of ``review``, where ``n`` writes a note."""
KEYS: Final = {
    "space": "pause; play on",
    "left": "back by 5 s",
    "right": "on by 5 s",
    "up": "the song before; the beginning of the first",
    "down": "the next song",
    "n": "the next song",
    "l": "loop the span, else the section, else all; again: loop no more",
    "q": "stop",
}
"""Meaning of each key while something plays."""
SPAN_KEYS: Final = {
    "[": "begin a span here; again: move its beginning",
    "]": "end the span here: what is approved or noted next is of the span",
    "0": "forget the span",
    "1-9": "jump to this section of the song",
}
"""Meaning of each key that has to do with the time of the song."""
BESIDE_KEYS: Final = {
    "p": "a take in its song",
    "o": "a take alone",
    "x": "A/B, equally loud: a take and the keeper, a mix and the chosen mix",
    "R": "a reference recording, equally loud; again: the next one, then back",
    "B": "the one approved last, equally loud; again: back",
}
"""Meaning of each key that changes what is heard, but not the time."""


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
        marks: where the span is kept that is marked; None if none can be.
        beside: the sounds to which the keys switch; None if there are none.
    """

    prompt: str = PROMPT
    acts: Mapping[str, Act] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    times: bool = True
    marks: SpanMarks | None = None
    beside: "SoundsBeside | None" = None

    @property
    def keys(self) -> Mapping[str, str]:
        """Meaning of each key."""
        more = {**(SPAN_KEYS if self.marks is not None else {}), **(BESIDE_KEYS if self.beside else {})}
        return {**KEYS, **more, **{key: act.meaning for key, act in self.acts.items()}, **self.others}
