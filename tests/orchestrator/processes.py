"""Running processes, selected by a word in their command line, such as a test's own folder."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


def living(mark: str) -> list[int]:
    """Ids of the processes with *mark* in their command line, without this one; a zombie has no command line."""
    if Path("/proc/self/cmdline").exists():
        found = {int(entry.parent.name): _words(entry) for entry in Path("/proc").glob("[0-9]*/cmdline")}
    else:
        listed = subprocess.run(["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=True).stdout
        found = {int(line.split()[0]): line for line in listed.splitlines()}
    return sorted(pid for pid, words in found.items() if mark in words and pid != os.getpid())


def _words(entry: Path) -> str:
    try:
        return entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:  # the process ended meanwhile
        return ""


def left_after(mark: str, seconds: float) -> list[int]:
    """Ids of the processes that still live after *seconds*; returns as soon as there are none."""
    until = time.monotonic() + seconds
    while (left := living(mark)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def kill(*pids: int) -> None:
    """Kill each process with SIGKILL; those that have ended are passed over."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """True if there is a process of this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
