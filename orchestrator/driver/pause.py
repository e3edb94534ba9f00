"""The pause of a driver during an outage: growing waits, and the events that record its beginning and end."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from domain.core.event import Event
from domain.core.named_id import named_id
from domain.render.engine import EnginePaused, EngineResumed
from orchestrator.driver.outage import Outage
from orchestrator.log.append_condition import Draft
from orchestrator.log.refusals import StoreBusy, StoreFull, StoreUncertain, StoreUnreachable
from orchestrator.studio import ROBOT, Studio

WAITS_S: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
LONGEST_S: Final = 60.0
ENGINE: Final = "takesheet-engine-1"

Say = Callable[[str], None]


class Pause:
    """A pause from the first failure of an outage to the first success after it.

    Args:
        studio: the store.
        say: callback for a line when the pause begins and when it ends.
        at_once: record the beginning as soon as the log can be written, as the standing driver does.  Otherwise both
            events are recorded at the end, so that a command that gives up leaves no open pause in the log.
    """

    def __init__(self, studio: Studio, say: Say, *, at_once: bool) -> None:
        self._studio, self._say, self._at_once = studio, say, at_once
        self._outage: Outage | None = None
        self._began = 0.0
        self._waits: Iterator[float] = iter(())
        self._unrecorded: list[tuple[Event, datetime]] = []

    @property
    def is_on(self) -> bool:
        """True from the first failure until the first success."""
        return self._outage is not None

    @property
    def seconds(self) -> float:
        """Duration of the pause so far, in seconds; 0 if there is none."""
        return time.monotonic() - self._began if self.is_on else 0.0

    def begin(self, outage: Outage) -> float:
        """Begin or prolong the pause; return the seconds to wait before the next try."""
        if self._outage is None:
            self._began, self._waits = time.monotonic(), _growing()
            self._unrecorded.append((EnginePaused(cause=outage.cause), self._studio.now()))
            self._say(f"paused: {outage}; retrying in {WAITS_S[0]:.0f} s, then less often")
        elif outage.cause != self._outage.cause:
            self._say(f"still paused: {outage}")
        self._outage = outage
        return next(self._waits)

    def record(self) -> None:
        """Record the beginning of the pause, unless it is recorded already or the log cannot be written."""
        if self._at_once:
            try:
                self._append()
            except (StoreBusy, StoreFull, StoreUncertain, StoreUnreachable):
                return  # recorded later, with the time at which it began

    def end(self) -> None:
        """End the pause; when this returns, its beginning and its end are in the log.

        Raises:
            StoreBusy, StoreFull, StoreUncertain, StoreUnreachable: the log cannot be written; the pause goes on.
        """
        if self._outage is None:
            return
        if not any(isinstance(event, EngineResumed) for event, _ in self._unrecorded):
            self._append()
            self._unrecorded.append((EngineResumed(), self._studio.now()))
        self._append()
        self._say(f"rendering continues after {self.seconds:.0f} s")
        self._outage = None

    def _append(self) -> None:
        while self._unrecorded:
            event, at = self._unrecorded[0]
            via = self._studio.who.via
            # The id is derived from the event: if the log does not answer, a repeated append is recognised as the same.
            id_ = named_id(ENGINE, str(self._studio.log.identity), event.kind, at.isoformat(), via)
            draft = Draft(event=event, actor=ROBOT, via=via, id=id_, occurred_at=at,
                          correlation=self._studio.correlation)  # fmt: skip
            self._studio.log.append([draft])
            del self._unrecorded[0]


def _growing() -> Iterator[float]:
    yield from WAITS_S
    while True:
        yield LONGEST_S
