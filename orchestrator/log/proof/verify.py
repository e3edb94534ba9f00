"""Verification that a log is what was recorded, with a statement of what no check within the store can show."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from domain.core.event import Event, Recorded
from orchestrator.log.append_condition import Head
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.database.meta import is_move_unproved
from orchestrator.log.migrations.migrate import differences, expected
from orchestrator.log.proof.chain_check import chain_holds, guards_stand
from orchestrator.log.proof.checkpoint_audit import OutsideCheckpoints, kept_agree, outside_agrees
from orchestrator.log.proof.problem import Problem
from orchestrator.log.proof.tag_index import TagIndex
from orchestrator.log.proof.text_check import texts_agree, texts_missing
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log

Blobs = Callable[[Recorded[Event]], Iterable[str]]
"""Checks the files that an event names; yields a sentence for each problem."""

CHANGED = (
    "changed bytes; events missing, swapped or slipped in; a head, a tag index, texts or guards that disagree;"
    " triggers and tables that no takesheet made; who may write here (meta) other than recorded"
)
OUTSIDE = "a tail cut off, or a history rewritten as a whole: only a checkpoint kept outside the store can tell"
SIGNER = "who made the checkpoint: name the public key of who may"
BESIDE = "contact data, locks and the outbox: they are no part of the log"
REMEDY = "takesheet log rebuild-models"
MOVE = "that the log was moved away, as meta says: release 0.1.0 recorded no event of a move"
NOBODY = OutsideCheckpoints()


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """Scope and findings of a verification.

    Args:
        events: number of events.
        head: the log's head.
        problems: those with a position first, in order, so that the first one is the first bad position.
        looked_for: kinds of damage that are excluded if there are no problems.
        not_checked: statements about what this verification does not cover.
    """

    events: int
    head: Head
    problems: tuple[Problem, ...]
    looked_for: tuple[str, ...]
    not_checked: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """True if there are no problems."""
        return not self.problems


def verify(log: Log, *, blobs: Blobs | None = None, witnesses: OutsideCheckpoints = NOBODY) -> VerifyResult:
    """Check one state of *log*, while others go on writing.

    Args:
        log: open for reading at least.
        blobs: checks the files that each event names; None skips them.
        witnesses: checkpoints kept outside, and their trusted signers.
    """
    with log.database.translated_errors(), closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        head = Head(*(connection.execute("SELECT position, hash FROM log_head").fetchone() or (0, b"")))
        problems = list(_tables_hold(log, connection, witnesses))
        ((events,),) = connection.execute("SELECT count(*) FROM events")
        looked_for = [CHANGED, *_covered(witnesses)]
        not_checked = [*_beyond(witnesses), BESIDE, *_left_out(log, connection)]
        not_checked += list(_missing_texts(log, connection)) if not problems else []
        not_checked += [MOVE] if not problems and is_move_unproved(connection) else []
    if blobs is None:
        not_checked.append("the files that events name")
    else:
        problems += _blobs_stand(log, blobs)
    in_order = sorted(problems, key=lambda problem: (problem.position is None, problem.position or 0))
    return VerifyResult(events, head, tuple(in_order), tuple(looked_for), tuple(not_checked))


def _tables_hold(log: Log, connection: Connection, witnesses: OutsideCheckpoints) -> Iterator[Problem]:
    database, index = log.database, TagIndex()
    yield from _readable(log, connection, guards_stand(database, connection))
    yield from _readable(log, connection, meta_agrees(database, connection))
    yield from _readable(log, connection, chain_holds(database, connection, index.note))
    yield from _readable(log, connection, index.agrees(database, connection))
    yield from _readable(log, connection, texts_agree(database, connection))
    yield from _readable(log, connection, kept_agree(database, connection))
    yield from _readable(log, connection, outside_agrees(database, connection, witnesses))


def meta_agrees(database: Database, connection: Connection) -> Iterator[Problem]:
    """Yield a problem for each row of ``meta`` that disagrees with the events."""
    for what in differences(connection, expected(database, connection)):
        yield Problem(None, what, REMEDY)


def _readable(log: Log, connection: Connection, found: Iterable[Problem]) -> Iterator[Problem]:
    connection.execute("SAVEPOINT looking")  # after a failed statement PostgreSQL takes no other until a rollback
    try:
        yield from found
    except log.database.faults as error:
        connection.execute("ROLLBACK TO looking")
        yield Problem(None, f"the database cannot be read: {error}")
    except StoreDamaged as damaged:
        connection.execute("ROLLBACK TO looking")
        yield Problem(damaged.position, damaged.reason)


def _missing_texts(log: Log, connection: Connection) -> Iterator[str]:
    if missing := texts_missing(log.database, connection, log.kinds):
        yield f"{missing:,} texts that are not beside the log, though nobody erased them: the log proves that they were"


def _blobs_stand(log: Log, blobs: Blobs) -> Iterator[Problem]:
    try:
        yield from (Problem(recorded.position, what) for recorded in log.read_all() for what in blobs(recorded))
    except StoreDamaged as damaged:
        yield Problem(damaged.position, damaged.reason)


def _covered(witnesses: OutsideCheckpoints) -> Iterator[str]:
    yield "checkpoints in the store that are not as they were made"
    if witnesses.checkpoints:
        reach = witnesses.reach
        yield f"a tail cut off at or before {reach}, a history rewritten up to there, an older copy put in its place"
    if witnesses.signers:
        yield "a checkpoint by an unknown signer"


def _beyond(witnesses: OutsideCheckpoints) -> Iterator[str]:
    if not witnesses.checkpoints:
        yield OUTSIDE
        return
    yield f"what was recorded after {witnesses.reach} and cut off or rewritten again: only a later checkpoint can tell"
    if not witnesses.signers:
        yield SIGNER


def _left_out(log: Log, connection: Connection) -> Iterator[str]:
    if "views" in log.database.tables(connection):
        for name, version in connection.execute("SELECT name, version FROM views"):
            yield f"the view {name} {version}, which only older programs read"
