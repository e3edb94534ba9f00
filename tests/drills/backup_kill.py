"""Backups and restores are killed (SIGKILL) at any moment, while another process writes to the store; on PostgreSQL
also the server under a backup, alone or with it.

Afterwards, without repair by hand, the file under the final name is missing or whole: it gives a store that verifies,
with every event that was acknowledged before.  The backed-up store lost nothing, verifies and works; the next backup
into the same folder works, and removes the leftovers of the killed one.
"""

import multiprocessing
import os
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.label.notes import NoteAdded
from orchestrator.desk.upkeep.backups import back_up, restore
from orchestrator.log.append_condition import Draft
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreUncertain, StoreUnreachable
from orchestrator.new_file import UNFINISHED
from orchestrator.readmodels.models import MODELS
from orchestrator.store.config import FOLDER
from orchestrator.studio import Studio
from tests.drills.append_kill import in_tens
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.log.databases import Schemas, Server
from tests.orchestrator.sounds import note

LONGEST_S = 60.0
PAUSE_S = 0.003
"""Seconds between two notes of the writer: without a pause the store outgrows the checks of each round."""

spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Scene:
    """A store, its writer's acknowledged notes, a folder for backups, and a file that a victim writes as it starts."""

    store: Path
    said: Path
    place: Path
    begun: Path
    server: Server | None
    """The server that keeps the log; None on SQLite."""

    def acknowledged(self) -> set[str]:
        return set(self.said.read_text().split()) if self.said.exists() else set()


def write(store: Path, said: Path, away: tuple[type[Exception], ...]) -> None:
    """Write notes forever; write each to *said* only after it was acknowledged."""
    told, numbers = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND), count()
    while True:
        with suppress(*away), Studio.at(str(store)) as studio:
            for number in numbers:
                event = NoteAdded(record="night-bus", target=f"{SONG}/drums", text=f"{number} " + "x" * 500, by="pat")
                studio.log.append([Draft(event=event, actor="pat", via="pat@desk")])
                os.write(told, f"{number}\n".encode())
                time.sleep(PAUSE_S)


def save(store: Path, file: Path, begun: Path, away: tuple[type[Exception], ...]) -> None:
    """Back the store up, or refuse because its server is gone."""
    with Studio.at(str(store)) as studio, suppress(*away):
        begun.touch()
        back_up(studio, file, audio=True)


def bring_back(file: Path, folder: Path, begun: Path) -> None:
    """Restore a store from a backup."""
    begun.touch()
    restore(file, folder)


def began(process: BaseProcess, begun: Path) -> None:
    process.start()
    while not begun.exists():
        assert process.is_alive(), "it ended before it began"
        time.sleep(0.001)
    begun.unlink()


def timed(process: BaseProcess, begun: Path, final: Path) -> float:
    """Return the seconds until *final* exists."""
    began(process, begun)
    at = time.monotonic()
    while process.is_alive() and not final.exists():
        time.sleep(0.001)
    lasts_s = time.monotonic() - at
    process.join()
    assert process.exitcode == 0
    assert final.exists()
    return lasts_s


def saver(scene: Scene, file: Path) -> BaseProcess:
    away = (StoreUnreachable,) if scene.server else ()
    return spawn.Process(target=save, args=(scene.store, file, scene.begun, away))


def bringer(scene: Scene, file: Path, folder: Path) -> BaseProcess:
    return spawn.Process(target=bring_back, args=(file, folder, scene.begun))


def kill_a_backup(scene: Scene, number: int, chance: random.Random, lasts_s: float) -> bool:
    """Return True if the backup was finished before the kill."""
    file, before = scene.place / f"backup-{number}.tar", scene.acknowledged()
    process = saver(scene, file)
    began(process, scene.begun)
    time.sleep(chance.uniform(0, lasts_s))
    done = file.exists()
    kill(process, scene.server, number)
    if file.exists():
        again = scene.place.parent / "appeared"
        restore(file, again)
        proved(again, before)
        shutil.rmtree(again)
        file.unlink()
    assert {entry.name for entry in scene.place.iterdir()} <= {UNFINISHED}, "something half-made stands under a name"
    return done


def kill(process: BaseProcess, server: Server | None, number: int) -> None:
    """Kill the backup, or the server under it (then the backup must end by itself), or both."""
    if server is None or number % 3 == 0:
        process.kill()
        process.join()
        return
    server.kill()
    if number % 3 == 1:  # the backup may notice before or after the server is back
        process.join(LONGEST_S)
        assert process.exitcode == 0, "it neither appeared nor was refused"
    process.kill()
    process.join()
    server.start()


def kill_a_restore(scene: Scene, file: Path, chance: random.Random, lasts_s: float) -> bool:
    """Return True if the restore was finished before the kill."""
    folder = scene.place.parent / "again"
    process = bringer(scene, file, folder)
    began(process, scene.begun)
    time.sleep(chance.uniform(0, lasts_s))
    process.kill()
    process.join()
    done = (folder / FOLDER).exists()
    if not done:
        restore(file, folder)
    proved(folder, set())
    left = {UNFINISHED} if done else set()  # killed with the store in place and its scratch folder not yet deleted
    assert {FOLDER} <= {entry.name for entry in folder.iterdir()} <= {FOLDER, *left}
    shutil.rmtree(folder)
    return done


def proved(folder: Path, acknowledged: set[str]) -> None:
    """Check that the store in *folder* verifies, read models and all, and has every acknowledged event."""
    with Studio.at(str(folder)) as studio:
        found = verify(studio.log)
        assert found.sound, found.problems
        studio.models.catch_up(*MODELS)
        assert studio.models.disagreements(*MODELS) == []
        there = {one.event.text.split()[0] for one in studio.read_all() if isinstance(one.event, NoteAdded)}
    assert acknowledged <= there, f"{len(acknowledged - there)} acknowledged events are gone"


@contextmanager
def written_to(scene: Scene) -> Iterator[BaseProcess]:
    """Context in which a writer is at work in the store."""
    away = (StoreUnreachable, StoreUncertain) if scene.server else ()
    writer = spawn.Process(target=write, args=(scene.store, scene.said, away))
    writer.start()
    try:
        goes_on(scene, writer)
        yield writer
    finally:
        writer.kill()
        writer.join()


def goes_on(scene: Scene, writer: BaseProcess) -> None:
    """Wait until the writer has another acknowledged event."""
    before, until = len(scene.acknowledged()), time.monotonic() + LONGEST_S
    while len(scene.acknowledged()) <= before:
        assert writer.is_alive(), "the writer ended by itself"
        assert time.monotonic() < until, "the store does not go on"
        time.sleep(0.01)


def kill_them(root: Path, label: Label, server: Server | None, numbers: range) -> int:
    """Kill a backup and a restore in each round; return how many were finished before the kill."""
    scene = Scene(label.folder, root / "said", root / "place", root / "begun", server)
    scene.place.mkdir()
    faster, first, warm = 0, root / "first.tar", (root / "cold", root / "warm")
    with written_to(scene) as writer:
        saving_s = min(timed(saver(scene, file), scene.begun, file) for file in (root / "cold.tar", first))
        bringing_s = min(timed(bringer(scene, first, place), scene.begun, place / FOLDER) for place in warm)
        print(f"  a backup takes {saving_s:.2f} s, a restore {bringing_s:.2f} s", flush=True)
        for number in numbers:
            chance = random.Random(number)  # noqa: S311 - dice, not secrets
            faster += kill_a_backup(scene, number, chance, 0.9 * saving_s)
            faster += kill_a_restore(scene, first, chance, 0.9 * bringing_s)
            goes_on(scene, writer)
            proved(scene.store, scene.acknowledged())
    proved(scene.store, scene.acknowledged())
    label.does("store", "backup", scene.place / "last.tar", "--with-audio")
    assert [entry.name for entry in scene.place.iterdir()] == ["last.tar"]
    return faster


def run(rounds: int, server: Server | None = None, schemas: Schemas | None = None) -> None:
    faster = 0
    for numbers in in_tens(rounds):
        with TemporaryDirectory() as temporary:
            root = Path(temporary)
            (root / "store").mkdir()
            label = open_label(root / "store", "Drums")
            sounds = [note(root / f"d_{n}.wav", 50 + n, seconds=20.0) for n in (1, 2)]
            label.does("take", "ingest", f"{SONG}/drums", *sounds)
            if schemas:
                label.does("store", "move", schemas.place().whole)
            faster += kill_them(root, label, server, numbers)
    assert faster <= rounds, f"{faster} of {2 * rounds} were not killed in the middle"


def on_postgresql(rounds: int) -> None:
    with Server() as server, closing(Schemas(server.url)) as schemas:
        run(rounds, server, schemas)


DRILLS = [
    ("backup and restore kill -9, under write load, SQLite", run, 100, 3),
    ("backup kill -9, the server too, and restore, under write load, PostgreSQL", on_postgresql, 20, 2),
]
