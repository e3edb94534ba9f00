"""Conversion between events and rows: encoded, validated, and nothing stored that could not be read back."""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import NamedTuple
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from domain.core.erasable_text import REASON, SALT_BYTES, Opening, commitment, is_commitment, opened
from domain.core.event import EPOCH, Event, Recorded, tags_of, uuid_of
from orchestrator.log.append_condition import Draft, uuid7
from orchestrator.log.database.connection import Row
from orchestrator.log.refusals import StoreDamaged, StoreNewer, Unstorable
from orchestrator.log.upcast import STEPS, Steps, upcast

MICROSECOND = timedelta(microseconds=1)

_DAY_US, _SECOND_US = 86_400_000_000, 1_000_000

made = tuple.__new__
"""Makes a named tuple of all its fields, in half the time that its own constructor takes."""

NOTICEABLE_US = 50_000
"""Microseconds an event may wait for its turn before its id is generated anew, which costs more than the comparison."""

READ = "position, data, actor, via, why, hash, id, occurred_at, recorded_at, correlation, kind, schema"
"""The columns that ``Codec.decode`` takes: those of ``Recorded`` in its order, then kind and schema number."""

_array = lru_cache(maxsize=4096)(json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode)
"""Encoder of tags as a JSON array; cached, since consecutive events of one part have equal tags."""

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""An escaped U+0000 in JSON: an odd number of backslashes before the ``u``."""


class Unknown(Event):
    """An event of a kind, or of a schema number, that only a newer Takesheet knows; for readers of everything."""

    stored: str
    """The event's JSON as stored in the log."""


class Content(NamedTuple):
    """The columns by which two events are equal; the log adds position, time and hashes.

    The tags are not among them: the program that stored the event derived them from the data.
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
    """The event as it will be read back, its texts open."""
    draft: Draft
    texts: tuple[tuple[str, Opening], ...]
    """The texts that the log commits to, each with the name of its field."""

    @property
    def id(self) -> UUID:
        """The event's id."""
        return self.draft.id or uuid_of(self.content.id)


Openings = Mapping[tuple[int, str], Opening]
"""Texts by the position of their event and the name of their field."""


def _no_texts(_: Sequence[int]) -> Openings:
    return {}


class Codec:
    """Encodes and decodes events; knows the event classes by kind.

    Args:
        kinds: event class by kind.
        place: the store, for messages.
        steps: the upcasting steps of old schema numbers.
        texts: returns the texts of the events at the given positions, as far as they were not erased.
    """

    def __init__(
        self,
        kinds: Mapping[str, type[Event]],
        place: str,
        *,
        steps: Steps = STEPS,
        texts: Callable[[Sequence[int]], Openings] = _no_texts,
    ) -> None:
        self.kinds, self._place, self._steps, self._texts = kinds, place, steps, texts
        self._readers: dict[tuple[str, int], Callable[[str], Event]] = {}
        self._committing = {kind: model.erasable_since for kind, model in kinds.items() if model.erasable_since}

    def encode(self, draft: Draft, *, now_us: int) -> Encoded:
        """Return the stored form of *draft*.

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
        tags, back = tags_of(event), _read_back(event, data)
        why = None if draft.why is None else _text("why", draft.why)
        texts: tuple[tuple[str, Opening], ...] = ()
        if why is not None or kind in self._committing:
            data, why, texts = _committed(back, data, why)
        content = made(
            Content,
            (
                uuid7(now_us) if draft.id is None else draft.id.bytes,
                kind,
                model.schema_number,
                data,
                _name("actor", draft.actor),
                _name("via", draft.via),
                why,
                None if draft.occurred_at is None else _time(draft.occurred_at),
                None if draft.cause is None else draft.cause.bytes,
                None if draft.correlation is None else draft.correlation.bytes,
            ),
        )
        return made(Encoded, (content, tags, _array(tags), back, draft, texts))

    def decode(self, row: Row, *, strict: bool) -> Recorded[Event]:
        """Decode and validate a row, as :meth:`decoded`."""
        [recorded] = self.decoded([[row]], strict=strict)
        return recorded

    def decoded(self, pages: Iterable[list[Row]], *, strict: bool) -> Iterator[Recorded[Event]]:
        """Decode and validate pages of rows of the columns ``READ``, one row at a time, with their texts opened.

        Raises:
            StoreNewer: *strict*, and the kind or its schema number is unknown here; otherwise yielded as ``Unknown``.
            StoreDamaged: the stored JSON is not a valid event of its kind.
        """
        readers, committing = self._readers, self._committing
        for page in pages:
            committed = [
                row[0]
                for row in page
                if (row[10] in committing and row[11] >= committing[row[10]]) or (row[4] and is_commitment(row[4]))
            ]
            texts = self._texts(committed) if committed else None
            for position, data, actor, via, reason, hash_, id_, occurred_at, at_us, correlation, kind, schema in page:
                read = readers.get((kind, schema)) or self._first_read(kind, schema)
                try:
                    event = read(data)
                except (ValidationError, LookupError) as error:
                    raise StoreDamaged(self._place, f"not a {kind}: {error}", position=position) from error
                if strict and type(event) is Unknown:
                    raise newer(kind, position=position)
                why = reason
                if texts is not None:
                    event, why = _opened(event, reason, schema, position, texts)
                yield made(Recorded, (position, event, actor, via, why, hash_, id_, occurred_at, at_us, correlation))

    def _first_read(self, kind: str, schema: int) -> Callable[[str], Event]:
        """Return the decoder for the JSON of this kind and schema number, and cache it."""
        model = self.kinds.get(kind)
        if model is None or schema > model.schema_number:
            read: Callable[[str], Event] = partial(_unknown, kind)
        else:
            read = model.__pydantic_validator__.validate_json  # model_validate_json without its overhead
            if schema < model.schema_number:
                read = partial(self._lifted, read, kind, schema, model.schema_number)
        self._readers[kind, schema] = read
        return read

    def _lifted(self, read: Callable[[str], Event], kind: str, schema: int, to: int, data: str) -> Event:
        return read(upcast(kind, schema, data, to=to, steps=self._steps))


def new_salt() -> bytes:
    """Return the salt of one commitment, from the operating system's source of random bytes."""
    return os.urandom(SALT_BYTES)


def _committed(event: Event, data: str, why: str | None) -> tuple[str, str | None, tuple[tuple[str, Opening], ...]]:
    """Return the JSON of *event* and the reason with commitments in place of their texts, and the openings of these."""
    texts = [(field, Opening(new_salt(), getattr(event, field))) for field in event.erasable_fields]
    if texts:
        closed = {field: commitment(opening) for field, opening in texts}
        data = _json(event.model_copy(update=closed))
    if why is not None:
        opening = Opening(new_salt(), why)
        texts.append((REASON, opening))
        why = commitment(opening)
    return data, why, tuple(texts)


def with_stored_salts(encoded: Encoded, stored: Content, openings: Mapping[str, Opening]) -> Content:
    """Return the content of *encoded* as it would be with the salts of a recorded event.

    A text that was erased there cannot be compared, and counts as equal.

    Args:
        encoded: an event with the id of the recorded one.
        stored: content of the recorded one.
        openings: its texts by field, as far as they were not erased.
    """
    recorded = {**json.loads(stored.data), REASON: stored.why}
    closed: dict[str, str] = {}
    for field, opening in encoded.texts:
        there = recorded.get(field)
        is_erased = field not in openings and isinstance(there, str) and is_commitment(there)
        salt = openings[field].salt if field in openings else opening.salt
        closed[field] = str(there) if is_erased else commitment(Opening(salt, opening.text))
    why = closed.pop(REASON, encoded.content.why)
    data = _json(encoded.event.model_copy(update=closed)) if closed else encoded.content.data
    return encoded.content._replace(data=data, why=why)


def _opened(event: Event, why: str | None, schema: int, position: int, texts: Openings) -> tuple[Event, str | None]:
    """Return *event* and its reason with their texts in place of the commitments to them."""
    if why is not None and is_commitment(why):
        why = opened(why, texts.get((position, REASON)))
    if 0 < event.erasable_since <= schema and (fields := event.erasable_fields):
        plain = {field: opened(getattr(event, field), texts.get((position, field))) for field in fields}
        event = event.model_copy(update=plain)
    return event, why


def renew_ids(batch: list[Encoded], now_us: int) -> None:
    """Replace the generated ids of *batch* by ids of *now_us* if they are noticeably older: ids hold recording times.

    All ids of a batch were generated at one time.
    """
    for encoded in batch:
        if encoded.draft.id is None:
            made_us = int.from_bytes(encoded.content.id[:6]) * 1000
            if abs(now_us - made_us) >= NOTICEABLE_US:
                batch[:] = [_renewed(each, now_us) for each in batch]
            return


def _renewed(encoded: Encoded, now_us: int) -> Encoded:
    if encoded.draft.id is not None:
        return encoded
    return encoded._replace(content=encoded.content._replace(id=uuid7(now_us)))


def _unknown(kind: str, data: str) -> Event:
    return Unknown(kind=kind, stored=data)


def newer(kind: str, **values: object) -> StoreNewer:
    """Return the refusal of a decision that met a kind, or a schema number of it, unknown to this program."""
    return StoreNewer(f"{kind} in this log is from a newer takesheet; it may matter here", kind=kind, **values)


def microseconds(time: datetime) -> int:
    """Return microseconds since 1970 UTC, rounded down."""
    since = time - EPOCH
    return since.days * _DAY_US + since.seconds * _SECOND_US + since.microseconds


def _json(event: Event) -> str:
    try:
        # model_dump_json, inlined.  ``_read_back`` finds what a warning would tell, and takes less time than
        # ``warnings="error"`` (measured within an append: 6 µs instead of 13).
        data = event.__pydantic_serializer__.to_json(event, warnings=False).decode()
    except PydanticSerializationError as error:
        raise Unstorable(event.kind, str(error)) from error
    if "\\u0000" in data and _NUL.search(data):
        raise Unstorable(event.kind, "holds U+0000")
    return data


def _read_back(event: Event, data: str) -> Event:
    """Return *event* as decoded from *data*: stored data never changes, so it must be readable before it is stored.

    It must also encode to the same text again: a value of a type other than its field's may be equal and still differ
        in text.
    """
    try:
        back: Event = type(event).__pydantic_validator__.validate_json(data)  # model_validate_json without its overhead
    except ValidationError as error:
        raise Unstorable(event.kind, str(error)) from error
    if back.__dict__ != event.__dict__ or _json(back) != data:  # one frozen class without private fields: equals ==
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
"""Cached validation: actors, and the machines from which they act, are few."""


def _time(time: datetime) -> str:
    if time.utcoffset() is None:
        raise Unstorable("occurred_at", f"{time.isoformat()} has no offset from UTC")
    return time.isoformat()
