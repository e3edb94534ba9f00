"""Arguments WHAT PLACE COUNT: the library ``eventsourcing``, with the same values in its own events."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, unquote, urlsplit

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from tests.benchmarks.contestants.stopwatch import timed

what, place, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
SONGS, PAGE = 20, 1000


class Song(Aggregate):
    @event("Begun")
    def __init__(self) -> None:
        self.notes = 0

    @event("NoteAdded")
    def add(  # noqa: PLR0917 - its parameters are the event's fields
        self, record: str, song: str, target: str, at: int | None, text: str, visibility: str, by: str
    ) -> None:
        del record, song, target, at, text, visibility, by
        self.notes += 1


def application(file: Path) -> Application:
    return Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(file)})


def notes() -> list[dict[str, object]]:
    material = json.loads((Path(__file__).resolve().parents[3] / ".bench" / "notes.json").read_text())
    return material[:count]


def append(batch: int) -> None:
    with TemporaryDirectory(dir=place) as folder:
        app = application(Path(folder) / "es.sqlite")
        songs = [Song() for _ in range(SONGS)]
        app.save(*songs)
        given = notes()

        def work() -> None:
            for first in range(0, count, batch):
                changed = set()
                for number in range(first, min(first + batch, count)):
                    songs[number % SONGS].add(**given[number])
                    changed.add(number % SONGS)
                app.save(*(songs[number] for number in changed))

        timed(work)
        app.close()


def reading(work: Callable[[Application, Song], None]) -> None:
    with TemporaryDirectory(dir=place) as folder:
        app = application(Path(folder) / "es.sqlite")
        songs = [Song() for _ in range(SONGS)]
        for number, given in enumerate(notes()):
            songs[number % SONGS].add(**given)
        app.save(*songs)
        timed(lambda: work(app, songs[7]))
        app.close()


def replay(app: Application, _: Song) -> None:
    start = 1
    app.notification_log.section_size = PAGE
    while page := app.notification_log.select(start=start, limit=PAGE):
        for notification in page:
            app.mapper.to_domain_event(notification)
        start = page[-1].id + 1


def song(app: Application, one: Song) -> None:
    for _ in range(10):
        assert len(list(app.events.get(one.id))) == count // SONGS + 1


def decided_append() -> None:
    from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
    from eventsourcing.dcb.postgres_tt import PostgresDCBRecorderTT
    from eventsourcing.postgres import PostgresDatastore

    parts = urlsplit(place)
    schema = unquote(parse_qs(parts.query)["options"][0]).partition("search_path=")[2]
    os.environ["PGOPTIONS"] = f"-csearch_path={schema}"  # its functions name their tables without the schema
    store = PostgresDatastore(
        dbname=parts.path.lstrip("/"), host=parse_qs(parts.query)["host"][0], port="5432", user=parts.username or "",
        password="", schema=schema,
    )  # fmt: skip
    recorder = PostgresDCBRecorderTT(store)
    recorder.create_table()
    ready = [
        DCBEvent("note-added", json.dumps(note).encode(), ["person:pat", "record:night-bus", f"song:{note['song']}"])
        for note in notes()
    ]

    def work() -> None:
        for number, one in enumerate(ready):
            query = DCBQuery([DCBQueryItem(["note-added"], [one.tags[2]])])
            recorder.append([one], DCBAppendCondition(query, max(0, number - 3)))

    timed(work)
    store.close()


match what:
    case "append":
        append(1)
    case "append-100":
        append(100)
    case "replay":
        reading(replay)
    case "song":
        reading(song)
    case "decided-append":
        decided_append()
