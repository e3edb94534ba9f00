"""Notes: one line about anything, to oneself, the team or the artist."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.core.event import Event, PersonId, RecordId, SongId
from domain.core.ids import IdParts

Visibility = Literal["private", "team", "artist"]


class NoteAdded(Event):
    """Somebody wrote something down about *target*, at a frame of song time where one is meant."""

    kind: Literal["note-added"] = "note-added"
    record: RecordId
    song: SongId | None = None
    target: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    at: Annotated[int, Field(ge=0)] | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
    visibility: Visibility = "team"
    by: PersonId


def note(
    target: str, *, text: str, by: str, at: int | None = None, visibility: Visibility = "team",
    known: Collection[NoteAdded] = (),
) -> list[NoteAdded]:  # fmt: skip
    """Write *text* down about the thing at the full address *target*.  A note among the *known* yields nothing new."""
    place = IdParts.of(target)
    new = NoteAdded(record=place.record, song=place.song, target=target, at=at, text=text, visibility=visibility, by=by)
    return [] if new in known else [new]
