"""Event base classes, id types, and the tags of an event, derived from the id types of its fields."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Final, Generic, Literal, NamedTuple, TypeVar, Union, get_args, get_origin
from uuid import UUID, SafeUUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from domain.core.blob_reference import BlobReference
from domain.core.ids import lineage, record_of

Stage = Literal["writing", "preproduction", "recording", "editing", "mixing", "mastering", "delivered"]
"""Stage of a song's production; see :mod:`domain.label.stages`."""

SLUG = r"[^\s/@.:]{1,120}"


@dataclass(frozen=True, slots=True)
class Ident:
    """Marks an id type with one tag prefix a segment, so that an event of a part is also found by song and record."""

    prefixes: tuple[str, ...]

    def tags(self, value: str) -> tuple[str, ...]:
        """Tags of the id *value*, one a prefix."""
        return _segmented(self.prefixes, value)


@lru_cache(maxsize=4096)
def _segmented(prefixes: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(f"{prefix}:{id_}" for prefix, id_ in zip(prefixes, lineage(value), strict=False))


@dataclass(frozen=True, slots=True)
class Scoped:
    """Marks an id type that is tagged whole under *prefix*, and under its first segment as a record."""

    prefix: str

    def tags(self, value: str) -> Iterator[str]:
        """Tags of the id *value*: its record and the id itself."""
        yield f"record:{record_of(value)}"
        yield f"{self.prefix}:{value}"


RecordId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$"), Ident(("record",))]
SongId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/{SLUG}$"), Ident(("record", "song"))]
PartId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/{SLUG}/{SLUG}$"), Ident(("record", "song", "part"))]
TakeId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/{SLUG}/{SLUG}/\d+$"), Ident(("record", "song", "part"))]
SessionId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/S\d+$"), Scoped("session")]
ResourceId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$"), Ident(("resource",))]
PersonId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$"), Ident(("person",))]
IdeaId = Annotated[str, StringConstraints(pattern=r"^I[1-9]\d{0,8}$"), Ident(("idea",))]
RecordingId = Annotated[str, StringConstraints(pattern=r"^R[1-9]\d{0,8}$")]
"""Number of a recording that belongs to no part yet, counted within its record."""
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
SectionName = Annotated[str, StringConstraints(pattern=r"^[^\W\d_]\w*(?:-\w+)*$", max_length=40)]
"""Name of a section of a song's form."""
Title = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""A name that people gave: of a record, a song, a part or an artist."""


class Value(BaseModel):
    """Immutable value of an event; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Facts about a kind of event, for code that treats all kinds alike; none has a default."""

    undoable: bool
    """``undo`` can take it back."""
    newsworthy: bool
    """Sent to the outbox of notices."""
    searchable: bool
    """``search`` looks for words in its text."""
    moves_sound: bool
    """May change how a part sounds."""
    by_driver: bool
    """The driver records it about its own work; no render becomes due by it."""


class Event(Value):
    """Something that was decided or that happened; its ``kind`` is its name in storage, for ever.

    Each class in ``domain.status.events.event_types`` states its traits, its address fields and its text itself; the
    values here are those of an event that only a newer program knows.
    """

    schema_number: ClassVar[int] = 1
    traits: ClassVar[Traits] = Traits(
        undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False
    )
    address_fields: ClassVar[tuple[str, ...]] = ()
    """Fields that hold the address the event is about; the first one that is set counts."""
    erasable_since: ClassVar[int] = 0
    """Schema number since which the log stores commitments to the texts of ``erasable_fields``; 0 for never."""
    kind: str

    def describe(self) -> str:
        """The event in one line, as the log shows it."""
        return self.kind

    @property
    def address(self) -> str:
        """The address the event is about; empty where it has none."""
        return next((str(value) for name in self.address_fields if (value := getattr(self, name))), "")

    @property
    def secret(self) -> Literal["money", "rejections"] | None:
        """The sort of secret that the event tells; None if everybody may see it: see :mod:`domain.label.curtain`."""
        return None

    @property
    def fee_of(self) -> str | None:
        """The id of the person whose own fee the event states, and no other money; None for nobody."""
        return None

    @property
    def erasable_fields(self) -> tuple[str, ...]:
        """The fields whose text can be erased: see :mod:`domain.core.erasable_text`."""
        return ()

    def blobs(self) -> Iterable[BlobReference]:
        """The files in the vault that the event names."""
        return ()

    @property
    def stage_evidence(self) -> Stage | None:
        """The stage of production of which the event is evidence for the song at its address; None if of none."""
        return None

    def judged_takes(self) -> frozenset[str]:
        """The ids of the takes that the event judges."""
        return frozenset()


E_co = TypeVar("E_co", bound=Event, covariant=True)


STANDING_IN: Final = " for "
"""Between ``user@host`` and the id of the person for whom a deputy decided, in ``via``."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Recorded(NamedTuple, Generic[E_co]):
    """An event as stored in the log.

    A plain tuple of stored values: building dataclasses, ids and times that are hardly ever read would take a third of
    the time to read a long log.
    """

    position: int
    event: E_co
    actor: str
    via: str
    why: str | None
    hash: bytes
    stored_id: bytes
    """Event id, 16 bytes."""
    stored_occurred_at: str | None
    """ISO 8601 with the offset from UTC."""
    recorded_us: int
    """Microseconds since 1970-01-01 UTC."""
    stored_correlation: bytes | None = None
    """Correlation id, 16 bytes."""

    @property
    def who(self) -> str:
        """The person who decided, and for whom, if they stood in for somebody: ``kim for pat``."""
        delegator = self.via.partition(STANDING_IN)[2]
        return f"{self.actor}{STANDING_IN}{delegator}" if delegator else self.actor

    @property
    def id(self) -> UUID:
        """Event id."""
        return uuid_of(self.stored_id)

    @property
    def occurred_at(self) -> datetime | None:
        """Time of the invoice or session itself, with its offset from UTC."""
        return None if self.stored_occurred_at is None else datetime.fromisoformat(self.stored_occurred_at)

    @property
    def recorded_at(self) -> datetime:
        """Time of recording in UTC, by the writer's clock.

        Release 0.1.0 never stored an earlier time than that of the event before, so one clock running ahead moved
        all later times; such a move shows in the id, whose time is then returned.
        """
        clock = clock_us(self.stored_id, self.recorded_us)
        return EPOCH + timedelta(0, 0, clock if self.recorded_us - clock > _LONGEST_WAIT_US else self.recorded_us)

    @property
    def correlation(self) -> UUID | None:
        """One id shared by all events of a command."""
        return None if self.stored_correlation is None else uuid_of(self.stored_correlation)


_LONGEST_WAIT_US: Final = 120_000_000
"""Longest time from making an id to recording its event, microseconds: writers wait a minute at most for their turn."""


def clock_us(stored_id: bytes, recorded_us: int) -> int:
    """The writer's clock at an event, microseconds since 1970-01-01 UTC.

    Args:
        stored_id: the event's id, 16 bytes; version 7 begins with 48 bits of milliseconds (RFC 9562, section 5.7).
        recorded_us: returned for ids of other versions.
    """
    is_timed = stored_id[6] >> 4 == 7  # noqa: PLR2004 - the version
    return int.from_bytes(stored_id[:6]) * 1000 if is_timed else recorded_us


def uuid_of(stored: bytes) -> UUID:
    """UUID of 16 bytes, without the checks of its constructor, which take a tenth of the time to fold a long log."""
    made = _new(UUID)
    _set(made, "int", int.from_bytes(stored))
    _set(made, "is_safe", _UNKNOWN)
    return made


_new, _set, _UNKNOWN = object.__new__, object.__setattr__, SafeUUID.unknown


def tags_of(event: Event) -> tuple[str, ...]:
    """The tags of *event*, sorted and unique, derived from the id types of its fields."""
    return _derivation(type(event))(event)


TagReader = Callable[[Any], Iterable[str]]

_REMEMBERED: Final = 1024
"""Tags remembered for each class of events: those of consecutive events are often equal."""


@cache
def _derivation(model: type[Event]) -> Callable[[Any], tuple[str, ...]]:
    """The function from an event of class *model* to its tags.

    If all ids are plain fields, the tags are remembered by the ids; others may lie in values that are costly to hash.
    """
    read, fields = _reader(model), _tagged_fields(model)
    if not fields or not all(_is_plain(model, name) for name, _ in fields):
        return lambda event: tuple(sorted(set(read(event))))
    ids_of = attrgetter(*(name for name, _ in fields))
    readers = [reader for _, reader in fields]

    @lru_cache(maxsize=_REMEMBERED)
    def tagged(ids: str | tuple[str | None, ...] | None) -> tuple[str, ...]:
        given = zip(readers, ids if isinstance(ids, tuple) else (ids,), strict=True)
        return tuple(sorted({tag for reader, id_ in given if id_ is not None for tag in reader(id_)}))

    return lambda event: tagged(ids_of(event))


def _is_plain(model: type[BaseModel], name: str) -> bool:
    """True if the field *name* holds an id, or None; False if ids lie deeper in it."""
    info = model.model_fields[name]
    return _is_id(info.annotation, tuple(info.metadata))


def _is_id(annotation: Any, metadata: tuple[object, ...] = ()) -> bool:  # noqa: ANN401 - any annotation
    if any(isinstance(mark, Ident | Scoped) for mark in metadata):
        return True
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        return _is_id(inner, tuple(marks))
    if get_origin(annotation) in {Union, UnionType}:
        return all(part is NoneType or _is_id(part) for part in get_args(annotation))
    return False


def _tagged_fields(model: type[BaseModel]) -> list[tuple[str, TagReader]]:
    """The fields of *model* that hold ids, each with the reader of its tags."""
    return [
        (name, reader)
        for name, info in model.model_fields.items()
        if (reader := _of_type(info.annotation, tuple(info.metadata))) is not None
    ]


@cache
def _reader(model: type[BaseModel]) -> TagReader:
    fields = _tagged_fields(model)

    def read(value: Any) -> Iterator[str]:  # noqa: ANN401 - any event, or a part of one
        for name, reader in fields:
            found = getattr(value, name)
            if found is not None:
                yield from reader(found)

    return read


def _read_model(value: BaseModel) -> Iterable[str]:
    return _reader(type(value))(value)


def _of_type(annotation: Any, metadata: tuple[object, ...] = ()) -> TagReader | None:  # noqa: ANN401 - any annotation
    for mark in metadata:
        if isinstance(mark, Ident | Scoped):
            return mark.tags
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        return _of_type(inner, tuple(marks))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _read_model
    return _of_parts(get_origin(annotation), [_of_type(part) for part in get_args(annotation)])


def _of_parts(origin: object, readers: list[TagReader | None]) -> TagReader | None:
    if origin is Mapping:
        return _read_mapping(*readers)
    found = next((reader for reader in readers if reader is not None), None)
    if found and origin is tuple:
        return lambda values: (tag for value in values for tag in found(value))
    return found  # X | None, or a union of models: each reads by its own type


def _read_mapping(keys: TagReader | None, values: TagReader | None) -> TagReader | None:
    if keys is None and values is None:
        return None

    def read(mapping: Mapping[Any, Any]) -> Iterator[str]:
        for key, value in mapping.items():
            yield from keys(key) if keys else ()
            yield from values(value) if values else ()

    return read
