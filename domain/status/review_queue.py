"""The review queue: takes without verdict, mixes and masters to hear; and mixes and masters that are blocked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.core.ids import lies_under, revision_of, slug_of
from domain.masters.masters import Masters
from domain.status.due_renders import master_standing, wanted_mixes
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
    for part, own in state.takes.items():
        kept = any(take.verdict in {"approved", "kept"} for take in own.takes.values())
        why = f"new take, {slug_of(part)} has {'a keeper' if kept else 'none'}"
        for take in own.takes.values():
            if take.verdict is None and lies_under(take.ingested.take, below):
                yield QueueItem("take", take.ingested.take, why)
    for standing in standings(state, record):
        if lies_under(standing.address, below):
            yield from _to_hear(state, standing)


def _to_hear(state: RecordState, standing: Status) -> Iterator[QueueItem]:
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
            yield QueueItem(_kind(standing), standing.address, str(standing))


def standings(state: RecordState, record: str) -> Iterator[Status]:
    """Status of each mix that is kept up to date, and of the newest master."""
    for song in state.catalog.songs_of(record):
        for revision in wanted_mixes(state, record, song.id):
            yield mix_standing(state, song.id, revision.number)
    masters = state.masters.get(record, Masters()).masters
    if masters:
        yield master_standing(state, record, max(masters))


def _kind(standing: Status) -> Literal["mix", "master"]:
    return "mix" if revision_of(standing.subject) == "mix" else "master"
