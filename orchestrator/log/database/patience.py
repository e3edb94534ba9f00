"""Waiting for another writer: the wait is reported after five seconds and given up after sixty."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from orchestrator.log.refusals import StoreBusy

SAY_S: Final = 5.0
END_S: Final = 60.0
"""Seconds; an append takes milliseconds, so a process that holds the store this long was stopped or hangs."""


class Patience:
    """Clock of one writer's wait.

    Args:
        place: the store, for messages.
        holder: names the process that holds the store; called only for a message.
        waited_s: time already waited, in seconds.
    """

    __slots__ = ("_began", "_holder", "_is_said", "_place")

    def __init__(self, place: str, holder: Callable[[], str], *, waited_s: float = 0.0) -> None:
        self._place, self._holder = place, holder
        self._began, self._is_said = time.monotonic() - waited_s, False

    @property
    def next_s(self) -> float:
        """Seconds to wait before the next call of :meth:`go_on`."""
        due = END_S if self._is_said else SAY_S
        return max(0.0, self._began + due - time.monotonic())

    def go_on(self) -> None:
        """Write a line to stderr after ``SAY_S`` seconds of waiting; refuse after ``END_S`` seconds.

        Raises:
            StoreBusy: the wait lasted ``END_S`` seconds; nothing was recorded.
        """
        waited = time.monotonic() - self._began
        if waited >= END_S:
            raise StoreBusy(self._place, self._holder(), waited)
        if waited >= SAY_S and not self._is_said:
            self._is_said = True
            end = f"giving up after {END_S:.0f} s"
            line = f"waiting for {self._holder()}: it has kept {self._place} for {waited:.0f} s; {end}"
            sys.stderr.write("".join(letter if letter.isprintable() else "?" for letter in line) + "\n")


def take_turn(lock: Lock, place: str) -> None:
    """Take the turn among the threads of this process.  Raises: StoreBusy; another thread kept it for ``END_S``."""
    if not lock.acquire(blocking=False) and not lock.acquire(timeout=END_S):
        raise StoreBusy(place, "another thread of this program", END_S)


@contextmanager
def turn_of(lock: Lock, place: str) -> Iterator[None]:
    """Context of a turn among the threads of this process, as :func:`take_turn`."""
    take_turn(lock, place)
    try:
        yield
    finally:
        lock.release()
