"""The list of what to do next: the review queue, one row a part, and where a record stands still.

Tests: ``tests/orchestrator/cli/commands/daily/test_next.py``.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from domain.core.ids import lies_under, part_of, revision_of
from domain.correspondence.parcels import SoundSent
from domain.render.jobs import RenderFailed, key, mix_plan
from domain.status.chosen_mixes import chosen_mixes
from domain.status.due_renders import DueRenders, RenderNeed, due_renders
from domain.status.handoff_changes import STALE
from domain.status.record_state import RecordState
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.calendar import declined_rows, slot_of
from orchestrator.desk.curtain import shown_words
from orchestrator.desk.label.leaves import leave_in_words, leave_rows
from orchestrator.desk.record_state.holders import older_mixes_held
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.signoff_list import open_signoffs, owing_words
from orchestrator.desk.review.review_rows import scope, waiting
from orchestrator.desk.submissions.handoff_list import stale_rows
from orchestrator.log.query import Query
from orchestrator.readmodels import due_renders as renders
from orchestrator.readmodels import label_board
from orchestrator.readmodels.compiled import LabelBoardRow, ReviewQueueRow
from orchestrator.readmodels.due_renders import DUE_RENDERS
from orchestrator.readmodels.label_board import LABEL_BOARD
from orchestrator.studio import Studio

NO_TAKE: Final = "no take yet"
"""Reason of the row about a song whose parts have no take, which is for those who ingest."""


def next_rows(studio: Studio, target: str | None) -> list[Row]:
    """Rows of what there is to do at or under *target*, or in all records if it is None, each with the next command.

    Failed renders come first, and people who declined; then the review queue, with one row for the takes of a part and
    one for the renders of a record, and with edits made outside that do not sound in the present order of their song;
    then handoffs of which something has changed; whose yes a sign-off asks for; who holds an older mix than the chosen
    one; what begins a record or takes it on, where nothing waits in the queue; at last who is away.
    """
    record, below = scope(studio, target)
    queue = waiting(studio, target)
    busy = {row.record for row in queue if row.sort in {"mix", "render", "blocked"}}
    found = [*_failed(studio), *_declined(studio), *_queued(studio, queue)]
    found += [*_stale_handoffs(studio), *_signoffs(studio), *_older_mixes(studio), *_stands_still(studio, busy)]
    found += _away(studio) if target is None else []
    return [
        row for row in found if record is None or lies_under(str(row["address"]), below) or row["address"] == record
    ]


def _declined(studio: Studio) -> Iterator[Row]:
    """One row for each person who declined a session, or asked for another time, and was not replaced."""
    for row in declined_rows(studio):
        starts = shown(studio, slot_of(row).start)
        why = f"{row.resource} says {'no to' if row.answer == 'no' else 'another time than'} {starts}"
        yield _row("declined", row.session, why, f"takesheet session replace {row.session} {row.resource} NEW")


def _away(studio: Studio) -> Iterator[Row]:
    """One row for each person who is away today, with who stands in for them."""
    for leave in leave_rows(studio):
        if leave["now"]:
            yield _row("away", str(leave["person"]), leave_in_words(leave), f"takesheet user show {leave['person']}")


def _queued(studio: Studio, queue: Sequence[ReviewQueueRow]) -> Iterator[Row]:
    """Rows of the review queue; the takes of a part are one row, and so are the renders of a record."""
    grouped: dict[tuple[str, str], list[ReviewQueueRow]] = {}
    for row in queue:
        grouped.setdefault((row.sort, _subject(row)), []).append(row)
    for (sort, subject), group in grouped.items():
        first = group[0]
        about = first.address if sort == "take" and len(group) == 1 else subject
        why = first.why.replace("new take", f"{len(group)} new takes", 1) if len(group) > 1 else first.why
        shown = shown_words(studio, why, first.record) if sort == "blocked" else why
        yield _row(sort, about, shown, _command(sort, about, first.record))


def _command(sort: str, about: str, record: str) -> str:
    """Return the command for an item of the queue."""
    commands = {
        "render": f"takesheet render {record}",
        "gap": f"takesheet comp show {about}",
        "plan": f"takesheet master plan {record}",
        "blocked": f"takesheet why {about}",
        "edit": f"takesheet comp manifest {about}",
    }
    return commands.get(sort, f"takesheet review {about}")


def _subject(row: ReviewQueueRow) -> str:
    """Address of what the rows that belong together are about."""
    if row.sort == "render":
        return row.record
    return part_of(row.address) if row.sort == "take" else row.address


def _failed(studio: Studio) -> Iterator[Row]:
    """One row for each render that is due and failed."""
    for record in _with_failures(studio):
        state = read_record(studio, record).state
        due = _keys(due_renders(RenderNeed(state, retry=True), record)) if state.failures else ()
        for events in (state.failures[one] for one in due if one in state.failures):
            failure = events[-1]
            why = f"rendering failed: {failure.reason}"
            yield _row("failed", failure.subject, why, f"takesheet render {failure.subject}")


def _older_mixes(studio: Studio) -> Iterator[Row]:
    """One row for each person outside who holds an older mix of a song than the chosen one."""
    sent = [one.event for one in studio.read(Query.of(SoundSent))]
    for record in dict.fromkeys(event.record for event in sent if isinstance(event, SoundSent)):
        for holder, chosen in older_mixes_held(studio, record):
            why = f"{holder.person} still holds {revision_of(holder.held.target)} ({holder.parcel})"
            yield _row("send", chosen, why, f"takesheet send {chosen} --to {holder.person}")


def _stale_handoffs(studio: Studio) -> Iterator[Row]:
    """One row for each handoff of which something has changed since it was given last."""
    for row in stale_rows(studio):
        why = f"{STALE}: {row['changes']} since {row['to']} got it"
        yield _row("handoff", str(row["of"]), why, f"takesheet handoff update {row['handoff']} DIR")


def _signoffs(studio: Studio) -> Iterator[Row]:
    """One row for each sign-off in which somebody's yes is asked for."""
    for one in open_signoffs(studio):
        why = f"a yes is asked for: {owing_words(studio, one)}"
        yield _row("signoff", one.signoff.opened.record, why, f"takesheet signoff show {one.name}")


def _with_failures(studio: Studio) -> list[str]:
    """Return the records with failed renders; of an earlier moment, those with any failure before it."""
    if studio.upto is None:
        return [row.record for row in studio.asked(renders.rows, DUE_RENDERS) if row.failed]
    failures = (one.event for one in studio.read(Query.of(RenderFailed)))
    return list(dict.fromkeys(event.record for event in failures if isinstance(event, RenderFailed)))


def _keys(due: DueRenders) -> Iterator[str]:
    """Keys of the due jobs."""
    for song in due.songs:
        yield from (key("edit", edit.plan, again=edit.again) for edit in song.edits)
        for mix in song.mixes:
            yield key("mix", mix_plan(mix.recipe, mix.inputs, mix.impulses), again=mix.again)
    yield from (key("gain", gain.plan, again=gain.again) for gain in due.gains)
    yield from (key("master", master.plan, again=master.again) for master in due.masters)


def _stands_still(studio: Studio, busy: set[str]) -> Iterator[Row]:
    """Rows for records and songs in which nothing is begun, or everything that was begun is approved.

    The record with the earliest due date comes first.

    Args:
        studio: the store.
        busy: ids of records in which a mix or a render is not finished.
    """
    rows = studio.asked(lambda connection: label_board.rows(connection, studio.upto), LABEL_BOARD)
    records = [list(group) for _, group in groupby(rows, lambda row: row.record)]
    for own, *songs in sorted(records, key=lambda group: (group[0].due is None, group[0].due or "")):
        record = own.record
        if not songs:
            yield _row("begin", record, "no song yet", f"takesheet song add {record} TITLE")
        for song in songs:
            yield from _begun(song)
        idle = songs and all(song.mixes for song in songs) and not own.masters and record not in busy
        if idle and _is_mixed(read_record(studio, record).state, record):
            yield _row("plan", record, "every mix is approved, no master yet", f"takesheet master plan {record}")


def _begun(song: LabelBoardRow) -> Iterator[Row]:
    """The row of a song that has no part, no take or no mix yet."""
    if not song.parts and not song.mixes:
        yield _row("begin", song.song, "no part yet", f"takesheet part add {song.song} PART")
    elif not song.takes and not song.mixes:
        yield _row("begin", song.song, NO_TAKE, f"takesheet take import {song.song} FOLDER")
    elif not song.mixes and not song.unheard:
        yield _row("mix", song.song, "no mix yet", f"takesheet mix draft {song.song}")


def _is_mixed(state: RecordState, record: str) -> bool:
    """True if every song of *record* has a chosen mix, which is an approved one."""
    return {song.id for song in state.catalog.songs_of(record)} == chosen_mixes(state, record).keys()


def _row(what: str, address: str, why: str, command: str) -> Row:
    return {"what": what, "address": address, "why": why, "next": command}
