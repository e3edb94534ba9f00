"""Proof, by the kernel, that a process is one of ours.

A process number proves nothing: it is given anew, and a file that names one can be forged.  A process is ours if the
kernel says that it runs under our user, began when its own record says, and holds, in the environment it was started
with, the secret that its record names.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import psutil

TOKEN: Final = "TAKESHEET_PREFECT_TOKEN"  # noqa: S105 - a variable's name
"""The variable of the environment that holds a process's secret."""
LARGEST_PID: Final = 1 << 31


def start_of(pid: int) -> str:
    """When process *pid* began, as this system tells it: clock ticks since boot on Linux, else seconds since 1970.

    Raises:
        OSError: there is no such process.
    """
    if sys.platform == "linux":
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return words.rpartition(")")[2].split()[19]  # field 22 of proc(5); the second one may hold spaces
    import psutil

    try:
        return f"{psutil.Process(pid).create_time():.2f}"
    except psutil.Error:
        raise ProcessLookupError(pid) from None


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process as its own record names it; a record proves nothing by itself."""

    pid: int
    start: str
    """See :func:`start_of`."""
    token: str
    """The secret in its environment."""

    def is_proved(self) -> bool:
        """True if the kernel says that this process lives and is ours."""
        return self._proved() is not None

    def used_s(self) -> float:
        """Seconds of processor time it used so far; 0 where it is not proved to be ours."""
        import psutil

        with suppress(psutil.Error):
            if process := self._proved():
                times = process.cpu_times()
                return float(times.user + times.system)
        return 0.0

    def kill(self) -> None:
        """End it, at once, if it is proved to be ours."""
        import psutil

        with suppress(psutil.Error):
            if process := self._proved():
                process.kill()  # asks once more whether the number still means the same process

    def _proved(self) -> "psutil.Process | None":
        import psutil

        if not 1 < self.pid < LARGEST_PID or not self.token:
            return None
        with suppress(psutil.Error, OSError):  # gone meanwhile, or of another user
            process = psutil.Process(self.pid)
            if (
                process.uids().real == os.getuid()
                and start_of(self.pid) == self.start
                and process.environ().get(TOKEN) == self.token
            ):
                return process
        return None


def record_in(facts: Mapping[str, object]) -> ProcessRecord:
    """The record that *facts* hold; one that is never proved where they hold none."""
    pid = facts.get("pid")
    number = pid if isinstance(pid, int) else 0
    return ProcessRecord(number, str(facts.get("start", "")), str(facts.get("token", "")))
