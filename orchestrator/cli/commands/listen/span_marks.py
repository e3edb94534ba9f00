"""The span that is marked with ``[`` and ``]`` while a sound plays.

Tests: ``tests/orchestrator/cli/commands/listen/test_spans.py``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A position in a file, and the song time there."""

    position_s: float
    """Seconds of the file's own time line; of a sound with a place in a song, song time."""
    words: str
    """The time as the user typed or tapped it."""


@dataclass(slots=True)
class SpanMarks:
    """Both ends of a marked span; None until they are marked."""

    start: Mark | None = None
    end: Mark | None = None

    @property
    def is_open(self) -> bool:
        """True if the span has a start and no end."""
        return self.start is not None and self.end is None

    @property
    def words(self) -> str:
        """The span as it is typed, such as ``0:48-1:20``; empty unless both ends are marked."""
        return f"{self.start.words}-{self.end.words}" if self.start and self.end else ""

    def begin(self, mark: Mark) -> str:
        """Set the start, and forget an end that lies before it; return a line that says so."""
        self.start = mark
        if self.end and self.end.position_s <= mark.position_s:
            self.end = None
        return f"span {self.words}" if self.end else f"span from {mark.words}; ] ends it"

    def finish(self, mark: Mark) -> str:
        """Set the end; return a line that says so, or why it cannot end there."""
        if self.start is None:
            return "no span has begun: [ begins one, ] ends it"
        if mark.position_s <= self.start.position_s:
            return f"the span begins at {self.start.words}: ] comes after it"
        self.end = mark
        return f"span {self.words}; 0 forgets it"

    def forget(self) -> str:
        """Forget the span; return a line that says so."""
        was = self.start is not None
        self.start = self.end = None
        return "no span any more" if was else "no span is marked"

    def noted(self, text: str) -> tuple[str, str | None]:
        """The text of a note on the span, and its time: the end stands before the text, the start is the time."""
        if self.start is None:
            return text, None
        return (f"to {self.end.words}: {text}" if self.end else text), self.start.words
