"""The log of long runs: one JSON object a line, for programs and for the investigation of failed nights.

``up`` and ``nightly`` write it to ``engine.jsonl`` in the store's folder; it is no part of the log of decisions.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from typing_extensions import override

from domain.core.ids import IdParts
from domain.core.refusal import Refusal
from domain.render.jobs import Rendered, RenderFailed
from flows.run.progress import Observer, Progress
from flows.vault.permissions import open_owned

FILE: Final = "engine.jsonl"
LARGEST_BYTES: Final = 4 << 20
FILES: Final = 3
"""Full files that are kept beside the current one."""
LOG: Final = logging.getLogger("takesheet.engine")


class JsonLines(logging.Formatter):
    """Formats a record of the logging module as one line of JSON: time, level, message and the given fields."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        return json.dumps(said | getattr(record, "fields", {}), ensure_ascii=False)


class RunLogFile(RotatingFileHandler):
    """Logging handler for a file of the store that is no link; a write error does not end the run."""

    @override
    def _open(self) -> TextIOWrapper:
        descriptor = open_owned(Path(self.baseFilename), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Drop the line; the disk may be full, and all decisions are in the log of decisions."""


@contextmanager
def run_log(folder: Path) -> Iterator[None]:
    """Context in which ``LOG`` writes to the store in *folder*, or nowhere if that folder cannot be written."""
    handler: logging.Handler = logging.NullHandler()
    with suppress(OSError, Refusal):
        handler = RunLogFile(folder / FILE, maxBytes=LARGEST_BYTES, backupCount=FILES, encoding="utf-8")
    handler.setFormatter(JsonLines())
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        handler.close()


def logged_progress(observe: Observer) -> Observer:
    """Return an observer that also writes each step of a job, except its progress, to the run's log."""

    def log_and_observe(progress: Progress) -> None:
        if progress.state != "going":
            place = IdParts.of(progress.subject)
            level = logging.ERROR if progress.state == "failed" else logging.INFO
            fields = {"kind": progress.kind, "address": progress.subject, "record": place.record, "song": place.song}
            if progress.state == "failed":
                fields |= {"failure": progress.failure, "reason": progress.reason}
            LOG.log(level, progress.state, extra={"fields": fields})
        observe(progress)

    return log_and_observe


def logged_lines(say: Callable[[str], None]) -> Callable[[str], None]:
    """Return a callback that also writes each line to the run's log."""

    def log_and_say(line: str) -> None:
        LOG.info("%s", line)
        say(line)

    return log_and_say


def log_outcome(event: Rendered | RenderFailed) -> None:
    """Write the outcome of a job, with its key, to the run's log."""
    fields: dict[str, object] = {"record": event.record, "song": event.song}
    if isinstance(event, Rendered):
        report = event.report
        fields |= {"kind": report.kind, "address": report.subject, "key": report.key, "seconds": report.seconds}
        LOG.info("recorded", extra={"fields": fields})
    else:
        fields |= {"kind": event.job, "address": event.subject, "key": event.key, "failure": event.failure}
        LOG.error("recorded as failed", extra={"fields": fields | {"reason": event.reason}})
