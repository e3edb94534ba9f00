"""The board: one row a record, counted on as decisions come in."""

from collections.abc import Sequence
from typing import Final

from domain.core.event import Event, Recorded
from domain.core.ids import record_of
from domain.label.catalog import PartAdded, RecordOpened, SongAdded
from domain.masters.masters import MasterPlanned
from domain.mixes.mixes import MixRevised
from domain.status.undo import DecisionUndone
from domain.status.verdicts import VerdictGiven
from domain.takes.takes import CompSet, TakeIngested, TakeJudged
from orchestrator.log.database.connection import Connection, Cursor

COLUMNS: Final = (
    "record", "title", "artist", "due", "songs", "parts", "takes", "unheard", "mixes", "masters", "last_at"
)  # fmt: skip

_OPENED: Final = "INSERT INTO board_v2 (record, title, artist, due) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


class Board:
    """What every record holds, and how many of its takes nobody judged yet."""

    name = "board"
    version = 2

    def ddl(self) -> Sequence[str]:
        """One table of records; one of judgements, so that an undoing can be counted back."""
        texts = ", ".join(f"{column} TEXT" for column in COLUMNS[1:4])
        counts = ", ".join(f"{column} INTEGER NOT NULL DEFAULT 0" for column in COLUMNS[4:10])
        return (
            f"CREATE TABLE board_v2 (record TEXT PRIMARY KEY, {texts}, {counts}, last_at TEXT)",
            "CREATE TABLE board_takes_v2 (take TEXT PRIMARY KEY, record TEXT NOT NULL, judged INTEGER NOT NULL)",
            "CREATE TABLE board_judgements_v2 (id BLOB NOT NULL, take TEXT NOT NULL, PRIMARY KEY (id, take))",
        )

    def apply(self, cursor: Cursor, recorded: Recorded[Event]) -> None:
        """Count one event on."""
        event = recorded.event
        record = _record_of(event)
        if record is None:
            return
        match event:
            case RecordOpened(title=title, artist=artist, due=due):
                row = (record, title, artist, due.isoformat() if due else None)
                cursor.execute(_OPENED, row)
            case TakeIngested(take=take):
                cursor.execute("INSERT INTO board_takes_v2 VALUES (?, ?, 0) ON CONFLICT DO NOTHING", (take, record))
                _count(cursor, record, "takes")
                _count(cursor, record, "unheard")
            case TakeJudged(take=take):
                _judged(cursor, recorded.id.bytes, {take})
            case CompSet(part=part, spans=spans):
                _judged(cursor, recorded.id.bytes, {f"{part}/{span.take}" for span in spans if span.take})
            case DecisionUndone(decision=decision):
                _undone(cursor, decision.bytes)
            case SongAdded() | PartAdded() | MixRevised() | MasterPlanned():
                _count(cursor, record, _COUNTED[type(event)])
            case _:
                pass
        cursor.execute("UPDATE board_v2 SET last_at = ? WHERE record = ?", (recorded.recorded_at.isoformat(), record))


_COUNTED: Final = {SongAdded: "songs", PartAdded: "parts", MixRevised: "mixes", MasterPlanned: "masters"}
_KNOWN: Final = (RecordOpened, *_COUNTED, TakeIngested, TakeJudged, CompSet, DecisionUndone, VerdictGiven)


def _record_of(event: Event) -> str | None:
    """The record that an event of the board's kinds belongs to."""
    if not isinstance(event, _KNOWN):
        return None
    for name in ("record", "song", "part", "take"):
        if found := getattr(event, name, None):
            return record_of(found)
    return None


def _count(cursor: Cursor, record: str, column: str, by: int = 1) -> None:
    cursor.execute(f"UPDATE board_v2 SET {column} = {column} + ? WHERE record = ?", (by, record))  # noqa: S608 - our own columns


def _judged(cursor: Cursor, decision: bytes, takes: set[str]) -> None:
    for take in sorted(takes):
        cursor.execute("INSERT INTO board_judgements_v2 VALUES (?, ?) ON CONFLICT DO NOTHING", (decision, take))
        _tell(cursor, take, 1)


def _undone(cursor: Cursor, decision: bytes) -> None:
    rows = cursor.execute("SELECT take FROM board_judgements_v2 WHERE id = ?", (decision,)).fetchall()
    for (take,) in rows:
        _tell(cursor, take, -1)
    cursor.execute("DELETE FROM board_judgements_v2 WHERE id = ?", (decision,))


def _tell(cursor: Cursor, take: str, by: int) -> None:
    """Count a judgement of *take* on or back; its record has one take fewer unheard where it was the first."""
    row = cursor.execute("SELECT record, judged FROM board_takes_v2 WHERE take = ?", (take,)).fetchone()
    if row is None:
        return
    record, judged = row
    cursor.execute("UPDATE board_takes_v2 SET judged = ? WHERE take = ?", (judged + by, take))
    _count(cursor, record, "unheard", int(judged + by == 0) - int(judged == 0))


BOARD: Final = Board()


def rows(connection: Connection) -> list[dict[str, object]]:
    """Every record, those due first on top."""
    columns = ", ".join(COLUMNS)
    found = connection.execute(f"SELECT {columns} FROM board_v2 ORDER BY due IS NULL, due, record")  # noqa: S608 - our own columns
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]
