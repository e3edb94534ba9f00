"""Traps in a hostile store, and guarded objects beside them that no command may touch."""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.orchestrator.store.foreign_stores import UnusedPort, script, setting, unused_port

LONG_AGO: Final = 1_000_000_000
LONGEST_S: Final = 14_400
"""Seconds after which the guarded process ends by itself, should nobody end it; a full drill is shorter."""
LINKS: Final = (
    "config.toml", "config.toml.new", "log.db", "log.db-wal", "log.db-shm", "log.db.queue", "log.db.turn", "at",
    "at.new", "driver.lock", "vault", "vault/blobs", "vault/blobs/00", "vault/reports", "vault/peaks",
    "vault/incoming", "vault/incoming/1-000000000000", "vault/incoming/1-000000000000.lock",
)  # fmt: skip
"""Names in ``.takesheet`` that may be links."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Files elsewhere, a socket, and a process group, which commands on a hostile store must leave alone."""

    room: Path
    unused_port: UnusedPort
    process: "subprocess.Popen[bytes]"

    @property
    def ran(self) -> Path:
        """The file that any program of the store would leave behind."""
        return self.room / "ran"

    @property
    def file(self) -> Path:
        return self.room / "elsewhere" / "file"

    @property
    def folder(self) -> Path:
        return self.room / "elsewhere" / "folder"

    def check(self, after: object) -> None:
        """Raise unless all is unchanged; *after* names the last step, for the message."""
        assert not self.ran.exists(), f"{after}: ran {self.ran.read_text()}"
        assert not self.unused_port.was_contacted, f"{after}: connected"
        assert self.process.poll() is None, f"{after}: killed"
        opened = [str(file) for file in self.kept if file.stat().st_atime != LONG_AGO]
        assert not opened, f"{after}: read {opened}"
        assert self.file.read_bytes() == b"keep", f"{after}: wrote into a file elsewhere"
        names = sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))
        assert names == ["1-000000000000", "1-000000000000.lock", "1-000000000000/f"], f"{after}: {names}"
        assert (self.folder / "1-000000000000" / "f").read_bytes() == b"keep", f"{after}: wrote into a folder elsewhere"
        modes = {oct(path.stat().st_mode & 0o777) for path in self.kept}
        assert modes == {"0o644"}, f"{after}: changed permissions elsewhere to {modes}"
        self.rest()

    @property
    def kept(self) -> tuple[Path, Path]:
        """The guarded files elsewhere."""
        return self.file, self.folder / "1-000000000000" / "f"

    def rest(self) -> None:
        """Set the access times of the guarded files back, so that the next reading shows (if the system records it)."""
        for file in self.kept:
            os.utime(file, (LONG_AGO, file.stat().st_mtime))


@contextmanager
def watch(room: Path) -> Iterator[Watch]:
    (room / "elsewhere" / "folder" / "1-000000000000").mkdir(parents=True)
    (room / "elsewhere" / "folder" / "1-000000000000.lock").touch()
    for file in (room / "elsewhere" / "file", room / "elsewhere" / "folder" / "1-000000000000" / "f"):
        file.write_bytes(b"keep")
        file.chmod(0o644)
    sleeper = subprocess.Popen(["sleep", str(LONGEST_S)], start_new_session=True)
    try:
        with unused_port() as listener:
            watched = Watch(room, listener, sleeper)
            watched.rest()
            yield watched
    finally:
        sleeper.kill()
        sleeper.wait()


def link(store: Path, name: str, watched: Watch) -> None:
    """Replace *name* of the store's folder by a link."""
    place = store / ".takesheet" / name
    shutil.rmtree(place, ignore_errors=True)
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    room = name.startswith("vault/incoming/1") and not name.endswith(".lock")
    if room:
        place.with_suffix(".lock").touch()
    folder = room or (name.startswith("vault") and not name.endswith(".lock"))
    place.symlink_to(watched.folder if folder else watched.file)


def programs(store: Path, watched: Watch) -> None:
    """Set a player and a plug-in of the store's own."""
    program = script(watched.room / "program", watched.ran)
    setting(store, "player", str(program))
    with (store / ".takesheet" / "config.toml").open("a") as config:
        config.write(f'[plugins]\nwarmth = "{program}"\n')


def remote_log(store: Path, watched: Watch) -> None:
    setting(store, "log", f"postgresql://pat@127.0.0.1:{watched.unused_port.port}/label")


def remote_vault(store: Path, watched: Watch) -> None:
    setting(store, "vault", f"http://127.0.0.1:{watched.unused_port.port}/vault")


@contextmanager
def prefect(store: Path, watched: Watch) -> Iterator[None]:
    """Write Prefect settings that run a program, and server facts that name another process group."""
    home = store / ".takesheet" / "prefect"
    home.mkdir(exist_ok=True)
    handler = json.dumps({"()": "subprocess.check_output", "args": ["touch", str(watched.ran)]})
    logging = f"version: 1\nhandlers:\n  x: {handler}\nroot: {{level: WARNING, handlers: [x]}}\n"
    (home / "logging.yml").write_text(logging)
    (home / "flows-logging.yml").symlink_to(watched.file)
    facts = {"pid": watched.process.pid, "port": watched.unused_port.port, "token": "x"}
    with (home / "server.json").open("w+") as file:
        file.write(json.dumps(facts))
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def unfinished(folder: Path, watched: Watch) -> None:
    """Create a helper folder beside a target that is a link to a folder elsewhere."""
    folder.mkdir(exist_ok=True)
    (folder / ".takesheet-unfinished").symlink_to(watched.folder)


def endless_settings(store: Path) -> None:
    (store / ".takesheet" / "config.toml").write_text(".".join(["a"] * 60_000) + " = 1\n")


SETTINGS: Final[tuple[Callable[[Path, Watch], None], ...]] = (programs, remote_log, remote_vault)
HUSH: Final = {"PGPASSWORD": "hush", "PGCONNECT_TIMEOUT": "2", "EDITOR": "false", "NO_COLOR": "1"}


def hushed() -> dict[str, str]:
    """The environment of a user with a password that a hostile store must not get."""
    return {name: value for name, value in os.environ.items() if name != "TAKESHEET_STORE"} | HUSH
