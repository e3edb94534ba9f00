"""An expert with write access to the database changes one thing: it is found, with its position.

A change that no log can know by itself is found by a checkpoint kept outside.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.log.backup import copy_log
from orchestrator.log.database.columns import COLUMNS
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.url import Place
from orchestrator.log.hash_chain import event_hash
from orchestrator.log.move import move
from orchestrator.log.proof.checkpoint_audit import OutsideCheckpoints
from orchestrator.log.proof.checkpoints import Checkpoint
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.proof.verify import OUTSIDE, SIGNER, verify
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import anyone, tampering
from tests.orchestrator.log.given import KINDS, book, drafted, keep_checkpoint, spend, take

SECRET = Ed25519PrivateKey.generate()
KEY = SECRET.public_key().public_bytes_raw()
NOON = datetime(2026, 12, 7, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Kept:
    """A log of six events, and its checkpoints that were kept outside."""

    log: Log
    outside: OutsideCheckpoints

    def found(self, *, outside: bool = False) -> list[int | None]:
        """Return the positions of the problems found, in order."""
        witnesses = self.outside if outside else OutsideCheckpoints()
        return [problem.position for problem in verify(self.log, witnesses=witnesses).problems]


def checkpoint_of(log: Log) -> Checkpoint:
    with closing(log.database.connect()) as connection:
        stand = identity_and_head(connection)
    assert stand is not None
    return Checkpoint(stand[0], stand[1].position, stand[1].hash, NOON).signed(KEY, SECRET.sign)


@pytest.fixture
def kept(place: Place) -> Iterator[Kept]:
    history = [take(), spend(), book(), take("ferry/rain", 2, "Größe"), spend("ferry", 7), book(day=3)]
    with Log.create(place, kinds=KINDS) as log:
        log.append(drafted(*history, why="said", correlation=uuid4(), cause=uuid4(), occurred_at=NOON))
        outside = checkpoint_of(log)
        with tampering(log) as hand:
            keep_checkpoint(hand, 4)
            hand.execute(
                "INSERT INTO checkpoints (position, hash, signature) VALUES (?, ?, ?)",
                (6, outside.hash, outside.stamp),
            )
        yield Kept(log, OutsideCheckpoints((outside,), frozenset({KEY})))


def flipped(value: object) -> object:
    """Return a value of the same type that differs in one letter, bit or number."""
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return value + 1000 if isinstance(value, int) else f"{str(value)[:-1]}~"


# Table and row; its columns; first bad position, None if no single event is concerned.
ROWS: list[tuple[str, str, str, list[int | None]]] = [
    ("events", "position = 4", COLUMNS, [4]),
    ("tags", "tag = 'record:ferry'", "id, tag", [4, None]),
    ("kinds", "kind = 'take-made'", "id, kind", [1, 4, None]),
    (
        "event_tags",
        "position = 4 AND tag = (SELECT id FROM tags WHERE tag = 'record:ferry')",
        "tag, kind, position",
        [4],
    ),
    ("log_head", "position = 6", "log", [1]),
    ("log_head", "position = 6", "position, hash", [7]),
    ("checkpoints", "position = 4", "hash, signature", [4]),
    ("checkpoints", "position = 4", "position", [1004]),
]
FLIPS = [(table, row, column, where) for table, row, columns, where in ROWS for column in columns.split(", ")]


@pytest.mark.parametrize(("table", "row", "column", "where"), FLIPS, ids=[f"{flip[0]}.{flip[2]}" for flip in FLIPS])
def test_one_value_flipped_in_any_column_is_found(
    kept: Kept, table: str, row: str, column: str, where: list[int | None]
) -> None:
    with tampering(kept.log) as hand:
        ((value,),) = hand.execute(f"SELECT {column} FROM {table} WHERE {row}").fetchall()  # noqa: S608 - a test's own words
        changed = hand.execute(f"UPDATE {table} SET {column} = ? WHERE {row}", (flipped(value),))  # noqa: S608 - the same
        assert changed.rowcount == 1
    assert kept.found()[0] in where


def delete_last(hand: Connection) -> None:
    """Delete the last event and every row about it, and move the head back."""
    for table in ("events", "event_tags", "checkpoints", "texts"):
        hand.execute(f"DELETE FROM {table} WHERE position = 6")  # noqa: S608 - a test's own words
    hand.execute("UPDATE log_head SET position = 5, hash = (SELECT hash FROM events WHERE position = 5)")


def rewrite_from(position: int) -> Callable[[Connection], None]:
    """Rewrite a suffix with every hash in order, and the store's checkpoints with it."""

    def rewrite(hand: Connection) -> None:
        rows = hand.execute(f"SELECT {COLUMNS} FROM events WHERE position >= ? ORDER BY position", (position,))  # noqa: S608 - constants
        last: bytes | None = None
        for row in rows.fetchall():
            stored = [*row[:13], last or row[13]]
            stored[8] = "said otherwise"
            last = event_hash(tuple(stored))
            hand.execute(
                "UPDATE events SET why = ?, prev_hash = ?, hash = ? WHERE position = ?",
                (stored[8], stored[13], last, row[0]),
            )
        hand.execute("UPDATE log_head SET hash = ?", (last,))
        for table in ("checkpoints", "texts"):
            hand.execute(f"DELETE FROM {table} WHERE position >= ?", (position,))  # noqa: S608 - a test's own words

    return rewrite


OUTSIDE_ONLY = {
    "the last event deleted, its head moved back": (delete_last, 6),
    "a suffix re-chained": (rewrite_from(3), 6),
    "all of it re-chained": (rewrite_from(1), 6),
    "the last event re-chained": (rewrite_from(6), 6),
}


@pytest.mark.parametrize(("change", "position"), OUTSIDE_ONLY.values(), ids=OUTSIDE_ONLY)
def test_what_no_log_can_know_by_itself_is_found_by_the_checkpoint_outside(
    kept: Kept, change: Callable[[Connection], None], position: int
) -> None:
    with tampering(kept.log) as hand:
        change(hand)
    inside = verify(kept.log)
    assert inside.sound
    assert OUTSIDE in inside.not_checked
    assert kept.found(outside=True) == [position]


def test_several_checkpoints_outside_say_between_which_of_them_history_was_rewritten(kept: Kept) -> None:
    kept.log.append(drafted(spend(minor=5), spend(minor=6)))
    later = checkpoint_of(kept.log)
    with tampering(kept.log) as hand:
        rewrite_from(7)(hand)
    found = verify(kept.log, witnesses=replace(kept.outside, checkpoints=(later, *kept.outside.checkpoints)))
    assert [problem.position for problem in found.problems] == [8]
    assert "after 6 and up to here" in found.problems[0].what


def test_two_events_swapped_are_found_at_the_first(kept: Kept) -> None:
    with tampering(kept.log) as hand:
        for was, becomes in ((2, 99), (5, 2), (99, 5)):
            hand.execute("UPDATE events SET position = ? WHERE position = ?", (becomes, was))
    assert kept.found()[0] == 2


def test_an_old_backup_put_over_the_store_is_found_by_a_later_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    with Log.create(path, kinds=KINDS) as log:
        log.append(drafted(take(), spend()))
        copy_log(log, tmp_path / "old.sqlite")
        log.append(drafted(book(), spend()))
        later = checkpoint_of(log)
    (tmp_path / "old.sqlite").replace(path)
    _found_to_be_old(path, later)


def test_an_old_backup_put_over_a_schema_of_postgresql_is_found_by_a_later_checkpoint(
    postgres_log: Log, tmp_path: Path
) -> None:
    postgres_log.append(drafted(take(), spend()))
    copy_log(postgres_log, tmp_path / "old.sqlite")
    postgres_log.append(drafted(book(), spend()))
    later = checkpoint_of(postgres_log)
    with anyone(postgres_log) as hand:
        ((schema,),) = hand.execute("SELECT current_schema()").fetchall()
        hand.execute(f"DROP SCHEMA {schema} CASCADE")
        hand.execute(f"CREATE SCHEMA {schema}")
    with Log.open(tmp_path / "old.sqlite", kinds=KINDS) as old:
        move(old, postgres_log.place)
    _found_to_be_old(postgres_log.place, later, at=4)  # position 3 records the move


def _found_to_be_old(place: Place, later: Checkpoint, *, at: int = 3) -> None:
    with Log.open(place, kinds=KINDS) as log:
        assert verify(log).sound
        (problem,) = verify(log, witnesses=OutsideCheckpoints((later,))).problems
        assert (problem.position, "an older copy put in its place" in problem.what) == (at, True)
        log.append(drafted(take(), take()))  # even after new events
        (problem,) = verify(log, witnesses=OutsideCheckpoints((later,))).problems
        assert problem.position == 4


def test_a_log_that_grew_since_its_checkpoint_is_sound_and_says_how_far_the_checkpoint_reaches(kept: Kept) -> None:
    kept.log.append(drafted(spend()))
    found = verify(kept.log, witnesses=kept.outside)
    assert found.sound
    assert any("at or before 6" in line for line in found.looked_for)
    assert any("after 6" in line for line in found.not_checked)
    assert OUTSIDE not in found.not_checked
    assert SIGNER not in found.not_checked
    assert SIGNER in verify(kept.log, witnesses=replace(kept.outside, signers=frozenset())).not_checked


def test_a_checkpoint_by_somebody_else_by_nobody_or_of_another_log_is_told(kept: Kept) -> None:
    (ours,) = kept.outside.checkpoints
    other = Ed25519PrivateKey.generate()
    plain = replace(ours, key=None, signature=None)
    told = {
        "unknown signer": plain.signed(other.public_key().public_bytes_raw(), other.sign),
        "signed by nobody": plain,
        "was changed": replace(ours, at=NOON + timedelta(hours=1)),
        "another log": replace(plain, log=UUID(int=1)).signed(KEY, SECRET.sign),
    }
    for word, checkpoint in told.items():
        (problem,) = verify(kept.log, witnesses=replace(kept.outside, checkpoints=(checkpoint,))).problems
        assert word in problem.what


def test_a_stamp_taken_away_or_made_up_is_found(kept: Kept) -> None:
    for stamp in (None, b"", b"\0" * 40, b"\7" * 104):
        with tampering(kept.log) as hand:
            hand.execute("UPDATE checkpoints SET signature = ? WHERE position = 6", (stamp,))
        assert kept.found() == [6]


def test_pages_of_the_file_that_were_overwritten_are_told_and_not_thrown(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    with Log.create(path, kinds=KINDS) as log:
        log.append(drafted(*(take(number=number, note="x" * 500) for number in range(200))))
        outside = checkpoint_of(log)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 8192] = b"\xa5" * 8192
    path.write_bytes(raw)
    with Log.open(path, kinds=KINDS) as log:
        assert not verify(log, witnesses=OutsideCheckpoints((outside,))).sound
