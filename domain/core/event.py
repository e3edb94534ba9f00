"""What an event is, and how the ids in it become the tags it is found by."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar, Final, Generic, NamedTuple, TypeVar, get_args, get_origin
from uuid import UUID, SafeUUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from domain.core.ids import lineage, record_of

SLUG = r"[^\s/@.:]{1,120}"


@dataclass(frozen=True, slots=True)
class Ident:
    """Marks an id type; one tag a segment of the id, so that a part's event is found by its song and record too."""

    prefixes: tuple[str, ...]

    def tags(self, value: str) -> tuple[str, ...]:
        """The tags of an id."""
        return _segmented(self.prefixes, value)


@lru_cache(maxsize=4096)
def _segmented(prefixes: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(f"{prefix}:{id_}" for prefix, id_ in zip(prefixes, lineage(value), strict=False))


@dataclass(frozen=True, slots=True)
class Scoped:
    """Marks an id whose last segment alone names the thing, beside the record it belongs to."""

    prefix: str

    def tags(self, value: str) -> Iterator[str]:
        """The tags of an id."""
        yield f"record:{record_of(value)}"
        yield f"{self.prefix}:{value}"


RecordId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$"), Ident(("record",))]
SongId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/{SLUG}$"), Ident(("record", "song"))]
PartId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/{SLUG}/{SLUG}$"), Ident(("record", "song", "part"))]
TakeId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/{SLUG}/{SLUG}/\d+$"), Ident(("record", "song", "part"))]
SessionId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/S\d+$"), Scoped("session")]
ResourceId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$"), Ident(("resource",))]
PersonId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$"), Ident(("person",))]
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Value(BaseModel):
    """A part of an event: immutable, and nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class Event(Value):
    """Something that was decided or that happened; its ``kind`` is its name in storage, for ever."""

    schema_number: ClassVar[int] = 1
    kind: str


E_co = TypeVar("E_co", bound=Event, covariant=True)


EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Recorded(NamedTuple, Generic[E_co]):
    """An event as the log holds it.

    A tuple of what is stored, because a third of reading a long log would be making dataclasses, ids and times of which
    hardly any is looked at.
    """

    position: int
    event: E_co
    actor: str
    via: str
    why: str | None
    hash: bytes
    stored_id: bytes
    """16 bytes."""
    stored_occurred_at: str | None
    """ISO 8601, with the offset from UTC."""
    recorded_us: int
    """Microseconds since 1970, UTC."""
    stored_correlation: bytes | None = None
    """16 bytes."""

    @property
    def id(self) -> UUID:
        """The event's own."""
        return uuid_of(self.stored_id)

    @property
    def occurred_at(self) -> datetime | None:
        """The invoice's or session's own time, with its offset from UTC."""
        return None if self.stored_occurred_at is None else datetime.fromisoformat(self.stored_occurred_at)

    @property
    def recorded_at(self) -> datetime:
        """When it was recorded, UTC, by the clock of who wrote it.

        Release 0.1.0 never stored an earlier time than that of the event before, so that one clock that was ahead moved
        all later times; where the id tells of such a move, its time counts.
        """
        clock = clock_us(self.stored_id, self.recorded_us)
        return EPOCH + timedelta(0, 0, clock if self.recorded_us - clock > _LONGEST_WAIT_US else self.recorded_us)

    @property
    def correlation(self) -> UUID | None:
        """One id for all that came of one command."""
        return None if self.stored_correlation is None else uuid_of(self.stored_correlation)


_LONGEST_WAIT_US: Final = 120_000_000
"""Microseconds from the making of an id to the recording of its event: writers wait a minute for their turn."""


def clock_us(stored_id: bytes, recorded_us: int) -> int:
    """The writer's clock at an event, microseconds since 1970, UTC.

    Args:
        stored_id: the event's id, 16 bytes; version 7 begins with 48 bits of milliseconds (RFC 9562, section 5.7).
        recorded_us: the answer for ids of other versions.
    """
    is_timed = stored_id[6] >> 4 == 7  # noqa: PLR2004 - the version
    return int.from_bytes(stored_id[:6]) * 1000 if is_timed else recorded_us


def uuid_of(stored: bytes) -> UUID:
    """The UUID of 16 bytes; its constructor, which takes an id in six ways, would be a tenth of folding a long log."""
    made = _new(UUID)
    _set(made, "int", int.from_bytes(stored))
    _set(made, "is_safe", _UNKNOWN)
    return made


_new, _set, _UNKNOWN = object.__new__, object.__setattr__, SafeUUID.unknown


def tags_of(event: Event) -> tuple[str, ...]:
    """The tags of *event*, sorted and each once, derived from the id types of its fields."""
    return tuple(sorted(set(_reader(type(event))(event))))


TagReader = Callable[[Any], Iterable[str]]


@cache
def _reader(model: type[BaseModel]) -> TagReader:
    fields = [
        (name, reader)
        for name, info in model.model_fields.items()
        if (reader := _of_type(info.annotation, tuple(info.metadata))) is not None
    ]

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
