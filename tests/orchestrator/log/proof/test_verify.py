"""Any change that bypasses the log is found and located, as far as a log can know by itself."""

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.log.hash_chain import event_hash, genesis
from orchestrator.log.proof.tag_index import _tags
from orchestrator.log.proof.verify import OUTSIDE, VerifyResult, verify
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import anyone, tampering
from tests.orchestrator.log.given import KINDS, book, drafted, keep_checkpoint, spend, take

EVENTS = 6


@pytest.fixture
def log(place: Place) -> Iterator[Log]:
    """Six events of all kinds, one checkpoint."""
    history = [take(), spend(), book(), take("ferry/rain", 2, "Größe"), spend("ferry", 7), book(day=3)]
    with Log.create(place, kinds=KINDS) as log:
        log.append(drafted(*history, why="said", correlation=uuid4(), cause=uuid4()))
        with tampering(log) as hand:
            keep_checkpoint(hand, 4)
        yield log


def first(verified: VerifyResult) -> int | None:
    assert not verified.sound
    return verified.problems[0].position


def test_a_log_nobody_touched_is_sound_and_says_what_was_not_looked_at(log: Log) -> None:
    verified = verify(log, blobs=lambda _: [])
    assert verified.problems == ()
    assert (verified.events, verified.head) == (EVENTS, log.head())
    assert OUTSIDE in verified.not_checked
    assert "the files that events name" in verify(log).not_checked


def test_an_empty_log_is_sound(place: Place) -> None:
    with Log.create(place, kinds=KINDS) as log:
        assert verify(log).sound


FLIPPED = {
    "id": "randomblob(16)",
    "kind": "'money-spent'",
    "schema": "schema + 1",
    "data": "replace(data, '2', '3')",
    "tags": "replace(tags, 'ferry', 'bus')",
    "actor": "'sam'",
    "via": "via || ' '",
    "why": "NULL",
    "occurred_at": "'2026-12-07T14:30:00+01:00'",
    "recorded_at": "recorded_at + 1",
    "cause": "NULL",
    "correlation": "zeroblob(16)",
    "prev_hash": "zeroblob(32)",
    "hash": "zeroblob(32)",
}


@pytest.mark.parametrize(("column", "value"), FLIPPED.items())
def test_one_value_changed_in_any_column_of_an_event_is_found_where_it_is(log: Log, column: str, value: str) -> None:
    with tampering(log) as hand:
        hand.execute(f"UPDATE events SET {column} = {value} WHERE position = 4")  # noqa: S608 - a test's own words
    assert first(verify(log)) == 4


@pytest.mark.parametrize("moved", [-3, 9])
def test_an_event_moved_to_another_position_is_missed_where_it_was(log: Log, moved: int) -> None:
    with tampering(log) as hand:
        hand.execute("UPDATE events SET position = ? WHERE position = 4", (moved,))
    assert first(verify(log)) == min(4, moved)


def test_two_events_swapped_are_found_at_the_first(log: Log) -> None:
    with tampering(log) as hand:
        for was, becomes in ((2, 99), (5, 2), (99, 5)):
            hand.execute("UPDATE events SET position = ? WHERE position = ?", (becomes, was))
    assert first(verify(log)) == 2


def test_an_event_taken_out_is_missed(log: Log) -> None:
    with tampering(log) as hand:
        hand.execute("DELETE FROM events WHERE position IN (3, 4)")
    verified = verify(log)
    assert verified.problems[0].what == "is missing, and up to 4"
    assert first(verified) == 3


def test_an_event_slipped_in_at_the_end_is_found(log: Log) -> None:
    with tampering(log) as hand:
        hand.execute(
            "INSERT INTO events SELECT 7, randomblob(16), kind, schema, data, tags, actor, via, why, occurred_at,"
            " recorded_at, cause, correlation, hash, randomblob(32) FROM events WHERE position = 6"
        )
    assert first(verify(log)) == 7


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tags SET tag = 'record:other' WHERE tag = 'record:ferry'",
        "UPDATE tags SET id = 99 WHERE tag = 'record:ferry'",
        "UPDATE tags SET tag = 'x' WHERE tag = ''",
        "INSERT INTO tags (id, tag) VALUES (99, 'record:nobody')",
        "UPDATE kinds SET kind = 'other' WHERE kind = 'money-spent'",
        "UPDATE kinds SET id = 99 WHERE kind = 'money-spent'",
        "INSERT INTO kinds (id, kind) VALUES (99, 'other')",
        "UPDATE event_tags SET tag = 99 WHERE tag = (SELECT id FROM tags WHERE tag = 'record:ferry')",
        "UPDATE event_tags SET kind = 99 WHERE position = 4 AND tag = 0",
        "UPDATE event_tags SET position = 99 WHERE position = 4 AND tag = 0",
        "DELETE FROM event_tags WHERE position = 4 AND tag = 0",
        "INSERT INTO event_tags SELECT tag, kind, 3 FROM event_tags WHERE position = 4",
        "INSERT INTO event_tags VALUES (0, 1, 7)",
    ],
)
def test_a_tag_index_that_disagrees_with_the_events_is_found(log: Log, statement: str) -> None:
    with tampering(log) as hand:
        assert hand.execute(statement).rowcount > 0
    verified = verify(log)
    assert not verified.sound
    assert all("index" in problem.what for problem in verified.problems)


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE log_head SET log = zeroblob(16)", 1),
        ("UPDATE log_head SET log = zeroblob(7)", None),
        ("UPDATE log_head SET position = 5", 6),
        ("UPDATE log_head SET position = 7", 7),
        ("UPDATE log_head SET hash = zeroblob(32)", 7),
        ("DELETE FROM log_head", None),
        ("UPDATE checkpoints SET hash = zeroblob(32)", 4),
        ("UPDATE checkpoints SET position = 5", 5),
        ("UPDATE checkpoints SET position = 50", 50),
    ],
)
def test_a_head_or_a_checkpoint_that_disagrees_is_found(log: Log, statement: str, position: int | None) -> None:
    with tampering(log) as hand:
        hand.execute(statement)
    assert first(verify(log)) == position


def view_of_old(log: Log) -> None:
    """Give *log* a view as release 0.1.0 made it: two tables, an index, and its position."""
    with log._opened_writer().turn() as connection, log.database.making(connection):
        connection.execute("CREATE TABLE board_v3 (record TEXT PRIMARY KEY, takes INTEGER NOT NULL)")
        connection.execute("CREATE TABLE board_takes_v3 (take TEXT PRIMARY KEY)")
        connection.execute("CREATE INDEX board_v3_by_takes ON board_v3 (takes)")
        connection.execute("INSERT INTO views (name, version, position) VALUES ('board', 3, 6)")


def test_the_tables_of_a_view_of_release_0_1_0_are_known_left_alone_and_named_as_not_checked(log: Log) -> None:
    view_of_old(log)
    log.append(drafted(spend()))
    assert log._reader.rows("SELECT name, version, position FROM views") == [("board", 3, 6)], "an append moves none"
    verified = verify(log)
    assert verified.problems == ()
    assert "the view board 3, which only older programs read" in verified.not_checked
    with log._opened_writer().turn() as connection:  # as an older program brings it up
        connection.execute("INSERT INTO board_v3 VALUES ('night-bus', 1)")
        connection.execute("UPDATE views SET position = 7 WHERE name = 'board'")
    assert verify(log).sound


def test_a_table_like_that_of_a_view_that_was_never_made_is_a_stranger(sqlite_log: Log) -> None:
    view_of_old(sqlite_log)
    with anyone(sqlite_log) as hand:
        hand.execute("DELETE FROM views")
    assert {problem.what for problem in verify(sqlite_log).problems} == {
        "the table board_v3 is none of the log's own",
        "the table board_takes_v3 is none of the log's own",
        "the index board_v3_by_takes on board_v3 is none of the log's own",
    }


@pytest.mark.parametrize("table", ["views", "contacts", "outbox"])
def test_a_table_of_ours_that_is_missing_is_named(log: Log, table: str) -> None:
    log.append(drafted(take()))
    with anyone(log) as hand:
        hand.execute(f"DROP TABLE {table}")
    assert f"the table {table} is missing" in {problem.what for problem in verify(log).problems}


def test_a_guard_taken_out_is_found(log: Log) -> None:
    on = " ON events" if isinstance(log.place, DatabaseUrl) else ""
    with anyone(log) as hand:
        hand.execute(f"DROP TRIGGER events_guards_delete{on}")
    assert "events_guards_delete" in verify(log).problems[0].what


SLIPPED_IN = {
    "a trigger on the events": "CREATE TRIGGER quiet AFTER INSERT ON events BEGIN DELETE FROM outbox; END",
    "a trigger beside the log": "CREATE TRIGGER quiet AFTER INSERT ON contacts BEGIN DELETE FROM outbox; END",
    "a table": "CREATE TABLE more (x INTEGER)",
    "a view over the events": "CREATE VIEW kept AS SELECT * FROM events",
    "an index on the events": "CREATE UNIQUE INDEX one_a_kind ON events (recorded_at, id)",
    "a column of the events": "ALTER TABLE events ADD COLUMN note TEXT",
    "a column beside the log": "ALTER TABLE contacts ADD COLUMN note TEXT",
}
SLIPPED_INTO_POSTGRESQL = {
    "a trigger on the events": "CREATE TRIGGER quiet AFTER INSERT ON events EXECUTE FUNCTION takesheet_follows()",
    "a rule": "CREATE RULE quiet AS ON INSERT TO contacts DO INSTEAD NOTHING",
    "a policy": "CREATE POLICY quiet ON events FOR SELECT USING (false)",
    "a row security": "ALTER TABLE events ENABLE ROW LEVEL SECURITY",
    "a default": "ALTER TABLE events ALTER COLUMN why SET DEFAULT 'because'",
    "a check": "ALTER TABLE events ADD CONSTRAINT quiet CHECK (position < 1000000)",
    "a heir": "CREATE TABLE more () INHERITS (outbox)",
    "a column of the events": "ALTER TABLE events ADD COLUMN note TEXT",
    "a key taken away": "ALTER TABLE events DROP CONSTRAINT events_id_key",
    "a table that a crash empties": "ALTER TABLE contacts SET UNLOGGED",
}


@pytest.mark.parametrize("statement", SLIPPED_IN.values(), ids=SLIPPED_IN)
def test_what_no_takesheet_put_into_the_file_is_found(sqlite_log: Log, statement: str) -> None:
    _told_as_a_stranger(sqlite_log, statement)


@pytest.mark.parametrize("statement", SLIPPED_INTO_POSTGRESQL.values(), ids=SLIPPED_INTO_POSTGRESQL)
def test_what_no_takesheet_put_on_its_tables_in_postgresql_is_found(postgres_log: Log, statement: str) -> None:
    _told_as_a_stranger(postgres_log, statement)


def _told_as_a_stranger(log: Log, statement: str) -> None:
    log.append(drafted(take()))
    assert verify(log).sound
    with anyone(log) as hand:
        hand.execute(statement)
    (problem,) = verify(log).problems
    assert problem.what.endswith(("is none of the log's own", "is not as it was made"))


def test_a_file_an_event_names_is_asked_for_with_the_position_that_needs_it(log: Log) -> None:
    verified = verify(
        log, blobs=lambda recorded: ["blob ab12 is missing"] if recorded.event.kind == "take-made" else []
    )
    assert [(problem.position, problem.what) for problem in verified.problems] == [
        (1, "blob ab12 is missing"),
        (4, "blob ab12 is missing"),
    ]


def test_the_last_event_cut_off_with_its_head_moved_back_is_what_no_log_can_know_by_itself(log: Log) -> None:
    before = log.head()
    with tampering(log) as hand:
        for table in ("events", "event_tags", "texts"):
            hand.execute(f"DELETE FROM {table} WHERE position = 6")  # noqa: S608 - a test's own words
        hand.execute("UPDATE log_head SET position = 5, hash = (SELECT hash FROM events WHERE position = 5)")
    verified = verify(log)
    assert verified.sound
    assert OUTSIDE in verified.not_checked
    assert verified.head != before  # which is how a checkpoint kept outside the store finds it


def test_a_history_rewritten_as_a_whole_is_what_no_log_can_know_by_itself(log: Log) -> None:
    before = log.head()
    with tampering(log) as hand:
        ((identity,),) = hand.execute("SELECT log FROM log_head")
        last = genesis(UUID(bytes=identity))
        for position, *columns in hand.execute("SELECT * FROM events ORDER BY position").fetchall():
            data = json.dumps(json.loads(columns[3]) | ({"minor": 1} if columns[1] == "money-spent" else {}))
            row = (position, *columns[:3], data, *columns[4:12], last)
            last = event_hash(row)
            hand.execute(
                "UPDATE events SET data = ?, prev_hash = ?, hash = ? WHERE position = ?",
                (data, row[-1], last, position),
            )
        hand.execute("UPDATE log_head SET hash = ?", (last,))
        hand.execute("DELETE FROM checkpoints")
        keep_checkpoint(hand, 4)
    verified = verify(log)
    assert verified.sound
    assert OUTSIDE in verified.not_checked
    assert verified.head != before


def test_tags_that_are_nested_without_end_are_no_tags_and_no_fault_of_the_program() -> None:
    assert _tags(b"[" * 1_000_000) == set()
