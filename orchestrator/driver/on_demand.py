"""Rendering for a command: drive if no process does, else follow the standing driver."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from domain.core.address import parse_address
from domain.core.event import Event
from domain.core.refusal import NotFound
from domain.label.people import Role
from domain.masters.masters import Masters
from domain.render.engine import EnginePaused, EngineResumed
from domain.render.jobs import RenderAsked, Rendered, RenderFailed
from domain.status.due_renders import RenderNeed, due_at
from domain.status.events.event_types import EVENTS
from domain.status.master_status import master_files
from domain.status.record_state import own_prints
from domain.status.wanted_renders import is_wanted
from flows.run.progress import Observer, Progress
from orchestrator.desk.addressing import addresses
from orchestrator.desk.record_state.record_state import RecordReading, production_query, read_record
from orchestrator.driver.driver import Driver, RunResult
from orchestrator.driver.outage import Outage, Unavailable, outage_behind
from orchestrator.driver.pause import Pause
from orchestrator.driver.record_selection import select_records
from orchestrator.log.query import Query
from orchestrator.readmodels import due_renders
from orchestrator.readmodels.due_renders import DUE_RENDERS
from orchestrator.store.driver_lock import DriverLock, LockLost
from orchestrator.studio import History, Studio

POLL_S = 0.25
PATIENCE_S: Final = 30.0
"""Seconds that a command at a prompt waits for the end of an outage."""
NIGHTS_PATIENCE_S: Final = 600.0
"""Seconds that the nightly waits for the end of an outage; no person is kept waiting by it."""


def render_due(
    studio: Studio, records: Sequence[str] | None, below: str = "", *, observe: Observer, say: Callable[[str], None],
    retry: bool = False, patience_s: float = PATIENCE_S,
) -> RunResult:  # fmt: skip
    """Render the due jobs of *records* (None: all), or wait until the standing driver has; return the result.

    Raises:
        Unavailable: an outage lasted longer than *patience_s*; earlier renders are recorded.
        StoreMoved: the log was moved elsewhere.
    """
    studio.log.refuse_moved()
    request = Request(studio, records, below, observe=observe, say=say, retry=retry)
    try:
        return request.run(patience_s)
    finally:
        request.close()


class Request:
    """One command's request for renders, which outlasts outages and a change of the driving process.

    Args:
        studio: the store.
        records: record ids; None means every record with anything due.
        below: address of a song, part, mix or master; if given, only its own renders and their inputs are made.
        observe: callback for the progress of every job.
        say: callback for one-line messages about outages and about the process that drives.
        retry: run jobs again that failed for a lasting reason before.
    """

    def __init__(
        self, studio: Studio, records: Sequence[str] | None, below: str, *, observe: Observer,
        say: Callable[[str], None], retry: bool,
    ) -> None:  # fmt: skip
        self._studio, self._below, self._retry = studio, below, retry
        self._named = records
        self._observe, self._say = observe, say
        self._result = RunResult()
        self._lock = DriverLock(studio.config.folder, studio.config.log)
        self._pause = Pause(studio, say, at_once=False)
        self._driver = Driver(
            studio, self._lock, observe=observe, say=say, retry=retry, succeeded=self._pause.end
        )  # fmt: skip
        self._seen: int | None = None
        self._asked_again: set[str] = set()
        """Keys of the jobs whose failure was met while following, and that were asked for once more."""

    def run(self, patience_s: float) -> RunResult:
        """Drive or follow until nothing is due.  Raises: as :func:`render_due`."""
        while True:
            try:
                self._drive_or_follow(patience_s)
                self._pause.end()
            except LockLost:
                self._say("the driver's lock was lost")
                time.sleep(POLL_S)
            except Exception as error:
                outage = outage_behind(error, self._studio.config)
                if outage is None:
                    raise
                wait_s = self._pause.begin(outage)
                if self._pause.seconds + wait_s > patience_s:
                    raise Unavailable(outage, self._pause.seconds) from error
                time.sleep(wait_s)
            else:
                return self._result

    def close(self) -> None:
        """Stop Prefect's server and release the lock."""
        try:
            self._driver.stop()
        finally:
            self._lock.release()

    @property
    def _records(self) -> Sequence[str]:
        return select_records(self._studio, retry=self._retry) if self._named is None else self._named

    def _concerns(self, record: str) -> bool:
        return self._named is None or record in self._named

    def _drive_or_follow(self, patience_s: float) -> None:
        if not (self._lock.is_held or self._acquire() or self._follow(patience_s)):
            return
        if self._pause.is_on:
            self._driver.vault.reconnect()
        self._driver.render_due(self._records, self._below, self._result)

    def _acquire(self) -> bool:
        self._lock.release()
        return self._lock.acquire()

    def _follow(self, patience_s: float) -> bool:
        """Report the standing driver's outcomes; return True once it has ended and this command holds the lock."""
        log = self._studio.log
        if self._seen is None:
            self._say(
                f"another process is rendering already (process {self._lock.holder() or 'unknown'}); following it"
            )
            self._seen = log.head().position
            self._ask()
        reports = Query.of(*(kind for kind in EVENTS if kind.traits.by_driver))
        paused = _FollowedPause(self._studio, self._seen, patience_s)
        while True:
            for recorded in log.read(reports, after=self._seen):
                self._seen = recorded.position
                paused.note(recorded.event)
                if not self._asks_again(recorded.event):
                    self._tell(recorded.event)
            if not self._any_due():
                return False
            if self._acquire():
                return True
            paused.refuse_to_wait_longer()
            time.sleep(POLL_S)

    def _ask(self) -> None:
        """Request the renders that the standing driver would not make by itself."""
        if self._retry:
            ask(self._studio, self._records)
        if self._below:
            ask_for(self._studio, self._below)

    def _asks_again(self, event: Event) -> bool:
        """Request a job again whose failure is recorded after the request, since it may have failed before the request.

        A person who reads ``failed`` in the driver's output may repair the cause before the driver records the failure.
        """
        if not (self._retry and isinstance(event, RenderFailed) and self._concerns(event.record)):
            return False
        if event.key in self._asked_again:
            return False
        self._asked_again.add(event.key)
        ask(self._studio, [event.record])
        return True

    def _any_due(self) -> bool:
        """True while a render of this request is due."""
        if self._named is None:
            return bool([row for row in self._studio.asked(due_renders.rows, DUE_RENDERS) if row.due])
        return any(self._is_due(record) for record in self._named)

    def _is_due(self, record: str) -> bool:
        need = RenderNeed(read_record(self._studio, record).state)
        return bool(due_at(need, record, self._below))

    def _tell(self, event: Event) -> None:
        if isinstance(event, Rendered) and self._concerns(event.record):
            report = event.report
            self._result.rendered.append(event)
            self._observe(Progress("done", report.kind, report.subject, 1.0, float(report.seconds)))
        if isinstance(event, RenderFailed) and self._concerns(event.record):
            self._result.failed.append(event)
            self._observe(Progress("failed", event.job, event.subject, failure=event.failure, reason=event.reason))


class _FollowedPause:
    """The pause of the standing driver, by the events that it records."""

    def __init__(self, studio: Studio, upto: int, patience_s: float) -> None:
        self._patience_s = patience_s
        self._outage: Outage | None = None
        for last in studio.log.last(Query.of(EnginePaused, EngineResumed), 1, upto=upto):
            self.note(last.event)

    def note(self, event: Event) -> None:
        """Update the outage from an event of the engine."""
        if isinstance(event, EnginePaused):
            self._outage, self._since = Outage(event.cause, "`takesheet up` is waiting and continues by itself"), _now()
        elif not isinstance(event, RenderFailed):
            self._outage = None

    def refuse_to_wait_longer(self) -> None:
        """Raise ``Unavailable`` if the driver has been paused for longer than the limit."""
        if self._outage is not None and _now() - self._since > self._patience_s:
            raise Unavailable(self._outage, self._patience_s)


_now = time.monotonic


def ask(studio: Studio, records: Sequence[str]) -> None:
    """Request, through the log, that the standing driver retries the failures of *records*."""
    failed = [record for record in records if read_record(studio, record).state.failures]

    def decision(_: History, __: Role) -> tuple[None, Sequence[Event]]:
        return None, [RenderAsked(record=record) for record in failed]

    if failed:
        studio.decide(Query.of(RenderAsked), decision, deed="render")


def ask_for(studio: Studio, target: str) -> None:
    """Request, through the log, the mix or master at *target* from the standing driver if it is not kept up to date."""
    address = parse_address(target)
    if address.revision is None:
        return
    record = address.path[0]

    def decision(_: History, __: Role) -> tuple[None, Sequence[Event]]:
        state = read_record(studio, record).state
        asked = due_at(RenderNeed(state), record, target) and not is_wanted(state, target)
        return None, [RenderAsked(record=record, target=target, named=True)] if asked else []

    studio.decide(production_query(record), decision, deed="render")


def ask_again(studio: Studio, target: str, why: str) -> None:
    """Request that *target* is rendered again, which gives a new output to listen to.

    Raises:
        NotFound: ``render.again``; *target* was never rendered.
    """
    address = addresses.find(studio, target, "part", "mix", "master")
    record = address.path[0]

    def decision(_: History, __: Role) -> tuple[None, Sequence[Event]]:
        plans = plans_of(read_record(studio, record), "/".join(address.path), address.revision)
        if not plans:
            raise NotFound("render.again", f"{address} was never rendered", next=f"takesheet render {address}")
        return None, [RenderAsked(record=record, target=str(address), plans=plans)]

    studio.decide(production_query(record), decision, deed="render", why=why)


def plans_of(read: RecordReading, path: str, revision: tuple[str, int] | None) -> tuple[str, ...]:
    """Return the rendered plans of which a part's comp, a mix or a master consists now."""
    state = read.state
    if revision is None:
        sound = state.sound(path)
        return (sound.plan,) if sound and sound.report and not sound.submitted else ()
    kind, number = revision
    if kind == "mix":
        prints = own_prints(state, path, number)
        return tuple(
            {r.plan: None for found in state.reports.values() for r in found if r.kind == "mix" and r.outputs == prints}
        )
    master = state.masters.get(path, Masters()).master(path, number)
    return tuple(file.plan for file in master_files(state, master) if file.plan and file.report)
