"""The hash as documented in ``orchestrator/log/hash_chain.py``, against a second implementation of that text."""

from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.event import Event
from orchestrator.log.hash_chain import Stored, event_hash, genesis
from tests.orchestrator.log.databases import Databases
from tests.orchestrator.log.given import drafted, events, fresh_log

LOG = UUID("01940000-0000-7000-8000-000000000001")

VECTOR: Stored = (
    1,
    UUID("0194d0a2-5c00-7abc-8def-0123456789ab").bytes,
    "take-made",
    1,
    '{"kind":"take-made","part":"night-bus/tin-roof/drums","number":3,"note":"Größe ½ 🥁"}',
    '["part:night-bus/tin-roof/drums","record:night-bus","song:night-bus/tin-roof"]',
    "pat",
    "pat@desk",
    None,
    "2026-12-07T14:30:00+01:00",
    1_796_650_200_123_456,
    None,
    UUID("0194d0a2-5c00-7abc-8def-0123456789ac").bytes,
    genesis(LOG),
)


def told_by_the_docstring(stored: Stored) -> str:
    numbers, texts = b"", b""
    for value in stored:
        if isinstance(value, int):
            numbers += value.to_bytes(8, "big", signed=True)
            continue
        raw = value.encode() if isinstance(value, str) else value
        numbers += (-1 if raw is None else len(raw)).to_bytes(8, "big", signed=True)
        texts += raw or b""
    return sha256(b"takesheet-log-1" + numbers + texts).hexdigest()


def test_the_test_vector_holds_for_ever() -> None:
    assert genesis(LOG).hex() == "3d75d89544e5fe449bb615c125560efd62d06444f0357b72ba7635747df858c0"
    assert event_hash(VECTOR).hex() == "00925076363f37e743345ff4cba6ffa533f9ea5144f85f330b1663ab3182d680"


def test_the_hash_is_what_the_docstring_says() -> None:
    assert event_hash(VECTOR).hex() == told_by_the_docstring(VECTOR)


@pytest.mark.parametrize("column", range(14))
def test_every_column_is_under_the_hash(column: int) -> None:
    changed = (*VECTOR[:column], other_than(VECTOR[column]), *VECTOR[column + 1 :])
    assert event_hash(changed) != event_hash(VECTOR)  # type: ignore[arg-type]  # the columns of a tuple made by position


def other_than(value: bytes | str | int | None) -> bytes | str | int:
    match value:
        case int():
            return value + 1
        case str():
            return value[:-1] + "?"
        case bytes():
            return value[:-1] + b"\0"
        case _:
            return b""


def test_text_moved_from_one_column_to_the_next_is_another_event() -> None:
    moved = (*VECTOR[:6], "pa", "tpat@desk", *VECTOR[8:])
    assert event_hash(moved) != event_hash(VECTOR)


def test_empty_is_not_nothing() -> None:
    assert event_hash((*VECTOR[:8], "", *VECTOR[9:])) != event_hash(VECTOR)


@given(st.lists(events, min_size=1, max_size=6), st.none() | st.text(st.characters(exclude_categories=["C"])))
def test_every_event_follows_the_one_before_it_from_the_genesis_to_the_head(
    databases: Databases, history: list[Event], why: str | None
) -> None:
    with fresh_log(databases) as log:
        log.append(drafted(*history, why=why))
        ((identity,),) = log._reader.rows("SELECT log FROM log_head")
        last = genesis(UUID(bytes=identity))
        for *columns, prev_hash, hash_ in log._reader.rows("SELECT * FROM events ORDER BY position"):
            assert prev_hash == last
            assert told_by_the_docstring((*columns, prev_hash)) == hash_.hex()
            last = hash_
        assert log.head().hash == last
