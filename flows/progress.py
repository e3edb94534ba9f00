"""What a run tells whoever watches it, while it runs in the watcher's own process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from domain.jobs import Kind

State = Literal["start", "going", "done", "reused", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of one job: it starts, goes on, and is done or has failed; or was answered from the vault at once."""

    state: State
    kind: Kind
    subject: str
    fraction: float = 0.0
    """Of the job, 0 to 1."""
    seconds: float = 0.0
    failure: str = ""
    reason: str = ""


Observer = Callable[[Progress], None]

_observer: ContextVar[Observer | None] = ContextVar("observer", default=None)


def tell(progress: Progress) -> None:
    """Tell whoever watches this run, if anybody does."""
    if observer := _observer.get():
        observer(progress)


@contextmanager
def watched_by(observer: Observer) -> Iterator[None]:
    """Let *observer* be told of all that runs meanwhile, in any thread of the run, one call at a time."""
    turn = Lock()

    def in_turn(progress: Progress) -> None:
        with turn:
            observer(progress)

    token = _observer.set(in_turn)
    try:
        yield
    finally:
        _observer.reset(token)
