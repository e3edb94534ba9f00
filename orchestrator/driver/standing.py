"""The standing driver, `takesheet up`: it follows the log, renders what is owed, and keeps the nightly's hour."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from domain.event import Event, tags_of
from domain.jobs import RenderAsked, Rendered, RenderFailed
from domain.refusal import Refused
from flows.progress import Observer
from flows.vault import VaultFault
from orchestrator.desk.waiting import records
from orchestrator.driver.driver import Driver
from orchestrator.driver.lock import DriverLock
from orchestrator.engine.embedded import EngineFault
from orchestrator.engine.server import ServerFault
from orchestrator.studio import Studio

POLL_S = 0.25
AGAIN_S = 60.0
"""How long a failure that may pass by itself is left alone before it is begun again."""
PAUSE_S = 10.0
"""After a fault of the engine, before the next try."""


def stand(studio: Studio, *, observe: Observer, say: Callable[[str], None]) -> None:
    """Drive until interrupted or terminated.

    Raises:
        Refused: ``driver.held``; another process drives this store.
    """
    lock = DriverLock(studio.config.folder, studio.config.log)
    if not lock.acquire():
        raise Refused("driver.held", f"process {lock.holder() or 'unknown'} drives this store already")
    driver = Driver(studio, observe=observe, say=say)
    try:
        with _terminated_as_interrupted():
            _follow(studio, driver, say)
    except KeyboardInterrupt:
        say("stopping")
    finally:
        driver.stop()
        lock.release()


def _follow(studio: Studio, driver: Driver, say: Callable[[str], None]) -> None:
    from orchestrator.engine.nights import Nights

    hour, minute = studio.config.hour
    with Nights(driver.engine.api, studio.config.folder, hour, minute, studio.config.timezone) as nights:
        say(f"up · nightly at {studio.config.nightly} ({studio.config.timezone}) · {driver.engine.api_url}")
        stirred, seen = set(records(studio)), studio.log.head().position
        failed: set[str] = set()
        next_try = time.monotonic() + AGAIN_S
        while True:
            if stirred:
                failed |= _bring(driver, stirred, say)
            if failed and time.monotonic() > next_try:
                driver.forgive()
                stirred, failed, next_try = failed, set(), time.monotonic() + AGAIN_S
                continue
            stirred = set()
            while not stirred and not (failed and time.monotonic() > next_try):
                time.sleep(POLL_S)
                nights.tend(driver.engine.api)  # the server may have been killed, and be another one now
                stirred, seen = _stirred(studio, driver, seen)


def _bring(driver: Driver, stirred: set[str], say: Callable[[str], None]) -> set[str]:
    """Bring records up to date; those in which something failed."""
    try:
        came = driver.bring(sorted(stirred))
    except (EngineFault, ServerFault, VaultFault, OSError) as fault:
        say(f"the engine stumbled: {fault}; once more in {PAUSE_S:.0f} s")
        time.sleep(PAUSE_S)
        return set(stirred)
    return {one.record for one in came.failed}


def _stirred(studio: Studio, driver: Driver, seen: int) -> tuple[set[str], int]:
    """The records that people decided something about since *seen*, and how far the log was read."""
    found: set[str] = set()
    for recorded in studio.log.read_all(after=seen):
        seen = recorded.position
        event = recorded.event
        if isinstance(event, RenderAsked):
            driver.forgive()
            found |= {event.record} if event.record else set(records(studio))
        elif not isinstance(event, Rendered | RenderFailed):
            found |= _records_of(event)
    return found, seen


def _records_of(event: Event) -> set[str]:
    return {tag.partition(":")[2] for tag in tags_of(event) if tag.startswith("record:")}


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM ends the driver as Ctrl-C does."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    old = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, old)
