"""The outbox: notices of events for effects outside the log, each notice exactly once.

A subscriber turns an event into *notices*.  They are put into the outbox in the same transaction that advances the
subscription, so that a crash at any point neither loses nor duplicates one.  An event for which a subscriber fails is
*parked* with its position and the reason, and the rest goes on; it can be tried again once the program is fixed.
Nothing is pushed: events are processed when the outbox is read.  Subscriptions, outbox and parked events lie
beside the log, outside its proof.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from domain.core.event import Event, Recorded
from orchestrator.log.codec import Unknown
from orchestrator.log.database.connection import Connection
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log

BATCH: Final = 500
"""Events processed in one transaction, before other writers get their turn."""

_PARK: Final = "INSERT INTO parked (subscription, position, reason) VALUES (?, ?, ?)"
_PUT: Final = "INSERT INTO outbox (subscription, position, number, notice) VALUES (?, ?, ?, ?)"


class Subscriber(Protocol):
    """Turns events into notices."""

    @property
    def name(self) -> str:
        """Name of the subscription; never changes."""
        ...

    def notices(self, recorded: Recorded[Event]) -> Sequence[str]:
        """Return the notices of one event, texts in order; usually none.  Any exception parks the event."""
        ...


@dataclass(frozen=True, slots=True)
class Parked:
    """An event for which a subscriber failed."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to be delivered; *number* counts the notices of one event, from 1."""

    position: int
    number: int
    text: str


def catch_up(log: Log, subscriber: Subscriber) -> int:
    """Process every event up to the head; return the position that is reached."""
    while True:
        with log.beside() as connection:
            after = _stands(connection, subscriber.name)
            upto = min(after + BATCH, log.head().position)
            if after >= upto:
                return after
            for outcome in _read(log, after, upto):
                _work_off(connection, subscriber, outcome)
            connection.execute("UPDATE subscriptions SET position = ? WHERE name = ?", (upto, subscriber.name))


def try_again(log: Log, subscriber: Subscriber) -> list[Parked]:
    """Process the parked events again; return the events that are still parked."""
    with log.beside() as connection:
        for parked in _parked(connection, subscriber.name):
            key = (subscriber.name, parked.position)
            connection.execute("DELETE FROM parked WHERE subscription = ? AND position = ?", key)
            for outcome in _read(log, parked.position - 1, parked.position):
                _work_off(connection, subscriber, outcome)
        return _parked(connection, subscriber.name)


def outbox(log: Log, name: str, *, after: int = 0) -> tuple[list[Notice], list[Parked]]:
    """Return the notices of a subscription after position *after*, in order, and its parked events."""
    with log.beside() as connection:
        rows = connection.execute(
            "SELECT position, number, notice FROM outbox WHERE subscription = ? AND position > ?"
            " ORDER BY position, number",
            (name, after),
        ).fetchall()
        return [Notice(*row) for row in rows], _parked(connection, name)


def _stands(connection: Connection, name: str) -> int:
    row = connection.execute("SELECT position FROM subscriptions WHERE name = ?", (name,)).fetchone()
    if row is None:
        connection.execute("INSERT INTO subscriptions (name, position) VALUES (?, 0)", (name,))
    return row[0] if row else 0


def _parked(connection: Connection, name: str) -> list[Parked]:
    sql = "SELECT position, reason FROM parked WHERE subscription = ? ORDER BY position"
    return [Parked(*row) for row in connection.execute(sql, (name,)).fetchall()]


def _read(log: Log, after: int, upto: int) -> Iterator[Recorded[Event] | Parked]:
    """Yield the events of a range; an event that cannot be decoded is yielded as ``Parked``."""
    while after < upto:
        try:
            for recorded in log.read_all(after=after, upto=upto):
                after = recorded.position
                yield recorded
        except StoreDamaged as damaged:
            if damaged.position is None:
                raise
            after = damaged.position
            yield Parked(after, damaged.reason)


def _work_off(connection: Connection, subscriber: Subscriber, outcome: Recorded[Event] | Parked) -> None:
    if isinstance(outcome, Recorded):
        try:
            if isinstance(outcome.event, Unknown):
                raise TypeError(f"{outcome.event.kind} is from a newer takesheet")  # noqa: TRY301 - parked like any other
            texts = subscriber.notices(outcome)
        except Exception as error:  # noqa: BLE001 - one poisoned event, whatever is wrong with it, must not stop the rest
            outcome = Parked(outcome.position, f"{type(error).__name__}: {error}")
        else:
            rows = [(subscriber.name, outcome.position, number, text) for number, text in enumerate(texts, start=1)]
            connection.executemany(_PUT, rows)
            return
    connection.execute(_PARK, (subscriber.name, outcome.position, outcome.reason))
