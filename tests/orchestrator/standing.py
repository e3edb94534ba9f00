"""`takesheet up` as a separate process, with its lines of output and its end."""

import re
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.orchestrator.label import Label

PATIENCE_S = 150.0


class Up:
    """A standing driver of *label*."""

    def __init__(self, label: Label, env: Mapping[str, str] | None = None) -> None:
        self._process = label.begin("up", env=env)
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line.rstrip("\n"))

    @property
    def said(self) -> str:
        return "\n".join(self._lines)

    @property
    def pid(self) -> int:
        return self._process.pid

    def says(self, pattern: str, *, times: int = 1, patience_s: float = PATIENCE_S) -> None:
        """Wait until *times* lines match *pattern*."""
        until = time.monotonic() + patience_s
        while sum(bool(re.search(pattern, line)) for line in list(self._lines)) < times:
            assert self._process.poll() is None, f"it ended with {self._process.returncode}: {self.said}"
            assert time.monotonic() < until, f"it never said {pattern!r}: {self.said}"
            time.sleep(0.1)

    def end(self) -> int:
        """Terminate the driver; return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(timeout=60)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._reader.join(timeout=5)


@contextmanager
def standing(label: Label, env: Mapping[str, str] | None = None) -> Iterator[Up]:
    """A standing driver that is ready; at the end of the block it must exit with code 0."""
    up = Up(label, env)
    try:
        up.says(r"^up · nightly")
        yield up
    finally:
        code = up.end()
    assert code == 0, (code, up.said)
