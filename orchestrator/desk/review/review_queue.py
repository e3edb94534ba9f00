"""Review queue over one record or all: items to judge, due renders, blocked items.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Iterator

from domain.label.catalog import RecordOpened
from domain.status.due_renders import RenderNeed, due_renders
from domain.status.review_queue import QueueItem, blocked, to_judge
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.record_state import RecordReading, read_record
from orchestrator.log.query import Query
from orchestrator.studio import Studio


def records(studio: Studio) -> list[str]:
    """Id of every record, in the order they were opened."""
    events = (recorded.event for recorded in studio.read(Query.of(RecordOpened)))
    return [event.record for event in events if isinstance(event, RecordOpened)]


def scope(studio: Studio, target: str | None) -> tuple[list[str], str]:
    """Records that *target* concerns (all without one), and the address that limits the items (empty without one)."""
    if target is None:
        return records(studio), ""
    address = addresses.find(studio, target)
    return [address.path[0]], str(address)


def questions(studio: Studio, target: str | None) -> Iterator[tuple[QueueItem, RecordReading]]:
    """Yield each item to judge, with its record's events and state."""
    names, below = scope(studio, target)
    for record in names:
        read = read_record(studio, record)
        for item in to_judge(read.state, record, below):
            yield item, read


def next_rows(studio: Studio, target: str | None) -> list[Row]:
    """One row for each item to judge, record with due renders, and blocked item; each with its next command."""
    names, below = scope(studio, target)
    rows: list[Row] = []
    for record in names:
        read = read_record(studio, record)
        rows += [
            _row(item, item.kind, f"takesheet review {item.address}") for item in to_judge(read.state, record, below)
        ]
        if due_renders(RenderNeed(read.state), record):
            rows.append(
                {"what": "render", "address": record, "why": "renders are due", "next": f"takesheet render {record}"}
            )
        rows += [_row(item, "blocked", f"takesheet record show {record}") for item in blocked(read.state, record)]
    return rows


def _row(item: QueueItem, what: str, command: str) -> Row:
    return {"what": what, "address": item.address, "why": item.why, "next": command}
