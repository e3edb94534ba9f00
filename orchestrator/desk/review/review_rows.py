"""Review queue over one record or all: items to judge, due renders, blocked items.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Mapping
from typing import Final, Literal

from domain.core.address import parse_address
from domain.core.ids import record_of
from domain.label.catalog import RecordOpened
from domain.status.review_items import QueueItem, held_in
from domain.status.verdicts import APPROVED_BY, VerdictGiven
from domain.takes.takes import TakeJudged
from orchestrator.desk.addressing import addresses
from orchestrator.desk.mixes.mixes import status_of
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
    """The items to judge at or under *target*, or of all records if it is None.

    What others must approve by the house rules, beside those who did, is an item for them alone.
    """
    return [
        QueueItem(kind, row.address, row.why, row.output or None)
        for row in waiting(studio, target)
        if (kind := JUDGED.get(row.sort)) and not is_for_others(studio, row.address, row.why)
    ]


def is_for_others(studio: Studio, address: str, why: str) -> bool:
    """True if the house rules ask for another approval of the mix or master at *address*, and it is not the reader's.

    Args:
        studio: the store.
        address: of an item of the queue.
        why: the reason of that item, which tells whether somebody approved it.
    """
    if not why.startswith(APPROVED_BY):
        return False
    record = record_of(address)
    lack = status_of(read_record(studio, record).state, parse_address(address)).lack
    if lack is None:
        return False
    own = studio.reader.person in {one.by for one in lack.approvals}
    return not studio.reader.has(lack.roles, (record,)) if lack.roles else own


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
