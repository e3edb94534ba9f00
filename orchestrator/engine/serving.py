"""The Prefect server as a process of ours: ``python -m …serving HOME TOKEN``, or ``… --migrate FOLDER``.

Its stdin is a lifeline: at its end the process, and whatever it started, is gone at once.  ``HOME/server.json`` is
locked for as long as it lives, and says where it listens once it does; the lock, not the process id, is the proof of
life.
"""

import asyncio
import fcntl
import json
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from orchestrator.engine import lifeline

HOST = "127.0.0.1"
DATABASE = "prefect.db"


def main(home: Path, token: str) -> None:
    """Serve until asked to stop, or until the lifeline ends."""
    with (home / "server.json").open("r+" if (home / "server.json").exists() else "w+") as facts:
        fcntl.flock(facts, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ear = socket.create_server((HOST, 0))
        port = ear.getsockname()[1]
        _environment(port)
        _write(
            facts.fileno(), {"pid": os.getpid(), "started": datetime.now(UTC).isoformat(), "port": port, "token": token}
        )
        _serve(ear)


def migrate(folder: Path) -> None:
    """Make an empty database with every table Prefect wants."""
    os.chdir(folder)
    os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = f"sqlite+aiosqlite:///{DATABASE}"
    from prefect.server.database import provide_database_interface

    asyncio.run(provide_database_interface().create_db())


def _environment(port: int) -> None:
    # Prefect reads its settings once, when it is imported.
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"
    os.environ["PREFECT_SERVER_API_HOST"] = HOST
    os.environ["PREFECT_SERVER_API_PORT"] = str(port)
    # By default any page in the user's browser could order flows about.
    os.environ["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] = f"http://{HOST}:{port}"


def _write(handle: int, facts: dict[str, str | int]) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(facts).encode(), 0)


def _serve(ear: socket.socket) -> None:
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app(final=True), log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[ear])


if __name__ == "__main__":
    lifeline.hold()
    match sys.argv[1:]:
        case ["--migrate", folder]:
            migrate(Path(folder))
        case [home, token]:
            main(Path(home), token)
        case _:
            sys.exit(__doc__)
