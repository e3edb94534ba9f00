"""Progress of a run for an observer in the same process."""

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
    """The run is being abandoned; like KeyboardInterrupt, no failure of the job."""


@dataclass(frozen=True, slots=True)
class _Watch:
    observer: Observer
    turn: Lock = field(default_factory=Lock)
    over: Event = field(default_factory=Event)


_watch: ContextVar[_Watch | None] = ContextVar("watch", default=None)


def tell(progress: Progress) -> None:
    """Notify the observer of this run, if there is one.  Raises: Abandoned."""
    if watch := _watch.get():
        if watch.over.is_set():
            raise Abandoned
        with watch.turn:
            watch.observer(progress)


def abandon() -> None:
    """End every job of this run at its next progress message."""
    if watch := _watch.get():
        watch.over.set()


@contextmanager
def watched_by(observer: Observer) -> Iterator[None]:
    """Notify *observer* of all progress within the context, in any thread of the run, one call at a time."""
    token = _watch.set(_Watch(observer))
    try:
        yield
    finally:
        _watch.reset(token)
