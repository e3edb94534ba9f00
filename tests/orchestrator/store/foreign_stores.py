"""Stores prepared by another person: owned by another account, unzipped, or with traps in them."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534
"""The account that owns other people's stores, if a test may change owners."""


def given_away(folder: Path, uid: int = NOBODY) -> Path:
    """Return *folder* after giving it and its contents to another account; links themselves, not their targets."""
    for path in (folder, *folder.rglob("*")):
        os.lchown(path, uid, uid)
    return folder


def setting(store: Path, name: str, value: str) -> None:
    """Write one setting into ``config.toml`` by hand, as an editor would."""
    config = store / ".takesheet" / "config.toml"
    lines = [line for line in config.read_text().splitlines() if not line.startswith(f"{name} =")]
    config.write_text("\n".join([f'{name} = "{value}"', *lines]) + "\n")


def script(file: Path, canary: Path) -> Path:
    """Write a program that creates *canary* when it runs."""
    file.write_text(f"#!/bin/sh\necho \"$@\" >> '{canary}'\n")
    file.chmod(0o755)
    return file


class UnusedPort:
    """A listening socket on loopback to which no program must connect."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.port = int(listener.getsockname()[1])

    @property
    def was_contacted(self) -> bool:
        """True if anybody connected."""
        self._listener.settimeout(0.2)
        try:
            line, _ = self._listener.accept()
        except TimeoutError:
            return False
        line.close()
        return True


@contextmanager
def unused_port() -> Iterator[UnusedPort]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield UnusedPort(listener)
