"""Recording of render reports in the log, each report once, even if several drivers find it."""

from typing import Final
from uuid import UUID

from domain.core.ids import IdParts
from domain.core.named_id import named_id
from domain.render.jobs import Rendered, RenderFailed
from orchestrator.log.append_condition import Draft
from orchestrator.log.refusals import IdTaken
from orchestrator.studio import ROBOT, Studio

REPORT: Final = "takesheet-report-1"


def report_id(log: UUID, event: Rendered) -> UUID:
    """Return the id of the event that records a report: derived from the log, the job key, and the song or record.

    Two songs with equal recipes and inputs share a job key, but each song has its own event.
    """
    return named_id(REPORT, str(log), event.report.key, event.song or event.record)


def record_report(studio: Studio, event: Rendered) -> Rendered | RenderFailed:
    """Record a report unless one of the same job is recorded already.

    A driver that lost its lock without noticing, or whose append was not answered, may repeat the call: the derived
    event id keeps the report from being recorded twice.

    Returns:
        *event*; or the recorded report of the same job if its sound is equal; or, if its sound differs, the failure
        that is recorded instead.
    """
    id_ = report_id(studio.log.identity, event)
    draft = Draft(event=event, actor=ROBOT, via=studio.who.via, id=id_, correlation=studio.correlation)
    try:
        studio.log.append([draft])
    except IdTaken:
        standing = studio.log.find(id_)
        if standing is None or not isinstance(standing.event, Rendered):
            raise
        first = standing.event
        return first if _sound(first) == _sound(event) else _refused(event, standing.position)
    return event


def _sound(event: Rendered) -> tuple[object, ...]:
    """Outputs and measures of a report, by which two reports are equal if only duration or machine differ."""
    return event.report.outputs, dict(event.report.measures)


def _refused(event: Rendered, position: int) -> RenderFailed:
    """Return the failure of a job whose second run gave another sound; the first report is kept."""
    report = event.report
    reason = (
        f"renders to other sound than the report at position {position} of the log, which stands: "
        f"takesheet render --again {IdParts.of(report.subject).name} --why WHY gives another to hear"
    )
    return RenderFailed(
        record=event.record, song=event.song, job=report.kind, key=report.key, subject=report.subject,
        failure="input", reason=reason,
    )  # fmt: skip
