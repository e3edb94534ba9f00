"""Processes are killed while they append, rebuild and bring a read model, migrate between versions, and process
subscriptions.

After each round no acknowledged event is lost, nothing is recorded in part, the model is as one made anew, every notice
is in the outbox exactly once, the guards are in place, and no step by hand was needed.
"""

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from domain.core.event import Event, Recorded
from domain.store.upgrade import StoreUpgraded
from orchestrator.log.database.meta import UPGRADED
from orchestrator.log.database.url import Place
from orchestrator.log.migrations.migrate import RUNGS, migrate
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.side_tables.outbox import catch_up, outbox
from orchestrator.log.store import Log
from orchestrator.readmodels.activity import ACTIVITY
from orchestrator.readmodels.base.record_folds import RecordFolds
from orchestrator.readmodels.storage.model_store import ModelStore
from tests.orchestrator.log.databases import Databases, Files, Schemas, postgres
from tests.orchestrator.log.given import KINDS as GIVEN
from tests.orchestrator.log.given import book, drafted, spend, take

spawn = multiprocessing.get_context("spawn")


KINDS: dict[str, type[Event]] = {**GIVEN, UPGRADED: StoreUpgraded}
SIZE_BITS = 16
"""Last bits of a batch's id, which hold the number of its events."""


class Told:
    """Gives one notice of every event: its position."""

    name = "told"

    def notices(self, recorded: Recorded[Event]) -> Sequence[str]:
        return [str(recorded.position)]


def append(log: Log, chance: random.Random, told: int) -> None:
    size = chance.randint(1, 50)
    batch = UUID(int=uuid4().int >> SIZE_BITS << SIZE_BITS | size)  # reasons go when another process migrates down
    events = [chance.choice([take(number=n), spend(minor=n), book(day=n)]) for n in range(size)]
    log.append(drafted(*events, correlation=batch))
    os.write(told, f"{batch}\n".encode())


def rebuild(log: Log, chance: random.Random, _: int) -> None:
    with closing(ModelStore(log, RecordFolds(log))) as models:
        chance.choice([models.rebuild, models.catch_up])(ACTIVITY)  # of events of any kind


def move(log: Log, chance: random.Random, _: int) -> None:
    with closing(log.database.writer()) as writer:
        migrate(log.database, writer, to=chance.choice(RUNGS).number)


def subscribe(log: Log, _: random.Random, __: int) -> None:
    with suppress(StoreDamaged):  # the side tables are missing while another process migrates down
        catch_up(log, Told())


Deed = Callable[[Log, random.Random, int], None]
DEEDS: dict[str, Sequence[Deed]] = {
    "appends": [append],
    "rebuilds": [rebuild, append],
    "migrations": [move, append],
    "subscriptions": [subscribe, append],
}


def work(place: Place, said: Path, seed: int, deeds: Sequence[Deed]) -> None:
    """Do *deeds* forever; write each batch to *said* only after it was acknowledged."""
    chance = random.Random(seed)  # noqa: S311 - dice, not secrets
    told = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for _ in count():
        with Log.open(place, kinds=KINDS) as log:
            for _ in range(chance.randint(1, 8)):
                chance.choice(deeds)(log, chance, told)


def kill_them(place: Place, folder: Path, round_: int) -> None:
    said = {name: folder / f"said-{round_}-{name}" for name in DEEDS}
    workers = [
        spawn.Process(target=work, args=(place, said[name], 100 * round_ + at, deeds))
        for at, (name, deeds) in enumerate(DEEDS.items())
    ]
    for worker in workers:
        worker.start()
    while not all(file.exists() and file.stat().st_size for file in said.values()):
        assert all(worker.is_alive() for worker in workers), "a worker ended by itself"
        time.sleep(0.01)
    chance = random.Random(round_)  # noqa: S311 - dice, not secrets
    chance.shuffle(workers)
    for worker in workers:  # the others go on while one is dead
        time.sleep(chance.uniform(0, 0.1))
        assert worker.is_alive(), "a worker ended by itself"
        worker.kill()
    for worker in workers:
        worker.join()


def check(place: Place, folder: Path) -> None:
    with Log.open(place, kinds=KINDS) as log:
        batches = [one.correlation for one in log.read_all() if one.correlation]
        found = Counter((batch, batch.int % (1 << SIZE_BITS)) for batch in batches)
        assert all(there == size for (_, size), there in found.items()), "a batch stands in part"
        told = {UUID(line) for file in folder.glob("said-*") for line in file.read_text().split()}
        assert told <= {batch for batch, _ in found}, "an acknowledged batch is gone"
        log.append(drafted(spend(minor=1)))
        with closing(ModelStore(log, RecordFolds(log))) as models:
            models.catch_up(ACTIVITY)
            assert models.disagreements(ACTIVITY) == []
        verified = verify(log)
        assert verified.sound, verified.problems
        reached = catch_up(log, Told())
        notices, parked = outbox(log, "told")
        assert [notice.text for notice in notices] == [str(at) for at in range(1, reached + 1)]
        assert (reached, parked) == (log.head().position, [])


def run(databases: Databases, rounds: int) -> None:
    for first in range(0, rounds, 10):  # a new store now and then, so that histories stay short
        place = databases.place()
        Log.create(place, kinds=KINDS).close()
        with TemporaryDirectory() as folder:
            for round_ in range(first, min(first + 10, rounds)):
                kill_them(place, Path(folder), round_)
                check(place, Path(folder))


def on_sqlite(rounds: int) -> None:
    with TemporaryDirectory() as folder:
        run(Files(Path(folder)), rounds)


def on_postgresql(rounds: int) -> None:
    with postgres() as url, closing(Schemas(url)) as schemas:
        run(schemas, rounds)


DRILLS = [
    ("rebuild, migration, subscription kill -9, 4 processes, SQLite", on_sqlite, 100, 3),
    ("rebuild, migration, subscription kill -9, 4 processes, PostgreSQL", on_postgresql, 20, 2),
]
