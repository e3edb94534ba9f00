"""The process of Prefect's server: ``python -m orchestrator.engine.prefect_server.process HOME|--migrate FOLDER``.

Its stdin is a pipe from its parent: when the pipe closes, the process and its children are killed.  The process holds a
lock on ``HOME/server.json`` for as long as it lives, and writes the port there once it listens.
"""

import asyncio
import json
import os
import socket
import sys
from pathlib import Path
from typing import Final

from flows.vault.file_lock import lock_at_once
from flows.vault.regular_file import open_regular
from orchestrator.engine import child_process
from orchestrator.engine.prefect_server.home import FACTS
from orchestrator.engine.process_identity import TOKEN, start_of

HOST: Final = "127.0.0.1"
DATABASE: Final = "prefect.db"


def main(home: Path) -> None:
    """Serve until asked to stop, or until the parent has ended."""
    facts = open_regular(home / FACTS, os.O_RDWR | os.O_CREAT)
    lock_at_once(facts)
    os.fchmod(facts, 0o600)
    ear = socket.create_server((HOST, 0))
    port = ear.getsockname()[1]
    _set_environment(port)
    pid = os.getpid()
    _write(facts, {"pid": pid, "start": start_of(pid), "port": port, "token": os.environ[TOKEN]})
    _serve(ear, port)


def migrate(folder: Path) -> None:
    """Create an empty database with all of Prefect's tables."""
    os.chdir(folder)
    os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = f"sqlite+aiosqlite:///{DATABASE}"
    from prefect.server.database import provide_database_interface

    asyncio.run(provide_database_interface().create_db())


def _set_environment(port: int) -> None:
    # Prefect reads its settings once, when it is imported.
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"
    os.environ["PREFECT_SERVER_API_HOST"] = HOST
    os.environ["PREFECT_SERVER_API_PORT"] = str(port)
    os.environ["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] = f"http://{HOST}:{port}"


def _write(handle: int, facts: dict[str, str | int]) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(facts).encode(), 0)


def _serve(ear: socket.socket, port: int) -> None:
    import uvicorn
    from prefect.server.api.server import create_app

    from orchestrator.engine.prefect_server.access_gate import AccessGate

    gate = AccessGate(create_app(final=True), port, os.environ["PREFECT_SERVER_API_AUTH_STRING"])
    config = uvicorn.Config(
        gate,
        log_level="warning",
        timeout_graceful_shutdown=1,
        proxy_headers=False,  # there is no proxy in front: such a header would only forge the client's address
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[ear])


if __name__ == "__main__":
    child_process.watch_parent()
    match sys.argv[1:]:
        case ["--migrate", folder]:
            migrate(Path(folder))
        case [home]:
            main(Path(home))
        case _:
            sys.exit(__doc__)
