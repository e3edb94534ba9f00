"""Progress of a run for an observer in the same process."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock
from typing import Literal

from domain.render.jobs import Kind

State = Literal["start", "going", "done", "reused", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of one job: started, going on, done or failed, or reused from the vault."""

    state: State
    kind: Kind
    subject: str
    fraction: float = 0.0
    """Share of the job that is done, 0 to 1."""
    seconds: float = 0.0
    failure: str = ""
    reason: str = ""


Observer = Callable[[Progress], None]


class Abandoned(BaseException):
    """Raised in a job when its run is abandoned; like KeyboardInterrupt, no failure of the job."""


class RunMonitor:
    """Passes the progress of a run from any thread to its observer, one call at a time, and can abandon the run.

    A plain class, so that Prefect does not walk through it as it does through dataclasses.

    Args:
        observer: callback for each step of each job.
    """

    def __init__(self, observer: Observer = lambda _: None) -> None:
        self._observer, self._turn, self._over = observer, Lock(), Event()

    def tell(self, progress: Progress) -> None:
        """Notify the observer.  Raises: Abandoned."""
        if self._over.is_set():
            raise Abandoned
        with self._turn:
            self._observer(progress)

    def abandon(self) -> None:
        """End every job of the run at its next progress message."""
        self._over.set()
