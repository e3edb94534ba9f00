"""The embedded engine: flows run in this process, under a Prefect server of our own."""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from domain.jobs import GainJob, MasterJob, SongJob
from flows.attempt import Outcome
from flows.progress import Observer, watched_by
from flows.vault import vault_at
from orchestrator.flow_log import write_logging
from orchestrator.server import PrefectServer, Say, ServerFault, environment

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

STARTS = 3
"""How often a server that died under a run is started again; what was rendered meanwhile is answered from the vault."""


class EngineFault(Exception):
    """The flows cannot be run; *reason* is one sentence.  What was rendered before lies in the vault."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def cores() -> int:
    """How many render threads this process may keep busy."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class EmbeddedEngine:
    """Runs jobs as Prefect flows in this process.  Nothing owed: Prefect is never even imported.

    Args:
        vault: the vault's folder or URL.
        home: Prefect's folder in the store.
        threads: the budget of render threads; 0 takes one a core.
        observe: told of every job, from any thread, one call at a time.
        say: told what takes long, in one line.
    """

    def __init__(self, vault: str, home: Path, *, threads: int = 0, observe: Observer, say: Say) -> None:
        self._vault, self._home, self._observe, self._say = vault, home.absolute(), observe, say
        self._threads = threads or cores()
        self._server: PrefectServer | None = None
        self._api = ""

    @property
    def api_url(self) -> str:
        """The URL of the server's API, started where it is not up.  Raises: ServerFault."""
        if self._server is None or not self._server.alive:
            self._start()
        return self._api

    def run_songs(self, jobs: Sequence[SongJob], title: str) -> list[Outcome]:
        """Bring *jobs* up to date, as many at once as there are render threads.

        Raises:
            EngineFault, ServerFault: the flows cannot be run at all; a job that fails is an outcome.
        """
        if not jobs:
            return []

        def songs() -> "State[Any]":
            from flows.render import run_songs

            return run_songs(title, list(jobs), self._vault, self._threads)

        return self._run(songs)

    def run_masters(self, gains: Sequence[GainJob], masters: Sequence[MasterJob], title: str) -> list[Outcome]:
        """Find the gains and finish the masters.  Raises: EngineFault, ServerFault."""
        if not gains and not masters:
            return []

        def finish() -> "State[Any]":
            from flows.render import run_masters

            return run_masters(title, list(gains), list(masters), self._vault, self._threads)

        return self._run(finish)

    def stop(self) -> None:
        """End the server; the next run starts it again."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, flow: Callable[[], "State[Any]"]) -> list[Outcome]:
        vault_at(self._vault).forget_checks()
        for _ in range(STARTS):
            with self._settings(), watched_by(self._observe):
                state = flow()
            answer = state.result(raise_on_failure=False)
            if isinstance(answer, list):
                return answer
            assert self._server is not None, "it was asked for its address"
            if self._server.alive:
                raise EngineFault(f"the flows broke off ({answer}); more in {self._home / 'flows.log'}") from answer
            self._say("Prefect's server is gone; starting it again")
        raise EngineFault(f"Prefect's server died {STARTS} times in one run; its words are in {self._home}/server.log")

    def _start(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        # Prefect reads these when it is first imported; a logging handler of its own must not speak up on stderr.
        os.environ.update(environment(self._home, {}), PREFECT_LOGGING_SETTINGS_PATH=str(write_logging(self._home)))
        logging.raiseExceptions = False
        self._server = PrefectServer(self._home, self._say)
        self._server.begin()
        import prefect  # noqa: F401 - 1.4 s, while the server gets ready

        try:
            self._api = self._server.ready()
        except ServerFault as fault:
            self._say(f"{fault.reason}; once more, on an empty database")
            self._api = self._server.begin_anew()

    @contextmanager
    def _settings(self) -> Iterator[None]:
        api = self.api_url
        from prefect.settings import (
            PREFECT_API_URL,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
            PREFECT_HOME,
            PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
            temporary_settings,
        )

        confined = {
            PREFECT_API_URL: api,
            PREFECT_HOME: self._home,
            PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False,
            # A flow in this process has no need of it: 1.1 s less a run.
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        }
        with temporary_settings(confined):
            yield
