"""SQLite alone: values of any type in any column, invalid UTF-8 in texts, overwritten pages."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from orchestrator.log.proof.verify import verify
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import tampering
from tests.orchestrator.log.given import KINDS, book, drafted, spend, take

COLUMNS = (
    *("id", "kind", "schema", "data", "tags", "actor", "via", "why", "occurred_at", "recorded_at", "cause"),
    *("correlation", "prev_hash", "hash"),
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        history = [take(), spend(), book(), take("ferry/rain", 2, "Größe"), spend("ferry", 7), book(day=3)]
        log.append(drafted(*history, why="said", correlation=uuid4(), cause=uuid4()))
        yield log


@pytest.mark.parametrize("column", COLUMNS)
def test_a_value_of_another_type_is_found_even_where_its_bytes_are_the_same(log: Log, column: str) -> None:
    with tampering(log) as hand:
        ((kind,),) = hand.execute(f"SELECT typeof({column}) FROM events WHERE position = 4")  # noqa: S608 - a test's own words
        other = {"text": "blob", "blob": "text", "integer": "blob", "null": "blob"}[kind]
        hand.execute(f"UPDATE events SET {column} = CAST(coalesce({column}, '') AS {other}) WHERE position = 4")  # noqa: S608 - a test's own words
    assert verify(log).problems[0].position == 4


def test_an_event_that_is_no_text_any_more_is_found_where_it_is(log: Log) -> None:
    with tampering(log) as hand:
        hand.execute("UPDATE events SET data = CAST(x'fffe00' AS text), tags = CAST(x'ff' AS text) WHERE position = 5")
    assert verify(log).problems[0].position == 5


def test_pages_that_were_overwritten_are_told_and_not_thrown(log: Log) -> None:
    log.append(drafted(*(take(number=number, note="x" * 500) for number in range(100))))
    log.close()
    raw = bytearray(log.place.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 8192] = b"\xa5" * 8192
    log.place.write_bytes(raw)
    with Log.open(log.place, kinds=KINDS) as opened:
        assert not verify(opened).sound


@pytest.mark.parametrize("value", ["log = 'no id at all'", "position = 'six'", "hash = 7"])
def test_a_head_of_another_type_is_found(log: Log, value: str) -> None:
    with tampering(log) as hand:
        hand.execute(f"UPDATE log_head SET {value}")  # noqa: S608 - a test's own words
    assert not verify(log).sound
