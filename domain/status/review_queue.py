"""The review queue: takes without verdict, mixes and masters to hear; and mixes and masters that are blocked."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from domain.core.ids import lies_under, revision_of, slug_of
from domain.status.due_renders import master_standing, newest_master, wanted_mixes
from domain.status.record_state import RecordState, mix_standing
from domain.status.verdicts import Status


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One item to review, or one that is blocked."""

    kind: Literal["take", "mix", "master"]
    address: str
    why: str
    """Reason in words."""
    output: str | None = None
    """Manifest hash of the output to hear; None for a take."""


def to_judge(state: RecordState, record: str, below: str = "") -> Iterator[QueueItem]:
    """The items of *record* to review, takes first; only those at or under the address *below*, if given."""
    items = (item for part in state.takes for item in takes_to_judge(state, part))
    heard = (item for standing in standings(state, record) for item in to_hear(state, standing))
    return (item for item in chain(items, heard) if lies_under(item.address, below))


def takes_to_judge(state: RecordState, part: str) -> Iterator[QueueItem]:
    """The takes of *part* without a verdict; none while the part, its song or its record is removed or shelved."""
    if state.catalog.absent_entry(part):
        return
    own = state.takes_of(part).takes.values()
    kept = any(take.verdict in {"approved", "kept"} for take in own)
    why = f"new take, {slug_of(part)} has {'a keeper' if kept else 'none'}"
    for take in own:
        if take.verdict is None:
            yield QueueItem("take", take.ingested.take, why)


def to_hear(state: RecordState, standing: Status) -> Iterator[QueueItem]:
    """The outputs of a mix or master with status *standing* that wait for a verdict."""
    kind = _kind(standing)
    if standing.state == "to hear":
        lapsed = "lapsed: it sounds different from what was approved"
        yield QueueItem(
            kind, standing.address, lapsed if standing.lapsed else "rendered, not yet judged", standing.output
        )
    for output in standing.others:
        if (standing.subject, output) not in state.verdicts.last:
            yield QueueItem(kind, standing.address, "rendered anew by hand: another output to hear", output)


def blocked(state: RecordState, record: str) -> Iterator[QueueItem]:
    """Mixes and masters of *record* that are blocked by something other than a render."""
    for standing in standings(state, record):
        if standing.state == "blocked":
            yield blocked_item(standing)


def blocked_item(standing: Status) -> QueueItem:
    """The item of a mix or master that is blocked."""
    return QueueItem(_kind(standing), standing.address, str(standing))


def standings(state: RecordState, record: str) -> Iterator[Status]:
    """Status of each mix that is kept up to date, and of the newest master."""
    for song in state.catalog.songs_of(record):
        yield from mix_standings(state, record, song.id)
    yield from master_standings(state, record)


def mix_standings(state: RecordState, record: str, song: str) -> Iterator[Status]:
    """Status of each mix of *song* that is kept up to date; none while the song is removed or shelved."""
    if state.catalog.absent_entry(song):
        return
    for revision in wanted_mixes(state, record, song):
        yield mix_standing(state, song, revision.number)


def master_standings(state: RecordState, record: str) -> Iterator[Status]:
    """Status of the newest master of *record*, if it has one."""
    master = newest_master(state, record)
    if master:
        yield master_standing(state, record, master.number)


def _kind(standing: Status) -> Literal["mix", "master"]:
    return "mix" if revision_of(standing.subject) == "mix" else "master"
