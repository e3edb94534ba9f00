"""Every trap in other people's stores, and every command on them: nothing runs, connects, crashes or is written."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.orchestrator.label import SONG, Label, Said, open_label
from tests.orchestrator.sounds import note
from tests.orchestrator.store import traps
from tests.orchestrator.store.commands import ALONE, APART, commands
from tests.orchestrator.store.foreign_stores import given_away
from tests.orchestrator.store.traps import Watch, hushed, watch
from tests.paths import ROOT

TOUCHING = (
    "at", "board", "note", "take ingest", "doctor", "vault usage", "vault mirror", "log verify", "store backup",
    "store move", "path",
)  # fmt: skip
"""Commands that between them open every file of a store."""
END_S = 90.0
UP_S = 20.0
"""Seconds that ``up`` runs on a store that it may drive; enough for its server to answer on an idle machine."""


def of_another_account(rounds: int) -> None:
    """Every command refuses a store of another uid, whatever its contents."""
    if os.geteuid() != 0:
        print("left out: only root gives files to another account", flush=True)
        return
    for _ in range(rounds):
        with _stores("foreign") as (watched, new):
            for trap in traps.SETTINGS:
                store = new()
                trap(store, watched)
                with traps.prefect(store, watched):
                    _all_refuse(given_away(store), watched)
            for name in traps.LINKS:
                store = new()
                traps.link(store, name, watched)
                _all_refuse(given_away(store), watched, only=TOUCHING)


def unzipped(rounds: int) -> None:
    """Every command works on, or refuses, an unzipped store with untrusted settings.

    One round tries links on the commands that touch every file; a full drill on all.
    """
    with _stores("unzipped") as (watched, new):
        for trap in traps.SETTINGS:
            store = new()
            trap(store, watched)
            _all(store, watched)
        for name in traps.LINKS:
            store = new()
            traps.link(store, name, watched)
            _all(store, watched, only=TOUCHING if rounds == 1 else ())


def with_helper_folders(_: int) -> None:
    """A helper folder beside a target that is a link: the link's target is neither emptied nor written."""
    with _stores("helpers") as (watched, new):
        store = new()
        traps.unfinished(store / "out", watched)
        for words in (("log", "export", "out/log"), ("store", "backup", "out/b.tar"), ("export", SONG, "out")):
            Label(store).run(*words)
            watched.check(words)


def with_endless_settings(_: int) -> None:
    """Settings that a careless parser never finishes are refused in one sentence."""
    with _stores("endless") as (_watched, new):
        store = new()
        traps.endless_settings(store)
        assert _apart(store, ["board"]).code == 2, "no sentence in time"


def with_settings_of_prefect(_: int) -> None:
    """Prefect's settings and a server's facts, forged in a store: a render obeys neither."""
    with _stores("prefect") as (watched, new):
        store = new()
        with traps.prefect(store, watched):
            _apart(store, ["render", SONG])
            watched.check("render")


@contextmanager
def _stores(name: str) -> Iterator[tuple[Watch, Callable[[], Path]]]:
    """Yield guarded objects and a factory of unzipped stores: copies, each in a folder of its own."""
    with TemporaryDirectory(prefix=f"takesheet-{name}-") as folder, watch(Path(folder)) as watched:
        Path(folder).chmod(0o755)
        original, count = Path(folder) / "original", 0
        original.mkdir()
        label = open_label(original, "Drums")
        label.does("take", "ingest", f"{SONG}/drums", note(original / "drums.wav", 60, seconds=0.5))
        label.does("take", "approve", f"{SONG}/drums/1")
        label.does("mix", "revise", SONG, label.mix_recipe("drums"))

        def new() -> Path:
            nonlocal count
            count += 1
            store = Path(folder) / f"store-{count}"
            shutil.copytree(original / ".takesheet", store / ".takesheet")
            return store

        yield watched, new


def _all_refuse(store: Path, watched: Watch, only: tuple[str, ...] = ()) -> None:
    came = _all(store, watched, only=only)
    others = {name: said for name, said in came if name not in ALONE and (said.code, said.rule) != (3, "store.trust")}
    assert not others, others


def _all(store: Path, watched: Watch, only: tuple[str, ...] = ()) -> list[tuple[str, Said]]:
    """Run every command (or *only* some) on *store*, and check the guarded objects after each."""
    came = []
    with TemporaryDirectory(prefix="takesheet-words-") as room:
        for name, words in commands(Path(room)):
            if only and name not in only:
                continue
            said = _run(store, name, [*words, "--store", str(store), "--no-input"], Path(room))
            watched.check((store.name, *words))
            came.append((name, said))
    return came


def _run(store: Path, name: str, words: list[str], room: Path) -> Said:
    if name in {"init", "demo"}:
        words = [name, str(store), "--no-input"]
    if name in APART:
        return _apart(room, words)
    before = dict(os.environ)
    os.environ.update(hushed())
    try:
        return Label(room).run(*words)
    finally:
        os.environ.clear()
        os.environ.update(before)


def _apart(folder: Path, words: list[str]) -> Said:
    """Run a command as a process of its own, with a time limit."""
    command = [sys.executable, "-m", "orchestrator.cli.main", *words]
    process = subprocess.Popen(
        command, cwd=folder, env=hushed() | {"PYTHONPATH": str(ROOT)}, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=UP_S if words[0] == "up" else END_S)
    except subprocess.TimeoutExpired:
        process.terminate()
        out, err = process.communicate(timeout=END_S)
    return Said(process.returncode, out, err)


DRILLS = [
    ("hostile store of another account", of_another_account, 3, 1),
    ("hostile store, unzipped", unzipped, 2, 1),
    ("hostile store, helper folders", with_helper_folders, 1, 1),
    ("hostile store, endless settings", with_endless_settings, 1, 1),
    ("hostile store, settings of Prefect", with_settings_of_prefect, 1, 1),
]
