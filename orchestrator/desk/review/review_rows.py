"""Review queue over one record or all: items to judge, due renders, blocked items.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Mapping
from typing import Final, Literal

from domain.core.ids import record_of
from domain.label.catalog import RecordOpened
from domain.status.review_items import QueueItem, held_in
from domain.status.verdicts import VerdictGiven
from domain.takes.takes import TakeJudged
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.curtain import shown_words
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.log.query import Query
from orchestrator.readmodels import review_queue
from orchestrator.readmodels.compiled import ReviewQueueRow
from orchestrator.readmodels.review_queue import REVIEW_QUEUE
from orchestrator.studio import Studio

JUDGED: Final[Mapping[str, Literal["take", "mix", "master"]]] = {"take": "take", "mix": "mix", "master": "master"}
"""Kinds of queue items that need a verdict."""


def records(studio: Studio) -> list[str]:
    """Id of every record, in the order they were opened."""
    events = (recorded.event for recorded in studio.read(Query.of(RecordOpened)))
    return [event.record for event in events if isinstance(event, RecordOpened)]


def scope(studio: Studio, target: str | None) -> tuple[str | None, str]:
    """The record of *target* (None for all records), and the address that limits the items (empty for no limit)."""
    if target is None:
        return None, ""
    address = addresses.find(studio, target)
    return address.path[0], str(address)


def waiting(studio: Studio, target: str | None) -> list[ReviewQueueRow]:
    """The queue at or under *target*, or of all records; by record: items to judge, due renders, blocked items."""
    record, below = scope(studio, target)
    return studio.asked(
        lambda connection: review_queue.rows(connection, record=record, below=below, upto=studio.upto), REVIEW_QUEUE
    )


def questions(studio: Studio, target: str | None) -> list[QueueItem]:
    """The items to judge at or under *target*, or of all records if it is None."""
    return [
        QueueItem(kind, row.address, row.why, row.output or None)
        for row in waiting(studio, target)
        if (kind := JUDGED.get(row.sort))
    ]


def held_items(studio: Studio, target: str | None) -> list[QueueItem]:
    """The items at or under *target*, or of all records, whose last verdict is that they are held for later."""
    record, below = scope(studio, target)
    said = studio.read(Query.of(TakeJudged, VerdictGiven, tags=[f"record:{record}"] if record else []))
    named = (recorded.event for recorded in said)
    records_ = dict.fromkeys(
        record_of(event.address)
        for event in named
        if isinstance(event, TakeJudged | VerdictGiven) and event.verdict == "held"
    )
    return [item for name in records_ for item in held_in(read_record(studio, name).state, name, below)]


def next_rows(studio: Studio, target: str | None) -> list[Row]:
    """One row for each item to judge, each record with due renders and each blocked item, with the next command."""
    rows: list[Row] = []
    rendered = set[str]()
    for row in waiting(studio, target):
        if row.sort == "render":
            if row.record not in rendered:
                rows.append(_row(row, row.record, f"takesheet render {row.record}"))
            rendered.add(row.record)
        elif row.sort == "gap":
            rows.append(_row(row, row.address, f"takesheet comp show {row.address}"))
        elif row.sort == "plan":
            rows.append(_row(row, row.address, f"takesheet master plan {row.record}"))
        elif row.sort == "blocked":
            blocked = row.model_copy(update={"why": shown_words(studio, row.why, row.record)})
            rows.append(_row(blocked, row.address, f"takesheet record show {row.record}"))
        else:
            rows.append(_row(row, row.address, f"takesheet review {row.address}"))
    return rows


def _row(waits: ReviewQueueRow, address: str, command: str) -> Row:
    return {"what": waits.sort, "address": address, "why": waits.why, "next": command}
