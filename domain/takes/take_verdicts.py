"""Decisions on takes: to judge one or several, and to paint the whole comp of a part.

Keeping is not using: ``keep`` circles a take and displaces nothing; an approved take is painted into the comp.
"""

from collections.abc import Sequence

from domain.core.frames import Range
from domain.core.ids import number_of, part_of
from domain.core.refusal import Misused
from domain.label.people import Role
from domain.takes.takes import (
    CompSet,
    CompSpan,
    Take,
    TakeEvent,
    TakeIngested,
    TakeJudged,
    Takes,
    TakeVerdict,
    takes_in,
)


def judge(
    takes: Takes,
    standing: Sequence[TakeEvent],
    *,
    take: str,
    verdict: TakeVerdict,
    span: Range | None,
    by: str,
    role: Role,
) -> list[TakeEvent]:
    """Judge *take*.  A verdict equal to the last on the same take or range yields no event.

    Args:
        takes: takes of the part.
        standing: judgements of the part that are not undone, in order.
        take: take id.
        verdict: the verdict.
        span: range of song time that an approval is limited to; clipped to where the take sounds.
        by: person who judges.
        role: role of that person.

    Raises:
        NotFound: ``take.unknown``.
        Misused: ``take.span`` when the span is empty or outside the take, or the verdict is no approval.
    """
    there = takes.take(part_of(take), number_of(take))
    if span is not None:
        if verdict != "approved":
            raise Misused(
                "take.span", "only an approval can have a span; keep, hold and reject apply to the whole take"
            )
        span = _within(there, span)
    new = TakeJudged(take=take, verdict=verdict, range=span, by=by, role=role)
    last = next((old for old in reversed(standing) if _touches(old, new)), None)
    return [] if isinstance(last, TakeJudged) and _says(last) == _says(new) else [new]


def judge_together(
    takes: Takes, standing: Sequence[TakeEvent], *, wanted: Sequence[str], verdict: TakeVerdict, span: Range | None,
    by: str, role: Role,
) -> list[TakeEvent]:  # fmt: skip
    """Judge several takes of one part in one command, in the order of *wanted*.

    The command repeated yields no event, though each of its approvals paints over the one before.  Arguments and errors
    are those of :func:`judge`.
    """
    new = list[TakeEvent]()
    for take in wanted:
        new += judge(
            takes, (*standing, *new), take=take, verdict=verdict, span=span, by=by, role=role
        )  # fmt: skip
    return [] if verdict == "approved" and _strokes(standing) == _strokes((*standing, *new)) else new


def _strokes(events: Sequence[TakeEvent]) -> list[object]:
    """The approvals in force and the comps painted at once, in painting order; of equal approvals the last alone."""
    found = list[object]()
    for event in events:
        if isinstance(event, CompSet):
            found.append(event)
        elif isinstance(event, TakeJudged) and event.verdict == "approved":
            stroke = (event.take, event.range)
            found = [*(one for one in found if one != stroke), stroke]
        elif isinstance(event, TakeJudged) and event.verdict in {"rejected", "held"}:
            found = [one for one in found if not (isinstance(one, tuple) and one[0] == event.take)]
    return found


def _within(take: Take, span: Range) -> Range:
    start, end = max(span.start, take.start), min(span.end, take.end)
    if start >= end:
        sounds = f"{take.start / take.rate:.3f} s to {take.end / take.rate:.3f} s"
        raise Misused("take.span", f"the span is empty, or outside the take, which sounds from {sounds}")
    return Range(start=start, end=end)


def _touches(old: TakeEvent, new: TakeJudged) -> bool:
    """True if *old* concerns the take of *new* or, for an approval, paints the same part."""
    paints = isinstance(old, CompSet) or (isinstance(old, TakeJudged) and old.verdict == "approved")
    return number_of(new.take) in takes_in(old) or (paints and new.verdict == "approved")


def _says(judged: TakeJudged) -> tuple[object, ...]:
    return judged.take, judged.verdict, judged.range


def set_comp(
    takes: Takes, standing: Sequence[TakeEvent], *, part: str, spans: tuple[CompSpan, ...], by: str, role: Role
) -> list[TakeEvent]:
    """Paint the whole comp of *part*.  Spans equal to the comp set last yield no event.

    Raises:
        NotFound: ``take.unknown``.
        Misused: ``comp.order`` when the spans are not in the order of time.
    """
    for span in spans:
        if span.take is not None:
            takes.take(part, span.take)
    starts = [span.start for span in spans]
    if not spans or sorted(set(starts)) != starts:
        raise Misused("comp.order", "name the spans in the order of time, each start once: 0:00=1 0:48=3 1:20=1")
    new = CompSet(part=part, spans=spans, by=by, role=role)
    painted = next((old for old in reversed(standing) if not isinstance(old, TakeIngested) and _paints(old)), None)
    return [] if type(painted) is CompSet and painted.spans == spans else [new]


def _paints(old: TakeEvent) -> bool:
    return isinstance(old, CompSet) or (isinstance(old, TakeJudged) and old.verdict != "kept")
