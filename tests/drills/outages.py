"""Outages while renders are due, under `up` and one-shot: the log's database, the vault, the disk, the lock.

There is no step by hand but the return of the missing resource.  Then everything due is rendered, no report is recorded
twice, no job failed, each outage is recorded as one pause and one resumption, and no process is left.
"""

import random
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.orchestrator.disks import SmallDisk, mounted
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.log.databases import Schemas, Server
from tests.orchestrator.loopback_vault import FileServer, on_path
from tests.orchestrator.outages import (
    ENGINE,
    events,
    keep_in,
    on_postgres,
    recorded_once,
    settle,
    terminate_drivers,
    with_takes,
)
from tests.orchestrator.processes import left_after
from tests.orchestrator.standing import Up, standing

AWAY_S = (0.5, 3.0)
LEFT_AFTER_S = 5.0


class Studio:
    """A label with its log on a PostgreSQL server and its vault on a file server; both can be taken away."""

    def __init__(self, folder: Path, server: Server, schemas: Schemas) -> None:
        self.server = server
        self.label = on_postgres(folder / "label", schemas)
        shutil.copytree(self.label.folder / ".takesheet" / "vault", folder / "served" / "vault")
        self.files = FileServer(folder / "served")
        keep_in(self.label, self.files.url)
        self.env = on_path(folder / "plugged in")
        self.other = Label(folder / "other")  # the desk of another machine: the same log, the same vault
        shutil.copytree(self.label.folder, self.other.folder)
        self.other.does("trust", "--yes")
        self.decided = 0

    def decide(self) -> None:
        """Decide an edit that was never rendered, so that a render is due."""
        start = 0.001 * self.decided
        self.decided += 1
        self.label.does("take", "approve", f"{SONG}/drums/1")
        self.label.does(
            "take", "approve", f"{SONG}/drums/2", "--from", f"{start + 0.1:.3f}", "--to", f"{start + 0.5:.3f}"
        )

    def whole(self, pauses: int) -> None:
        """Check that everything due is rendered once, and that the log records *pauses* outages."""
        told = [row["kind"] for row in events(self.label, *ENGINE)]
        assert told == list(ENGINE) * pauses, told
        assert events(self.label, "render-failed") == []
        recorded_once(self.label)
        said = self.label.apart("log", "verify", "--views", env=self.env)
        assert said.code == 0, said


@contextmanager
def studio() -> Iterator[Studio]:
    with (
        TemporaryDirectory(prefix="takesheet-drill-") as folder,
        Server() as server,
        closing(Schemas(server.url)) as schemas,
    ):
        made = Studio(Path(folder), server, schemas)
        try:
            yield made
        finally:
            made.files.down()
        left = left_after(folder, LEFT_AFTER_S)
        assert not left, f"processes {left} live"


def under_up(rounds: int) -> None:
    """In each round take one resource away, record a decision meanwhile, and give it back."""
    chance = random.Random(5)  # noqa: S311 - a drill that can be repeated
    with studio() as made, standing(made.label, made.env) as up:
        for number in range(rounds):
            (_database, _vault, _lock)[number % 3](made, up, chance.uniform(*AWAY_S))
            settle(made.label)
            made.whole(pauses=number + 1 - (number + 1) // 3)


def _database(made: Studio, up: Up, away_s: float) -> None:
    paused, before = up.said.count("paused: the log"), up.said.count("rendering continues")
    made.server.kill()
    up.says("^paused: the log cannot be reached", times=paused + 1)
    time.sleep(away_s)
    made.server.start()
    up.says("^rendering continues", times=before + 1)
    made.decide()


def _vault(made: Studio, up: Up, away_s: float) -> None:
    paused, before = up.said.count("paused: the vault"), up.said.count("rendering continues")
    made.files.down()
    made.decide()
    up.says("^paused: the vault cannot be reached", times=paused + 1)
    time.sleep(away_s)
    made.files.up()
    up.says("^rendering continues", times=before + 1)


def _lock(made: Studio, up: Up, away_s: float) -> None:
    """The lock is lost while two drivers want it: both render, and each report is recorded once."""
    del away_s
    lost = up.said.count("the driver's lock was lost")
    terminate_drivers(made.server)
    made.decide()
    said = made.other.apart("render", env=made.env)
    assert said.code == 0, said
    up.says("^the driver's lock was lost", times=lost + 1)


def one_shot(rounds: int) -> None:
    """In each round take the database or the vault away in the middle of a render, and give it back."""
    chance = random.Random(6)  # noqa: S311 - a drill that can be repeated
    with studio() as made:
        for number in range(rounds):
            made.decide()
            render = made.label.begin("render", env=made.env)
            assert render.stderr is not None
            away, back = ((made.files.down, made.files.up), (made.server.kill, made.server.start))[number % 2]
            time.sleep(chance.uniform(0.5, 6.0))
            away()
            time.sleep(chance.uniform(*AWAY_S))
            back()
            _, err = render.communicate(timeout=180)
            assert render.returncode in {0, 1}, err
            said = made.label.apart("render", env=made.env)
            assert said.code == 0, said
            told = [row["kind"] for row in events(made.label, *ENGINE)]
            assert told == list(ENGINE) * (len(told) // 2), told
            made.whole(pauses=len(told) // 2)


def full_disk(rounds: int) -> None:
    """In each round almost fill the vault's disk, so that either a render or a publication finds no space."""
    chance = random.Random(7)  # noqa: S311 - a drill that can be repeated
    with TemporaryDirectory(prefix="takesheet-drill-") as folder, mounted(Path(folder) / "disk", 24) as disk:
        if disk is None:
            print("this user may mount nothing: no disk was filled")
            return
        label = _on_disk(Path(folder) / "label", disk)
        label.does("take", "approve", f"{SONG}/drums/1")
        with standing(label) as up:
            settle(label)
            size = max(file.stat().st_size for file in (disk.folder / "vault" / "blobs").glob("*/*"))
            for number in range(rounds):
                # Alternately the audio itself finds no space, and the report published with it.
                room = (size + 2000, chance.choice([0, 4000, size // 4, size - 8000]))[number % 2]
                span = ("--from", f"{0.1 * number:.1f}", "--to", f"{0.1 * number + 0.5:.1f}")
                with disk.full(but=room):
                    label.does("take", "approve", f"{SONG}/drums/2", *span)
                    up.says("^paused: no disk space", times=number + 1)
                up.says("^rendering continues", times=number + 1)
                settle(label)
        told = [row["kind"] for row in events(label, *ENGINE)]
        assert told == list(ENGINE) * rounds, told
        assert events(label, "render-failed") == []
        recorded_once(label)
        label.does("log", "verify", "--audio=")
        left = left_after(folder, LEFT_AFTER_S)
        assert not left, f"processes {left} live"


def _on_disk(folder: Path, disk: SmallDisk) -> Label:
    folder.mkdir()
    label = with_takes(open_label(folder, "Drums"), seconds=9.0)
    shutil.copytree(folder / ".takesheet" / "vault", disk.folder / "vault")
    keep_in(label, disk.folder / "vault")
    return label


DRILLS = [
    ("the database, the vault and the lock away under `up`", under_up, 12, 3),
    ("the database or the vault away in the middle of a render", one_shot, 10, 2),
    ("a full disk in the middle of renders and publishes", full_disk, 8, 2),
]
