"""A log moves between the databases whole: the same events and hashes, all side tables, and no contact data left."""

from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from orchestrator.log.append_condition import Head
from orchestrator.log.database.columns import MOVED
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.url import Place
from orchestrator.log.move import move
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreDamaged, StoreExists, StoreMoved
from orchestrator.log.side_tables.contacts import contact_of, keep_contact
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Databases, Files, Schemas, tampering
from tests.orchestrator.log.given import (
    KINDS,
    book,
    drafted,
    keep_checkpoint,
    spend,
    take,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def source(log: Log) -> Log:
    """A log with something in every table."""
    history = [take(), spend(), book(), take("ferry/rain", 2, "Größe"), spend("fähre", 7), book(day=3)]
    log.append(drafted(*history, why="said", correlation=uuid4(), cause=uuid4()))
    keep_contact(log, "pat", {"phone": "+49 30 1234567"})
    with log._opened_writer().turn() as connection:
        keep_checkpoint(connection, 4)
    return log


def test_a_moved_log_is_the_same_log_and_goes_on_there(source: Log, databases: Databases) -> None:
    target = databases.place()
    events, last = list(source.read_all()), source.head().position
    head = move(source, target, actor="pat", via="pat@desk")
    assert source.head() == head
    with Log.open(target, kinds=KINDS) as moved:
        assert (list(moved.read_all(upto=last)), moved.head()) == (events, head)
        [gone] = moved.read_all(after=last)
        assert (gone.event.kind, gone.actor, gone.position) == ("log-moved", "pat", last + 1)
        assert contact_of(moved, "pat") == {"phone": "+49 30 1234567"}
        [recorded] = moved.append(drafted(spend("new")))
        assert recorded.position == head.position + 1
        assert verify(moved).sound


def test_a_log_moves_to_the_other_database_and_back(source: Log, tmp_path: Path, server: str) -> None:
    schemas = Schemas(server)
    there, back = schemas.place(), tmp_path / "back.sqlite"
    try:
        move(source, there)
        with Log.open(there, kinds=KINDS) as moved:
            head = move(moved, back)
        with Log.open(back, kinds=KINDS) as returned:
            assert returned.head() == head
            returned.append(drafted(take()))
            assert verify(returned).sound
    finally:
        schemas.close()


def test_where_a_log_was_nothing_is_recorded_any_more(source: Log, databases: Databases) -> None:
    with Log.open(source.place, kinds=KINDS) as other:
        other.append(drafted(take()))
        move(source, databases.place())
        for one in (source, other):
            with pytest.raises(StoreMoved, match="was moved away"):
                one.append(drafted(take()))
    assert source.head().position == 8
    assert verify(source).sound


ENDS = ["before anything was copied", "before anything of it was kept here", "before the old log was sealed", "after"]


@pytest.mark.parametrize("ended", ENDS)
def test_a_move_that_was_killed_is_taken_up_where_it_ended(source: Log, databases: Databases, ended: str) -> None:
    target, last = databases.place(), source.head()
    if ended == "before anything was copied":
        ((identity,),) = source._reader.rows("SELECT log FROM log_head")
        Log.create(target, kinds=KINDS, identity=UUID(bytes=identity)).close()
    else:
        move(source, target)
    if ended == "before anything of it was kept here":
        with tampering(source) as hand:
            take_back(hand, last)
    if ended in ENDS[1:3]:
        with tampering(source) as hand:
            hand.execute("UPDATE meta SET value = 1 WHERE key = 'store.min_writer'")
    head = move(source, target)
    assert source.head() == head
    with Log.open(target, kinds=KINDS) as moved:
        assert moved.head() == head
        assert verify(moved).sound


def take_back(hand: Connection, last: Head) -> None:
    """Undo the transaction that moved a log, as if the process had been killed before its end."""
    for table in ("events", "event_tags"):
        hand.execute(f"DELETE FROM {table} WHERE position > ?", (last.position,))  # noqa: S608 - a test's own words
    hand.execute("UPDATE log_head SET position = ?, hash = ?", (last.position, last.hash))


def test_a_log_with_another_tail_is_no_copy_of_this_one(source: Log, databases: Databases) -> None:
    target, last = databases.place(), source.head()
    move(source, target)
    with tampering(source) as hand:
        take_back(hand, last)
        hand.execute("UPDATE meta SET value = 1 WHERE key = 'store.min_writer'")
    source.append(drafted(spend("meanwhile")))
    with pytest.raises(StoreExists):
        move(source, target)
    assert source.moved() is None


def test_a_sealed_log_says_where_it_went(source: Log, databases: Databases) -> None:
    target = databases.place()
    assert source.moved() is None
    move(source, target, actor="pat", via="pat@desk")
    gone = source.moved()
    assert gone is not None
    assert gone.startswith("to the file " if isinstance(target, Path) else "to postgresql+psycopg://")
    assert ", by pat (pat@desk) on " in gone
    with Log.open(target, kinds=KINDS) as moved:
        assert moved.moved() is None


def test_a_log_sealed_by_a_release_that_did_not_say_where_says_so(source: Log) -> None:
    with tampering(source) as hand:
        hand.execute(f"UPDATE meta SET value = {MOVED} WHERE key = 'store.min_writer'")  # noqa: S608 - a constant
    assert source.moved() == "it does not say where; ask who moved it"
    with pytest.raises(StoreMoved, match="ask who moved it"):
        source.append(drafted(take()))


def test_what_changed_beside_the_log_after_a_try_that_was_killed_is_moved_too(
    source: Log, databases: Databases
) -> None:
    target = databases.place()
    move(source, target)
    with tampering(source) as hand:
        hand.execute("UPDATE meta SET value = 1 WHERE key = 'store.min_writer'")
    keep_contact(source, "lea", {"phone": "+43 1 2345678"})
    move(source, target)
    with Log.open(target, kinds=KINDS) as moved:
        assert (contact_of(moved, "pat"), contact_of(moved, "lea")) == ({}, {"phone": "+43 1 2345678"})


def test_in_the_place_it_left_nobodys_contact_data_remains(source: Log, databases: Databases) -> None:
    move(source, databases.place())
    with closing(source.database.connect()) as connection:
        assert connection.execute("SELECT * FROM contacts").fetchall() == []
    if isinstance(source.place, Path):
        files = source.place.parent.iterdir()
        assert not any(b"+49 30 1234567" in file.read_bytes() for file in files)


def test_a_sealed_log_goes_nowhere_else_and_nothing_is_moved_over_it(source: Log, databases: Databases) -> None:
    target, other = databases.place(), databases.place()
    move(source, target)
    with pytest.raises(StoreMoved, match="was moved away"):
        move(source, other)
    with Log.open(target, kinds=KINDS) as moved:
        with pytest.raises(StoreExists):
            move(moved, source.place)
        moved.append(drafted(take()))


def test_another_log_is_never_written_over(source: Log, databases: Databases) -> None:
    target = databases.place()
    with Log.create(target, kinds=KINDS) as other:
        other.append(drafted(spend()))
        with pytest.raises(StoreExists):
            move(source, target)
        assert other.head().position == 1
    source.append(drafted(take()))


def test_a_log_that_is_not_what_was_recorded_is_not_moved(source: Log, databases: Databases) -> None:
    with tampering(source) as hand:
        hand.execute("UPDATE events SET why = 'never said' WHERE position = 3")
    with pytest.raises(StoreDamaged) as damaged:
        move(source, databases.place())
    assert damaged.value.position == 3
    source.append(drafted(take()))


def test_a_place_that_is_a_file_of_somebody_else_is_left_alone(source: Log, tmp_path: Path) -> None:
    notes: Place = Files(tmp_path).place()
    assert isinstance(notes, Path)
    notes.write_text("somebody's notes")
    with pytest.raises(StoreDamaged):
        move(source, notes)
    assert notes.read_text() == "somebody's notes"
