"""Place of a file in its song: the song time at each position of the file, and the sections of the song in it.

Tests: ``tests/orchestrator/cli/commands/listen/test_spans.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.core.address import clock
from domain.song.arrangement import Arrangement, SoundingSection
from domain.song.form import Section


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section of the song's form, in seconds of the file."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SongPlace:
    """The sound that a file holds, and where the file begins in the song."""

    address: str
    """Full address of the sound."""
    song: str
    """Song id."""
    starts_s: float = 0.0
    """Song time of the first frame, in seconds."""
    rate: int = 0
    """Rate in Hz in which the song's sections are counted; 0 before the first take."""
    arrangement: Arrangement = field(default_factory=Arrangement)
    arranged: bool = True
    """True if the file runs in arranged time, False if it runs in recorded time."""
    typed_recorded: bool = False
    """True if times of this sound are typed in recorded time, as of takes and parts."""

    def time_s(self, position_s: float) -> float:
        """Song time of the file at a position in seconds, in the time line of the file."""
        return self.starts_s + position_s

    def words(self, position_s: float) -> str:
        """Song time at a position in seconds, as a user types it for this sound."""
        time_s = self.time_s(position_s)
        if self.typed_recorded and self.arranged and self.rate:
            time_s = self.arrangement.recorded(round(time_s * self.rate)) / self.rate
        return clock(round(time_s * 1000), 1000)

    def sections(self, duration_s: float) -> list[PlacedSection]:
        """The sections that sound in a file of *duration_s* seconds, in order; empty for a song without a form."""
        if not self.rate:
            return []
        form: Sequence[Section | SoundingSection] = self.arrangement.sections
        if self.arranged:
            form = self.arrangement.running_order
        placed = (
            PlacedSection(one.name, one.start / self.rate - self.starts_s, one.end / self.rate - self.starts_s)
            for one in form
        )
        return [one for one in placed if one.end_s > 0 and one.start_s < duration_s]
