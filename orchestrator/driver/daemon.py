"""The standing driver, `takesheet up`: follows the log, renders what is due, and serves the nightly schedule.

An outage pauses the driver; a signal, a damaged store or a bug ends it.
"""

import signal
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from domain.core.event import Event, tags_of
from domain.core.refusal import Refusal, Refused
from domain.render.jobs import RenderAsked
from flows.run.progress import Observer
from orchestrator.desk.review.review_rows import records
from orchestrator.driver.driver import Driver
from orchestrator.driver.outage import outage_behind
from orchestrator.driver.pause import Pause
from orchestrator.driver.record_selection import select_records
from orchestrator.readmodels.models import MODELS
from orchestrator.store.driver_lock import DriverLock, LockLost
from orchestrator.studio import Studio

if TYPE_CHECKING:
    from orchestrator.engine.nightly_schedule import NightlySchedule

POLL_S = 0.25
AGAIN_S = 60.0
"""Seconds before records with failed jobs are retried, since a failure may pass by itself."""
WATCH_S = 5.0
"""Seconds between two checks of an idle driver that it still holds its lock."""
STAND_BY_S = 2.0
"""Seconds between two attempts to acquire the lock while another driver holds it."""

Say = Callable[[str], None]


def run_daemon(studio: Studio, *, observe: Observer, say: Say) -> None:
    """Drive until interrupted or terminated.

    Raises:
        Refused: ``driver.held``; another process drives this store.
        StoreMoved: the log was moved elsewhere.
    """
    studio.log.refuse_moved()
    lock = DriverLock(studio.config.folder, studio.config.log)
    if not lock.acquire():
        raise Refused("driver.held", f"process {lock.holder() or 'unknown'} drives this store already")
    try:
        with ExitStack() as running:
            try:
                with EndSignals() as signals:
                    Daemon(studio, lock, running, signals, observe=observe, say=say).run()
            except KeyboardInterrupt:
                say("stopping")
    finally:
        lock.release()


class EndSignals:
    """Context manager for the main thread that turns SIGINT and SIGTERM into ``KeyboardInterrupt``, and remembers them.

    Python drops an exception that is raised in a callback from C code, such as that of a weak reference; then the next
    :meth:`check` raises it again.
    """

    def __init__(self) -> None:
        self._arrived = False
        self._old: dict[signal.Signals, Any] = {}

    def check(self) -> None:
        """Raise ``KeyboardInterrupt`` if a signal has arrived."""
        if self._arrived:
            raise KeyboardInterrupt

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:  # a background job of a shell script ignores Ctrl-C
                self._old[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, old in self._old.items():
            signal.signal(number, old)

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        self._arrived = True
        raise KeyboardInterrupt


class Daemon:
    """Follows the log and renders what is due until interrupted.

    Args:
        studio: the store.
        lock: the driver's lock, acquired by the caller.
        running: exit stack for processes and contexts that are started here.
        signals: checked between any two steps.
        observe: callback for the progress of every job.
        say: callback for one-line messages about the engine.
    """

    def __init__(
        self, studio: Studio, lock: DriverLock, running: ExitStack, signals: EndSignals, *, observe: Observer, say: Say
    ) -> None:
        self._studio, self._lock, self._running, self._signals, self._say = studio, lock, running, signals, say
        self._pause = Pause(studio, say, at_once=True)
        self._driver = Driver(studio, lock, observe=observe, say=say, succeeded=self._job_succeeded)
        self._nights: NightlySchedule | None = None
        self._due: set[str] = set()
        self._unread = True
        """True until the records with anything due were looked up."""
        self._seen = studio.log.head().position
        self._failed: set[str] = set()
        self._next_try = time.monotonic() + AGAIN_S
        running.callback(self._driver.stop)

    def run(self) -> None:
        """Drive until interrupted; outages only pause it.

        Raises:
            StoreDamaged, StoreMoved, StoreNewer: a person must repair the store.
            Exception: any other error that is no outage, such as a bug.
        """
        while True:
            try:
                self._drive()
            except LockLost:
                self._say("the driver's lock was lost; asking for it again")
                self._rest(POLL_S)
            except Exception as error:
                outage = outage_behind(error, self._studio.config)
                if outage is None:
                    raise
                self._wait(self._pause.begin(outage))

    def _drive(self) -> None:
        """Render what is due, then follow the log and render what becomes due; never returns."""
        self._hold_lock()
        if self._pause.is_on:
            self._driver.vault.reconnect()
        self._keep_schedule()
        while True:
            self._render_due()
            self._pause.end()
            self._idle()

    def _rest(self, seconds: float) -> None:
        self._signals.check()
        time.sleep(seconds)

    def _job_succeeded(self) -> None:
        self._signals.check()  # what was rendered is in the vault, where the next driver finds it
        self._pause.end()

    def _hold_lock(self) -> None:
        if self._lock.is_held:
            return
        self._lock.release()
        if self._lock.acquire():
            return
        self._say("another driver has taken over; standing by")
        while not self._lock.acquire():
            self._rest(STAND_BY_S)
        self._unread = True
        self._say("the other driver is gone; driving again")

    def _keep_schedule(self) -> None:
        """Start the nightly's schedule, or move it to a new server's API if Prefect's server was restarted."""
        from orchestrator.engine.nightly_schedule import NightlySchedule

        api, config = self._driver.engine.api, self._studio.config
        if self._nights is not None:
            self._nights.keep_running(api)
            return
        self._nights = self._running.enter_context(NightlySchedule(api, config.folder, *config.hour, config.timezone))
        self._say(f"up · nightly at {config.nightly} ({config.timezone}) · {self._driver.engine.api_url}")

    def _render_due(self) -> None:
        if self._unread:
            self._due |= set(select_records(self._studio, retry=False))
            self._unread = False
        due = sorted(self._due)
        if due:
            result = self._driver.render_due(due)
            self._due -= set(due)
            self._failed |= {one.record for one in result.failed}

    def _idle(self) -> None:
        """Follow the log, check the lock and retry failures; return when a record is due."""
        next_watch = time.monotonic() + WATCH_S
        while not self._due:
            self._rest(POLL_S)
            self._keep_schedule()
            before = self._seen
            self._follow_log()
            if self._seen > before and not self._due:
                self._move_models()
            if time.monotonic() > next_watch:
                self._lock.check()
                next_watch = time.monotonic() + WATCH_S
            if self._failed and time.monotonic() > self._next_try:
                self._driver.forget_failures()
                self._due |= self._failed
                self._failed, self._next_try = set(), time.monotonic() + AGAIN_S

    def _move_models(self) -> None:
        """Bring the read models to the log's head, so that the next reader finds them there."""
        with suppress(Refusal):  # whoever reads a model says what is wrong with it
            self._studio.models.catch_up(*MODELS)

    def _wait(self, seconds: float) -> None:
        """Wait *seconds* before the next try; return early if a new event requests renders."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                self._pause.record()
                if self._follow_log():
                    return
            except Exception as error:
                if outage_behind(error, self._studio.config) is None:
                    raise
            self._rest(POLL_S)

    def _follow_log(self) -> bool:
        """Note the records that new events concern; return True if one of the events requests renders."""
        asked = False
        for recorded in self._studio.log.read_all(after=self._seen):
            event = recorded.event
            if isinstance(event, RenderAsked):
                asked = True
                self._driver.forget_failures()
                self._due |= {event.record} if event.record else set(records(self._studio))  # of 0.1.0: every failure
            elif not event.traits.by_driver:
                self._due |= _records_of(event)
            self._seen = recorded.position
        return asked


def _records_of(event: Event) -> set[str]:
    return {tag.partition(":")[2] for tag in tags_of(event) if tag.startswith("record:")}
