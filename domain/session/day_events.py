"""Events of the studio day: the session began, parts began, the tape rolled and stopped, a pass or a moment was marked.

Each is recorded as the key is pressed, before any file of the recorder exists.  A mark is no verdict: it says what was
felt in the room, and whoever judges takes sees it first.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, get_args

from pydantic import Field
from typing_extensions import override

from domain.booking.slots import Moment
from domain.core.event import Event, PartId, RecordId, SessionId, SongId, Traits
from domain.song.passes import PassNumber

Mark = Literal["keeper", "hold", "not-this-one", "false-start"]
MARKS: Final[tuple[Mark, ...]] = get_args(Mark)
MARKS_IN_WORDS: Final[Mapping[Mark, str]] = {
    "keeper": "keeper",
    "hold": "hold",
    "not-this-one": "not this one",
    "false-start": "false start",
}
SlateNumber = Annotated[int, Field(ge=1, le=999_999, strict=True)]
"""Number of a slate, counted within its session; the number of one that was taken back is not given again."""
MOST_PARTS: Final = 200
"""Parts that are recorded at once at most."""
Parts = Annotated[tuple[PartId, ...], Field(min_length=1, max_length=MOST_PARTS)]
"""Ids of parts of one song."""


class SessionStarted(Event):
    """The studio day of a session began."""

    kind: Literal["session-started"] = "session-started"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    at: Moment

    @override
    def describe(self) -> str:
        return f"{self.session} begins"


class PartsStarted(Event):
    """These parts of a song are recorded from now on; whatever the recorder writes belongs to them."""

    kind: Literal["parts-started"] = "parts-started"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    session: SessionId
    record: RecordId
    song: SongId
    parts: Parts
    at: Moment

    @override
    def describe(self) -> str:
        return f"{self.session}: {', '.join(self.parts)}"


class RollStarted(Event):
    """The tape rolls: a pass of the running parts begins, and its slate has a number."""

    kind: Literal["roll-started"] = "roll-started"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    session: SessionId
    record: RecordId
    song: SongId
    parts: Parts
    slate: SlateNumber
    pass_number: PassNumber
    """Beyond all passes of the song's takes and slates at that time."""
    at: Moment

    @override
    def describe(self) -> str:
        return f"{self.session}: slate {self.slate}, {self.song}@pass{self.pass_number}"


class RollStopped(Event):
    """The tape stopped, which ends the pass of a slate."""

    kind: Literal["roll-stopped"] = "roll-stopped"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    slate: SlateNumber
    at: Moment

    @override
    def describe(self) -> str:
        return f"{self.session}: slate {self.slate} ends"


class SlateMarked(Event):
    """A pass was marked in the room; the last mark of a slate counts."""

    kind: Literal["slate-marked"] = "slate-marked"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song", "record")
    session: SessionId
    record: RecordId
    song: SongId | None = None
    """The running song; None before any part began."""
    slate: SlateNumber | None = None
    """None for a mark without roll and stop, which belongs to the pass that the recorder was writing ``at`` that time.
    """
    mark: Mark
    at: Moment

    @property
    @override
    def secret(self) -> Literal["rejections"] | None:
        return "rejections" if self.mark == "not-this-one" else None

    @override
    def describe(self) -> str:
        return f"{self.session}: {f'slate {self.slate} ' if self.slate else ''}{self.mark.replace('-', ' ')}"


class MomentMarked(Event):
    """A moment worth keeping: a laugh, a count-in, a phrase."""

    kind: Literal["moment-marked"] = "moment-marked"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song", "record")
    erasable_since = 1
    session: SessionId
    record: RecordId
    song: SongId | None = None
    slate: SlateNumber | None = None
    """The slate that was rolling; None if none was."""
    at: Moment
    text: Annotated[str, Field(max_length=2_000)] = ""

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("text",) if self.text else ()

    @override
    def describe(self) -> str:
        return f"{self.session}: moment{f', {self.text}' if self.text else ''}"


SlateEvent = RollStarted | RollStopped | SlateMarked
DayEvent = SessionStarted | PartsStarted | MomentMarked | SlateEvent
