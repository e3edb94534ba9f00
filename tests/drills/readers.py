"""Readers are right while others append, of another version too, and while the read models are damaged in every way,
while whoever makes them is killed (SIGKILL), and while the disk is full.

An answer is right if it equals the one computed from the log alone.  The log and files outside the store do not change,
no reader waits for more than a minute, and the temporary folder is empty at the end.
"""

import faulthandler
import multiprocessing
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orchestrator.log.proof.verify import verify
from orchestrator.readmodels.budget_status import BUDGET_STATUS
from orchestrator.readmodels.label_board import LABEL_BOARD
from orchestrator.readmodels.review_queue import REVIEW_QUEUE
from orchestrator.readmodels.search import SEARCH
from orchestrator.store import trust
from orchestrator.store.config import FOLDER, load
from orchestrator.studio import Studio
from tests.orchestrator.disks import mounted
from tests.orchestrator.label import Label
from tests.orchestrator.log.databases import Schemas, Server
from tests.orchestrator.readmodels.answers import NEWER, Answers, TapeBaked, by_the_log, by_the_readers
from tests.orchestrator.readmodels.stores import DAMAGES, Store, check, make_store, mend, some_events

READERS, WRITERS = 20, 8
LONGEST_S = 300.0
"""Seconds after which a process counts as hanging: a minute of patience, and a busy machine."""
MODELS = (LABEL_BOARD, REVIEW_QUEUE, BUDGET_STATUS, SEARCH)
OUTSIDE = "outside"
"""The file to which a damage links; readers must leave it alone."""

spawn = multiprocessing.get_context("spawn")


def write(store: Store, name: str, batches: int) -> None:
    """Append *batches* of events, some of them of a kind that readers do not know."""
    for number in range(batches):
        record = f"{name}-{number}"
        store.append(*some_events(record), kinds=NEWER)
        store.append(TapeBaked(record=record), kinds=NEWER)


def write_forever(store: Store, name: str, begun: Path) -> None:
    for number in count():
        store.append(*some_events(f"{name}-{number}"))
        begun.touch()
        time.sleep(0.3)


def read(store: Store, rounds: int) -> None:
    """Ask again and again while others append: each answer is one that the log gave between two moments."""
    faulthandler.dump_traceback_later(LONGEST_S - 5)
    with store.opened() as studio:
        for _ in range(rounds):
            before = studio.log.head().position
            found = by_the_readers(studio)
            lies_between(found, by_the_log_at(studio, before), by_the_log(studio.log))


def by_the_log_at(studio: Studio, position: int) -> Answers:
    history = studio.log.read_all(upto=position)

    class Before:
        def read_all(self) -> Any:
            return history

    before: Any = Before()  # by_the_log reads all and asks for nothing else
    return by_the_log(before)


def lies_between(found: Answers, before: Answers, after: Answers) -> None:
    """Check *found* while others append: their events add records, and change none."""
    assert before["board"].items() <= found["board"].items() <= after["board"].items() or grows(found, before, after)
    for name, rows in found.items():
        if name != "board":
            assert _held(before[name]) <= _held(rows) <= _held(after[name]), name


def grows(found: Answers, before: Answers, after: Answers) -> bool:
    """A batch is recorded whole, so that a record is never seen in part."""
    return all(found["board"].get(record) == row for record, row in before["board"].items()) and all(
        after["board"].get(record) == row for record, row in found["board"].items()
    )


def _held(rows: list[Any]) -> set[Any]:
    assert len(set(rows)) == len(rows), "a row stands twice"
    return set(rows)


def rebuild_forever(store: Store, begun: Path) -> None:
    """Rebuild the models, or bring them to the head, again and again."""
    chance = random.Random(os.getpid())  # noqa: S311 - dice, not secrets
    while True:
        with store.opened() as studio:
            begun.touch()
            for _ in range(chance.randint(1, 4)):
                chance.choice([studio.models.rebuild, studio.models.catch_up])(*chance.sample(MODELS, 2))


def ends(process: BaseProcess) -> None:
    """Wait for *process* to end well."""
    process.join(LONGEST_S)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError(f"a process hangs for {LONGEST_S:.0f} s")
    assert process.exitcode == 0, f"a process ended with {process.exitcode}"


def began(process: BaseProcess, begun: Path) -> BaseProcess:
    process.start()
    until = time.monotonic() + LONGEST_S
    while not begun.exists():
        assert process.is_alive(), "a process ended by itself"
        assert time.monotonic() < until, "a process does not begin"
        time.sleep(0.005)
    begun.unlink()
    return process


@contextmanager
def at_work(*processes: tuple[BaseProcess, Path]) -> Iterator[None]:
    """In the block, the processes are at work; they are killed at its end."""
    try:
        for process, begun in processes:
            began(process, begun)
        yield
        for process, _ in processes:
            assert process.is_alive(), "a process ended by itself"
    finally:
        for process, _ in processes:
            if process.pid is not None:
                process.kill()
                process.join()


def damage_them(store: Store, rounds: int) -> None:
    """Damage the models under readers that are open, new, and in processes of their own."""
    for round_ in range(rounds):
        chance = random.Random(round_)  # noqa: S311 - dice, not secrets
        damage = DAMAGES[round_ % len(DAMAGES)]
        with store.opened() as studio:
            check(studio)
            if store.models.exists():
                damage(store.models, chance)
            outside = store.models.parent.parent / OUTSIDE
            held = outside.read_bytes() if outside.exists() else None
            reader = spawn.Process(target=Store.is_right, args=(store,)) if round_ % 4 == 0 else None
            if reader:
                reader.start()
            check(studio)
            if reader:
                ends(reader)
            store.append(*some_events(f"w1-{damage.__name__.replace('_', '-')}-{round_}"))
            check(studio)
            store.is_right()
            assert (outside.read_bytes() if outside.exists() else None) == held, damage.__name__
            assert not (outside.parent / "nothing").exists(), damage.__name__
            outside.unlink(missing_ok=True)
        if not store.models.is_file() or store.models.is_symlink():
            mend(store.models)


def damage_at_once(store: Store, root: Path, rounds: int) -> None:
    """Damage the models at any moment, while others append, make models anew and read."""
    writer = spawn.Process(target=write_forever, args=(store, "w1", root / "writes"))
    maker = spawn.Process(target=rebuild_forever, args=(store, root / "makes"))
    with at_work((writer, root / "writes"), (maker, root / "makes")):
        for round_ in range(rounds):
            chance = random.Random(round_)  # noqa: S311 - dice, not secrets
            readers = [spawn.Process(target=read, args=(store, 2)) for _ in range(2)]
            for reader in readers:
                reader.start()
            for _ in range(8):
                time.sleep(chance.uniform(0, 0.3))
                damage_if_there(store, chance)
            for reader in readers:
                ends(reader)
    mend(store.models)
    store.is_right()


def damage_if_there(store: Store, chance: random.Random) -> None:
    """Damage the models if they lie there: another process may delete them at any moment."""
    outside = store.models.parent.parent / OUTSIDE
    outside.unlink(missing_ok=True)
    try:
        if store.models.is_file() and not store.models.is_symlink():
            chance.choice(DAMAGES)(store.models, chance)
        else:
            mend(store.models)
    except (OSError, ValueError):  # deleted, or empty, in the middle
        pass


def kill_them(store: Store, root: Path, rounds: int) -> None:
    """Kill the processes that update or rebuild the models, at any moment."""
    for round_ in range(rounds):
        chance = random.Random(round_)  # noqa: S311 - dice, not secrets
        makers = [
            (spawn.Process(target=rebuild_forever, args=(store, root / f"makes-{n}")), root / f"makes-{n}")
            for n in range(2)
        ]
        if round_ % 2:
            mend(store.models)
        with at_work(*makers):
            store.append(*some_events(f"w1-kill-{round_}"))
            time.sleep(chance.uniform(0, 0.4))
            store.is_right()
        store.is_right()
        store.append(*some_events(f"w1-again-{round_}"))
        store.is_right()


def crowd(store: Store, rounds: int) -> None:
    """Twenty readers and eight writers at once, on models that do not stand."""
    for round_ in range(rounds):
        if not store_is_remote(store):
            mend(store.models)
        writers = [
            spawn.Process(target=write, args=(store, f"w{number}-crowd-{round_}", 3)) for number in range(WRITERS)
        ]
        readers = [spawn.Process(target=read, args=(store, 2)) for _ in range(READERS)]
        for process in (*writers, *readers):
            process.start()
        for process in (*writers, *readers):
            ends(process)
        store.is_right()
        store.is_right(NEWER)


def store_is_remote(store: Store) -> bool:
    return not isinstance(load(store.folder / FOLDER).log, Path)


def by_commands(store: Store, rounds: int) -> None:
    """Commands in processes of their own, after each damage."""
    label = Label(store.folder)
    trust.record(load(store.folder / FOLDER))
    for round_, damage in zip(range(rounds), DAMAGES, strict=False):
        store.is_right()
        damage(store.models, random.Random(round_))  # noqa: S311 - dice, not secrets
        with store.opened() as studio:
            right = by_the_log(studio.log)
        found = {row["record"]: row["takes"] for row in answer(label, "board")}
        assert found == {record: row[3] for record, row in right["board"].items()}, damage.__name__
        items = [row["address"] for row in answer(label, "next") if "address" in row]
        waiting = {address for _, address, _, _ in right["review"]}
        assert {one for one in waiting if not {one, one.rpartition("/")[0]} & set(items)} == set(), damage.__name__
        (store.folder / OUTSIDE).unlink(missing_ok=True)
        mend(store.models)


def answer(label: Label, *words: str) -> Any:
    done = label.apart(*words, "--json")
    assert done.code == 0, done
    return done.json["data"]


def on_full_disks(root: Path, rounds: int) -> None:
    """The store's disk is full, then the cache's too; nothing where no disk may be mounted."""
    with mounted(root / "disk", 16) as disk:
        if disk is None:
            print("  no disk may be mounted here", flush=True)
            return
        store, cache = make_store(disk.folder / "store"), os.environ["XDG_CACHE_HOME"]
        try:
            for round_ in range(rounds):
                os.environ["XDG_CACHE_HOME"] = cache if round_ % 2 else str(disk.folder / "cache")
                mend(store.models)
                with disk.full(but=random.Random(round_).randrange(1 << 18)):  # noqa: S311 - dice, not secrets
                    ended = spawn.Process(target=Store.is_right, args=(store,))
                    ended.start()
                    store.is_right()
                    ends(ended)
                store.append(*some_events(f"w1-full-{round_}"))
                store.is_right()
        finally:
            os.environ["XDG_CACHE_HOME"] = cache


@contextmanager
def alone() -> Iterator[Path]:
    """A folder, with a cache and a temporary folder of its own, in which nothing may be left."""
    names = ("XDG_CACHE_HOME", "TMPDIR", "SQLITE_TMPDIR")
    before = {name: os.environ.get(name) for name in names}
    with TemporaryDirectory(prefix="takesheet-readers-") as folder:
        root = Path(folder)
        (root / "tmp").mkdir()
        os.environ.update(dict(zip(names, [str(root / "cache"), str(root / "tmp"), str(root / "tmp")], strict=True)))
        try:
            yield root
            left = [file.name for file in (root / "tmp").iterdir() if not file.name.startswith("pymp-")]
            assert not left, f"left behind: {left}"
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def sound(store: Store) -> None:
    with store.opened(NEWER) as studio:
        found = verify(studio.log)
        assert found.sound, found.problems


def timed(name: str, work: Callable[[], None]) -> None:
    began_s = time.monotonic()
    work()
    print(f"  {name}: {time.monotonic() - began_s:.1f} s", flush=True)


def on_sqlite(rounds: int) -> None:
    with alone() as root:
        store = make_store(root / "store")
        timed("damaged, one after the other", lambda: damage_them(store, len(DAMAGES) * rounds))
        timed("asked by commands", lambda: by_commands(store, len(DAMAGES) if rounds > 1 else 2))
        timed("killed", lambda: kill_them(store, root, rounds))
        timed("on a full disk", lambda: on_full_disks(root, 2 * rounds))
        sound(store)
        shutil.rmtree(store.folder)
        store = make_store(root / "store")
        timed("damaged at any moment", lambda: damage_at_once(store, root, rounds))
        sound(store)
        timed("a crowd", lambda: crowd(store, rounds))
        sound(store)


def on_postgresql(rounds: int) -> None:
    with alone() as root, Server() as server, closing(Schemas(server.url)) as schemas:
        store = make_store(root / "store", log=schemas.place().whole)
        timed("killed", lambda: kill_them(store, root, rounds))
        timed("a crowd", lambda: crowd(store, rounds))
        sound(store)


DRILLS = [
    ("readers, damaged models, kill -9, full disks, a crowd, SQLite", on_sqlite, 20, 1),
    ("readers, kill -9, a crowd, PostgreSQL", on_postgresql, 5, 1),
]
