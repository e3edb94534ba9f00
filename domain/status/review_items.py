"""Items of the review queue: takes without a verdict, mixes and masters to hear, and blocked mixes and masters.

This module finds the items; the read model ``review_queue`` orders them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from domain.core.address import clock
from domain.core.ids import lies_under, number_of_revision, revision_of, slug_of
from domain.masters.masters import Masters
from domain.mixes.mixes import Mixes
from domain.status.chosen_mixes import mix_remark
from domain.status.master_status import master_status
from domain.status.record_state import RecordState, mix_status
from domain.status.verdicts import Status
from domain.status.wanted_renders import kept_mixes, newest_master


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One item to review, or one blocked item."""

    kind: Literal["take", "mix", "master"]
    address: str
    why: str
    """Reason in words."""
    output: str | None = None
    """Manifest hash of the output to hear; None for a take."""


def to_judge(state: RecordState, record: str, below: str = "") -> Iterator[QueueItem]:
    """The items of *record* to review, takes first; only those at or under the address *below*, if given."""
    items = (item for part in state.takes for item in takes_to_judge(state, part))
    heard = (item for standing in statuses(state, record) for item in to_hear(state, standing))
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


def held_in(state: RecordState, record: str, below: str = "") -> Iterator[QueueItem]:
    """The takes, mixes and masters of *record*, at or under the address *below*, that are held for later."""
    takes = (
        QueueItem("take", take.ingested.take, "held for later")
        for part, own in state.takes.items()
        if not state.catalog.absent_entry(part)
        for take in own.takes.values()
        if take.verdict == "held"
    )
    heard = (
        QueueItem(_kind(status), status.address, "held for later", status.output)
        for status in statuses(state, record)
        if status.state == "held"
    )
    return (item for item in chain(takes, heard) if lies_under(item.address, below))


def gap_in_words(state: RecordState, part: str) -> str:
    """The silence in the comp of *part* that a later moved or trimmed take leaves, in words; empty without any."""
    takes = state.takes_of(part)
    if part not in state.takes or state.catalog.absent_entry(part):
        return ""
    holes = state.comp(part).holes(takes)
    if not holes:
        return ""
    rate = takes.takes[holes[0].take or 0].rate
    first, more = holes[0], f", and {len(holes) - 1} more" if len(holes) > 1 else ""
    where = f"{clock(first.start, rate)}-{clock(first.end, rate)}"
    return f"{where} is silent: take {first.take} is set there and no longer sounds there (comp.gap){more}"


def to_hear(state: RecordState, standing: Status) -> Iterator[QueueItem]:
    """The outputs without a verdict of a mix or master with the status *standing*."""
    kind = _kind(standing)
    if standing.state == "to hear":
        lapsed = "lapsed: it sounds different from what was approved"
        why = lapsed if standing.lapsed else "rendered, not yet judged"
        yield QueueItem(kind, standing.address, str(standing.lack or why), standing.output)
    for output in standing.others:
        if (standing.subject, output) not in state.verdicts.last:
            yield QueueItem(kind, standing.address, "rendered anew by hand: another output to hear", output)


def blocked(state: RecordState, record: str) -> Iterator[QueueItem]:
    """Mixes and masters of *record* that are blocked, but not by a missing render."""
    for standing in statuses(state, record):
        if standing.state == "blocked":
            yield blocked_item(standing)


def blocked_item(standing: Status) -> QueueItem:
    """The item of a mix or master that is blocked."""
    return QueueItem(_kind(standing), standing.address, str(standing))


def statuses(state: RecordState, record: str) -> Iterator[Status]:
    """Status of each mix and master of *record* that is kept up to date or has no verdict yet."""
    for song in state.catalog.songs_of(record):
        yield from mix_statuses(state, record, song.id)
    yield from master_statuses(state, record)


def mix_statuses(state: RecordState, record: str, song: str) -> Iterator[Status]:
    """Status of each mix of *song* that is kept up to date or has no verdict yet, oldest first.

    Yields nothing while the song is removed or shelved.
    """
    if state.catalog.absent_entry(song):
        return
    kept = {revision.number for revision in kept_mixes(state, record, song)}
    since = _last_approved(state, f"{song}@mix")
    for number, revision in sorted(state.mixes.get(song, Mixes()).living.items()):
        if number in kept or (revision.awaited and number > since):
            status = mix_status(state, song, number)
            if number in kept or _is_unjudged(state, status):
                yield replace(status, remark=mix_remark(state, status))


def master_statuses(state: RecordState, record: str) -> Iterator[Status]:
    """Status of the newest master of *record* and of masters without a verdict, oldest first."""
    newest = newest_master(state, record)
    since = _last_approved(state, f"{record}@master")
    for number, master in sorted(state.masters.get(record, Masters()).living.items()) if newest else ():
        if master == newest or (master.awaited and number > since):
            status = master_status(state, record, number)
            if master == newest or _is_unjudged(state, status):
                yield status


def _last_approved(state: RecordState, subject: str) -> int:
    """Highest number of an approved revision of *subject*, 0 without one; revisions before it need no verdict."""
    return max((number_of_revision(given.revision) for given in state.verdicts.choices(subject)), default=0)


def _is_unjudged(state: RecordState, status: Status) -> bool:
    """True if the output needs a verdict: nobody judged it, or the house rules ask for another approval."""
    judged = (status.subject, status.output) in state.verdicts.last
    return status.state == "to hear" and (status.lack is not None or not judged)


def _kind(standing: Status) -> Literal["mix", "master"]:
    return "mix" if revision_of(standing.subject) == "mix" else "master"
