"""The driver: finds due renders, has the engine run them, and records their reports; one driver a store.

The driver never waits for a decision of a person.  If it is killed, the next driver finds the finished renders in the
vault and goes on.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from domain.core.refusal import Refusal
from domain.render.jobs import GainJob, MasterJob, Rendered, RenderFailed
from domain.status.due_renders import DueRenders, RenderNeed, due_at
from flows.jobs.plug_ins import AllowedPlugIns
from flows.run.progress import Observer, Progress
from flows.run.run_job import Interruption, Outcome
from flows.vault.vault import Vault, vault_at
from orchestrator.desk.record_state.record_state import RecordReading, read_record
from orchestrator.driver.missing_blobs import MissingBlobs
from orchestrator.driver.outage import Outage
from orchestrator.driver.reports import record_report
from orchestrator.driver.run_log import log_outcome
from orchestrator.engine.embedded import EmbeddedEngine, cores
from orchestrator.engine.prefect_server.home import home_of
from orchestrator.store.driver_lock import DriverLock
from orchestrator.store.trust_refusals import trust_command
from orchestrator.studio import Studio

SONGS_AT_ONCE = 16
"""Songs per render thread in one flow run: enough to keep every core busy, few enough that a kill costs little."""

MOST_JOBS = 4_000
"""Jobs in one flow run: Prefect keeps 512 KB of parameters at most, and the hash of a job file takes 68 bytes."""

Job = TypeVar("Job")


@dataclass(slots=True)
class RunResult:
    """Reports and failures of one run of the driver."""

    rendered: list[Rendered] = field(default_factory=list)
    failed: list[RenderFailed] = field(default_factory=list)
    reused: list[str] = field(default_factory=list)
    """Addresses whose renders were found in the vault."""

    def as_dict(self) -> dict[str, list[Any]]:
        """Return the result as data for ``--json``."""
        reused = set(self.reused)
        rendered = [one.report for one in self.rendered if one.report.subject not in reused]
        return {
            "rendered": [
                {
                    "kind": report.kind,
                    "subject": report.subject,
                    "seconds": report.seconds,
                    "measures": dict(report.measures),
                    "notes": list(report.notes),
                }
                for report in rendered
            ],
            "reused": list(self.reused),
            "failed": [
                {"kind": one.job, "subject": one.subject, "failure": one.failure, "reason": one.reason}
                for one in self.failed
            ],
        }


class Stalled(Refusal):
    """Error: every due job was run and the same jobs are due again, so that going on would never end."""

    def __init__(self, subjects: Sequence[str]) -> None:
        shown = ", ".join(subjects[:3]) or "nothing"
        super().__init__(
            "render.stalled", f"rendered again and still not up to date: {shown}", next="takesheet log verify"
        )


class Driver:
    """Renders the due jobs of records.

    Args:
        studio: the store.
        lock: the driver's lock, held by the caller; checked before each wave and each append.
        observe: callback for the progress of every job.
        say: callback for one-line messages about slow steps.
        retry: run jobs again that failed for a lasting reason before, because a user asks for it.
        succeeded: called before a flow run's outcomes are recorded if any job came to an end, which proves that no
            outage lasts.
    """

    def __init__(
        self, studio: Studio, lock: DriverLock, *, observe: Observer, say: Callable[[str], None], retry: bool = False,
        succeeded: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self.studio, self.retry = studio, retry
        self.threads = studio.config.threads or cores()
        store = studio.config.folder
        self._plug_ins = AllowedPlugIns(studio.config.plugins)
        self.engine = EmbeddedEngine(
            studio.config.vault, home_of(store), store=store, threads=self.threads, plug_ins=self._plug_ins,
            observe=self._told, say=say,
        )  # fmt: skip
        self._lock, self._observe, self._say, self._succeeded = lock, observe, say, succeeded
        if "plugins" in studio.config.withheld:
            say(f"mixes through plug-ins fail before you trust this store: {trust_command(store)}")
        self._spent: set[str] = set()
        self._reused: list[str] = []

    @property
    def vault(self) -> Vault:
        """The vault, opened on first use.  Raises: VaultFault."""
        return vault_at(self.studio.config.vault)

    def render_due(self, records: Iterable[str], below: str = "", result: RunResult | None = None) -> RunResult:
        """Render the due jobs of *records*, songs before masters, until nothing more can be rendered.

        Args:
            records: record ids.
            below: address of a song, part, mix or master; if given, only its own renders and their inputs are made.
            result: result to add to; pass the same object again after an outage.

        Raises:
            Outage: jobs were interrupted; the outcomes of the others are recorded.
            LockLost: another process may be driving now.
            Stalled: the same jobs are due again after they ran.
            EngineFault, ServerFault, VaultFault: the engine or the vault cannot be used at all.
        """
        result = RunResult() if result is None else result
        result.reused = self._reused
        waiting, settled = list(dict.fromkeys(records)), set[str]()
        self.vault.sweep()
        while found := {record: job for record in waiting if (job := self.due_of(record, below))}:
            self._lock.check()
            self._warm()
            keys = self._record(self._wave(found), result)
            if keys <= settled:
                raise Stalled([one.report.subject for one in result.rendered if one.report.key in keys])
            settled |= keys
            waiting = list(found)
        return result

    def _warm(self) -> None:
        """Compile the kernels if this machine has no compiled ones, with a message that explains the delay."""
        from dsp import kernels

        if not kernels.compiled():
            self._say("compiling the sound kernels; this happens once")
            kernels.warm()

    def forget_failures(self) -> None:
        """Forget the failures of this run, so that their jobs are retried unless the log rules that out."""
        self._spent.clear()

    def due_of(self, record: str, below: str = "") -> DueRenders:
        """Return the renders of *record* that are due and can be made now."""
        return due_at(self._need(read_record(self.studio, record)), record, below)

    def _need(self, read: RecordReading) -> RenderNeed:
        tree = self._plug_ins.tree_of if self._plug_ins.paths else None
        lost = MissingBlobs(self.vault)
        return RenderNeed(read.state, lost=lost, retry=self.retry, spent=self._spent, plugin_tree=tree)

    def _wave(self, found: dict[str, DueRenders]) -> Iterator[Sequence[Outcome]]:
        title = next(iter(found)) if len(found) == 1 else f"{len(found)} records"
        most = min(self.threads * SONGS_AT_ONCE, MOST_JOBS)
        for songs in _chunks([job for one in found.values() for job in one.songs], most):
            yield self.engine.run_songs(songs, title)
        gains: list[GainJob | MasterJob] = [job for one in found.values() for job in one.gains]
        masters: list[GainJob | MasterJob] = [job for one in found.values() for job in one.masters]
        for jobs in _chunks([*gains, *masters], MOST_JOBS):
            yield self.engine.run_masters(jobs, title)

    def _record(self, wave: Iterator[Sequence[Outcome]], result: RunResult) -> set[str]:
        """Record the outcomes of each flow run of *wave*; return the keys of the jobs that came to an end."""
        keys = set[str]()
        for outcomes in wave:
            events = [one for one in outcomes if not isinstance(one, Interruption)]
            if events:
                self._succeeded()
            for event in events:
                keys.add(self._record_one(event, result))
            for one in outcomes:
                if isinstance(one, Interruption):
                    raise Outage(one.cause, f"{one.job} {one.subject}: {one.reason}")
        return keys

    def _record_one(self, event: Rendered | RenderFailed, result: RunResult) -> str:
        self._lock.check()
        if isinstance(event, Rendered):
            standing = record_report(self.studio, event)
            if isinstance(standing, Rendered):
                log_outcome(standing)
                result.rendered.append(standing)
                return standing.report.key
            self._say(f"{standing.job} {standing.subject}: {standing.reason}")
            event = standing
        self.studio.record_work([event])
        log_outcome(event)
        self._spent.add(event.key)
        result.failed.append(event)
        return event.key

    def _told(self, progress: Progress) -> None:
        if progress.state == "reused":
            self._reused.append(progress.subject)
        self._observe(progress)

    def stop(self) -> None:
        """Stop Prefect's server."""
        self.engine.stop()


def _chunks(jobs: Sequence[Job], size: int) -> Iterator[Sequence[Job]]:
    for start in range(0, len(jobs), size):
        yield jobs[start : start + size]
