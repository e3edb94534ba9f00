"""Arguments WHAT STORE [RECORD]: do one of the tasks below on the store of a generated label."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from domain.label.notes import NoteAdded
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log
from orchestrator.store import config
from orchestrator.studio import Studio
from tests.benchmarks.contestants.stopwatch import timed
from tests.orchestrator.generated_label import FOUNDER, evening

POLLS = 50


def unread(store: Path, record: str, count: int) -> None:
    """Append *count* events of one evening's work, without updating a read model."""
    settings = config.load(config.find(str(store)))
    with Log.open(settings.log, kinds=KINDS) as log:
        timed(lambda: {"head": evening(log, settings, record, count=count)})


def note(store: Path, record: str) -> None:
    """Append a note of the founder, for ``undo`` to take back."""
    with Log.open(config.load(config.find(str(store))).log, kinds=KINDS) as log:
        written = NoteAdded(record=record, target=record, text=f"for the undo, {time.time_ns()}", by=FOUNDER)
        timed(lambda: {"head": log.append([Draft(written, FOUNDER, f"{FOUNDER}@desk")])[-1].position})


def poll(store: Path) -> None:
    """Look for new events, of which there are none, as the standing driver does four times a second."""
    from orchestrator.driver.daemon import Daemon, EndSignals
    from orchestrator.store.driver_lock import DriverLock

    with Studio.at(str(store), FOUNDER) as studio, ExitStack() as running, EndSignals() as signals:
        lock = DriverLock(studio.config.folder, studio.config.log)
        daemon = Daemon(studio, lock, running, signals, observe=lambda _: None, say=lambda _: None)
        times = []
        for _ in range(POLLS):
            began = time.perf_counter()
            daemon._follow_log()
            times.append(time.perf_counter() - began)
        timed(lambda: {"poll_s": median(times)})


def models(what: str, store: Path) -> None:
    """Bring the read models to the head, or rebuild all of them."""
    from tests.benchmarks import label

    timed(lambda: (label.catch_up if what == "catch-up" else label.rebuild)(store))


if __name__ == "__main__":
    task, place = sys.argv[1], Path(sys.argv[2])
    match task:
        case "unread":
            unread(place, sys.argv[3], int(sys.argv[4]))
        case "note":
            note(place, sys.argv[3])
        case "poll":
            poll(place)
        case _:
            models(task, place)
