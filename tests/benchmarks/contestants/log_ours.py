"""Arguments WHAT PLACE COUNT: one of the tasks below on our log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from domain.core.event import Event, Recorded
from domain.label.notes import NoteAdded
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Condition, Draft
from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.log.proof.chain_check import chain_holds
from orchestrator.log.proof.tag_index import TagIndex
from orchestrator.log.proof.verify import verify as verify_log
from orchestrator.log.query import Query
from orchestrator.log.store import Log
from orchestrator.readmodels.base.record_folds import RecordFolds
from orchestrator.readmodels.models import MODELS
from orchestrator.readmodels.storage.model_store import ModelStore
from tests.benchmarks.contestants.log_material import drafts, note, notes
from tests.benchmarks.contestants.stopwatch import timed

what, place, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
DECISIONS, SONGS = 200, 100
"""Decisions on the first hundred songs, which a store of 10,000 events has too."""


def append(batch: int) -> None:
    with TemporaryDirectory(dir=None if "://" in place else place) as folder:
        at: Place = DatabaseUrl.parse(place) if "://" in place else Path(folder) / "log.sqlite"
        with Log.create(at, kinds=KINDS) as log:
            ready = list(islice(drafts(notes()), count))
            log.append(ready[:1])
            timed(lambda: [log.append(ready[first : first + batch]) for first in range(0, count, batch)] and None)


def decided_append() -> None:
    """Append one event at a time, on the condition that no other event of its song was recorded since the last."""
    with Log.create(DatabaseUrl.parse(place), kinds=KINDS) as log:
        ready = list(islice(drafts(notes()), count))

        def work() -> None:
            for number, draft in enumerate(ready):
                assert isinstance(draft.event, NoteAdded)
                song = Query.of(NoteAdded, tags=[f"song:{draft.event.song}"])
                log.append([draft], condition=Condition(song, max(0, number - 3)))

        timed(work)


def reading(work: Callable[[Log], object]) -> None:
    with Log.open(Path(place), kinds=KINDS, readonly=True) as log:
        timed(lambda: work(log) and None)


def song(log: Log) -> int:
    of_song = Query.of(NoteAdded, tags=["song:night-bus/song-07"])
    return sum(len(list(log.read(of_song))) for _ in range(count))


def verify(log: Log, *, index: bool) -> bool:
    held = TagIndex()
    with closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        found = list(chain_holds(log.database, connection, held.note if index else lambda *_: None))
        found += held.agrees(log.database, connection) if index else []
    assert not found, found
    return True


def prove(log: Log) -> None:
    """Verify the log as the command does, reading every event for the files it names, all of which exist here."""

    def missing(recorded: Recorded[Event]) -> Iterator[str]:
        return (file.blob for file in recorded.event.blobs() if not file.blob)

    found = verify_log(log, blobs=missing)
    assert found.sound, found.problems


def decide() -> None:
    """Read the relevant events of a song, decide, and append on the condition that none was recorded meanwhile."""
    with TemporaryDirectory(dir="/dev/shm") as folder:
        file = Path(folder) / "log.sqlite"
        copyfile(place, file)
        with Log.open(file, kinds=KINDS) as log:

            def work() -> None:
                for number in range(DECISIONS):
                    name = f"record-{number % SONGS // 10}/song-{number % SONGS}"
                    matters, after = Query.of(NoteAdded, tags=[f"song:{name}"]), log.head().position
                    assert list(log.read(matters, upto=after))
                    new = Draft(event=note(name, "again"), actor="pat", via="pat@desk")
                    log.append([new], condition=Condition(matters, after - 1))

            work()  # warm caches of pages and statements, as in any program that decided before
            timed(work)


def rebuild() -> None:
    with TemporaryDirectory(dir="/dev/shm") as folder:
        file = Path(folder) / "log.sqlite"
        copyfile(place, file)
        with Log.open(file, kinds=KINDS) as log, closing(ModelStore(log, RecordFolds(log))) as models:
            timed(lambda: models.rebuild(*MODELS) and None)


match what:
    case "append":
        append(1)
    case "append-100":
        append(100)
    case "decided-append":
        decided_append()
    case "replay":
        reading(lambda log: sum(1 for _ in log.read_all()))
    case "song":
        reading(song)
    case "chain":
        reading(lambda log: verify(log, index=False))
    case "chain-and-index":
        reading(lambda log: verify(log, index=True))
    case "prove":
        reading(prove)
    case "decide":
        decide()
    case "rebuild":
        rebuild()
