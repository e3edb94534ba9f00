"""Backups and restores are killed (SIGKILL) at any moment, while another process writes to the store.

Then nothing stands under the name they were to have, or it is whole; the store verifies and goes on; and the next
backup into the same folder works, and sweeps what the killed one left.
"""

import multiprocessing
import random
import shutil
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.notes import NoteAdded
from orchestrator.appear import UNFINISHED
from orchestrator.desk.archive import check
from orchestrator.desk.backups import back_up, restore
from orchestrator.log.draft import Draft
from orchestrator.log.verify import verify
from orchestrator.settings import FOLDER
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, open_label
from tests.orchestrator.sounds import note

spawn = multiprocessing.get_context("spawn")


def write(folder: Path) -> None:
    """Write notes for ever."""
    with Studio.at(str(folder)) as studio:
        for number in range(1_000_000):
            event = NoteAdded(record="night-bus", target=f"{SONG}/drums", text=f"again {number} " + "x" * 500, by="pat")
            studio.log.append([Draft(event=event, actor="pat", via="pat@desk")])


def save(folder: Path, file: Path, begun: Path) -> None:
    """Back the store up."""
    with Studio.at(str(folder)) as studio:
        begun.touch()
        back_up(studio, file, audio=True)


def bring_back(file: Path, folder: Path, begun: Path) -> None:
    """Make a store of a backup."""
    begun.touch()
    restore(file, folder)


def began(process: BaseProcess, begun: Path) -> None:
    process.start()
    while not begun.exists():
        assert process.is_alive(), "it ended before it began"
        time.sleep(0.001)


def killed(process: BaseProcess, begun: Path, after_s: float) -> None:
    began(process, begun)
    time.sleep(after_s)
    process.kill()
    process.join()
    begun.unlink()


def kill_a_backup(store: Path, place: Path, number: int, chance: random.Random, lasts_s: float) -> bool:
    """Whether the backup was faster than the kill."""
    file, begun = place / f"backup-{number}.tar", place.parent / "begun"
    killed(spawn.Process(target=save, args=(store, file, begun)), begun, chance.uniform(0, lasts_s))
    done = file.exists()
    if done:
        check(file)
        file.unlink()
    assert {entry.name for entry in place.iterdir()} <= {UNFINISHED}, "something half-made stands under a name"
    return done


def kill_a_restore(file: Path, place: Path, chance: random.Random, lasts_s: float) -> bool:
    """Whether the restore was faster than the kill."""
    folder, begun = place / "again", place.parent / "begun"
    killed(spawn.Process(target=bring_back, args=(file, folder, begun)), begun, chance.uniform(0, lasts_s))
    done = (folder / FOLDER).exists()
    if not done:
        restore(file, folder)
    proved(folder)
    left = {UNFINISHED} if done else set()  # killed with the store in its place, and its scratch not yet away
    assert {FOLDER} <= {entry.name for entry in folder.iterdir()} <= {FOLDER, *left}
    shutil.rmtree(folder)
    return done


def proved(folder: Path) -> None:
    with Studio.at(str(folder)) as studio:
        found = verify(studio.log, views=True)
        assert found.sound, found.problems


def timed(process: BaseProcess, begun: Path, final: Path) -> float:
    """Seconds until *final* stands there."""
    began(process, begun)
    at = time.monotonic()
    while not final.exists():
        time.sleep(0.001)
    lasts_s = time.monotonic() - at
    process.join()
    assert process.exitcode == 0
    begun.unlink()
    return lasts_s


def run(rounds: int) -> None:
    with TemporaryDirectory() as temporary:
        root = Path(temporary)
        store, place, begun = root / "store", root / "place", root / "begun"
        store.mkdir()
        place.mkdir()
        label = open_label(store, "Drums")
        label.does(
            "take", "ingest", f"{SONG}/drums", *(note(root / f"d_{n}.wav", 50 + n, seconds=20.0) for n in (1, 2))
        )
        writer = spawn.Process(target=write, args=(store,))
        writer.start()
        try:
            first = place / "first.tar"
            saving_s = timed(spawn.Process(target=save, args=(store, first, begun)), begun, first)
            print(f"  a backup takes {saving_s:.2f} s", flush=True)
            bringing_s = timed(
                spawn.Process(target=bring_back, args=(first, root / "warm", begun)), begun, root / "warm" / FOLDER
            )
            first = first.rename(root / "first.tar")
            faster = 0
            for number in range(rounds):
                chance = random.Random(number)  # noqa: S311 - dice, not secrets
                faster += kill_a_backup(store, place, number, chance, 1.1 * saving_s)
                faster += kill_a_restore(first, place, chance, 1.1 * bringing_s)
                assert writer.is_alive(), "the writer ended by itself"
            assert faster < rounds, f"{faster} of {2 * rounds} were not killed in the middle"
        finally:
            writer.kill()
            writer.join()
        proved(store)
        label.does("store", "backup", place / "last.tar", "--with-audio")
        assert [entry.name for entry in place.iterdir()] == ["last.tar"]


DRILLS = [("backup and restore kill -9, under write load", run, 100, 3)]
