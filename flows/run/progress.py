"""What a run tells whoever watches it, while it runs in the watcher's own process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Literal

from domain.render.jobs import Kind

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


class Abandoned(BaseException):
    """The run is being ended, and nobody waits for this job; as KeyboardInterrupt, no failure of the job."""


@dataclass(frozen=True, slots=True)
class _Watch:
    observer: Observer
    turn: Lock = field(default_factory=Lock)
    over: Event = field(default_factory=Event)


_watch: ContextVar[_Watch | None] = ContextVar("watch", default=None)


def tell(progress: Progress) -> None:
    """Tell whoever watches this run, if anybody does.  Raises: Abandoned."""
    if watch := _watch.get():
        if watch.over.is_set():
            raise Abandoned
        with watch.turn:
            watch.observer(progress)


def abandon() -> None:
    """Let every job of this run end at the next thing it has to tell."""
    if watch := _watch.get():
        watch.over.set()


@contextmanager
def watched_by(observer: Observer) -> Iterator[None]:
    """Let *observer* be told of all that runs meanwhile, in any thread of the run, one call at a time."""
    token = _watch.set(_Watch(observer))
    try:
        yield
    finally:
        _watch.reset(token)
