"""Input of the log's contestants: notes of 220 bytes, and years of a label."""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain, count, islice
from pathlib import Path

from domain.core.event import Event
from domain.label.catalog import PartAdded, RecordOpened, SongAdded
from domain.label.notes import NoteAdded
from domain.render.jobs import Sound
from domain.status.events.event_types import KINDS
from domain.takes.takes import TakeIngested, TakeJudged, Track
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log

SONGS_OF_NOTES = 20
PAYLOAD_BYTES = 220
AT_ONCE, EVENTS_OF_SONG = 100, 100
"""Songs at work at once in the years of a label, and events of each."""
PEOPLE = ("pat", "kim", "sam")


def drafts(events: Iterator[Event]) -> Iterator[Draft]:
    return (Draft(event=event, actor="pat", via="pat@desk") for event in events)


def notes() -> Iterator[Event]:
    """Yield notes forever, on twenty songs in turn: 220 bytes of JSON each, three tags."""
    number = 0
    while True:
        song = f"night-bus/song-{number % SONGS_OF_NOTES:02}"
        fields = {"record": "night-bus", "song": song, "target": f"{song}/drums/3", "by": "pat"}
        bare = NoteAdded(text="x", **fields)
        yield NoteAdded(text=f"{number:07}".ljust(PAYLOAD_BYTES - len(bare.model_dump_json()) + 1, "x"), **fields)
        number += 1


def years() -> Iterator[Event]:
    """Yield the events of a label forever: a hundred songs in turn, ten of each record, until all have a hundred.

    A song has twelve lists of tags, so that a million events have 121,000.
    """
    for first in count(0, AT_ONCE):
        for in_turn in zip(*map(_events_of, range(first, first + AT_ONCE)), strict=True):
            yield from in_turn


def _events_of(number: int) -> Iterator[Event]:
    """Yield the hundred events of a song; those of the first song of a record begin with its opening."""
    record = f"record-{number // 10}"
    opening = RecordOpened(record=record, title=record, artist="The Ferrymen", currency="EUR")
    events = _song(f"{record}/song-{number}")
    return islice(chain([opening], events) if number % 10 == 0 else events, EVENTS_OF_SONG)


def _song(song: str) -> Iterator[Event]:
    yield SongAdded(song=song, title=song)
    parts = [f"{song}/{part}" for part in ("drums", "bass", "keys", "vocal")]
    yield from (PartAdded(part=part, name=part) for part in parts)
    for number in range(1, 6):
        for part in parts:
            take = f"{part}/{number}"
            digest = sha256(take.encode()).hexdigest()
            sound = Sound(blob=digest, size=48_000, pcm=digest, rate=48_000, frames=16_000, channels=1)
            track = Track(name="line", sound=sound, file=f"{number}.wav")
            yield TakeIngested(take=take, part=part, tracks=(track,), bits=24, starts_at=0)
            yield TakeJudged(take=take, verdict="kept", by="pat", role="producer")
    for number in range(EVENTS_OF_SONG):
        yield note(song, f"note {number}", by=PEOPLE[number % len(PEOPLE)])


def note(song: str, text: str, by: str = PEOPLE[0]) -> NoteAdded:
    return NoteAdded(record=song.split("/", maxsplit=1)[0], song=song, target=song, text=text, by=by)


def filled(file: Path, events: Iterator[Event], number: int) -> None:
    """Create a closed store of *number* events, once."""
    if file.exists():
        return
    made = file.with_suffix(".new")
    for left in (made, *(made.with_name(f"{made.name}{suffix}") for suffix in ("-wal", "-shm", ".queue", ".turn"))):
        left.unlink(missing_ok=True)
    with Log.create(made, kinds=KINDS) as log:
        source = drafts(events)
        for _ in range(0, number, 1000):
            log.append(list(islice(source, min(1000, number))))
    made.replace(file)


def stored(number: int) -> list[dict[str, object]]:
    """Return notes as plain values, for peers that do not know our classes."""
    return [json.loads(event.model_dump_json()) for event in islice(notes(), number)]
