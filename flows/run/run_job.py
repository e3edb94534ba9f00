"""One attempt at one job: whoever watches is told, and a failure is an answer, not an exception."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from domain.render.jobs import Kind, Rendered, RenderFailed, Report
from flows.jobs.rendering import JobId, standing
from flows.run.failure import class_of, outage_of, reason_of
from flows.run.progress import Progress, State, tell
from flows.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Interruption:
    """A job that an outage interrupted: it did not fail, nothing is recorded of it, and it is still owed."""

    job: Kind
    subject: str
    cause: Literal["disk", "vault"]
    reason: str


Outcome: TypeAlias = Rendered | RenderFailed | Interruption
"""What a job comes to; the desk records what is an event as it is."""

Log: TypeAlias = "logging.Logger | logging.LoggerAdapter[logging.Logger]"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try; *last* when no other will follow in this run, so that a passing failure is told, too."""

    ask: JobId
    record: str
    song: str | None
    vault: Vault
    log: Log
    last: bool = True

    def run(self, render: Callable[[], Report]) -> Outcome:
        """Answer the job from the vault, or with what *render* gives."""
        begun = time.monotonic()
        try:
            if report := standing(self.vault, self.ask.key):
                state: State = "reused"
            else:
                self.tell("start")
                report, state = render(), "done"
        except Exception as error:  # noqa: BLE001 - any failure of one song is told, recorded, and stops no other
            return self._failed(error)
        self.tell(state, seconds=time.monotonic() - begun)
        return Rendered(record=self.record, song=self.song, report=report)

    def tell(self, state: State, *, fraction: float = 0.0, seconds: float = 0.0) -> None:
        """Tell whoever watches how this job does."""
        tell(Progress(state, self.ask.kind, self.ask.subject, fraction, seconds))

    def going(self, fraction: float) -> None:
        """Tell how much of the render is done."""
        self.tell("going", fraction=fraction)

    def _failed(self, error: Exception) -> RenderFailed | Interruption:
        ask, failure, reason = self.ask, class_of(error), reason_of(error)
        if cause := outage_of(error, self.vault):
            self.log.error("%s %s was interrupted (%s): %s", ask.kind, ask.subject, cause, reason)
            return Interruption(ask.kind, ask.subject, cause, reason)
        self.log.error("%s %s failed (%s): %s", ask.kind, ask.subject, failure, reason, exc_info=error)
        if self.last or failure != "transient":
            tell(Progress("failed", ask.kind, ask.subject, failure=failure, reason=reason))
        return RenderFailed(
            record=self.record, song=self.song, job=ask.kind, key=ask.key, subject=ask.subject,
            failure=failure, reason=reason,
        )  # fmt: skip
