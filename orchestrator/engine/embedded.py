"""The embedded engine: flows run in this process, under a Prefect server that is its child."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from domain.core.refusal import OperationalError
from domain.render.job_file import WholeJob
from domain.render.jobs import GainJob, MasterJob, SongJob
from flows.jobs.job_files import keep_job
from flows.jobs.plug_ins import AllowedPlugIns
from flows.run.failure import reason_of
from flows.run.progress import Observer, RunMonitor
from flows.run.run_job import Outcome
from flows.run.run_tags import tags_of_masters, tags_of_songs
from flows.run.settings import RunSettings
from flows.vault.vault import vault_at
from orchestrator.engine.flow_log import write_logging
from orchestrator.engine.prefect_server.api import Api
from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.home import isolated, isolated_environment, prepare
from orchestrator.engine.prefect_server.server import PrefectServer, Say

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from flows.run.render import FlowName

TRIES = 3
"""Attempts at a run whose server dies; what an earlier attempt rendered is taken from the vault."""

HAND_OVER_S = 2.0


class EngineFault(OperationalError):
    """The flows cannot be run; *reason* is one sentence.  Earlier renders are in the vault."""

    rule = "engine"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class EmbeddedEngine:
    """Runs jobs as Prefect flows in this process.  Prefect is imported at the first run.

    Args:
        vault: the vault's folder or URL.
        home: Prefect's folder, see :mod:`orchestrator.engine.prefect_server.home`.
        store: the store's ``.takesheet`` folder; None if the engine belongs to no store.
        threads: number of render threads; 0 means one a core.
        plug_ins: the plug-ins that the store allows; None for none.
        observe: callback for the progress of every job; called from any thread, one call at a time.
        say: callback for one-line messages about slow steps.
    """

    def __init__(
        self, vault: str, home: Path, *, store: Path | None = None, threads: int = 0,
        plug_ins: AllowedPlugIns | None = None, observe: Observer, say: Say,
    ) -> None:  # fmt: skip
        self._vault, self._home, self._observe, self._say = vault, home.absolute(), observe, say
        self._threads, self._plug_ins = threads or cores(), plug_ins
        self._server = PrefectServer(self._home, say, store=store)

    @property
    def api(self) -> Api:
        """The server's API; starts the server if it is not running.  Raises: ServerFault."""
        if not self._server.alive:
            self._start()
        return self._server.api

    @property
    def api_url(self) -> str:
        """The URL of :attr:`api`."""
        return self.api.url

    def run_songs(self, jobs: Sequence[SongJob], title: str) -> list[Outcome]:
        """Write *jobs* into the vault and render them, as many at once as there are render threads.

        Raises:
            EngineFault, ServerFault: the flows cannot be run at all; a job that fails is an outcome.
            VaultFault: the vault cannot take the job files.
        """
        return self._run("render", title, jobs, tags_of_songs(jobs)) if jobs else []

    def run_masters(self, jobs: Sequence[GainJob | MasterJob], title: str) -> list[Outcome]:
        """Run *jobs*, album gains and masters, in one flow; arguments, result and errors as of :meth:`run_songs`."""
        return self._run("master", title, jobs, tags_of_masters(jobs)) if jobs else []

    def stop(self) -> None:
        """Stop the server; the next run starts it again."""
        if self._server.alive:
            _hand_over()
        self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, name: "FlowName", title: str, jobs: Sequence[WholeJob], tags: Iterable[str]) -> list[Outcome]:
        vault = vault_at(self._vault)
        vault.forget_checks()
        files = [keep_job(vault, job) for job in jobs]

        def run() -> "State[Any]":
            from flows.run.render import run_jobs

            settings = RunSettings(self._vault, self._threads, self._plug_ins, RunMonitor(self._observe))
            return run_jobs(name, title, files, tags, settings)

        for left in reversed(range(TRIES)):
            with confined(self.api, self._home):
                answer = _answer_of(run)
            if isinstance(answer, list):
                return answer
            reason = f"Prefect broke off a run: {reason_of(answer)}"
            if not left:
                raise EngineFault(f"{reason}; more in {self._home}") from answer
            self._say(f"rendering failed: {reason}; retrying with what is rendered so far")
            self.stop()
        raise AssertionError("the last try returns or raises")

    def _start(self) -> None:
        if self._server.fault:
            self._say(f"{self._server.fault}; restarting it")
        logging.raiseExceptions = False  # a failing log handler of Prefect must not write to stderr
        try:
            self._server.begin()
            _import_prefect(self._home)  # 1.4 s, while the server gets ready
            self._server.ready()
        except ServerFault as fault:
            self._say(f"{fault.reason}; retrying with an empty database")
            self._server.begin_anew()
            _import_prefect(self._home)


def _import_prefect(home: Path) -> None:
    with isolated(home, PREFECT_LOGGING_SETTINGS_PATH=str(write_logging(home, "flows"))):
        _be_brief()


def _answer_of(flow: Callable[[], "State[Any]"]) -> "list[Outcome] | Exception":
    """Run *flow* and return its outcomes, or the exception if Prefect itself fails."""
    try:
        answer: list[Outcome] | Exception = flow().result(raise_on_failure=False)
    except Exception as error:  # noqa: BLE001 - whatever Prefect meets when its server is gone; the caller goes on
        return error
    return answer


def _be_brief() -> None:
    # By default Prefect retries for 10 s an event if its server is gone; a server on this machine is either up or not.
    from prefect.events.clients import PrefectEventsClient
    from prefect.events.worker import EventsWorker

    EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=0)


def _hand_over() -> None:
    # Send the queued events and logs while the server is up; otherwise Prefect's threads retry at exit.
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    EventsWorker.drain_all(timeout=HAND_OVER_S, at_exit=False)
    APILogWorker.drain_all(timeout=HAND_OVER_S, at_exit=False)


@contextmanager
def confined(api: Api, home: Path) -> Iterator[None]:
    """Context in which flows of this process use the server of *api*, with Prefect's own files in *home*."""
    prepare(home)
    with isolated_environment(home), ExitStack() as stack:
        with isolated(home):
            stack.enter_context(_settings(api, home))
        yield


def _settings(api: Api, home: Path) -> "AbstractContextManager[object]":
    from prefect.settings import (
        PREFECT_API_AUTH_STRING,
        PREFECT_API_URL,
        PREFECT_CLIENT_MAX_RETRIES,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_HOME,
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
        temporary_settings,
    )

    return temporary_settings(
        {
            PREFECT_API_URL: api.url,
            PREFECT_API_AUTH_STRING: api.auth,
            PREFECT_HOME: home,
            PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False,
            # The default of five means minutes of retries, useless for a server on this machine.
            PREFECT_CLIENT_MAX_RETRIES: 1,
            # Needless for a flow in this process; without it each run takes 1.1 s less.
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        }
    )
