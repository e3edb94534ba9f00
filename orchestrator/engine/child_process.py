"""Child processes that end with this process, and the pipe ("lifeline") by which a child detects its parent's end.

``orchestrator/engine/watchdog.py`` runs between parent and child, with a pipe to the parent and a socket to the child.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from orchestrator.engine import watchdog


def start_child(
    module: str, arguments: Sequence[str], *, env: Mapping[str, str], folder: Path, out: IO[bytes], umask: int = -1
) -> "subprocess.Popen[bytes]":
    """Run a module of ours until :func:`end_child` is called or this process ends.

    The module must call :func:`watch_parent`.

    Args:
        module: its dotted name.
        arguments: its command-line arguments.
        env: its whole environment.
        folder: its working folder.
        out: file for its standard output and error.
        umask: its umask; inherited if negative.
    """
    python = [sys.executable, "-P", "-m", module, *arguments]
    command = [sys.executable, "-I", "-S", str(Path(watchdog.__file__)), *python]
    # A session of its own: the terminal's Ctrl-C reaches this process alone, which then ends the others in order.
    return subprocess.Popen(  # noqa: S603 - our own modules
        command,
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=out,
        env=dict(env),
        cwd=folder,
        start_new_session=True,
        umask=umask,
    )


def end_child(process: "subprocess.Popen[bytes]") -> None:
    """End a process of :func:`start_child`, and return when it has ended."""
    assert process.stdin is not None, "the lifeline is a pipe"
    process.stdin.close()
    try:
        process.wait(timeout=10 * watchdog.GRACE_S)
    except subprocess.TimeoutExpired:  # the watchdog was stopped; at its death the child ends by itself
        process.kill()
        process.wait()


def watch_parent() -> None:
    """Kill this process group when stdin ends, which means that the parent has ended."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
