"""Stores whose read models are damaged, and what readers make of them."""

import os
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.booking.budget import BudgetSet
from domain.core.event import Event
from domain.core.money import Money
from domain.label.catalog import RecordOpened, SongAdded
from domain.label.notes import NoteAdded
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log
from orchestrator.store import config
from orchestrator.studio import Caller, Studio
from tests.domain.acts import studio as production
from tests.orchestrator.readmodels.answers import by_the_log, by_the_readers
from tests.orchestrator.readmodels.given import drafts

PAGE = 4096


@dataclass(frozen=True, slots=True)
class Store:
    """A store in a folder, with a production in its log."""

    folder: Path

    @property
    def models(self) -> Path:
        return self.folder / config.FOLDER / "models.db"

    @contextmanager
    def opened(self, kinds: Mapping[str, type[Event]] = KINDS) -> Iterator[Studio]:
        """A reader as a new process would open it; *kinds* are those that its program knows."""
        settings = config.load(config.find(str(self.folder)))
        with Log.open(settings.log, kinds=kinds) as log, Studio(log, settings, Caller("pat", "pat@desk")) as studio:
            studio.only_shows = True
            yield studio

    def append(self, *events: Event, kinds: Mapping[str, type[Event]] = KINDS) -> None:
        with self.opened(kinds) as studio:
            studio.log.append([Draft(event=event, actor="pat", via="pat@desk") for event in events])

    def is_right(self, kinds: Mapping[str, type[Event]] = KINDS) -> None:
        """Check that a new reader answers as the log alone does."""
        with self.opened(kinds) as studio:
            check(studio)


def check(studio: Studio) -> None:
    """Check that the readers answer as the log alone does; others must not append meanwhile."""
    assert by_the_readers(studio) == by_the_log(studio.log)


def make_store(folder: Path, log: str = config.LOG) -> Store:
    folder.mkdir(exist_ok=True)
    Studio.create(folder, label="Harbour", currency="EUR", timezone="Europe/Berlin", claimed="pat", log=log)
    store = Store(folder)
    with store.opened() as studio:
        studio.log.append(drafts(production().history))
    return store


def some_events(name: str) -> list[Event]:
    """A record with a song, a budget and a note; *name* is that of the record."""
    song = f"{name}/song"
    return [
        RecordOpened(record=name, title=f"Title {name}", artist="The Ferrymen", currency="EUR"),
        SongAdded(song=song, title="Song"),
        BudgetSet(record=name, lines={"rooms": Money(minor=len(name), currency="EUR")}),
        NoteAdded(record=name, song=song, target=song, text=f"late {name}", by="pat"),
    ]


Damage = Callable[[Path, random.Random], None]


def delete(path: Path, _: random.Random) -> None:
    path.unlink()


def delete_all(path: Path, _: random.Random) -> None:
    for file in path.parent.glob("models.db*"):
        file.unlink()


def truncate(path: Path, chance: random.Random) -> None:
    with path.open("r+b") as file:
        file.truncate(chance.randrange(path.stat().st_size))


def empty(path: Path, _: random.Random) -> None:
    os.truncate(path, 0)


def overwrite(path: Path, chance: random.Random) -> None:
    with path.open("r+b") as file:
        file.write(chance.randbytes(path.stat().st_size))


def overwrite_pages(path: Path, chance: random.Random) -> None:
    """Overwrite one page or several, whole."""
    pages = max(1, path.stat().st_size // PAGE)
    with path.open("r+b") as file:
        for page in chance.sample(range(pages), chance.randint(1, min(4, pages))):
            file.seek(page * PAGE)
            file.write(chance.randbytes(PAGE))


def overwrite_write_ahead_log(path: Path, chance: random.Random) -> None:
    beside = path.with_name(f"{path.name}-wal")
    if beside.exists() and (size := beside.stat().st_size):
        with beside.open("r+b") as file:
            file.seek(chance.randrange(size))
            file.write(chance.randbytes(PAGE))


def replace_by_a_folder(path: Path, _: random.Random) -> None:
    path.unlink()
    path.mkdir()


def replace_by_a_pipe(path: Path, _: random.Random) -> None:
    path.unlink()
    os.mkfifo(path)


def replace_by_a_link(path: Path, _: random.Random) -> None:
    outside = path.parent.parent / "outside"
    shutil.copyfile(path, outside)
    path.unlink()
    path.symlink_to(outside)


def replace_by_a_dangling_link(path: Path, _: random.Random) -> None:
    path.unlink()
    path.symlink_to(path.parent.parent / "nothing")


def leave_files_beside(path: Path, chance: random.Random) -> None:
    """Delete the database; leave a journal, a write-ahead log and its index of another one."""
    path.unlink()
    for ending in ("-wal", "-shm", "-journal"):
        path.with_name(f"{path.name}{ending}").write_bytes(chance.randbytes(32768))


DAMAGES: Sequence[Damage] = (
    delete, delete_all, truncate, empty, overwrite, overwrite_pages, overwrite_write_ahead_log, replace_by_a_folder,
    replace_by_a_pipe, replace_by_a_link, replace_by_a_dangling_link, leave_files_beside,
)  # fmt: skip


def mend(path: Path) -> None:
    """Remove files that a damage put in place of the models."""
    for file in path.parent.glob(f"{path.name}*"):
        if file.is_dir() and not file.is_symlink():
            file.rmdir()
        else:
            file.unlink()
