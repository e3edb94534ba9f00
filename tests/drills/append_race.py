"""Eight processes append at once, to subjects of their own and to one that all want, while a reader follows.

Every acknowledged event is there exactly once, positions have no gap, the reader missed nothing, no process met a
locked database, no day was given twice, and the slowest process did at least a third of the mean.
"""

import itertools
import json
import multiprocessing
from contextlib import closing, suppress
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from domain.core.event import Event, Recorded
from orchestrator.log.append_condition import Condition
from orchestrator.log.database.url import Place
from orchestrator.log.proof.verify import verify
from orchestrator.log.query import Query
from orchestrator.log.refusals import Conflict
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Files, Schemas, Server
from tests.orchestrator.log.given import KINDS, RoomBooked, TakeMade, book, drafted, take

PROCESSES = 8
EVENTS = 3000
"""Position at which the race ends; not a time, since a busy machine is slower, but no less fair."""

ROOM = Query.of(RoomBooked, tags={"resource:room-a"})

spawn = multiprocessing.get_context("spawn")
Acknowledged = list[tuple[int, str]]


def hammer(place: Place, said: Path, player: int, line: Barrier) -> None:
    """Append until the log is long enough; write the acknowledged events to *said*."""
    acknowledged: Acknowledged = []
    with Log.open(place, kinds=KINDS) as log:
        diary = Diary(log, player)
        line.wait()
        for number in itertools.count(1):
            if log.head().position >= EVENTS:
                break
            recorded = own(log, player, number) if number % 2 else diary.book_the_next_day()
            acknowledged += [(one.position, str(one.id)) for one in recorded]
    said.write_text(json.dumps(acknowledged))


def own(log: Log, player: int, number: int) -> list[Recorded[Event]]:
    """Append two takes of this process's own song: never a conflict."""
    song = f"record-{player}/song"
    nobody_else = Condition(Query.of(TakeMade, tags={f"song:{song}"}), log.head().position)
    return log.append(drafted(take(song, number), take(song, number + 1)), condition=nobody_else)


class Diary:
    """The days of the shared room, as one process knows them."""

    def __init__(self, log: Log, player: int) -> None:
        self._log, self._player, self._position, self._last_day = log, player, 0, 0

    def book_the_next_day(self) -> list[Recorded[Event]]:
        """Read, decide, append; start again after each conflict."""
        while True:
            self._look()
            booking = drafted(book(f"record-{self._player}", "room-a", self._last_day + 1))
            with suppress(Conflict):
                return self._log.append(booking, condition=Condition(ROOM, self._position))

    def _look(self) -> None:
        head = self._log.head().position
        for recorded in self._log.read(ROOM, after=self._position, upto=head):
            assert isinstance(recorded.event, RoomBooked)
            self._last_day = recorded.event.day
        self._position = head


def follow(log: Log, racers: list[multiprocessing.process.BaseProcess]) -> list[str]:
    """Read the tail until the race is over; return the ids in the order of arrival."""
    seen: list[str] = []
    racing = True
    while racing:
        racing = any(racer.is_alive() for racer in racers)
        for recorded in log.read_all(after=len(seen)):
            assert recorded.position == len(seen) + 1, f"the reader was given {recorded.position} after {len(seen)}"
            seen.append(str(recorded.id))
    return seen


def race(place: Place) -> None:
    with TemporaryDirectory() as folder, Log.create(place, kinds=KINDS) as log:
        said = [Path(folder) / f"{player}.json" for player in range(PROCESSES)]
        line = spawn.Barrier(PROCESSES)
        racers = [spawn.Process(target=hammer, args=(place, file, player, line)) for player, file in enumerate(said)]
        for racer in racers:
            racer.start()
        seen = follow(log, list(racers))
        for racer in racers:
            racer.join()
            assert racer.exitcode == 0, f"a process ended with {racer.exitcode}"
        check(log, seen, [json.loads(file.read_text()) for file in said])


def check(log: Log, seen: list[str], acknowledged: list[Acknowledged]) -> None:
    assert len(seen) == log.head().position
    assert sorted(map(tuple, itertools.chain(*acknowledged))) == list(enumerate(seen, start=1))
    days = [one.event.day for one in log.read(ROOM) if isinstance(one.event, RoomBooked)]
    assert days == list(range(1, len(days) + 1)), "a day was given twice, or left out"
    done = [len(one) for one in acknowledged]
    assert min(done) >= mean(done) / 3, f"one process starved: {done}"
    assert verify(log).sound


def on_sqlite(rounds: int) -> None:
    with TemporaryDirectory() as folder:
        files = Files(Path(folder))
        for _ in range(rounds):
            race(files.place())


def on_postgresql(rounds: int) -> None:
    with Server() as server, closing(Schemas(server.url)) as schemas:
        for _ in range(rounds):
            race(schemas.place())


DRILLS = [
    ("append race, 8 processes, SQLite", on_sqlite, 20, 3),
    ("append race, 8 processes, PostgreSQL", on_postgresql, 20, 1),
]
