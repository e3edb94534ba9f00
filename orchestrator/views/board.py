"""The board: one row of counts a record, updated with each event."""

from collections.abc import Sequence
from typing import Final

from domain.core.event import Event, Recorded
from domain.core.ids import record_of
from domain.label.catalog import PartAdded, RecordOpened, SongAdded
from domain.masters.masters import MasterPlanned
from domain.mixes.mixes import MixRevised
from domain.status.undo import DecisionUndone
from domain.status.verdicts import VerdictGiven
from domain.takes.takes import TakeIngested
from orchestrator.log.database.connection import Connection, Cursor

COLUMNS: Final = (
    "record", "title", "artist", "due", "songs", "parts", "takes", "unheard", "mixes", "masters", "last_at"
)  # fmt: skip

_OPENED: Final = "INSERT INTO board_v3 (record, title, artist, due) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


class Board:
    """View of every record's counts, among them the takes without a verdict."""

    name = "board"
    version = 3

    def ddl(self) -> Sequence[str]:
        """Tables of records, of takes, and of judgements, so that an undo can be subtracted."""
        texts = ", ".join(f"{column} TEXT" for column in COLUMNS[1:4])
        counts = ", ".join(f"{column} INTEGER NOT NULL DEFAULT 0" for column in COLUMNS[4:10])
        return (
            f"CREATE TABLE board_v3 (record TEXT PRIMARY KEY, {texts}, {counts}, last_at TEXT)",
            "CREATE TABLE board_takes_v3 (take TEXT PRIMARY KEY, record TEXT NOT NULL, judged INTEGER NOT NULL)",
            "CREATE TABLE board_judgements_v3 (id BLOB NOT NULL, take TEXT NOT NULL, PRIMARY KEY (id, take))",
        )

    def apply(self, cursor: Cursor, recorded: Recorded[Event]) -> None:
        """Add one event to the counts."""
        event = recorded.event
        record = _record_of(event)
        if record is None:
            return
        match event:
            case RecordOpened(title=title, artist=artist, due=due):
                row = (record, title, artist, due.isoformat() if due else None)
                cursor.execute(_OPENED, row)
            case TakeIngested(take=take):
                cursor.execute("INSERT INTO board_takes_v3 VALUES (?, ?, 0) ON CONFLICT DO NOTHING", (take, record))
                _count(cursor, record, "takes")
                _count(cursor, record, "unheard")
            case DecisionUndone(decision=decision):
                _undone(cursor, decision.bytes)
            case SongAdded() | PartAdded() | MixRevised() | MasterPlanned():
                _count(cursor, record, _COUNTED[type(event)])
            case _:
                _judged(cursor, recorded.id.bytes, event.judged_takes())
        cursor.execute("UPDATE board_v3 SET last_at = ? WHERE record = ?", (recorded.recorded_at.isoformat(), record))


_COUNTED: Final = {SongAdded: "songs", PartAdded: "parts", MixRevised: "mixes", MasterPlanned: "masters"}
_KNOWN: Final = (RecordOpened, *_COUNTED, TakeIngested, DecisionUndone, VerdictGiven)


def _record_of(event: Event) -> str | None:
    """Id of the record that an event belongs to; None for one that the board does not count."""
    return record_of(event.address) if isinstance(event, _KNOWN) or event.judged_takes() else None


def _count(cursor: Cursor, record: str, column: str, by: int = 1) -> None:
    cursor.execute(f"UPDATE board_v3 SET {column} = {column} + ? WHERE record = ?", (by, record))  # noqa: S608 - our own columns


def _judged(cursor: Cursor, decision: bytes, takes: frozenset[str]) -> None:
    for take in sorted(takes):
        cursor.execute("INSERT INTO board_judgements_v3 VALUES (?, ?) ON CONFLICT DO NOTHING", (decision, take))
        _tell(cursor, take, 1)


def _undone(cursor: Cursor, decision: bytes) -> None:
    rows = cursor.execute("SELECT take FROM board_judgements_v3 WHERE id = ?", (decision,)).fetchall()
    for (take,) in rows:
        _tell(cursor, take, -1)
    cursor.execute("DELETE FROM board_judgements_v3 WHERE id = ?", (decision,))


def _tell(cursor: Cursor, take: str, by: int) -> None:
    """Add *by* to the judgements of *take*, and keep its record's count of takes without one."""
    row = cursor.execute("SELECT record, judged FROM board_takes_v3 WHERE take = ?", (take,)).fetchone()
    if row is None:
        return
    record, judged = row
    cursor.execute("UPDATE board_takes_v3 SET judged = ? WHERE take = ?", (judged + by, take))
    _count(cursor, record, "unheard", int(judged + by == 0) - int(judged == 0))


BOARD: Final = Board()


def rows(connection: Connection) -> list[dict[str, object]]:
    """One row a record, the earliest due date first."""
    columns = ", ".join(COLUMNS)
    found = connection.execute(f"SELECT {columns} FROM board_v3 ORDER BY due IS NULL, due, record")  # noqa: S608 - our own columns
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]
