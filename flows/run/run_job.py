"""One attempt at one job: the observer is notified, and a failure is returned, not raised."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from domain.render.jobs import Kind, Rendered, RenderFailed, Report
from flows.jobs.rendering import JobId, existing_report
from flows.run.failure import class_of, outage_of, reason_of
from flows.run.progress import Progress, RunMonitor, State
from flows.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Interruption:
    """A job interrupted by an outage: it has not failed, nothing is recorded, and it is still due."""

    job: Kind
    subject: str
    cause: Literal["disk", "vault"]
    reason: str


Outcome: TypeAlias = Rendered | RenderFailed | Interruption
"""Result of a job; events among them are recorded by the desk unchanged."""

Log: TypeAlias = "logging.Logger | logging.LoggerAdapter[logging.Logger]"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt; *last* if no retry follows in this run, so that a transient failure is reported, too."""

    ask: JobId
    record: str
    song: str | None
    vault: Vault
    log: Log
    monitor: RunMonitor
    last: bool = True

    def run(self, render: Callable[[], Report]) -> Outcome:
        """Return the job's report from the vault, or the result of *render*."""
        begun = time.monotonic()
        try:
            if report := existing_report(self.vault, self.ask.key):
                state: State = "reused"
            else:
                self.tell("start")
                report, state = render(), "done"
        except Exception as error:  # noqa: BLE001 - any failure of one song is reported, recorded, and stops no other
            return self._failed(error)
        self.tell(state, seconds=time.monotonic() - begun)
        return Rendered(record=self.record, song=self.song, report=report)

    def tell(self, state: State, *, fraction: float = 0.0, seconds: float = 0.0) -> None:
        """Notify the observer of this job's state."""
        self.monitor.tell(Progress(state, self.ask.kind, self.ask.subject, fraction, seconds))

    def going(self, fraction: float) -> None:
        """Notify the observer of the share of the render that is done."""
        self.tell("going", fraction=fraction)

    def _failed(self, error: Exception) -> RenderFailed | Interruption:
        ask, failure, reason = self.ask, class_of(error), reason_of(error)
        if cause := outage_of(error, self.vault):
            self.log.error("%s %s was interrupted (%s): %s", ask.kind, ask.subject, cause, reason)
            return Interruption(ask.kind, ask.subject, cause, reason)
        self.log.error("%s %s failed (%s): %s", ask.kind, ask.subject, failure, reason, exc_info=error)
        if self.last or failure != "transient":
            self.monitor.tell(Progress("failed", ask.kind, ask.subject, failure=failure, reason=reason))
        return RenderFailed(
            record=self.record, song=self.song, job=ask.kind, key=ask.key, subject=ask.subject,
            failure=failure, reason=reason,
        )  # fmt: skip
