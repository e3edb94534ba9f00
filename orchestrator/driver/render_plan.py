"""The renders that a command would do, without doing them.

Tests: ``tests/orchestrator/cli/test_dry_run.py``.
"""

from collections.abc import Iterator, Sequence

from domain.render.jobs import AnyJob, subject_of
from domain.status.due_renders import DueRenders, RenderNeed, due_at
from flows.vault.vault import vault_at
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.driver.missing_blobs import MissingBlobs
from orchestrator.driver.record_selection import select_records
from orchestrator.studio import Studio


def render_plan(studio: Studio, records: Sequence[str] | None, below: str = "") -> list[Row]:
    """One row for each due render of *records* (None: all) at or under *below*, in the order of rendering.

    Renders that follow from these, such as a master's after its gain, are not yet due and not listed.

    Raises:
        NotFound: ``mix.unknown``, ``master.unknown``.
        VaultFault: the vault cannot be reached.
    """
    names = select_records(studio, retry=True) if records is None else records
    lost = MissingBlobs(vault_at(studio.config.vault))
    needs = ((name, RenderNeed(read_record(studio, name).state, lost=lost, retry=True)) for name in names)
    return [row for name, need in needs for row in _rows(due_at(need, name, below))]


def _rows(due: DueRenders) -> Iterator[Row]:
    jobs: list[AnyJob] = []
    for song in due.songs:
        jobs += [*song.edits, *song.mixes]
    jobs += [*due.gains, *due.masters]
    for job in jobs:
        yield {"what": job.kind, "address": subject_of(job)}
