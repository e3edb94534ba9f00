"""Corrections of the catalog: entries renamed, removed, shelved, dropped and restored, edited facts, moved takes.

An entry is a record, a song, a part, a mix, a master, a person, a resource or a session.  Its address stays for good:
a correction is a new event, so that earlier moments and everything shipped stay as they were.  Only another correction
takes one back, such as ``restore``.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, StringConstraints, model_validator
from typing_extensions import override

from domain.core.event import (
    Event,
    PartId,
    PersonId,
    RecordId,
    ResourceId,
    SectionName,
    SessionId,
    SongId,
    TakeId,
    Title,
    Traits,
    Value,
)
from domain.core.ids import IdParts, number_of_revision
from domain.core.refusal import Misused

K = TypeVar("K", str, int)
Absence = Literal["removed", "shelved", "dropped"]
"""An entry is removed if it was a slip, shelved if it is left out on purpose, and dropped if it was given up for good.

Only a record or a song is dropped.
"""
EntryNoun = Literal["record", "song", "part", "mix", "master", "person", "resource", "session"]


class EntryFields(Value):
    """Fields that name one entry: the deepest id alone, and for a mix or a master also its revision."""

    record: RecordId | None = None
    song: SongId | None = None
    part: PartId | None = None
    resource: ResourceId | None = None
    person: PersonId | None = None
    session: SessionId | None = None
    revision: Annotated[str, StringConstraints(pattern=r"^(mix|master)[1-9][0-9]{0,5}$")] | None = None
    """``mix3`` of the song, or ``master1`` of the record."""

    @model_validator(mode="after")
    def _names_one_entry(self) -> "EntryFields":
        ids = (self.record, self.song, self.part, self.resource, self.person, self.session)
        if sum(one is not None for one in ids) != 1:
            raise ValueError("a correction is of one entry, which its deepest id names")
        if self.revision and (self.song if self.revision.startswith("mix") else self.record) is None:
            raise ValueError("a mix is a revision of a song, a master one of a record")
        return self

    @property
    def address(self) -> str:
        """The id of the entry."""
        name = self.part or self.song or self.record or self.session or self.resource or self.person or ""
        return f"{name}@{self.revision}" if self.revision else name

    @property
    def place(self) -> str | None:
        """The id of a record, song or part; None of any other entry."""
        return None if self.revision else self.part or self.song or self.record

    @property
    def number(self) -> int:
        """The number of a mix or master; 0 of any other entry."""
        return number_of_revision(self.revision) if self.revision else 0


def entry_fields(entry: str) -> dict[str, str]:
    """The fields that name the record, song, part, mix or master *entry*, given by its id."""
    parts = IdParts.of(entry)
    own = {"part": parts.part} if parts.part else {"song": parts.song} if parts.song else {"record": parts.record}
    found = {name: id_ for name, id_ in own.items() if id_}
    return found | ({"revision": parts.revision} if parts.revision else {})


def noun_of_entry(entry: str) -> Literal["record", "song", "part", "mix", "master"]:
    """The noun for a record, song, part, mix or master, by its id."""
    parts = IdParts.of(entry)
    if parts.revision:
        return "mix" if parts.song else "master"
    return "part" if parts.part else "song" if parts.song else "record"


class EntryRenamed(EntryFields, Event):
    """An entry got another title; its address stayed."""

    schema_number = 2
    kind: Literal["entry-renamed"] = "entry-renamed"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("part", "song", "record", "session", "resource", "person")
    erasable_since = 2
    title: Title

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("title",) if self.person else ()

    @override
    def describe(self) -> str:
        return f"{self.address} is called {self.title}"


class EntryRemoved(EntryFields, Event):
    """An entry was removed: a slip, which leaves lists, plans and boards."""

    kind: Literal["entry-removed"] = "entry-removed"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("part", "song", "record", "session", "resource", "person")

    @override
    def describe(self) -> str:
        return f"{self.address} removed"


class EntryShelved(EntryFields, Event):
    """An entry was shelved: left out for artistic reasons, it leaves lists, plans and boards."""

    kind: Literal["entry-shelved"] = "entry-shelved"
    traits = Traits(undoable=False, newsworthy=True, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("part", "song", "record", "session", "resource", "person")

    @override
    def describe(self) -> str:
        return f"{self.address} shelved"


class EntryDropped(EntryFields, Event):
    """A record or a song was dropped: given up for good, it leaves lists, plans and boards; its takes are kept."""

    kind: Literal["entry-dropped"] = "entry-dropped"
    traits = Traits(undoable=False, newsworthy=True, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("song", "record")

    @model_validator(mode="after")
    def _is_a_record_or_song(self) -> "EntryDropped":
        if self.revision or not (self.record or self.song):
            raise ValueError("only a record or a song is dropped")
        return self

    @override
    def describe(self) -> str:
        return f"{self.address} dropped"


class EntryRestored(EntryFields, Event):
    """A removed, shelved or dropped entry is back."""

    kind: Literal["entry-restored"] = "entry-restored"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("part", "song", "record", "session", "resource", "person")

    @override
    def describe(self) -> str:
        return f"{self.address} restored"


EntryLeft = EntryRemoved | EntryShelved | EntryDropped
"""Events after which an entry is absent."""
AbsenceEvent = EntryLeft | EntryRestored
"""Events by which an entry is absent, or there again."""
EntryEvent = EntryRenamed | AbsenceEvent
"""Events of one entry of any kind."""
_ABSENCES: Final[Mapping[type[EntryLeft], Absence]] = {
    EntryRemoved: "removed", EntryShelved: "shelved", EntryDropped: "dropped",
}  # fmt: skip


def leave(fields: Mapping[str, str], absence: Absence) -> EntryLeft:
    """Take the entry away that *fields* name.

    Raises:
        Misused: ``entry.drop``; it is neither a record nor a song, and would be dropped.
    """
    if absence == "dropped" and not fields.keys() <= {"record", "song"}:
        entry = EntryRemoved.model_validate(fields).address
        raise Misused("entry.drop", f"{entry} is neither a record nor a song: remove or shelve it")
    kind = next(kind for kind, known in _ABSENCES.items() if known == absence)
    return kind.model_validate(fields)


def absences_after(absences: Mapping[K, Absence], name: K, event: AbsenceEvent) -> Mapping[K, Absence]:
    """*absences* by name after *event*, which is of the entry *name*."""
    others = {other: absence for other, absence in absences.items() if other != name}
    if isinstance(event, EntryRestored):
        return others
    return {**others, name: _ABSENCES[type(event)]}


WantedSections = Annotated[tuple[SectionName, ...], Field(max_length=500)]
"""Names of the sections in which a part is wanted; none if it is wanted in the song as a whole."""


class RecordEdited(Event):
    """A record got another artist or due date; only what changed is set."""

    kind: Literal["record-edited"] = "record-edited"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    artist: Title | None = None
    due: date | None = None
    without_due: bool = False
    """The record has no due date any more."""

    @override
    def describe(self) -> str:
        due = "no due date" if self.without_due else f"due {self.due}" if self.due else ""
        return f"{self.record}: {', '.join(filter(None, (f'by {self.artist}' if self.artist else '', due)))}"


class PartEdited(Event):
    """Facts of a part were changed; only what changed is set."""

    schema_number = 2
    kind: Literal["part-edited"] = "part-edited"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("part",)
    part: PartId
    instrument: str | None = None
    player: PersonId | None = None
    without_player: bool = False
    """Nobody is named as the player any more."""
    guide: bool | None = None
    optional: bool | None = None
    stack: bool | None = None
    sections: WantedSections | None = None

    @property
    def changes(self) -> dict[str, object]:
        """The changed facts of the part, by field."""
        named = {
            name: getattr(self, name) for name in ("instrument", "player", "guide", "optional", "stack", "sections")
        }
        found = {name: value for name, value in named.items() if value is not None}
        return found | ({"player": None} if self.without_player else {})

    @override
    def describe(self) -> str:
        told = []
        for name, value in self.changes.items():
            if isinstance(value, tuple):
                told.append(f"wanted in {', '.join(value)}" if value else "wanted in the whole song")
            elif isinstance(value, bool):
                told.append(name if value else f"no {name}")
            else:
                told.append(f"{name} {value}" if value else f"no {name}")
        return f"{self.part}: {', '.join(told)}"


class SongsOrdered(Event):
    """The songs of a record were put in order; songs added later follow at the end."""

    kind: Literal["songs-ordered"] = "songs-ordered"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    songs: Annotated[tuple[SongId, ...], Field(min_length=1)]
    """Every song that was neither removed nor shelved."""

    @override
    def describe(self) -> str:
        return f"{self.record}: {', '.join(self.songs)}"


Correction = EntryEvent | RecordEdited | PartEdited | SongsOrdered
"""Events that correct the catalog."""


class TakeMoved(Event):
    """A take was moved to another part, where it has a new number.

    Recorded after the ingest of that new take, in one append.  Verdicts and edits stay with the old number, which no
    longer sounds.
    """

    kind: Literal["take-moved"] = "take-moved"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("take",)
    take: TakeId
    to: TakeId

    @override
    def describe(self) -> str:
        return f"{self.take} is {self.to} now"
