"""Bringing records up to date from a command: as the driver where nobody drives, else by following who does."""

import time
from collections.abc import Callable, Sequence

from domain.event import Event
from domain.jobs import RenderAsked, Rendered, RenderFailed
from domain.masters import Masters
from domain.owed import Need, master_files, owed
from domain.people import Role
from domain.production import mix_prints
from domain.refusal import NotFound
from flows.progress import Observer, Progress
from orchestrator.desk import where
from orchestrator.desk.productions import Dossier, dossier, production_query
from orchestrator.driver.driver import Came, Driver, only
from orchestrator.driver.lock import DriverLock
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

POLL_S = 0.25


def bring(
    studio: Studio, records: Sequence[str], below: str = "", *, observe: Observer, say: Callable[[str], None],
    retry: bool = False,
) -> Came:  # fmt: skip
    """Render what *records* owe, or wait until the standing driver has done so; what came of it either way."""
    studio.log.refuse_moved()
    lock = DriverLock(studio.config.folder, studio.config.log)
    if lock.acquire():
        try:
            return _drive(studio, records, below, observe=observe, say=say, retry=retry)
        finally:
            lock.release()
    say(f"the night shift is at work (process {lock.holder() or 'unknown'}); following it")
    return _follow(studio, records, below, lock, observe=observe, say=say, retry=retry)


def _drive(
    studio: Studio, records: Sequence[str], below: str, *, observe: Observer, say: Callable[[str], None], retry: bool
) -> Came:
    driver = Driver(studio, observe=observe, say=say, retry=retry)
    try:
        return driver.bring(records, below)
    finally:
        driver.stop()


def _follow(
    studio: Studio, records: Sequence[str], below: str, lock: DriverLock, *, observe: Observer,
    say: Callable[[str], None], retry: bool,
) -> Came:  # fmt: skip
    came, seen = Came(), studio.log.head().position
    if retry:
        ask(studio, records)
    while True:
        for recorded in studio.log.read(Query.of(Rendered, RenderFailed), after=seen):
            seen = recorded.position
            _tell(recorded.event, records, came, observe)
        if not any(_owes(studio, record, below) for record in records):
            return came
        if lock.acquire():  # whoever drove is gone: go on in its place
            try:
                rest = _drive(studio, records, below, observe=observe, say=say, retry=retry)
            finally:
                lock.release()
            return Came(came.rendered + rest.rendered, came.failed + rest.failed, came.reused + rest.reused)
        time.sleep(POLL_S)


def _owes(studio: Studio, record: str, below: str) -> bool:
    return bool(only(owed(Need(dossier(studio, record).state), record), below))


def _tell(event: Event, records: Sequence[str], came: Came, observe: Observer) -> None:
    if isinstance(event, Rendered) and event.record in records:
        report = event.report
        came.rendered.append(event)
        observe(Progress("done", report.kind, report.subject, 1.0, float(report.seconds)))
    if isinstance(event, RenderFailed) and event.record in records:
        came.failed.append(event)
        observe(Progress("failed", event.job, event.subject, failure=event.failure, reason=event.reason))


def ask(studio: Studio, records: Sequence[str]) -> None:
    """Ask the standing driver, through the log, to begin again what failed."""
    failed = [record for record in records if dossier(studio, record).state.failures]

    def decision(_: History, __: Role) -> tuple[None, Sequence[Event]]:
        return None, [RenderAsked(record=record) for record in failed]

    if failed:
        studio.decide(Query.of(RenderAsked), decision, deed="render")


def ask_again(studio: Studio, target: str, why: str) -> None:
    """Ask for *target*'s renders anew; what they give is a new output to hear.

    Raises:
        NotFound: ``render.again``; it was never rendered.
    """
    address = where.find(studio, target, "part", "mix", "master")
    record = address.path[0]

    def decision(_: History, __: Role) -> tuple[None, Sequence[Event]]:
        plans = plans_of(dossier(studio, record), "/".join(address.path), address.revision)
        if not plans:
            raise NotFound("render.again", f"{address} was never rendered", next=f"takesheet render {record}")
        return None, [RenderAsked(record=record, target=str(address), plans=plans)]

    studio.decide(production_query(record), decision, deed="render", why=why)


def plans_of(read: Dossier, path: str, revision: tuple[str, int] | None) -> tuple[str, ...]:
    """The plans that stand behind a part's comp, a mix or a master today, of those that were rendered."""
    state = read.state
    if revision is None:
        sound = state.sound(path)
        return (sound.plan,) if sound and sound.report and not sound.submitted else ()
    kind, number = revision
    if kind == "mix":
        prints = mix_prints(state, path, number)
        return tuple(
            {r.plan: None for found in state.reports.values() for r in found if r.kind == "mix" and r.outputs == prints}
        )
    master = state.masters.get(path, Masters()).master(path, number)
    return tuple(file.plan for file in master_files(state, master) if file.plan and file.report)
