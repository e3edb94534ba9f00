"""Progress of jobs on stderr: bars on a terminal, one line a job elsewhere."""

import sys
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from orchestrator.cli.printing.styles import is_coloured
from orchestrator.cli.printing.table import safe
from orchestrator.cli.shell.frame import Call

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from flows.run.progress import Progress
    from orchestrator.studio import Studio


class Bars:
    """Shows jobs as they run.

    Args:
        call: the command; plain or JSON output gets lines.
        lines: print lines even on a terminal.
    """

    def __init__(self, call: Call, *, lines: bool = False) -> None:
        self._call, self._lock = call, Lock()
        coloured = is_coloured(sys.stderr, plain=lines or call.plain or call.json)
        self._bars = _bars() if coloured and sys.stderr.isatty() else None
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def __enter__(self) -> Self:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the bars."""
        if self._bars:
            self._bars.stop()
            self._bars = None

    def say(self, line: str) -> None:
        """Print one line above the bars."""
        with self._lock:
            if self._bars:
                self._bars.console.print(safe(line), markup=False, highlight=False)
            else:
                self._call.say(line)

    def show(self, progress: "Progress") -> None:
        """Show *progress*, one step of one job."""
        if self._bars is None:
            if progress.state != "going":
                self.say(line_of(progress))
            return
        with self._lock:
            self._move(self._bars, progress)

    def _move(self, bars: "RichProgress", progress: "Progress") -> None:
        name = (progress.kind, progress.subject)
        if name not in self._tasks and progress.state not in {"start", "going"}:
            # Rendered by another process, such as `takesheet up`: a bar would show a wrong time.
            bars.console.print(safe(line_of(progress)), markup=False, highlight=False)
            return
        if name not in self._tasks:
            self._tasks[name] = bars.add_task(safe(f"{progress.kind} {progress.subject}"), total=1.0)
        task = self._tasks[name]
        if progress.state == "failed":
            bars.update(task, description=safe(f"failed {progress.kind} {progress.subject}: {progress.reason}"))
            bars.stop_task(task)
        else:
            ended = progress.state in {"done", "reused"}
            bars.update(task, completed=1.0 if ended else progress.fraction)


def _bars() -> "RichProgress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=30), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def line_of(progress: "Progress") -> str:
    """Return ``start KIND ADDRESS``, ``done KIND ADDRESS SECONDS`` or ``failed KIND ADDRESS CLASS REASON``."""
    words = f"{progress.state} {progress.kind} {progress.subject}"
    if progress.state == "done":
        return f"{words} {progress.seconds:.2f}"
    if progress.state == "failed":
        return f"{words} {progress.failure} {progress.reason}"
    return words


def waiting_lines(studio: "Studio", target: str | None, most: int = 10) -> list[str]:
    """Return lines on items that are ready to judge: mixes and masters by address, the count of takes, the command."""
    from orchestrator.desk.review.review_rows import questions

    found = questions(studio, target)
    named = [item for item in found if item.kind != "take"]
    takes = len(found) - len(named)
    lines = [f"ready to listen to: {item.address} ({item.why})" for item in named[:most]]
    lines += [f"and {len(named) - most} more"] if len(named) > most else []
    lines += [f"{takes} take{'s' if takes > 1 else ''} not judged yet"] if takes else []
    return [*lines, f"next: takesheet review {target or ''}".rstrip()] if found else []
