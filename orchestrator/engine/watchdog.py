"""Runs a command for exactly as long as its parent lives: ``python -I -S watchdog.py COMMAND…``, stdlib alone.

The parent holds the other end of this process's stdin; the command's stdin is a socket to this process.  End of file on
either means that the process at the other end has ended, even if it was killed, without process ids or polling.  When
the parent ends, the command is ended; when the command ends, this process ends; when this process ends, the command
gets the end of its stdin (see ``orchestrator/engine/child_process.py``).
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

GRACE_S = 1.0
"""Seconds between SIGTERM and SIGKILL; the server needs about half of it."""


def main(words: list[str]) -> int:
    """Run the command *words*; return its exit code."""
    ours, theirs = socket.socketpair()
    command = subprocess.Popen(words, stdin=theirs.fileno(), start_new_session=True)  # noqa: S603 - our parent's own words
    theirs.close()
    parent_gone = ours not in select.select([sys.stdin, ours], [], [])[0]
    if parent_gone:
        _end(command, ours)
    # Kill the command's whole session, since the command may have started processes of its own.
    with suppress(ProcessLookupError, PermissionError):  # the group is empty; macOS reports that as EPERM
        os.killpg(command.pid, signal.SIGKILL)
    return command.wait()


def _end(command: "subprocess.Popen[bytes]", ours: socket.socket) -> None:
    command.terminate()
    until = time.monotonic() + GRACE_S
    while (left := until - time.monotonic()) > 0 and not select.select([ours], [], [], left)[0]:
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
