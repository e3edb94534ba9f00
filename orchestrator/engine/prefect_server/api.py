"""Client of Prefect's API for our own processes: URL, credentials, and a few queries with deadlines."""

import json
import os
from base64 import b64encode
from contextlib import closing, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from domain.core.refusal import Refusal
from flows.vault.regular_file import open_regular, read_regular
from flows.vault.vault import user_cache
from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.home import private_folder

DEADLINE_S: Final = 15.0
LARGEST_FILE: Final = 4096
LARGEST_ANSWER: Final = 1 << 20


class Unanswered(ServerFault):
    """The API gave no usable answer within the deadline."""


@dataclass(frozen=True, slots=True)
class Api:
    """Address and credentials of a Prefect server."""

    url: str
    auth: str = field(repr=False)
    """The secret of one start of the server; never put on a command line."""

    def ask(self, method: str, path: str, body: object = None, *, deadline_s: float = DEADLINE_S) -> tuple[int, Any]:
        """Send one request; return the status and the JSON of the answer.

        Raises:
            Unanswered: no answer in time, or the answer is not JSON.
        """
        parts = urlsplit(self.url)
        headers = {"Authorization": f"Basic {credentials(self.auth)}", "Content-Type": "application/json"}
        words = None if body is None else json.dumps(body)
        with closing(HTTPConnection(parts.netloc, timeout=deadline_s)) as line:
            try:
                line.request(method, f"{parts.path}{path}", words, headers)
                answer = line.getresponse()
                text = answer.read(LARGEST_ANSWER)
                return answer.status, json.loads(text) if text else None
            except (OSError, HTTPException, ValueError, RecursionError) as error:
                raise Unanswered(f"Prefect's server does not answer: {type(error).__name__}") from None

    def check(self, *, deadline_s: float = DEADLINE_S) -> None:
        """Make the server read from and write to its database, which its health route does not do.

        Raises:
            Unanswered: no answer in time.
            ServerFault: the server is of another release, or cannot use its database.
        """
        ours = version("prefect")
        status, found = self.ask("GET", "/admin/version", deadline_s=deadline_s)
        if (status, found) != (200, ours):
            raise ServerFault(f"Prefect's server is not release {ours}: it answers {status}")
        status, _ = self.ask("POST", "/flow_runs/count", {}, deadline_s=deadline_s)
        if status != 200:  # noqa: PLR2004 - HTTP's own number
            raise ServerFault(f"Prefect's server cannot read its database: it answers {status}")
        # Creates nothing if the flow is known, but needs write access all the same.
        status, _ = self.ask("POST", "/flows/", {"name": "render"}, deadline_s=deadline_s)
        if status not in {200, 201}:
            raise ServerFault(f"Prefect's server cannot write to its database: it answers {status}")


def credentials(auth: str) -> str:
    """Return *auth* encoded for HTTP basic authentication (RFC 7617), as Prefect's pages store it too."""
    return b64encode(auth.encode()).decode()


def publish_api(home: Path, api: Api) -> None:
    """Write the API of the server of *home* to a file that only this user can read, for this user's other commands.

    Raises:
        OSError: the file cannot be written.
    """
    file = _file(home)
    draft = file.with_name(f"{file.name}.{uuid4().hex}")
    handle = open_regular(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    with os.fdopen(handle, "w", encoding="ascii") as into:
        json.dump({"url": api.url, "auth": api.auth}, into)
    draft.replace(file)


def withdraw_api(home: Path) -> None:
    """Remove the file of :func:`publish_api`."""
    with suppress(OSError, RuntimeError):
        _file(home).unlink(missing_ok=True)


def published_api(home: Path) -> Api | None:
    """Return the API of the server that was last started in *home*, which may have ended; None if there was none."""
    try:
        facts = json.loads(read_regular(_file(home), at_most=LARGEST_FILE))
        return Api(str(facts["url"]), str(facts["auth"]))
    except (OSError, RuntimeError, Refusal, ValueError, KeyError, TypeError):
        return None


def _file(home: Path) -> Path:
    name = sha256(os.fsencode(home)).hexdigest()[:16]
    return _run_time_folder() / f"prefect-{name}.json"


def _run_time_folder() -> Path:
    """Return a private folder for the current login session; one in the cache if the system has none."""
    if named := os.environ.get("XDG_RUNTIME_DIR"):
        with suppress(OSError):  # belongs to another user, as after `su`
            private_folder(Path(named))
            return private_folder(Path(named) / "takesheet")
    private_folder(user_cache() / "run")
    return user_cache() / "run"
