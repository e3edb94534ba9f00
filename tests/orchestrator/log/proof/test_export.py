"""The exported log: equal from every database, of one state, and never with invalid text."""

import io
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given

from domain.core.event import Event
from orchestrator.log.backup import copy_log, proved
from orchestrator.log.proof.export import export
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import tampering
from tests.orchestrator.log.given import KINDS, drafted, fresh_log, histories, spend, take


def exported(log: Log) -> bytes:
    out = io.BytesIO()
    export(log, out)
    return out.getvalue()


def test_a_log_and_its_copy_in_a_file_export_the_same_bytes_from_either_database(log: Log, tmp_path: Path) -> None:
    log.append(drafted(take(note="Größe 𝄞\n\u2028"), spend(), why="said", correlation=uuid4(), cause=uuid4()))
    log.append(drafted(spend(), occurred_at=datetime(2026, 12, 7, tzinfo=UTC)))
    copy_log(log, tmp_path / "copy.sqlite")
    assert proved(tmp_path / "copy.sqlite", KINDS).head == log.head()
    with Log.open(tmp_path / "copy.sqlite", kinds=KINDS, readonly=True) as copy:
        assert exported(copy) == exported(log)


@given(histories)
def test_every_event_is_one_line_and_the_first_line_says_where_it_ends(events: list[Event]) -> None:
    with fresh_log() as log:
        log.append(drafted(*events))
        first, *lines = exported(log).split(b"\n")[:-1]
        head = log.head()
    assert len(lines) == len(events)
    found = json.loads(first)
    assert (found["position"], found["hash"]) == (head.position, head.hash.hex())


def test_an_export_is_of_one_moment_whatever_is_recorded_meanwhile(log: Log) -> None:
    log.append(drafted(*(spend() for _ in range(10))))

    class Meddling(io.BytesIO):
        def write(self, data: Any, /) -> int:
            log.append(drafted(spend()))
            return super().write(data)

    out = Meddling()
    assert export(log, out).position == 10
    assert len(out.getvalue().split(b"\n")) == 12


def test_a_text_that_is_none_any_more_is_told_with_its_position(tmp_path: Path) -> None:
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        log.append(drafted(spend(), spend(), spend()))
        with closing(sqlite3.connect(tmp_path / "log.sqlite", isolation_level=None)) as hand:
            hand.execute("DROP TRIGGER events_guards_update")
            hand.execute("UPDATE events SET why = CAST(x'fffe' AS text) WHERE position = 2")
        with pytest.raises(StoreDamaged) as damage:
            exported(log)
        assert damage.value.position == 2


def test_a_log_without_a_head_is_not_exported(log: Log) -> None:
    with tampering(log) as hand:
        hand.execute("DELETE FROM log_head")
    with pytest.raises(StoreDamaged):
        exported(log)


def test_a_copy_takes_along_nothing_that_was_deleted(tmp_path: Path) -> None:
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        log.append(drafted(spend()))
        secret = "DE02120300000000202051" * 400
        with log.beside() as connection:
            connection.execute("INSERT INTO contacts (person, field, value) VALUES ('pat', 'bank', ?)", (secret,))
        with log.beside() as connection:
            connection.execute("DELETE FROM contacts")
        copy_log(log, tmp_path / "copy.sqlite")
    assert b"DE0212030000" not in (tmp_path / "copy.sqlite").read_bytes()
