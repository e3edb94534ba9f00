"""The renders that a command would do, without doing them, and how long they took here before.

Tests: ``tests/orchestrator/cli/test_dry_run.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Final

from domain.render.jobs import AnyJob, Kind, Rendered, subject_of
from domain.status.due_renders import DueRenders, RenderNeed, due_at
from flows.vault.vault import vault_at
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.driver.missing_blobs import MissingBlobs
from orchestrator.driver.record_selection import select_records
from orchestrator.log.query import Query
from orchestrator.studio import Studio

MOST: Final = 1000
"""Last renders of the store from which times are estimated."""


def render_plan(studio: Studio, records: Sequence[str] | None, below: str = "") -> list[Row]:
    """One row for each due render of *records* (None: all) at or under *below*, in the order of rendering.

    ``estimate_s`` is the median of the seconds that renders of its kind took here; None if there was none yet.
    Renders that follow from these, such as a master's after its gain, are not yet due and not listed.

    Raises:
        NotFound: ``mix.unknown``, ``master.unknown``.
        VaultFault: the vault cannot be reached.
    """
    names = select_records(studio, retry=True) if records is None else records
    lost = MissingBlobs(vault_at(studio.config.vault))
    needs = ((name, RenderNeed(read_record(studio, name).state, lost=lost, retry=True)) for name in names)
    times = _median_times(studio)
    return [row for name, need in needs for row in _rows(due_at(need, name, below), times)]


def _median_times(studio: Studio) -> dict[Kind, float]:
    """Median duration of the last renders of the store, in seconds, by kind of job."""
    times: dict[Kind, list[float]] = {}
    for recorded in studio.last(MOST, Query.of(Rendered)):
        if isinstance(event := recorded.event, Rendered):
            times.setdefault(event.report.kind, []).append(float(event.report.seconds))
    return {kind: round(median(seconds), 3) for kind, seconds in times.items()}


def _rows(due: DueRenders, times: Mapping[Kind, float]) -> Iterator[Row]:
    jobs: list[AnyJob] = []
    for song in due.songs:
        jobs += [*song.edits, *song.mixes]
    jobs += [*due.gains, *due.masters]
    for job in jobs:
        yield {"what": job.kind, "address": subject_of(job), "estimate_s": times.get(job.kind)}
