"""A process of ours that never outlives us: both ends of the line by which it hangs.

Between the two stands ``orchestrator/engine/watchdog.py``, which holds one line to its parent and one to its child.
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
    """Run a module of ours, which must hold its lifeline, for as long as this process lives and :func:`let_go` waits.

    Args:
        module: its dotted name.
        arguments: its own.
        env: its whole environment.
        folder: where it works.
        out: where its words go.
        umask: what the files it makes are not permitted; this process's own where negative.
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
    """End a process of :func:`watched`, and return when it is gone."""
    assert process.stdin is not None, "the lifeline is a pipe"
    process.stdin.close()
    try:
        process.wait(timeout=10 * watchdog.GRACE_S)
    except subprocess.TimeoutExpired:  # the watcher was stopped; at its death the child ends by itself
        process.kill()
        process.wait()


def watch_parent() -> None:
    """End this process group when stdin ends: nobody who wants us lives."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
