"""Search for words in the texts of events, and what limits it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from domain.core.event import EPOCH, Event, Recorded
from domain.core.refusal import Misused
from domain.core.words import searched
from domain.label.curtain import sees
from domain.status.events.event_types import KINDS
from orchestrator.desk.addressing import addresses, times
from orchestrator.desk.addressing.rows import Row
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels import search
from orchestrator.readmodels.activity import ACTIVITY
from orchestrator.readmodels.search import SEARCH
from orchestrator.studio import Studio

FILTERS: Final = ("song", "who", "note", "kind", "after", "before")
PAGE: Final = 500
"""Events looked at, at once, for those that the reader may see."""


@dataclass(slots=True)
class Wanted:
    """A search as typed: words and filters."""

    words: list[str] = field(default_factory=list)
    conditions: list[tuple[str, object]] = field(default_factory=list)
    """Conditions on an event's activity, with their values."""


def wanted(studio: Studio, given: Sequence[str]) -> Wanted:
    """Read words and filters as people write them: ``warm note:bass who:pat after:2026-11-01``.

    Raises:
        Misused: ``search.kind``, ``search.words``, ``when``, ``address``.
        NotFound: ``address``; ``song:`` names no song.
    """
    found = Wanted()
    for word in given:
        name, colon, value = word.partition(":")
        if colon and value and name in FILTERS:
            _narrow(studio, found, name, value)
        else:
            found.words += searched(word)
    if not (found.words or found.conditions):
        raise Misused("search.words", f"{' '.join(given)[:60]!r} has no letter or digit to look for")
    return found


def _narrow(studio: Studio, found: Wanted, name: str, value: str) -> None:
    match name:
        case "song":
            address = addresses.find(studio, value, "song", "part", "take", "mix")
            found.conditions.append(("song = ?", "/".join(address.path[:2])))
        case "who":
            found.conditions.append(("actor = ?", value))
        case "note":
            found.conditions.append(("kind = ?", "note-added"))
            found.words += searched(value)
        case "kind":
            found.conditions.append(("kind = ?", _kind(value)))
        case "after":
            found.conditions.append(("recorded_us >= ?", _us(times.moment(studio, value))))
        case _:
            found.conditions.append(("recorded_us < ?", _us(times.moment(studio, value))))


def _kind(value: str) -> str:
    if value not in KINDS:
        raise Misused("search.kind", f"{value!r} is no kind of event; they are {', '.join(sorted(KINDS))}")
    return value


def _us(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds() * 1_000_000)


def search_rows(studio: Studio, given: Sequence[str], limit: int) -> list[Row]:
    """One row for each event with all words and fitting all filters, newest first, as far as the reader may see them.

    A word is found by its beginning, without case and accents, in an event's text, address, reason and actor.

    Args:
        studio: the store.
        given: words, and filters such as ``song:tin-roof``.
        limit: most rows.
    """
    sought, rows = wanted(studio, given), list[Row]()
    for recorded in _found(studio, sought):
        if sees(studio.reader, recorded.event):
            rows.append(_row(recorded))
            if len(rows) == limit:
                break
    return rows


def _found(studio: Studio, sought: Wanted) -> Iterator[Recorded[Event]]:
    before = studio.head() + 1
    while positions := _page(studio, sought, before):
        yield from reversed(studio.log.events_at(positions))
        before = positions[-1] if len(positions) == PAGE else 0


def _page(studio: Studio, sought: Wanted, before: int) -> list[int]:
    def question(connection: Connection) -> list[int]:
        return list(search.positions(connection, sought.words, also=sought.conditions, before=before, limit=PAGE))

    return studio.asked(question, SEARCH, ACTIVITY) if before else []


def _row(recorded: Recorded[Event]) -> Row:
    event = recorded.event
    said: Mapping[str, object] = {"kind": event.kind, "what": event.describe(), "why": recorded.why or ""}
    return {"position": recorded.position, "address": event.address, **said}
