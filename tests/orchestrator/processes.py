"""Which processes live, told by a word in their command line, such as a folder of this test alone."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


def living(mark: str) -> list[int]:
    """Processes with *mark* in their command line, this one aside; a zombie has none and does not count."""
    if Path("/proc/self/cmdline").exists():
        found = {int(entry.parent.name): _words(entry) for entry in Path("/proc").glob("[0-9]*/cmdline")}
    else:
        listed = subprocess.run(["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=True).stdout
        found = {int(line.split()[0]): line for line in listed.splitlines()}
    return sorted(pid for pid, words in found.items() if mark in words and pid != os.getpid())


def _words(entry: Path) -> str:
    try:
        return entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:  # gone meanwhile
        return ""


def left_after(mark: str, seconds: float) -> list[int]:
    """The processes that still live when *seconds* have passed; returns as soon as there are none."""
    until = time.monotonic() + seconds
    while (left := living(mark)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def kill(*pids: int) -> None:
    """All at once, without a word."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
