"""Writers, and PostgreSQL's server, are killed (SIGKILL) at any moment: while they append,
checkpoint the write-ahead log, or close.

Afterwards, without repair by hand, every acknowledged batch is recorded exactly once, no batch in part, the log
verifies, and the next append works.
"""

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from domain.core.event import Event
from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreUncertain, StoreUnreachable
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Files, Schemas, Server
from tests.orchestrator.log.given import KINDS, book, drafted, spend, take

WRITERS = 3

spawn = multiprocessing.get_context("spawn")


def write(place: Place, said: Path, seed: int) -> None:
    """Append batches forever; write each to *said* only after it was acknowledged."""
    away = (StoreUnreachable, StoreUncertain) if isinstance(place, DatabaseUrl) else ()
    chance = random.Random(seed)  # noqa: S311 - dice, not secrets
    told = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in count():
        with suppress(*away), Log.open(place, kinds=KINDS) as log:
            for _ in range(chance.randint(1, 20)):
                batch = uuid4()
                size = chance.randint(1, 9)
                log.append(drafted(*some(chance, number, size), why=str(size), correlation=batch))
                os.write(told, f"{batch}\n".encode())


def some(chance: random.Random, number: int, size: int) -> list[Event]:
    note = "x" * chance.choice([10, 100, 5000])
    return [chance.choice([take(number=number, note=note), spend(minor=number), book(day=number)]) for _ in range(size)]


class Round:
    """Writers at work on one log, each with a file of its acknowledged batches."""

    def __init__(self, place: Place, folder: Path, number: int) -> None:
        self._chance = random.Random(number)  # noqa: S311 - dice, not secrets
        self._said = [folder / f"said-{number}-{writer}" for writer in range(WRITERS)]
        self._writers = [
            spawn.Process(target=write, args=(place, file, 1000 * number + at)) for at, file in enumerate(self._said)
        ]
        for writer in self._writers:
            writer.start()
        self.all_go_on()

    def all_go_on(self) -> None:
        """Wait until every writer has another acknowledged batch, then a moment longer."""
        before = [self._size(file) for file in self._said]
        while not all(self._size(file) > was for file, was in zip(self._said, before, strict=True)):
            assert all(writer.is_alive() for writer in self._writers), "a writer ended by itself"
            time.sleep(0.01)
        time.sleep(self._chance.uniform(0, 0.15))

    def kill(self) -> None:
        """Kill one writer after the other; the rest go on meanwhile."""
        for writer in self._writers:
            time.sleep(self._chance.uniform(0, 0.15))
            assert writer.is_alive(), "a writer ended by itself"
            writer.kill()
        for writer in self._writers:
            writer.join()

    def _size(self, file: Path) -> int:
        return file.stat().st_size if file.exists() else 0


def check(place: Place, folder: Path) -> None:
    """Check that no acknowledged batch is lost, none is there in part, and the store works."""
    with Log.open(place, kinds=KINDS) as log:
        found = Counter((one.correlation, int(one.why or 0)) for one in log.read_all() if one.correlation)
        in_part = [str(batch) for (batch, size), there in found.items() if there != size]
        assert not in_part, f"batches in part, or twice: {in_part}"
        batches = {batch for batch, _ in found}
        told = {UUID(line) for file in folder.glob("said-*") for line in file.read_text().split()}
        assert told <= batches, f"{len(told - batches)} acknowledged batches are gone"
        log.append(drafted(spend(minor=1)))
        verified = verify(log)
        assert verified.sound, verified.problems


def fresh(place: Place, numbers: range) -> Iterator[tuple[Path, int]]:
    """Create a log; yield a folder for the writers' files and the number of each round on it."""
    Log.create(place, kinds=KINDS).close()
    with TemporaryDirectory() as folder:
        for number in numbers:
            yield Path(folder), number
            check(place, Path(folder))


def in_tens(rounds: int) -> Iterator[range]:
    """Split rounds into tens, each with a new store, so that histories stay short."""
    return (range(first, min(first + 10, rounds)) for first in range(0, rounds, 10))


def on_sqlite(rounds: int) -> None:
    with TemporaryDirectory() as files:
        for numbers in in_tens(rounds):
            place = Files(Path(files) / str(numbers.start)).place()
            for folder, number in fresh(place, numbers):
                Round(place, folder, number).kill()


def on_postgresql(rounds: int) -> None:
    """Kill the clients, the server under them, and both in one round."""
    with Server() as server, closing(Schemas(server.url)) as schemas:
        for numbers in in_tens(rounds):
            place = schemas.place()
            for folder, number in fresh(place, numbers):
                _killed_clients_or_server(server, place, folder, number)


def _killed_clients_or_server(server: Server, place: Place, folder: Path, number: int) -> None:
    writers = Round(place, folder, number)
    if number % 3:
        server.kill()
        if number % 3 == 1:
            server.start()
            writers.all_go_on()
    writers.kill()
    if number % 3 == 2:
        server.start()


DRILLS = [
    ("append kill -9, 3 writers, SQLite", on_sqlite, 100, 3),
    ("append kill -9, 3 writers or the server, PostgreSQL", on_postgresql, 20, 3),
]
