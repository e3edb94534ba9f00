"""Prefect's database, template, server and home, broken in every way, before a render, within one, and under `up`.

Without help the next report is recorded nevertheless, nothing is recorded twice, and no process is left.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from domain.render.jobs import Rendered
from domain.status.events.event_types import KINDS
from flows.vault.vault import user_cache
from orchestrator.engine.prefect_server.database import template_file
from orchestrator.engine.prefect_server.home import home_of, read_facts
from orchestrator.engine.process_identity import record_in
from orchestrator.log.query import Query
from orchestrator.log.store import Log
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.processes import left_after
from tests.orchestrator.sounds import note

PATIENCE_S = 240.0
Break: TypeAlias = Callable[[Path], None]


def _empty(home: Path) -> None:
    (home / "prefect.db").write_bytes(b"")


def _delete(home: Path) -> None:
    for file in home.glob("prefect.db*"):
        file.unlink(missing_ok=True)


def _scribble(home: Path) -> None:
    (home / "prefect.db").write_bytes(b"no database" * 10_000)


def _halve(home: Path) -> None:
    os.truncate(home / "prefect.db", (home / "prefect.db").stat().st_size // 2)


def _age(home: Path) -> None:
    with sqlite3.connect(home / "prefect.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'deadbeef'")


def _remove_home(home: Path) -> None:
    while home.exists():  # a server may still write into the home
        with suppress(OSError):
            shutil.rmtree(home)


def _put_file_for_home(home: Path) -> None:
    _remove_home(home)
    home.write_text("no folder")


def _forge_facts(home: Path) -> None:
    (home / "server.json").write_text(json.dumps({"pid": os.getpid(), "start": "1", "port": 1, "token": "x"}))


def _spoil_template(home: Path) -> None:
    """Put a bad template into the cache, and delete the database so that the template is needed."""
    template_file().write_bytes(template_file().read_bytes()[:50_000])
    _delete(home)


def _stop_server(home: Path) -> None:
    _signal(home, signal.SIGSTOP)


def _kill_server(home: Path) -> None:
    _signal(home, signal.SIGKILL)


def _signal(home: Path, what: signal.Signals) -> None:
    record = record_in(read_facts(home))
    if record.is_proved():
        os.kill(record.pid, what)


BEFORE: tuple[Break, ...] = (
    _scribble, _spoil_template, _put_file_for_home, _empty, _halve, _age, _delete, _remove_home, _forge_facts,
)  # fmt: skip
WITHIN: tuple[Break, ...] = (_stop_server, _remove_home, _kill_server, _empty, _delete, _scribble)


def broken_before_a_render(rounds: int) -> None:
    """In each round break something while nothing runs, then render what is due."""
    with TemporaryDirectory(prefix="takesheet-drill-") as folder, _own_cache(Path(folder) / "cache"):
        label = _label(Path(folder))
        home = home_of(label.folder / ".takesheet")
        _render(label)
        for number in range(rounds):
            _decide(label)
            way = BEFORE[number % len(BEFORE)]
            way(home)
            _render(label)
            _whole(label, folder, home)
            print(f"  {way.__name__}: rendered", flush=True)


def broken_within_a_render(rounds: int) -> None:
    """In each round break something at some moment of a render."""
    chance = random.Random(3)  # noqa: S311 - a drill that can be repeated
    with TemporaryDirectory(prefix="takesheet-drill-") as folder:
        label = _label(Path(folder))
        home = home_of(label.folder / ".takesheet")
        for number in range(rounds):
            _decide(label)
            way, began = WITHIN[number % len(WITHIN)], time.monotonic()
            process = label.begin("render")
            _server(home)
            time.sleep(chance.uniform(0, 6))
            with suppress(FileNotFoundError, ProcessLookupError):  # the render had finished
                way(home)
            _, err = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0, (way.__name__, err)
            print(f"  {way.__name__}: rendered after {time.monotonic() - began:.0f} s", flush=True)
            _whole(label, folder, home)


def broken_under_up(rounds: int) -> None:
    """In each round break something under one standing driver, which replaces it while idle and goes on rendering."""
    with TemporaryDirectory(prefix="takesheet-drill-") as folder:
        label = _label(Path(folder))
        home = home_of(label.folder / ".takesheet")
        with label.begin("up") as up:
            _wait_rendered(label)
            for number in range(rounds):
                way, old = WITHIN[number % len(WITHIN)], _server(home)
                way(home)
                began = time.monotonic()
                while _server(home) == old:
                    assert time.monotonic() - began < PATIENCE_S, f"{way.__name__}: the old server still stands"
                    assert up.poll() is None, f"{way.__name__}: `up` ended: {up.communicate()[1]}"
                    time.sleep(0.2)
                print(f"  {way.__name__}: another server after {time.monotonic() - began:.0f} s", flush=True)
                _decide(label)
                _wait_rendered(label)
            up.send_signal(signal.SIGTERM)
            up.communicate(timeout=PATIENCE_S)
        _whole(label, folder, home)


@contextmanager
def _own_cache(folder: Path) -> Iterator[None]:
    """Context with a cache of this drill alone, since it spoils the template; compiled kernels are the user's."""
    theirs, before = user_cache(), os.environ.get("XDG_CACHE_HOME")
    (folder / "takesheet").mkdir(parents=True)
    (folder / "takesheet" / "numba").symlink_to(theirs / "numba")
    with suppress(FileNotFoundError):
        shutil.copy(template_file(), folder / "takesheet")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    try:
        yield
    finally:
        del os.environ["XDG_CACHE_HOME"]
        if before is not None:
            os.environ["XDG_CACHE_HOME"] = before


def _label(folder: Path) -> Label:
    label = open_label(folder, "Bass")
    for take, hz in enumerate((80, 90), start=1):
        label.does("take", "ingest", f"{SONG}/bass", note(folder / f"bass_{take}.wav", hz, seconds=3.0))
    label.does("take", "approve", f"{SONG}/bass/1")
    label.does("mix", "revise", SONG, label.mix_recipe("bass"))
    return label


def _decide(label: Label) -> None:
    """Decide an edit that was never decided before: a splice at another place for each event of the log."""
    start = 0.02 * (label.head % 100)
    label.does("take", "approve", f"{SONG}/bass/2", "--from", f"{start:.2f}", "--to", f"{start + 0.4:.2f}")


def _render(label: Label) -> None:
    said = label.begin("render")
    _, err = said.communicate(timeout=PATIENCE_S)
    assert said.returncode == 0, err
    assert f"done mix {SONG}@mix1" in err, err


def _wait_rendered(label: Label) -> None:
    until = time.monotonic() + PATIENCE_S
    while any(row["standing"] != "to hear" for row in label.data("mix", "list", SONG)):
        assert time.monotonic() < until, label.data("mix", "list", SONG)
        time.sleep(0.5)


def _server(home: Path) -> int:
    """Return the process id of the server in *home*, once there is one."""
    until = time.monotonic() + PATIENCE_S
    while not (record := record_in(read_facts(home))).is_proved():
        assert time.monotonic() < until, "no server came"
        time.sleep(0.02)
    return record.pid


def _whole(label: Label, folder: str, home: Path) -> None:
    """Check that nothing is due, nothing was recorded twice, and no process is left."""
    assert not left_after(folder, 5)
    assert not left_after(str(home), 5)
    process: subprocess.Popen[str] = label.begin("render")
    _, err = process.communicate(timeout=PATIENCE_S)
    assert "everything is rendered" in err, err
    with Log.open(label.folder / ".takesheet/log.db", kinds=KINDS) as log:
        events = (recorded.event for recorded in log.read(Query.of(Rendered)))
        keys = Counter(event.report.key for event in events if isinstance(event, Rendered))
    assert max(keys.values()) == 1, f"recorded twice: {[key for key, times in keys.items() if times > 1]}"


DRILLS = [
    ("Prefect's database, template and home broken before a render", broken_before_a_render, len(BEFORE), 2),
    ("Prefect's database, server and home broken within a render", broken_within_a_render, 2 * len(WITHIN), 1),
    ("Prefect's database, server and home broken under `up`", broken_under_up, len(WITHIN), 1),
]
