"""Renders killed without warning: the driver, Prefect's server, or both; then one render that may finish.

Everything due is rendered, nothing was recorded twice, no unfinished file has a final name or is left in scratch, and
no process of ours lives five seconds later.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from domain.render.jobs import Rendered
from domain.status.events.event_types import KINDS
from orchestrator.engine.prefect_server.home import home_of, read_facts
from orchestrator.engine.process_identity import record_in
from orchestrator.log.query import Query
from orchestrator.log.store import Log
from tests.orchestrator.processes import kill, left_after

RATE, SECONDS = 44_100, 20
SONGS, PARTS = ("One", "Two"), ("Drums", "Bass", "Keys")
LEFT_AFTER_S = 5.0


class Label:
    """A store with two songs whose mixes are due."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self("init", str(folder), "--label", "Drill", "--currency", "EUR", "--timezone", "UTC")
        self("record", "new", "Kill", "--artist", "Nobody")
        for number, song in enumerate(SONGS):
            self("song", "add", "kill", song)
            address = f"kill/{song.lower()}"
            self("part", "add", address, *PARTS)
            for part in PARTS:
                for take in (1, 2):
                    file = folder / f"{song}-{part}-{take}.wav"
                    _noise(file, seed=hash_of(number, part, take))
                    self("take", "ingest", f"{address}/{part.lower()}", str(file))
                self("take", "approve", f"{address}/{part.lower()}/1")
            recipe = folder / f"{song}.toml"
            recipe.write_text(self("mix", "draft", address))
            self("mix", "revise", address, str(recipe))

    def start(self, *words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "orchestrator.cli.main", *words]
        env = os.environ | {"TAKESHEET_STORE": str(self.folder), "NO_COLOR": "1", "TERM": "dumb"}
        return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __call__(self, *words: str) -> str:
        process = self.start(*words)
        out, err = process.communicate(timeout=300)
        if process.returncode:
            raise AssertionError(f"takesheet {' '.join(words)} left with {process.returncode}: {err}")
        return out

    def server(self) -> int | None:
        record = record_in(read_facts(home_of(self.folder / ".takesheet")))
        return record.pid if record.is_proved() else None


def hash_of(number: int, part: str, take: int) -> int:
    return number * 100 + PARTS.index(part) * 10 + take


def _noise(file: Path, *, seed: int) -> None:
    sound = np.random.default_rng(seed).uniform(-0.1, 0.1, (RATE * SECONDS, 2))
    soundfile.write(file, sound, RATE, subtype="PCM_24")


def killed_in_the_middle(rounds: int) -> None:
    """In each round decide a new splice, begin to render it, and kill."""
    chance = random.Random(7)  # noqa: S311 - a drill that can be repeated
    with TemporaryDirectory(prefix="takesheet-drill-") as folder:
        label = Label(Path(folder))
        label("render")
        for number in range(rounds):
            for song in SONGS:
                part = f"kill/{song.lower()}/{PARTS[number % len(PARTS)].lower()}"
                start = 1 + number // len(PARTS) % (SECONDS - 2)
                label("take", "approve", f"{part}/2", "--from", f"{start}", "--to", f"{start}.75")
            _kill_one(label, ("driver", "server", "both")[number % 3], chance.uniform(0.0, 0.8))
            home = home_of(label.folder / ".takesheet")
            left = left_after(folder, LEFT_AFTER_S) or left_after(str(home), LEFT_AFTER_S)
            assert not left, f"round {number}: processes {left} live {LEFT_AFTER_S} s later"
            _whole(label)
        for song in SONGS:  # killed and resumed renders equal an uninterrupted one, made by another process
            label("rebuild", f"kill/{song.lower()}@mix1")


def _kill_one(label: Label, victim: str, wait_s: float) -> None:
    process = label.start("render")
    assert process.stderr is not None
    begun = any(line.startswith("start ") for line in process.stderr)
    assert begun, "a render had begun before the kill"
    time.sleep(wait_s)
    server = label.server()
    if victim in {"driver", "both"}:
        kill(process.pid)
    if victim in {"server", "both"} and server:
        kill(server)
    process.stderr.read()
    process.wait(timeout=120)


def _whole(label: Label) -> None:
    """Check that one undisturbed render completes everything due, and leaves nothing behind."""
    label("render")
    second = label.start("render")
    _, err = second.communicate(timeout=120)
    assert second.returncode == 0, err
    assert "start " not in err, f"nothing was owed any more, and yet: {err}"
    with Log.open(label.folder / ".takesheet/log.db", kinds=KINDS) as log:
        events = (recorded.event for recorded in log.read(Query.of(Rendered)))
        keys = Counter(event.report.key for event in events if isinstance(event, Rendered))
    assert max(keys.values()) == 1, f"recorded twice: {[key for key, times in keys.items() if times > 1]}"
    vault = label.folder / ".takesheet/vault"
    unfinished = [file for file in (vault / "incoming").rglob("*") if file.is_file()]
    assert not unfinished, f"scratch holds {unfinished}"
    label("log", "verify", "--views", "--audio")


DRILLS = [("a render killed in the middle: driver, server, both", killed_in_the_middle, 30, 3)]
