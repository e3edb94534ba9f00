"""Between an event and its row: text in and out, typed and validated, nothing stored that could not be read back."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from domain.event import Event, Recorded, tags_of
from orchestrator.log.draft import Draft, uuid7, uuid_of
from orchestrator.log.refusals import StoreDamaged, StoreNewer, Unstorable
from orchestrator.log.upcast import STEPS, Steps, upcast

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

READ = "position, id, kind, schema, data, actor, via, why, occurred_at, recorded_at, correlation, hash"
"""The columns of a ``Recorded``, in the order ``Codec.decode`` takes them."""

_array = lru_cache(maxsize=4096)(json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode)
"""Tags as a JSON array; those of one part are the same, event after event."""

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""An escaped U+0000 in JSON: an odd number of backslashes before the ``u``."""


class Unknown(Event):
    """An event of a kind, or of a shape, that only a newer Takesheet knows; for readers of everything."""

    stored: str
    """Its JSON, as it stands in the log."""


class Content(NamedTuple):
    """The columns by which two events are the same; the log adds position, time and hashes.

    The tags are not among them: they follow from the data, by the program that stored it.
    """

    id: bytes
    kind: str
    schema: int
    data: str
    actor: str
    via: str
    why: str | None
    occurred_at: str | None
    cause: bytes | None
    correlation: bytes | None


CONTENT = ", ".join(Content._fields)


class Encoded(NamedTuple):
    """A draft ready to be recorded."""

    content: Content
    tags: tuple[str, ...]
    tags_text: str
    event: Event
    """As it will be read back."""
    draft: Draft

    @property
    def id(self) -> UUID:
        """The event's id."""
        return self.draft.id or uuid_of(self.content.id)


class Codec:
    """Knows the event classes by kind.

    Args:
        kinds: kind to class.
        place: the store, for what is told about it.
        steps: how old shapes are lifted.
    """

    def __init__(self, kinds: Mapping[str, type[Event]], place: str, *, steps: Steps = STEPS) -> None:
        self.kinds, self._place, self._steps = kinds, place, steps

    def encode(self, draft: Draft, *, now_us: int) -> Encoded:
        """The stored form of *draft*.

        Raises:
            Unstorable: U+0000 or a lone surrogate in a text, a time without offset, or an event that would read back
                as another.
            TypeError: the event's class is not the registered one of its kind.
        """
        event, kind = draft.event, draft.event.kind
        model = self.kinds.get(kind)
        if model is not type(event):
            raise TypeError(f"{type(event).__name__} is not registered as {kind!r}")
        data = _json(event)
        tags = tags_of(event)
        content = Content(
            uuid7(now_us) if draft.id is None else draft.id.bytes,
            kind,
            model.schema_number,
            data,
            _name("actor", draft.actor),
            _name("via", draft.via),
            None if draft.why is None else _text("why", draft.why),
            None if draft.occurred_at is None else _time(draft.occurred_at),
            None if draft.cause is None else draft.cause.bytes,
            None if draft.correlation is None else draft.correlation.bytes,
        )
        return Encoded(content, tags, _array(tags), _read_back(event, data), draft)

    def decode(self, row: tuple[Any, ...], *, strict: bool) -> Recorded[Event]:
        """A row of the columns ``READ``, typed and validated.

        Raises:
            StoreNewer: *strict*, and the kind or its shape is not known here; otherwise it comes as ``Unknown``.
            StoreDamaged: the stored JSON is not such an event.
        """
        position, id_, kind, schema, data, actor, via, why, occurred_at, recorded_at, correlation, hash_ = row
        model = self.kinds.get(kind)
        event: Event
        if model is None or schema > model.schema_number:
            if strict:
                raise newer(kind, position=position)
            event = Unknown(kind=kind, stored=data)
        else:
            try:
                if schema < model.schema_number:
                    data = upcast(kind, schema, data, to=model.schema_number, steps=self._steps)
                event = model.__pydantic_validator__.validate_json(data)  # model_validate_json, straight
            except (ValidationError, LookupError) as error:
                raise StoreDamaged(self._place, f"not a {kind}: {error}", position=position) from error
        return Recorded(
            position,
            uuid_of(id_),
            event,
            actor,
            via,
            why,
            None if occurred_at is None else datetime.fromisoformat(occurred_at),
            EPOCH + timedelta(0, 0, recorded_at),
            None if correlation is None else uuid_of(correlation),
            hash_,
        )


def newer(kind: str, **values: object) -> StoreNewer:
    """Why a decision stops at a kind, or a shape of it, that this program does not know."""
    return StoreNewer(f"{kind} in this log is from a newer takesheet; it may matter here", kind=kind, **values)


def microseconds(time: datetime) -> int:
    """Microseconds since 1970, UTC, rounded down."""
    return (time - EPOCH) // MICROSECOND


def _json(event: Event) -> str:
    try:
        data = event.__pydantic_serializer__.to_json(event, warnings="error").decode()  # model_dump_json, straight
    except PydanticSerializationError as error:
        raise Unstorable(event.kind, str(error)) from error
    if "\\u0000" in data and _NUL.search(data):
        raise Unstorable(event.kind, "holds U+0000")
    return data


def _read_back(event: Event, data: str) -> Event:
    """What is stored stays for ever, so it must be known to come back before it goes in."""
    try:
        back: Event = type(event).__pydantic_validator__.validate_json(data)  # model_validate_json, straight
    except ValidationError as error:
        raise Unstorable(event.kind, str(error)) from error
    if back.__dict__ != event.__dict__:  # of one class, frozen, and nothing private in it: this is what == means
        raise Unstorable(event.kind, "would not read back as it is")
    return back


def _text(where: str, text: str) -> str:
    if "\0" in text:
        raise Unstorable(where, "holds U+0000")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unstorable(where, "holds half of a character (a lone surrogate)") from error
    return text


_name = lru_cache(maxsize=256)(_text)
"""Those who act, and from where, are few."""


def _time(time: datetime) -> str:
    if time.utcoffset() is None:
        raise Unstorable("occurred_at", f"{time.isoformat()} has no offset from UTC")
    return time.isoformat()
