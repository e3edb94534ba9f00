"""Notes: one line about any address, visible to its author, the team or the artist; open until somebody answers it."""

from collections.abc import Collection
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.event import Event, PersonId, RecordId, SongId, Traits
from domain.core.ids import IdParts

Visibility = Literal["private", "team", "artist", "coach"]
"""Readers of a note: its author, the team, also the artist, or also the players (:mod:`domain.label.curtain`)."""
NoteState = Literal["open", "addressed", "declined"]


class NoteAdded(Event):
    """A note about *target* was written, at a frame of song time if ``at`` is set."""

    schema_number = 2
    kind: Literal["note-added"] = "note-added"
    traits = Traits(undoable=True, newsworthy=True, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("target",)
    erasable_since = 2
    record: RecordId
    song: SongId | None = None
    target: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    at: Annotated[int, Field(ge=0)] | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
    visibility: Visibility = "team"
    by: PersonId

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("text",)

    @override
    def describe(self) -> str:
        return f"{self.target}: {self.text}"


class NoteAnswered(Event):
    """A note was addressed, in a mix revision or otherwise; declined; or opened again."""

    kind: Literal["note-answered"] = "note-answered"
    traits = Traits(undoable=True, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("target",)
    record: RecordId
    song: SongId | None = None
    target: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    """Address of the note."""
    note: UUID
    """Id of the note's event."""
    state: NoteState
    revision: Annotated[str, StringConstraints(pattern=r"^mix[1-9][0-9]{0,5}$")] | None = None
    """Mix revision in which it was addressed."""
    by: PersonId

    @override
    def describe(self) -> str:
        return f"{self.target}: a note is {self.state}{f' in {self.revision}' if self.revision else ''}"


def note(
    target: str, *, text: str, by: str, at: int | None = None, visibility: Visibility = "team",
    known: Collection[NoteAdded] = (),
) -> list[NoteAdded]:  # fmt: skip
    """Write a note about the full address *target*.  A note among *known* yields no event."""
    place = IdParts.of(target)
    new = NoteAdded(record=place.record, song=place.song, target=target, at=at, text=text, visibility=visibility, by=by)
    return [] if new in known else [new]
