"""Proof, by the kernel, that a process is one of ours.

A process id proves nothing: the system reuses ids, and a file that names one can be forged.  A process is ours if the
kernel says that it runs under our user, began when its record says, and has, in the environment it was started with,
the secret that its record names.
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
"""Environment variable that holds a process's secret."""
LARGEST_PID: Final = 1 << 31


def start_of(pid: int) -> str:
    """Return the start time of process *pid*: clock ticks since boot on Linux, else seconds since 1970.

    Raises:
        OSError: there is no such process.
    """
    if sys.platform == "linux":
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return words.rpartition(")")[2].split()[19]  # field 22 of proc(5); the second field may contain spaces
    import psutil

    try:
        return f"{psutil.Process(pid).create_time():.2f}"
    except psutil.Error:
        raise ProcessLookupError(pid) from None


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """Identity of a process as a file records it; the record alone proves nothing."""

    pid: int
    start: str
    """Start time, see :func:`start_of`."""
    token: str
    """The secret in the process's environment."""

    def is_proved(self) -> bool:
        """True if the kernel says that this process lives and is ours."""
        return self._proved() is not None

    def used_s(self) -> float:
        """Return the processor time it has used, in seconds; 0 if it is not proved to be ours."""
        import psutil

        with suppress(psutil.Error):
            if process := self._proved():
                times = process.cpu_times()
                return float(times.user + times.system)
        return 0.0

    def kill(self) -> None:
        """Kill the process if it is proved to be ours."""
        import psutil

        with suppress(psutil.Error):
            if process := self._proved():
                process.kill()  # psutil checks again that the id means this process

    def _proved(self) -> "psutil.Process | None":
        import psutil

        if not 1 < self.pid < LARGEST_PID or not self.token:
            return None
        with suppress(psutil.Error, OSError):  # gone in the meantime, or another user's
            process = psutil.Process(self.pid)
            if (
                process.uids().real == os.getuid()
                and start_of(self.pid) == self.start
                and process.environ().get(TOKEN) == self.token
            ):
                return process
        return None


def record_in(facts: Mapping[str, object]) -> ProcessRecord:
    """Return the record that *facts* hold; if they hold none, a record that is never proved."""
    pid = facts.get("pid")
    number = pid if isinstance(pid, int) else 0
    return ProcessRecord(number, str(facts.get("start", "")), str(facts.get("token", "")))
