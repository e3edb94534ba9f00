"""The proof that a log is what was recorded; and what no proof from within the store can show."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from domain.event import Event, Recorded
from orchestrator.log import views as viewing
from orchestrator.log.database import Connection
from orchestrator.log.draft import Head
from orchestrator.log.problem import Problem
from orchestrator.log.proof import chain_holds, checkpoints_agree, guards_stand
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log
from orchestrator.log.tag_index import TagIndex
from orchestrator.log.views import View

Blobs = Callable[[Recorded[Event]], Iterable[str]]
"""What is wrong with the files an event names: a sentence each, nothing when all is well."""

OUTSIDE = "a tail cut off, or a history rewritten as a whole: only a checkpoint kept outside the store can tell"
BESIDE = "contact data, locks and the outbox: they are no part of the log"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at and found.

    Args:
        events: how many there are.
        head: where the log ends.
        problems: those of a position first, in order, so that the first one is where trouble begins.
        not_checked: what this proof does not say anything about.
    """

    events: int
    head: Head
    problems: tuple[Problem, ...]
    not_checked: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing was found."""
        return not self.problems


def verify(log: Log, *, views: bool = False, blobs: Blobs | None = None) -> Verified:
    """Check one state of *log*, while others go on writing.

    Args:
        log: open for reading at least.
        views: make each view the log was opened with anew, and compare.
        blobs: looks at the files each event names.
    """
    with log.database.told(), closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        head = Head(*(connection.execute("SELECT position, hash FROM log_head").fetchone() or (0, b"")))
        problems = list(_tables_hold(log, connection))
        if views:
            problems += [problem for view in log.views for problem in _view_agrees(log, connection, view)]
        ((events,),) = connection.execute("SELECT count(*) FROM events")
        not_checked = [OUTSIDE, BESIDE, *_left_out(log, connection, views=views)]
    if blobs is None:
        not_checked.append("the files that events name")
    else:
        problems += _blobs_stand(log, blobs)
    in_order = sorted(problems, key=lambda problem: (problem.position is None, problem.position or 0))
    return Verified(events, head, tuple(in_order), tuple(not_checked))


def _tables_hold(log: Log, connection: Connection) -> Iterator[Problem]:
    database, index = log.database, TagIndex()
    yield from _readable(log, connection, guards_stand(database, connection))
    yield from _readable(log, connection, chain_holds(database, connection, index.note))
    yield from _readable(log, connection, index.agrees(database, connection))
    yield from _readable(log, connection, checkpoints_agree(connection))


def _readable(log: Log, connection: Connection, found: Iterable[Problem]) -> Iterator[Problem]:
    connection.execute("SAVEPOINT looking")  # where a statement fails, PostgreSQL takes no other until it is undone
    try:
        yield from found
    except log.database.faults as error:
        connection.execute("ROLLBACK TO looking")
        yield Problem(None, f"the database cannot be read: {error}")
    except StoreDamaged as damaged:
        connection.execute("ROLLBACK TO looking")
        yield Problem(damaged.position, damaged.reason)


def _view_agrees(log: Log, connection: Connection, view: View) -> Iterator[Problem]:
    position = viewing.stand(connection, view)
    if position is not None:
        yield from _readable(log, connection, _compared(log, connection, view, position))


def _compared(log: Log, connection: Connection, view: View, position: int) -> Iterator[Problem]:
    title = f"the view {view.name} {view.version}"
    if position > log.head().position:
        yield Problem(None, f"{title} stands at {position}, beyond the head")
    with closing(log.replay(view, position)) as replayed:
        for table in viewing.tables(replayed):
            rows = f'SELECT * FROM "{table}"'  # noqa: S608 - the view's own names
            if Counter(connection.execute(rows)) != Counter(replayed.execute(rows)):
                yield Problem(None, f"{title}, brought to {position}, differs in {table} from the log up to there")


def _blobs_stand(log: Log, blobs: Blobs) -> Iterator[Problem]:
    try:
        yield from (Problem(recorded.position, what) for recorded in log.read_all() for what in blobs(recorded))
    except StoreDamaged as damaged:
        yield Problem(damaged.position, damaged.reason)


def _left_out(log: Log, connection: Connection, *, views: bool) -> Iterator[str]:
    ((signatures,),) = connection.execute("SELECT count(*) FROM checkpoints WHERE signature IS NOT NULL")
    if signatures:
        yield f"the signatures of {signatures} checkpoints"
    known = {(view.name, view.version) for view in log.views} if views else set()
    for name, version in connection.execute("SELECT name, version FROM views"):
        if (name, version) not in known:
            yield f"the view {name} {version}"
