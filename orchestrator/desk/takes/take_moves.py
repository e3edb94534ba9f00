"""Moving a take to another part.

Tests: ``tests/orchestrator/cli/commands/song/test_take_move.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.core.event import Event
from domain.core.ids import number_of, part_of, record_of, song_of
from domain.core.refusal import Refused, suggest
from domain.label.catalog import CatalogEvent, Song, catalog_after, set_clock
from domain.label.corrections import TakeMoved
from domain.label.people import Role
from domain.takes.midi_takes import MidiPlayed
from domain.takes.moved_takes import move_take
from domain.takes.takes import TakeIngested, evolve_moved
from orchestrator.desk.addressing.addresses import catalog_query
from orchestrator.desk.takes.takes import PartState, changes, parts_of, song_query
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class TakeMoveResult:
    """A take after its move."""

    take: str
    """The take's new id."""
    was: str
    replaced: tuple[str, ...] = ()
    """Ranges of the old part in which something else sounds after the move, in words."""
    changed: bool = True
    """False if the take was in the part already, so that nothing was recorded."""


def move(studio: Studio, take: str, part: str, *, why: str | None) -> TakeMoveResult:
    """Move *take* to *part*, under a new number.

    Raises:
        Refusal: see :func:`domain.takes.moved_takes.move_take`.
        Refused: ``rate.match``; the song of *part* runs at another rate.
    """

    def decision(history: History, _: Role) -> tuple[TakeMoveResult, Sequence[Event]]:
        parts, song = parts_of(history), catalog_after(history).song(song_of(part))
        own = parts[part_of(take)]
        plays = (one.event for one in history if isinstance(one.event, MidiPlayed) and one.event.take == take)
        to, events = move_take(own.takes, parts[part].takes, take=take, part=part, performance=next(plays, None))
        clocks = [clock for event in events if isinstance(event, TakeIngested) for clock in _clocks(song, event)]
        replaced = tuple(line for event in events if isinstance(event, TakeMoved) for line in _replaced(own, event))
        return TakeMoveResult(to, take, replaced, changed=bool(events)), [*clocks, *events]

    query = catalog_query(record_of(take)) | song_query(song_of(take))
    if song_of(part) != song_of(take):
        query |= song_query(song_of(part))
    return studio.decide(query, decision, deed="ingest", why=why)


def _clocks(song: Song, moved: TakeIngested) -> list[CatalogEvent]:
    """Return the events that set the rate of another *song* by its first take; a later take must have that rate.

    Raises:
        Refused: ``rate.match``, with the ingest that converts the take's file.
    """
    try:
        return set_clock(song, rate=moved.tracks[0].sound.rate, bits=moved.bits, zero=None)
    except Refused as refusal:
        ingest = suggest("take ingest", moved.part, "FILE", convert=True)
        raise Refused(refusal.rule, refusal.detail, next=ingest, **refusal.values) from None


def _replaced(own: PartState, moved: TakeMoved) -> list[str]:
    """Ranges of the old part in which something else sounds after the move, in words."""
    take = own.takes.takes[number_of(moved.take)]
    after = replace(own, takes=evolve_moved(own.takes, moved))
    return [f"{own.part.part}: {line}" for line in changes(own.comp, after.comp, take.rate)]
