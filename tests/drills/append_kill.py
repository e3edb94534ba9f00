"""Writers are killed (SIGKILL) in the middle of whatever they do: appending, moving views, folding the WAL in, closing.

Then, with no step taken by hand: every acknowledged batch is there exactly once, no batch is there in part, the log
verifies with its views, and the next append works.
"""

import multiprocessing
import os
import random
import time
from collections import Counter
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from domain.event import Event
from orchestrator.log.draft import uuid7
from orchestrator.log.store import Log
from orchestrator.log.verify import verify
from orchestrator.log.views import View
from tests.orchestrator.log.given import KINDS, Diary, Spent, book, drafted, spend, take

WRITERS = 3
VIEWS: list[View] = [Spent(), Diary()]

spawn = multiprocessing.get_context("spawn")


def write(path: Path, said: Path, seed: int) -> None:
    """Append batches for ever; each is told of only after it was acknowledged."""
    chance = random.Random(seed)  # noqa: S311 - dice, not secrets
    told = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in count():
        with Log.open(path, kinds=KINDS, views=VIEWS) as log:
            for _ in range(chance.randint(1, 20)):
                batch = uuid7(time.time_ns() // 1000)
                size = chance.randint(1, 9)
                log.append(drafted(*some(chance, number, size), why=str(size), correlation=batch))
                os.write(told, f"{batch}\n".encode())
            chance.choice([log.bring, log.rebuild])(chance.choice(VIEWS))


def some(chance: random.Random, number: int, size: int) -> list[Event]:
    note = "x" * chance.choice([10, 100, 5000])
    return [chance.choice([take(number=number, note=note), spend(minor=number), book(day=number)]) for _ in range(size)]


def kill_them(path: Path, round_: int) -> None:
    said = [path.with_name(f"said-{round_}-{writer}") for writer in range(WRITERS)]
    writers = [spawn.Process(target=write, args=(path, file, 1000 * round_ + at)) for at, file in enumerate(said)]
    for writer in writers:
        writer.start()
    while not all(file.exists() and file.stat().st_size for file in said):
        assert all(writer.is_alive() for writer in writers), "a writer ended by itself"
        time.sleep(0.01)
    chance = random.Random(round_)  # noqa: S311 - dice, not secrets
    for writer in writers:  # the others go on while one is dead, until the last
        time.sleep(chance.uniform(0, 0.15))
        assert writer.is_alive(), "a writer ended by itself"
        writer.kill()
    for writer in writers:
        writer.join()


def check(path: Path) -> None:
    """Nothing acknowledged is lost, nothing is there in part, and the store goes on."""
    with Log.open(path, kinds=KINDS, views=VIEWS) as log:
        found = Counter((one.correlation, int(one.why or 0)) for one in log.read_all() if one.correlation)
        in_part = [str(batch) for (batch, size), there in found.items() if there != size]
        assert not in_part, f"batches in part: {in_part}"
        batches = {batch for batch, _ in found}
        told = {UUID(line) for file in path.parent.glob("said-*") for line in file.read_text().split()}
        assert told <= batches, f"{len(told - batches)} acknowledged batches are gone"
        log.append(drafted(spend(minor=1)))
        verified = verify(log, views=True)
        assert verified.sound, verified.problems


def run(rounds: int) -> None:
    for first in range(0, rounds, 10):  # a fresh store now and then, so that histories stay short
        with TemporaryDirectory() as folder:
            path = Path(folder) / "log.sqlite"
            Log.create(path, kinds=KINDS).close()
            for round_ in range(first, min(first + 10, rounds)):
                kill_them(path, round_)
                check(path)


DRILLS = [("append kill -9, 3 writers", run, 100, 3)]
