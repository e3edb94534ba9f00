"""Recording what jobs gave: each report once, however many drivers found it."""

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
    """The id of the event that records a report: made from the log, the job key, and the song or record it is for.

    Two songs of equal recipe and inputs share a job key, and each has its own event.
    """
    return named_id(REPORT, str(log), event.report.key, event.song or event.record)


def record_report(studio: Studio, event: Rendered) -> Rendered | RenderFailed:
    """Record a report, unless one of the same job stands; the event that stands.

    A driver whose lock was lost unnoticed, or that was not answered, may so record again: nothing stands twice.

    Returns:
        *event*, the earlier report of the same sound, or, where that is of other sound, the failure to record instead.
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
    """Outputs and measures: how long it took, and on which machine, makes no other report."""
    return event.report.outputs, dict(event.report.measures)


def _refused(event: Rendered, position: int) -> RenderFailed:
    """Say that a job was done twice, to other sound: the first report stands."""
    report = event.report
    reason = (
        f"renders to other sound than the report at position {position} of the log, which stands: "
        f"takesheet render --again {IdParts.of(report.subject).name} --why WHY gives another to hear"
    )
    return RenderFailed(
        record=event.record, song=event.song, job=report.kind, key=report.key, subject=report.subject,
        failure="input", reason=reason,
    )  # fmt: skip
